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

}  // namespace clientbook::scanner
