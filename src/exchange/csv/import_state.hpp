// What a set of customers is made of, by whichever reader made it.
#ifndef CLIENTBOOK_EXCHANGE_CSV_IMPORT_STATE_HPP
#define CLIENTBOOK_EXCHANGE_CSV_IMPORT_STATE_HPP

#include "arena.hpp"
#include "import_plan.hpp"
#include "lanes.hpp"

#include <clientbook/exchange/column_map.hpp>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace clientbook::exchange {

/// Whether two birth dates cannot be of one person: a date without a year says nothing of it.
inline bool contradict(const date& a, const date& b) noexcept {
  const bool years = a.year != 0 && b.year != 0 && a.year != b.year;
  return years || a.month != b.month || a.day != b.day;
}

/// Whether the row that was read is of somebody else than the customer of its id: a row that is
/// merged adds to a customer, and says no other name or birth date.
inline bool is_other_person(const lanes& kept, std::uint32_t owner) {
  const person_name here = kept.name.stage[0];
  const person_name there = kept.name.of(owner);
  const auto differ = [](const personal_text& a, const personal_text& b) {
    return !a.empty() && !b.empty() && folded_words(a.reveal()) != folded_words(b.reveal());
  };
  const auto born = kept.birth_date.stage[0];
  const auto before = kept.birth_date.of(owner);
  return differ(here.given, there.given) || differ(here.family, there.family) ||
         (born && before && contradict(*born, *before));
}

}  // namespace clientbook::exchange

namespace clientbook {

struct import_set::state {
  // Constants and value maps are views into it.
  std::shared_ptr<const column_map::state> map;
  exchange::arena texts;
  exchange::lanes kept;
  std::vector<std::string_view> ids;
  std::vector<std::uint64_t> lines;
  std::vector<bool> made_up;   ///< Whether the id is one that nobody gave.
  std::vector<bool> left_out;  ///< Whether it is a bad row, of which the noes alone count.
  std::size_t bad_rows = 0;    ///< So many are.
  /// Where notes were read, by where their text lies.
  struct note_place {
    const char* text = nullptr;
    import_place at{};
  };
  std::vector<note_place> notes{};
};

}  // namespace clientbook

#endif
