// AEAD as the envelopes and the key tree use it. Nonces are made or fixed in this room.
#ifndef CLIENTBOOK_CRYPTO_AEAD_HPP
#define CLIENTBOOK_CRYPTO_AEAD_HPP

#include <clientbook/crypto/crypto.hpp>

namespace clientbook::crypto {

inline constexpr std::size_t tag_size = 16;
inline constexpr std::size_t nonce_size = 24;
inline constexpr std::size_t commitment_size = 32;

using key_view = std::span<const std::byte, 32>;
using expanded_key = std::span<std::byte, 512>;
using expanded_key_view = std::span<const std::byte, 512>;
using short_nonce = std::array<std::byte, 12>;

/// unsupported, or nothing.
result<void> check_suite(suite which) noexcept;

/// Keys of one row: expanded once, used for every field of it.
void expand(suite which, key_view key, expanded_key out) noexcept;
/// `out` holds plaintext and tag; it may begin where the plaintext does.
/// Errors: limit_exceeded (a provider with key slots of its own, see chacha.hpp).
result<void> seal(suite which, expanded_key_view key, const short_nonce& nonce, byte_view ad,
                  byte_view plaintext, std::byte* out) noexcept;
/// Precondition: sealed is not below tag_size. `out` is zero on failure.
/// Errors: authentication_failed, limit_exceeded.
result<void> open(suite which, expanded_key_view key, const short_nonce& nonce, byte_view ad,
                  byte_view sealed, std::byte* out) noexcept;

/// One value under a key that seals many: `bound` is label, header, nonce and context.
/// Suite 1: XChaCha20-Poly1305 under the key, associated data `bound`. Suite 2: AES-256-GCM
/// with a zero nonce under a key made by BLAKE2b for this value only: first half of
/// commit_512(key, bound).
/// Errors: as of seal() and open().
result<void> seal_value(suite which, const secret<32>& key,
                        std::span<const std::byte, nonce_size> nonce, byte_view bound,
                        byte_view plaintext, std::byte* out) noexcept;
result<void> open_value(suite which, const secret<32>& key,
                        std::span<const std::byte, nonce_size> nonce, byte_view bound,
                        byte_view sealed, std::byte* out) noexcept;

/// What to tell of bytes that did not open: `altered`, unless the provider could not look at them.
[[nodiscard]] error not_opened(const error& why, const error& altered) noexcept;

/// Second half of the same hash: says which key sealed, tells nothing of the first.
[[nodiscard]] digest commitment_of(const secret<32>& key, byte_view bound) noexcept;

/// SipHash-2-4.
[[nodiscard]] std::uint64_t siphash(std::span<const std::byte, 16> key, byte_view data) noexcept;

/// Writes parts one behind the other into a fixed buffer.
template <std::size_t Size>
class writer {
 public:
  writer& add(byte_view bytes) noexcept {
    copy_bytes(byte_span(bytes_).subspan(size_), bytes);
    size_ += bytes.size();
    return *this;
  }
  writer& add(std::string_view text) noexcept { return add(as_bytes(text)); }
  template <class Unsigned>
  requires std::is_unsigned_v<Unsigned> writer& add(Unsigned value) noexcept {
    store_be(bytes_.data() + size_, value);
    size_ += sizeof(Unsigned);
    return *this;
  }
  /// Over what was added before.
  void replace(std::size_t at, byte_view bytes) noexcept {
    copy_bytes(byte_span(bytes_).subspan(at), bytes);
  }
  [[nodiscard]] byte_view view() const noexcept { return byte_view(bytes_).first(size_); }

 private:
  std::array<std::byte, Size> bytes_;
  std::size_t size_ = 0;
};

}  // namespace clientbook::crypto

#endif
