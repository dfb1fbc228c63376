// The looks of window.hpp where bytes count: calls, whose result comes back in two registers.
// Included by window.hpp alone; the calls are in brief_window.cpp.
#ifndef CLIENTBOOK_SCANNER_WINDOW_CALLS_HPP
#define CLIENTBOOK_SCANNER_WINDOW_CALLS_HPP

#include "window.hpp"

namespace clientbook::scanner {

[[gnu::always_inline]] inline seen text_window::next(std::size_t at) const noexcept {
  return unpack(look_on(at));
}
[[gnu::always_inline]] inline seen text_window::previous(std::size_t at) const noexcept {
  return unpack(look_back(at));
}

}  // namespace clientbook::scanner

#endif
