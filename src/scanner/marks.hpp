// What may begin or show at a byte, and the walk from one such byte to the next: most of a text is
// none, and is passed over sixteen bytes at a time.
#ifndef CLIENTBOOK_SCANNER_MARKS_HPP
#define CLIENTBOOK_SCANNER_MARKS_HPP

#include <array>
#include <string_view>

#include "window.hpp"

namespace clientbook::scanner {

// What may begin or show at a byte.
enum class trigger : std::uint8_t {
  none,
  digit,
  at_sign,
  colon,
  slash,
  dot,
  dash,
  track,    // % and ;
  other,    // May lead to a digit or sign of another script.
  letter,   // Only with known values.
  bracket,  // Only with obfuscated addresses.
  underscore,
};

// Of those that firmware knows, without a table.
[[maybe_unused]] inline trigger told_trigger(unsigned char c) noexcept {
  if (ascii_digit(c)) return trigger::digit;
  if (c >= 0x80) return trigger::other;
  switch (c) {
    case '@':
      return trigger::at_sign;
    case ':':
      return trigger::colon;
    case '/':
      return trigger::slash;
    case '.':
      return trigger::dot;
    case '%':
    case ';':
      return trigger::track;
    default:
      return trigger::none;
  }
}

consteval std::array<trigger, 256> triggers() {
  std::array<trigger, 256> out{};
  for (unsigned c = '0'; c <= '9'; ++c) out[c] = trigger::digit;
  out['@'] = trigger::at_sign;
  out[':'] = trigger::colon;
  out['/'] = trigger::slash;
  out['.'] = trigger::dot;
  out['-'] = trigger::dash;
  out['_'] = trigger::underscore;
  out['%'] = out[';'] = trigger::track;
  // Lead bytes of the digits in text.cpp and of U+FF20; of digits in circles and exponents.
  for (const unsigned c : {0xD9U, 0xDBU, 0xDFU, 0xE0U, 0xE1U, 0xE2U, 0xEAU, 0xEFU, 0xF0U}) {
    out[c] = trigger::other;
  }
  return out;
}
inline constexpr std::array<trigger, 256> plain_triggers = triggers();
inline trigger trigger_of(unsigned char c) noexcept {
  if constexpr (compact) {
    return told_trigger(c);
  } else {
    return plain_triggers[c];
  }
}

/// The next place from `at` on where something may begin, without known values. Not in firmware,
/// which looks at every place.
[[nodiscard]] std::size_t next_mark_in(std::string_view text, std::size_t at,
                                       std::size_t to) noexcept;

}  // namespace clientbook::scanner

#endif
