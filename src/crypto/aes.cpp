// AES of one block, for format-preserving encryption (FF1), from libcrypto.
//
// libsodium has no bare block cipher. The context holds the expanded key and belongs to this
// object.
#include <clientbook/internal/crypto/aes.hpp>

#include <openssl/evp.h>

#include "sodium_bytes.hpp"

namespace clientbook::crypto {
namespace {

const EVP_CIPHER* one_block(std::size_t key_size) noexcept {
  switch (key_size) {
    case 16:
      return EVP_aes_128_ecb();
    case 24:
      return EVP_aes_192_ecb();
    case 32:
      return EVP_aes_256_ecb();
    default:
      return nullptr;
  }
}

// The context's buffer changes with every call, so an object belongs to one thread.
bool encrypt_block(const void* context, block_cipher::block_in in,
                   block_cipher::block_out out) noexcept {
  auto* to = static_cast<EVP_CIPHER_CTX*>(const_cast<void*>(context));
  int size = 0;
  return EVP_EncryptUpdate(to, u8(out.data()), &size, u8(in.data()), 16) == 1 && size == 16;
}

}  // namespace

result<aes_cipher> aes_cipher::create(byte_view key) noexcept {
  const EVP_CIPHER* kind = one_block(key.size());
  std::byte any{};
  for (const std::byte each : key) any |= each;
  if (kind == nullptr || any == std::byte{}) {
    return error{errc::weak_key, "a key of AES has 16, 24 or 32 bytes, not all zero"};
  }
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  aes_cipher out(context, static_cast<unsigned>(8 * key.size()));
  if (context == nullptr ||
      EVP_EncryptInit_ex(context, kind, nullptr, u8(key.data()), nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context, 0) != 1) {
    return error{errc::unsupported, "libcrypto does not give us AES"};
  }
  return out;
}

// Wipes the key.
aes_cipher::~aes_cipher() { EVP_CIPHER_CTX_free(static_cast<EVP_CIPHER_CTX*>(context_)); }

block_cipher aes_cipher::port() const noexcept { return {&encrypt_block, context_, key_bits_}; }

}  // namespace clientbook::crypto
