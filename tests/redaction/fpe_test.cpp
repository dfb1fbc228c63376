#include <clientbook/internal/crypto/aes.hpp>
#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/redaction/fpe.hpp>
#include "pseudonym_testing.hpp"

#include <random>
#include <set>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

const std::string bad_argument = "error 1";
const std::string bad_value = "error 22";
const std::string too_small = "error 121";

const crypto::aes_cipher& cipher() {
  static const auto made = crypto::aes_cipher::create(ascending(32));
  REQUIRE(made);
  return *made;
}

std::string sealed(std::string_view text, const fpe_options& options = {},
                   const pseudonym_scope& scope = phones_of_shop) {
  return text_from(
      [&](byte_span to) { return fpe_encrypt(text, cipher().port(), scope, options, to); });
}
std::string opened(std::string_view text, const fpe_options& options = {},
                   const pseudonym_scope& scope = phones_of_shop) {
  return text_from(
      [&](byte_span to) { return fpe_decrypt(text, cipher().port(), scope, options, to); });
}

bool luhn(std::string_view text) {
  std::vector<std::uint8_t> digits;
  for (const char c : text) digits.push_back(static_cast<std::uint8_t>(c - '0'));
  return luhn_valid(digits);
}

}  // namespace

TEST_CASE("fpe: length, alphabet and separators stay") {
  const std::string ssn = sealed("123-45-6789");
  CHECK(ssn != "123-45-6789");
  REQUIRE(ssn.size() == 11);
  CHECK(ssn[3] == '-');
  CHECK(ssn[6] == '-');
  CHECK(ssn.find_first_not_of("0123456789-") == std::string::npos);
  CHECK(opened(ssn) == "123-45-6789");
  const fpe_options upper{.radix = 36, .letters = fpe_letters::upper};
  const std::string vin = sealed("WVWZZZ1JZXW000001", upper);
  CHECK(vin.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos);
  CHECK(opened(vin, upper) == "WVWZZZ1JZXW000001");
  CHECK(sealed("wvwzzz1jzxw000001", upper) == bad_value);
}

TEST_CASE("fpe: property: goes back, 100,000 numbers of any kind") {
  std::mt19937 random(7);
  for (int i = 0; i < 100'000; ++i) {
    CAPTURE(i);
    fpe_options options{.radix = 2 + static_cast<unsigned>(random() % 35),
                        .letters = random() % 2 == 0 ? fpe_letters::lower : fpe_letters::upper,
                        .keep_first = static_cast<unsigned>(random() % 5),
                        .keep_last = static_cast<unsigned>(random() % 5)};
    const std::string_view alphabet = options.letters == fpe_letters::lower
                                          ? "0123456789abcdefghijklmnopqrstuvwxyz"
                                          : "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::string text;
    for (auto count = 28 + random() % 30; count != 0; --count) {
      text += alphabet[random() % options.radix];
      if (random() % 8 == 0) text += " -./()"[random() % 6];
    }
    const std::string hidden = sealed(text, options);
    if (hidden.size() != text.size() || opened(hidden, options) != text) FAIL("not the same");
    for (std::size_t at = 0; at < text.size(); ++at) {
      const bool numeral = alphabet.substr(0, options.radix).find(hidden[at]) != std::string::npos;
      if (numeral ? alphabet.find(text[at]) == std::string::npos : hidden[at] != text[at]) {
        FAIL("another alphabet");
      }
    }
  }
}

TEST_CASE("fpe: bound to tenant, field, version and the numerals that stay") {
  const std::string number = "4000001234567899";
  const auto with = [&](auto change) {
    pseudonym_scope scope = phones_of_shop;
    change(scope);
    return sealed(number, {}, scope);
  };
  const std::set<std::string> all = {sealed(number), with([](auto& s) { s.tenant = "shop 8"; }),
                                     with([](auto& s) { s.field = "faxes"; }),
                                     with([](auto& s) { s.version = 2; })};
  CHECK(all.size() == 4);
  const fpe_options middle{.what = fpe_kind::card, .keep_first = 6, .keep_last = 4};
  const std::string one = sealed(number, middle);
  CHECK(one.substr(0, 6) == "400000");
  CHECK(one.substr(12) == "7899");
  CHECK(sealed("4000011234567899", middle).substr(6, 6) != one.substr(6, 6));
  CHECK(sealed("4000001234567898", middle).substr(6, 6) != one.substr(6, 6));
  CHECK(opened(one, middle) == number);
}

TEST_CASE("fpe: with a check digit the Luhn sum stays right") {
  std::mt19937 random(11);
  const fpe_options card{.what = fpe_kind::card, .check = fpe_check::luhn};
  for (int i = 0; i < 2'000; ++i) {
    std::string text;
    for (auto count = 11 + random() % 8; count != 0; --count) {
      text += static_cast<char>('0' + random() % 10);
    }
    text += '0';
    while (!luhn(text)) ++text.back();
    const std::string hidden = sealed(text, card);
    CHECK(hidden.size() == text.size());
    CHECK(luhn(hidden));
    CHECK(opened(hidden, card) == text);
    ++text[3] > '9' ? text[3] = '0' : text[3];
    CHECK(sealed(text, card) == bad_value);  // A wrong check digit would not come back.
  }
  const fpe_options with_bin{.what = fpe_kind::card, .check = fpe_check::luhn, .keep_first = 6};
  const std::string hidden = sealed("4111111111111111", with_bin);
  CHECK(hidden.substr(0, 6) == "411111");
  CHECK(luhn(hidden));
  CHECK(opened(hidden, with_bin) == "4111111111111111");
}

TEST_CASE("fpe: a phone number keeps its country and has 7 national digits at least") {
  const fpe_options phone{.what = fpe_kind::phone};
  for (const std::string text :
       {"+49 30 1234567", "+1 (425) 555-0100", "0049 30 1234567", "1234567", "+353 1 234 5678"}) {
    const std::string hidden = sealed(text, phone);
    CHECK(hidden != text);
    CHECK(hidden.size() == text.size());
    CHECK(opened(hidden, phone) == text);
  }
  CHECK(sealed("+49 30 1234567", phone).starts_with("+49 "));
  CHECK(sealed("+353 1 234 5678", phone).starts_with("+353 "));
  CHECK(sealed("0049 30 1234567", phone).starts_with("0049 "));
  CHECK(sealed("123456", phone) == too_small);
  CHECK(sealed("+49 123456", phone) == too_small);
  CHECK(sealed("0049 123456", phone) == too_small);
  CHECK(sealed("+", phone) == too_small);
  CHECK(sealed("12+34567890", phone) == bad_value);
}

TEST_CASE("fpe: fewer than a million values are refused") {
  CHECK(sealed("98011") == too_small);  // A ZIP code,
  CHECK(sealed("123") == too_small);    // a verification code,
  CHECK(sealed("1234") == too_small);   // a PIN,
  CHECK(sealed("05-17") == too_small);  // day and month,
  const auto middle = [](unsigned first, unsigned last) {
    return sealed("4111111111111111",
                  {.what = fpe_kind::card, .keep_first = first, .keep_last = last});
  };
  CHECK(middle(8, 4) == too_small);  // and what is left of a card behind BIN 8.
  CHECK(middle(8, 3) == too_small);
  CHECK(middle(8, 2).size() == 16);
  CHECK(middle(6, 4).size() == 16);  // The limit: 10^6.
  CHECK(sealed("411111111116", {.what = fpe_kind::card, .keep_first = 6, .keep_last = 1}) ==
        too_small);
  const auto checked = [](std::string_view text) {
    return sealed(text, {.check = fpe_check::luhn});
  };
  CHECK(checked("123455") == too_small);  // Five digits and a check digit.
  CHECK(checked("1234566").size() == 7);
  CHECK(sealed("") == too_small);
  CHECK(sealed("123456", {.keep_first = 64}) == too_small);
}

TEST_CASE("fpe: codes, PINs, postal codes and days are refused at any length") {
  for (const fpe_kind what : {fpe_kind::postal_code, fpe_kind::card_verification_code,
                              fpe_kind::pin, fpe_kind::day_and_month}) {
    CHECK(sealed("123456789012", {.what = what}) == too_small);
    CHECK(opened("123456789012", {.what = what}) == too_small);
  }
}

TEST_CASE("fpe: options, scopes and ciphers that do not fit are refused") {
  const auto with = [](fpe_options options) { return sealed("4111111111111111", options); };
  CHECK(with({.radix = 1}) == bad_argument);
  CHECK(with({.radix = 37}) == bad_argument);
  CHECK(with({.what = fpe_kind::phone, .radix = 16}) == bad_argument);
  CHECK(with({.what = fpe_kind::card, .radix = 16}) == bad_argument);
  CHECK(with({.radix = 16, .check = fpe_check::luhn}) == bad_argument);
  CHECK(with({.check = fpe_check::luhn, .keep_last = 4}) == bad_argument);
  CHECK(with({.what = fpe_kind::card, .keep_first = 9}) == bad_argument);
  CHECK(with({.what = fpe_kind::card, .keep_last = 5}) == bad_argument);
  CHECK(with({.what = fpe_kind::phone, .keep_first = 1}) == bad_argument);
  CHECK(with({.what = static_cast<fpe_kind>(99)}) == bad_argument);
  CHECK(with({.keep_last = 65}) == bad_argument);
  CHECK(sealed("123456789", {}, {}) == bad_argument);
  const auto by = [](const crypto::block_cipher& port) {
    return text_from(
        [&](byte_span to) { return fpe_encrypt("123456789", port, phones_of_shop, {}, to); });
  };
  const auto short_key = crypto::aes_cipher::create(ascending(16));
  CHECK(by(short_key->port()) == bad_argument);
  CHECK(by({}) == bad_argument);
}

TEST_CASE("fpe: other characters, lengths and buffers too small are refused") {
  CHECK(sealed("12345678a") == bad_value);
  CHECK(sealed("123456789\xc2\xa0") == bad_value);
  CHECK(sealed("+123456789") == bad_value);
  CHECK(sealed(std::string(65, '1')) == bad_value);
  CHECK(sealed(std::string(64, '1')).size() == 64);
  CHECK(sealed("41111111116", {.what = fpe_kind::card}) == bad_value);
  CHECK(sealed(std::string(20, '1'), {.what = fpe_kind::card}) == bad_value);
  std::vector<std::byte> room(10, std::byte{0xEE});
  const auto done = fpe_encrypt("123-45-6789", cipher().port(), phones_of_shop, {}, room);
  CHECK(done.error().code == errc::buffer_too_small);
  CHECK(done.error().at == 11);
  CHECK(room == std::vector<std::byte>(10, std::byte{0xEE}));
}
