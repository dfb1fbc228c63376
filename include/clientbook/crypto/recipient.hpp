// Whom a key is sealed to: X25519 keys in the notation of age (age-encryption.org/v1), and keys
// stretched out of a passphrase. Not in firmware.
//
// What is sealed is a box of sealed_box.hpp and no file of age: the keys are compatible, so that
// who has made one with `age-keygen` needs no other.
//
// Thread safety: pure functions; objects belong to one thread at a time.
#ifndef CLIENTBOOK_CRYPTO_RECIPIENT_HPP
#define CLIENTBOOK_CRYPTO_RECIPIENT_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/random.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>
#include <clientbook/crypto/sealed_box.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook::crypto {

// --- keys in age's notation (Bech32, BIP 173) -------------------------------------------

/// Characters of "age1...".
inline constexpr std::size_t recipient_text_size = 62;
/// Characters of "AGE-SECRET-KEY-1...".
inline constexpr std::size_t identity_text_size = 74;

using recipient_text = std::array<char, recipient_text_size>;
[[nodiscard]] recipient_text write_recipient(const box_public_key& key) noexcept;

/// Errors: invalid_encoding (no such text, a slip in it), unsupported (another kind of recipient:
/// a plugin's, an SSH key), weak_key (of small order: everybody could open what is sealed to it).
result<box_public_key> read_recipient(std::string_view text) noexcept;

/// Errors: invalid_encoding, unsupported (a plugin's identity).
result<secret<32>> read_identity(std::string_view text) noexcept;

/// The pair of a private X25519 key (RFC 7748) as it is; box_key's own constructor takes a seed.
[[nodiscard]] box_key key_pair(const secret<32>& private_key) noexcept;

// --- a key out of a passphrase ----------------------------------------------------------

/// What one guess costs. Argon2id (RFC 9106) of one lane.
struct stretch_cost {
  std::uint32_t kibibytes = 256 * 1024;
  std::uint32_t passes = 3;

  static constexpr std::uint32_t least_kibibytes = 8 * 1024;
  static constexpr std::uint32_t most_kibibytes = 1024 * 1024;
  static constexpr std::uint32_t most_passes = 16;
  /// Passes times memory, so that none takes longer than four times over 1 GiB.
  static constexpr std::uint64_t most_work = std::uint64_t{4} * 1024 * 1024;

  /// Also of what stands in a file: no file makes anybody take hours or all memory.
  [[nodiscard]] constexpr bool within_bounds() const noexcept {
    return kibibytes >= least_kibibytes && kibibytes <= most_kibibytes && passes >= 1 &&
           passes <= most_passes && std::uint64_t{kibibytes} * passes <= most_work;
  }
  bool operator==(const stretch_cost&) const = default;
};

using stretch_salt = std::array<std::byte, 16>;

/// Takes as long and as much memory as `cost` says. Precondition: init().
/// Errors: invalid_argument (a cost out of bounds), limit_exceeded (no memory for it).
result<secret<32>> stretch(byte_view passphrase, const stretch_salt& salt,
                           const stretch_cost& cost) noexcept;

// --- sealing under a key that seals more than once --------------------------------------

/// What it is longer than its plaintext: a random nonce in front, a tag at the end.
inline constexpr std::size_t sealed_overhead = 24 + 16;

/// XChaCha20-Poly1305. Precondition: `out` has plaintext.size() + sealed_overhead bytes.
/// Errors: randomness_failed.
result<void> seal_again(const secret<32>& key, byte_view ad, byte_view plaintext,
                        random_source& random, byte_span out) noexcept;
/// Precondition: `out` has sealed.size() - sealed_overhead bytes.
/// Errors: truncated, authentication_failed; `out` is then zero.
result<void> open_again(const secret<32>& key, byte_view ad, byte_view sealed,
                        byte_span out) noexcept;

}  // namespace clientbook::crypto

#endif
