#include "testing.hpp"

#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/categories.hpp>
#include <clientbook/model/schema.hpp>

#include "sample.hpp"

#include <random>
#include <vector>

using namespace clientbook;

namespace {

field_definition shop_field() {
  return {.number = field_id(32),
          .key = "favourite_tailor",
          .type = field_type::text,
          .count = cardinality::one,
          .index = index_kind::memory,
          .redaction = redaction_operator::mask,
          .categories = {category_id(7)}};
}

errc refusal(const field_definition& definition) {
  schema rules = standard_schema();
  const std::size_t before = rules.size();
  const auto added = rules.add(definition);
  CHECK(rules.size() == before + (added ? 1 : 0));
  if (!added && definition.number.value != 0) CHECK(added.error().at == definition.number.value);
  return added.error().code;
}

template <class Change>
errc refused_when(Change change) {
  field_definition definition = shop_field();
  change(definition);
  return refusal(definition);
}

std::vector<std::byte> encoded(const schema& rules) {
  std::vector<std::byte> buffer(8192);
  const auto bytes = encode_schema(rules, buffer);
  REQUIRE(bytes);
  buffer.resize(bytes->size());
  return buffer;
}

}  // namespace

TEST_CASE("schema: the built-in fields are all there, under their numbers") {
  const schema rules = standard_schema();
  REQUIRE(rules.size() == 25);
  const std::pair<field_id, std::string_view> expected[] = {
      {field::name, "name"},
      {field::emails, "emails"},
      {field::phones, "phones"},
      {field::addresses, "addresses"},
      {field::birth_date, "birth_date"},
      {field::special_days, "special_days"},
      {field::purchases, "purchases"},
      {field::sizes, "sizes"},
      {field::likes, "likes"},
      {field::dislikes, "dislikes"},
      {field::notes, "notes"},
      {field::language, "language"},
      {field::time_zone, "time_zone"},
      {field::external_ids, "external_ids"},
      {field::employer, "employer"},
      {field::household, "household"},
      {field::demographics, "demographics"},
      {field::government_ids, "government_ids"},
      {field::payment_cards, "payment_cards"},
      {field::tasks, "tasks"},
      {field::contacts, "contacts"},
      {field::tags, "tags"},
      {field::tier, "tier"},
      {field::wishes, "wishes"},
      {field::reach, "reach"}};
  for (const auto& each : expected) {
    const field_id number = each.first;
    const std::string_view key = each.second;
    CAPTURE(key);
    REQUIRE(rules.find(number));
    CHECK(rules.find(number)->key == key);
    CHECK(rules.find(key)->number == number);
    CHECK(rules.find(key)->categories[0] != category_id{});
    CHECK(is_item(rules.find(key)->type) == (key == "purchases" || key == "notes"));
  }
  CHECK(rules.find(field_id(0)).error().code == errc::unknown_field);
  CHECK(rules.find(field_id(200)).error().code == errc::unknown_field);
  CHECK(rules.find("shoe").error().code == errc::unknown_field);
}

TEST_CASE("schema: a shop adds fields of its own from number 32") {
  CHECK(refusal(shop_field()) == errc::none);
  using def = field_definition;
  CHECK(refused_when([](def& d) { d.number = field_id(63); }) == errc::none);
  CHECK(refused_when([](def& d) { d.number = field_id(31); }) == errc::invalid_argument);
  CHECK(refused_when([](def& d) { d.number = field_id(64); }) == errc::invalid_argument);
  CHECK(refused_when([](def& d) { d.key = "emails"; }) == errc::already_exists);
  CHECK(refused_when([](def& d) { d.key = ""; }) == errc::invalid_argument);
  CHECK(refused_when([](def& d) { d.key = "Tailor"; }) == errc::invalid_argument);
  CHECK(refused_when([](def& d) { d.key = "1st"; }) == errc::invalid_argument);
  CHECK(refused_when([](def& d) { d.key = "a23456789012345678901234567890ab"; }) == errc::none);
  CHECK(refused_when([](def& d) { d.key = "a23456789012345678901234567890abc"; }) ==
        errc::invalid_argument);
  CHECK(refused_when([](def& d) { d.categories = {}; }) == errc::invalid_argument);
  CHECK(refused_when([](def& d) {
          d.categories = {category_id(1), category_id(1)};
        }) == errc::invalid_argument);
  CHECK(refused_when([](def& d) {
          d.categories = {category_id(1), {}, category_id(2)};
        }) == errc::invalid_argument);
  CHECK(refused_when([](def& d) { d.type = field_type::note; }) == errc::unsupported);
  CHECK(refused_when([](def& d) { d.type = static_cast<field_type>(99); }) == errc::unsupported);
  CHECK(refused_when([](def& d) { d.index = static_cast<index_kind>(9); }) ==
        errc::invalid_argument);
  CHECK(refused_when([](def& d) { d.count = static_cast<cardinality>(0); }) ==
        errc::invalid_argument);
  CHECK(refused_when([](def& d) { d.redaction = static_cast<redaction_operator>(1); }) ==
        errc::invalid_argument);
  schema rules = standard_schema();
  REQUIRE(rules.add(shop_field()));
  CHECK(rules.add(shop_field()).error().code == errc::already_exists);
}

TEST_CASE("schema: card codes, tracks and PIN blocks exist only to be refused") {
  for (const auto type :
       {field_type::card_verification_code, field_type::card_track, field_type::pin_block}) {
    CHECK(refused_when([&](field_definition& d) { d.type = type; }) == errc::card_data_refused);
    CHECK(refused_when([&](field_definition& d) {
            d.type = type;
            d.number = field_id(3);
          }) == errc::card_data_refused);
  }
  // Nor do they come in through a stored schema.
  const auto bytes = sample::bytes_of(
      "a2010102"
      "81"
      "a70118200263637663"
      "0318f0"
      "0401"
      "0500"
      "0618ff"
      "078107");
  CHECK(decode_schema(bytes).error().code == errc::card_data_refused);
  CHECK(decode_schema(bytes).error().at == 32);
}

TEST_CASE("schema: holds 64 fields, in ascending order whatever the order they came in") {
  schema rules = standard_schema();
  for (int number = 63; number >= 32; --number) {
    field_definition definition = shop_field();
    const std::string key = "own_" + std::to_string(number);
    definition.number = field_id(static_cast<std::uint8_t>(number));
    definition.key = key;
    REQUIRE(rules.add(definition));
  }
  for (std::size_t i = 1; i < rules.size(); ++i) CHECK(rules.at(i - 1).number < rules.at(i).number);
  CHECK(rules.find(field_id(40))->key == "own_40");
  CHECK(rules.find(field::payment_cards)->key == "payment_cards");
}

TEST_CASE("schema: encodes to one form and reads back") {
  schema rules = standard_schema();
  rules.version = schema_version(7);
  REQUIRE(rules.add(shop_field()));
  const auto bytes = encoded(rules);
  CHECK(cbor::check(bytes));
  const auto read = decode_schema(bytes);
  REQUIRE(read);
  CHECK(read->version == schema_version(7));
  CHECK(!read->from_newer_version());
  REQUIRE(read->size() == rules.size());
  CHECK(read->find("favourite_tailor")->index == index_kind::memory);
  CHECK(encoded(*read) == bytes);
  std::vector<std::byte> small(bytes.size() - 1);
  CHECK(encode_schema(rules, small).error().code == errc::buffer_too_small);
  CHECK(encode_schema(rules, small).error().at == bytes.size());
}

TEST_CASE("schema: one of a newer version can be read with, not stored again") {
  // A key of a newer version alone, in a field and beside the fields.
  for (const char* hex : {"a201010281a80118200261610301040105000600078101"
                          "0805",
                          "a3010102800300"}) {
    CAPTURE(hex);
    const auto newer = decode_schema(sample::bytes_of(hex));
    REQUIRE(newer);
    CHECK(newer->from_newer_version());
  }
  // Number 20, key "aura", type 99, cardinality 3, categories {9}; one more key in the field.
  const auto field = sample::bytes_of(
      "a301010281a8011402646175726103186304030500061818078109"
      "0901"
      "0aa0");
  const auto read = decode_schema(field);
  REQUIRE(read);
  CHECK(read->from_newer_version());
  CHECK(read->find("aura")->number == field_id(20));
  CHECK(read->find("aura")->type == static_cast<field_type>(99));
  CHECK(!is_known(read->find("aura")->type));
  std::vector<std::byte> buffer(1024);
  CHECK(encode_schema(*read, buffer).error().code == errc::newer_format);
}

TEST_CASE("schema: malformed ones are refused") {
  const auto verdict = [](std::string_view hex) {
    return decode_schema(sample::bytes_of(hex)).error().code;
  };
  CHECK(verdict("a201010280") == errc::none);
  CHECK(verdict("a0") != errc::none);
  CHECK(verdict("a10101") != errc::none);
  CHECK(verdict("a2010002"
                "80") == errc::invalid_value);  // version 0
  CHECK(verdict("a201010281a0") == errc::missing_field);
  CHECK(verdict("a201010281a7011820026141030104010500060007"
                "8101") == errc::invalid_value);
  CHECK(verdict("a201010281a7011820026161030104010500060007"
                "8101") == errc::none);
  CHECK(verdict("a201010281a7011820026161030104010500060007"
                "80") == errc::invalid_value);
  CHECK(verdict("a201010281a7011840026161030104010500060007"
                "8101") == errc::invalid_value);
  CHECK(verdict("a201010282a7011820026161030104010500060007"
                "8101"
                "a7011821026161030104010500060007"
                "8101") == errc::already_exists);
  CHECK(verdict("a201010282a7011821026161030104010500060007"
                "8101"
                "a7011820026162030104010500060007"
                "8101") == errc::invalid_encoding);
}

TEST_CASE("schema: property: mutated bytes never read as something with another form") {
  schema rules = standard_schema();
  REQUIRE(rules.add(shop_field()));
  const auto good = encoded(rules);
  std::mt19937 random(3);
  std::vector<std::byte> again(8192);
  for (int i = 0; i < 50'000; ++i) {
    auto bytes = good;
    for (auto flips = 1 + random() % 3; flips > 0; --flips) {
      bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    }
    if (random() % 4 == 0) bytes.resize(random() % bytes.size());
    const auto read = decode_schema(bytes);
    if (!read || read->from_newer_version()) continue;
    const auto form = encode_schema(*read, again);
    REQUIRE(form);
    REQUIRE(same_bytes(*form, bytes));
  }
}

TEST_CASE("schema: an older one gets the built-in fields that it lacks, and loses nothing") {
  // As a version without the associate's day wrote it, with a field of the shop's own.
  schema older;
  const schema standard = standard_schema();
  std::vector<std::byte> bytes(8192);
  {
    cbor::writer to(bytes);
    to.map(2);
    to.unsigned_integer(1);
    to.unsigned_integer(3);
    to.unsigned_integer(2);
    to.array(2);
    for (const auto& [number, key] : {std::pair{1U, "name"}, std::pair{40U, "tailor"}}) {
      to.map(7);
      for (unsigned part = 1; part <= 7; ++part) {
        to.unsigned_integer(part);
        if (part == 1) to.unsigned_integer(number);
        if (part == 2) to.text(key);
        if (part == 3) to.unsigned_integer(number == 1 ? 16 : 1);
        if (part == 4) to.unsigned_integer(1);
        if (part == 5) to.unsigned_integer(0);
        if (part == 6) to.unsigned_integer(255);
        if (part == 7) {
          to.array(1);
          to.unsigned_integer(category::name.value);
        }
      }
    }
    const auto read = decode_schema(to.finish().value());
    REQUIRE(read);
    older = *read;
  }
  const auto whole = with_built_in(older);
  REQUIRE(whole);
  CHECK(whole->size() == standard.size() + 1);
  CHECK(whole->find("tailor")->number == field_id(40));
  // What the book says of a field that it has stays as it is.
  CHECK(whole->find(field::name)->redaction == redaction_operator::drop);
  CHECK(whole->find("tasks")->type == field_type::task);
  CHECK(with_built_in(*whole)->size() == whole->size());
}

TEST_CASE("schema: a key that a shop has for itself is not taken from it") {
  schema rules;
  REQUIRE(rules.add({.number = field_id(33), .key = "tags", .categories = {category::note}}));
  const auto whole = with_built_in(rules);
  REQUIRE_FALSE(whole);
  CHECK(whole.error().code == errc::already_exists);
  CHECK(whole.error().at == field::tags.value);
}
