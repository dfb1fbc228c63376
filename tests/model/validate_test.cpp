#include "testing.hpp"

#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/model/validate.hpp>

#include "sample.hpp"

#include <string>
#include <vector>

using namespace clientbook;

namespace {

const schema& rules() {
  static const schema all = [] {
    schema value = standard_schema();
    const auto add = [&](std::uint8_t number, const char* key, field_type type, cardinality count) {
      REQUIRE(value.add({.number = field_id(number),
                         .key = key,
                         .type = type,
                         .count = count,
                         .categories = {category_id(1)}}));
    };
    add(32, "points", field_type::integer, cardinality::one);
    add(33, "vip", field_type::boolean, cardinality::one);
    add(34, "credit", field_type::money, cardinality::one);
    add(35, "last_visit", field_type::timestamp, cardinality::one);
    add(36, "remarks", field_type::text, cardinality::many);
    add(37, "fittings", field_type::date, cardinality::many);
    return value;
  }();
  return all;
}

// What validation says of a value; checks that the error names the field.
template <class T>
errc verdict(field_id id, const T& value) {
  std::vector<std::byte> buffer(200'000);
  const auto bytes = encode_value(value, buffer);
  REQUIRE(bytes);
  const auto valid = validate(rules(), id, *bytes);
  if (!valid) CHECK(valid.error().at == id.value);
  return valid.error().code;
}

errc verdict_of_hex(field_id id, std::string_view hex) {
  const auto valid = validate(rules(), id, sample::bytes_of(hex));
  if (!valid) CHECK(valid.error().at == id.value);
  return valid.error().code;
}

template <class T>
errc listed(field_id id, const T& value) {
  return verdict(id, std::span<const T>(&value, 1));
}

errc code(const result<void>& valid) { return valid.error().code; }

errc bought(const purchase& receipt, const std::vector<purchase_line>& lines) {
  std::vector<std::byte> buffer(10'000);
  const auto bytes = encode_value(receipt, lines, buffer);
  REQUIRE(bytes);
  return validate(rules(), field::purchases, *bytes).error().code;
}

purchase receipt() {
  purchase value;
  value.day = date{2026, 5, 4};
  value.currency = "EUR";
  value.total = 1000;
  return value;
}

constexpr const char* pan = "4111 1111 1111 1111";

}  // namespace

TEST_CASE("validate: a field that the schema lacks, a type that it does not say") {
  CHECK(verdict(field_id(60), std::string_view("x")) == errc::unknown_field);
  CHECK(verdict(field::name, std::string_view("x")) == errc::wrong_type);
  CHECK(verdict(field::emails, std::string_view("x")) == errc::wrong_type);
  CHECK(verdict(field::employer, std::int64_t{5}) == errc::wrong_type);
  CHECK(verdict(field_id(32), std::string_view("5")) == errc::wrong_type);
  CHECK(verdict(field_id(32), std::int64_t{-5}) == errc::none);
  CHECK(verdict(field_id(33), true) == errc::none);
  CHECK(verdict(field_id(33), std::int64_t{1}) == errc::wrong_type);
  CHECK(verdict_of_hex(field_id(33), "f6") == errc::wrong_type);
  CHECK(verdict_of_hex(field_id(33), "f5f5") == errc::invalid_encoding);
  CHECK(verdict_of_hex(field_id(33), "") == errc::truncated);
}

TEST_CASE("validate: dates exist, instants lie in years 1 to 9999") {
  CHECK(verdict(field::birth_date, date{1984, 2, 29}) == errc::none);
  CHECK(verdict(field::birth_date, date{0, 2, 29}) == errc::none);
  CHECK(verdict_of_hex(field::birth_date, "1a012e95d5") == errc::invalid_value);
  CHECK(verdict_of_hex(field::birth_date, "1a012f345e") == errc::none);
  CHECK(verdict_of_hex(field::birth_date, "00") == errc::invalid_value);
  CHECK(verdict_of_hex(field::birth_date, "1a05f5e165") == errc::invalid_value);  // 10000-01-01
  CHECK(verdict_of_hex(field::birth_date, "6a313938342d30322d3239") == errc::wrong_type);
  CHECK(verdict(field_id(35), timestamp{0}) == errc::none);
  CHECK(verdict(field_id(35), timestamp{253402300799}) == errc::none);
  CHECK(verdict(field_id(35), timestamp{253402300800}) == errc::invalid_value);
  CHECK(verdict(field_id(35), timestamp{-62135596801}) == errc::invalid_value);
  CHECK(listed(field::special_days, special_day{"x", {}, ""}) == errc::missing_field);
}

TEST_CASE("validate: texts have no control characters, are not empty, keep their limits") {
  CHECK(verdict(field::employer, std::string_view("a\nb")) == errc::invalid_value);
  CHECK(verdict(field::employer, std::string_view("a\x7F")) == errc::invalid_value);
  CHECK(verdict(field::employer, std::string_view("a\u0085")) == errc::invalid_value);
  CHECK(verdict(field::employer, std::string_view("a\0b", 3)) == errc::invalid_value);
  CHECK(verdict(field::employer, std::string_view("")) == errc::invalid_value);
  CHECK(verdict(field::employer, std::string(4096, 'a')) == errc::none);
  CHECK(verdict(field::employer, std::string(4097, 'a')) == errc::limit_exceeded);
  CHECK(verdict(field::notes, note{{}, "", "a\n\tb"}) == errc::none);
  CHECK(verdict(field::notes, note{{}, "", "a\x1B[31m"}) == errc::invalid_value);
  CHECK(verdict(field::notes, note{{}, "a\nb", "x"}) == errc::invalid_value);
  CHECK(verdict(field::notes, note{{}, "", std::string(65536, 'a')}) == errc::none);
  CHECK(verdict(field::notes, note{{}, "", std::string(65537, 'a')}) == errc::limit_exceeded);
  CHECK(verdict(field::notes, note{timestamp{1}, "x", ""}) == errc::missing_field);
  person_name name;
  CHECK(verdict(field::name, name) == errc::missing_field);
  const std::string long_text(513, 'a');
  name.given = long_text;
  CHECK(verdict(field::name, name) == errc::limit_exceeded);
  CHECK(code(validate_text("a\xFF", line_breaks::allowed)) == errc::invalid_encoding);
  CHECK(code(validate_text("a\nb", line_breaks::allowed)) == errc::none);
  CHECK(code(validate_text("a\nb", line_breaks::refused)) == errc::invalid_value);
}

TEST_CASE("validate: a list has 1 to 256 elements") {
  CHECK(verdict(field::likes, std::span<const std::string_view>()) == errc::invalid_value);
  const std::vector<std::string_view> many(256, "x");
  CHECK(verdict(field::likes, std::span(many)) == errc::none);
  const std::vector<std::string_view> more(257, "x");
  CHECK(verdict(field::likes, std::span(more)) == errc::limit_exceeded);
  CHECK(verdict_of_hex(field_id(37), "821a0135269801") == errc::invalid_value);
}

TEST_CASE("validate: parts that must be there are missed by name") {
  CHECK(listed(field::emails, email_address{"", "home"}) == errc::missing_field);
  CHECK(listed(field::phones, phone_number{"", "home", ""}) == errc::missing_field);
  postal_address address{};
  address.label = "home";
  CHECK(listed(field::addresses, address) == errc::missing_field);
  address.city = "Paris";
  CHECK(listed(field::addresses, address) == errc::none);
  address.country = "fr";
  CHECK(listed(field::addresses, address) == errc::invalid_value);
  CHECK(listed(field::sizes, customer_size{"shoe", "EU", ""}) == errc::missing_field);
  CHECK(listed(field::external_ids, external_id{"loyalty", ""}) == errc::missing_field);
  CHECK(listed(field::external_ids, external_id{"", "5"}) == errc::missing_field);
  CHECK(listed(field::household, household_link{"spouse", "", {}}) == errc::missing_field);
  CHECK(listed(field::household, household_link{"spouse", "", customer_id{}}) == errc::none);
  CHECK(listed(field::government_ids, government_id{"DE", "passport", ""}) == errc::missing_field);
  CHECK(listed(field::government_ids, government_id{"XX", "", "1"}) == errc::invalid_value);
  CHECK(verdict(field::demographics, demographics{}) == errc::missing_field);
  demographics about{};
  about.children = -1;
  CHECK(verdict(field::demographics, about) == errc::invalid_value);
  CHECK(listed(field::phones, phone_number{"697-555-0142", "", "1x"}) == errc::invalid_value);
}

TEST_CASE("validate: of a payment card its token and last four digits, nothing more") {
  CHECK(listed(field::payment_cards, payment_card{"tok", "1111", "visa", {}, {}}) == errc::none);
  CHECK(listed(field::payment_cards, payment_card{"", "1111", "", {}, {}}) == errc::missing_field);
  CHECK(listed(field::payment_cards, payment_card{"tok", "411111", "", {}, {}}) ==
        errc::invalid_value);
  CHECK(listed(field::payment_cards, payment_card{"tok", "12a4", "", {}, {}}) ==
        errc::invalid_value);
  CHECK(listed(field::payment_cards, payment_card{pan, "1111", "", {}, {}}) ==
        errc::card_data_refused);
  CHECK(listed(field::payment_cards, payment_card{"tok", "", "", 2030, 13}) == errc::invalid_value);
  CHECK(listed(field::payment_cards, payment_card{"tok", "", "", 30, 12}) == errc::invalid_value);
}

TEST_CASE("validate: a card number or track is refused in every text of every field") {
  CHECK(verdict(field::name, person_name{.prefix = {},
                                         .given = pan,
                                         .middle = {},
                                         .family = {},
                                         .suffix = {},
                                         .nickname = {},
                                         .phonetic = {}}) == errc::card_data_refused);
  CHECK(listed(field::emails, email_address{"4111111111111111@example.org", ""}) ==
        errc::card_data_refused);
  CHECK(listed(field::emails, email_address{"a@example.org", pan}) == errc::card_data_refused);
  CHECK(listed(field::phones, phone_number{pan, "", ""}) == errc::card_data_refused);
  CHECK(listed(field::phones, phone_number{"378282246310005", "", ""}) == errc::card_data_refused);
  CHECK(listed(field::phones, phone_number{"555", pan, ""}) == errc::card_data_refused);
  postal_address address{};
  address.line3 = pan;
  CHECK(listed(field::addresses, address) == errc::card_data_refused);
  CHECK(listed(field::special_days, special_day{"x", date{0, 1, 1}, pan}) ==
        errc::card_data_refused);
  CHECK(listed(field::sizes, customer_size{"", "", pan}) == errc::card_data_refused);
  CHECK(listed(field::likes, std::string_view(pan)) == errc::card_data_refused);
  CHECK(listed(field::dislikes, std::string_view(";4111111111111112=2512?")) ==
        errc::card_data_refused);
  CHECK(verdict(field::language, std::string_view(pan)) == errc::card_data_refused);
  CHECK(verdict(field::time_zone, std::string_view(pan)) == errc::card_data_refused);
  CHECK(listed(field::external_ids, external_id{"loyalty", pan}) == errc::card_data_refused);
  CHECK(verdict(field::employer, std::string_view(pan)) == errc::card_data_refused);
  CHECK(listed(field::household, household_link{"", pan, {}}) == errc::card_data_refused);
  demographics about{};
  about.occupation = pan;
  CHECK(verdict(field::demographics, about) == errc::card_data_refused);
  CHECK(listed(field::government_ids, government_id{"", "", pan}) == errc::card_data_refused);
  CHECK(verdict(field::notes, note{{}, "", "card 4111\n1111\n1111\n1111"}) ==
        errc::card_data_refused);
  purchase bought_with = receipt();
  bought_with.order = pan;
  CHECK(bought(bought_with, {}) == errc::card_data_refused);
  CHECK(bought(receipt(), {{"A-1", pan, {}, {}, "", ""}}) == errc::card_data_refused);
  CHECK(bought(receipt(), {{"4111111111111111", "", {}, {}, "", ""}}) == errc::card_data_refused);
  CHECK(listed(field_id(36), std::string_view(pan)) == errc::card_data_refused);
  CHECK(verdict(field_id(32), std::int64_t{4111111111111111}) == errc::card_data_refused);
  CHECK(verdict(field_id(32), std::int64_t{-4111111111111111}) == errc::card_data_refused);
  // In a key that this version does not know, as text, bytes, integer or map key.
  const std::string text = "70" + sample::hex_of(as_bytes("4111111111111111"));
  const std::string bytes = "50" + sample::hex_of(as_bytes("4111111111111111"));
  CHECK(verdict_of_hex(field::name,
                       "a2016161"
                       "1863" +
                           text) == errc::card_data_refused);
  CHECK(verdict_of_hex(field::name,
                       "a2016161"
                       "1863" +
                           bytes) == errc::card_data_refused);
  CHECK(verdict_of_hex(field::name,
                       "a2016161"
                       "1863"
                       "81a1" +
                           text + "01") == errc::card_data_refused);
  CHECK(verdict_of_hex(field::name,
                       "a2016161"
                       "1863"
                       "1b000e9b08a568f1c7") == errc::card_data_refused);
}

TEST_CASE("validate: article numbers with their own check digit are not cards") {
  // An EAN-13 that is also valid by Luhn and begins as a Visa number of 13 digits.
  std::string ean;
  for (int i = 0; i < 1000 && ean.empty(); ++i) {
    std::string digits = "400638133" + std::to_string(1000 + i);
    unsigned sum = 0;
    for (std::size_t n = 0; n < 13; ++n) {
      sum += static_cast<unsigned>(digits[n] - '0') * (n % 2 == 0 ? 1U : 3U);
    }
    if (sum % 10 == 0 && find_card_number(digits)) ean = digits;
  }
  REQUIRE(!ean.empty());
  CHECK(bought(receipt(), {{ean, "Pens", {}, {}, "", ""}}) == errc::none);
  CHECK(bought(receipt(), {{"A", ean, {}, {}, "", ""}}) == errc::card_data_refused);
  CHECK(listed(field::external_ids, external_id{"loyalty", ean}) == errc::card_data_refused);
}

TEST_CASE("validate: a number of a loyalty system may pass for a Maestro card, no other issuer's") {
  const auto of = [](const char* system, const char* value) {
    const external_id one[] = {{.system = system, .value = value}};
    return verdict(field::external_ids, std::span<const external_id>(one));
  };
  CHECK(of("loyalty", "6330110012345679") == errc::none);
  CHECK(of("shop", "6330110012345679") == errc::card_data_refused);
  CHECK(of("loyalty", "4111111111111111") == errc::card_data_refused);
  CHECK(of("loyalty", "6011111111111117") == errc::card_data_refused);
  CHECK(of("loyalty", "6330 1100 1234 5679") == errc::card_data_refused);
}

TEST_CASE("validate: a purchase has one moment, amounts have a currency, lines say what") {
  CHECK(bought(receipt(), {{"A", "", 2, 500, "", ""}}) == errc::none);
  purchase value = receipt();
  value.at = timestamp{1};
  CHECK(bought(value, {}) == errc::missing_field);
  value.day = {};
  CHECK(bought(value, {}) == errc::none);
  value.at = {};
  CHECK(bought(value, {}) == errc::missing_field);
  value = receipt();
  value.currency = "";
  CHECK(bought(value, {}) == errc::missing_field);
  value.total = {};
  CHECK(bought(value, {}) == errc::none);
  CHECK(bought(value, {{"A", "", {}, 5, "", ""}}) == errc::missing_field);
  CHECK(bought(value, {{"A", "", {}, {}, "", ""}}) == errc::none);
  CHECK(bought(value, {{"", "", 5, {}, "", ""}}) == errc::missing_field);
  value.currency = "EURO";
  CHECK(bought(value, {}) == errc::invalid_value);
  CHECK(verdict_of_hex(field::purchases, "a2021a013526980980") == errc::invalid_value);
  CHECK(verdict_of_hex(field::purchases, "a2021a0135269809f5") == errc::wrong_type);
}

TEST_CASE("validate: a record's fields ascend, items are not among them") {
  const auto text = sample::bytes_of("6178");
  const field_value twice[] = {{field::employer, text}, {field::employer, text}};
  CHECK(code(validate(rules(), twice)) == errc::invalid_argument);
  const auto item = sample::bytes_of("a1036178");
  const field_value notes[] = {{field::notes, item}};
  CHECK(code(validate(rules(), notes)) == errc::wrong_type);
  CHECK(code(validate(rules(), field::notes, item)) == errc::none);
}

TEST_CASE("validate: types and cardinalities of a newer version cannot be written") {
  const auto bytes = sample::bytes_of(
      "a201010282a70114026461757261031863040105000618ff0781"
      "01"
      "a7011502646175726203010409"
      "05000618ff0781"
      "01");
  const auto newer = decode_schema(bytes);
  REQUIRE(newer);
  CHECK(code(validate(*newer, field_id(20), sample::bytes_of("6178"))) == errc::unsupported);
  CHECK(code(validate(*newer, field_id(21), sample::bytes_of("6178"))) == errc::unsupported);
}

TEST_CASE("validate: e-mail addresses") {
  const auto valid = [](std::string_view address) { return code(validate_email(address)); };
  CHECK(valid("zoe@example.org") == errc::none);
  CHECK(valid("o'neil+tag@mail.example.co.uk") == errc::none);
  CHECK(valid("zoë@müller.example") == errc::none);
  CHECK(valid("用户@例子.广告") == errc::none);
  CHECK(valid("Dörte@Sörensen.example.com") == errc::none);
  CHECK(valid("a@io") == errc::none);
  CHECK(valid("@handle") == errc::invalid_value);
  CHECK(valid("a b@example.org") == errc::invalid_value);
  CHECK(valid("\"a b\"@example.org") == errc::invalid_value);
  CHECK(valid("a@[127.0.0.1]") == errc::invalid_value);
  CHECK(valid("a@127.0.0.1") == errc::invalid_value);
  CHECK(valid("a@b@example.org") == errc::invalid_value);
  CHECK(valid("a\u00A0b@example.org") == errc::invalid_value);
  CHECK(valid("a@exa\u200Bmple.org") == errc::invalid_value);
  CHECK(valid("a@example\u3002org") == errc::invalid_value);
  CHECK(valid("a\xFF@example.org") == errc::invalid_value);
  CHECK(valid("a@example.org.") == errc::invalid_value);
  CHECK(valid("a@-example.org") == errc::invalid_value);
  CHECK(valid(std::string(64, 'a') + "@example.org") == errc::none);
  CHECK(valid(std::string(65, 'a') + "@example.org") == errc::limit_exceeded);
  CHECK(valid("a@" + std::string(63, 'a') + ".org") == errc::none);
  CHECK(valid("a@" + std::string(64, 'a') + ".org") == errc::limit_exceeded);
}

TEST_CASE("validate: phone numbers") {
  const auto valid = [](std::string_view number) { return code(validate_phone(number)); };
  CHECK(valid("697-555-0142") == errc::none);
  CHECK(valid("1 (11) 500 555-0162") == errc::none);
  CHECK(valid("+49 (0)30 / 90 18-20") == errc::none);
  CHECK(valid("(+49) 30 901820") == errc::none);
  CHECK(valid("030.901.820") == errc::none);
  CHECK(valid("1234") == errc::none);
  CHECK(valid("123") == errc::invalid_value);
  CHECK(valid("+123456789012345") == errc::none);
  CHECK(valid("+1234567890123456") == errc::invalid_value);
  CHECK(valid("00123456789012345") == errc::none);
  CHECK(valid("011 44 20 7946 0958") == errc::none);
  CHECK(valid("") == errc::invalid_value);
  CHECK(valid("+") == errc::invalid_value);
  CHECK(valid("++49301234") == errc::invalid_value);
  CHECK(valid("49+301234") == errc::invalid_value);
  CHECK(valid("(030 1234") == errc::invalid_value);
  CHECK(valid("030) 1234") == errc::invalid_value);
  CHECK(valid("030 1234-") == errc::invalid_value);
  CHECK(valid("-030 1234") == errc::invalid_value);
  CHECK(valid("030 1234 x5") == errc::invalid_value);
  CHECK(valid("call me") == errc::invalid_value);
}

TEST_CASE("validate: codes of countries, currencies, languages, time zones") {
  for (const char* good : {"DE", "US", "ZW", "AD", "AX"})
    CHECK(code(validate_country(good)) == errc::none);
  for (const char* bad : {"", "D", "de", "DEU", "XX", "EU", "UK", "D\xFF"}) {
    CHECK(code(validate_country(bad)) == errc::invalid_value);
  }
  CHECK(minor_units("EUR") == 2u);
  CHECK(minor_units("JPY") == 0u);
  CHECK(minor_units("KWD") == 3u);
  CHECK(minor_units("CLF") == 4u);
  CHECK(minor_units("XAU") == 0u);
  CHECK(minor_units("AED") == 2u);
  CHECK(minor_units("ZWL") == 2u);
  CHECK(!minor_units("eur"));
  CHECK(!minor_units("EUR2"));
  CHECK(!minor_units("EU"));
  CHECK(!minor_units(""));
  for (const char* good :
       {"de", "pt-BR", "zh-Hant-TW", "es-419", "sl-rozaj-biske-1994", "de-CH-1996",
        "en-a-myext-b-another", "zh-cmn-Hans-CN", "de-x-private", "yue", "EN-us"}) {
    CAPTURE(good);
    CHECK(code(validate_language(good)) == errc::none);
  }
  for (const char* bad :
       {"", "d", "german", "de_DE", "de-", "-de", "de--DE", "de-419-DE", "de-a", "en-a-bbb-a-ccc",
        "de-x", "de-toolongsubtag", "x-private", "123", "de-D"}) {
    CAPTURE(bad);
    CHECK(code(validate_language(bad)) == errc::invalid_value);
  }
  for (const char* good :
       {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+1",
        "America/Port-au-Prince", "EST5EDT", "Asia/A_Town_Of_Next_Year", "GMT+0"}) {
    CAPTURE(good);
    CHECK(code(validate_time_zone(good)) == errc::none);
  }
  for (const char* bad :
       {"", "/", "Europe/", "/Berlin", "Europe//Berlin", "+01:00", "Europe/Ber lin", "Mars/Olympus",
        "europe/Berlin", "Berlin", "Europ/Berlin"}) {
    CAPTURE(bad);
    CHECK(code(validate_time_zone(bad)) == errc::invalid_value);
  }
}

TEST_CASE("validate: a value has one form, also where nobody knows what it means") {
  // Members in descending order; the same within a member that is not known; a longer head than is
  // needed; what ends too early; what follows; another kind; a text that is no UTF-8.
  for (const char* hex : {"a2026162016161", "a201616118c8a202000100", "a1011801", "a10162",
                          "a101616100", "a10161c3", "a201616118c861ff", "a201616118c8f7",
                          "a201616118c81801", "a201616118c89f00ff", "a2016161016162"}) {
    CAPTURE(hex);
    const errc told = verdict_of_hex(field::name, hex);
    const bool form = told == errc::invalid_encoding || told == errc::truncated ||
                      told == errc::wrong_type || told == errc::already_exists;
    CHECK(form);
  }
  CHECK(verdict_of_hex(field::name, "a201616118c8a201000200") == errc::none);
  std::string deep = "a201616118c8";
  for (int i = 0; i < 20'000; ++i) deep += "81";
  CHECK(verdict_of_hex(field::name, deep + "00") == errc::limit_exceeded);
}

TEST_CASE("validate: a name shows itself, and nothing else") {
  for (const std::string_view part :
       {" ", "\u00a0", "\u3000\u200b", "Ana\u202eyaR", "\u202aAna", "\u2066Ana\u2069"}) {
    CAPTURE(part);
    CHECK(verdict(field::name, person_name{.given = part, .family = "Ray"}) == errc::invalid_value);
    CHECK(verdict(field::name, person_name{.given = "Ana", .family = part}) == errc::invalid_value);
  }
  // Within a word a joiner may be needed, and marks of direction turn nothing else.
  CHECK(verdict(field::name, person_name{.given = "\u0646\u200c\u06cc\u0645\u0627"}) == errc::none);
  CHECK(verdict(field::name, person_name{.given = "\u05d0\u05e0\u200f \u05d4"}) == errc::none);
}

TEST_CASE("validate: names in many scripts are names") {
  for (const char* text : {"Sánchez", "Ωνάσης", "Шевченко", "محمد", "עמית", "अमित", "王小明",
                           "さくら", "김민준", "Nguyễn", "O’Neil", "Þórður", "ნინო", "Անի", "ສົມຊາຍ",
                           "สมชาย", "D'Angelo-Smith", "X Æ A-12", "🙂"}) {
    CAPTURE(text);
    CHECK(verdict(field::name, person_name{.prefix = {},
                                           .given = text,
                                           .middle = {},
                                           .family = {},
                                           .suffix = {},
                                           .nickname = {},
                                           .phonetic = {}}) == errc::none);
  }
}
