// Validation: what a field may hold. Everything that is stored passes through here.
//
// Errors carry the field's number in `at` and never the value. Codes: unknown_field, wrong_type,
// invalid_value, missing_field (a part that must be there), invalid_encoding (not deterministic
// CBOR, not UTF-8), limit_exceeded (too long, too many), card_data_refused (a card number or
// track in any text, whatever the field), unsupported (a type of a newer version).
//
// The functions for single values have no field to name: their `at` is 0.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_MODEL_VALIDATE_HPP
#define CLIENTBOOK_MODEL_VALIDATE_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/model/schema.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace clientbook {

/// Limits, in bytes of UTF-8 or in elements.
struct limits {
  static constexpr std::size_t short_text = 512;        ///< Names, labels, codes, lines.
  static constexpr std::size_t text = 4096;             ///< Free text of a field.
  static constexpr std::size_t note = 65536;            ///< The text of a note.
  static constexpr std::size_t elements = 256;          ///< Of a list field.
  static constexpr std::size_t purchase_lines = 10000;  ///< Of one receipt.
};

/// One field's value; for item types, one item.
result<void> validate(const schema& rules, field_id id, byte_view value) noexcept;

/// All fields of a record: each valid, none twice, in ascending order, no items among them.
result<void> validate(const schema& rules, std::span<const field_value> fields) noexcept;

/// An address that mail can be sent to: a dot-atom, @, a domain of letters, digits and inner
/// hyphens whose last label is not all digits, each also in UTF-8 (RFC 5321, 6531). Quoted
/// local parts, address literals, comments and folding white space are refused.
/// Errors: invalid_value, limit_exceeded (RFC 5321: 64 before @, 63 a label, 254 in all).
result<void> validate_email(std::string_view address) noexcept;

/// Digits with spaces, hyphens, dots, slashes, parentheses between them, `+` only in front;
/// 4 to 15 digits, or up to 20 where they begin with an international prefix of 00 or 011.
/// Errors: invalid_value, card_data_refused.
result<void> validate_phone(std::string_view number) noexcept;

/// ISO 3166-1 alpha-2, upper case. Errors: invalid_value.
result<void> validate_country(std::string_view code) noexcept;

/// ISO 4217, upper case. Errors: invalid_value.
result<void> validate_currency(std::string_view code) noexcept;
/// Digits after the decimal point in a currency's minor unit; nothing if there is no such
/// currency. Currencies without a minor unit (gold, SDR) have 0.
[[nodiscard]] std::optional<unsigned> minor_units(std::string_view currency) noexcept;

/// A well-formed BCP 47 tag (RFC 5646 section 2.1) whose primary subtag has 2 or 3 letters.
/// Errors: invalid_value.
result<void> validate_language(std::string_view tag) noexcept;

/// The shape of an IANA name (Area/Location, Etc/GMT+1, UTC). Errors: invalid_value.
result<void> validate_time_zone(std::string_view name) noexcept;

/// UTF-8 without control characters; card numbers and tracks refused.
/// Errors: invalid_encoding, invalid_value, card_data_refused.
enum class line_breaks : std::uint8_t { refused, allowed };
result<void> validate_text(std::string_view text, line_breaks breaks) noexcept;

}  // namespace clientbook

#endif
