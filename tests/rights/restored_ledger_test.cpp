// A ledger that was pruned or sealed since the backup was made, restored.
#include <clientbook/rights/epoch_text.hpp>

#include <string>

#include "../book/recovery_places.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto delivery = purpose::delivery_of_goods;

struct safe_ledger {
  safe_shop shop;
  session in = shop.begin();
  recipient_id parcels = add_party(in, "parcel-co", recipient::parcel_service);
  customer_id jo = keep(in, ken("L-1"));

  void pass_on(int times) {
    for (int i = 0; i < times; ++i) {
      REQUIRE(in.disclose(jo, {.purpose = delivery, .recipient = parcels}));
    }
  }
  void prune() {
    const std::string seen = *in.checkpoint();
    clock_hand().seconds += 400 * 86400;
    const auto done = in.prune_ledger({.before = date_of(clock_hand()), .published = seen});
    REQUIRE(done);
    REQUIRE(done->until == 256);
  }
  std::string end_epoch() {
    const auto next = in.end_epoch();
    REQUIRE(next);
    return *epoch_key_text(next->key, origin());
  }
  std::string origin() {
    const std::string log = *in.log_identity();
    return std::string(ledger::parse_log_identity(log)->origin);
  }
  mirror_place mirror() { return *shop.places->open("/mirror"); }
  std::span<const crypto::share> three() const { return std::span(shop.shares).first(3); }
};

template <class T>
errc code(const result<T>& of) {
  return of ? errc::none : of.error().code;
}

}  // namespace

TEST_CASE("pruning: a restore takes out again what was pruned since the backup it builds on") {
  safe_ledger s;
  s.pass_on(300);
  tape full = s.shop.back_up();
  s.prune();
  tape more = s.shop.back_up(&full);
  restored back;
  REQUIRE(back.from(s.mirror(), s.three(), {&full, &more}));
  session in = back.begin();
  CHECK(in.verify()->problems == 0);
  CHECK(code(in.prove(0)) == errc::pruned);
  CHECK(in.prove(256));
  CHECK(in.pruned_of(s.jo)->entries == s.in.pruned_of(s.jo)->entries);
  CHECK(in.pruned_of(s.jo)->entries > 200);
}

TEST_CASE("pruning: a backup of before is pruned again by the mirror that has heard of it") {
  safe_ledger s;
  std::uint64_t in_backup = 300;
  SUBCASE("it has more than went") {}
  SUBCASE("it has fewer than went, and its last tile is not full") { in_backup = 270; }
  SUBCASE("it has not one tile") { in_backup = 100; }
  s.pass_on(static_cast<int>(in_backup));
  tape full = s.shop.back_up();
  const std::uint64_t size = s.in.figures()->ledger_entries;
  s.pass_on(600);
  const std::string seen = *s.in.checkpoint();
  clock_hand().seconds += 400 * 86400;
  const auto done = s.in.prune_ledger({.before = date_of(clock_hand()), .published = seen});
  REQUIRE(done);
  REQUIRE(done->until > size);
  const std::uint64_t left = size / 256 * 256;
  restored back;
  REQUIRE(back.from(s.mirror(), s.three(), {&full}));
  session in = back.begin();
  CHECK(in.verify()->problems == 0);
  CHECK(in.figures()->ledger_pruned == left);
  if (left > 0) CHECK(code(in.prove(0)) == errc::pruned);
  if (left > 0) CHECK(code(in.prove(left - 1)) == errc::pruned);
  if (left < size) CHECK(in.prove(left));
  CHECK(in.pruned_of(s.jo)->entries + in.ledger(s.jo)->size() >= in_backup);
  // The book that was restored has told its mirror: it is what a second restore goes by.
  session later = back.begin();
  CHECK(later.verify()->problems == 0);
}

TEST_CASE("pruning: a mirror that was away has not heard of it, and hears with the next refresh") {
  safe_ledger s;
  s.pass_on(300);
  tape full = s.shop.back_up();
  s.shop.places->away = true;
  s.prune();
  s.shop.places->away = false;
  const bool refreshed = [&] {
    bool out = false;
    SUBCASE("never again") {}
    SUBCASE("by a refresh") { out = true; }
    return out;
  }();
  if (refreshed) {
    REQUIRE(s.in.refresh_mirrors());
  }
  restored back;
  REQUIRE(back.from(s.mirror(), s.three(), {&full}));
  session in = back.begin();
  CHECK(in.verify()->problems == 0);
  CHECK(code(in.prove(0)) == (refreshed ? errc::pruned : errc::none));
}

TEST_CASE(
    "epochs: a restore to the epoch under way goes on sealing, one to an earlier opens anew") {
  safe_ledger s;
  s.pass_on(3);
  const std::string first = s.end_epoch();
  s.pass_on(3);
  tape full = s.shop.back_up();
  bool lost = false;
  SUBCASE("its key is there") {}
  SUBCASE("its key was destroyed since") {
    s.end_epoch();
    s.end_epoch();
    lost = true;
  }
  restored back;
  REQUIRE(back.from(s.mirror(), s.three(), {&full}));
  session in = back.begin();
  CHECK(in.verify()->problems == 0);
  REQUIRE(in.end_epoch());
  CHECK(in.verify()->problems == 0);
  const auto all = in.seals();
  REQUIRE(all);
  const std::string text(*seals_to_text(*all));
  const std::string log = *in.log_identity();
  const auto proved = check_seals(text, *ledger::parse_log_identity(log));
  REQUIRE(proved);
  CHECK(proved->sealed[1].opened_anew == lost);
  CHECK(code(check_seals(text, *ledger::parse_log_identity(log), first)) ==
        (lost ? errc::signature_invalid : errc::none));
}
