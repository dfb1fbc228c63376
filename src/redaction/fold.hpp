// Folding: what a letter is when case, accents and widths do not count. Two writings of a
// name fold to the same letters; the folded text is compared, never shown.
#ifndef CLIENTBOOK_REDACTION_FOLD_HPP
#define CLIENTBOOK_REDACTION_FOLD_HPP

#include <array>
#include <cstdint>

namespace clientbook::redaction {

/// At most two code points; `letters[0]` is 0 for what does not count (combining marks,
/// invisible characters).
struct folded {
  std::array<char32_t, 2> letters{};
};

/// Latin letters become a to z (also ß ss, æ ae, œ oe, þ th), Greek and Cyrillic lose case and
/// accents, full-width forms become ASCII, digits of all scripts 0 to 9. Others stay.
[[nodiscard]] folded fold(char32_t c) noexcept;

/// What text is made of, as far as words and numbers go.
enum class char_class : std::uint8_t {
  other,      ///< Punctuation, symbols, controls.
  letter,     ///< Also combining marks.
  digit,      ///< A decimal digit of any script.
  separator,  ///< What people and programs put between digits; see separates_digits().
};
[[nodiscard]] char_class class_of(char32_t c) noexcept;

}  // namespace clientbook::redaction

#endif
