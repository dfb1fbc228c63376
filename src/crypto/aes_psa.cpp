// AES of one block by PSA Crypto, for builds that have it in the place of libcrypto.
//
// The key is in PSA's store only while a block is encrypted: its slots are few, and a session that
// shows pseudonyms would keep one of them for as long as it is open. (Mbed TLS expands the key for
// each call anyhow.)
#include <clientbook/base/secret.hpp>
#include <clientbook/internal/crypto/aes.hpp>

#include <array>
#include <new>

#include "psa_key.hpp"

namespace clientbook::crypto {
namespace {

struct kept_key {
  explicit kept_key(byte_view from) noexcept : size(from.size()) { copy_bytes(bytes, from); }
  ~kept_key() { wipe(bytes); }
  kept_key(const kept_key&) = delete;
  kept_key& operator=(const kept_key&) = delete;
  std::array<std::byte, 32> bytes{};
  std::size_t size;
};

bool encrypt_block(const void* context, block_cipher::block_in in,
                   block_cipher::block_out out) noexcept {
  const auto& key = *static_cast<const kept_key*>(context);
  const psa_turn turn;
  const psa_key held(byte_view(key.bytes).first(key.size), PSA_KEY_TYPE_AES, PSA_ALG_ECB_NO_PADDING,
                     PSA_KEY_USAGE_ENCRYPT);
  std::size_t size = 0;
  return held.usable() &&
         psa_cipher_encrypt(held.id(), PSA_ALG_ECB_NO_PADDING, u8(in.data()), 16, u8(out.data()),
                            16, &size) == PSA_SUCCESS &&
         size == 16;
}

}  // namespace

result<aes_cipher> aes_cipher::create(byte_view key) noexcept {
  std::byte any{};
  for (const std::byte each : key) any |= each;
  if ((key.size() != 16 && key.size() != 24 && key.size() != 32) || any == std::byte{}) {
    return error{errc::weak_key, "a key of AES has 16, 24 or 32 bytes, not all zero"};
  }
  auto* kept = new (std::nothrow) kept_key(key);
  if (kept == nullptr) return error{errc::unsupported, "there is no memory for a key of AES"};
  return aes_cipher(kept, static_cast<unsigned>(8 * key.size()));
}

// Wipes the key.
aes_cipher::~aes_cipher() { delete static_cast<kept_key*>(context_); }

block_cipher aes_cipher::port() const noexcept { return {&encrypt_block, context_, key_bits_}; }

}  // namespace clientbook::crypto
