#include <clientbook/base/ids.hpp>
#include <clientbook/internal/crypto/aes.hpp>
#include <clientbook/internal/redaction/ff1.hpp>
#include "testing.hpp"

#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace clientbook;

namespace {

using numerals = std::vector<std::uint8_t>;

std::vector<std::byte> unhex(const std::string& text) {
  std::vector<std::byte> out(text.size() / 2);
  REQUIRE(parse_hex(text, out));
  return out;
}
numerals numerals_of(const std::string& text) {
  numerals out;
  for (const char c : text) {
    out.push_back(static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10));
  }
  return out;
}

crypto::aes_cipher aes_256() {
  std::vector<std::byte> key(32, std::byte{0x5a});
  auto made = crypto::aes_cipher::create(key);
  REQUIRE(made);
  return std::move(*made);
}

std::size_t check_file(const std::string& name) {
  std::ifstream in(std::string(CLIENTBOOK_SOURCE_DIR) + "/tests/vectors/ff1/" + name);
  std::size_t count = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("#")) continue;
    CAPTURE(line);
    std::istringstream columns(line);
    std::string key;
    std::string tweak;
    std::string plaintext;
    std::string ciphertext;
    unsigned radix = 0;
    columns >> key >> radix >> tweak >> plaintext >> ciphertext;
    REQUIRE_FALSE(columns.fail());
    const auto bound = tweak == "-" ? std::vector<std::byte>() : unhex(tweak);
    const auto cipher = crypto::aes_cipher::create(unhex(key));
    REQUIRE(cipher);
    numerals text = numerals_of(plaintext);
    REQUIRE(ff1::encrypt(cipher->port(), radix, bound, text));
    CHECK(text == numerals_of(ciphertext));
    REQUIRE(ff1::decrypt(cipher->port(), radix, bound, text));
    CHECK(text == numerals_of(plaintext));
    ++count;
  }
  return count;
}

errc refused(unsigned radix, std::size_t length) {
  const crypto::aes_cipher cipher = aes_256();
  numerals text(length);
  const auto sealed = ff1::encrypt(cipher.port(), radix, {}, text);
  const auto opened = ff1::decrypt(cipher.port(), radix, {}, text);
  CHECK(sealed.has_value() == opened.has_value());
  return sealed ? errc::none : sealed.error().code;
}

}  // namespace

TEST_CASE("ff1: the nine samples of NIST, AES-128, 192 and 256") {
  CHECK(check_file("nist.txt") == 9);
}

TEST_CASE("ff1: every radix and length that a second implementation made") {
  CHECK(check_file("own.txt") >= 170);
}

TEST_CASE("ff1: property: decrypting what was encrypted gives it back, in the same alphabet") {
  const crypto::aes_cipher cipher = aes_256();
  std::mt19937 random(20240501);
  for (int i = 0; i < 100'000; ++i) {
    CAPTURE(i);
    const auto radix = static_cast<unsigned>(2 + random() % 35);
    std::size_t least = 2;
    for (double domain = radix * radix; domain < 1e6; domain *= radix) ++least;
    numerals text(least + random() % (ff1::max_length + 1 - least));
    for (auto& each : text) each = static_cast<std::uint8_t>(random() % radix);
    std::vector<std::byte> tweak(random() % 40);
    for (auto& each : tweak) each = static_cast<std::byte>(random());
    const numerals before = text;
    bool good = ff1::encrypt(cipher.port(), radix, tweak, text).has_value();
    for (const auto each : text) good = good && each < radix;
    good = good && ff1::decrypt(cipher.port(), radix, tweak, text).has_value();
    if (!good || text != before) FAIL("not the same");
  }
}

TEST_CASE("ff1: of a whole domain every string comes out once") {
  const crypto::aes_cipher cipher = aes_256();
  std::vector<bool> seen(1'000'000);
  for (unsigned number = 0; number < seen.size(); ++number) {
    numerals text(6);
    for (unsigned i = 0, rest = number; i < 6; ++i, rest /= 10) {
      text[5 - i] = static_cast<std::uint8_t>(rest % 10);
    }
    if (!ff1::encrypt(cipher.port(), 10, {}, text)) FAIL("refused");
    unsigned out = 0;
    for (const auto each : text) out = 10 * out + each;
    if (seen[out]) FAIL("twice");
    seen[out] = true;
  }
}

TEST_CASE("ff1: fewer than a million strings are refused") {
  CHECK(refused(10, 5) == errc::domain_too_small);
  CHECK(refused(10, 6) == errc::none);
  CHECK(refused(2, 19) == errc::domain_too_small);
  CHECK(refused(2, 20) == errc::none);
  CHECK(refused(36, 3) == errc::domain_too_small);
  CHECK(refused(36, 4) == errc::none);
  CHECK(refused(31, 4) == errc::domain_too_small);  // 923,521
  CHECK(refused(32, 4) == errc::none);              // 1,048,576
  for (std::size_t length = 0; length < 6; ++length) {
    CHECK(refused(10, length) == errc::domain_too_small);
  }
}

TEST_CASE("ff1: radix, length, numerals, tweak and cipher out of range are refused") {
  for (const unsigned radix : {0U, 1U, 37U, 256U})
    CHECK(refused(radix, 30) == errc::invalid_argument);
  CHECK(refused(10, ff1::max_length) == errc::none);
  CHECK(refused(10, ff1::max_length + 1) == errc::invalid_argument);
  const crypto::aes_cipher cipher = aes_256();
  numerals text(9);
  text[4] = 10;
  const numerals before = text;
  CHECK(ff1::encrypt(cipher.port(), 10, {}, text).error().code == errc::invalid_value);
  CHECK(text == before);
  text[4] = 9;
  CHECK(ff1::encrypt({}, 10, {}, text).error().code == errc::invalid_argument);
  const std::vector<std::byte> tweak(ff1::max_tweak + 1);
  CHECK(ff1::encrypt(cipher.port(), 10, tweak, text).error().code == errc::invalid_argument);
}

TEST_CASE("ff1: a cipher that fails leaves the numerals as they were") {
  const crypto::block_cipher broken{[](const void*, crypto::block_cipher::block_in,
                                       crypto::block_cipher::block_out) noexcept { return false; },
                                    nullptr, 256};
  numerals text(9, 7);
  CHECK(ff1::encrypt(broken, 10, {}, text).error().code == errc::unsupported);
  CHECK(text == numerals(9, 7));
}

TEST_CASE("aes: FIPS 197, appendix C; a key of another size or all zero is refused") {
  const auto sealed = [](const std::string& key) {
    const auto cipher = crypto::aes_cipher::create(unhex(key));
    REQUIRE(cipher);
    auto block = unhex("00112233445566778899aabbccddeeff");
    const crypto::block_cipher port = cipher->port();
    CHECK(port.key_bits == 4 * key.size());
    CHECK(port.encrypt(port.context, std::span<std::byte, 16>(block),
                       std::span<std::byte, 16>(block)));
    std::string out(32, ' ');
    write_hex(block, out.data());
    return out;
  };
  CHECK(sealed("000102030405060708090a0b0c0d0e0f") == "69c4e0d86a7b0430d8cdb78070b4c55a");
  CHECK(sealed("000102030405060708090a0b0c0d0e0f1011121314151617") ==
        "dda97ca4864cdfe06eaf70a0ec0d7191");
  CHECK(sealed("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f") ==
        "8ea2b7ca516745bfeafc49904b496089");
  for (const std::size_t size : {0U, 1U, 15U, 17U, 31U, 33U}) {
    CHECK(crypto::aes_cipher::create(std::vector<std::byte>(size, std::byte{1})).error().code ==
          errc::weak_key);
  }
  CHECK(crypto::aes_cipher::create(std::vector<std::byte>(32)).error().code == errc::weak_key);
}
