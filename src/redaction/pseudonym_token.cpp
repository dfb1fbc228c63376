// Tokens: pseudonyms that the holder of another key can turn back.
//
// The value is sealed to the privacy officer's public key, under a synthetic secret of the tenant's
// key, so the shop can make a token again and not open it. Padded, so that length does not tell.
#include <clientbook/redaction/pseudonym_token.hpp>

#include <clientbook/internal/base/base64.hpp>
#include "scope.hpp"

namespace clientbook {
namespace {

constexpr std::size_t group = 16;
constexpr std::size_t max_padded = max_token_value + group;
constexpr std::size_t max_sealed = max_padded + crypto::box_overhead;

constexpr error not_a_token{errc::authentication_failed, "not a token of that key and scope"};

// Wiped room for a value on its way.
template <std::size_t Size>
struct wiped_room {
  std::array<std::byte, Size> bytes{};
  wiped_room() noexcept = default;
  ~wiped_room() { wipe(bytes); }
  wiped_room(const wiped_room&) = delete;
  wiped_room& operator=(const wiped_room&) = delete;
};

result<void> check(const pseudonym_scope& scope) noexcept {
  if (auto good = redaction::check_scope(scope); !good) return good;
  if (scope.purpose.empty()) return error{errc::invalid_argument, "a token needs a purpose"};
  return {};
}

// Over all that must make tokens differ; in the place of a nonce.
secret<32> synthetic_of(const pseudonym_key& key, const pseudonym_scope& scope,
                        const crypto::box_public_key& reversal, std::string_view value) noexcept {
  const byte_view purpose = as_bytes(scope.purpose);
  const byte_view parts[] = {as_bytes(scope.tenant), as_bytes(scope.field), purpose, reversal,
                             as_bytes(value)};
  crypto::digest made = key.mac("clientbook token 1", parts);
  secret<32> out;
  out.fill_bytes([&](std::span<std::byte, 32> to) { copy_bytes(to, made); });
  wipe(made);
  return out;
}

}  // namespace

result<reversal_key> reversal_key::from(byte_view bytes) noexcept {
  // The same demands as on a tenant's key, and no way from one to the other.
  const result<pseudonym_key> strong = pseudonym_key::from(bytes);
  if (!strong) return error{errc::weak_key, "a reversal key has 32 bytes at least, not all zero"};
  crypto::digest made = strong->mac("clientbook reversal 1", {});
  secret<32> seed;
  seed.fill_bytes([&](std::span<std::byte, 32> to) { copy_bytes(to, made); });
  wipe(made);
  return reversal_key(seed);
}

result<std::string_view> make_token(std::string_view value, const pseudonym_key& key,
                                    const crypto::box_public_key& reversal,
                                    const pseudonym_scope& scope, byte_span out) noexcept {
  if (auto good = check(scope); !good) return good.error();
  if (value.empty() || value.size() > max_token_value) {
    return error{errc::invalid_value, "a token is made of 1 to 512 bytes"};
  }
  // ISO/IEC 7816-4: 80 and zeros up to a whole number of groups.
  wiped_room<max_padded> padded;
  const std::size_t padded_size = (value.size() / group + 1) * group;
  copy_bytes(padded.bytes, as_bytes(value));
  padded.bytes[value.size()] = std::byte{0x80};

  const std::size_t sealed_size = padded_size + crypto::box_overhead;
  const std::size_t needed = base64url_size(sealed_size);
  if (out.size() < needed) {
    return error{errc::buffer_too_small, "the token needs a larger buffer", needed};
  }
  std::array<std::byte, max_sealed> sealed;
  const byte_span box = byte_span(sealed).first(sealed_size);
  if (auto done = crypto::seal_box(reversal, synthetic_of(key, scope, reversal, value), {},
                                   byte_view(padded.bytes).first(padded_size), box);
      !done) {
    return done.error();
  }
  write_base64url(box, out);
  return as_text(out.first(needed));
}

result<std::string_view> reverse_token(std::string_view token, const pseudonym_key& key,
                                       const reversal_key& reversal, const pseudonym_scope& scope,
                                       const reversal_audit& audit, byte_span out) noexcept {
  if (auto good = check(scope); !good) return good.error();
  if (audit.record == nullptr) {
    return error{errc::invalid_argument, "turning a token back must be recorded"};
  }
  std::array<std::byte, max_sealed> sealed;
  const std::size_t sealed_size = read_base64url(token, sealed);
  if (sealed_size < crypto::box_overhead + group) return not_a_token;
  const byte_view box = byte_view(sealed).first(sealed_size);

  wiped_room<max_padded> padded;
  std::size_t size = sealed_size - crypto::box_overhead;
  if (!crypto::open_box(reversal.box(), {}, box, byte_span(padded.bytes).first(size))) {
    return not_a_token;
  }
  while (size > 0 && padded.bytes[size - 1] == std::byte{}) --size;
  if (size < 2 || padded.bytes[--size] != std::byte{0x80}) return not_a_token;
  const std::string_view value = as_text(byte_view(padded.bytes).first(size));
  // Anybody could seal to the public key: only the tenant's key makes this synthetic value.
  if (!crypto::made_with(box, synthetic_of(key, scope, reversal.public_key(), value))) {
    return not_a_token;
  }
  if (out.size() < size) {
    return error{errc::buffer_too_small, "the value needs a larger buffer", size};
  }
  if (auto written = audit.record(audit.context, scope); !written) return written.error();
  copy_bytes(out, as_bytes(value));
  return as_text(out.first(size));
}

}  // namespace clientbook
