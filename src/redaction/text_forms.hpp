// Postal codes by their forms, as firmware reads them.
#ifndef CLIENTBOOK_REDACTION_TEXT_FORMS_HPP
#define CLIENTBOOK_REDACTION_TEXT_FORMS_HPP

#include "text_window.hpp"

namespace clientbook::redaction {

// How many bytes of a postal code stand here, 0 if none.
std::size_t us_zip(const text_window& text, std::size_t at) noexcept;
std::size_t canada(const text_window& text, std::size_t at) noexcept;
std::size_t united_kingdom(const text_window& text, std::size_t at) noexcept;
/// Digits, as most countries of the continent have them, also with the country before: `D-12345`.
std::size_t continental(const text_window& text, std::size_t at) noexcept;
constexpr std::size_t netherlands(const text_window&, std::size_t) noexcept { return 0; }

}  // namespace clientbook::redaction

#endif
