// ChaCha20-Poly1305 of one message: the cipher of suite 1, by libsodium (chacha_sodium.cpp) or by
// PSA Crypto (chacha_psa.cpp), as CLIENTBOOK_PSA says. Both write the same bytes.
//
// Only a provider that keeps keys in places of its own can fail to seal, or fail to open for
// another reason than the bytes: limit_exceeded.
#ifndef CLIENTBOOK_CRYPTO_CHACHA_HPP
#define CLIENTBOOK_CRYPTO_CHACHA_HPP

#include "aead.hpp"

namespace clientbook::crypto {

using long_nonce_view = std::span<const std::byte, nonce_size>;

/// Makes the provider ready; any number of calls. Errors: unsupported.
result<void> start_ciphers() noexcept;

/// As RFC 8439. `out` holds plaintext and tag, and may begin where the plaintext does.
/// Errors: limit_exceeded.
result<void> chacha_seal(key_view key, const short_nonce& nonce, byte_view ad, byte_view plaintext,
                         std::byte* out) noexcept;
/// Precondition: sealed is not below tag_size. `out` holds nothing of use on failure.
/// Errors: authentication_failed, limit_exceeded.
result<void> chacha_open(key_view key, const short_nonce& nonce, byte_view ad, byte_view sealed,
                         std::byte* out) noexcept;

/// As draft-irtf-cfrg-xchacha-03, otherwise the same.
result<void> xchacha_seal(key_view key, long_nonce_view nonce, byte_view ad, byte_view plaintext,
                          std::byte* out) noexcept;
result<void> xchacha_open(key_view key, long_nonce_view nonce, byte_view ad, byte_view sealed,
                          std::byte* out) noexcept;

}  // namespace clientbook::crypto

#endif
