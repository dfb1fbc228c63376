#include "window.hpp"

#ifdef CLIENTBOOK_FIRMWARE
#define CLIENTBOOK_LOOK
#include "window_looks.inc"
#endif

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
