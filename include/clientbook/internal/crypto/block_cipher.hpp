// A block cipher of 128 bits, as a port: format-preserving encryption is built on it.
//
// Firmware fills it in with its hardware; hosted builds have aes.hpp.
//
// Thread safety: as the implementation says.
#ifndef CLIENTBOOK_INTERNAL_CRYPTO_BLOCK_CIPHER_HPP
#define CLIENTBOOK_INTERNAL_CRYPTO_BLOCK_CIPHER_HPP

#include <cstddef>
#include <span>

namespace clientbook::crypto {

/// The forward direction under one key. A value; whatever `context` points to must outlive it.
struct block_cipher {
  static constexpr std::size_t block_size = 16;
  using block_in = std::span<const std::byte, block_size>;
  using block_out = std::span<std::byte, block_size>;

  /// Encrypts one block; `in` and `out` may be the same. False if it could not.
  bool (*encrypt)(const void* context, block_in in, block_out out) noexcept = nullptr;
  const void* context = nullptr;
  unsigned key_bits = 0;
};

}  // namespace clientbook::crypto

#endif
