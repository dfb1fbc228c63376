// Digits over groups: what people and programs put between them, up to three signs at a time, is
// skipped and remembered by kind, since every rule for numbers asks how a number was grouped.
#include "rules.hpp"

namespace clientbook::scanner {
namespace {

constexpr int most_separators = 3;

enum separator_kind : std::uint8_t {
  a_space = 1,
  a_dash = 2,
  a_dot = 4,
  a_slash = 8,
  a_bracket = 16,
  a_break = 32
};

// What may stand between the digits of a number; 0: nothing that may.
std::uint8_t separator_of(char32_t c) noexcept {
  if (c >= 0xFF08 && c <= 0xFF0F) c -= 0xFEE0;  // Full width.
  switch (c) {
    case ' ':
    case '\t':
      return a_space;
    case '-':
      return a_dash;
    case '.':
      return a_dot;
    case '/':
    case '_':
      return a_slash;
    case '(':
    case ')':
      return a_bracket;
    case '\n':
    case '\r':
    case 0x2028:
    case 0x2029:
      return a_break;
    default:
      break;
  }
  if constexpr (!compact) {
    if (c == 0x61C) return a_space;  // An invisible mark of Arabic, as those of all scripts.
  }
  if (c < 0x80 || !separates_digits(c)) return 0;
  return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE58 || c == 0xFE63 ? a_dash
                                                                                   : a_space;
}

}  // namespace

digit_run read_digits(const text_window& text, std::size_t at) noexcept {
  digit_run run;
  run.begin = at;
  for (;;) {
    // A group.
    const unsigned char byte = text[at];
    int value = ascii_digit(byte) ? byte - '0' : -1;
    std::size_t size = 1;
    if (byte >= 0x80) {
      const seen c = text.next(at);
      value = digit_value(c.value);
      size = c.size;
      run.plain = false;
    }
    if (value >= 0) {
      if (run.count == digit_run::most ||
          at + size - run.begin > std::numeric_limits<digit_run::offset>::max()) {
        run.goes_on = true;
        return run;
      }
      run.values[run.count] = static_cast<std::uint8_t>(value);
      at += size;
      run.ends[run.count++] = static_cast<digit_run::offset>(at - run.begin);
      continue;
    }
    if (run.count == 0) return run;
    run.group_ends |= 1U << run.count;
    // What stands between groups.
    std::uint8_t kinds = 0;
    bool joined = false;
    for (int i = 0; i <= most_separators; ++i) {
      const seen c = text.next(at);
      if (c.size == 0) break;
      if (class_of(c.value) == char_class::digit) {
        joined = kinds != 0;
        break;
      }
      const std::uint8_t kind = separator_of(c.value);
      if (kind == 0) break;
      kinds |= kind;
      at += c.size;
    }
    if (!joined) return run;
    if (run.count == digit_run::most) {
      run.goes_on = true;
      return run;
    }
    const std::uint32_t bit = 1U << run.count;
    if ((kinds & a_space) != 0) run.spaces |= bit;
    if ((kinds & a_dash) != 0) run.dashes |= bit;
    if ((kinds & a_dot) != 0) run.dots |= bit;
    if ((kinds & a_slash) != 0) run.slashes |= bit;
    if ((kinds & a_bracket) != 0) run.brackets |= bit;
    if ((kinds & a_break) != 0) run.breaks |= bit;
  }
}

}  // namespace clientbook::scanner
