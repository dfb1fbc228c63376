// How a log of records in flash is sealed: frames by XChaCha20-Poly1305 under a nonce that the log
// makes (a random salt and its own number), and a MAC over many small pieces.
//
// Needs no hash function, so that a device that does nothing else stays small. The log alone may
// choose nonces; docs/format/flash.md says why a salt that is gone makes a value unreadable.
//
// Thread safety: free functions without state; a log_mac belongs to one thread at a time.
#ifndef CLIENTBOOK_INTERNAL_CRYPTO_LOG_CIPHER_HPP
#define CLIENTBOOK_INTERNAL_CRYPTO_LOG_CIPHER_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/secret.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace clientbook::crypto {

inline constexpr std::size_t log_salt_size = 16;
inline constexpr std::size_t log_tag_size = 16;
using log_nonce = std::span<const std::byte, 24>;  ///< The salt first.
using log_tag = std::array<std::byte, log_tag_size>;

/// Seals `text` where it lies and writes its tag.
void seal_log(const secret<32>& key, log_nonce nonce, byte_view ad, byte_span text,
              std::span<std::byte, log_tag_size> tag) noexcept;

/// Opens `text` where it lies. False, and `text` holds nothing: not sealed so.
[[nodiscard]] bool open_log(const secret<32>& key, log_nonce nonce, byte_view ad, byte_span text,
                            std::span<const std::byte, log_tag_size> tag) noexcept;

/// Whether `text` is sealed so; opens nothing.
[[nodiscard]] bool check_log(const secret<32>& key, log_nonce nonce, byte_view ad, byte_view text,
                             std::span<const std::byte, log_tag_size> tag) noexcept;

/// Poly1305 under a one-time key from HChaCha20 of a salt that is used for nothing else but its
/// frame or header, in a domain of its own. Wiped at its end.
class log_mac {
 public:
  log_mac(const secret<32>& key, std::span<const std::byte, log_salt_size> salt) noexcept;
  ~log_mac();
  log_mac(const log_mac&) = delete;
  log_mac& operator=(const log_mac&) = delete;

  log_mac& update(byte_view piece) noexcept;
  /// Once; afterwards the object can only be destroyed.
  [[nodiscard]] log_tag finish() noexcept;

 private:
  alignas(64) std::array<std::byte, 256> state_;
};

}  // namespace clientbook::crypto

#endif
