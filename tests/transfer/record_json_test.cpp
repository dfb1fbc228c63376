#include <clientbook/transfer/record_json.hpp>

#include <clientbook/internal/base/base64.hpp>
#include <clientbook/internal/base/text_out.hpp>
#include <clientbook/model/categories.hpp>

#include <array>
#include <string>

#include "random_records.hpp"
#include "testing.hpp"

using namespace clientbook;
using clientbook::testing::random_values;

namespace {

std::string json_of(const customer& record, const schema& fields = standard_schema()) {
  const auto out = record_to_json(record.view(), fields);
  REQUIRE(out);
  return std::string(*out);
}

customer of_json(std::string_view json, const schema& fields = standard_schema()) {
  std::string where;
  auto out = record_from_json(json, fields, &where);
  CAPTURE(where);
  REQUIRE(out);
  return std::move(*out);
}

bool same_records(const customer& a, const customer& b) {
  const auto left = a.fields(), right = b.fields();
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i].id != right[i].id || !same_bytes(left[i].value, right[i].value)) return false;
  }
  return true;
}

struct refusal {
  error what;
  std::string where;
};

refusal refused(std::string_view json, const record_json_options& options = {}) {
  refusal out;
  const auto read = record_from_json(json, standard_schema(), &out.where, options);
  REQUIRE_FALSE(read);
  out.what = read.error();
  return out;
}

// A field of each type that a shop may declare.
schema shop_schema() {
  schema out = standard_schema();
  const auto add = [&](std::uint8_t number, const char* key, field_type type, cardinality count) {
    REQUIRE(out.add({.number = field_id(number),
                     .key = key,
                     .type = type,
                     .count = count,
                     .categories = {category::preference}}));
  };
  add(32, "visits", field_type::integer, cardinality::one);
  add(33, "vip", field_type::boolean, cardinality::one);
  add(34, "since", field_type::timestamp, cardinality::one);
  add(35, "credit", field_type::money, cardinality::one);
  add(36, "fittings", field_type::date, cardinality::many);
  return out;
}

}  // namespace

TEST_CASE("record json: fields and members have the names of schema and values") {
  customer ken;
  REQUIRE(ken.set(field::name, person_name{.given = "Ken", .family = "Sánchez"}));
  REQUIRE(ken.set(field::emails, std::array{email_address{"ken@example.com", "home"}}));
  REQUIRE(ken.set(field::phones, std::array{phone_number{"+1 202 555 0142", "work", "12"}}));
  REQUIRE(ken.set(field::birth_date, date{0, 5, 17}));
  REQUIRE(ken.set(field::special_days, std::array{special_day{"wedding", date{2010, 6, 5}, "x"}}));
  REQUIRE(ken.set(field::likes, std::array{std::string_view("silk"), std::string_view("tea")}));
  REQUIRE(ken.set(field::language, std::string_view("en")));
  customer_id jo;
  jo.bytes.fill(std::byte{0xab});
  REQUIRE(ken.set(field::household, std::array{household_link{"spouse", "Jo", jo}}));
  REQUIRE(ken.set(field::demographics, demographics{.children = 2, .home_owner = true}));
  CHECK(json_of(ken) ==
        R"({"name":{"given":"Ken","family":"Sánchez"},)"
        R"("emails":[{"address":"ken@example.com","label":"home"}],)"
        R"("phones":[{"number":"+1 202 555 0142","extension":"12","label":"work"}],)"
        R"("birth_date":"--05-17",)"
        R"("special_days":[{"kind":"wedding","day":"2010-06-05","label":"x"}],)"
        R"("likes":["silk","tea"],"language":"en",)"
        R"("household":[{"relation":"spouse","person":"Jo",)"
        R"("customer":"abababababababababababababababab"}],)"
        R"("demographics":{"children":2,"home_owner":true}})");
  CHECK(same_records(of_json(json_of(ken)), ken));
}

TEST_CASE("record json: every member of every struct has its own name") {
  random_values some(7);
  customer all;
  REQUIRE(all.set(field::name, person_name{"a", "b", "c", "d", "e", "f", "g"}));
  REQUIRE(all.set(field::addresses,
                  std::array{postal_address{"a", "b", "c", "d", "e", "f", "g", "h"}}));
  REQUIRE(all.set(field::sizes, std::array{customer_size{"a", "b", "c"}}));
  REQUIRE(all.set(field::external_ids, std::array{external_id{"a", "b"}}));
  REQUIRE(all.set(field::demographics, demographics{"a", "b", "c", 1, 2, "d", "e", false, 3, "f"}));
  REQUIRE(all.set(field::government_ids, std::array{government_id{"a", "b", "c"}}));
  REQUIRE(all.set(field::payment_cards, std::array{payment_card{"a", "b", "c", 1, 2}}));
  CHECK(json_of(all) ==
        R"({"name":{"prefix":"a","given":"b","middle":"c","family":"d","suffix":"e",)"
        R"("nickname":"f","phonetic":"g"},)"
        R"("addresses":[{"line1":"b","line2":"c","line3":"d","city":"e","region":"f",)"
        R"("postal_code":"g","country":"h","label":"a"}],)"
        R"("sizes":[{"kind":"a","system":"b","value":"c"}],)"
        R"("external_ids":[{"system":"a","value":"b"}],)"
        R"("demographics":{"gender":"a","marital_status":"b","income_band":"c","children":1,)"
        R"("children_at_home":2,"education":"d","occupation":"e","home_owner":false,)"
        R"("cars_owned":3,"commute_distance":"f"},)"
        R"("government_ids":[{"country":"a","kind":"b","number":"c"}],)"
        R"("payment_cards":[{"token":"a","last_four":"b","brand":"c","expiry_year":1,)"
        R"("expiry_month":2}]})");
  CHECK(same_records(of_json(json_of(all)), all));
}

TEST_CASE("record json: types of the shop's own fields") {
  const schema fields = shop_schema();
  customer one;
  REQUIRE(one.set(field_id(32), std::int64_t{-7}));
  REQUIRE(one.set(field_id(33), false));
  REQUIRE(one.set(field_id(34), timestamp{1'800'000'000}));
  REQUIRE(one.set(field_id(35), money{1234, "EUR"}));
  const std::array<std::byte, 6> days{std::byte{0x81}, std::byte{0x1a}, std::byte{0x01},
                                      std::byte{0x34}, std::byte{0x8a}, std::byte{0x05}};
  REQUIRE(one.set_raw(field_id(36), days));
  const std::string json = json_of(one, fields);
  CHECK(json == R"({"visits":-7,"vip":false,"since":"2027-01-15T08:00:00Z",)"
                R"("credit":{"minor":1234,"currency":"EUR"},"fittings":["2022-04-21"]})");
  CHECK(same_records(of_json(json, fields), one));
}

TEST_CASE("record json: what this version does not know keeps number and bytes") {
  // A field, a member and a type of a newer version, and a value that is not of its type.
  customer newer;
  REQUIRE(newer.set(field_id(40), std::string_view("later")));
  const auto raw = [&](field_id id, std::initializer_list<int> bytes) {
    std::vector<std::byte> item;
    for (const int one : bytes) item.push_back(static_cast<std::byte>(one));
    REQUIRE(newer.set_raw(id, item));
  };
  raw(field::name, {0xa2, 0x01, 0x61, 'K', 0x18, 0x63, 0xf5});  // member 99: true
  raw(field::birth_date, {0x61, 'x'});                          // a text
  raw(field::emails, {0x82, 0xa0, 0x05});                       // an empty one, and a number
  raw(field::language, {0x60});                                 // an empty text
  raw(field::likes, {0x80});                                    // an empty list
  const std::string json = json_of(newer);
  CHECK(json == R"({"name":{"given":"K","#99":{"cbor":"9Q=="}},)"
                R"("emails":[{},{"cbor":"BQ=="}],"birth_date":{"cbor":"YXg="},)"
                R"("likes":[],"language":"","#40":{"cbor":"ZWxhdGVy"}})");
  CHECK(same_records(of_json(json), newer));

  SUBCASE("and is read by a version that knows it") {
    schema fields = standard_schema();
    REQUIRE(fields.add({.number = field_id(40),
                        .key = "wish",
                        .type = field_type::text,
                        .categories = {category::preference}}));
    const customer known = of_json(json, fields);
    CHECK(same_records(known, newer));
    CHECK(json_of(known, fields).find(R"("wish":"later")") != std::string::npos);
  }
}

TEST_CASE("record json: property: a record comes back byte for byte") {
  random_values some(20261128);
  const schema fields = shop_schema();
  for (int i = 0; i < 2000; ++i) {
    CAPTURE(i);
    customer before;
    some.fill(before);
    const std::string json = json_of(before, fields);
    const customer after = of_json(json, fields);
    REQUIRE(same_records(before, after));
    REQUIRE(json_of(after, fields) == json);
  }
}

TEST_CASE("record json: an item comes back byte for byte") {
  std::array<std::byte, 512> room;
  const purchase receipt{.at = timestamp{1'700'000'000},
                         .order = "S-1",
                         .store = "Old Town",
                         .associate = "Tom",
                         .channel = "store",
                         .currency = "GBP",
                         .total = 45200};
  const purchase_line lines[] = {{"BO-044", "Leather boots", 2, 22600, "42", "tan"}, {.sku = "x"}};
  const auto bought = encode_value(receipt, lines, room);
  REQUIRE(bought);
  const auto text = value_to_json(field_type::purchase, *bought);
  REQUIRE(text);
  CHECK(std::string(*text) ==
        R"({"at":"2023-11-14T22:13:20Z","order":"S-1","store":"Old Town",)"
        R"("associate":"Tom","channel":"store","currency":"GBP","total":45200,)"
        R"("lines":[{"sku":"BO-044","description":"Leather boots","quantity":2,)"
        R"("unit_price":22600,"size":"42","colour":"tan"},{"sku":"x"}]})");
  std::string where;
  const record_json_options checked{.rules = value_rules::checked};
  const auto again = value_from_json(field_type::purchase, *text, &where, checked);
  REQUIRE(again);
  CHECK(same_bytes(*again, *bought));

  std::array<std::byte, 64> small;
  const auto written = encode_value(note{timestamp{0}, "Tom", "likes tea"}, small);
  REQUIRE(written);
  const auto note_text = value_to_json(field_type::note, *written);
  REQUIRE(note_text);
  CHECK(std::string(*note_text) ==
        R"({"at":"1970-01-01T00:00:00Z","author":"Tom","text":"likes tea"})");
  const auto note_again = value_from_json(field_type::note, *note_text);
  REQUIRE(note_again);
  CHECK(same_bytes(*note_again, *written));

  SUBCASE("one that may not be kept is refused where rules are asked for") {
    const auto bad = value_from_json(field_type::note, R"({"author":"Tom"})", &where, checked);
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code == errc::missing_field);
    CHECK(value_from_json(field_type::note, R"({"author":"Tom"})"));
  }
  SUBCASE("lines are a list") {
    const auto bad = value_from_json(field_type::purchase, R"({"lines":{"sku":"x"}})", &where);
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code == errc::wrong_type);
    CHECK(where == "/lines");
  }
}

TEST_CASE("record json: bad input is refused with its place and without its value") {
  struct {
    const char* json;
    errc code;
    const char* where;
  } const cases[] = {
      {R"([])", errc::wrong_type, ""},
      {R"({"name":{"given":"Zebedee"},"nam":1})", errc::unknown_field, ""},
      {R"({"name":{"given":"Zebedee","zebedee":1}})", errc::unknown_field, "/name"},
      {R"({"name":"Zebedee"})", errc::wrong_type, "/name"},
      {R"({"name":{"given":5}})", errc::wrong_type, "/name/given"},
      {R"({"name":{"given":null}})", errc::wrong_type, "/name/given"},
      {R"({"emails":[{"address":"a@b.example"},{"address":["Zebedee"]}]})", errc::wrong_type,
       "/emails/1/address"},
      {R"({"birth_date":"2011-02-30"})", errc::invalid_value, "/birth_date"},
      {R"({"birth_date":20110203})", errc::wrong_type, "/birth_date"},
      {R"({"demographics":{"children":2.5}})", errc::wrong_type, "/demographics/children"},
      {R"({"demographics":{"children":18446744073709551615}})", errc::invalid_value,
       "/demographics/children"},
      {R"({"household":[{"customer":"abc"}]})", errc::invalid_value, "/household/0/customer"},
      {R"({"#40":"Zebedee"})", errc::wrong_type, "/#40"},
      {R"({"#64":{"cbor":"YXg="}})", errc::unknown_field, ""},
      {R"({"#040":{"cbor":"YXg="}})", errc::unknown_field, ""},
      {R"({"#40":{"cbor":"YXg"}})", errc::invalid_encoding, "/#40/cbor"},
      {R"({"#40":{"cbor":"YXh4"}})", errc::invalid_encoding, "/#40/cbor"},
      {R"({"#40":{"cbor":7}})", errc::wrong_type, "/#40/cbor"},
      {R"({"name":{"#99":{"cbor":"9Q==","more":1}}})", errc::unknown_field, "/name/#99"},
      {R"({"name":{"given":"a"},"#1":{"cbor":"YXg="}})", errc::already_exists, "/#1"},
      {R"({"name":{"given":"a","#1":{"cbor":"YXg="}}})", errc::already_exists, "/name"},
      {R"({"name":{"given":"a"},"name":{"given":"b"}})", errc::already_exists, ""},
      {R"({"name":{"given":"a","given":"b"}})", errc::already_exists, ""},
      {R"({"name":{"given":"a"}} x)", errc::invalid_encoding, ""},
      {R"({"name":{"given":"a")", errc::invalid_encoding, ""},
      {"{\"name\":{\"given\":\"\xff\"}}", errc::invalid_encoding, ""},
  };
  for (const auto& one : cases) {
    CAPTURE(one.json);
    const refusal said = refused(one.json);
    CHECK(said.what.code == one.code);
    CHECK(said.where == one.where);
    CHECK(std::string(said.what.text.c_str()).find("ebedee") == std::string::npos);
  }
}

TEST_CASE("record json: sizes and depth are bounded") {
  const std::string text = R"({"name":{"given":")" + std::string(1000, 'x') + R"("}})";
  CHECK(refused(text, {.most_bytes = text.size() - 1}).what.code == errc::limit_exceeded);
  CHECK(record_from_json(text, standard_schema(), nullptr, {.most_bytes = text.size()}));
  const std::string deep = std::string(100'000, '[');
  CHECK(refused(deep).what.code == errc::limit_exceeded);

  // 17 arrays in one another: deeper than a stored value may be.
  std::vector<std::byte> item(17, std::byte{0x81});
  item.push_back(std::byte{0});
  std::string base64(base64_size(item.size()), ' ');
  text_out out{std::span<char>(base64)};
  put_base64(out, item);
  const refusal said = refused(R"({"#40":{"cbor":")" + base64 + R"("}})");
  CHECK(said.where == "/#40/cbor");
}

TEST_CASE("record json: rules are looked at where they are asked for") {
  constexpr std::string_view json = R"({"emails":[{"address":"nobody"}]})";
  CHECK(record_from_json(json, standard_schema()));
  const refusal said = refused(json, {.rules = value_rules::checked});
  CHECK(said.what.code == errc::invalid_value);
  CHECK(said.where == "/emails");
  CHECK(refused(R"({"#40":{"cbor":"YXg="}})", {.rules = value_rules::checked}).what.code ==
        errc::unknown_field);
}

TEST_CASE("record json: a damaged record is refused by field") {
  const std::byte half[] = {std::byte{0x62}, std::byte{'x'}};
  const field_value broken[] = {{field::likes, half}};
  const auto out = record_to_json(record_view(broken), standard_schema());
  REQUIRE_FALSE(out);
  CHECK(out.error().code == errc::invalid_encoding);
  CHECK(out.error().at == field::likes.value);
}
