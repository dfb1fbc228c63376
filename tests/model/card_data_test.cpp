#include "processor_time.hpp"
#include "testing.hpp"

#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace clientbook;

namespace {

bool found(std::string_view text) { return find_card_number(text).has_value(); }

std::string_view part(std::string_view text) {
  const auto range = find_card_number(text);
  return range ? text.substr(range->begin, range->end - range->begin) : std::string_view{};
}

// The number with the last digit put right.
std::string with_luhn(std::string digits) {
  for (char last = '0'; last <= '9'; ++last) {
    digits.back() = last;
    std::vector<std::uint8_t> values;
    for (const char c : digits) values.push_back(static_cast<std::uint8_t>(c - '0'));
    if (luhn_valid(values)) return digits;
  }
  return {};
}

}  // namespace

TEST_CASE("card: the issuers' published test numbers are found") {
  for (const char* number :
       {"4111111111111111", "4012888888881881", "4222222222222",    "4000000000000000006",
        "5555555555554444", "5105105105105100", "2223003122003222", "2720990000000007",
        "378282246310005",  "371449635398431",  "6011111111111117", "6011000990139424",
        "30569309025904",   "38520000023237",   "3530111333300000", "3566002020360505",
        "6200000000000005", "6759649826438453", "6304000000000000", "2200000000000004",
        "36227206271667",   "180000000000002"}) {
    CAPTURE(number);
    std::string text = with_luhn(number);
    CHECK(found(text));
    CHECK(part("card " + text + ", thanks") == text);
    text.back() = text.back() == '9' ? '0' : static_cast<char>(text.back() + 1);
    CHECK(!found(text));
  }
}

TEST_CASE("card: one in groups is found, whatever stands between them") {
  for (const char* text :
       {"4111 1111 1111 1111", "4111-1111-1111-1111", "4111.1111.1111.1111",
        "4111  1111  1111  1111", "4111\u00A01111\u00A01111\u00A01111",
        "4111\u20131111\u20131111\u20131111", "4111\n1111\n1111\n1111",
        "4111\r\n1111\r\n1111\r\n1111", "4111 - 1111 - 1111 - 1111",
        "4111\u200B1111\u200B1111\u200B1111", "4111\u202F1111\u202F1111\u202F1111",
        "4111\u20111111\u20111111\u20111111", "3782 822463 10005", "4111\t1111\t1111\t1111",
        "41 1111 1111 1111 11"}) {
    CAPTURE(text);
    CHECK(found(text));
  }
  CHECK(!found("4111    1111    1111    1111"));  // four spaces: columns of a table
  CHECK(!found("4111, 1111, 1111, 1111"));
}

TEST_CASE("card: digits of every script are digits") {
  for (const char* text : {"\uFF14\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11\uFF11"
                           "\uFF11\uFF11\uFF11\uFF11\uFF11",
                           "\u0664\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661"
                           "\u0661\u0661\u0661\u0661\u0661",
                           "\u06F4\u06F1\u06F1\u06F1 \u06F1\u06F1\u06F1\u06F1 "
                           "\u06F1\u06F1\u06F1\u06F1 \u06F1\u06F1\u06F1\u06F1",
                           "\u096A\u0967\u0967\u0967\u0967\u0967\u0967\u0967\u0967\u0967\u0967"
                           "\u0967\u0967\u0967\u0967\u0967",
                           "4\uFE0F\u20E31\uFE0F\u20E31\uFE0F\u20E31\uFE0F\u20E3111111111111"}) {
    CAPTURE(text);
    CHECK(found(text));
  }
}

TEST_CASE("card: digits and letters before or after do not hide it") {
  CHECK(part("2026 4111 1111 1111 1111") == "4111 1111 1111 1111");
  CHECK(part("12 4111 1111 1111 1111 09/28 123") == "4111 1111 1111 1111");
  CHECK(part("visa4111111111111111exp") == "4111111111111111");
  CHECK(part("id_4111111111111111_x") == "4111111111111111");
  CHECK(part("\u5361\u53F74111111111111111\u3002") == "4111111111111111");
  CHECK(found("20264111111111111111"));            // a year glued in front
  CHECK(found("4111111111111111092812345"));       // expiry and more glued behind
  CHECK(found("\xFF\xFE 4111111111111111 \xC3"));  // not UTF-8 around it
  CHECK(part("1 2 3 4 5 6 7 8 9 4111111111111111") == "4111111111111111");
}

TEST_CASE("card: other numbers are left alone") {
  for (const char* text :
       {"", "4111", "4111111111111112", "1234567890123456", "0000000000000000",
        "DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "GB82WEST12345698765432",
        "697-555-0142", "1 (11) 500 555-0162", "2011-05-31 10:30:45", "AW00011000",
        "+49 1512 3456789", "+63 917 123 4567", "0049 1512 3456789", "978-3-16-148410-0",
        "\u2460\u2461\u2462 4111"}) {
    CAPTURE(text);
    CHECK(!found(text));
  }
}

TEST_CASE("card: a phone number written internationally is no Visa of 13 digits or Maestro") {
  // All valid by Luhn and within an issuer's beginning.
  const std::string german = with_luhn("4915123456780");
  const std::string filipino = with_luhn("639171234560");
  for (const std::string& number : {german, filipino}) {
    CAPTURE(number);
    CHECK(found(number));
    CHECK(!found("+" + number));
    CHECK(!found("call +" + number + ", please"));
    CHECK(!found("00" + number));
    CHECK(!find_card_number(number, 0, card_ranges::not_phone_like));
  }
  CHECK(found("+4111 1111 1111 1111"));               // too long for a phone
  CHECK(found("+49 30 901820 4111 1111 1111 1111"));  // one after the other
  CHECK(find_card_number("378282246310005", 0, card_ranges::not_phone_like));
}

TEST_CASE("card: magnetic tracks are found by their sentinels") {
  const auto track = [](std::string_view text) { return find_card_track(text).has_value(); };
  CHECK(track("%B4111111111111112^DOE/JANE^2512101000000000?"));
  CHECK(track("swipe %b3742 4545 5400 126^X^99"));
  CHECK(track(";4111111111111112=25121010000000000?"));
  CHECK(track("a;;4111111111111112=1"));
  CHECK(!track("100%B 12^2"));
  CHECK(!track("a;b;123=4"));
  CHECK(!track(";12345678901 =x"));
  CHECK(!track(";4111111111111112"));
}

TEST_CASE("card: property: every issued number is found in every layout") {
  std::mt19937 random(99);
  const char* const begins[] = {"4",   "51", "55", "2221", "2720", "34", "37", "6011", "65",
                                "644", "36", "38", "3528", "3589", "62", "50", "58",   "67"};
  const char* const separators[] = {"", " ", "-", ".", "  ", "\u00A0", "\u2013", "\n"};
  for (int i = 0; i < 20'000; ++i) {
    std::string digits = begins[random() % std::size(begins)];
    const std::size_t size =
        digits[0] == '3' && digits[1] != '5' && digits[1] != '6' && digits[1] != '8' ? 15
        : digits == "36" || digits == "38"                                           ? 14
                                                                                     : 16;
    while (digits.size() < size) digits += static_cast<char>('0' + random() % 10);
    digits = with_luhn(digits);
    const std::string separator = separators[random() % std::size(separators)];
    std::string text = random() % 2 == 0 ? "paid with " : "ref 77 ";
    for (std::size_t at = 0; at < digits.size(); ++at) {
      if (at > 0 && at % 4 == 0) text += separator;
      text += digits[at];
    }
    text += random() % 2 == 0 ? " 12/27" : "x";
    CAPTURE(text);
    REQUIRE(found(text));
  }
}

TEST_CASE(
    "card: property: few random order numbers are taken for cards, fewer than Luhn and issuer") {
  std::mt19937_64 random(1);
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string digits;
    for (int n = 0; n < 10; ++n) digits += static_cast<char>('0' + random() % 10);
    taken += found("order " + digits + " of 2026-05-04, 3 x") ? 1 : 0;
  }
  CHECK(taken == 0);  // shorter than any card number
}

TEST_CASE("card: time doubles when the text doubles") {
  const auto seconds = [](const std::string& text) {
    double best = 1e9;
    for (int i = 0; i < 3; ++i) {
      const double start = testing::processor_seconds();
      const bool hit = found(text) || find_card_track(text).has_value();
      const double spent = testing::processor_seconds() - start;
      if (!hit) best = std::min(best, spent);
    }
    return best;
  };
  for (const std::string unit : {"1", "4", "4 ", "1 1-", ";1", "%B1", "a", "\u0661 "}) {
    CAPTURE(unit);
    std::string small;
    while (small.size() < 100'000) small += unit;
    const std::string large = small + small + small + small;
    if (found(large)) continue;
    CHECK(seconds(large) < 16 * seconds(small) + 0.01);
  }
}
