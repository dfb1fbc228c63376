// The answers of street_words.hpp: what the rules of addresses take a word for, for the filter over
// small numbers, which must let through all that they would take.
#include "street_words.hpp"

#include "find_streets.hpp"
#include "find_units.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {

bool is_street_type(const folded_word& word) noexcept {
  return is_in(extent::street_types, word) || is_in(extent::street_types_capital, word);
}
bool ends_street(const folded_word& word) noexcept {
  return ends_in(extent::name_endings_glued, word) || is_in(extent::name_endings, word) ||
         is_in(extent::small_types, word);
}
bool leads_street(const folded_word& word) noexcept { return is_in(extent::name_follows, word); }
bool is_unit(const folded_word& word) noexcept { return is_in(extent::unit_words, word); }

street_hint street_ends(const text_window& text, std::size_t number) noexcept {
  switch (street_until(text, number, over_house_number(text, number)).proof) {
    case street_proof::none:
      return street_hint::none;
    case street_proof::name:
      return street_hint::with_postcode;
    default:
      return street_hint::likely;
  }
}

}  // namespace clientbook::scanner
