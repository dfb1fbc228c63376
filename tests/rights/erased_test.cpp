// Whoever has every key of today and every copy made before, against the ledger of somebody who was
// erased: nothing of them is read, linked or guessed, and every proof still holds.
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <tuple>
#include <vector>

#include "../book/recovery_places.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto delivery = purpose::delivery_of_goods;

struct erased_shop : shop {
  session in = begin();
  recipient_id parcels = add_party(in, "parcel-co", recipient::parcel_service);
  customer_id mary = keep(in, ken("L-2"));
  customer_id jo = keep(in, ken("L-1"));
  std::vector<std::shared_ptr<backend>> copies;
  std::vector<std::uint64_t> of_mary, of_jo;
  std::vector<std::string> proofs;
  std::string kept;

  erased_shop() {
    for (int i = 0; i < 20; ++i) {
      clock_hand().seconds += 60;
      of_mary.push_back(given(mary));
      of_jo.push_back(given(jo));
      if (i % 5 == 0) copies.push_back(copy_of_store(*store));
    }
    for (const std::uint64_t index : of_mary) proofs.push_back(in.prove(index)->text);
    kept = *in.checkpoint();
    copies.push_back(copy_of_store(*store));
    REQUIRE(in.erase(mary, erasure_reason::subject_request));
  }
  std::uint64_t given(const customer_id& whom) {
    const auto out = in.disclose(whom, {.purpose = delivery, .recipient = parcels});
    REQUIRE(out);
    return out->ledger_index;
  }
  bool has_payload(backend& of, std::uint64_t index) {
    auto read = of.begin_read();
    REQUIRE(read);
    std::array<std::byte, 9> key{std::byte{12}};  // table of payloads (docs/format/book.md)
    store_be(key.data() + 1, index);
    return (*read)->get(key).has_value();
  }
};

using in_clear = std::tuple<ledger_event, std::int64_t, purpose_id, std::uint8_t, recipient_id,
                            std::uint32_t, std::array<std::byte, 16>>;
in_clear shown(const ledger::disclosure_entry& of) {
  std::array<std::byte, 16> actor;
  copy_bytes(actor, of.actor);
  return {of.type,        days_since_epoch(of.day), of.purpose,
          of.legal_basis, of.recipient_class,       of.count,
          actor};
}

}  // namespace

TEST_CASE("erased: no copy opens with the keys of today, and today nothing is sealed for them") {
  erased_shop s;
  for (const std::uint64_t index : s.of_mary) {
    CHECK_FALSE(s.has_payload(*s.store, index));
    CHECK(s.has_payload(*s.copies.back(), index));
  }
  for (const std::uint64_t index : s.of_jo) CHECK(s.has_payload(*s.store, index));
  for (const auto& copy : s.copies) {
    CHECK_FALSE(book::open(copy_of_store(*copy), s.cell));
    const auto carved = s.in.carve(*copy);
    REQUIRE(carved);
    CHECK_FALSE(carved->tree_opens);
    CHECK(carved->unopened == std::vector{s.mary});
  }
}

TEST_CASE("erased: sealed rows put back from a copy are nobody's, and no damage to others") {
  erased_shop s;
  auto from = s.copies.back()->begin_read();
  auto to = s.store->begin_write();
  REQUIRE(from);
  REQUIRE(to);
  for (const std::uint64_t index : s.of_mary) {
    std::array<std::byte, 9> key{std::byte{12}};
    store_be(key.data() + 1, index);
    REQUIRE((*to)->put(key, *(*from)->get(key)));
  }
  REQUIRE((*to)->commit());
  session again = s.begin();
  CHECK(again.ledger(s.mary).error().code == errc::key_erased);
  CHECK(again.evidence(s.mary).error().code == errc::key_erased);
  CHECK(again.evidence(s.jo)->entries.size() == s.of_jo.size());
}

TEST_CASE("erased: what stands in clear of an entry stands in another's too: it links nobody") {
  erased_shop s;
  std::set<in_clear> of_others;
  for (const std::uint64_t index : s.of_jo) of_others.insert(shown(s.in.prove(index)->entry));
  std::set<std::vector<std::byte>> once;
  for (const std::uint64_t index : s.of_mary) {
    const ledger::disclosure_entry entry = s.in.prove(index)->entry;
    CHECK(of_others.contains(shown(entry)));
    once.emplace(entry.id.bytes.begin(), entry.id.bytes.end());
    once.emplace(entry.commitment.begin(), entry.commitment.end());
  }
  CHECK(once.size() == 2 * s.of_mary.size());
}

TEST_CASE("erased: who knows all of a payload but its blinding key cannot try it") {
  erased_shop s;
  const ledger::disclosure_entry entry = s.in.prove(s.of_mary[0])->entry;
  std::mt19937_64 random(19);
  for (int i = 0; i < 20'000; ++i) {
    ledger::disclosure_payload guess{.at = timestamp{1'800'000'060},
                                     .customer = s.mary,
                                     .party = s.parcels,
                                     .recipient = "parcel-co",
                                     .actor = actor_id(7),
                                     .sequence = 1};
    guess.blinding.fill_bytes([&](std::span<std::byte, 32> to) {
      for (std::byte& one : to) one = i == 0 ? std::byte{} : static_cast<std::byte>(random());
    });
    std::array<std::byte, ledger::max_payload> room;
    const auto bytes = ledger::encode_payload(guess, room);
    REQUIRE(bytes);
    std::array<ledger::disclosed_field, 64> fields;
    CHECK_FALSE(ledger::open_payload(entry, *bytes, fields));
  }
}

TEST_CASE("erased: every proof holds, those made before and those made now") {
  erased_shop s;
  const std::string log = *s.in.log_identity();
  const auto identity = ledger::parse_log_identity(log);
  REQUIRE(identity);
  std::array<std::byte, 512> room;
  for (std::size_t i = 0; i < s.of_mary.size(); ++i) {
    CHECK(ledger::verify_log_proof(s.proofs[i], *identity, room));
    CHECK(ledger::verify_log_proof(s.in.prove(s.of_mary[i])->text, *identity, room));
  }
  CHECK(s.in.goes_on_from(s.kept));
  CHECK(s.in.verify()->problems == 0);
}
