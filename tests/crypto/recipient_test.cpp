// Keys in age's notation, keys out of passphrases, and sealing under a key that seals again.
#include <clientbook/crypto/recipient.hpp>
#include "crypto_testing.hpp"
#include "testing.hpp"

#include <string>

using namespace clientbook;
using namespace clientbook::crypto;
using namespace clientbook::testing;

namespace {

// A pair that age's own implementations publish (the private key is 32 times 0x42).
constexpr std::string_view identity_text =
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
constexpr std::string_view recipient_text_of_it =
    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

template <class T>
errc code(const result<T>& done) {
  return done ? errc::none : done.error().code;
}

std::string written(const box_public_key& key) {
  const auto text = write_recipient(key);
  return {text.data(), text.size()};
}

}  // namespace

TEST_CASE("recipient: age's pair is read, is a pair, and is written as it was") {
  const auto own = read_identity(identity_text);
  REQUIRE(own);
  own->with_bytes([](byte_view bytes) {
    for (const std::byte b : bytes) CHECK(b == std::byte{0x42});
  });
  const auto to = read_recipient(recipient_text_of_it);
  REQUIRE(to);
  CHECK(key_pair(*own).public_key() == *to);
  CHECK(written(*to) == recipient_text_of_it);
}

TEST_CASE("recipient: each slip of one sign, and each other text, is refused") {
  for (const std::string_view good : {recipient_text_of_it, identity_text}) {
    const auto read = [&](const std::string& text) {
      return good == identity_text ? code(read_identity(text)) : code(read_recipient(text));
    };
    const std::string all = good == identity_text ? "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LB1IO"
                                                  : "qpzry9x8gf2tvdw0s3jn54khce6mua7lb1io";
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (const char c : all) {
        if (c == good[at]) continue;
        std::string text(good);
        text[at] = c;
        const errc said = read(text);
        if (said != errc::invalid_encoding && said != errc::unsupported) {
          FAIL_CHECK("taken for another: " << text);
        }
      }
      CHECK(read(std::string(good.substr(0, at))) != errc::none);
    }
    CHECK(read(std::string(good).append("q")) != errc::none);
  }
  std::string upper(recipient_text_of_it);
  for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  CHECK(code(read_recipient(upper)) == errc::invalid_encoding);
  CHECK(code(read_recipient("ssh-ed25519 AAAAC3Nz")) == errc::unsupported);
  CHECK(code(read_recipient("age1yubikey1qwerty")) == errc::unsupported);
  CHECK(code(read_identity("AGE-PLUGIN-YUBIKEY-1QQ")) == errc::unsupported);
  CHECK(code(read_recipient("")) == errc::invalid_encoding);
}

TEST_CASE("recipient: a key of small order is none") {
  for (const unsigned first : {0U, 1U}) {
    box_public_key small;
    small[0] = static_cast<std::byte>(first);
    CHECK(code(read_recipient(written(small))) == errc::weak_key);
  }
}

TEST_CASE("recipient: a passphrase is stretched as Argon2id of RFC 9106 does, within bounds") {
  REQUIRE(init());
  const stretch_salt salt{std::byte{1}, std::byte{2}, std::byte{3}};
  const stretch_cost cheap{.kibibytes = stretch_cost::least_kibibytes, .passes = 1};
  const auto one = stretch(as_bytes("a passphrase"), salt, cheap);
  const auto same = stretch(as_bytes("a passphrase"), salt, cheap);
  REQUIRE(one);
  REQUIRE(same);
  const auto hex_of = [](const secret<32>& key) {
    return key.with_bytes([](byte_view bytes) { return hex(bytes); });
  };
  CHECK(hex_of(*one) == hex_of(*same));
  CHECK(hex_of(*stretch(as_bytes("b passphrase"), salt, cheap)) != hex_of(*one));
  CHECK(hex_of(*stretch(as_bytes("a passphrase"), {}, cheap)) != hex_of(*one));
  CHECK(hex_of(*stretch(as_bytes("a passphrase"), salt,
                        {.kibibytes = stretch_cost::least_kibibytes, .passes = 2})) !=
        hex_of(*one));
  for (const stretch_cost out :
       {stretch_cost{8191, 1}, stretch_cost{1024 * 1024 + 1, 1}, stretch_cost{8192, 0},
        stretch_cost{8192, 17}, stretch_cost{1024 * 1024, 5}, stretch_cost{~0U, ~0U}}) {
    CHECK(code(stretch(as_bytes("a passphrase"), salt, out)) == errc::invalid_argument);
  }
}

TEST_CASE("recipient: what is sealed again opens to itself, and nothing else to anything") {
  system_random random;
  const auto key = random_key(random);
  const auto other = random_key(random);
  REQUIRE(key);
  REQUIRE(other);
  const std::string plain = "two keys of 32 bytes";
  std::vector<std::byte> sealed(plain.size() + sealed_overhead);
  std::vector<std::byte> again(sealed.size());
  std::vector<std::byte> out(plain.size());
  REQUIRE(seal_again(*key, as_bytes("place"), as_bytes(plain), random, sealed));
  REQUIRE(seal_again(*key, as_bytes("place"), as_bytes(plain), random, again));
  CHECK(sealed != again);
  REQUIRE(open_again(*key, as_bytes("place"), sealed, out));
  CHECK(as_text(out) == plain);
  CHECK(code(open_again(*key, as_bytes("other"), sealed, out)) == errc::authentication_failed);
  CHECK(code(open_again(*other, as_bytes("place"), sealed, out)) == errc::authentication_failed);
  CHECK(std::all_of(out.begin(), out.end(), [](std::byte b) { return b == std::byte{}; }));
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::vector<std::byte> changed = sealed;
    changed[at] ^= std::byte{1};
    CHECK(code(open_again(*key, as_bytes("place"), changed, out)) == errc::authentication_failed);
  }
  CHECK(code(open_again(*key, {}, byte_view(sealed).first(sealed_overhead - 1), {})) ==
        errc::truncated);
}
