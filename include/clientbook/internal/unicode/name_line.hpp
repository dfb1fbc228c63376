// Names that people read: whether a text is one line that shows what it is.
//
// Thread safety: free functions without state.
#ifndef CLIENTBOOK_INTERNAL_UNICODE_NAME_LINE_HPP
#define CLIENTBOOK_INTERNAL_UNICODE_NAME_LINE_HPP

#include <string_view>

namespace clientbook {

/// One line of UTF-8 with something to see, no blank at either end and nothing that hides or moves
/// its letters: no controls, line ends, invisible signs or changes of writing direction. Joiners
/// stand between letters, as Persian and Indic names have them.
[[nodiscard]] bool is_name_line(std::string_view text) noexcept;

}  // namespace clientbook

#endif
