// Tokens: a value replaced by a text that only another key turns back.
//
// Making a token takes the tenant's key and the public half of a reversal key; turning it back
// takes the private half, which lies elsewhere, and somebody who writes it down. Equal values of
// one tenant, field and purpose get equal tokens; those of two purposes cannot be joined. The
// length tells how many groups of 16 bytes the value has.
//
// Thread safety: pure functions; concurrent const use of keys is safe.
#ifndef CLIENTBOOK_REDACTION_PSEUDONYM_TOKEN_HPP
#define CLIENTBOOK_REDACTION_PSEUDONYM_TOKEN_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/crypto/sealed_box.hpp>
#include <clientbook/redaction/pseudonym.hpp>

#include <string_view>

namespace clientbook {

/// The right to turn tokens back. Not held where tokens are made.
class reversal_key {
 public:
  /// From 32 bytes or more that nobody can guess. Errors: weak_key (fewer, or all zero).
  static result<reversal_key> from(byte_view bytes) noexcept;

  /// For those who make tokens.
  [[nodiscard]] const crypto::box_public_key& public_key() const noexcept {
    return box_.public_key();
  }
  [[nodiscard]] const crypto::box_key& box() const noexcept { return box_; }

 private:
  explicit reversal_key(const secret<32>& seed) noexcept : box_(seed) {}
  crypto::box_key box_;
};

/// Writes a reversal down, before the value is given out. What it returns as an error stops it.
struct reversal_audit {
  result<void> (*record)(void* context, const pseudonym_scope& scope) noexcept = nullptr;
  void* context = nullptr;
};

inline constexpr std::size_t max_token_value = 512;

/// Writes the token, base64url without padding, to the front of `out`.
///
/// Errors: invalid_argument (scope, which needs a purpose), invalid_value (empty, or longer than
/// max_token_value), weak_key (the public key), buffer_too_small (`at`: bytes needed).
result<std::string_view> make_token(std::string_view value, const pseudonym_key& key,
                                    const crypto::box_public_key& reversal,
                                    const pseudonym_scope& scope, byte_span out) noexcept;

/// Writes the value back to the front of `out`; the reversal is recorded first.
///
/// Errors: authentication_failed (not a token of that key, reversal key and scope),
/// invalid_argument (scope, no audit), buffer_too_small (`at`: bytes needed), and what the audit
/// says. Nothing of the value is then in `out`.
result<std::string_view> reverse_token(std::string_view token, const pseudonym_key& key,
                                       const reversal_key& reversal, const pseudonym_scope& scope,
                                       const reversal_audit& audit, byte_span out) noexcept;

}  // namespace clientbook

#endif
