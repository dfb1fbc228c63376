#include <clientbook/internal/crypto/aes.hpp>
#include "apply_testing.hpp"
#include "pseudonym_testing.hpp"

#include <string>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

using op = redaction_operator;

redaction_options keyed(const pseudonym_key& key) {
  redaction_options out = options();
  out.pseudonym.key = &key;
  out.pseudonym.scope = phones_of_shop;
  return out;
}

}  // namespace

TEST_CASE("apply: hash replaces what names somebody and keeps the shape") {
  const pseudonym_key key = tenant_key();
  const redaction_options with = keyed(key);
  const auto alone = [&](std::string_view value) {
    return text_from([&](byte_span to) { return keyed_hash(value, key, phones_of_shop, 16, to); });
  };
  const auto phones =
      redact(op::hash, field_type::phone,
             list<phone_number>({{"+49 30 1234567", "home", "42"}, {"0171 2345678", "", ""}}), with)
          .all<phone_number>();
  REQUIRE(phones.size() == 2);
  CHECK(phones[0].number == alone("+49 30 1234567"));
  CHECK(phones[0].label.empty());
  CHECK(phones[0].extension.empty());
  CHECK(phones[1].number == alone("0171 2345678"));
  CHECK(
      redact(op::hash, field_type::email, list<email_address>({{"ken@example.com", "home"}}), with)
          .all<email_address>()[0]
          .address == alone("ken@example.com"));
  const auto ids =
      redact(op::hash, field_type::external_id, list<external_id>({{"loyalty", "AW29485"}}), with)
          .all<external_id>();
  CHECK(ids[0].system == "loyalty");
  CHECK(ids[0].value == alone("AW29485"));
  CHECK(redact(op::hash, field_type::government_id,
               list<government_id>({{"DE", "passport", "C01X00T47"}}), with)
            .all<government_id>()[0]
            .number == alone("C01X00T47"));
  CHECK(redact(op::hash, field_type::text, encoded(std::string_view("Kenneth")), with)
            .as<std::string_view>() == alone("Kenneth"));
}

TEST_CASE("apply: hash without key or scope, or of another type, drops") {
  const pseudonym_key key = tenant_key();
  const bytes value = encoded(std::string_view("Kenneth"));
  CHECK(dropped(redact(op::hash, field_type::text, value)));
  redaction_options no_scope = keyed(key);
  no_scope.pseudonym.scope = {};
  CHECK(dropped(redact(op::hash, field_type::text, value, no_scope)));
  redaction_options too_short = keyed(key);
  too_short.pseudonym.hash_size = 8;
  CHECK(dropped(redact(op::hash, field_type::text, value, too_short)));
  CHECK(dropped(redact(op::hash, field_type::text, encoded(std::string_view("")), keyed(key))));
  CHECK(dropped(redact(op::hash, field_type::date, encoded(date{1985, 5, 17}), keyed(key))));
  CHECK(dropped(
      redact(op::hash, field_type::person_name, encoded(person_name{.given = "Ken"}), keyed(key))));
}

TEST_CASE("apply: fpe keeps the format of numbers, and drops what it refuses") {
  const auto cipher = crypto::aes_cipher::create(ascending(32));
  REQUIRE(cipher);
  const crypto::block_cipher port = cipher->port();
  redaction_options with = options();
  with.pseudonym.cipher = &port;
  with.pseudonym.scope = phones_of_shop;
  const auto phones =
      redact(op::fpe, field_type::phone,
             list<phone_number>({{"+49 30 1234567", "home", "42"}, {"123456", "", ""}}), with)
          .all<phone_number>();
  REQUIRE(phones.size() == 1);  // Six digits are too few.
  CHECK(phones[0].number.reveal().starts_with("+49 "));
  CHECK(phones[0].number.size() == 14);
  CHECK(phones[0].label.empty());
  CHECK(phones[0].extension.empty());
  const auto papers = redact(op::fpe, field_type::government_id,
                             list<government_id>({{"US", "ssn", "123-45-6789"}}), with)
                          .all<government_id>();
  CHECK(papers[0].kind == "ssn");
  CHECK(papers[0].number.reveal()[3] == '-');
  CHECK(papers[0].number != "123-45-6789");
  const bytes number = encoded(std::string_view("123456789"));
  CHECK(redact(op::fpe, field_type::text, number, with).as<std::string_view>().size() == 9);
  CHECK(dropped(redact(op::fpe, field_type::text, number)));
  CHECK(dropped(redact(op::fpe, field_type::text, encoded(std::string_view("98011")), with)));
  CHECK(dropped(
      redact(op::fpe, field_type::email, list<email_address>({{"1@2.example", ""}}), with)));
  with.pseudonym.scope = {};
  CHECK(dropped(redact(op::fpe, field_type::text, number, with)));
}
