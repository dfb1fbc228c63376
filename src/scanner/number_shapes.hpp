// What a number is by its shape: amounts with cents, runs of sizes, measures, ranges of years,
// numbers of parcels and of books. Such digits are no phone, card or id unless a word says so. Not
// in firmware.
#ifndef CLIENTBOOK_SCANNER_NUMBER_SHAPES_HPP
#define CLIENTBOOK_SCANNER_NUMBER_SHAPES_HPP

#include "rules.hpp"

namespace clientbook::scanner {

/// Bit n: digit n belongs to an amount: `1044.99 1959.50`, `75.95 - 352.00`, `49 1.369,58`.
[[nodiscard]] std::uint32_t amount_digits(const text_window& text, const digit_run& run) noexcept;

/// Whether the first `count` digits look like goods and not like a phone number that begins without
/// what is dialled before it: `2014-2025`, `20260507`, `52.123456`, `8443.32.10`, `92 98 82 189`.
[[nodiscard]] bool shaped_as_goods(const text_window& text, const digit_run& run,
                                   std::size_t count) noexcept;

/// How many digits from the first on are no number of a person whatever follows: `36 37 38 39`,
/// `114-1234567-1234567`, `978-3-12345-678-9`, `4 006381 333931`; 0 for all others.
[[nodiscard]] std::size_t digits_of_goods(const digit_run& run) noexcept;

/// Digits of the first of two days: `26.07.2026 - 01.04.2026`; 0 without two.
[[nodiscard]] std::size_t first_of_two_days(const digit_run& run) noexcept;

/// Where `1Z999AA10123456784` ends, the number of a parcel, if it begins at `at`; else 0.
[[nodiscard]] std::size_t parcel_number(const text_window& text, std::size_t at) noexcept;

}  // namespace clientbook::scanner

#endif
