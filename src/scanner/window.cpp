// Spaces between words, whatever their width in the text.
#include "window.hpp"

namespace clientbook::scanner {

std::size_t over_space(const text_window& text, std::size_t at) noexcept {
  for (int i = 0; i < 2; ++i) {
    const seen c = text.next(at);
    if (c.value != ' ' && c.value != 0xA0 && c.value != 0x202F) break;
    at += c.size;
  }
  return at;
}

bool comma_of_amount(const text_window& text, std::size_t at) noexcept {
  if (!text.digit_at(at - 1) || !text.digit_at(at + 1)) return false;
  std::size_t behind = 1;
  while (behind < 4 && text.digit_at(at + 1 + behind)) ++behind;
  std::size_t before = 1;
  while (before < 7 && text.digit_at(at - 1 - before)) ++before;
  if (behind > 3 || before > 6) return false;
  // Behind it a list, a date or a number in groups goes on.
  const std::size_t end = at + 1 + behind;
  if (text.digit_at(end + 1)) {
    const unsigned char sign = text[end];
    if (sign == '-' || sign == '/' || sign == '_') return false;
    if (behind < 3 && (sign == '.' || sign == ',')) return false;
  }
  const unsigned char sign = text[at - 1 - before];
  const bool grouped = text.digit_at(at - 2 - before);
  if (grouped && (sign == '-' || sign == '/' || sign == '_' || sign == ')')) return false;
  if (behind == 3) return before <= 3 && !(grouped && (sign == ' ' || sign == '.'));
  return before == 3 || !grouped || (sign != ' ' && sign != '.' && sign != '\'');
}

}  // namespace clientbook::scanner
