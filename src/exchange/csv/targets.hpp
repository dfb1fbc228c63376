// Targets: the parts of a record that a column can be mapped to, by name.
#ifndef CLIENTBOOK_EXCHANGE_CSV_TARGETS_HPP
#define CLIENTBOOK_EXCHANGE_CSV_TARGETS_HPP

#include "arena.hpp"
#include "lanes.hpp"

#include <clientbook/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace clientbook::exchange {

/// What to do with digits that an amount's currency does not have.
enum class rounding : std::uint8_t { refuse, half_up };

struct cell {
  std::string_view text;  ///< Not empty; lives as long as the import.
  rounding round = rounding::refuse;
  arena* lists = nullptr;
  bool alone_is_family = false;  ///< Of a whole name that is one word.
  bool cards_left = false;       ///< Of a note: whoever keeps it looks for card numbers.
  bool parts_as_one = false;     ///< Of a quantity: 2.5 of something are one piece of it.
};

struct target {
  std::string_view name;  ///< As in a map, with [] for a list.
  result<void> (*set)(lanes& to, std::size_t slot, const cell& from);
  void (*reserve)(lanes& to, std::size_t slot);      ///< The file can fill this slot.
  bool (*begun)(const lanes& in, std::size_t slot);  ///< The row has brought this element.
};

/// The place of a column's target in a record: `phones[1].number` is slot 1.
struct target_place {
  const target* what = nullptr;
  std::size_t slot = 0;
  bool is_purchase = false;
  bool is_list = false;
  /// What must be set before others of the row: the currency before amounts.
  bool first = false;
};

/// Nothing if there is no such target, or no such slot.
std::optional<target_place> find_target(std::string_view name);

/// A decimal in minor units of the currency. Errors: invalid_value, missing_field (no currency).
result<std::int64_t> parse_amount(std::string_view text, std::string_view currency,
                                  rounding round) noexcept;

}  // namespace clientbook::exchange

#endif
