// Hashes, derivation, signatures, blind index tokens and the permutation of customer numbers.
//
// One primitive for each purpose, each use under a label of its own with the lengths of its parts
// hashed in, so that no two uses can meet. Relies on libsodium, whose calls are constant in time
// where a secret is among their arguments.
#include <sodium.h>
#include <clientbook/crypto/crypto.hpp>

#include "aead.hpp"
#include "chacha.hpp"
#include "sodium_bytes.hpp"

namespace clientbook::crypto {
namespace {

static_assert(sizeof(crypto_generichash_blake2b_state) <= 384);
static_assert(alignof(crypto_generichash_blake2b_state) <= 64);
static_assert(sizeof(crypto_hash_sha256_state) <= 104);
static_assert(alignof(crypto_hash_sha256_state) <= 8);
static_assert(sizeof(crypto_auth_hmacsha256_state) <= 208);
static_assert(alignof(crypto_auth_hmacsha256_state) <= 8);

template <class Digest>
Digest blake2b(byte_view key, byte_view data) noexcept {
  Digest out;
  crypto_generichash_blake2b(u8(out.data()), out.size(), u8(data.data()), data.size(),
                             u8(key.data()), key.size());
  return out;
}

crypto_generichash_blake2b_state* blake2b_state(std::byte* bytes) noexcept {
  return static_cast<crypto_generichash_blake2b_state*>(static_cast<void*>(bytes));
}
crypto_hash_sha256_state* sha256_state(std::byte* bytes) noexcept {
  return static_cast<crypto_hash_sha256_state*>(static_cast<void*>(bytes));
}
crypto_auth_hmacsha256_state* hmac_state(std::byte* bytes) noexcept {
  return static_cast<crypto_auth_hmacsha256_state*>(static_cast<void*>(bytes));
}

void add_with_length(hasher& to, byte_view part) noexcept {
  std::array<std::byte, 8> length;
  store_be(length.data(), static_cast<std::uint64_t>(part.size()));
  to.update(length).update(part);
}

constexpr std::size_t id_rounds = 6;

// Both halves as big-endian numbers, as they are written in the id.
std::uint64_t round_of(std::span<const std::byte, 96> keys, std::size_t round,
                       std::uint64_t half) noexcept {
  std::array<std::byte, 8> bytes;
  store_be(bytes.data(), half);
  return siphash(std::span<const std::byte, 16>(keys.data() + 16 * round, 16), bytes);
}

}  // namespace

result<void> init() noexcept {
  if (sodium_init() < 0) return error{errc::unsupported, "libsodium does not start here"};
  return start_ciphers();
}

bool suite_available(suite which) noexcept {
  switch (which) {
    case suite::chacha20_poly1305:
      return true;
    case suite::aes256_gcm:
      return crypto_aead_aes256gcm_is_available() != 0;
  }
  return false;
}

bool equal(byte_view a, byte_view b) noexcept {
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

digest hash(byte_view data) noexcept { return blake2b<digest>({}, data); }
digest512 hash512(byte_view data) noexcept { return blake2b<digest512>({}, data); }
digest hash(const secret<32>& key, byte_view data) noexcept {
  return key.with_bytes([&](key_view k) { return blake2b<digest>(k, data); });
}
digest512 hash512(const secret<32>& key, byte_view data) noexcept {
  return key.with_bytes([&](key_view k) { return blake2b<digest512>(k, data); });
}

hasher::hasher() noexcept {
  crypto_generichash_blake2b_init(blake2b_state(state_.data()), nullptr, 0, sizeof(digest));
}
hasher::hasher(const secret<32>& key) noexcept {
  key.with_bytes([&](key_view k) {
    crypto_generichash_blake2b_init(blake2b_state(state_.data()), u8(k.data()), k.size(),
                                    sizeof(digest));
  });
}
hasher::~hasher() { wipe(state_); }
hasher& hasher::update(byte_view data) noexcept {
  crypto_generichash_blake2b_update(blake2b_state(state_.data()), u8(data.data()), data.size());
  return *this;
}
digest hasher::finish() noexcept {
  digest out;
  crypto_generichash_blake2b_final(blake2b_state(state_.data()), u8(out.data()), out.size());
  return out;
}

digest sha256(byte_view data) noexcept {
  digest out;
  crypto_hash_sha256(u8(out.data()), u8(data.data()), data.size());
  return out;
}
sha256_hasher::sha256_hasher() noexcept { crypto_hash_sha256_init(sha256_state(state_.data())); }
sha256_hasher& sha256_hasher::update(byte_view data) noexcept {
  crypto_hash_sha256_update(sha256_state(state_.data()), u8(data.data()), data.size());
  return *this;
}
digest sha256_hasher::finish() noexcept {
  digest out;
  crypto_hash_sha256_final(sha256_state(state_.data()), u8(out.data()));
  return out;
}

hmac_sha256::hmac_sha256(byte_view key) noexcept {
  crypto_auth_hmacsha256_init(hmac_state(state_.data()), u8(key.data()), key.size());
}
hmac_sha256::~hmac_sha256() { wipe(state_); }
hmac_sha256& hmac_sha256::update(byte_view data) noexcept {
  crypto_auth_hmacsha256_update(hmac_state(state_.data()), u8(data.data()), data.size());
  return *this;
}
digest hmac_sha256::finish() noexcept {
  digest out;
  crypto_auth_hmacsha256_final(hmac_state(state_.data()), u8(out.data()));
  return out;
}

secret<32> derive(const secret<32>& key, std::string_view label, byte_view context) noexcept {
  hasher made(key);
  add_with_length(made, as_bytes(label));
  add_with_length(made, context);
  digest bytes = made.finish();
  secret<32> out;
  out.fill_bytes([&](std::span<std::byte, 32> to) { copy_bytes(to, bytes); });
  wipe(bytes);
  return out;
}

result<secret<32>> random_key(random_source& random) noexcept {
  secret<32> out;
  const result<void> filled =
      out.fill_bytes([&](std::span<std::byte, 32> to) { return random.fill(to); });
  if (!filled) return filled.error();
  return out;
}

signing_key::signing_key(const secret<32>& seed) noexcept {
  seed.with_bytes([&](key_view from) {
    secret_.fill_bytes([&](std::span<std::byte, 64> to) {
      crypto_sign_seed_keypair(u8(public_.data()), u8(to.data()), u8(from.data()));
    });
  });
}

signature signing_key::sign(byte_view message) const noexcept {
  signature out;
  secret_.with_bytes([&](std::span<const std::byte, 64> key) {
    crypto_sign_detached(u8(out.data()), nullptr, u8(message.data()), message.size(),
                         u8(key.data()));
  });
  return out;
}

result<void> verify(const signature& signed_by, byte_view message,
                    const verifying_key& key) noexcept {
  if (crypto_sign_verify_detached(u8(signed_by.data()), u8(message.data()), message.size(),
                                  u8(key.data())) != 0) {
    return error{errc::signature_invalid, "the signature is not by that key over these bytes"};
  }
  return {};
}

result<blind_index_token> blind_token(const secret<32>& key, unsigned bits,
                                      std::span<const byte_view> parts) noexcept {
  if (bits == 0 || bits > 128) {
    return error{errc::invalid_argument, "a blind token has 1 to 128 bits"};
  }
  hasher made(key);
  for (const byte_view part : parts) add_with_length(made, part);
  const digest full = made.finish();
  blind_index_token out{};
  copy_bytes(out, byte_view(full).first((bits + 7) / 8));
  if (bits % 8 != 0) out[bits / 8] &= static_cast<std::byte>(0xff00U >> (bits % 8));
  return out;
}

std::uint64_t siphash(std::span<const std::byte, 16> key, byte_view data) noexcept {
  std::array<std::byte, 8> out;
  crypto_shorthash_siphash24(u8(out.data()), u8(data.data()), data.size(), u8(key.data()));
  return load_be<std::uint64_t>(out.data());
}

id_permutation::id_permutation(const secret<32>& key) noexcept {
  rounds_.fill_bytes([&](std::span<std::byte, 96> to) {
    for (std::uint8_t part = 0; part < 3; ++part) {
      const std::byte which{part};
      const secret<32> made = derive(key, "clientbook customer id", byte_view(&which, 1));
      made.with_bytes([&](key_view bytes) { copy_bytes(to.subspan(32U * part), bytes); });
    }
  });
}

customer_id id_permutation::id(customer_no number) const noexcept {
  customer_id out;
  rounds_.with_bytes([&](std::span<const std::byte, 96> keys) {
    std::uint64_t left = 0;
    std::uint64_t right = number.value;
    for (std::size_t round = 0; round < id_rounds; ++round) {
      const std::uint64_t next = left ^ round_of(keys, round, right);
      left = right;
      right = next;
    }
    store_be(out.bytes.data(), left);
    store_be(out.bytes.data() + 8, right);
  });
  return out;
}

result<customer_no> id_permutation::number(const customer_id& id) const noexcept {
  std::uint64_t left = load_be<std::uint64_t>(id.bytes.data());
  std::uint64_t right = load_be<std::uint64_t>(id.bytes.data() + 8);
  rounds_.with_bytes([&](std::span<const std::byte, 96> keys) {
    for (std::size_t round = id_rounds; round-- > 0;) {
      const std::uint64_t before = right ^ round_of(keys, round, left);
      right = left;
      left = before;
    }
  });
  if (left != 0 || right == 0) return error{errc::not_found, "no such customer"};
  return customer_no(right);
}

}  // namespace clientbook::crypto
