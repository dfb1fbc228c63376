// Postal codes and post boxes, as firmware reads them.
#ifndef CLIENTBOOK_SCANNER_FIND_POST_BOXES_HPP
#define CLIENTBOOK_SCANNER_FIND_POST_BOXES_HPP

#include "window.hpp"

namespace clientbook::scanner {

// How many bytes of a postal code stand here, 0 if none.
/// Of those that stand behind the town: of the US, the United Kingdom and Canada.
std::size_t behind_town(const text_window& text, std::size_t at) noexcept;
std::size_t canada(const text_window& text, std::size_t at) noexcept;
std::size_t united_kingdom(const text_window& text, std::size_t at) noexcept;
/// Digits, as most countries of the continent have them, also with the country before: `D-12345`.
std::size_t continental(const text_window& text, std::size_t at) noexcept;

/// Where a post box begins whose number stands at `at`; `at` if there is none.
std::size_t post_box_before(const text_window& text, std::size_t at) noexcept;

}  // namespace clientbook::scanner

#endif
