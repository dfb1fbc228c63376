// Text: strict UTF-8, one code point at a time, without a locale.
//
// Thread safety: free functions without state.
#ifndef CLIENTBOOK_INTERNAL_UNICODE_UTF8_HPP
#define CLIENTBOOK_INTERNAL_UNICODE_UTF8_HPP

#include <cstddef>
#include <string_view>

namespace clientbook {

struct code_point {
  char32_t value = 0;
  std::size_t size = 0;  ///< Bytes it takes; 0 when there is none or it is malformed.
};

/// The code point that begins at `offset`. Malformed: overlong, a surrogate, above U+10FFFF,
/// a stray or missing continuation byte.
[[nodiscard]] code_point code_point_at(std::string_view text, std::size_t offset) noexcept;

/// A code point as UTF-8, on its own. `value` is one: no surrogate, at most U+10FFFF.
struct utf8_sequence {
  char bytes[4] = {};
  std::size_t size = 0;  ///< 1 to 4.

  explicit utf8_sequence(char32_t value) noexcept;
  [[nodiscard]] std::string_view text() const& noexcept { return {bytes, size}; }
  std::string_view text() const&& = delete;  ///< It would not outlive the call.
};

[[nodiscard]] bool valid_utf8(std::string_view text) noexcept;
/// Bytes from the front that are whole code points: all of them, or those before the first that
/// is malformed or cut.
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view text) noexcept;

/// The value of a decimal digit of any script (Nd: ASCII, full-width, Arabic-Indic, Devanagari and
/// so on), or -1.
[[nodiscard]] int digit_value(char32_t value) noexcept;

/// Whether people or programs put it between the digits of one number: spaces of all widths,
/// line breaks, hyphens, dashes, dots, invisible characters.
[[nodiscard]] bool separates_digits(char32_t value) noexcept;

}  // namespace clientbook

#endif
