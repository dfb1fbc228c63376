// Pseudonyms: a value replaced by one that tells equal values and nothing else.
//
// Whoever holds the key can try values: a pseudonym stays personal data, and the key is kept
// apart from what it is used on. There is no form without a key. Everything is bound to a
// scope, so that pseudonyms of two tenants, fields or versions of a key cannot be joined.
// Values count as they are written: the caller decides on one spelling before.
//
// Thread safety: values and pure functions; concurrent const use is safe.
#ifndef CLIENTBOOK_REDACTION_PSEUDONYM_HPP
#define CLIENTBOOK_REDACTION_PSEUDONYM_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook {

/// Where equal values get equal pseudonyms. Tenant and field are never empty; every part has
/// at most 64 bytes.
struct pseudonym_scope {
  std::string_view tenant{};   ///< Whose data it is.
  std::string_view field{};    ///< Key of the field.
  std::string_view purpose{};  ///< For tokens; else not looked at.
  std::uint32_t version = 1;   ///< Of key and spelling, from 1; for tokens not looked at.
};

/// The secret of one tenant. For the operators without a way back.
class pseudonym_key {
 public:
  /// From 32 bytes or more that nobody can guess. Errors: weak_key (fewer, or all zero).
  static result<pseudonym_key> from(byte_view bytes) noexcept;

  /// HMAC-SHA-256 over label and parts, each after its length in 8 bytes, so that no two lists
  /// of parts give one input.
  [[nodiscard]] crypto::digest mac(std::string_view label,
                                   std::span<const byte_view> parts) const noexcept;

 private:
  pseudonym_key() noexcept = default;
  secret<32> key_;
};

/// HMAC-SHA-256 of the value under tenant, field and version, cut to `size` bytes (16 to 32)
/// and written in hexadecimal to the front of `out`.
///
/// Errors: invalid_argument (scope or size), invalid_value (empty), buffer_too_small (`at`:
/// bytes needed).
result<std::string_view> keyed_hash(std::string_view value, const pseudonym_key& key,
                                    const pseudonym_scope& scope, unsigned size,
                                    byte_span out) noexcept;

}  // namespace clientbook

#endif
