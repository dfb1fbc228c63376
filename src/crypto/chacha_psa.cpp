// ChaCha20-Poly1305 by PSA Crypto, as the systems of microcontrollers offer it; suite 1 writes the
// same bytes as with libsodium.
//
// PSA has the cipher of RFC 8439 with its nonce of 12 bytes. The longer nonce is what the draft
// makes of it: HChaCha20, which is libsodium's here too, gives a key of one message, under which
// the rest of the nonce seals. A key store that is full, or that fails, is told as limit_exceeded,
// never as altered bytes.
#include <sodium.h>

#include "chacha.hpp"
#include "psa_key.hpp"

#if defined(MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG) && !defined(CLIENTBOOK_FIRMWARE)
// Where Mbed TLS was built to ask us, it gets the operating system's randomness: a generator of its
// own would give a process and its child the same bytes after a fork.
extern "C" psa_status_t mbedtls_psa_external_get_random(mbedtls_psa_external_random_context_t*,
                                                        std::uint8_t* out, std::size_t size,
                                                        std::size_t* written) {
  randombytes_buf(out, size);
  *written = size;
  return PSA_SUCCESS;
}
#endif

namespace clientbook::crypto {
namespace {

error no_slot() noexcept {
  return error{errc::limit_exceeded,
               "the key store of PSA Crypto takes no key: free a slot, or give it more"};
}

struct message {
  byte_view nonce;
  byte_view ad;
  byte_view content;
};

result<void> seal_by_psa(key_view key, const message& one, std::byte* out) noexcept {
  const psa_turn turn;
  const psa_key held(key, PSA_KEY_TYPE_CHACHA20, PSA_ALG_CHACHA20_POLY1305, PSA_KEY_USAGE_ENCRYPT);
  if (!held.usable()) return no_slot();
  std::size_t written = 0;
  const std::size_t room = one.content.size() + tag_size;
  const psa_status_t done =
      psa_aead_encrypt(held.id(), PSA_ALG_CHACHA20_POLY1305, u8(one.nonce.data()), one.nonce.size(),
                       u8(one.ad.data()), one.ad.size(), u8(one.content.data()), one.content.size(),
                       u8(out), room, &written);
  if (done == PSA_SUCCESS && written == room) return {};
  wipe(byte_span(out, room));
  return error{errc::limit_exceeded,
               "PSA Crypto did not seal: its memory or its slots are used up"};
}

result<void> open_by_psa(key_view key, const message& one, std::byte* out) noexcept {
  const psa_turn turn;
  const psa_key held(key, PSA_KEY_TYPE_CHACHA20, PSA_ALG_CHACHA20_POLY1305, PSA_KEY_USAGE_DECRYPT);
  if (!held.usable()) return no_slot();
  std::size_t written = 0;
  // A plaintext of no bytes may lie nowhere; Mbed TLS compares addresses all the same.
  std::byte nowhere{};
  const std::size_t room = one.content.size() - tag_size;
  const psa_status_t done =
      psa_aead_decrypt(held.id(), PSA_ALG_CHACHA20_POLY1305, u8(one.nonce.data()), one.nonce.size(),
                       u8(one.ad.data()), one.ad.size(), u8(one.content.data()), one.content.size(),
                       u8(room == 0 ? &nowhere : out), room, &written);
  if (done == PSA_SUCCESS && written == room) return {};
  if (done == PSA_ERROR_INVALID_SIGNATURE) {
    return error{errc::authentication_failed, "the bytes were not sealed so under this key"};
  }
  return error{errc::limit_exceeded,
               "PSA Crypto did not open: its memory or its slots are used up"};
}

// Key and nonce of RFC 8439 that belong to a nonce of 24 bytes. Wiped at its end.
struct inner {
  inner(key_view key, long_nonce_view nonce) noexcept {
    crypto_core_hchacha20(u8(key_bytes.data()), u8(nonce.data()), u8(key.data()), nullptr);
    copy_bytes(byte_span(nonce_bytes).subspan(4), nonce.subspan(16));
  }
  ~inner() { wipe(key_bytes); }
  inner(const inner&) = delete;
  inner& operator=(const inner&) = delete;
  std::array<std::byte, 32> key_bytes;
  short_nonce nonce_bytes{};
};

}  // namespace

result<void> start_ciphers() noexcept {
  const psa_turn turn;
  if (psa_crypto_init() == PSA_SUCCESS) return {};
  return error{errc::unsupported, "PSA Crypto does not start here"};
}

result<void> chacha_seal(key_view key, const short_nonce& nonce, byte_view ad, byte_view plaintext,
                         std::byte* out) noexcept {
  return seal_by_psa(key, {nonce, ad, plaintext}, out);
}

result<void> chacha_open(key_view key, const short_nonce& nonce, byte_view ad, byte_view sealed,
                         std::byte* out) noexcept {
  return open_by_psa(key, {nonce, ad, sealed}, out);
}

result<void> xchacha_seal(key_view key, long_nonce_view nonce, byte_view ad, byte_view plaintext,
                          std::byte* out) noexcept {
  const inner made(key, nonce);
  return seal_by_psa(made.key_bytes, {made.nonce_bytes, ad, plaintext}, out);
}

result<void> xchacha_open(key_view key, long_nonce_view nonce, byte_view ad, byte_view sealed,
                          std::byte* out) noexcept {
  const inner made(key, nonce);
  return open_by_psa(made.key_bytes, {made.nonce_bytes, ad, sealed}, out);
}

}  // namespace clientbook::crypto
