// What a number is by its shape: amounts with cents, runs of sizes, measures, ranges of years,
// numbers of parcels and of books. Such digits are no phone, card or id unless a word says so. Not
// in firmware.
#ifndef CLIENTBOOK_SCANNER_NUMBER_SHAPES_HPP
#define CLIENTBOOK_SCANNER_NUMBER_SHAPES_HPP

#include "rules.hpp"

namespace clientbook::scanner {

/// Whether the line, or the cell of a table with tabs, ends behind `at`.
[[nodiscard]] bool ends_line_or_cell(const text_window& text, std::size_t at) noexcept;

/// Thirteen digits in one piece with the check digit of an article (GS1). Without its zero in
/// front: a phone number may begin so.
[[nodiscard]] bool is_ean_13(const digit_run& run) noexcept;

/// Bit n: digit n belongs to an amount: `1044.99 1959.50`, `75.95 - 352.00`, `49 1.369,58`.
[[nodiscard]] std::uint32_t amount_digits(const text_window& text, const digit_run& run) noexcept;

/// Whether the first `count` digits look like goods and not like a phone number that begins without
/// what is dialled before it: `2014-2025`, `20260507`, `52.123456`, `8443.32.10`, `92 98 82 189`.
[[nodiscard]] bool shaped_as_goods(const text_window& text, const digit_run& run,
                                   std::size_t count) noexcept;

/// The end of `123e4567-e89b-12d3-a456-426614174000` (RFC 9562) around a digit, or 0.
[[nodiscard]] std::size_t uuid_end(const text_window& text, std::size_t at) noexcept;

/// The end of digits that are goods by their shape, where no word of people stands beside them;
/// else 0.
[[nodiscard]] std::size_t goods_end(number_place& place, date_reading dates) noexcept;

/// `Order 10045872 arrived`: five to eleven digits in one piece, and no word near that speaks of
/// anything but orders. Told before any rule is asked: they are most numbers of a shop.
[[nodiscard]] bool number_of_order(number_place& place) noexcept;

/// `2026-11-15 10:20:55`: a day and a time may pass a check up to `end`, and are no id without its
/// word.
[[nodiscard]] bool of_instant(number_place& place, std::size_t end) noexcept;

/// `1.044.99 1959.50` may pass a check up to `end`, and is no id without its word.
[[nodiscard]] bool of_amounts(number_place& place, std::size_t end) noexcept;

}  // namespace clientbook::scanner

#endif
