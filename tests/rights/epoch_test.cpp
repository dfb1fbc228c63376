// Epochs of a book's ledger: what is over was sealed once, with a key that nobody has any more.
#include <clientbook/ledger/epoch_seal.hpp>
#include <clientbook/ledger/signed_note.hpp>
#include <clientbook/rights/epoch_text.hpp>

#include <functional>
#include <string>
#include <vector>

#include "../transfer/shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto delivery = purpose::delivery_of_goods;

template <class T>
errc code(const result<T>& of) {
  return of ? errc::none : of.error().code;
}

struct sealed_shop : shop {
  session in = begin();
  recipient_id parcels = add_party(in, "parcel-co", recipient::parcel_service);
  customer_id jo = keep(in, ken("L-1"));
  std::vector<std::string> keys;

  explicit sealed_shop(int epochs = 3) {
    pass_on(5);
    for (int i = 0; i < epochs; ++i) {
      end();
      pass_on(4);
    }
  }
  void pass_on(int times) {
    for (int i = 0; i < times; ++i) {
      REQUIRE(in.disclose(jo, {.purpose = delivery, .recipient = parcels}));
    }
  }
  ledger_epoch end() {
    const auto next = in.end_epoch();
    REQUIRE(next);
    const std::string log = *in.log_identity();
    keys.push_back(*epoch_key_text(next->key, ledger::parse_log_identity(log)->origin));
    return *next;
  }
  std::string text() {
    const auto all = in.seals();
    REQUIRE(all);
    return std::string(*seals_to_text(*all));
  }
  result<proved_epochs> check(const std::string& of, std::string_view known = {}) {
    const std::string log = *in.log_identity();
    return check_seals(of, *ledger::parse_log_identity(log), known);
  }
};

// A seal with what belongs to it: from its growth up to its end.
std::vector<std::string> blocks_of(const std::string& text) {
  std::vector<std::string> out;
  const std::string end = "end of seal\n";
  std::size_t at = text.find("end of checkpoint\n") + 18;
  for (;;) {
    const std::size_t next = text.find(end, at);
    if (next == text.npos) return out;
    out.push_back(text.substr(at, next + end.size() - at));
    at = next + end.size();
  }
}
std::string with_blocks(const std::string& text, const std::vector<std::string>& blocks) {
  std::string out = text.substr(0, text.find("end of checkpoint\n") + 18);
  for (const std::string& one : blocks) out += one;
  return out + "end of seals\n";
}

void each_row(backend& store, std::vector<std::byte> prefix,
              const std::function<void(write_transaction&, byte_view, byte_view)>& what) {
  auto change = store.begin_write();
  REQUIRE(change);
  std::vector<std::pair<std::vector<std::byte>, std::vector<std::byte>>> rows;
  REQUIRE((*change)->walk(prefix, prefix, [&](byte_view key, byte_view value) {
    rows.push_back({{key.begin(), key.end()}, {value.begin(), value.end()}});
    return true;
  }));
  for (const auto& [key, value] : rows) what(**change, key, value);
  REQUIRE((*change)->commit());
}

}  // namespace

TEST_CASE("epochs: each is sealed by its own key, and the next key is the first entry behind it") {
  sealed_shop s;
  const auto all = s.in.epochs();
  REQUIRE(all);
  REQUIRE(all->size() == 4);
  CHECK((*all)[0].from == 0);
  for (std::size_t i = 0; i < 4; ++i) {
    const ledger_epoch& one = (*all)[i];
    CAPTURE(i);
    CHECK(one.number == i);
    CHECK(one.size.has_value() == (i != 3));
    if (i == 3) break;
    CHECK((*all)[i + 1].from == *one.size);
    const auto entry = s.in.prove(*one.size);
    REQUIRE(entry);
    CHECK(entry->entry.type == ledger_event::epoch);
    CHECK(entry->entry.commitment == ledger::epoch_key_commitment((*all)[i + 1].key));
  }
  CHECK(s.in.verify()->problems == 0);
  session later = s.begin();
  CHECK(later.verify()->problems == 0);
  CHECK(later.epochs()->size() == 4);
}

TEST_CASE("epochs: the seals are borne out without the book, with a key that was written down") {
  sealed_shop s;
  const std::string text = s.text();
  const auto proved = s.check(text);
  REQUIRE(proved);
  CHECK(proved->size == s.in.figures()->ledger_entries);
  REQUIRE(proved->sealed.size() == 3);
  CHECK(proved->sealed[0].opened_anew);
  CHECK_FALSE(proved->sealed[1].opened_anew);
  CHECK(proved->now == 3);
  for (const std::string& key : s.keys) CHECK(s.check(text, key));
  sealed_shop other;
  CHECK(code(s.check(text, other.keys[1])) == errc::signature_invalid);
  CHECK(code(s.check(other.text())) == errc::signature_invalid);
  const std::string log = *s.in.log_identity();
  const auto json = proved_epochs_to_json(*proved, *ledger::parse_log_identity(log));
  REQUIRE(json);
  CHECK(json->find(s.keys[2]) != json->npos);
  // The next epoch goes on from what was sealed before.
  s.pass_on(3);
  s.end();
  CHECK(s.check(s.text(), s.keys[0])->sealed.size() == 4);
}

TEST_CASE(
    "epochs: a seal left out, twice, in another order, of another book or changed is refused") {
  sealed_shop s;
  const std::string text = s.text();
  const auto blocks = blocks_of(text);
  REQUIRE(blocks.size() == 3);
  REQUIRE(s.check(with_blocks(text, blocks)));
  CHECK_FALSE(s.check(with_blocks(text, {blocks[1], blocks[2]})));
  CHECK_FALSE(s.check(with_blocks(text, {blocks[0], blocks[2]})));
  CHECK_FALSE(s.check(with_blocks(text, {blocks[0], blocks[1], blocks[1]})));
  CHECK_FALSE(s.check(with_blocks(text, {blocks[0], blocks[2], blocks[1]})));
  // The last alone cannot be missed, but by who knows its key.
  CHECK(s.check(with_blocks(text, {blocks[0], blocks[1]})));
  CHECK(code(s.check(with_blocks(text, {blocks[0], blocks[1]}), s.keys[2])) ==
        errc::signature_invalid);
  sealed_shop other;
  CHECK_FALSE(s.check(with_blocks(text, {blocks[0], blocks_of(other.text())[1], blocks[2]})));
  for (std::size_t i = text.find("end of checkpoint"); i < text.size() - 1; ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CAPTURE(i);
    CHECK_FALSE(s.check(changed));
  }
  for (std::size_t i = 0; i < text.size() - 13; i += 7) CHECK_FALSE(s.check(text.substr(0, i)));
}

TEST_CASE(
    "epochs: another history under the same key of the log does not go on from what was sealed") {
  // A thief of the book's file and root key: they append to a copy from before the seals.
  sealed_shop s(1);
  const std::string kept = blocks_of(s.text())[0];
  s.pass_on(20);
  s.end();
  const auto fork = blocks_of(s.text());
  sealed_shop elsewhere(1);
  CHECK_FALSE(elsewhere.check(with_blocks(elsewhere.text(), {kept})));
  // The seal with the proof of another tree.
  std::string mixed = fork[0];
  mixed.replace(0, mixed.find('\n'), "growth");
  CHECK(code(s.check(with_blocks(s.text(), {mixed}))) == errc::proof_invalid);
  mixed = fork[0];
  const std::size_t entry = mixed.find("entry ");
  const std::size_t next = fork[1].find("entry ");
  mixed.replace(entry, mixed.find('\n', entry) - entry,
                fork[1].substr(next, fork[1].find('\n', next) - next));
  CHECK(code(s.check(with_blocks(s.text(), {mixed}))) == errc::proof_invalid);
}

TEST_CASE("epochs: the private key of one that is over is nowhere any more") {
  sealed_shop s(1);
  const auto root_version = [&] { return s.in.figures()->epoch; };
  const std::uint64_t before = root_version();
  s.end();
  CHECK(root_version() > before);  // A new root key: copies do not open with that of today.
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("epochs: rows that were taken, put back or added are noticed") {
  sealed_shop s;
  std::vector<std::vector<std::byte>> old;
  SUBCASE("taken") {
    each_row(*s.store, {std::byte{43}}, [&](write_transaction& to, byte_view key, byte_view) {
      if (key.back() == std::byte{1}) REQUIRE(to.erase(key));
    });
    session later = s.begin();
    CHECK(code(later.epochs()) == errc::row_missing);
    CHECK(later.verify()->problems > 0);
  }
  SUBCASE("that of an epoch under way put back behind its end") {
    std::vector<std::byte> was;
    each_row(*s.store, {std::byte{43}}, [&](write_transaction&, byte_view key, byte_view value) {
      if (key.back() == std::byte{3}) was.assign(value.begin(), value.end());
    });
    s.end();
    each_row(*s.store, {std::byte{43}}, [&](write_transaction& to, byte_view key, byte_view) {
      if (key.back() == std::byte{3}) REQUIRE(to.put(key, was));
    });
    session later = s.begin();
    CHECK_FALSE(later.epochs());
    CHECK(later.verify()->problems > 0);
  }
  SUBCASE("one that nothing says is there") {
    auto change = s.store->begin_write();
    REQUIRE(change);
    const std::array<std::byte, 5> key{std::byte{43}, {}, {}, {}, std::byte{9}};
    REQUIRE((*change)->put(key, key));
    REQUIRE((*change)->commit());
    CHECK(s.begin().verify()->problems > 0);
  }
}

TEST_CASE(
    "epochs: whoever administers the book ends one, in a transaction of its own, of a ledger with "
    "entries") {
  shop empty;
  session first = empty.begin();
  CHECK(first.epochs()->empty());
  CHECK(code(first.end_epoch()) == errc::invalid_state);
  sealed_shop s(0);
  CHECK(code(s.check(s.text())) == errc::invalid_encoding);  // Never sealed: nothing is shown.
  session clerk = s.begin(actor_role::associate);
  CHECK(code(clerk.end_epoch()) == errc::role_denied);
  REQUIRE(s.in.begin());
  CHECK(code(s.in.end_epoch()) == errc::invalid_state);
  s.in.rollback();
  CHECK(s.in.epochs()->empty());
  CHECK(s.in.verify()->problems == 0);
  // Twice at once: an epoch with nothing but its key.
  s.end();
  s.end();
  CHECK(s.check(s.text())->sealed.size() == 2);
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("epochs: what was sealed and pruned is told as sealed, and not as shown") {
  sealed_shop s(1);
  s.pass_on(300);
  clock_hand().seconds += 400 * 86400;
  const date turn = date_of(clock_hand());
  const std::string seen = *s.in.checkpoint();
  s.end();
  REQUIRE(s.in.prune_ledger({.before = turn, .published = seen})->until == 256);
  const auto proved = s.check(s.text(), s.keys[0]);
  REQUIRE(proved);
  CHECK(proved->sealed[0].pruned);
  CHECK_FALSE(proved->sealed[1].pruned);
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE(
    "epochs: what nobody pruned is not taken as pruned, and a key whose seal is shows nothing") {
  sealed_shop s(3);
  const std::string text = s.text();
  const std::vector<std::string> blocks = blocks_of(text);
  REQUIRE(blocks.size() == 3);
  const auto pruned = [&](std::size_t which) {
    std::string one = blocks[which];
    const std::size_t note = one.find('\n', one.find("\nentry ") + 1);
    return "pruned" + one.substr(note);
  };
  const auto checked = [&](std::initializer_list<std::size_t> which, std::string_view known = {}) {
    std::vector<std::string> changed = blocks;
    for (const std::size_t each : which) changed[each] = pruned(each);
    return s.check(with_blocks(text, changed), known);
  };
  REQUIRE(checked({}));
  CHECK(checked({})->from == checked({})->sealed.back().size);
  // From the oldest on, as pruning goes, and never the newest: it ties all of them to the ledger.
  CHECK(checked({0}));
  CHECK(checked({0, 1}));
  CHECK(code(checked({1})) == errc::proof_invalid);
  CHECK(code(checked({2})) == errc::proof_invalid);
  CHECK(code(checked({0, 1, 2})) == errc::pruned);
  // By the key that somebody wrote down the ledger itself has to be held, not a signature alone.
  CHECK(checked({0}, s.keys[0]));
  CHECK(code(checked({0, 1}, s.keys[0])) == errc::pruned);
  CHECK(checked({0, 1}, s.keys[1]));
  CHECK(code(checked({0, 1, 2}, s.keys[2])) == errc::pruned);
  // What was cut off is not sealed any more, and is told so.
  const auto cut = s.check(with_blocks(text, {blocks[0], blocks[1]}));
  REQUIRE(cut);
  CHECK(cut->from < checked({})->from);
  CHECK(code(s.check(with_blocks(text, {blocks[0], blocks[1]}), s.keys[2])) ==
        errc::signature_invalid);
  CHECK(code(s.check(with_blocks(text, {}))) == errc::invalid_encoding);
}
