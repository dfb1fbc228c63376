// Files of age (age-encryption.org/v1) for one X25519 recipient: what leaves for somebody can be
// read by them alone, with a program that they have already. Not in firmware.
//
// Sealing only: whoever receives one opens it with age or any other program of that format.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_CRYPTO_AGE_FILE_HPP
#define CLIENTBOOK_CRYPTO_AGE_FILE_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/random.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/crypto/sealed_box.hpp>

#include <cstddef>

namespace clientbook::crypto {

/// Bytes of the file for that many of plaintext.
[[nodiscard]] std::size_t age_file_size(std::size_t plaintext) noexcept;

/// Precondition: `out` has age_file_size(plaintext.size()) bytes and shares none with it.
/// Errors: weak_key (a recipient of small order), randomness_failed; `out` is then zero.
result<void> seal_age_file(const box_public_key& to, byte_view plaintext, random_source& random,
                           byte_span out) noexcept;

}  // namespace clientbook::crypto

#endif
