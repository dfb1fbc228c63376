// The looks of window.hpp as calls, for builds where bytes of code count more than time.
#include "window.hpp"
#include "window_looks.inc"

namespace clientbook::scanner {

two_registers text_window::look_on(std::size_t at) const noexcept {
  if (at - begin_ >= size_) return 0;
  const code_point c = code_point_at({text_, end()}, at);
  return c.size == 0 ? two_registers{1} << 32 : two_registers{c.size} << 32 | c.value;
}

two_registers text_window::look_back(std::size_t at) const noexcept {
  if (at <= begin_ || at > end()) return 0;
  std::size_t from = at - 1;
  while (from > begin_ && at - from < 4 && (text_[from] & 0xC0) == 0x80) --from;
  const two_registers c = look_on(from);
  return from + unpack(c).size == at ? c : two_registers{1} << 32;
}

}  // namespace clientbook::scanner
