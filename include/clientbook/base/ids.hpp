// Identifiers: a type of its own for each, never a bare integer.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BASE_IDS_HPP
#define CLIENTBOOK_BASE_IDS_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

namespace clientbook {

/// A number that means one kind of thing only.
template <class Tag, class Integer>
struct number_id {
  Integer value = 0;
  constexpr number_id() noexcept = default;
  explicit constexpr number_id(Integer v) noexcept : value(v) {}
  friend constexpr auto operator<=>(number_id, number_id) = default;
};

/// 128 bits that mean one kind of thing only; written as 32 lower-case hexadecimal digits.
template <class Tag>
struct wide_id {
  std::array<std::byte, 16> bytes{};
  friend constexpr auto operator<=>(const wide_id&, const wide_id&) = default;
  friend constexpr bool operator==(const wide_id& a, const wide_id& b) noexcept {
    return equal_arrays(a.bytes, b.bytes);
  }
};

/// A digest of 32 bytes, BLAKE2b-256 or SHA-256. All zero: none.
using digest256 = fixed_bytes<struct digest_tag, 32>;

using customer_id = wide_id<struct customer_tag>;    ///< Public id; shows nothing.
using directive_id = wide_id<struct directive_tag>;  ///< One consent event.
using book_id = wide_id<struct book_tag>;            ///< One store; random.
using entry_id = wide_id<struct entry_tag>;          ///< One ledger entry; random.

/// Dense internal number of a customer, from 1; orders the rows. Never shown.
using customer_no = number_id<struct customer_no_tag, std::uint64_t>;

using field_id = number_id<struct field_tag, std::uint8_t>;          ///< 0 to 63.
using purpose_id = number_id<struct purpose_tag, std::uint8_t>;      ///< consent vocabulary
using recipient_id = number_id<struct recipient_tag, std::uint8_t>;  ///< class or party
using category_id = number_id<struct category_tag, std::uint8_t>;    ///< data category
using operation_id = number_id<struct operation_tag, std::uint8_t>;  ///< 0 to 15
using profile_id = number_id<struct profile_tag, std::uint16_t>;     ///< law profile
using notice_id = number_id<struct notice_tag, std::uint32_t>;       ///< 0: none
using schema_version = number_id<struct schema_tag, std::uint32_t>;  ///< from 1
using record_version = number_id<struct record_tag, std::uint64_t>;  ///< from 1, per customer
using actor_id = number_id<struct actor_tag, std::uint32_t>;         ///< 0: none
using store_id = number_id<struct store_tag, std::uint32_t>;         ///< A shop's branch; 0: none

/// Lower-case hexadecimal; `out` must hold two characters a byte.
void write_hex(byte_view bytes, char* out) noexcept;
/// Errors: invalid_value unless `text` is exactly two hexadecimal digits a byte of `out`.
result<void> parse_hex(std::string_view text, byte_span out) noexcept;

}  // namespace clientbook

#endif
