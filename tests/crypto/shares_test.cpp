// Shares: any few bring the secret back, fewer are noise, and a slip of the pen is named.
#include <clientbook/crypto/shares.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "crypto_testing.hpp"

using namespace clientbook;
using namespace clientbook::crypto;

namespace {

secret<32> secret_of(int seed) {
  secret<32> out;
  out.fill_bytes([&](std::span<std::byte, 32> to) {
    for (std::size_t i = 0; i < to.size(); ++i) {
      to[i] = static_cast<std::byte>(static_cast<int>(i) * 7 + seed);
    }
  });
  return out;
}
bool same(const secret<32>& a, const secret<32>& b) {
  return a.with_bytes(
      [&](byte_view x) { return b.with_bytes([&](byte_view y) { return same_bytes(x, y); }); });
}
std::string text_of(const share& one) {
  return write(one).with_bytes([](byte_view text) { return std::string(as_text(text)); });
}
share copy_of(const share& one) {
  const auto read = read_share(text_of(one));
  REQUIRE(read);
  share out;
  out.threshold = read->threshold;
  out.number = read->number;
  out.of = read->of;
  out.kit = read->kit;
  out.value = read->value.duplicate();
  return out;
}
std::vector<share> shares_of(const secret<32>& whole, unsigned threshold, std::size_t count,
                             std::uint8_t kit = 1) {
  REQUIRE(init());
  system_random random;
  std::vector<share> out(count);
  REQUIRE(split(whole, threshold, {std::byte{kit}, std::byte{2}, std::byte{3}, std::byte{4}},
                random, out));
  return out;
}
// Fixed "randomness": the polynomials are known, so the shares can be computed by hand.
class counted final : public random_source {
 public:
  result<void> fill(byte_span out) noexcept override {
    for (std::byte& b : out) b = static_cast<std::byte>(++last_);
    return {};
  }

 private:
  unsigned last_ = 0;
};

errc code_of(const result<void>& done) { return done ? errc::none : done.error().code; }

}  // namespace

TEST_CASE("shares: any of them that are enough bring the secret back, fewer do not") {
  for (const auto& [threshold, count] :
       {std::pair(2U, 2U), {2U, 3U}, {3U, 5U}, {5U, 5U}, {4U, 16U}, {16U, 16U}}) {
    CAPTURE(threshold);
    CAPTURE(count);
    const secret<32> whole = secret_of(static_cast<int>(count));
    const std::vector<share> all = shares_of(whole, threshold, count);
    std::size_t tried = 0;
    for (unsigned which = 1; which < 1U << count; ++which) {
      if (tried > 300) break;
      std::vector<share> given;
      for (unsigned i = 0; i < count; ++i) {
        if ((which >> i & 1U) != 0) given.push_back(copy_of(all[i]));
      }
      if (given.size() + 1 < threshold) continue;
      ++tried;
      std::reverse(given.begin(), given.end());
      const auto back = combine(given);
      if (given.size() < threshold) {
        REQUIRE_FALSE(back);
        CHECK(back.error().code == errc::invalid_argument);
      } else {
        REQUIRE(back);
        CHECK(same(*back, whole));
      }
    }
    CHECK(tried > 0);
  }
}

TEST_CASE("shares: one less than enough, counted as enough, is another secret") {
  const secret<32> whole = secret_of(3);
  std::vector<share> all = shares_of(whole, 3, 5);
  std::vector<share> two;
  two.push_back(copy_of(all[0]));
  two.push_back(copy_of(all[4]));
  for (share& one : two) one.threshold = 2;
  const auto wrong = combine(two);
  REQUIRE(wrong);
  CHECK_FALSE(same(*wrong, whole));
}

// The first byte by hand: 3 + 1 n + 33 n^2 in GF(2^8) at n = 1, 2, 3.
TEST_CASE("shares: the numbers are those of the format") {
  REQUIRE(init());
  counted random;
  std::vector<share> all(3);
  REQUIRE(split(secret_of(3), 3, {}, random, all));
  const std::array<unsigned, 3> wanted{0x03 ^ 0x01 ^ 0x21, 0x03 ^ 0x02 ^ 0x84,
                                       0x03 ^ 0x03 ^ (0x84 ^ 0x21)};
  for (std::size_t i = 0; i < 3; ++i) {
    all[i].value.with_bytes([&](std::span<const std::byte, 32> value) {
      CHECK(static_cast<unsigned>(value[0]) == wanted[i]);
    });
  }
  CHECK(text_of(all[0]).size() == share_text_size);
  // Format, threshold, number and count are its first four bytes, in five bits a sign.
  CHECK(text_of(all[0]).substr(0, 4) == "041G");
}

TEST_CASE("shares: every mistyped sign is found, and its group named") {
  const std::vector<share> all = shares_of(secret_of(1), 3, 5);
  const std::string text = text_of(all[2]);
  constexpr std::string_view signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '-') continue;
    for (const char other : signs) {
      if (other == text[at]) continue;
      std::string typo = text;
      typo[at] = other;
      const auto read = read_share(typo);
      REQUIRE_FALSE(read);
      CHECK(read.error().code == errc::invalid_encoding);
      CHECK(read.error().at == at / 6 + 1);
    }
  }
}

TEST_CASE("shares: two signs exchanged, a group left out, doubled or moved are found") {
  const std::string text = text_of(shares_of(secret_of(2), 3, 5)[0]);
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (text[at] == '-' || text[at + 1] == '-' || text[at] == text[at + 1]) continue;
    std::string typo = text;
    std::swap(typo[at], typo[at + 1]);
    const auto read = read_share(typo);
    REQUIRE_FALSE(read);
    CHECK(read.error().at == at / 6 + 1);
  }
  for (std::size_t group = 0; group < 18; ++group) {
    const std::string left_out =
        text.substr(0, group * 6) + text.substr(std::min(text.size(), group * 6 + 6));
    REQUIRE_FALSE(read_share(left_out));
    const std::string doubled =
        text.substr(0, group * 6) + text.substr(group * 6, 5) + "-" + text.substr(group * 6);
    REQUIRE_FALSE(read_share(doubled));
    if (group < 17 && text.substr(group * 6, 5) != text.substr(group * 6 + 6, 5)) {
      const std::string moved = text.substr(0, group * 6) + text.substr(group * 6 + 6, 5) + "-" +
                                text.substr(group * 6, 5) + text.substr(group * 6 + 11);
      const auto read = read_share(moved);
      REQUIRE_FALSE(read);
      CHECK(read.error().at == group + 1);
    }
  }
}

TEST_CASE("shares: as people type them") {
  const share one = std::move(shares_of(secret_of(9), 3, 5)[1]);
  const std::string text = text_of(one);
  std::string typed;
  for (const char sign : text) {
    if (sign == '-') {
      typed += typed.size() % 3 == 0 ? "\n" : "  ";
    } else if (sign == '0') {
      typed += 'o';
    } else if (sign == '1') {
      typed += typed.size() % 2 == 0 ? 'l' : 'I';
    } else {
      typed += sign >= 'A' ? static_cast<char>(sign - 'A' + 'a') : sign;
    }
  }
  const auto read = read_share(" " + typed + "\n");
  REQUIRE(read);
  CHECK(read->number == 2);
  CHECK(same(read->value, one.value));
}

TEST_CASE("shares: of two secrets, twice the same, or none") {
  std::vector<share> all = shares_of(secret_of(1), 2, 3);
  std::vector<share> others = shares_of(secret_of(5), 2, 3, 7);
  std::vector<share> given;
  CHECK(combine(given).error().code == errc::invalid_argument);
  given.push_back(copy_of(all[0]));
  given.push_back(copy_of(all[0]));
  auto back = combine(given);
  REQUIRE_FALSE(back);
  CHECK(back.error().code == errc::invalid_argument);
  CHECK(back.error().at == 2);
  given.pop_back();
  given.push_back(copy_of(others[1]));
  back = combine(given);
  REQUIRE_FALSE(back);
  CHECK(back.error().code == errc::version_mismatch);
  CHECK(back.error().at == 2);
}

TEST_CASE("shares: what is no share") {
  for (const char* text : {"", "-", "0", "00000", "hello world", "ÄÖÜ", "Umbrella"}) {
    const auto read = read_share(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == errc::invalid_encoding);
  }
  const std::string text = text_of(shares_of(secret_of(1), 3, 5)[0]);
  CHECK_FALSE(read_share(text + "-00000"));
  CHECK_FALSE(read_share(text.substr(0, text.size() - 1)));
  system_random random;
  std::vector<share> out(3);
  CHECK(code_of(split(secret_of(1), 1, {}, random, out)) == errc::invalid_argument);
  CHECK(code_of(split(secret_of(1), 4, {}, random, out)) == errc::invalid_argument);
  out.resize(17);
  CHECK(code_of(split(secret_of(1), 3, {}, random, out)) == errc::invalid_argument);
}
