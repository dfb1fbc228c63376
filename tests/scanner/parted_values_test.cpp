// Values in signs and digits that nobody types by chance: groups parted by anything, digits in
// circles and exponents, marks that nobody sees.
#include <clientbook/scanner/scan.hpp>

#include <string>
#include <vector>

#include "testing.hpp"

using namespace clientbook;

namespace {

std::string redacted(std::string_view text, std::string_view region = "US") {
  const std::string_view regions[] = {region};
  scan_options options;
  options.regions = regions;
  std::vector<text_entity> memory(256);
  const auto found = scan(text, options, memory);
  REQUIRE(found);
  std::string out;
  std::size_t kept = 0;
  for (const text_entity& one : *found) {
    out += text.substr(kept, one.begin - kept);
    out += '<' + std::string(name_of(one.type)) + '>';
    kept = one.end;
  }
  return out += text.substr(kept);
}

std::string joined(std::initializer_list<std::string_view> groups, std::string_view sign) {
  std::string out;
  for (const std::string_view one : groups) (out += out.empty() ? "" : sign) += one;
  return out;
}

// Each digit of the text as the sign at its place.
std::string drawn(std::string_view text, const std::vector<std::string>& digits) {
  std::string out;
  for (const char c : text) {
    out += c >= '0' && c <= '9' ? digits[static_cast<std::size_t>(c - '0')] : std::string(1, c);
  }
  return out;
}

std::vector<std::string> row_of(std::initializer_list<std::string_view> signs) {
  return {signs.begin(), signs.end()};
}

constexpr std::string_view parting[] = {
    ":",     "'",      "\u2019", "#",   "=",  "    ", "\u3002", "\u0085",
    "\v",    "\f",     "+",      "^",   "\"", "_",    ">",      "&",
    "`",     "\u2044", "::",     " : ", ";",  " = ",  "  -  ",  "\u00A0\u00A0\u00A0\u00A0",
    "\u2014"};

}  // namespace

TEST_CASE("scan: groups that any one sign parts are a value beside their word") {
  for (const std::string_view sign : parting) {
    CAPTURE(sign);
    for (const std::string_view word : {"card: ", "Karte ", "tarjeta "}) {
      const std::string card = joined({"4111", "1111", "1111", "1111"}, sign);
      CHECK(redacted(std::string(word) + card + " x") == std::string(word) + "<payment_card> x");
    }
    CHECK(redacted("SSN " + joined({"627", "24", "7170"}, sign)) == "SSN <national_id>");
    const std::string account = joined({"DE89", "3704", "0044", "0532", "0130", "00"}, sign);
    CHECK(redacted("pay to " + account + " x") == "pay to <iban> x");
  }
  // A card by its check needs no word, but in a list.
  CHECK(redacted("note 4111:1111:1111:1111 x") == "note <payment_card> x");
  CHECK(redacted("4111,1111,1111,1111") == "4111,1111,1111,1111");
  CHECK(redacted("card 4111,1111,1111,1111") == "card <payment_card>");
  // The last of its groups may be shorter.
  CHECK(redacted("card 6759\t1316\t0053\t1577\t462 x") == "card <payment_card> x");
  CHECK(redacted("cc: 4159\t3675\t3910\t3") == "cc: <payment_card>");
  CHECK(redacted("call 212:555:0187") == "call <phone_number>");
}

TEST_CASE("scan: groups that signs part are none without a word, a check or enough digits") {
  for (const std::string_view text :
       {"4111:1111:1111:1112", "code 627#24#7170 x", "see 627#24#7170 x", "call 10:30:45",
        "Tel. 10:00:18:00", "4111:1111", "4111:1111;1111:1111", "sizes 4111, 4112, 4113, 4114",
        "SSN 627, 24, 7170", "12:30:45.123", "card 40,42,44,46,48", "prices 120=240=360"}) {
    CAPTURE(text);
    CHECK(redacted(text) == text);
  }
}

TEST_CASE("scan: an account number is one whatever parts its fours or its country") {
  for (const std::string_view text :
       {"N L91 ABNA 0417 1643 00", "G B82 WEST 1234 5698 7654 32", "D E 89 3704 0044 0532 0130 00",
        "DE89\t3704\t0044\t0532\t0130\t00", "GB82\tWEST\t1234\t5698\t7654\t32",
        "D-E-8-9-3-7-0-4-0-0-4-4-0-5-3-2-0-1-3-0-0-0"}) {
    CAPTURE(text);
    CHECK(redacted("iban " + std::string(text) + " please") == "iban <iban> please");
  }
  // Small letters are of words, and so is what stands before the first letter.
  CHECK(redacted("n L91 ABNA 0417 1643 00").find("<iban>") == std::string::npos);
  CHECK(redacted("SIZEN L91 ABNA 0417 1643 00").find("<iban>") == std::string::npos);
  CHECK(redacted("N L91 abna 0417 1643 00").find("<iban>") == std::string::npos);
  // A sentence whose letters pass the check.
  CHECK(redacted("at 46/36\nArtikel 506329\nref #52/36").find("<iban>") == std::string::npos);
  // Only fours are parted by anything.
  CHECK(redacted("DE8:9370:4004:4053:2013:000").find("<iban>") == std::string::npos);
}

TEST_CASE("scan: digits in circles, exponents and keycaps are digits of a value") {
  std::vector<std::string> keycaps;
  for (char c = '0'; c <= '9'; ++c) keycaps.push_back(std::string(1, c) + "\uFE0F\u20E3");
  const std::vector<std::vector<std::string>> rows = {
      keycaps,
      row_of({"⓪", "①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨"}),
      row_of({"⓿", "❶", "❷", "❸", "❹", "❺", "❻", "❼", "❽", "❾"}),
      row_of({"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"}),
      row_of({"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"}),
      row_of({"🄋", "➀", "➁", "➂", "➃", "➄", "➅", "➆", "➇", "➈"}),
      row_of({"🄀", "⒈", "⒉", "⒊", "⒋", "⒌", "⒍", "⒎", "⒏", "⒐"}),
      row_of({"🄁", "🄂", "🄃", "🄄", "🄅", "🄆", "🄇", "🄈", "🄉", "🄊"})};
  for (const std::vector<std::string>& digits : rows) {
    CAPTURE(digits[1]);
    CHECK(redacted("my card " + drawn("4111 1111 1111 1111", digits) + " x") ==
          "my card <payment_card> x");
    CHECK(redacted("a note " + drawn("4111-1111-1111-1111", digits)) == "a note <payment_card>");
    CHECK(redacted("paid: " + drawn("4111111111111111", digits)) == "paid: <payment_card>");
    CHECK(redacted("SSN " + drawn("627-24-7170", digits)) == "SSN <national_id>");
    CHECK(redacted("iban DE" + drawn("89 3704 0044 0532 0130 00", digits)) == "iban <iban>");
    CHECK(redacted("call " + drawn("212-555-0187", digits)) == "call <phone_number>");
  }
  for (const std::string_view text :
       {"120 m² and 35 m³", "see note¹²³", "size ③⑧, ④⓪", "steps ① ② ③ ④ ⑤ ⑥", "CO₂ 10⁶"}) {
    CAPTURE(text);
    CHECK(redacted(text) == text);
  }
}

TEST_CASE("scan: what nobody sees parts no value") {
  for (const std::string_view mark :
       {"\u061C", "\u200E", "\u200F", "\u202A", "\u202C", "\u2066", "\u2069", "\u200B", "\u00AD"}) {
    CAPTURE(mark);
    const std::string in(mark);
    CHECK(redacted("card 4111 11" + in + "11 1111 1111") == "card <payment_card>");
    CHECK(redacted("iban DE89 3704 00" + in + "44 0532 0130 00") == "iban <iban>");
    CHECK(redacted("ssn 627-2" + in + "4-7170") == "ssn <national_id>");
    CHECK(redacted("call 212-5" + in + "55-0187") == "call <phone_number>");
    CHECK(redacted("mail zo" + in + "e.miller@exa" + in + "mple.com x") ==
          "mail <email_address> x");
  }
  CHECK(redacted("mail ｚｏｅ．ｍ＠ｅｘａｍｐｌｅ．ｃｏｍ x") == "mail <email_address> x");
  CHECK(redacted("card 5\u0455\u0405\u0455 5555 5555 4444") == "card <payment_card>");
}
