// age-encryption.org/v1 as its specification has it: a header that wraps a file key for the
// recipient and is authenticated under it, then the plaintext in chunks of 64 KiB (STREAM).
#include <sodium.h>
#include <clientbook/crypto/age_file.hpp>
#include <clientbook/crypto/recipient.hpp>

#include <algorithm>
#include <array>
#include <string_view>

#include <clientbook/internal/base/base64.hpp>
#include <clientbook/internal/base/text_out.hpp>

#include "chacha.hpp"
#include "sodium_bytes.hpp"

namespace clientbook::crypto {
namespace {

constexpr std::size_t chunk = 65536;
constexpr std::size_t tag = 16;
constexpr std::size_t file_key_size = 16;
constexpr std::size_t payload_nonce_size = 16;
constexpr std::string_view version = "age-encryption.org/v1\n";
constexpr std::string_view stanza = "-> X25519 ";
constexpr std::string_view last_line = "---";
constexpr std::size_t base64_of_32 = 43;  // without padding
constexpr std::size_t header_size = version.size() + stanza.size() + base64_of_32 + 1 +
                                    base64_of_32 + 1 + last_line.size() + 1 + base64_of_32 + 1;

using hmac = std::array<std::byte, 32>;

void hmac_of(byte_view key, byte_view first, byte_view second, std::byte* out) noexcept {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, u8(key.data()), key.size());
  crypto_auth_hmacsha256_update(&state, u8(first.data()), first.size());
  crypto_auth_hmacsha256_update(&state, u8(second.data()), second.size());
  crypto_auth_hmacsha256_final(&state, u8(out));
  sodium_memzero(&state, sizeof state);
}

// HKDF-SHA-256 (RFC 5869) of 32 bytes.
secret<32> hkdf(byte_view input, byte_view salt, std::string_view info) noexcept {
  // An empty salt is 32 bytes of zero, which HMAC takes for the same.
  static constexpr hmac no_salt{};
  secret<32> pseudorandom;
  pseudorandom.fill_bytes([&](std::span<std::byte, 32> to) {
    hmac_of(salt.empty() ? byte_view(no_salt) : salt, input, {}, to.data());
  });
  constexpr std::array<std::byte, 1> counter{std::byte{1}};
  secret<32> out;
  pseudorandom.with_bytes([&](key_view key) {
    out.fill_bytes(
        [&](std::span<std::byte, 32> to) { hmac_of(key, as_bytes(info), counter, to.data()); });
  });
  return out;
}

// Base64 without its padding.
struct unpadded {
  byte_text_out& to;
  void put(char c) noexcept {
    if (c != '=') to.put(c);
  }
};

void put_unpadded(byte_text_out& to, byte_view bytes) noexcept {
  unpadded out{to};
  put_base64(out, bytes);
}

// The file key, for the recipient alone.
result<void> wrap(const box_public_key& to, const secret<file_key_size>& file_key,
                  const secret<32>& one_time, box_public_key& share, hmac& body) noexcept {
  const box_key mine = key_pair(one_time);
  share = mine.public_key();
  secret<32> shared;
  const int done = mine.private_key().with_bytes([&](key_view key) {
    return shared.fill_bytes([&](std::span<std::byte, 32> out) {
      return crypto_scalarmult(u8(out.data()), u8(key.data()), u8(to.data()));
    });
  });
  if (done != 0) return error{errc::weak_key, "a public key of small order"};
  std::array<std::byte, 64> salt;
  copy_bytes(salt, share);
  copy_bytes(byte_span(salt).subspan(32), to);
  const secret<32> key = shared.with_bytes(
      [&](key_view from) { return hkdf(from, salt, "age-encryption.org/v1/X25519"); });
  return key.with_bytes([&](key_view k) {
    return file_key.with_bytes([&](std::span<const std::byte, file_key_size> plain) {
      return chacha_seal(k, short_nonce{}, {}, plain, body.data());
    });
  });
}

result<void> write_header(const box_public_key& to, const secret<file_key_size>& file_key,
                          random_source& random, byte_span out) noexcept {
  const auto one_time = random_key(random);
  if (!one_time) return one_time.error();
  box_public_key share;
  hmac body;
  if (auto done = wrap(to, file_key, *one_time, share, body); !done) return done;
  byte_text_out text(out);
  text.text(version);
  text.text(stanza);
  put_unpadded(text, share);
  text.put('\n');
  put_unpadded(text, body);
  text.put('\n');
  text.text(last_line);
  hmac mac;
  file_key.with_bytes([&](std::span<const std::byte, file_key_size> key) {
    hkdf(key, {}, "header").with_bytes([&](key_view k) {
      hmac_of(k, out.first(text.size()), {}, mac.data());
    });
  });
  text.put(' ');
  put_unpadded(text, mac);
  text.put('\n');
  return {};
}

// Numbered, the last one marked: none can be left out, moved or added.
result<void> write_chunks(const secret<32>& key, byte_view plaintext, std::byte* out) noexcept {
  short_nonce nonce{};
  for (std::uint32_t number = 0;; ++number) {
    const byte_view part = plaintext.first(std::min(chunk, plaintext.size()));
    plaintext = plaintext.subspan(part.size());
    store_be(nonce.data() + 7, number);
    nonce[11] = plaintext.empty() ? std::byte{1} : std::byte{0};
    const auto sealed =
        key.with_bytes([&](key_view k) { return chacha_seal(k, nonce, {}, part, out); });
    if (!sealed) return sealed;
    out += part.size() + tag;
    if (plaintext.empty()) return {};
  }
}

}  // namespace

std::size_t age_file_size(std::size_t plaintext) noexcept {
  const std::size_t chunks = plaintext == 0 ? 1 : (plaintext + chunk - 1) / chunk;
  return header_size + payload_nonce_size + plaintext + chunks * tag;
}

result<void> seal_age_file(const box_public_key& to, byte_view plaintext, random_source& random,
                           byte_span out) noexcept {
  secret<file_key_size> file_key;
  result<void> done = file_key.fill_bytes(
      [&](std::span<std::byte, file_key_size> bytes) { return random.fill(bytes); });
  if (done) done = write_header(to, file_key, random, out.first(header_size));
  const byte_span nonce = out.subspan(header_size, payload_nonce_size);
  if (done) done = random.fill(nonce);
  if (done) {
    const secret<32> key =
        file_key.with_bytes([&](std::span<const std::byte, file_key_size> bytes) {
          return hkdf(bytes, nonce, "payload");
        });
    done = write_chunks(key, plaintext, out.data() + header_size + payload_nonce_size);
  }
  if (!done) wipe(out);
  return done;
}

}  // namespace clientbook::crypto
