// ChaCha20-Poly1305 by libsodium, which needs nothing but the memory it is given: it fails only on
// bytes that were not sealed so.
#include <sodium.h>

#include "chacha.hpp"
#include "sodium_bytes.hpp"

namespace clientbook::crypto {
namespace {

static_assert(crypto_aead_chacha20poly1305_ietf_ABYTES == tag_size);
static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == nonce_size);

result<void> judged(int failed) noexcept {
  if (failed == 0) return {};
  return error{errc::authentication_failed, "the bytes were not sealed so under this key"};
}

}  // namespace

result<void> start_ciphers() noexcept { return {}; }

result<void> chacha_seal(key_view key, const short_nonce& nonce, byte_view ad, byte_view plaintext,
                         std::byte* out) noexcept {
  crypto_aead_chacha20poly1305_ietf_encrypt(u8(out), nullptr, u8(plaintext.data()),
                                            plaintext.size(), u8(ad.data()), ad.size(), nullptr,
                                            u8(nonce.data()), u8(key.data()));
  return {};
}

result<void> chacha_open(key_view key, const short_nonce& nonce, byte_view ad, byte_view sealed,
                         std::byte* out) noexcept {
  return judged(crypto_aead_chacha20poly1305_ietf_decrypt(
      u8(out), nullptr, nullptr, u8(sealed.data()), sealed.size(), u8(ad.data()), ad.size(),
      u8(nonce.data()), u8(key.data())));
}

result<void> xchacha_seal(key_view key, long_nonce_view nonce, byte_view ad, byte_view plaintext,
                          std::byte* out) noexcept {
  crypto_aead_xchacha20poly1305_ietf_encrypt(u8(out), nullptr, u8(plaintext.data()),
                                             plaintext.size(), u8(ad.data()), ad.size(), nullptr,
                                             u8(nonce.data()), u8(key.data()));
  return {};
}

result<void> xchacha_open(key_view key, long_nonce_view nonce, byte_view ad, byte_view sealed,
                          std::byte* out) noexcept {
  return judged(crypto_aead_xchacha20poly1305_ietf_decrypt(
      u8(out), nullptr, nullptr, u8(sealed.data()), sealed.size(), u8(ad.data()), ad.size(),
      u8(nonce.data()), u8(key.data())));
}

}  // namespace clientbook::crypto
