#include <clientbook/base/bytes.hpp>

#include "find_postcodes.hpp"
#include "find_units.hpp"
#include "lead_words.hpp"
#include "rules.hpp"
#include "street_words.hpp"
#include "word_lists.hpp"
#ifdef CLIENTBOOK_FIRMWARE
#include "find_post_boxes.hpp"
#include "word_lists.hpp"
#endif

namespace clientbook::scanner {
namespace {

// `55 broad st`, `1600 pennsylvania ave nw`: a short street type in small letters is none where a
// word goes on behind it (`3 dr martens`).
CLIENTBOOK_ONCE bool small_type(const text_window& text, const folded_word& type) noexcept {
  if (in_firmware) return false;
  if (is_in(extent::sure_small_types, type)) return true;
  std::size_t at = text[type.end] == '.' ? type.end + 1 : type.end;
  if (at > type.end && text[at] == ',') return true;
  if (ends_phrase(text, type.end)) return true;
  at = over_space(text, at);
  const folded_word next = word_from(text, at);
  return is_in(extent::compass, next) || is_in(extent::unit_words, next) || text[at] == '#' ||
         text.digit_at(at);
}

#ifdef CLIENTBOOK_FIRMWARE
constexpr bool is_place(const text_window&, const folded_word&, std::size_t) noexcept {
  return true;
}
#else
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
#endif

#ifdef CLIENTBOOK_FIRMWARE
constexpr bool conjunction_in(const text_window&, std::size_t, std::size_t) noexcept {
  return false;
}
#else
// `3 boots and 1 Bond Street`: the number is none of the street's.
bool conjunction_in(const text_window& text, std::size_t at, std::size_t end) noexcept {
  while (at < end) {
    const folded_word word = word_from(text, at);
    if ((!word.capital || shouted(text, word)) && is_in(extent::conjunctions, word)) return true;
    at = word.end > at ? word.end : at + 1;
  }
  return false;
}
#endif

// `lives at 18 elm court`: a word of addresses, and `at` or `to` before the number.
[[maybe_unused]] bool place_said(const text_window& text, std::size_t number_end) noexcept {
  std::size_t at = number_end;
  while (text.digit_at(at - 1) && number_end - at < 5) --at;
  const folded_word before = word_until(text, text[at - 1] == ' ' ? at - 1 : at);
  return (before.view() == "at" || before.view() == "to") &&
         (words_before(text, at).nearest & address_word) != 0;
}

// 742 Evergreen Terrace.
CLIENTBOOK_ONCE std::size_t english_street(const text_window& text, std::size_t number_end,
                                           [[maybe_unused]] bool of_unit) noexcept {
  std::size_t place = over_space(text, number_end);
  bool apart = false;  // `14/892, Sehgal Street`
#ifndef CLIENTBOOK_FIRMWARE
  if (text[place] == ',' || text[place] == '\n') {
    place = over_joint(text, number_end, apart);
    apart = true;
  }
#endif
  if (place == number_end) return 0;
  bool all_capital = true;
  std::size_t found = 0;  // The last street type: `N Lake Shore Drive`.
  for (int words = 0; words < 6; ++words) {
    // `5th`, `42nd`.
    const std::size_t digits = digits_from(text, place);
    const folded_word word = word_from(text, place + digits);
    if (word.end == place) return found;
    if (found != 0 && !word.capital &&
        (in_firmware ||
         !(is_in(extent::street_types, word) || is_in(extent::street_types_capital, word)))) {
      return found;
    }
    const bool ordinal = digits > 0 && digits < 4;
    if (!in_firmware && ordinal && word.end == place + digits) return found;
    all_capital = all_capital && (word.capital || ordinal);
    if (apart && !word.capital && !of_unit) return found;
    if (words > 0 && !ordinal &&
        (is_in(extent::street_types, word)
             ? all_capital || word.size > 3 || (!in_firmware && small_type(text, word))
             : (!apart || of_unit) && is_in(extent::street_types_capital, word) &&
                   (all_capital || (apart && of_unit) ||
                    (!in_firmware && place_said(text, number_end))) &&
                   (in_firmware || is_place(text, word, number_end)))) {
      if (!in_firmware && found == 0 && conjunction_in(text, number_end, word.begin)) return 0;
      found = word.end;
      if (text[found] == '.') ++found;
#ifndef CLIENTBOOK_FIRMWARE
      if (is_in(extent::numbered_roads, word) && text[found] == ' ') {
        const std::size_t number = digits_from(text, found + 1);
        if (number > 0 && number < 4) return found + 1 + number;
      }
#endif
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

// 12 rue de Rivoli; 3, place de la République.
CLIENTBOOK_ONCE std::size_t french_street(const text_window& text,
                                          std::size_t number_end) noexcept {
  const std::size_t place = over_comma(text, number_end);
  if (place == number_end) return 0;
  const folded_word type = word_from(text, place);
  if (type.size < 2 || !is_in(extent::name_follows, type)) return 0;
  std::size_t names = type.end;
  if (text[names] == '.') ++names;
  names = over_space(text, names);
  const std::size_t end = over_names(text, names, true);
#ifdef CLIENTBOOK_FIRMWARE
  return end > names ? end : 0;
#else
  const bool loud = shouted(text, type);
  if (end > names && !loud) return end;
  if (type.capital && !loud) return 0;
  const bool place_of = type.view() == "place" && is_in(extent::particles, word_from(text, names));
  if (!is_in(extent::french_types, type) && !place_of) return 0;
  // `12 rue de rivoli svp`, `12 rue victor hugo`: a word behind extent::particles, two without.
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
#endif
}

enum class street_proof : std::uint8_t {
  none,
  name,    ///< A word with a capital letter: with a postal code behind.
  likely,  ///< `Am Markt`: also beside a word of addresses.
  sure,
};
struct street_before {
  std::size_t begin = 0;
  street_proof proof = street_proof::none;
};

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
  if (in_firmware || text[begin - 1] != ' ') return begin;
  const folded_word word = word_until(text, begin - 1);
  return is_in(extent::adjectives, word) ? word.begin : begin;
}

#ifndef CLIENTBOOK_FIRMWARE
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
#endif

// The street whose name ends before a house number: where it begins.
CLIENTBOOK_ONCE street_before street_until(const text_window& text, std::size_t number,
                                           [[maybe_unused]] std::size_t number_end) noexcept {
  constexpr street_before none{};
  std::size_t place = number;
  const auto back_over = [&](std::string_view signs) {
    for (int i = 0; i < 3; ++i) {
      const seen c = text.previous(place);
      if (c.size == 0) break;
      if (c.value == 0xA0) {
        place -= c.size;
        continue;
      }
      if (c.value >= 0x80 || signs.find(static_cast<char>(c.value)) == signs.npos) break;
      place -= c.size;
    }
  };
  back_over(" ,.");
  if (place == number) return none;
#ifndef CLIENTBOOK_FIRMWARE
  const seen degree = text.previous(place);
  if (degree.value == 0xB0 || degree.value == 0xBA) place -= degree.size;  // `N° 226`
#endif
  folded_word word = word_until(text, place);
  if (is_in(extent::number_signs, word) && word.size != 0) {
    place = word.begin;
    back_over(" ,.");
    word_until(text, place, word);
  }
  if (word.begin == word.end) return none;
  if (word.size == 0) word.capital = false;
  // Hauptstraße 5, Berliner Straße 17.
  const bool glued = word.size > 0 && ends_in(extent::name_endings_glued, word);
  const bool alone = word.size > 0 && is_in(extent::name_endings, word);
  if (glued && (word.capital || word.size > 7)) {
    if (!in_firmware && is_in(extent::no_streets, word)) return none;
    return {over_adjective(text, over_hyphens(text, word.begin)), street_proof::sure};
  }
  if (alone && word.capital && text[word.begin - 1] == '-') {
    return {over_hyphens(text, word.begin), street_proof::sure};
  }
#ifndef CLIENTBOOK_FIRMWARE
  const bool loud =
      shouted(text, word) || (word.size == 1 && shouted(text, word_until(text, word.begin - 1)));
  if (!word.capital || loud) {
    const street_before quiet = quiet_street_until(text, word, number_end, alone);
    if (quiet.proof != street_proof::none) return quiet;
  }
#else
  constexpr bool loud = false;
#endif
#ifndef CLIENTBOOK_FIRMWARE
  if (is_in(extent::small_types, word) && !word.capital && text[word.begin - 1] == ' ') {
    // Written small behind a name: `Barjanska cesta 3`, `Birger Kaipiaisen kuja 27`.
    std::size_t begin = word.begin;
    for (int words = 0; words < 3 && text[begin - 1] == ' '; ++words) {
      const folded_word name = word_until(text, begin - 1);
      if (!name.capital) break;
      begin = name.begin;
    }
    return {begin, begin < word.begin ? street_proof::likely : street_proof::none};
  }
#endif
  // Nothing but a name stands before the number.
  if (!word.capital) return none;
  std::size_t begin = word.begin;
  folded_word earlier = word;
  bool capital = word.capital;
  for (int words = 0; words < (in_firmware ? 6 : 8); ++words) {
    const bool short_lead = earlier.size == 1 &&
                            (earlier.bytes[0] == 'c' || earlier.bytes[0] == 'r') &&
                            earlier.capital && text[earlier.end] == '.';
#ifndef CLIENTBOOK_FIRMWARE
    if (words > 0 && earlier.view() == "via" && is_in(extent::channels, word)) return none;
#endif
    if ((short_lead || is_in(extent::name_follows, earlier)) && words > 0 && capital && !loud) {
      return {earlier.begin, street_proof::sure};
    }
    if (words > 0 && !earlier.capital && !is_in(extent::particles, earlier)) break;
    begin = earlier.begin;
    place = begin;
    std::size_t before = place;
    const seen c = text.previous(before);
    if (c.value == '/' && ascii_upper(text[place - 2]) == 'C' && !text.word_before(place - 2)) {
      return {place - 2, street_proof::sure};  // C/ Serrano
    }
    if (c.value != ' ' && c.value != '.' && c.value != '\'' && c.value != '-' && c.value != 0xA0 &&
        c.value != 0x2019) {
      break;
    }
    place -= c.size;
    if (c.value == ' ' && text[place - 1] == '.') --place;
    if (c.value == ' ' && text[place - 1] == '/' && ascii_upper(text[place - 2]) == 'C' &&
        !text.word_before(place - 2)) {
      return {place - 2, street_proof::sure};
    }
    word_until(text, place, earlier);
    if (earlier.begin == earlier.end) break;
    if (alone && word.capital && words == 0 && !loud) {
      // The word before `Straße`, and one more with a capital letter or particle.
      if (!earlier.capital) return none;
#ifdef CLIENTBOOK_FIRMWARE
      return {earlier.begin, street_proof::sure};
#else
      return {over_first_name(text, earlier.begin), street_proof::sure};
#endif
    }
  }
  // `Am Markt 3`: sure only beside a word of addresses or with a postal code.
  const folded_word first = word_from(text, begin);
  if (first.capital && first.begin < word.begin && is_in(extent::places, first)) {
    return {first.begin, street_proof::likely};
  }
  if (alone && word.size > 3) return {word.begin, street_proof::likely};
  if (!in_firmware && word.size > 0 && ends_in(extent::endings_likely, word)) {
    return {over_hyphens(text, word.begin), street_proof::likely};
  }
  return {begin, street_proof::name};
}

#ifndef CLIENTBOOK_FIRMWARE
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
#endif

#ifndef CLIENTBOOK_FIRMWARE
bool post_box_before(const text_window& text, std::size_t at, std::size_t& begin) noexcept {
  std::size_t place = at;
  while (text[place - 1] == ' ' || text[place - 1] == '.' || text[place - 1] == '#') --place;
  if (place == at) return false;
  const folded_word word = word_until(text, place);
  if (is_in(extent::boxes, word)) {
    begin = word.begin;
    return true;
  }
  if (is_in(extent::short_boxes, word)) {
    begin = word.begin;
    return word.capital && (words_before(text, word.begin).nearest & address_word) != 0;
  }
  if (!is_in(extent::box_last_words, word)) return false;
  place = word.begin;
  // P.O. Box, PO Box, Post Office Box, Casella postale, Apartado postal.
  std::size_t letters = place;
  while (place - letters < 12 &&
         (text.letter_at(letters - 1) || text[letters - 1] == '.' || text[letters - 1] == ' ')) {
    --letters;
  }
  static constexpr std::string_view forms[] = {"p.o. ", "po ",     "p.o ",     "p. o. ",
                                               "post ", "office ", "casella ", "apartado "};
  for (const std::string_view form : forms) {
    if (place < form.size() || place - form.size() < text.begin()) continue;
    const std::size_t from = place - form.size();
    bool same = true;
    for (std::size_t i = 0; i < form.size(); ++i) {
      same = same && (text[from + i] | 0x20) == (form[i] | 0x20);
    }
    if (same && !text.word_before(from)) {
      begin = from;
      return true;
    }
  }
  return false;
}

// What a word says about the line it stands in.
bool is_house_number(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  std::size_t digits = 0;
  for (std::size_t at = begin; at < end; ++at) digits += text.digit_at(at) ? 1U : 0U;
  return digits > 0 && digits <= 5 && end - begin <= 7;
}

// Lines of an address before its postal code, from the end: lines of names are passed over as far
// as one with a house number, a unit or a street type; without one only the town belongs to it.
std::size_t back_over_lines(const text_window& text, std::size_t code) noexcept {
  std::size_t taken = code;
  std::size_t place = code;
  for (int lines = 0; lines < (in_firmware ? 4 : 5); ++lines) {
    while (text[place - 1] == ' ' || text[place - 1] == ',' || text[place - 1] == '\n' ||
           text[place - 1] == '\r') {
      --place;
    }
    const std::size_t line_end = place;
    std::size_t anchor = place;
    std::size_t begin = place;
    bool whole = false;
    bool typed = false;
    for (int words = 0; words < 8; ++words) {
      std::size_t from = begin;
      while (begin - from < 40 && (text.word_before(from) || text[from - 1] == '\'')) {
        from -= text.previous(from).size;
      }
      if (from == begin) break;
      const bool number = is_house_number(text, from, begin);
      const folded_word word = word_from(text, from);
      const bool unit = is_in(extent::unit_words, word);
      if (!number && !unit && !word.capital && !is_in(extent::particles, word) &&
          (in_firmware || !is_in(extent::name_follows, word))) {
        break;
      }
      begin = from;
      if (!in_firmware && words == 0) {
        // `Rope Walk, Bedford, MK42 0XE`
        typed = word.capital &&
                (is_in(extent::street_types, word) || is_in(extent::street_types_capital, word));
      }
      if (number || unit || (typed && words > 0 && !is_in(extent::particles, word)) ||
          is_in(extent::name_follows, word)) {
        anchor = begin;
      }
      const unsigned char c = text[begin - 1];
      if (c == '\n' || c == ',' || begin == text.begin() || c == 0 ||
          (!in_firmware && c == ' ' && text[begin - 2] == ',')) {
        whole = true;
        break;
      }
      if (c == '.' && text[begin - 2] != ' ') {  // St. Paul
        begin -= 1;
        continue;
      }
      if (c != ' ' && c != '-' && c != '/') break;
      begin -= 1;
      if (text[begin - 1] == '.' && c == ' ') begin -= 1;
    }
    if (anchor < line_end) {
      taken = anchor;
      // `Flat 3` or `Studio 4` may stand on a line of its own before it.
      if (!whole || anchor != begin) return taken;
    } else if (lines == 0 && begin < line_end) {
      taken = begin;
    }
    if (!whole) return taken;
    place = begin;
  }
  return taken;
}

// The whole address before and around a postal code that begins here, or just before.
CLIENTBOOK_ONCE find address_by_postcode(const text_window& text, const digit_run& run,
                                         const scan_settings& settings) noexcept {
  const std::size_t at = run.begin;
  const auto spoken = [&](std::size_t begin) {
    return (words_before(text, begin).nearest & address_word) != 0;
  };
  // `IL 62701`, `NSW, 2688`, `ON M5H 2N2`.
  std::size_t state_end = at;
  if (text[state_end - 1] == ' ') --state_end;
  if (text[state_end - 1] == ',') --state_end;
  const folded_word state = word_until(text, state_end);
  if (state_end < at && state.capital && is_in(extent::us_states, state) && state.size <= 3 &&
      text[state.end - 1] >= 'A' && text[state.end - 1] <= 'Z') {
    const std::size_t zip = us_zip(text, at);
    const bool australia = state.size == 3 || settings.in_region(country('A', 'U'));
    const std::size_t size = zip != 0 ? zip : australia && digits_from(text, at) == 4 ? 4 : 0;
    if (size != 0) {
      const std::size_t begin = back_over_lines(text, state.begin);
      if (begin < state.begin) return {begin, at + size, rule::address_postcode};
    }
  }
  // Codes with letters.
  std::size_t letters = at;
  while (at - letters < 3 && text.letter_at(letters - 1)) --letters;
  if (letters < at && at - letters < 3 && !text.word_before(letters)) {
    std::size_t code = united_kingdom(text, letters);
    bool wanted = code != 0 && (settings.in_region(country('G', 'B')) || spoken(letters));
    if (code == 0 && at - letters == 1) {
      code = canada(text, letters);
      wanted = code != 0 && (settings.in_region(country('C', 'A')) || spoken(letters));
    }
#ifndef CLIENTBOOK_FIRMWARE
    if (code == 0) {
      code = ireland(text, letters);
      wanted = code != 0 && (settings.in_region(country('I', 'E')) || spoken(letters));
    }
#endif
    if (wanted) {
      std::size_t from = letters;
      std::size_t province_end = letters;
      if (text[province_end - 1] == ' ') --province_end;
      const folded_word province = word_until(text, province_end);
      if (province.size == 2 && province.capital) from = province.begin;
      return {back_over_lines(text, from), letters + code, rule::address_postcode};
    }
  }
#ifndef CLIENTBOOK_FIRMWARE
  // `Amritsar 547527`, `Baranagar-188001`, `New Delhi 110 001`
  if (settings.in_region(country('I', 'N')) && !text.word_before(at)) {
    std::size_t size = digits_from(text, at);
    if (size == 3 && text[at + 3] == ' ' && digits_from(text, at + 4) == 3) size = 7;
    std::size_t town_end = at;
    if (text[town_end - 1] == ' ' && text[town_end - 2] == '-') town_end -= 2;
    if (text[town_end - 1] == ' ' || text[town_end - 1] == '-') --town_end;
    const folded_word name = word_until(text, town_end);
    if (size >= 6 && size <= 7 && town_end < at && name.capital && name.size > 2 &&
        !text.word_at(at + size) && (words_before(text, at).nearest & order_word) == 0) {
      const std::size_t begin = back_over_lines(text, town_end);
      if (begin < at) return {begin, at + size, rule::address_postcode};
    }
  }
#endif
  // `20183 Lecomte` on a line of its own, or beside a word of addresses.
  const bool line = text[at - 1] == '\n' || (text[at - 1] == ' ' && text[at - 2] == ',');
  if (text.word_before(at)) return {};
  const std::size_t dutch = netherlands(text, at);
  const std::size_t code = dutch != 0 ? dutch : continental(text, at);
  if (code == 0) return {};
  std::size_t town = over_space(text, at + code);
  if (text[town] == ',') town = over_space(text, town + 1);
  std::size_t end = over_town(text, town);
  if (dutch != 0 && settings.in_region(country('N', 'L'))) {
    const std::size_t begin = back_over_lines(text, at);
    return {begin, end > town && text[at + code] == ' ' ? end : at + code, rule::address_postcode};
  }
#ifndef CLIENTBOOK_FIRMWARE
  if (end <= town + 2 && line) {
    // `rue de la forge\n68784 poitiers`
    std::size_t begin = at;
    while (text[begin - 1] == ' ' || text[begin - 1] == ',' || text[begin - 1] == '\n' ||
           text[begin - 1] == '\r') {
      --begin;
    }
    for (int words = 0; words < 5; ++words) {
      const folded_word word = word_until(text, begin);
      if (word.begin == word.end || word.capital) break;
      const std::size_t town_end = over_small_town_behind(text, town);
      if (words > 0 && town_end > town && is_lead(text.bytes(word.begin, at), 0)) {
        return {word.begin, town_end, rule::address_postcode};
      }
      if (text[word.begin - 1] != ' ' && text[word.begin - 1] != '\'') break;
      begin = word.begin - 1;
    }
  }
#endif
  if (end <= town + 2) return {};
  if (text[end] == ' ' && text[end + 1] == '(' && text[end + 4] == ')') end += 5;
  if (line) {
    const std::size_t begin = back_over_lines(text, at);
    bool digits = false;
    for (std::size_t i = begin; i < at; ++i) digits = digits || text.digit_at(i);
    const folded_word first = word_from(text, begin);
    if (begin < at && (digits || is_in(extent::name_follows, first))) {
      return {begin, end, rule::address_postcode};
    }
  }
  if (spoken(at)) return {at, end, rule::address_postcode};
  return {};
}

#endif

find street_or_code_at(const text_window& text, const digit_run& run,
                       [[maybe_unused]] const scan_settings& settings) noexcept {
  if (!run.plain) return {};
  const std::size_t at = run.begin;
  const std::size_t digits = digits_from(text, at);
  if (digits > 6) return {};
  const seen before = text.previous(at);
  if (before.value == '#' || before.value == '$' || (before.value >= 0xA3 && before.value < 0xA6))
    return {};
  if (digits <= 5 && !text.word_before(at)) {
    const std::size_t number_end = over_house_number(text, at);
    const std::size_t behind = in_firmware ? number_end : over_space(text, number_end);
    const bool of_unit = !in_firmware && (text[behind] == ',' || text[behind] == '\n') &&
                         (settings.in_region(country('I', 'N')) || back_over_unit(text, at) != at);
    std::size_t end = english_street(text, number_end, of_unit);
    if (end == 0) end = french_street(text, number_end);
#ifndef CLIENTBOOK_FIRMWARE
    if (end == 0) {
      if (const find street = colombian_street(text, at, number_end)) {
        end = over_postcode_and_town(text, over_unit(text, street.end));
        return {street.begin, end, rule::address_street};
      }
    }
#endif
    if (end != 0) {
      end = over_postcode_and_town(text, over_unit(text, end));
      std::size_t begin = back_over_unit(text, at);
#ifndef CLIENTBOOK_FIRMWARE
      if (begin == at) {
        // `Flat 14, Ziggurat Building, 60 Saffron Hill`
        begin = back_over_unit_line(text, at);
        const std::size_t lines = back_over_lines(text, begin);
        const folded_word unit = word_from(text, lines);
        if (lines < begin && unit.size > 2 && is_in(extent::unit_words, unit)) begin = lines;
      }
#endif
      return {begin, end, rule::address_street};
    }
    const street_before street = street_until(text, at, number_end);
    if (street.proof != street_proof::none) {
      const std::size_t unit = over_unit(text, number_end);
      end = over_postcode_and_town(
          text, unit, street.proof == street_proof::sure ? code_needed::no : code_needed::yes);
      if (!in_firmware && street.proof == street_proof::sure && end == number_end && digits >= 4) {
        // `rue Odette Renault, 86340 Sainte Arthur`: a code without a house number.
        const std::size_t town = over_space(text, end);
        const std::size_t town_end = over_town(text, town);
        if (town_end > town + 2) end = town_end;
      }
      const auto ordered = [&] {
        return !in_firmware && street.proof == street_proof::name &&
               (words_before(text, at).nearest & order_word) != 0;
      };
      if (street.proof == street_proof::sure || (end != unit && !ordered()) ||
          (street.proof == street_proof::likely &&
           (words_before(text, street.begin).nearest & address_word) != 0)) {
        return {street.begin, end, rule::address_street};
      }
    }
  }
#ifdef CLIENTBOOK_FIRMWARE
  const std::size_t begin = post_box_before(text, at);
  if (begin == at) return {};
  return {begin, over_postcode_and_town(text, at + digits), rule::address_box};
#else
  std::size_t begin = at;
  if (!text.word_before(at) && post_box_before(text, at, begin)) {
    return {begin, over_postcode_and_town(text, at + digits), rule::address_box};
  }
  return address_by_postcode(text, run, settings);
#endif
}

}  // namespace

find address_at(const text_window& text, const digit_run& run,
                const scan_settings& settings) noexcept {
#ifdef CLIENTBOOK_FIRMWARE
  return street_or_code_at(text, run, settings);
#else
  find found = street_or_code_at(text, run, settings);
  if (found) found.end = over_country(text, found.end);
  return found;
#endif
}

#ifndef CLIENTBOOK_FIRMWARE
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
#endif

}  // namespace clientbook::scanner
