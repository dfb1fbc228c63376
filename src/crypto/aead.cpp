// Authenticated encryption for both kinds of envelope, in either suite, and commitment to the key.
//
// The suites' own tags do not commit to a key: somebody with two keys can make a ciphertext that
// opens under both. So every row carries a commitment that the key is derived together with, and a
// single value can. For single values the nonce goes into the derivation of a one-time key, since
// 12 random bytes are too few for a key that seals many. Relies on crypto::init() having run.
#include "aead.hpp"

#include <sodium.h>

#include "sodium_bytes.hpp"

namespace clientbook::crypto {
namespace {

static_assert(sizeof(crypto_aead_aes256gcm_state) <= 512);
static_assert(alignof(crypto_aead_aes256gcm_state) <= 16);
static_assert(crypto_aead_aes256gcm_ABYTES == tag_size);
static_assert(crypto_aead_chacha20poly1305_ietf_ABYTES == tag_size);
static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == nonce_size);

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

void seal(suite which, expanded_key_view key, const short_nonce& nonce, byte_view ad,
          byte_view plaintext, std::byte* out) noexcept {
  if (which == suite::aes256_gcm) {
    crypto_aead_aes256gcm_encrypt_afternm(u8(out), nullptr, u8(plaintext.data()), plaintext.size(),
                                          u8(ad.data()), ad.size(), nullptr, u8(nonce.data()),
                                          gcm(key));
  } else {
    crypto_aead_chacha20poly1305_ietf_encrypt(u8(out), nullptr, u8(plaintext.data()),
                                              plaintext.size(), u8(ad.data()), ad.size(), nullptr,
                                              u8(nonce.data()), u8(key.data()));
  }
}

bool open(suite which, expanded_key_view key, const short_nonce& nonce, byte_view ad,
          byte_view sealed, std::byte* out) noexcept {
  const int failed = which == suite::aes256_gcm
                         ? crypto_aead_aes256gcm_decrypt_afternm(
                               u8(out), nullptr, nullptr, u8(sealed.data()), sealed.size(),
                               u8(ad.data()), ad.size(), u8(nonce.data()), gcm(key))
                         : crypto_aead_chacha20poly1305_ietf_decrypt(
                               u8(out), nullptr, nullptr, u8(sealed.data()), sealed.size(),
                               u8(ad.data()), ad.size(), u8(nonce.data()), u8(key.data()));
  if (failed != 0) wipe(byte_span(out, sealed.size() - tag_size));
  return failed == 0;
}

void seal_value(suite which, const secret<32>& key, std::span<const std::byte, nonce_size> nonce,
                byte_view bound, byte_view plaintext, std::byte* out) noexcept {
  if (which == suite::aes256_gcm) {
    digest512 made = one_time(key, bound);
    alignas(16) std::array<std::byte, 512> expanded;
    expand(which, key_view(made.data(), 32), expanded);
    seal(which, expanded, short_nonce{}, {}, plaintext, out);
    wipe(made);
    wipe(expanded);
    return;
  }
  key.with_bytes([&](key_view k) {
    crypto_aead_xchacha20poly1305_ietf_encrypt(u8(out), nullptr, u8(plaintext.data()),
                                               plaintext.size(), u8(bound.data()), bound.size(),
                                               nullptr, u8(nonce.data()), u8(k.data()));
  });
}

bool open_value(suite which, const secret<32>& key, std::span<const std::byte, nonce_size> nonce,
                byte_view bound, byte_view sealed, std::byte* out) noexcept {
  if (which == suite::aes256_gcm) {
    digest512 made = one_time(key, bound);
    alignas(16) std::array<std::byte, 512> expanded;
    expand(which, key_view(made.data(), 32), expanded);
    const bool opened = open(which, expanded, short_nonce{}, {}, sealed, out);
    wipe(made);
    wipe(expanded);
    return opened;
  }
  const int failed = key.with_bytes([&](key_view k) {
    return crypto_aead_xchacha20poly1305_ietf_decrypt(u8(out), nullptr, nullptr, u8(sealed.data()),
                                                      sealed.size(), u8(bound.data()), bound.size(),
                                                      u8(nonce.data()), u8(k.data()));
  });
  if (failed != 0) wipe(byte_span(out, sealed.size() - tag_size));
  return failed == 0;
}

digest commitment_of(const secret<32>& key, byte_view bound) noexcept {
  digest512 made = one_time(key, bound);
  digest out;
  copy_bytes(out, byte_view(made).last(commitment_size));
  wipe(made);
  return out;
}

}  // namespace clientbook::crypto
