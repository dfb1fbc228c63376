// Pseudonyms by a keyed hash: the same value gives the same pseudonym within one scope alone.
//
// Scope (tenant, field, version) is hashed in with its lengths, so tables of two shops or two
// fields cannot be joined by their pseudonyms. A key that is too weak to withstand guessing is
// refused.
#include <clientbook/base/ids.hpp>
#include <clientbook/redaction/pseudonym.hpp>

#include <clientbook/internal/base/text_out.hpp>
#include "scope.hpp"

namespace clientbook {

result<pseudonym_key> pseudonym_key::from(byte_view bytes) noexcept {
  std::byte any{};
  for (const std::byte each : bytes) any |= each;
  if (bytes.size() < 32 || any == std::byte{}) {
    return error{errc::weak_key, "a key of pseudonyms has 32 bytes at least, not all zero"};
  }
  pseudonym_key out;
  crypto::digest made =
      crypto::hmac_sha256(bytes).update(as_bytes("clientbook pseudonym key 1")).finish();
  out.key_.fill_bytes([&](std::span<std::byte, 32> to) { copy_bytes(to, made); });
  wipe(made);
  return out;
}

crypto::digest pseudonym_key::mac(std::string_view label,
                                  std::span<const byte_view> parts) const noexcept {
  return key_.with_bytes([&](std::span<const std::byte, 32> key) {
    crypto::hmac_sha256 made(key);
    const auto add = [&](byte_view part) {
      std::array<std::byte, 8> size;
      store_be(size.data(), static_cast<std::uint64_t>(part.size()));
      made.update(size).update(part);
    };
    add(as_bytes(label));
    for (const byte_view part : parts) add(part);
    return made.finish();
  });
}

result<std::string_view> keyed_hash(std::string_view value, const pseudonym_key& key,
                                    const pseudonym_scope& scope, unsigned size,
                                    byte_span out) noexcept {
  if (auto good = redaction::check_scope(scope); !good) return good.error();
  if (size < 16 || size > 32) {
    return error{errc::invalid_argument, "a keyed hash has 16 to 32 bytes"};
  }
  if (value.empty()) return error{errc::invalid_value, "an empty value has no pseudonym"};
  if (out.size() < 2 * size) {
    return error{errc::buffer_too_small, "the keyed hash needs a larger buffer", 2 * size};
  }
  const redaction::version_bytes version(scope);
  const byte_view parts[] = {as_bytes(scope.tenant), as_bytes(scope.field), version.view(),
                             as_bytes(value)};
  const crypto::digest made = key.mac("clientbook hash 1", parts);
  const byte_span text = out.first(2 * size);
  write_hex(byte_view(made).first(size), reinterpret_cast<char*>(text.data()));
  return as_text(text);
}

}  // namespace clientbook
