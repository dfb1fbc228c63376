// Format-preserving encryption: a number replaced by another of the same length and alphabet.
//
// FF1 with AES-256, bound to tenant, field and version. Spaces, hyphens, dots, slashes and
// brackets stay where they are. Refused where a million values or fewer would be left to try.
// Whoever has the key can go back: it is the operator for systems that want a valid format,
// where a token does not fit.
//
// Thread safety: pure functions; the cipher is the caller's.
#ifndef CLIENTBOOK_REDACTION_FPE_HPP
#define CLIENTBOOK_REDACTION_FPE_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/internal/crypto/block_cipher.hpp>
#include <clientbook/redaction/pseudonym.hpp>

#include <cstdint>
#include <string_view>

namespace clientbook {

/// What the numerals are. The last four are refused at any length.
enum class fpe_kind : std::uint8_t {
  number,  ///< Of ids, accounts, social security.
  phone,   ///< `+` or `00` and the country code stay; at least 7 digits are encrypted.
  card,    ///< 12 to 19 digits; at most 8 in front and 4 at the end stay.
  postal_code,
  card_verification_code,
  pin,
  day_and_month,
};

enum class fpe_letters : std::uint8_t { lower, upper };  ///< Numerals from 10 on.

enum class fpe_check : std::uint8_t {
  none,
  luhn,  ///< The last digit is a check digit and computed anew.
};

struct fpe_options {
  fpe_kind what = fpe_kind::number;
  unsigned radix = 10;  ///< 2 to 36; 10 for phones, cards and check digits.
  fpe_letters letters = fpe_letters::lower;
  fpe_check check = fpe_check::none;
  unsigned keep_first = 0;  ///< Numerals that stay, and that the others are bound to;
  unsigned keep_last = 0;   ///< 0 with a check digit.
};

// Each returns what it wrote to the front of `out`, as long as `text`, which it must not overlap.
//
// Errors: domain_too_small (radix^(encrypted numerals) below 1,000,000, a phone number with fewer
// than 7, a kind that is refused), invalid_argument (scope, options, a cipher of other than 256
// bits), invalid_value (another character, more than 64 numerals, a wrong check digit, not as
// long as the kind), buffer_too_small (`at`: bytes needed), unsupported (the cipher failed).
result<std::string_view> fpe_encrypt(std::string_view text, const crypto::block_cipher& cipher,
                                     const pseudonym_scope& scope, const fpe_options& options,
                                     byte_span out) noexcept;
result<std::string_view> fpe_decrypt(std::string_view text, const crypto::block_cipher& cipher,
                                     const pseudonym_scope& scope, const fpe_options& options,
                                     byte_span out) noexcept;

}  // namespace clientbook

#endif
