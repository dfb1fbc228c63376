// Deterministic sealing to somebody else's public key: equal inputs give equal boxes, and only
// the holder of the private key opens them.
//
// X25519 (RFC 7748) between a one-time key made from a synthetic value and the recipient's key,
// then XChaCha20-Poly1305. The synthetic value takes the place of a nonce, as in SIV modes
// (RFC 5297): it must be a keyed hash over the plaintext, the associated data and the recipient,
// so that nothing is ever sealed twice under one key but the same.
//
// Thread safety: pure functions; objects belong to one thread at a time.
#ifndef CLIENTBOOK_CRYPTO_SEALED_BOX_HPP
#define CLIENTBOOK_CRYPTO_SEALED_BOX_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <array>
#include <cstddef>

namespace clientbook::crypto {

using box_public_key = fixed_bytes<struct box_public_key_tag, 32>;

class box_key {
 public:
  explicit box_key(const secret<32>& seed) noexcept;
  [[nodiscard]] const box_public_key& public_key() const noexcept { return public_; }
  [[nodiscard]] const secret<32>& private_key() const noexcept { return private_; }

 private:
  friend box_key key_pair(const secret<32>& private_key) noexcept;  // recipient.hpp
  box_key() noexcept = default;
  secret<32> private_;
  box_public_key public_{};
};

/// What a box is longer than its plaintext: a one-time public key in front, a tag at the end.
inline constexpr std::size_t box_overhead = 32 + 16;

/// Precondition: `out` has plaintext.size() + box_overhead bytes.
/// Errors: weak_key (a public key of small order).
result<void> seal_box(const box_public_key& to, const secret<32>& synthetic, byte_view ad,
                      byte_view plaintext, byte_span out) noexcept;

/// Precondition: `out` has sealed.size() - box_overhead bytes.
/// Errors: truncated, authentication_failed; `out` is then zero.
result<void> open_box(const box_key& key, byte_view ad, byte_view sealed, byte_span out) noexcept;

/// Whether the box was made with that synthetic value: what the opener checks at the end.
[[nodiscard]] bool made_with(byte_view sealed, const secret<32>& synthetic) noexcept;

}  // namespace clientbook::crypto

#endif
