// X25519 keys as age writes them, and Argon2id by libsodium. Hosted builds only.
#include <sodium.h>
#include <clientbook/crypto/recipient.hpp>

#include <algorithm>
#include <array>

#include "chacha.hpp"
#include "sodium_bytes.hpp"

namespace clientbook::crypto {
namespace {

static_assert(crypto_scalarmult_BYTES == 32 && crypto_scalarmult_SCALARBYTES == 32);
static_assert(crypto_pwhash_argon2id_SALTBYTES == std::tuple_size_v<stretch_salt>);

// --- Bech32 (BIP 173) -------------------------------------------------------------------

constexpr std::string_view digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::string_view public_prefix = "age";
constexpr std::string_view private_prefix = "AGE-SECRET-KEY-";
constexpr std::size_t data_digits = 52;  // 256 bits, the last digit with four bits of zeros.
constexpr std::size_t sum_digits = 6;

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

class checksum {
 public:
  explicit checksum(std::string_view prefix) noexcept {
    for (const char c : prefix) add(static_cast<unsigned char>(lower(c)) >> 5);
    add(0);
    for (const char c : prefix) add(static_cast<unsigned char>(lower(c)) & 31U);
  }
  void add(unsigned digit) noexcept {
    constexpr std::array<std::uint32_t, 5> generator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                                     0x2a1462b3};
    const std::uint32_t top = value_ >> 25;
    value_ = ((value_ & 0x1ffffffU) << 5) ^ digit;
    for (unsigned i = 0; i < generator.size(); ++i) {
      if (((top >> i) & 1U) != 0) value_ ^= generator[i];
    }
  }
  std::uint32_t value() const noexcept { return value_; }

 private:
  std::uint32_t value_ = 1;
};

// A digit of five bits of 32 bytes.
unsigned digit_at(std::span<const std::byte, 32> bytes, std::size_t which) noexcept {
  unsigned out = 0;
  for (std::size_t bit = which * 5; bit < which * 5 + 5; ++bit) {
    const unsigned one =
        bit < 256 ? std::to_integer<unsigned>(bytes[bit / 8]) >> (7 - bit % 8) & 1U : 0U;
    out = out << 1 | one;
  }
  return out;
}

bool is_whole(std::string_view text, std::string_view prefix) noexcept {
  return text.size() == prefix.size() + 1 + data_digits + sum_digits && text.starts_with(prefix) &&
         text[prefix.size()] == '1';
}

// In one case only, as BIP 173 asks, and as age writes it: `upper` letters of secret keys.
bool read_digits(std::string_view text, std::string_view prefix, bool upper,
                 std::span<std::byte, 32> out) noexcept {
  checksum sum(prefix);
  std::fill(out.begin(), out.end(), std::byte{});
  std::size_t bit = 0;
  for (const char c : text.substr(prefix.size() + 1)) {
    const bool wrong_case = upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z';
    const std::size_t digit = wrong_case ? digits.npos : digits.find(lower(c));
    if (digit == digits.npos) return false;
    sum.add(static_cast<unsigned>(digit));
    for (unsigned i = 5; i-- > 0; ++bit) {
      const unsigned one = static_cast<unsigned>(digit) >> i & 1U;
      if (bit < 256) {
        out[bit / 8] |= static_cast<std::byte>(one << (7 - bit % 8));
      } else if (bit < data_digits * 5 && one != 0) {
        return false;  // Not a whole number of bytes.
      }
    }
  }
  return sum.value() == 1;
}

}  // namespace

recipient_text write_recipient(const box_public_key& key) noexcept {
  recipient_text out{};
  std::size_t at = public_prefix.copy(out.data(), out.size());
  out[at++] = '1';
  checksum sum(public_prefix);
  const std::span<const std::byte, 32> bytes(key.data(), 32);
  for (std::size_t i = 0; i < data_digits; ++i) {
    const unsigned digit = digit_at(bytes, i);
    sum.add(digit);
    out[at++] = digits[digit];
  }
  for (std::size_t i = 0; i < sum_digits; ++i) sum.add(0);
  const std::uint32_t value = sum.value() ^ 1U;
  for (std::size_t i = sum_digits; i-- > 0;) out[at++] = digits[value >> (5 * i) & 31U];
  return out;
}

result<box_public_key> read_recipient(std::string_view text) noexcept {
  if (!is_whole(text, public_prefix)) {
    const bool other = text.starts_with("age1") || text.starts_with("ssh-");
    if (other && text.size() != recipient_text_size) {
      return error{errc::unsupported,
                   "only recipients of age's own kind are known: age1 and 58 letters and digits"};
    }
    return error{errc::invalid_encoding, "this is no recipient of age: want age1..."};
  }
  std::array<std::byte, 32> bytes{};
  if (!read_digits(text, public_prefix, false, bytes)) {
    return error{errc::invalid_encoding, "a slip in the recipient: copy it whole"};
  }
  box_public_key out;
  copy_bytes(out, bytes);
  // What has small order gives the same secret to everybody.
  const std::array<std::byte, 32> some{std::byte{8}};
  std::array<std::byte, 32> shared{};
  if (crypto_scalarmult(u8(shared.data()), u8(some.data()), u8(out.data())) != 0) {
    return error{errc::weak_key, "everybody could open what is sealed to this recipient"};
  }
  return out;
}

result<secret<32>> read_identity(std::string_view text) noexcept {
  if (!is_whole(text, private_prefix)) {
    if (text.starts_with("AGE-PLUGIN-")) {
      return error{errc::unsupported, "identities of age's plugins are not known here"};
    }
    return error{errc::invalid_encoding, "this is no identity of age: want AGE-SECRET-KEY-1..."};
  }
  secret<32> out;
  const bool read = out.fill_bytes([&](std::span<std::byte, 32> bytes) {
    return read_digits(text, private_prefix, true, bytes);
  });
  if (!read) return error{errc::invalid_encoding, "a slip in the identity: copy it whole"};
  return out;
}

box_key key_pair(const secret<32>& private_key) noexcept {
  box_key out;
  out.private_ = private_key.duplicate();
  private_key.with_bytes([&](std::span<const std::byte, 32> key) {
    crypto_scalarmult_base(u8(out.public_.data()), u8(key.data()));
  });
  return out;
}

result<secret<32>> stretch(byte_view passphrase, const stretch_salt& salt,
                           const stretch_cost& cost) noexcept {
  if (!cost.within_bounds()) {
    return error{errc::invalid_argument, "a passphrase is stretched over 8 MiB to 1 GiB"};
  }
  secret<32> out;
  const int failed = out.fill_bytes([&](std::span<std::byte, 32> to) {
    return crypto_pwhash(u8(to.data()), to.size(), reinterpret_cast<const char*>(passphrase.data()),
                         passphrase.size(), u8(salt.data()), cost.passes,
                         std::size_t{cost.kibibytes} * 1024, crypto_pwhash_ALG_ARGON2ID13);
  });
  if (failed != 0) {
    return error{errc::limit_exceeded, "not enough memory to stretch the passphrase"};
  }
  return out;
}

result<void> seal_again(const secret<32>& key, byte_view ad, byte_view plaintext,
                        random_source& random, byte_span out) noexcept {
  std::array<std::byte, nonce_size> nonce{};
  if (auto drawn = random.fill(nonce); !drawn) return drawn;
  copy_bytes(out, nonce);
  return key.with_bytes(
      [&](key_view k) { return xchacha_seal(k, nonce, ad, plaintext, out.data() + nonce_size); });
}

result<void> open_again(const secret<32>& key, byte_view ad, byte_view sealed,
                        byte_span out) noexcept {
  if (sealed.size() < sealed_overhead) return error{errc::truncated, "sealed bytes are cut short"};
  const auto nonce = sealed.first<nonce_size>();
  const result<void> opened = key.with_bytes([&](key_view k) {
    return xchacha_open(k, nonce, ad, sealed.subspan(nonce_size), out.data());
  });
  if (opened) return {};
  wipe(out);
  return not_opened(opened.error(),
                    {errc::authentication_failed, "the bytes were not sealed so under this key"});
}

}  // namespace clientbook::crypto
