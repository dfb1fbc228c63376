// AES (FIPS 197) behind the port of block_cipher.hpp, by OpenSSL's libcrypto. Hosted builds only.
//
// Thread safety: an object and its ports belong to one thread at a time.
#ifndef CLIENTBOOK_INTERNAL_CRYPTO_AES_HPP
#define CLIENTBOOK_INTERNAL_CRYPTO_AES_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/internal/crypto/block_cipher.hpp>

#include <utility>

namespace clientbook::crypto {

class aes_cipher {
 public:
  /// From a key of 16, 24 or 32 bytes. Errors: weak_key (another size, or all zero),
  /// unsupported (the library refuses).
  static result<aes_cipher> create(byte_view key) noexcept;

  ~aes_cipher();
  aes_cipher(aes_cipher&& other) noexcept
      : context_(std::exchange(other.context_, nullptr)), key_bits_(other.key_bits_) {}
  aes_cipher& operator=(aes_cipher&& other) noexcept {
    std::swap(context_, other.context_);
    std::swap(key_bits_, other.key_bits_);
    return *this;
  }
  aes_cipher(const aes_cipher&) = delete;
  aes_cipher& operator=(const aes_cipher&) = delete;

  /// Valid as long as this object lives, also after it was moved.
  [[nodiscard]] block_cipher port() const noexcept;

 private:
  aes_cipher(void* context, unsigned key_bits) noexcept : context_(context), key_bits_(key_bits) {}
  void* context_;
  unsigned key_bits_;
};

}  // namespace clientbook::crypto

#endif
