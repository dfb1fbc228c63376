// What stands further from a house number: a unit on a line of its own, a country behind the
// address.
#include "find_postcodes.hpp"
#include "find_units.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {

// `, United Kingdom`, ` USA`: behind a postal code.
std::size_t over_country(const text_window& text, std::size_t end) noexcept {
  bool line = false;
  const std::size_t at = over_joint(text, end, line);
  if (at == end) return end;
  const folded_word first = word_from(text, at);
  if (first.capital && is_in(extent::countries, first)) return first.end;
  if (!is_in(extent::first_of_two, first)) return end;
  folded_word second = word_from(text, over_space(text, first.end));
  if (!is_in(extent::second_of_two, second)) return end;
  const folded_word of = word_from(text, over_space(text, second.end));
  if (of.view() == "of") second = word_from(text, over_space(text, of.end));
  return second.end;
}

// `flat 31, linden court, ` before a house number, whatever its letters.
std::size_t back_over_unit_line(const text_window& text, std::size_t number) noexcept {
  std::size_t place = number;
  if (text[place - 1] != ' ' || text[place - 2] != ',') return number;
  place -= 2;
  for (int words = 0; words < 4; ++words) {
    const folded_word word = word_until(text, place);
    if (word.begin == word.end) return number;
    place = word.begin;
    if (text[place - 1] != ' ') return number;
    if (text[place - 2] == ',') {
      const std::size_t unit = back_over_unit(text, place);
      return unit < place ? unit : number;
    }
    --place;
  }
  return number;
}

}  // namespace clientbook::scanner
