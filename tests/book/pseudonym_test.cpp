// Pseudonyms that a session shows: under which keys, and what is withheld without them.
#include <clientbook/crypto/key_tree.hpp>
#include <clientbook/internal/crypto/locked_memory.hpp>
#include <clientbook/redaction/redaction.hpp>

#include <algorithm>
#include <string>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto care = purpose::client_care;

directive care_shown_as(session& in, const obligations& conditions) {
  privacy_notice shown = notice_for(in);
  shown.announced.purposes = {care};
  shown.announced.recipients = {recipient::self};
  shown.announced.categories = all_categories();
  REQUIRE(in.add_notice(shown));
  directive yes = grant_of(in, {recipient::self});
  yes.conditions = conditions;
  return yes;
}
directive care_shown_as(session& in, redaction_operator form) {
  return care_shown_as(in, obligations{.required = {obligation::mask}, .mask = form});
}

customer_id keep_born(session& in, const directive& said, const std::string& loyalty = "77001122") {
  customer record = ken(loyalty);
  REQUIRE(record.set(field::birth_date, date{1984, 3, 12}));
  const auto id = in.put(record, {.purposes = care, .directives = std::span(&said, 1)});
  REQUIRE(id);
  return *id;
}

std::string email_of(const view& seen) {
  const auto emails = seen.record().emails();
  return emails && emails->size() == 1 ? std::string(emails->begin()->address.reveal())
                                       : std::string();
}

/// The keys that a book holds, read from its store with its root key.
class keys_of final : private node_store {
 public:
  explicit keys_of(shop& s) {
    auto begun = s.store->begin_read();
    REQUIRE(begun);
    reading_ = std::move(*begun);
    const std::array header_key{std::byte{1}, std::byte{0}};
    const auto header = reading_->get(header_key);
    REQUIRE(header);
    book_id id;
    copy_bytes(id.bytes, header->subspan(16, 16));
    CHECK(id == s.begin().figures()->id);
    auto memory = locked_memory::allocate(key_tree::memory_for(key_tree::least_nodes));
    REQUIRE(memory);
    memory_ = std::move(*memory);
    tree_.emplace(memory_.bytes(), id, s.begin().figures()->suite);
    tree_->open(*s.cell->current);
    REQUIRE(tree_->begin(*this, load_be<std::uint64_t>(header->data() + 40)));
  }
  result<secret<32>> of(std::uint64_t number) {
    const auto found = tree_->find(customer_no(number));
    if (!found) return found.error();
    return (*found)->subject_key.duplicate();
  }

 private:
  result<byte_view> get(std::uint8_t level, std::uint64_t index) noexcept override {
    std::array<std::byte, 10> key{std::byte{3}, std::byte{level}};
    store_be(key.data() + 2, index);
    return reading_->get(key);
  }
  result<void> put(std::uint8_t, std::uint64_t, byte_view) noexcept override {
    return error{errc::invalid_state, "read only"};
  }
  std::unique_ptr<read_transaction> reading_;
  locked_memory memory_;
  std::optional<key_tree> tree_;
};

pseudonym_key key_from(const secret<32>& bytes) {
  auto made = bytes.with_bytes(
      [](std::span<const std::byte, 32> plain) { return pseudonym_key::from(plain); });
  REQUIRE(made);
  return std::move(*made);
}
std::string tenant_of(session& in) {
  std::string out(32, '0');
  write_hex(in.figures()->id.bytes, out.data());
  return out;
}

}  // namespace

TEST_CASE("pseudonym: a hash is bound to book, field and version, under a key of the book") {
  shop s;
  session in = s.begin();
  const directive said = care_shown_as(in, redaction_operator::hash);
  const customer_id first = keep_born(in, said);
  const customer_id second = keep_born(in, said, "77001123");
  const auto seen = in.read(first, care);
  REQUIRE(seen);
  CHECK(seen->state(field::emails) == field_state::redacted);
  CHECK(seen->state(field::name) == field_state::withheld);       // No hash of a whole name.
  CHECK(seen->state(field::addresses) == field_state::withheld);  // Nor of an address.
  const std::string shown = email_of(*seen);
  keys_of keys(s);
  const secret<32> root = crypto::derive(*keys.of(1), "clientbook pseudonyms");
  const std::string tenant = tenant_of(in);
  std::array<std::byte, 64> room{};
  const auto expected = keyed_hash("ken@example.com", key_from(root),
                                   {.tenant = tenant, .field = "emails", .version = 1}, 16, room);
  REQUIRE(expected);
  CHECK(shown == *expected);
  // Equal values of the book are equal, another session's too; another book's are not.
  CHECK(email_of(*in.read(second, care)) == shown);
  session later = s.begin();
  CHECK(email_of(*later.read(first, care)) == shown);
  shop other;
  session there = other.begin();
  const customer_id same = keep_born(there, care_shown_as(there, redaction_operator::hash));
  CHECK(email_of(*there.read(same, care)).size() == shown.size());
  CHECK(email_of(*there.read(same, care)) != shown);
}

TEST_CASE("pseudonym: a date is shifted under the customer's own key, which dies with them") {
  shop s;
  session in = s.begin();
  const directive said = care_shown_as(in, redaction_operator::shift_date);
  const customer_id id = keep_born(in, said);
  const auto seen = in.read(id, care);
  REQUIRE(seen);
  const auto shown = seen->record().birth_date();
  REQUIRE(shown);
  CHECK(*shown != date{1984, 3, 12});
  CHECK(seen->state(field::emails) == field_state::withheld);
  const std::string tenant = tenant_of(in);
  {
    keys_of keys(s);
    const secret<32> own = crypto::derive(*keys.of(2), "clientbook date shift");
    const auto expected =
        shift_date(date{1984, 3, 12}, key_from(own), {.tenant = tenant, .subject = id.bytes});
    REQUIRE(expected);
    CHECK(*shown == *expected);
  }
  const auto again = in.read(id, care);
  CHECK(*again->record().birth_date() == *shown);
  REQUIRE(in.erase(id, erasure_reason::subject_request));
  keys_of keys(s);
  CHECK(keys.of(2).error().code == errc::key_erased);
  // The book's own key says nothing of the offset.
  for (const char* label : {"clientbook pseudonyms", "clientbook date shift"}) {
    const auto guess = shift_date(date{1984, 3, 12}, key_from(crypto::derive(*keys.of(1), label)),
                                  {.tenant = tenant, .subject = id.bytes});
    CHECK(*guess != *shown);
  }
}

TEST_CASE("pseudonym: numbers keep their form, and what is no number is withheld") {
  shop s;
  session in = s.begin();
  const directive said = care_shown_as(in, redaction_operator::fpe);
  const auto seen = in.read(keep_born(in, said), care);
  REQUIRE(seen);
  const auto ids = seen->record().external_ids();
  REQUIRE(ids);
  CHECK(ids->begin()->system == "loyalty");
  CHECK(ids->begin()->value.size() == 8);
  CHECK(ids->begin()->value != "77001122");
  const auto phones = seen->record().phones();
  REQUIRE(phones);
  CHECK(std::string(phones->begin()->number.reveal()).substr(0, 2) == "+1");
  CHECK(phones->begin()->number != "+1 202 555 0142");
  CHECK(seen->state(field::emails) == field_state::withheld);
  // Too few values to hide among.
  const auto few = in.read(keep_born(in, said, "77001"), care);
  REQUIRE(few);
  CHECK(few->state(field::external_ids) == field_state::withheld);
}

TEST_CASE("pseudonym: a token needs somebody who may turn it back, and goes into the ledger") {
  shop s;
  session in = s.begin();
  const directive said = care_shown_as(in, redaction_operator::token);
  const customer_id id = keep_born(in, said);
  CHECK(in.read(id, care)->state(field::emails) == field_state::withheld);
  const auto reversal = reversal_key::from(std::vector<std::byte>(32, std::byte{9}));
  REQUIRE(reversal);
  in.set_token_reversal(reversal->public_key());
  const auto seen = in.read(id, care);
  REQUIRE(seen);
  const std::string token = email_of(*seen);
  REQUIRE_FALSE(token.empty());
  CHECK(token.find("ken") == std::string::npos);

  const std::uint64_t entries = in.figures()->ledger_entries;
  const auto value = in.reverse_token(token, field::emails, care, *reversal);
  REQUIRE(value);
  CHECK(as_text(*value) == "ken@example.com");
  CHECK(s.begin().figures()->ledger_entries == entries + 1);
  CHECK(in.prove(entries)->entry.type == ledger_event::reversal);
  const auto scope = s.begin().breach({.source = breach_source::actor, .actor = in.who().id},
                                      [](const breached&) { return true; });
  REQUIRE(scope);
  const bool told =
      std::any_of(scope->unknown.begin(), scope->unknown.end(), [](const breach_unknown& one) {
        return one.what == unknown_kind::reversals && one.at_most == 1;
      });
  CHECK(told);
  // Nothing comes out, and nothing is written, for another field, purpose, key or role.
  CHECK(in.reverse_token(token, field::phones, care, *reversal).error().code ==
        errc::authentication_failed);
  CHECK(in.reverse_token(token, field::emails, purpose::email_marketing, *reversal).error().code ==
        errc::authentication_failed);
  const auto another = reversal_key::from(std::vector<std::byte>(32, std::byte{8}));
  CHECK(in.reverse_token(token, field::emails, care, *another).error().code ==
        errc::authentication_failed);
  CHECK(in.reverse_token(token, field_id(60), care, *reversal).error().code == errc::unknown_field);
  CHECK(s.begin(actor_role::manager)
            .reverse_token(token, field::emails, care, *reversal)
            .error()
            .code == errc::role_denied);
  REQUIRE(in.begin());
  CHECK(in.reverse_token(token, field::emails, care, *reversal).error().code ==
        errc::invalid_state);
  in.rollback();
  CHECK(in.figures()->ledger_entries == entries + 1);
  CHECK(in.verify()->problems == 0);
}

TEST_CASE("pseudonym: pseudonymise replaces what names somebody, whatever the field") {
  shop s;
  session in = s.begin();
  const customer_id id =
      keep_born(in, care_shown_as(in, obligations{.required = {obligation::pseudonymise}}));
  REQUIRE(in.append_note(
      id, {.at = timestamp{1'700'000'000}, .author = "Marta", .text = "Ken likes blue"}, care));
  customer words;
  const task open_task{.text = "Call Ken"};
  REQUIRE(words.set(field::tasks, std::span<const task>(&open_task, 1)));
  const customer_contact met{.at = timestamp{1'700'000'000}, .channel = "phone", .text = "Ken"};
  REQUIRE(words.set(field::contacts, std::span<const customer_contact>(&met, 1)));
  const wish wanted{.what = "What Ken has"};
  REQUIRE(words.set(field::wishes, std::span<const wish>(&wanted, 1)));
  REQUIRE(words.set(field::tags, std::array<std::string_view, 1>{"as Ken"}));
  REQUIRE(in.update(id, words.fields(), care));
  const auto seen = in.read(id, care);
  REQUIRE(seen);
  CHECK(seen->state(field::name) == field_state::withheld);
  CHECK(seen->state(field::addresses) == field_state::withheld);
  // Lines of one's own words are not shown at all, a tag without what names people.
  CHECK(seen->state(field::tasks) == field_state::withheld);
  CHECK(seen->state(field::contacts) == field_state::withheld);
  CHECK(seen->state(field::wishes) == field_state::withheld);
  CHECK(seen->record().tags()->begin()->reveal() == "as <KNOWN_VALUE>");
  CHECK(seen->state(field::emails) == field_state::redacted);
  CHECK(email_of(*seen).size() == 32);
  CHECK(seen->record().external_ids()->begin()->value != "77001122");
  CHECK(*seen->record().birth_date() == date{1984, 3, 12});  // Names nobody by itself.
  note read;
  const auto notes = in.notes(id, care);
  REQUIRE(decode_value(notes->items()[0].value, read));
  CHECK(read.text == "<KNOWN_VALUE> likes blue");
}
