// What a spreadsheet would run of a cell, for whatever writes a file that people open in one.
#ifndef CLIENTBOOK_INTERNAL_TRANSFER_SPREADSHEET_CELL_HPP
#define CLIENTBOOK_INTERNAL_TRANSFER_SPREADSHEET_CELL_HPP

#include <string_view>

namespace clientbook::transfer {

/// Whether a spreadsheet may take the text for a formula: an apostrophe before it keeps it a text.
constexpr bool runs_in_a_spreadsheet(std::string_view text) noexcept {
  if (text.empty()) return false;
  if (std::string_view("=+-@\t\r\n").find(text.front()) != text.npos) return true;
  for (const std::string_view full_width :
       {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"}) {  // = + - @
    if (text.starts_with(full_width)) return true;
  }
  return false;
}

}  // namespace clientbook::transfer

#endif
