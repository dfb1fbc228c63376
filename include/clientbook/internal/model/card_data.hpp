// Card data: finds payment card numbers and magnetic tracks in text, so that none is kept.
//
// A card number is 12 to 19 digits, of any script, alone or in groups with up to three
// separators between them (spaces, hyphens, dots, dashes, line breaks, invisible characters),
// whose length and first digits belong to an issuer and whose Luhn sum is right. It begins and
// ends where a group does; letters beside it do not hide it, digits of another group neither.
//
// Linear in the text. Thread safety: pure functions.
#ifndef CLIENTBOOK_INTERNAL_MODEL_CARD_DATA_HPP
#define CLIENTBOOK_INTERNAL_MODEL_CARD_DATA_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace clientbook {

/// Part of a text, in bytes: [begin, end).
struct text_range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Which issuers' numbers are looked for.
enum class card_ranges : std::uint8_t {
  all,
  /// Without those that look like phone numbers in full (Visa of 13 digits, Maestro of 12 to
  /// 15). Also used in any text for what begins with + or 00 and has at most 15 digits.
  not_phone_like,
};

/// The first card number that begins at or after byte `from`. `from` must not lie inside a run
/// of digits. Invalid UTF-8 does not stop the search.
[[nodiscard]] std::optional<text_range> find_card_number(
    std::string_view text, std::size_t from = 0, card_ranges ranges = card_ranges::all) noexcept;

/// The first magnetic track: `%B`, 12 or more digits and `^`, or `;`, 12 or more digits and `=`.
[[nodiscard]] std::optional<text_range> find_card_track(std::string_view text,
                                                        std::size_t from = 0) noexcept;

enum class card_brand : std::uint8_t {
  unknown,
  visa,
  mastercard,
  american_express,
  discover,
  diners_club,
  jcb,
  unionpay,
  maestro,
  mir,
};

/// By length and first digits (values 0 to 9); the Luhn sum is not looked at.
[[nodiscard]] card_brand brand_of(std::span<const std::uint8_t> digits) noexcept;

/// Whether the digits (values 0 to 9) have the length and the beginning of an issuer's numbers.
[[nodiscard]] bool card_issued(std::span<const std::uint8_t> digits,
                               card_ranges ranges = card_ranges::all) noexcept;
/// Whether the Luhn sum (ISO/IEC 7812-1) of the digits is right.
[[nodiscard]] bool luhn_valid(std::span<const std::uint8_t> digits) noexcept;

}  // namespace clientbook

#endif
