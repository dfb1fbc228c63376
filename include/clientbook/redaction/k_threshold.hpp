// k-threshold: no row of an export whose combination of values fewer than k people share.
//
// Rows are grouped by quasi-identifiers: fields that name nobody alone but few together, such as
// birth year, postal area and size. People are counted, not rows: ten purchases of one person
// are one. Redact first, group what is left.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_REDACTION_K_THRESHOLD_HPP
#define CLIENTBOOK_REDACTION_K_THRESHOLD_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>

#include <array>
#include <cstdint>
#include <span>

namespace clientbook {

/// Rows with equal values in all fields have equal ids.
using group_id = fixed_bytes<struct group_tag, 16>;

/// BLAKE2b over the values, each after its length. Not for storing: it has no key.
[[nodiscard]] group_id group_of(std::span<const byte_view> fields) noexcept;

struct group_row {
  group_id group{};
  customer_id subject{};
};

enum class small_groups : std::uint8_t {
  refuse,    ///< The export fails.
  suppress,  ///< Their rows go.
};

struct k_outcome {
  std::span<const std::uint32_t> kept{};  ///< Places of rows, ascending; lies in `work`.
  std::size_t suppressed = 0;             ///< Rows.
};

/// Which rows may leave. `work` has a place for every row.
///
/// Errors: group_too_small (`at`: rows that are in too small a group), invalid_argument (k not 2
/// to 1,000,000, `work` too small, more than 2^32 - 1 rows).
result<k_outcome> require_k(unsigned k, std::span<const group_row> rows, small_groups what,
                            std::span<std::uint32_t> work) noexcept;

}  // namespace clientbook

#endif
