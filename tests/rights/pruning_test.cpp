// Pruning: the oldest entries go at the end of their time, later proofs stay, and whoever asks for
// what went is told that it went.
#include <clientbook/rights/breach_report.hpp>
#include <clientbook/rights/customer_page.hpp>
#include <clientbook/rights/evidence_text.hpp>
#include <clientbook/transfer/retention_json.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../transfer/shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto delivery = purpose::delivery_of_goods;
constexpr std::int64_t year = 366 * 86400;

template <class T>
errc code(const result<T>& of) {
  return of ? errc::none : of.error().code;
}

// Three hundred entries of one year about Mary and Jo by turns, and twenty of the next.
struct old_ledger : shop {
  session in = begin();
  recipient_id parcels = add_party(in, "parcel-co", recipient::parcel_service);
  customer_id mary = keep(in, ken("L-2"));
  customer_id jo = keep(in, ken("L-1"));
  date turn{};
  std::uint64_t at_turn = 0;  // The first entry of the next year.
  std::string early, late;

  old_ledger() {
    pass_on(64);
    early = *in.checkpoint();
    pass_on(236);
    clock_hand().seconds += year;
    turn = date_of(clock_hand());
    late = *in.checkpoint();
    at_turn = size();
    pass_on(20);
  }
  void pass_on(int times) {
    for (int i = 0; i < times; ++i) pass_on_to(i % 2 == 0 ? mary : jo);
  }
  void pass_on_to(const customer_id& whose) {
    REQUIRE(in.disclose(whose, {.purpose = delivery, .recipient = parcels}));
  }
  result<pruning> prune(retention_mode mode = retention_mode::run) {
    return in.prune_ledger({.before = turn, .published = late, .mode = mode});
  }
  std::uint64_t size() { return in.figures()->ledger_entries; }
  std::uint64_t bound(prune_bound why) {
    const auto told = prune(retention_mode::only_tell);
    REQUIRE(told);
    for (const kept_from& one : told->kept) {
      if (one.why == why) return one.index;
    }
    return ~std::uint64_t{0};
  }
  std::string evidence(const customer_id& of) {
    const auto all = in.evidence(of);
    REQUIRE(all);
    return std::string(*evidence_to_text(*all));
  }
  result<proved_evidence> check(const std::string& text) {
    const std::string log = *in.log_identity();
    return check_evidence(text, *ledger::parse_log_identity(log));
  }
};

// Lets somebody in just before the lock of the store is taken.
class door final : public backend {
 public:
  explicit door(std::shared_ptr<backend> below) : below_(std::move(below)) {}
  result<std::unique_ptr<read_transaction>> begin_read() noexcept override {
    return below_->begin_read();
  }
  result<std::unique_ptr<write_transaction>> begin_write() noexcept override {
    ++times;
    if (before) before();
    return below_->begin_write();
  }
  result<backend_figures> figures() noexcept override { return below_->figures(); }

  std::function<void()> before;
  int times = 0;

 private:
  std::shared_ptr<backend> below_;
};

// The old ledger, pruned through the door.
struct crowded_ledger : old_ledger {
  std::shared_ptr<door> way = std::make_shared<door>(store);
  std::optional<book> second = [this] {
    auto out = book::open(way, cell, {.clock = {test_clock}, .longest_pause_days = 0});
    REQUIRE(out);
    return std::optional(std::move(*out));
  }();
  session pruner = [this] {
    auto out = second->begin_session({.id = actor_id(8), .role = actor_role::owner});
    REQUIRE(out);
    return std::move(*out);
  }();
  result<pruning> prune() { return pruner.prune_ledger({.before = turn, .published = late}); }
};

bool has(const std::string& page, std::string_view text) { return page.find(text) != page.npos; }

std::string changed(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != text.npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("pruning: a preview says what would go, and changes nothing") {
  old_ledger s;
  const std::uint64_t before = s.size();
  const auto told = s.prune(retention_mode::only_tell);
  REQUIRE(told);
  CHECK(told->from == 0);
  CHECK(told->until == 256);
  CHECK_FALSE(told->more);
  CHECK(days_since_epoch(told->last) < days_since_epoch(s.turn));
  REQUIRE(told->kept.size() == 2);
  CHECK(told->kept[0].index == s.at_turn);
  CHECK(s.size() == before);
  CHECK(s.in.prove(0));
  CHECK(s.in.figures()->ledger_pruned == 0);
  const auto json = pruning_to_json(*told);
  REQUIRE(json);
  CHECK(has(*json, R"("from":0,"until":256)"));
  CHECK(has(*json, R"({"why":"younger","index":)" + std::to_string(s.at_turn)));
}

TEST_CASE("pruning: later proofs stay valid, and what went is answered with an error of its own") {
  old_ledger s;
  const std::string log = *s.in.log_identity();
  const std::string seen = *s.in.checkpoint();
  const std::uint64_t size = s.size();
  const auto done = s.prune();
  REQUIRE(done);
  CHECK(done->until == 256);
  s.pass_on(300);
  CHECK(s.in.figures()->ledger_pruned == 256);
  std::array<std::byte, ledger::max_entry> room;
  for (const std::uint64_t index :
       {std::uint64_t{256}, std::uint64_t{299}, std::uint64_t{320}, s.size() - 1}) {
    CAPTURE(index);
    const auto proof = s.in.prove(index);
    REQUIRE(proof);
    CHECK(ledger::verify_log_proof(proof->text, *ledger::parse_log_identity(log), room));
  }
  CHECK(s.in.goes_on_from(s.late));
  CHECK(s.in.goes_on_from(seen));
  CHECK(code(s.in.goes_on_from(s.early)) == errc::pruned);
  for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255}}) {
    CHECK(code(s.in.prove(index)) == errc::pruned);
    CHECK(s.in.prove(index).error().at == 256);
  }
  CHECK(code(s.in.prove(s.size())) == errc::not_found);
  CHECK(code(s.in.ledger_file("tile/0/000")) == errc::pruned);
  CHECK(code(s.in.ledger_file("tile/entries/000")) == errc::pruned);
  CHECK(s.in.ledger_file("tile/0/001"));
  CHECK(s.in.ledger_file("tile/1/000.p/2"));
  CHECK(s.in.verify()->problems == 0);
  session again = s.begin();
  CHECK(again.verify()->problems == 0);
  CHECK(code(again.prove(0)) == errc::pruned);
  // That it was done is an entry, of how many are gone.
  const auto entry = again.prove(size);
  REQUIRE(entry);
  CHECK(entry->entry.type == ledger_event::pruning);
  CHECK(entry->entry.count == 256);
}

TEST_CASE("pruning: a second time goes on from the first, and nothing new changes nothing") {
  old_ledger s;
  REQUIRE(s.prune());
  const std::uint64_t size = s.size();
  const auto nothing = s.prune();
  REQUIRE(nothing);
  CHECK(nothing->from == 256);
  CHECK(nothing->until == 256);
  CHECK(nothing->first.month == 0);
  CHECK(s.size() == size);
  s.pass_on(300);
  clock_hand().seconds += year;
  s.turn = date_of(clock_hand());
  s.late = *s.in.checkpoint();
  const auto more = s.prune();
  REQUIRE(more);
  CHECK(more->from == 256);
  CHECK(more->until == 512);
  CHECK(s.in.verify()->problems == 0);
  CHECK(code(s.in.prove(511)) == errc::pruned);
  CHECK(s.in.prove(512));
}

TEST_CASE("pruning: what nobody outside has seen stays, and a checkpoint of others counts") {
  old_ledger s;
  const auto nobody = s.in.prune_ledger({.before = s.turn});
  REQUIRE(nobody);
  CHECK(nobody->until == 0);
  REQUIRE_FALSE(nobody->kept.empty());
  CHECK(nobody->kept[0].why == prune_bound::unseen);
  CHECK(nobody->kept[0].index == 0);
  CHECK(s.in.prune_ledger({.before = s.turn, .published = s.early})->until == 0);
  CHECK(code(s.in.prune_ledger({.before = s.turn, .published = "seen"})) == errc::invalid_encoding);
  old_ledger other;
  CHECK(code(s.in.prune_ledger({.before = s.turn, .published = *other.in.checkpoint()})) ==
        errc::signature_invalid);
  CHECK(s.in.figures()->ledger_pruned == 0);
}

TEST_CASE(
    "pruning: a hold, a request, a case and a law keep everything from their customer's first") {
  old_ledger s;
  const std::uint64_t first = s.in.ledger(s.jo)->front().index;
  CHECK(s.bound(prune_bound::younger) == s.at_turn);
  SUBCASE("a legal hold") {
    const auto hold = s.in.place_hold(s.jo, {.reason = "claim announced"});
    REQUIRE(hold);
    CHECK(s.bound(prune_bound::held) == first);
    CHECK(s.prune()->until == 0);
    REQUIRE(s.in.lift_hold(s.jo, *hold));
    CHECK(s.prune()->until == 256);
  }
  SUBCASE("a request") {
    const auto number =
        s.in.open_request(s.jo, {.kind = request_kind::access, .received = date_of(clock_hand())});
    REQUIRE(number);
    CHECK(s.bound(prune_bound::requested) == first);
    CHECK(s.prune()->until == 0);
    CHECK(s.in.prove(0));
  }
  SUBCASE("a case") {
    open_case(s.in, {s.jo}, case_kind::claims);
    CHECK(s.bound(prune_bound::in_case) == first);
    CHECK(s.prune()->until == 0);
  }
  SUBCASE("what a law has the shop keep of somebody") {
    const customer_id kept = [&] {
      customer named;
      REQUIRE(named.set(field::name, person_name{.given = "Ann", .family = "Lee"}));
      auto id = s.in.put(named, {.purposes = purpose::tax_record_keeping});
      REQUIRE(id);
      return *id;
    }();
    CHECK(s.bound(prune_bound::kept_by_law) == ~std::uint64_t{0});  // No entry is about them.
    s.pass_on_to(kept);
    CHECK(s.bound(prune_bound::kept_by_law) == s.in.ledger(kept)->front().index);
    CHECK(s.prune()->until == 256);
  }
}

TEST_CASE("pruning: whoever is held while it looks keeps everything from their first entry") {
  crowded_ledger s;
  bool once = false;
  std::function<void()> act;
  SUBCASE("a legal hold") {
    act = [&] { REQUIRE(s.in.place_hold(s.jo, {.reason = "claim announced"})); };
  }
  SUBCASE("a request") {
    act = [&] {
      REQUIRE(s.in.open_request(s.jo,
                                {.kind = request_kind::access, .received = date_of(clock_hand())}));
    };
  }
  SUBCASE("a case") {
    act = [&] { open_case(s.in, {s.jo}, case_kind::claims); };
  }
  s.way->before = [&] {
    if (!std::exchange(once, true)) act();
  };
  const auto done = s.prune();
  REQUIRE(done);
  CHECK(once);
  CHECK(done->until == 0);
  CHECK(s.in.prove(0));
}

TEST_CASE("pruning: what others pass on meanwhile hinders nobody") {
  crowded_ledger s;
  int times = 0;
  s.way->before = [&] {
    if (++times < 50) s.pass_on_to(s.mary);
  };
  const auto done = s.prune();
  REQUIRE(done);
  CHECK(done->until == 256);
  CHECK(s.way->times == 1);
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("pruning: it gives up where somebody is held at each try, and takes nothing out") {
  crowded_ledger s;
  std::uint32_t hold = 0;
  s.way->before = [&] {
    if (hold != 0) REQUIRE(s.in.lift_hold(s.jo, hold));
    const auto placed = s.in.place_hold(s.jo, {.reason = "claim announced"});
    REQUIRE(placed);
    hold = *placed;
    REQUIRE(s.in.lift_hold(s.jo, hold));
    hold = 0;
  };
  CHECK(code(s.prune()) == errc::invalid_state);
  CHECK(s.in.figures()->ledger_pruned == 0);
  s.way->before = {};
  CHECK(s.prune()->until == 256);
}

TEST_CASE("pruning: a long stretch goes in steps, between which others write and hold") {
  crowded_ledger s;
  s.pass_on(9000);
  clock_hand().seconds += year;
  s.turn = date_of(clock_hand());
  s.late = *s.in.checkpoint();
  const std::uint64_t size = s.size();
  const std::uint64_t until = size / 256 * 256;
  SUBCASE("nobody hinders it") {
    const auto done = s.prune();
    REQUIRE(done);
    CHECK(done->until == until);
    CHECK_FALSE(done->more);
    CHECK(s.way->times == 3);
    // Each step is an entry, of how many are gone.
    CHECK(s.size() == size + 3);
    CHECK(s.in.prove(size)->entry.count == max_pruned_in_one_change);
    CHECK(s.in.prove(size + 2)->entry.count == until);
  }
  SUBCASE("a hold behind the first step") {
    s.way->before = [&] {
      if (s.way->times == 2) REQUIRE(s.in.place_hold(s.jo, {.reason = "claim announced"}));
    };
    const auto done = s.prune();
    REQUIRE(done);
    CHECK(done->until == max_pruned_in_one_change);
    CHECK(done->more);
    s.way->before = {};
    const auto rest = s.prune();
    REQUIRE(rest);
    CHECK(rest->until == rest->from);
    CHECK_FALSE(rest->more);
    CHECK(s.in.prove(max_pruned_in_one_change));
  }
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("pruning: a damaged row may be a hold, and nothing goes") {
  old_ledger s;
  REQUIRE(s.in.place_hold(s.jo, {.reason = "claim announced"}));
  auto change = s.store->begin_write();
  REQUIRE(change);
  std::vector<std::byte> at{std::byte{17}};
  std::vector<std::vector<std::byte>> rows;
  REQUIRE((*change)->walk(at, at, [&](byte_view key, byte_view) {
    rows.emplace_back(key.begin(), key.end());
    return true;
  }));
  REQUIRE_FALSE(rows.empty());
  for (const auto& row : rows) REQUIRE((*change)->erase(row));
  REQUIRE((*change)->commit());
  session later = s.begin();
  CHECK(code(later.prune_ledger({.before = s.turn, .published = s.late})) == errc::row_missing);
  CHECK(later.figures()->ledger_pruned == 0);
}

TEST_CASE(
    "pruning: of days that are over, by who administers the book, in a transaction of its own") {
  old_ledger s;
  const date today = date_of(clock_hand());
  const date tomorrow = date_of(timestamp{clock_hand().seconds + 86400});
  CHECK(code(s.in.prune_ledger({.before = tomorrow, .published = s.late})) == errc::invalid_value);
  CHECK(code(s.in.prune_ledger({.published = s.late})) == errc::invalid_value);
  CHECK(
      s.in.prune_ledger({.before = today, .published = s.late, .mode = retention_mode::only_tell}));
  for (const actor_role role : {actor_role::associate, actor_role::auditor}) {
    session other = s.begin(role);
    CHECK(code(other.prune_ledger({.before = s.turn, .published = s.late})) == errc::role_denied);
  }
  REQUIRE(s.in.begin());
  CHECK(code(s.prune()) == errc::invalid_state);
  s.in.rollback();
  CHECK(s.in.figures()->ledger_pruned == 0);
}

TEST_CASE("pruning: the customer is told how many entries are gone, and evidence says it too") {
  old_ledger s;
  std::uint64_t before = 0;
  const auto all = s.in.ledger(s.jo);
  REQUIRE(all);
  for (const ledger_record& one : *all) before += one.index < 256 ? 1U : 0U;
  REQUIRE(s.prune());
  const auto says = [](std::uint64_t entries) {
    return "pruned " + std::to_string(entries) + " 256";
  };
  const auto left = s.in.ledger(s.jo);
  REQUIRE(left);
  const auto gone = s.in.pruned_of(s.jo);
  REQUIRE(gone);
  CHECK(gone->entries == before);
  CHECK(gone->below == 256);
  CHECK(left->front().sequence == before + 1);
  CHECK(left->front().index >= 256);
  const std::string text = s.evidence(s.jo);
  CHECK(has(text, "\n" + says(before) + "\n"));
  const auto proved = s.check(text);
  REQUIRE(proved);
  CHECK(proved->entries.size() == left->size());
  CHECK(proved->pruned.entries == before);
  CHECK(has(*proved_evidence_to_json(*proved),
            R"("pruned":{"entries":)" + std::to_string(before) + R"(,"below":256})"));
  CHECK(code(s.check(changed(text, says(before) + "\n", ""))) == errc::row_missing);
  CHECK(code(s.check(changed(text, says(before), says(before - 1)))) == errc::row_missing);
  CHECK(code(s.check(changed(text, says(before), "pruned " + std::to_string(before) + " 512"))) ==
        errc::row_missing);
  for (const char* none :
       {"pruned 0 256", "pruned 257 256", "pruned 128", "pruned 0128 256", "pruned 128 256 ",
        "pruned -1 256", "pruned 128 254", "pruned 128 257", "pruned 1 1"}) {
    CAPTURE(none);
    CHECK(code(s.check(changed(text, says(before), none))) == errc::invalid_encoding);
  }
  const customer_id nobody = keep(s.in, ken("L-3"));
  CHECK(s.in.pruned_of(nobody)->entries == 0);
  CHECK_FALSE(has(s.evidence(nobody), "pruned"));
}

TEST_CASE("pruning: of somebody whose entries are all gone nobody says that nothing left") {
  old_ledger s;
  const customer_id old = keep(s.in, ken("L-4"));
  CHECK(s.in.ledger(old)->empty());
  s.pass_on_to(old);
  s.pass_on(300);
  clock_hand().seconds += year;
  s.turn = date_of(clock_hand());
  s.late = *s.in.checkpoint();
  REQUIRE(s.prune()->until == 512);
  CHECK(s.in.ledger(old)->empty());
  CHECK(s.in.pruned_of(old)->entries == 1);
  CHECK(s.check(s.evidence(old))->pruned.entries == 1);
  open_case(s.in, {old});
  for (const auto& [speech, words] :
       {std::pair{language::en, "The oldest"}, std::pair{language::de, "die ältesten"},
        std::pair{language::fr, "les plus anciennes"}, std::pair{language::es, "las más antiguas"},
        std::pair{language::it, "le più vecchie"}}) {
    const auto page =
        make_customer_page(s.in, old, {.speech = speech, .shop = "Shop", .contact = "mail"});
    REQUIRE(page);
    CAPTURE(words);
    CHECK(has(std::string(page->html), speech == language::en ? "the oldest ones: 1." : words));
    CHECK_FALSE(has(std::string(page->html), "Nothing about you has left us"));
    CHECK(s.check(std::string(page->html)));
  }
}

TEST_CASE("pruning: a breach report counts what is gone as unknown") {
  old_ledger s;
  REQUIRE(s.prune());
  open_case(s.in, {s.jo}, case_kind::breach);
  const auto told = report_breach(
      s.in, {.source = breach_source::recipient, .recipient = s.parcels}, clock_hand());
  REQUIRE(told);
  bool found = false;
  for (const breach_unknown& one : told->scope.unknown) {
    found = found || (one.what == unknown_kind::pruned && one.at_most == 256);
  }
  CHECK(found);
}

TEST_CASE("pruning: who has pruned entries is erased, and nobody's proofs end") {
  old_ledger s;
  REQUIRE(s.prune());
  REQUIRE(s.in.erase(s.jo, erasure_reason::retention_end));
  CHECK(s.in.verify()->problems == 0);
  CHECK(s.check(s.evidence(s.mary)));
  CHECK(s.in.prove(256));
}

TEST_CASE("pruning: what is left of older entries cannot be changed, and nothing comes back") {
  old_ledger s;
  std::vector<std::byte> old_leaf;
  const std::array<std::byte, 9> leaf{std::byte{11}};
  const std::array<std::byte, 10> upper{std::byte{13}, std::byte{1}};
  {
    auto reading = s.store->begin_read();
    REQUIRE(reading);
    const auto bytes = (*reading)->get(leaf);
    REQUIRE(bytes);
    old_leaf.assign(bytes->begin(), bytes->end());
  }
  REQUIRE(s.prune());
  auto change = s.store->begin_write();
  REQUIRE(change);
  CHECK(code((*change)->get(leaf)) == errc::not_found);
  SUBCASE("the root of what went") {
    const auto tile = (*change)->get(upper);
    REQUIRE(tile);
    std::vector<std::byte> bytes(tile->begin(), tile->end());
    bytes[3] ^= std::byte{1};
    REQUIRE((*change)->put(upper, bytes));
    REQUIRE((*change)->commit());
    session later = s.begin();
    CHECK(later.verify()->first == errc::damaged);
    CHECK(code(later.prove(256)) == errc::damaged);
  }
  SUBCASE("the tile that has it") {
    REQUIRE((*change)->erase(upper));
    REQUIRE((*change)->commit());
    session later = s.begin();
    CHECK(later.verify()->problems > 0);
    CHECK_FALSE(later.prove(256));
  }
  SUBCASE("an entry that went") {
    REQUIRE((*change)->put(leaf, old_leaf));
    REQUIRE((*change)->commit());
    session later = s.begin();
    CHECK(later.verify()->first == errc::damaged);
    CHECK(code(later.prove(0)) == errc::pruned);
  }
}
