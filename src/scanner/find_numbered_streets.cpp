// Streets whose names are numbers, as Colombia's: a number too many for find_streets.cpp to tell.
#include "find_postcodes.hpp"
#include "find_streets.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {

// `Calle 40 # 52-62`, `Cra. 7A No. 45-10 Sur`: street and house are numbers.
find colombian_street(const text_window& text, std::size_t at, std::size_t number_end) noexcept {
  std::size_t place = over_space(text, number_end);
  switch (text[place] | 0x20) {
    case '#':
    case 'n':
    case 's':
    case 'e':
    case 'o':
    case 'b':
      break;
    default:
      return {};
  }
  place = at;
  if (text[place - 1] == ' ') --place;
  if (text[place - 1] == '.') --place;
  const folded_word type = word_until(text, place);
  if (place == at || !is_in(extent::colombian_types, type)) return {};
  place = over_space(text, number_end);
  folded_word word = word_from(text, place);
  if (is_in(extent::colombian_sides, word)) place = over_space(text, word.end);
  word = word_from(text, place);
  if (text[place] == '#') {
    ++place;
  } else if (is_in(extent::colombian_signs, word)) {
    place = word.end;
    if (text[place] == '.' || text[place] == ':') ++place;
    if (text.next(place).value == 0xB0 || text.next(place).value == 0xBA) place += 2;
  } else {
    return {};
  }
  place = over_space(text, place);
  const std::size_t cross = digits_from(text, place);
  if (cross == 0 || cross > 3) return {};
  place += cross;
  if (text.letter_at(place)) ++place;
  place = over_space(text, place);
  if (text[place] != '-') return {};
  place = over_space(text, place + 1);
  const std::size_t house = digits_from(text, place);
  if (house == 0 || house > 3) return {};
  place += house;
  word = word_from(text, over_space(text, place));
  return {type.begin, is_in(extent::colombian_sides, word) ? word.end : place,
          rule::address_street};
}

}  // namespace clientbook::scanner
