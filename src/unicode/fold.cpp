// Folding by the table that make_unicode_tables.py makes, and what characters are as far as words
// and numbers go. What is compared by it is only ever compared within one program: nothing folded
// is stored.
#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <array>
#include <string_view>

namespace clientbook::unicode {
namespace {

#include "fold_table.inc"

constexpr bool between(char32_t c, char32_t first, char32_t last) noexcept {
  return c >= first && c <= last;
}

bool does_not_count(char32_t c) noexcept {
  return between(c, 0x300, 0x36F) || between(c, 0x483, 0x487) || between(c, 0x591, 0x5BD) ||
         between(c, 0x64B, 0x65F) || c == 0xAD || between(c, 0x200B, 0x200F) ||
         between(c, 0x202A, 0x202E) || between(c, 0x2060, 0x206F) || c == 0xFEFF ||
         between(c, 0xFE00, 0xFE0F);
}

bool is_sign(char32_t c) noexcept {
  return between(c, 0x2010, 0x206F) || between(c, 0x20A0, 0x20CF) || between(c, 0x2100, 0x2BFF) ||
         between(c, 0x3000, 0x3004) || between(c, 0x3008, 0x3020) || between(c, 0xFE30, 0xFE6F) ||
         between(c, 0xFF00, 0xFF20) || between(c, 0xFF3B, 0xFF40) || between(c, 0xFF5B, 0xFF65) ||
         between(c, 0xE000, 0xF8FF) || c >= 0x1F000;
}

// An entry of a table: a letter, or the place of two from U+E000 on; 0 for what does not count.
folded entry(std::uint16_t cell) noexcept {
  if (cell < 0xE000) return {{cell, 0}};
  const auto& two = two_letters[cell - 0xE000];
  return {{two[0], two[1]}};
}

}  // namespace

folded fold_beyond_ascii(char32_t c) noexcept {
  if (c >= 0xC0 && c - 0xC0 < letters.size()) return entry(letters[c - 0xC0]);
  if (c >= 0x1E00 && c - 0x1E00 < accented_letters.size()) {
    return entry(accented_letters[c - 0x1E00]);
  }
  if (between(c, 0xFF01, 0xFF5E)) {
    c -= 0xFEE0;
    return {{between(c, 'A', 'Z') ? c + 0x20 : c, 0}};
  }
  if (does_not_count(c)) return {};
  if (const int digit = digit_value(c); digit >= 0) {
    return {{U'0' + static_cast<char32_t>(digit), 0}};
  }
  return {{c, 0}};
}

char_class class_beyond_ascii(char32_t c) noexcept {
  // Latin, Greek and Cyrillic letters and the accents of their own.
  if (between(c, 0xC0, 0x65F)) {
    if (c == 0x61C) return char_class::separator;  // An invisible mark of Arabic.
    return c == 0xD7 || c == 0xF7 ? char_class::other : char_class::letter;
  }
  if (digit_value(c) >= 0) return char_class::digit;
  if (separates_digits(c)) return char_class::separator;
  if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA ? char_class::letter : char_class::other;
  return is_sign(c) ? char_class::other : char_class::letter;
}

}  // namespace clientbook::unicode
