// Redaction: what a reader gets to see of a field.
//
// An operator hides or coarsens a value. apply() does it to a whole field as it is stored;
// the functions for single texts and dates are below it. All write to the caller's memory,
// which must not overlap the input.
//
// Fails closed: where a value cannot be understood or an operator does not fit it, apply()
// drops it. Free text beside a value (labels, unknown keys) is dropped too. Lengths count
// characters as a reader sees them: grapheme clusters, see graphemes.hpp.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_REDACTION_REDACTION_HPP
#define CLIENTBOOK_REDACTION_REDACTION_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/redaction/fpe.hpp>
#include <clientbook/redaction/generalise.hpp>
#include <clientbook/redaction/pseudonym.hpp>
#include <clientbook/redaction/pseudonym_token.hpp>
#include <clientbook/redaction/shift_date.hpp>
#include <clientbook/scanner/text_redactor.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace clientbook {

enum class separators : std::uint8_t {
  hidden,
  kept,  ///< Spaces and ASCII punctuation stay where they are and are not counted.
};

struct mask_options {
  unsigned first = 1;    ///< Characters shown at the beginning,
  unsigned last = 0;     ///< and at the end.
  char character = '*';  ///< ASCII, printable, neither letter nor digit.
  separators keep = separators::hidden;
  unsigned fixed_length = 0;  ///< Of the hidden part, at most 64; 0: as many as are hidden.
};

enum class email_domain : std::uint8_t { hidden, shown };

struct card_options {
  unsigned bin = 0;   ///< Digits shown in front: 0, 6 or 8; from 15 digits on, 8 from 16 on.
  unsigned last = 4;  ///< Digits shown at the end, at most 4.
};

/// Stored nowhere; how coarse a date becomes.
enum class date_form : std::uint8_t {
  year,      ///< 1985
  quarter,   ///< 1985-Q2
  decade,    ///< 1980s
  age_band,  ///< 40-49, for birth dates only
};

struct date_options {
  date_form form = date_form::year;
  /// The day of reading (UTC). Without it (year 0) there is no age: only top_age 0 works then.
  date today{};
  /// Above this age all that is said is `90+` (45 CFR 164.514(b)(2): 89). 0: no limit.
  unsigned top_age = 89;
  unsigned band = 10;  ///< Years of an age band, 2 to 50.
};

struct zip_options {
  std::string_view country{};  ///< ISO 3166-1 alpha-2 where the value names none; may be empty.
  unsigned kept = 2;           ///< Characters kept where the country has no rule, 1 to 3.
};

/// What pseudonyms need. An operator whose key or scope is absent drops the value. Nothing is
/// owned here.
struct pseudonym_options {
  const pseudonym_key* key = nullptr;
  pseudonym_scope scope{};                           ///< Of one field: to be set for each.
  unsigned hash_size = 16;                           ///< Bytes of a keyed hash, 16 to 32.
  const crypto::box_public_key* reversal = nullptr;  ///< For token, beside the key.
  const crypto::block_cipher* cipher = nullptr;      ///< For fpe.
  fpe_options fpe{};
  std::optional<customer_id> subject{};  ///< For shift_date, which takes of the scope the tenant.
  unsigned shift_most = 365;
};

/// One set for a policy; an operator takes its part of it.
struct redaction_options {
  mask_options mask{};
  email_domain domain = email_domain::hidden;
  card_options card{};
  date_options day{};
  zip_options zip{};
  number_options number{};
  pseudonym_options pseudonym{};
  /// For redact_text, which drops the value without it. Not in the middle of a text.
  text_redactor* text = nullptr;
};

struct redacted {
  byte_view value{};  ///< One CBOR item at the front of the caller's buffer; empty if dropped.
  redaction_operator applied = redaction_operator::drop;  ///< What was done in the end.
};

/// The value of a field, redacted. A value that is an array is a list of the field's type:
/// elements that cannot be kept go, and a list that is left empty is dropped.
///
/// - none: the value as it is, any type.
/// - redact_text: text and note, of which time and text are left.
/// - shift_date: date and timestamp; of a special day kind and day.
/// - generalise_date: date and timestamp become a text (see date_form); of a special day
///   kind and, as its label, that text are left. Where no year is told, that is "XXXX" (as an
///   age band: dropped).
/// - generalise_zip: of an address region, country and the coarse postal code are left; a
///   text is taken as a postal code.
/// - generalise_number: an integer becomes a text. generalise_ip, generalise_geo: text.
/// - mask_email, mask_phone: e-mail, phone and text. mask_card: payment card (brand and last
///   four digits are left) and text.
/// - mask: text; given and family name; e-mail, phone, external id, government id.
/// - hash, token: text; e-mail, phone, external id, government id (their address, number or value).
/// - fpe: text, phone (as such), external id, government id.
/// - label: any type becomes one text, `<EMAIL>`; a list too, however long it is.
/// - drop, and everything else: dropped.
///
/// Errors: buffer_too_small (`at`: bytes that suffice), invalid_argument (options out of
/// range). Nothing of the value is then in `out`.
result<redacted> apply(redaction_operator op, field_type type, byte_view value,
                       const redaction_options& options, byte_span out) noexcept;

// For single values. Each returns what it wrote to the front of `out`. Errors:
// invalid_encoding (not UTF-8), invalid_value (not an e-mail address, a phone number, ...),
// buffer_too_small (`at`: bytes needed), invalid_argument (options). On every error the value
// must be dropped.

/// Shows the first and last characters, unless less than half of the characters or fewer than
/// 4 would be hidden: then it hides all.
result<std::string_view> mask(std::string_view text, const mask_options& options,
                              byte_span out) noexcept;

/// `k***@***` or `k***@example.com`; a local part of one character is hidden whole.
result<std::string_view> mask_email(std::string_view address, email_domain domain,
                                    byte_span out) noexcept;

/// `+49 ***67`; without a country code `***67`; `***` unless 4 digits at least are hidden.
result<std::string_view> mask_phone(std::string_view number, byte_span out) noexcept;

/// `************1234`: 12 to 19 digits, of which at most BIN and last four are shown.
result<std::string_view> mask_card(std::string_view number, const card_options& options,
                                   byte_span out) noexcept;

/// A birth date, or with date_form other than age_band any day with a year, not after today.
result<std::string_view> generalise_date(const date& day, const date_options& options,
                                         byte_span out) noexcept;

/// US: first three digits, `000` where they stand for few people; GB: outward code; CA: first
/// three; other countries: options.kept characters of at least kept + 2. `country` empty:
/// options.country; both empty: invalid_value.
result<std::string_view> generalise_zip(std::string_view code, std::string_view country,
                                        const zip_options& options, byte_span out) noexcept;

}  // namespace clientbook

#endif
