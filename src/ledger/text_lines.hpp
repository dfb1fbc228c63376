// Lines of a text that is read strictly: each ends with a line feed.
#ifndef CLIENTBOOK_LEDGER_TEXT_LINES_HPP
#define CLIENTBOOK_LEDGER_TEXT_LINES_HPP

#include <clientbook/base/bytes.hpp>

#include <string_view>

namespace clientbook::ledger {

struct text_lines {
  std::string_view left;

  /// Takes the line in front, without its end. False: there is none.
  bool next(std::string_view& line) noexcept {
    const std::size_t end = left.find('\n');
    if (end == std::string_view::npos) return false;
    line = slice(left, 0, end);
    left.remove_prefix(end + 1);
    return true;
  }
};

/// Whether the text began so; what is left is behind it.
inline bool take(std::string_view& text, std::string_view prefix) noexcept {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace clientbook::ledger

#endif
