// Folding where bytes count: of Latin letters the table that make_unicode_tables.py makes up to
// U+017F, beyond it case alone; Greek and Cyrillic without it. Instead of fold.cpp.
#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <span>
#include <string_view>

namespace clientbook::unicode {
namespace {

#include "fold_table.inc"

constexpr bool between(char32_t c, char32_t first, char32_t last) noexcept {
  return c >= first && c <= last;
}

folded latin_of(char code, char32_t c) noexcept {
  if (code == '.') return {{c, 0}};
  if (code >= 'a') return {{static_cast<char32_t>(code), 0}};
  constexpr std::string_view pairs = "aessoeijth";
  const std::size_t pair = 2 * static_cast<std::size_t>(code - '1');
  return {{static_cast<char32_t>(pairs[pair]), static_cast<char32_t>(pairs[pair + 1])}};
}

// Greek and Cyrillic small letters with an accent and without it, from U+0380 on.
constexpr std::string_view accented =
    "\x06\x31\x08\x35\x09\x37\x0A\x39\x0C\x3F\x0E\x45\x0F\x49\x10\x39\x2C\x31\x2D\x35\x2E\x37"
    "\x2F\x39\x30\x45\x42\x43\x4A\x39\x4B\x45\x4C\x3F\x4D\x45\x4E\x49"
    "\xB9\xB8\xD0\xB5\xD1\xB5\xD3\xB3\xD7\xB6\xDC\xBA\xDD\xB8\xDE\xC3";

// U+0386 to U+0491 without case, tonos, dialytika and breve.
char32_t greek_or_cyrillic(char32_t c) noexcept {
  if ((between(c, 0x391, 0x3AB) && c != 0x3A2) || between(c, 0x410, 0x42F)) c += 0x20;
  if (between(c, 0x400, 0x40F)) c += 0x50;
  if ((c | 1U) == 0x491) return 0x433;
  for (std::size_t i = 0; i < accented.size(); i += 2) {
    if (c == 0x380U + static_cast<unsigned char>(accented[i])) {
      return 0x380U + static_cast<unsigned char>(accented[i + 1]);
    }
  }
  return c;
}

// First and last of each range.
using ranges = std::span<const std::array<std::uint16_t, 2>>;
bool is_in(ranges all, char32_t c) noexcept {
  for (const std::array<std::uint16_t, 2>& one : all) {
    if (between(c, one[0], one[1])) return true;
  }
  return false;
}

bool does_not_count(char32_t c) noexcept {
  static constexpr std::array<std::uint16_t, 2> all[] = {
      {0x300, 0x36F},   {0x483, 0x487},   {0x591, 0x5BD},   {0x64B, 0x65F},   {0xAD, 0xAD},
      {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFE00, 0xFE0F}};
  return is_in(all, c);
}

bool is_sign(char32_t c) noexcept {
  static constexpr std::array<std::uint16_t, 2> all[] = {
      {0x2010, 0x206F}, {0x20A0, 0x20CF}, {0x2100, 0x2BFF}, {0x3000, 0x3004}, {0x3008, 0x3020},
      {0xFE30, 0xFE6F}, {0xFF00, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}, {0xE000, 0xF8FF}};
  return c >= 0x1F000 || is_in(all, c);
}

folded beyond_ascii(char32_t c) noexcept {
  if (between(c, 0xFF01, 0xFF5E)) {
    c -= 0xFEE0;
    return {{between(c, 'A', 'Z') ? c + 0x20 : c, 0}};
  }
  if (c >= 0xC0 && c - 0xC0 < small_letters.size()) return latin_of(small_letters[c - 0xC0], c);
  if (does_not_count(c)) return {};
  // Case alone: small letters are odd.
  if (between(c, 0x200, 0x24F) || between(c, 0x1E00, 0x1EFF)) return {{c | 1U, 0}};
  if (between(c, 0x386, 0x491)) return {{greek_or_cyrillic(c), 0}};
  if (const int digit = digit_value(c); digit >= 0) {
    return {{U'0' + static_cast<char32_t>(digit), 0}};
  }
  return {{c, 0}};
}

char_class class_of_other(char32_t c) noexcept {
  // Latin, Greek and Cyrillic letters and the accents of their own.
  if (between(c, 0xC0, 0x65F)) {
    return c == 0xD7 || c == 0xF7 ? char_class::other : char_class::letter;
  }
  if (digit_value(c) >= 0) return char_class::digit;
  if (separates_digits(c)) return char_class::separator;
  if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA ? char_class::letter : char_class::other;
  return is_sign(c) ? char_class::other : char_class::letter;
}

}  // namespace

// Without a table, and once: bytes of code count more than time.
std::uint64_t fold_packed(char32_t c) noexcept {
  if (c < 0x80) return between(c, 'A', 'Z') ? c + 0x20 : c;
  const folded as = beyond_ascii(c);
  return std::uint64_t{as.letters[1]} << 32 | as.letters[0];
}

char_class class_without_table(char32_t c) noexcept {
  if (c >= 0x80) return class_of_other(c);
  if (between(c | 0x20, 'a', 'z')) return char_class::letter;
  if (between(c, '0', '9')) return char_class::digit;
  return separates_digits(c) ? char_class::separator : char_class::other;
}

}  // namespace clientbook::unicode
