// Truncation of card numbers for storage (PCI DSS 4.0.1, 3.5.1, and PCI FAQ 1091).
//
// Other than masking on display, the digits that go are gone. Two truncations of one card put it
// together again, so a store has one format for its life and a second is refused. A keyed hash
// of the same number does not belong beside it.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_REDACTION_CARD_TRUNCATION_HPP
#define CLIENTBOOK_REDACTION_CARD_TRUNCATION_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace clientbook {

/// To be stored beside the cards.
struct card_format {
  std::uint8_t bin = 0;   ///< Digits kept in front: 0, 6 or 8, fewer where the brand says so.
  std::uint8_t last = 4;  ///< Digits kept at the end, at most 4.
  friend constexpr bool operator==(const card_format&, const card_format&) = default;
};

/// `411111******1111`, written to the front of `out`.
///
/// At most kept in front: of Visa, Mastercard, Discover, JCB and UnionPay with 16 digits or more 8,
/// of other brands with 15 or more 6, of shorter numbers and unknown brands none.
///
/// `of_store` is the format that the store has; the first truncation sets it.
///
/// Errors: second_format (the store has another one), invalid_argument (format), invalid_encoding,
/// invalid_value (not 12 to 19 digits), buffer_too_small (`at`: bytes needed).
result<std::string_view> truncate_card(std::string_view number, const card_format& format,
                                       std::optional<card_format>& of_store,
                                       byte_span out) noexcept;

}  // namespace clientbook

#endif
