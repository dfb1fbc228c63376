// The looks of window.hpp where time counts: inline, most of what is looked at being ASCII.
// Included by window.hpp alone.
#ifndef CLIENTBOOK_SCANNER_WINDOW_LOOKS_HPP
#define CLIENTBOOK_SCANNER_WINDOW_LOOKS_HPP

#include "window.hpp"
#include "window_looks.inc"

namespace clientbook::scanner {

inline seen text_window::next(std::size_t at) const noexcept {
  if (at - begin_ >= size_) return {0, 0};
  const auto lead = static_cast<unsigned char>(text_[at]);
  if (lead < 0x80) return {lead, 1};
  // Most others have two bytes.
  if (lead >= 0xC2 && lead < 0xE0 && end() - at > 1 && (text_[at + 1] & 0xC0) == 0x80) {
    return {static_cast<char32_t>(lead & 0x1FU) << 6 |
                (static_cast<unsigned char>(text_[at + 1]) & 0x3FU),
            2};
  }
  const code_point c = code_point_at({text_, end()}, at);
  return c.size == 0 ? seen{0, 1} : c;
}

inline seen text_window::previous(std::size_t at) const noexcept {
  if (at <= begin_ || at > end()) return {0, 0};
  std::size_t from = at - 1;
  if (const auto last = static_cast<unsigned char>(text_[from]); last < 0x80) return {last, 1};
  while (from > begin_ && at - from < 4 && (text_[from] & 0xC0) == 0x80) --from;
  const seen c = next(from);
  return from + c.size == at ? c : seen{0, 1};
}

}  // namespace clientbook::scanner

#endif
