// Small numbers: most numbers in notes are sizes, prices and counts. A few looks around them tell
// those that can be a part of nothing that is looked for.
#ifndef CLIENTBOOK_SCANNER_SMALL_NUMBERS_HPP
#define CLIENTBOOK_SCANNER_SMALL_NUMBERS_HPP

#include "window.hpp"

namespace clientbook::scanner {

inline constexpr std::size_t longest_small_number = 4;

/// Whether the rules have to look at a group of ASCII digits, at most longest_small_number of
/// them. No is only said where no rule finds anything (test scanner.small_numbers).
[[nodiscard]] bool small_number_tells(const text_window& text, std::size_t at,
                                      std::size_t end) noexcept;

}  // namespace clientbook::scanner

#endif
