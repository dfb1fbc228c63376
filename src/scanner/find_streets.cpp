// Streets: a name with its type before or behind it, beside a house number.
//
// English and French streets stand behind their number, most others before it. A type that is no
// other word proves a street; a capital letter alone proves nothing, and where capital letters are
// missing, or there are no others, what stands around decides. Lists are data/streets.csv.
#include "find_streets.hpp"

#include <clientbook/base/bytes.hpp>

#include "find_postcodes.hpp"
#include "find_units.hpp"
#include "lead_words.hpp"
#include "street_words.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

// `55 broad st`, `1600 pennsylvania ave nw`: a short street type in small letters is none where a
// word goes on behind it (`3 dr martens`).
CLIENTBOOK_ONCE bool small_type(const text_window& text, const folded_word& type) noexcept {
  if (is_in(extent::sure_small_types, type)) return true;
  std::size_t at = text[type.end] == '.' ? type.end + 1 : type.end;
  if (at > type.end && text[at] == ',') return true;
  if (ends_phrase(text, type.end)) return true;
  at = over_space(text, at);
  const folded_word next = word_from(text, at);
  return is_in(extent::compass, next) || is_in(extent::unit_words, next) || text[at] == '#' ||
         text.digit_at(at);
}

// `18 Elm Court`, but not `4 Rose Court candles`: what is also another word is a street where no
// noun goes on behind it.
bool is_place(const text_window& text, const folded_word& type, std::size_t number_end) noexcept {
  std::size_t at = type.end;
  if (text[at] == '.' || ends_phrase(text, at)) return true;
  at = over_space(text, at);
  const folded_word next = word_from(text, at);
  if (next.end == at || (next.capital && !shouted(text, next))) return true;
  if (is_in(extent::no_nouns, next) || is_in(extent::unit_words, next) ||
      is_in(extent::compass, next) || is_in(extent::street_types, next) ||
      is_in(extent::street_types_capital, next)) {
    return true;
  }
  return address_said(text, number_end) ||
         over_postcode_and_town(text, type.end, code_needed::yes) != type.end;
}

// `3 boots and 1 Bond Street`: the number is none of the street's.
bool conjunction_in(const text_window& text, std::size_t at, std::size_t end) noexcept {
  while (at < end) {
    const folded_word word = word_from(text, at);
    if ((!word.capital || shouted(text, word)) && is_in(extent::conjunctions, word)) return true;
    at = word.end > at ? word.end : at + 1;
  }
  return false;
}

// `lives at 18 elm court`: a word of addresses, and `at` or `to` before the number.
bool place_said(const text_window& text, std::size_t number_end) noexcept {
  std::size_t at = number_end;
  while (text.digit_at(at - 1) && number_end - at < 5) --at;
  const folded_word before = word_until(text, text[at - 1] == ' ' ? at - 1 : at);
  return (before.view() == "at" || before.view() == "to") &&
         (words_before(text, at).nearest & address_word) != 0;
}

// What is known of the words up to a type.
struct words_seen {
  bool all_capital;  // All of them have a capital letter.
  bool apart;        // A comma stands between them and the number.
  bool of_unit;      // The number is that of a unit.
};

// Whether the word is the type of the street that begins at `from`: as a type that is no other
// word, or as one that is and stands as a type does.
bool is_type(const text_window& text, const folded_word& word, std::size_t number_end,
             const words_seen& so_far) noexcept {
  if (is_in(extent::street_types, word)) {
    return so_far.all_capital || word.size > 3 ||
           (extent::whole_addresses && small_type(text, word));
  }
  if ((so_far.apart && !so_far.of_unit) || !is_in(extent::street_types_capital, word)) return false;
  if (!extent::whole_addresses) return so_far.all_capital;
  return (so_far.all_capital || so_far.apart || place_said(text, number_end)) &&
         is_place(text, word, number_end);
}

}  // namespace

// 742 Evergreen Terrace.
std::size_t english_street(const text_window& text, std::size_t number_end, bool of_unit) noexcept {
  std::size_t place = over_space(text, number_end);
  bool apart = false;  // `14/892, Sehgal Street`
  if (extent::whole_addresses && (text[place] == ',' || text[place] == '\n')) {
    place = over_joint(text, number_end, apart);
    apart = true;
  }
  if (place == number_end) return 0;
  bool all_capital = true;
  std::size_t found = 0;  // The last street type: `N Lake Shore Drive`.
  for (int words = 0; words < 6; ++words) {
    // `5th`, `42nd`.
    const std::size_t digits = digits_from(text, place);
    const folded_word word = word_from(text, place + digits);
    if (word.end == place) return found;
    if (found != 0 && !word.capital &&
        (!extent::whole_addresses ||
         !(is_in(extent::street_types, word) || is_in(extent::street_types_capital, word)))) {
      return found;
    }
    const bool ordinal = digits > 0 && digits < 4;
    if (extent::whole_addresses && ordinal && word.end == place + digits) return found;
    all_capital = all_capital && (word.capital || ordinal);
    if (apart && !word.capital && !of_unit) return found;
    if (words > 0 && !ordinal && is_type(text, word, number_end, {all_capital, apart, of_unit})) {
      if (extent::whole_addresses && found == 0 && conjunction_in(text, number_end, word.begin)) {
        return 0;
      }
      found = word.end;
      if (text[found] == '.') ++found;
      if (extent::whole_addresses && is_in(extent::numbered_roads, word) && text[found] == ' ') {
        const std::size_t number = digits_from(text, found + 1);
        if (number > 0 && number < 4) return found + 1 + number;
      }
    }
    if (!word.capital && !ordinal && words > 2) return found;
    place = word.end;
    if (text[place] == '.') ++place;
    if (text[place] == '\'' && text.letter_at(place + 1)) {
      place = word_from(text, place + 1).end;
    } else if (text[place] == '-') {
      ++place;
      continue;
    }
    const std::size_t next = over_space(text, place);
    if (next == place) return found;
    place = next;
  }
  return found;
}

namespace {

// Names with a capital letter after a street type, with particles: `rue de la République`.
std::size_t over_names(const text_window& text, std::size_t at, bool capital) noexcept {
  std::size_t end = at;
  std::size_t place = at;
  for (int words = 0; words < 6; ++words) {
    const std::size_t begin = place;
    const folded_word word = word_from(text, begin);
    if (word.end == begin) {
      const std::size_t digits = digits_from(text, begin);
      if (digits == 0 || digits > 2 || !text.word_at(begin)) break;
      place = begin + digits;  // `rue du 8 mai`
    } else {
      if (word.capital || (!capital && words == 0)) {
        end = word.end;
      } else if (!is_in(extent::particles, word)) {
        break;
      }
      place = word.end;
    }
    const unsigned char c = text[place];
    if (c == '\'' || c == '-') {
      ++place;
      continue;
    }
    if (text.next(place).value == 0x2019) {
      place += 3;
      continue;
    }
    const std::size_t next = over_space(text, place);
    if (next == place) break;
    place = next;
  }
  return end;
}

// `12 rue de rivoli svp`, `12 rue victor hugo`: a word behind particles, two without; 0 if none is
// a name.
std::size_t over_small_names(const text_window& text, std::size_t names) noexcept {
  std::size_t at = names;
  std::size_t small_end = 0;
  for (int left = 2; left > 0;) {
    const folded_word word = word_from(text, at);
    if (word.end == at || is_in(extent::no_name, word)) break;
    at = word.end;
    if (is_in(extent::particles, word)) {
      left = 1;
    } else {
      small_end = word.end;
      --left;
    }
    const unsigned char c = text[at];
    if (c == '\'' || c == '-') {
      ++at;
      left = left == 0 ? 1 : left;
      continue;
    }
    const std::size_t next = over_space(text, at);
    if (next == at) break;
    at = next;
  }
  return small_end;
}

}  // namespace

// 12 rue de Rivoli; 3, place de la République.
std::size_t french_street(const text_window& text, std::size_t number_end) noexcept {
  const std::size_t place = over_comma(text, number_end);
  if (place == number_end) return 0;
  const folded_word type = word_from(text, place);
  if (type.size < 2 || !is_in(extent::name_follows, type)) return 0;
  std::size_t names = type.end;
  if (text[names] == '.') ++names;
  names = over_space(text, names);
  const std::size_t end = over_names(text, names, true);
  if (!extent::whole_addresses) return end > names ? end : 0;
  const bool loud = shouted(text, type);
  if (end > names && !loud) return end;
  if (type.capital && !loud) return 0;
  const bool place_of = type.view() == "place" && is_in(extent::particles, word_from(text, names));
  return is_in(extent::french_types, type) || place_of ? over_small_names(text, names) : 0;
}

namespace {

// `Lisa-Rieder-Platz`: back over the parts before a hyphen.
CLIENTBOOK_ONCE std::size_t over_hyphens(const text_window& text, std::size_t begin) noexcept {
  for (int parts = 0; parts < 4 && text[begin - 1] == '-'; ++parts) {
    const folded_word part = word_until(text, begin - 1);
    if (part.begin == part.end) break;
    begin = part.begin;
  }
  return begin;
}

// `Nieuwe Binnenweg`, `Alte Landstraße`.
std::size_t over_adjective(const text_window& text, std::size_t begin) noexcept {
  if (!extent::whole_addresses || text[begin - 1] != ' ') return begin;
  const folded_word word = word_until(text, begin - 1);
  return is_in(extent::adjectives, word) ? word.begin : begin;
}

// `Eduard Sueß Gasse`: one more word of the name, unless it may begin a sentence or says
// something of its own (`Lieferung Berliner Straße`).
std::size_t over_first_name(const text_window& text, std::size_t begin) noexcept {
  if (text[begin - 1] == '-') {
    const folded_word part = word_until(text, begin - 1);
    return part.begin < part.end ? part.begin : begin;
  }
  const std::size_t adjective = over_adjective(text, begin);
  if (adjective != begin || text[begin - 1] != ' ') return adjective;
  const folded_word name = word_until(text, begin - 1);
  const unsigned char before = text[name.begin - 1];
  if (!name.capital || name.size < 3 || before != ' ' || text[name.begin - 2] == '.') return begin;
  if (words_before(text, name.end).kinds != words_before(text, name.begin).kinds) return begin;
  return name.begin;
}

// How something was sent, paid or told: `via PayPal 50`.

// `via roma 12`, `BERLINER STRASSE 17`: where capital letters do not tell a name, what stands
// around it must: a street type that is no other word, or the end of the phrase behind the
// number, a postal code, or a word of addresses.
street_before quiet_street_until(const text_window& text, const folded_word& last,
                                 std::size_t number_end, bool ending) noexcept {
  constexpr street_before none{};
  const bool led = lead_before(text.bytes(text.begin(), last.begin), last.begin - text.begin());
  const bool loud = last.capital;
  if (!led && !ending && !loud) return none;
  const bool comma = text[last.end] == ',';
  const auto goes_well = [&](std::size_t begin) {
    return ends_phrase(text, number_end) || (loud && !comma) || address_said(text, begin) ||
           over_postcode_and_town(text, number_end, code_needed::yes) != number_end;
  };
  if (ending && text[last.begin - 1] == ' ') {
    const folded_word earlier = word_until(text, last.begin - 1);
    if (is_in(extent::places, earlier)) return {earlier.begin, street_proof::likely};
    if (is_in(extent::surely_streets, last) && earlier.size > 3 &&
        !is_in(extent::particles, earlier)) {
      return {over_first_name(text, earlier.begin), street_proof::sure};
    }
    if (loud && is_in(extent::mostly_streets, last) && earlier.size > 3 &&
        ends_phrase(text, number_end)) {
      return {earlier.begin, street_proof::sure};
    }
  }
  if ((!led && !loud) || is_in(extent::prepositions, last)) return none;
  folded_word word = last;
  for (int words = 0; words < 5; ++words) {
    if (is_in(extent::channels, word)) return none;
    if (words > 0 && (is_lead(text.bytes(word.begin, last.begin), 0) ||
                      (loud && is_in(extent::name_follows, word)))) {
      return goes_well(word.begin) ? street_before{word.begin, street_proof::sure} : none;
    }
    std::size_t place = word.begin;
    if (words < 3 && text[place - 1] == ' ' && text[place - 2] == '/') --place;
    if (text[place - 1] == '/' && ascii_upper(text[place - 2]) == 'C' &&
        !text.word_before(place - 2)) {
      return {place - 2, street_proof::sure};  // c/ serrano
    }
    const seen c = text.previous(place);
    if (c.value != ' ' && c.value != '.' && c.value != '\'' && c.value != '-' &&
        c.value != 0x2019) {
      return none;
    }
    place -= c.size;
    if (c.value == ' ' && text[place - 1] == '.') --place;
    word = word_until(text, place);
    if (word.begin == word.end) return none;
  }
  return none;
}
// Back over at most three signs before a place.
std::size_t back_over(const text_window& text, std::size_t place, std::string_view signs) noexcept {
  for (int i = 0; i < 3; ++i) {
    const seen c = text.previous(place);
    if (c.size == 0) break;
    if (c.value != 0xA0 &&
        (c.value >= 0x80 || signs.find(static_cast<char>(c.value)) == signs.npos)) {
      break;
    }
    place -= c.size;
  }
  return place;
}

// The last word of a name before a house number, over signs and `n.`, `N°`, `civico`; whether there
// is one.
bool last_word_before(const text_window& text, std::size_t number, folded_word& word) noexcept {
  std::size_t place = back_over(text, number, " ,.");
  if (place == number) return false;
  if (extent::whole_addresses) {
    const seen degree = text.previous(place);
    if (degree.value == 0xB0 || degree.value == 0xBA) place -= degree.size;  // `N° 226`
  }
  word_until(text, place, word);
  if (is_in(extent::number_signs, word) && word.size != 0) {
    place = back_over(text, word.begin, " ,.");
    word_until(text, place, word);
  }
  if (word.begin == word.end) return false;
  if (word.size == 0) word.capital = false;
  return true;
}

// Written small behind a name: `Barjanska cesta 3`, `Birger Kaipiaisen kuja 27`.
street_before named_small_type(const text_window& text, const folded_word& type) noexcept {
  std::size_t begin = type.begin;
  for (int words = 0; words < 3 && text[begin - 1] == ' '; ++words) {
    const folded_word name = word_until(text, begin - 1);
    if (!name.capital) break;
    begin = name.begin;
  }
  return {begin, begin < type.begin ? street_proof::likely : street_proof::none};
}

// Whether `C/` ends at the slash before the place: `C/ Serrano`.
bool calle_before(const text_window& text, std::size_t slash_end) noexcept {
  return text[slash_end - 1] == '/' && ascii_upper(text[slash_end - 2]) == 'C' &&
         !text.word_before(slash_end - 2);
}

// Whether the sign may stand between two words of a name.
bool joins_names(char32_t c) noexcept {
  return c == ' ' || c == '.' || c == '\'' || c == '-' || c == 0xA0 || c == 0x2019;
}

// Back over the words of a name to one that leads a street, or to the type's own: the street,
// `none`, or, undecided, where the name begins.
street_before back_over_name(const text_window& text, const folded_word& word, bool alone,
                             bool loud) noexcept {
  std::size_t begin = word.begin;
  folded_word earlier = word;
  for (int words = 0; words < (extent::whole_addresses ? 8 : 6); ++words) {
    const bool short_lead = earlier.size == 1 &&
                            (earlier.bytes[0] == 'c' || earlier.bytes[0] == 'r') &&
                            earlier.capital && text[earlier.end] == '.';
    if (words > 0) {
      if (extent::whole_addresses && earlier.view() == "via" && is_in(extent::channels, word)) {
        return {};
      }
      if ((short_lead || is_in(extent::name_follows, earlier)) && !loud) {
        return {earlier.begin, street_proof::sure};
      }
      if (!earlier.capital && !is_in(extent::particles, earlier)) break;
    }
    begin = earlier.begin;
    std::size_t place = begin;
    if (calle_before(text, place)) return {place - 2, street_proof::sure};
    const seen c = text.previous(place);
    if (!joins_names(c.value)) break;
    place -= c.size;
    if (c.value == ' ' && text[place - 1] == '.') --place;
    if (c.value == ' ' && calle_before(text, place)) return {place - 2, street_proof::sure};
    word_until(text, place, earlier);
    if (earlier.begin == earlier.end) break;
    if (alone && words == 0 && !loud) {
      // The word before `Straße`, and one more with a capital letter or particle.
      if (!earlier.capital) return {};
      if (!extent::whole_addresses) return {earlier.begin, street_proof::sure};
      return {over_first_name(text, earlier.begin), street_proof::sure};
    }
  }
  return {begin, street_proof::undecided};
}

}  // namespace

street_before street_until(const text_window& text, std::size_t number,
                           [[maybe_unused]] std::size_t number_end) noexcept {
  folded_word word;
  if (!last_word_before(text, number, word)) return {};
  // Hauptstraße 5, Berliner Straße 17.
  const bool glued = word.size > 0 && ends_in(extent::name_endings_glued, word);
  const bool alone = word.size > 0 && is_in(extent::name_endings, word);
  if (glued && (word.capital || word.size > 7)) {
    if (extent::whole_addresses && is_in(extent::no_streets, word)) return {};
    return {over_adjective(text, over_hyphens(text, word.begin)), street_proof::sure};
  }
  if (alone && word.capital && text[word.begin - 1] == '-') {
    return {over_hyphens(text, word.begin), street_proof::sure};
  }
  bool loud = false;
  if constexpr (extent::whole_addresses) {
    loud =
        shouted(text, word) || (word.size == 1 && shouted(text, word_until(text, word.begin - 1)));
    if (!word.capital || loud) {
      const street_before quiet = quiet_street_until(text, word, number_end, alone);
      if (quiet.proof != street_proof::none) return quiet;
    }
    if (is_in(extent::small_types, word) && !word.capital && text[word.begin - 1] == ' ') {
      return named_small_type(text, word);
    }
  }
  // Nothing but a name stands before the number.
  if (!word.capital) return {};
  const street_before name = back_over_name(text, word, alone, loud);
  if (name.proof != street_proof::undecided) return name;
  // `Am Markt 3`: sure only beside a word of addresses or with a postal code.
  const folded_word first = word_from(text, name.begin);
  if (first.capital && first.begin < word.begin && is_in(extent::places, first)) {
    return {first.begin, street_proof::likely};
  }
  if (alone && word.size > 3) return {word.begin, street_proof::likely};
  if (extent::whole_addresses && word.size > 0 && ends_in(extent::endings_likely, word)) {
    return {over_hyphens(text, word.begin), street_proof::likely};
  }
  return {name.begin, street_proof::name};
}

}  // namespace clientbook::scanner
