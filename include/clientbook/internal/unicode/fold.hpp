// Folding: what a letter is when case, accents and widths do not count. Two writings of a
// name fold to the same letters; the folded text is compared, never shown.
#ifndef CLIENTBOOK_INTERNAL_UNICODE_FOLD_HPP
#define CLIENTBOOK_INTERNAL_UNICODE_FOLD_HPP

#include <array>
#include <cstddef>
#include <cstdint>

namespace clientbook::unicode {

/// Whether bytes count more than time: no table for ASCII, and calls that come back in two
/// registers.
#ifdef CLIENTBOOK_FIRMWARE
inline constexpr bool compact = true;
#else
inline constexpr bool compact = false;
#endif

/// At most two code points; `letters[0]` is 0 for what does not count (combining marks,
/// invisible characters).
struct folded {
  std::array<char32_t, 2> letters{};
};

/// Latin letters become a to z (also ß ss, æ ae, œ oe, þ th), Greek and Cyrillic lose case and
/// accents, full-width forms become ASCII, digits of all scripts 0 to 9. Others stay.
///
/// The table is made from Unicode's data (scripts/make_unicode_tables.py); firmware has a smaller
/// one.
[[nodiscard]] folded fold_beyond_ascii(char32_t c) noexcept;
/// The same of any character, in two registers on the way back.
[[nodiscard]] std::uint64_t fold_packed(char32_t c) noexcept;
[[nodiscard]] [[gnu::always_inline]] inline folded fold(char32_t c) noexcept {
  if constexpr (compact) {
    const std::uint64_t both = fold_packed(c);
    return {{static_cast<char32_t>(both & 0xFFFFFFFFU), static_cast<char32_t>(both >> 32)}};
  } else {
    if (c < 0x80) return {{c >= U'A' && c <= U'Z' ? c + 0x20 : c, 0}};
    return fold_beyond_ascii(c);
  }
}

/// What text is made of, as far as words and numbers go.
enum class char_class : std::uint8_t {
  other,      ///< Punctuation, symbols, controls.
  letter,     ///< Also combining marks.
  digit,      ///< A decimal digit of any script.
  separator,  ///< What people and programs put between digits; see separates_digits().
};
[[nodiscard]] char_class class_without_table(char32_t c) noexcept;
[[nodiscard]] char_class class_beyond_ascii(char32_t c) noexcept;

consteval std::array<char_class, 128> classes_of_ascii() {
  std::array<char_class, 128> out{};
  for (std::size_t c = 'a'; c <= 'z'; ++c) out[c] = out[c - 0x20] = char_class::letter;
  for (std::size_t c = '0'; c <= '9'; ++c) out[c] = char_class::digit;
  for (const char c : {' ', '\t', '\n', '\r', '-', '.'}) {
    out[static_cast<unsigned char>(c)] = char_class::separator;
  }
  return out;
}
inline constexpr std::array<char_class, 128> ascii_classes = classes_of_ascii();

[[nodiscard]] [[gnu::always_inline]] inline char_class class_of(char32_t c) noexcept {
  if constexpr (compact) {
    return class_without_table(c);
  } else {
    return c < 0x80 ? ascii_classes[c] : class_beyond_ascii(c);
  }
}

}  // namespace clientbook::unicode

#endif
