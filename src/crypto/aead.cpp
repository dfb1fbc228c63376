// Authenticated encryption for both kinds of envelope, in either suite, and commitment to the key.
//
// The suites' own tags do not commit to a key: somebody with two keys can make a ciphertext that
// opens under both. So every row carries a commitment that the key is derived together with, and a
// single value can. For single values the nonce goes into the derivation of a one-time key, since
// 12 random bytes are too few for a key that seals many. Relies on crypto::init() having run.
#include "aead.hpp"

#include <sodium.h>

#include "chacha.hpp"
#include "sodium_bytes.hpp"

namespace clientbook::crypto {
namespace {

static_assert(sizeof(crypto_aead_aes256gcm_state) <= 512);
static_assert(alignof(crypto_aead_aes256gcm_state) <= 16);
static_assert(crypto_aead_aes256gcm_ABYTES == tag_size);

const crypto_aead_aes256gcm_state* gcm(expanded_key_view key) noexcept {
  return static_cast<const crypto_aead_aes256gcm_state*>(static_cast<const void*>(key.data()));
}

digest512 one_time(const secret<32>& key, byte_view bound) noexcept { return hash512(key, bound); }

}  // namespace

result<void> check_suite(suite which) noexcept {
  if (!suite_available(which)) {
    return error{errc::unsupported, "this machine cannot run the book's cipher suite"};
  }
  return {};
}

void expand(suite which, key_view key, expanded_key out) noexcept {
  if (which == suite::aes256_gcm) {
    crypto_aead_aes256gcm_beforenm(
        static_cast<crypto_aead_aes256gcm_state*>(static_cast<void*>(out.data())), u8(key.data()));
  } else {
    copy_bytes(out, key);
  }
}

result<void> seal(suite which, expanded_key_view key, const short_nonce& nonce, byte_view ad,
                  byte_view plaintext, std::byte* out) noexcept {
  if (which != suite::aes256_gcm) {
    return chacha_seal(key.first<32>(), nonce, ad, plaintext, out);
  }
  crypto_aead_aes256gcm_encrypt_afternm(u8(out), nullptr, u8(plaintext.data()), plaintext.size(),
                                        u8(ad.data()), ad.size(), nullptr, u8(nonce.data()),
                                        gcm(key));
  return {};
}

result<void> open(suite which, expanded_key_view key, const short_nonce& nonce, byte_view ad,
                  byte_view sealed, std::byte* out) noexcept {
  result<void> opened;
  if (which != suite::aes256_gcm) {
    opened = chacha_open(key.first<32>(), nonce, ad, sealed, out);
  } else if (crypto_aead_aes256gcm_decrypt_afternm(u8(out), nullptr, nullptr, u8(sealed.data()),
                                                   sealed.size(), u8(ad.data()), ad.size(),
                                                   u8(nonce.data()), gcm(key)) != 0) {
    opened = error{errc::authentication_failed, "the bytes were not sealed so under this key"};
  }
  if (!opened) wipe(byte_span(out, sealed.size() - tag_size));
  return opened;
}

result<void> seal_value(suite which, const secret<32>& key,
                        std::span<const std::byte, nonce_size> nonce, byte_view bound,
                        byte_view plaintext, std::byte* out) noexcept {
  if (which == suite::aes256_gcm) {
    digest512 made = one_time(key, bound);
    alignas(16) std::array<std::byte, 512> expanded;
    expand(which, key_view(made.data(), 32), expanded);
    const result<void> sealed = seal(which, expanded, short_nonce{}, {}, plaintext, out);
    wipe(made);
    wipe(expanded);
    return sealed;
  }
  return key.with_bytes([&](key_view k) { return xchacha_seal(k, nonce, bound, plaintext, out); });
}

result<void> open_value(suite which, const secret<32>& key,
                        std::span<const std::byte, nonce_size> nonce, byte_view bound,
                        byte_view sealed, std::byte* out) noexcept {
  if (which == suite::aes256_gcm) {
    digest512 made = one_time(key, bound);
    alignas(16) std::array<std::byte, 512> expanded;
    expand(which, key_view(made.data(), 32), expanded);
    const result<void> opened = open(which, expanded, short_nonce{}, {}, sealed, out);
    wipe(made);
    wipe(expanded);
    return opened;
  }
  const result<void> opened =
      key.with_bytes([&](key_view k) { return xchacha_open(k, nonce, bound, sealed, out); });
  if (!opened) wipe(byte_span(out, sealed.size() - tag_size));
  return opened;
}

error not_opened(const error& why, const error& altered) noexcept {
  return why.code == errc::authentication_failed ? altered : why;
}

digest commitment_of(const secret<32>& key, byte_view bound) noexcept {
  digest512 made = one_time(key, bound);
  digest out;
  copy_bytes(out, byte_view(made).last(commitment_size));
  wipe(made);
  return out;
}

}  // namespace clientbook::crypto
