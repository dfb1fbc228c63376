#include <clientbook/internal/unicode/graphemes.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/redaction/redaction.hpp>
#include "data.hpp"
#include "testing.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

using namespace clientbook;

namespace {

// What an operator wrote, or "error <code>".
std::string shown(const result<std::string_view>& done) {
  if (done) return std::string(*done);
  return "error " + std::to_string(static_cast<int>(done.error().code));
}
std::string masked(std::string_view text, const mask_options& options = {}) {
  std::vector<std::byte> room(text.size() + 128);
  return shown(mask(text, options, room));
}
std::string email(std::string_view text, email_domain domain = email_domain::hidden) {
  std::array<std::byte, 300> room;
  return shown(mask_email(text, domain, room));
}
std::string phone(std::string_view text) {
  std::array<std::byte, 64> room;
  return shown(mask_phone(text, room));
}
std::string card(std::string_view text, const card_options& options = {}) {
  std::array<std::byte, 64> room;
  return shown(mask_card(text, options, room));
}
std::vector<std::string> graphemes(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = grapheme_at(text, at);
    if (size == 0) return {"not UTF-8"};
    out.emplace_back(text.substr(at, size));
    at += size;
  }
  return out;
}
const std::string invalid = "error " + std::to_string(static_cast<int>(errc::invalid_value));
const std::string not_utf8 = "error " + std::to_string(static_cast<int>(errc::invalid_encoding));
const std::string bad_option = "error " + std::to_string(static_cast<int>(errc::invalid_argument));

}  // namespace

TEST_CASE("mask: shows first and last, hides at least half and at least four") {
  CHECK(masked("Sanchez") == "S******");
  CHECK(masked("Sanchez", {.first = 2, .last = 1}) == "Sa****z");
  CHECK(masked("Sanchez", {.first = 2, .last = 2}) == "*******");  // Three hidden: all.
  CHECK(masked("Schwarzenegger", {.first = 4, .last = 3}) == "Schw*******ger");
  CHECK(masked("Schwarzenegger", {.first = 4, .last = 4}) == "**************");
  CHECK(masked("Kenia") == "K****");
  CHECK(masked("Kent") == "****");
  CHECK(masked("K") == "*");
  CHECK(masked("") == "");
  CHECK(masked("Sanchez", {.first = 0, .last = 2}) == "*****ez");
  CHECK(masked("Sanchez", {.character = '#'}) == "S######");
}

TEST_CASE("mask: counts characters, not bytes") {
  CHECK(masked("Sa\xCC\x81nchez") == "S******");
  CHECK(masked("\xC3\x85kerblom") == "\xC3\x85*******");
  CHECK(masked("A\xCC\x8Akerblom") == "A\xCC\x8A*******");
  const std::string family =
      "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7";
  CHECK(masked(family + "abcd") == family + "****");
  CHECK(masked(family + "abc") == "****");
  // Right to left: first is the first in memory, the one a reader sees rightmost.
  CHECK(masked("\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D\xD7\x94") == "\xD7\xA9****");
}

TEST_CASE("mask: a character that is a text in disguise is hidden") {
  std::string tagged = "K";
  for (const char c : std::string("enneth Sanchez")) {
    tagged += "\xF3\xA0\x81";
    tagged += static_cast<char>(0x80 + (c & 0x3F));
  }
  CHECK(graphemes(tagged).size() == 1);
  CHECK(masked(tagged + "abcdef") == "*******");
}

TEST_CASE("mask: separators stay on request and do not count") {
  const mask_options keep{.first = 0, .last = 2, .keep = separators::kept};
  CHECK(masked("123-45-6789", keep) == "***-**-**89");
  CHECK(masked("12-34", keep) == "**-**");
  CHECK(masked("- -", keep) == "- -");
}

TEST_CASE("mask: a fixed length does not tell how long the text was") {
  const mask_options fixed{.first = 1, .keep = separators::kept, .fixed_length = 6};
  CHECK(masked("Sanchez", fixed) == "S******");
  CHECK(masked("Schwarzenegger", fixed) == "S******");
  CHECK(masked("O'Brien-Smith", fixed) == "O******");
  CHECK(masked("Ken", fixed) == "******");
  CHECK(masked("", fixed) == "******");
  CHECK(masked("Schwarzenegger", {.first = 1, .last = 2, .fixed_length = 3}) == "S***er");
}

TEST_CASE("mask: what is not UTF-8 is not shown, options out of range are refused") {
  for (const char* bad : {"\xFF"
                          "anchez",
                          "Sanchez\xC3",
                          "\xED\xA0\x80"
                          "abcdef",
                          "\xC0\xAF"
                          "abcd"}) {
    CHECK(masked(bad) == not_utf8);
  }
  CHECK(masked("Sanchez", {.first = 65}) == bad_option);
  CHECK(masked("Sanchez", {.last = ~0U}) == bad_option);
  CHECK(masked("Sanchez", {.character = 'x'}) == bad_option);
  CHECK(masked("Sanchez", {.character = '7'}) == bad_option);
  CHECK(masked("Sanchez", {.character = ' '}) == bad_option);
  CHECK(masked("Sanchez", {.character = '\n'}) == bad_option);
  CHECK(masked("Sanchez", {.character = '\xE2'}) == bad_option);
  CHECK(masked("Sanchez", {.fixed_length = 65}) == bad_option);
  std::array<std::byte, 6> small{};
  const auto done = mask("Sanchez", {}, small);
  CHECK(done.error().code == errc::buffer_too_small);
  CHECK(done.error().at == 7);
  CHECK(small == std::array<std::byte, 6>{});
}

TEST_CASE("mask: no run of four hidden characters survives") {
  // Every character once, so that a run in the output can only come from where it stood.
  std::vector<std::string> alphabet;
  for (char c = 'A'; c <= 'Z'; ++c) alphabet.emplace_back(1, c);
  for (char32_t c = 0x3B1; c <= 0x3C9; ++c) {
    alphabet.push_back({static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 0x3F))});
  }
  for (unsigned c = 0; c < 26; ++c) {
    alphabet.push_back(std::string("\xF0\x9F\x98") + static_cast<char>(0x80 + c));
  }
  std::mt19937 random(4);
  for (int round = 0; round < 3000; ++round) {
    std::shuffle(alphabet.begin(), alphabet.end(), random);
    const std::size_t size = random() % alphabet.size();
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += alphabet[i];
    const mask_options options{.first = static_cast<unsigned>(random() % 30),
                               .last = static_cast<unsigned>(random() % 30),
                               .fixed_length = static_cast<unsigned>(random() % 2 * 5)};
    const std::string out = masked(text, options);
    std::size_t survived = 0;
    for (std::size_t i = 0; i < size; ++i) {
      survived += out.find(alphabet[i]) != std::string::npos ? 1U : 0U;
    }
    CAPTURE(size);
    CHECK(survived * 2 <= size);
    CHECK((survived == 0 || size - survived >= 4));
    for (std::size_t i = options.first; i + 4 <= size - std::min<std::size_t>(size, options.last);
         ++i) {
      const std::string run = alphabet[i] + alphabet[i + 1] + alphabet[i + 2] + alphabet[i + 3];
      CHECK(out.find(run) == std::string::npos);
    }
    if (options.fixed_length == 0) CHECK(masked(out, options) == out);  // Idempotent.
  }
}

TEST_CASE("mask: hostile strings give valid text of no more characters, or an error") {
  const auto path = testing::data("hostile-strings/blns.json");
  if (!path) return;
  std::ifstream file(*path, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  std::size_t tried = 0;
  for (std::size_t at = all.find('"'); at != std::string::npos;) {
    const std::size_t end = all.find("\"", at + 1);
    if (end == std::string::npos) break;
    const std::string_view text = std::string_view(all).substr(at + 1, end - at - 1);
    for (const unsigned ends : {0U, 1U, 3U}) {
      const std::string out = masked(text, {.first = ends, .last = ends});
      if (out == not_utf8) continue;
      CHECK(valid_utf8(out));
      CHECK(graphemes(out).size() <= graphemes(text).size());
      ++tried;
    }
    for (const std::string& out : {email(text), phone(text), card(text)}) CHECK(valid_utf8(out));
    at = end;
  }
  CHECK(tried > 1000);
}

TEST_CASE("mask_email: first character, the domain on request") {
  CHECK(email("ken0@adventure-works.com") == "k***@***");
  CHECK(email("ken0@adventure-works.com", email_domain::shown) == "k***@adventure-works.com");
  CHECK(email("k@example.com", email_domain::shown) == "***@example.com");
  CHECK(email("\xC3\xBC"
              "mit@example.com") == "\xC3\xBC***@***");
  CHECK(email("u\xCC\x88mit@example.com") == "u\xCC\x88***@***");
  CHECK(email("e\xCC\x81@example.com") == "***@***");
  for (const char* bad : {"", "ken", "ken@", "@example.com", "ken@@example.com", "a b@example.com",
                          "ken@exa mple.com", "\"a@b\"@example.com", "ken@1.2.3.4"}) {
    CAPTURE(bad);
    CHECK(email(bad) == invalid);
  }
  CHECK(email("ken\xFF@example.com") == not_utf8);
}

TEST_CASE("mask_phone: country code and the last two digits") {
  CHECK(phone("+49 30 1234567") == "+49 ***67");
  CHECK(phone("0049 30 1234567") == "+49 ***67");
  CHECK(phone("+1 (212) 555-0187") == "+1 ***87");
  CHECK(phone("+420 601 123 456") == "+420 ***56");
  CHECK(phone("212.555.0187") == "***87");
  CHECK(phone("030/1234567") == "***67");
  CHECK(phone("\xEF\xBC\x8B\xEF\xBC\x94\xEF\xBC\x99 30 1234567") == "+49 ***67");
  CHECK(phone("\xD9\xA0\xD9\xA1\xD9\xA2\xD9\xA3\xD9\xA4\xD9\xA5") == "***45");
  CHECK(phone("12345") == "***");  // Fewer than four would be hidden.
  CHECK(phone("+49 12345") == "***");
  CHECK(phone("1") == "***");
  for (const char* bad :
       {"", "+", "call me", "555-KEN", "1+2", "++49 30 1234567", "123456789012345678901"}) {
    CAPTURE(bad);
    CHECK(phone(bad) == invalid);
  }
  CHECK(phone("\xFF") == not_utf8);
}

TEST_CASE("mask_card: never more than BIN and last four") {
  CHECK(card("4111 1111 1111 1234") == "************1234");
  CHECK(card("4111-1111-1111-1234", {.bin = 6}) == "411111******1234");
  CHECK(card("4111111111111234", {.bin = 8}) == "41111111****1234");
  CHECK(card("378282246310005", {.bin = 8}) == "378282*****0005");
  CHECK(card("30569309025904", {.bin = 6}) == "**********5904");
  CHECK(card("4111111111111234", {.last = 0}) == "****************");
  CHECK(card("6304000000000000001", {.bin = 8}) == "63040000*******0001");
  for (const char* bad : {"", "41111111111", "41111111111111111111", "4111x11111111234",
                          "+4111111111111234", "4111111111111234 12/27"}) {
    CAPTURE(bad);
    CHECK(card(bad) == invalid);
  }
  CHECK(card("4111111111111234", {.bin = 7}) == bad_option);
  CHECK(card("4111111111111234", {.bin = 10}) == bad_option);
  CHECK(card("4111111111111234", {.last = 5}) == bad_option);
  for (std::size_t size = 12; size <= 19; ++size) {
    for (const unsigned bin : {0U, 6U, 8U}) {
      const std::string out = card(std::string(size, '7'), {.bin = bin});
      CHECK(out.size() == size);
      CHECK(std::count(out.begin(), out.end(), '*') >= 4);
    }
  }
}
