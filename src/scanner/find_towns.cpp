// Towns, and what stands between the parts of an address.
//
// A town is told by capital letters alone: there are more towns than a table may hold. What stands
// around it (a postal code, a street, the end of a phrase) decides whether it is taken for one.
#include "find_postcodes.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {

CLIENTBOOK_ONCE std::size_t over_comma(const text_window& text, std::size_t at) noexcept {
  const std::size_t space = over_space(text, at);
  return over_space(text, text[space] == ',' ? space + 1 : space);
}
CLIENTBOOK_ONCE std::size_t digits_from(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  while (text.digit_at(end)) ++end;
  return end - at;
}

namespace {

bool joins_town(const folded_word& word) noexcept {
  if (extent::whole_addresses && is_in(extent::town_joints, word)) return true;
  return is_in(extent::particles, word);
}

}  // namespace

// Nothing goes on behind it.
CLIENTBOOK_ONCE bool ends_phrase(const text_window& text, std::size_t at) noexcept {
  if (!extent::whole_addresses) return false;
  const std::size_t place = text[at] == ' ' ? at + 1 : at;
  switch (text[place]) {
    case 0:
    case '\n':
    case '\r':
    case '.':
    case ',':
    case ';':
    case ')':
    case '"':
    case '!':
    case '?':
    case '\\':
      return true;
    default:
      return false;
  }
}

// Up to four words with a capital letter, particles between them: a town.
std::size_t over_town(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  std::size_t place = at;
  // `'s-Gravenhage`, `'t Zand`
  if (extent::whole_addresses && text[at] == '\'' && text.letter_at(at + 1) &&
      (text[at + 2] == '-' || text[at + 2] == ' ')) {
    place = at + 3;
  }
  for (int words = 0; words < (extent::whole_addresses ? 6 : 4); ++words) {
    const folded_word word = word_from(text, place);
    if (word.end == place) break;
    // `Montemor-o-Novo`, `Fraire-par-Delà`
    const bool inside = extent::whole_addresses && word.size <= 4 && text[word.begin - 1] == '-' &&
                        text[word.end] == '-';
    const bool joins = words > 0 && (inside || joins_town(word));
    if (!word.capital && !joins) break;
    if (word.capital) end = word.end;
    place = word.end;
    const unsigned char c = text[place];
    // `St. Louis`, `N.Y.`
    if (extent::whole_addresses && c == '.' && word.capital && word.size <= 3) {
      if (text.letter_at(place + 1) || (text[place + 1] == ' ' && text.letter_at(place + 2))) {
        place += text[place + 1] == ' ' ? 2U : 1U;
        continue;
      }
      if (word.size == 1 && text[word.begin - 1] == '.') end = place + 1;
    }
    if (c != ' ' && c != '-' && c != '\'') break;
    if (extent::whole_addresses && c == '\'' && !text.word_at(place + 1)) {
      if (end == place) ++end;  // `Forli'`
      break;
    }
    ++place;
  }
  return end;
}

}  // namespace clientbook::scanner
