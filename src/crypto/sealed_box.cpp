// Sealed to a public key: what the shop can write and only the holder of the secret key can read.
//
// The one-time key is not random: it comes from a secret that the caller gives, so that the same
// value gives the same box to whoever has that secret, and to nobody else. Associated data binds
// its place.
#include <sodium.h>
#include <clientbook/crypto/sealed_box.hpp>

#include "chacha.hpp"
#include "sodium_bytes.hpp"

namespace clientbook::crypto {
namespace {

static_assert(crypto_box_SEEDBYTES == 32 && crypto_box_SECRETKEYBYTES == 32);

// One key for one box, so the nonce may be fixed.
constexpr std::array<std::byte, nonce_size> nonce{};

result<secret<32>> agreed(const box_key& mine, const box_public_key& theirs,
                          const box_public_key& one_time,
                          const box_public_key& recipient) noexcept {
  secret<32> shared;
  const int done = mine.private_key().with_bytes([&](key_view key) {
    return shared.fill_bytes([&](std::span<std::byte, 32> to) {
      return crypto_scalarmult(u8(to.data()), u8(key.data()), u8(theirs.data()));
    });
  });
  if (done != 0) return error{errc::weak_key, "a public key of small order"};
  std::array<std::byte, 64> both;
  copy_bytes(both, one_time);
  copy_bytes(byte_span(both).subspan(32), recipient);
  return derive(shared, "clientbook sealed box 1", both);
}

}  // namespace

box_key::box_key(const secret<32>& seed) noexcept {
  seed.with_bytes([&](key_view from) {
    private_.fill_bytes([&](std::span<std::byte, 32> to) {
      crypto_box_seed_keypair(u8(public_.data()), u8(to.data()), u8(from.data()));
    });
  });
}

result<void> seal_box(const box_public_key& to, const secret<32>& synthetic, byte_view ad,
                      byte_view plaintext, byte_span out) noexcept {
  const box_key one_time(synthetic);
  const auto key = agreed(one_time, to, one_time.public_key(), to);
  if (!key) return key.error();
  copy_bytes(out, one_time.public_key());
  return key->with_bytes(
      [&](key_view k) { return xchacha_seal(k, nonce, ad, plaintext, out.data() + 32); });
}

result<void> open_box(const box_key& key, byte_view ad, byte_view sealed, byte_span out) noexcept {
  if (sealed.size() < box_overhead) return error{errc::truncated, "a sealed box is cut short"};
  box_public_key one_time;
  copy_bytes(one_time, sealed.first(32));
  const auto with = agreed(key, one_time, one_time, key.public_key());
  const error altered{errc::authentication_failed,
                      "a sealed box was altered, or is not for this key"};
  const result<void> opened = with ? with->with_bytes([&](key_view k) {
    return xchacha_open(k, nonce, ad, sealed.subspan(32), out.data());
  })
                                   : result<void>(altered);
  if (opened) return {};
  wipe(out);
  return not_opened(opened.error(), altered);
}

bool made_with(byte_view sealed, const secret<32>& synthetic) noexcept {
  return sealed.size() >= box_overhead && equal(box_key(synthetic).public_key(), sealed.first(32));
}

}  // namespace clientbook::crypto
