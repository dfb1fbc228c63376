// Lines of a text that is read strictly: each ends with a line feed.
#ifndef CLIENTBOOK_LEDGER_TEXT_LINES_HPP
#define CLIENTBOOK_LEDGER_TEXT_LINES_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/ledger/merkle.hpp>

#include <cstdint>
#include <string_view>

#include <clientbook/internal/base/base64.hpp>

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

/// Decimal, without zeros in front; at most 19 digits.
inline bool read_number(std::string_view text, std::uint64_t& out) noexcept {
  if (text.empty() || text.size() > 19 || (text.size() > 1 && text.front() == '0')) return false;
  out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + static_cast<unsigned>(c - '0');
  }
  return true;
}

/// Base64 of 32 bytes.
inline bool read_hash(std::string_view text, hash& out) noexcept {
  if (!is_base64(text) || base64_decoded_size(text) != out.size()) return false;
  decode_base64(text, out);
  return true;
}

}  // namespace clientbook::ledger

#endif
