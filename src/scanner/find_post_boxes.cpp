// Post boxes, from the words before their number: `PO Box 12`, `Postfach 3`, `BP 5`.
#include "find_postcodes.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {

std::size_t post_box_before(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  while (text[place - 1] == ' ' || text[place - 1] == '.' || text[place - 1] == '#') --place;
  if (place == at) return at;
  const folded_word word = word_until(text, place);
  if (is_in(extent::boxes, word)) return word.begin;
  if (is_in(extent::short_boxes, word)) {
    const bool said = word.capital && (words_before(text, word.begin).nearest & address_word) != 0;
    return said ? word.begin : at;
  }
  if (!is_in(extent::box_last_words, word)) return at;
  place = word.begin;
  // P.O. Box, PO Box, Post Office Box, Casella postale, Apartado postal.
  static constexpr std::string_view forms[] = {"p.o. ", "po ",     "p.o ",     "p. o. ",
                                               "post ", "office ", "casella ", "apartado "};
  for (const std::string_view form : forms) {
    if (place < form.size() || place - form.size() < text.begin()) continue;
    const std::size_t from = place - form.size();
    bool same = true;
    for (std::size_t i = 0; i < form.size(); ++i) {
      same = same && (text[from + i] | 0x20) == (form[i] | 0x20);
    }
    if (same && !text.word_before(from)) return from;
  }
  return at;
}

}  // namespace clientbook::scanner
