// House numbers, and the flats, floors and rooms beside them.
#ifndef CLIENTBOOK_SCANNER_FIND_UNITS_HPP
#define CLIENTBOOK_SCANNER_FIND_UNITS_HPP

#include "window.hpp"

namespace clientbook::scanner {

/// `12`, `12a`, `12 bis`, `12/14`: where the house number that begins here ends.
[[nodiscard]] std::size_t over_house_number(const text_window& text, std::size_t at) noexcept;
/// ` NW`, `, Apt 12B`, `, 3º B` behind a house number or street: where it ends.
[[nodiscard]] std::size_t over_unit(const text_window& text, std::size_t end) noexcept;
/// `Flat 3, ` before a house number: where it begins.
[[nodiscard]] std::size_t back_over_unit(const text_window& text, std::size_t number) noexcept;
/// The same on a line of its own.
[[nodiscard]] std::size_t back_over_unit_line(const text_window& text, std::size_t number) noexcept;
/// A country behind an address.
[[nodiscard]] std::size_t over_country(const text_window& text, std::size_t end) noexcept;

}  // namespace clientbook::scanner

#endif
