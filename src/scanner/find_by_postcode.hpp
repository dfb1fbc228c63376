// Addresses by their postal code.
#ifndef CLIENTBOOK_SCANNER_FIND_BY_POSTCODE_HPP
#define CLIENTBOOK_SCANNER_FIND_BY_POSTCODE_HPP

#include "rules.hpp"

namespace clientbook::scanner {

/// The lines of an address before a postal code or house number: where the first begins.
[[nodiscard]] std::size_t back_over_lines(const text_window& text, std::size_t code) noexcept;
/// The whole address before and around a postal code whose first digit stands at `at`.
[[nodiscard]] find address_by_postcode(const text_window& text, std::size_t at,
                                       const scan_settings& settings) noexcept;

}  // namespace clientbook::scanner

#endif
