// What a log in flash is sealed with (log_cipher.hpp): XChaCha20-Poly1305 with a detached tag, and
// Poly1305 over pieces. Relies on crypto::init() having run.
#include <sodium.h>
#include <clientbook/internal/crypto/log_cipher.hpp>

#include "sodium_bytes.hpp"

namespace clientbook::crypto {
namespace {

static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == 24);
static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES == log_tag_size);
static_assert(crypto_onetimeauth_BYTES == log_tag_size);
static_assert(sizeof(crypto_onetimeauth_state) <= 256);
static_assert(crypto_core_hchacha20_INPUTBYTES == log_salt_size);

// Another constant than ChaCha20's own, so that the same salt never gives the same key for both.
constexpr unsigned char mac_domain[17] = "clientbook log 1";

crypto_onetimeauth_state* state_of(std::array<std::byte, 256>& bytes) noexcept {
  return static_cast<crypto_onetimeauth_state*>(static_cast<void*>(bytes.data()));
}

}  // namespace

void seal_log(const secret<32>& key, log_nonce nonce, byte_view ad, byte_span text,
              std::span<std::byte, log_tag_size> tag) noexcept {
  key.with_bytes([&](std::span<const std::byte, 32> k) {
    crypto_aead_xchacha20poly1305_ietf_encrypt_detached(
        u8(text.data()), u8(tag.data()), nullptr, u8(text.data()), text.size(), u8(ad.data()),
        ad.size(), nullptr, u8(nonce.data()), u8(k.data()));
  });
}

bool check_log(const secret<32>& key, log_nonce nonce, byte_view ad, byte_view text,
               std::span<const std::byte, log_tag_size> tag) noexcept {
  return key.with_bytes([&](std::span<const std::byte, 32> k) {
    return crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
               nullptr, nullptr, u8(text.data()), text.size(), u8(tag.data()), u8(ad.data()),
               ad.size(), u8(nonce.data()), u8(k.data())) == 0;
  });
}

bool open_log(const secret<32>& key, log_nonce nonce, byte_view ad, byte_span text,
              std::span<const std::byte, log_tag_size> tag) noexcept {
  return key.with_bytes([&](std::span<const std::byte, 32> k) {
    return crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
               u8(text.data()), nullptr, u8(text.data()), text.size(), u8(tag.data()),
               u8(ad.data()), ad.size(), u8(nonce.data()), u8(k.data())) == 0;
  });
}

log_mac::log_mac(const secret<32>& key, std::span<const std::byte, log_salt_size> salt) noexcept {
  secret<32> once;
  once.fill_bytes([&](std::span<std::byte, 32> to) {
    key.with_bytes([&](std::span<const std::byte, 32> k) {
      crypto_core_hchacha20(u8(to.data()), u8(salt.data()), u8(k.data()), mac_domain);
    });
  });
  once.with_bytes([&](std::span<const std::byte, 32> k) {
    crypto_onetimeauth_init(state_of(state_), u8(k.data()));
  });
}

log_mac::~log_mac() { wipe(state_); }

log_mac& log_mac::update(byte_view piece) noexcept {
  crypto_onetimeauth_update(state_of(state_), u8(piece.data()), piece.size());
  return *this;
}

log_tag log_mac::finish() noexcept {
  log_tag out;
  crypto_onetimeauth_final(state_of(state_), u8(out.data()));
  return out;
}

}  // namespace clientbook::crypto
