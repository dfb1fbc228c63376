// Addresses by their postal code, where no street with a number shows what they are.
//
// From the code back over lines as long as they look like an address; so that what is a code must
// be known from its form, its region, the town beside it, or a word of addresses.
#include "find_by_postcode.hpp"

#include "find_postcodes.hpp"
#include "lead_words.hpp"
#include "street_words.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

// What a word says about the line it stands in.
bool is_house_number(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  std::size_t digits = 0;
  for (std::size_t at = begin; at < end; ++at) digits += text.digit_at(at) ? 1U : 0U;
  return digits > 0 && digits <= 5 && end - begin <= 7;
}

}  // namespace

// Lines of an address before its postal code, from the end: lines of names are passed over as far
// as one with a house number, a unit or a street type; without one only the town belongs to it.
std::size_t back_over_lines(const text_window& text, std::size_t code) noexcept {
  std::size_t taken = code;
  std::size_t place = code;
  for (int lines = 0; lines < 5; ++lines) {
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
          !is_in(extent::name_follows, word)) {
        break;
      }
      begin = from;
      if (words == 0) {
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
          (c == ' ' && text[begin - 2] == ',')) {
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

namespace {

bool address_spoken(const text_window& text, std::size_t at) noexcept {
  return (words_before(text, at).nearest & address_word) != 0;
}

// `IL 62701`, `NSW, 2688`: a state in capital letters before its code.
find behind_state(const text_window& text, std::size_t at, const scan_settings& settings) noexcept {
  std::size_t state_end = at;
  if (text[state_end - 1] == ' ') --state_end;
  if (text[state_end - 1] == ',') --state_end;
  const folded_word state = word_until(text, state_end);
  if (state_end == at || !state.capital || !is_in(extent::us_states, state) || state.size > 3 ||
      text[state.end - 1] < 'A' || text[state.end - 1] > 'Z') {
    return {};
  }
  const std::size_t zip = us_zip(text, at);
  const bool australia = state.size == 3 || settings.in_region(country('A', 'U'));
  const std::size_t size = zip != 0 ? zip : australia && digits_from(text, at) == 4 ? 4 : 0;
  if (size == 0) return {};
  const std::size_t begin = back_over_lines(text, state.begin);
  return begin < state.begin ? find{begin, at + size, rule::address_postcode} : find{};
}

// `ON M5H 2N2`, `NW1 6XE`: codes with letters before their first digit.
find by_lettered_code(const text_window& text, std::size_t at,
                      const scan_settings& settings) noexcept {
  std::size_t letters = at;
  while (at - letters < 3 && text.letter_at(letters - 1)) --letters;
  if (letters == at || at - letters == 3 || text.word_before(letters)) return {};
  const auto wanted = [&](std::uint16_t region) {
    return settings.in_region(region) || address_spoken(text, letters);
  };
  std::size_t code = united_kingdom(text, letters);
  std::uint16_t region = country('G', 'B');
  if (code == 0 && at - letters == 1) {
    code = canada(text, letters);
    region = country('C', 'A');
  }
  if (code == 0) {
    code = ireland(text, letters);
    region = country('I', 'E');
  }
  if (code == 0 || !wanted(region)) return {};
  std::size_t from = letters;
  std::size_t province_end = letters;
  if (text[province_end - 1] == ' ') --province_end;
  const folded_word province = word_until(text, province_end);
  if (province.size == 2 && province.capital) from = province.begin;
  return {back_over_lines(text, from), letters + code, rule::address_postcode};
}

// `Amritsar 547527`, `Baranagar-188001`, `New Delhi 110 001`
find by_indian_code(const text_window& text, std::size_t at) noexcept {
  std::size_t size = digits_from(text, at);
  if (size == 3 && text[at + 3] == ' ' && digits_from(text, at + 4) == 3) size = 7;
  std::size_t town_end = at;
  if (text[town_end - 1] == ' ' && text[town_end - 2] == '-') town_end -= 2;
  if (text[town_end - 1] == ' ' || text[town_end - 1] == '-') --town_end;
  const folded_word name = word_until(text, town_end);
  if (size < 6 || size > 7 || town_end == at || !name.capital || name.size <= 2 ||
      text.word_at(at + size) || (words_before(text, at).nearest & order_word) != 0) {
    return {};
  }
  const std::size_t begin = back_over_lines(text, town_end);
  return begin < at ? find{begin, at + size, rule::address_postcode} : find{};
}

// `rue de la forge\n68784 poitiers`
find small_line_before(const text_window& text, std::size_t at, std::size_t town) noexcept {
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
  return {};
}

// Whether the line before a postal code shows a street or its number, not an amount or goods:
// neither `TOTAL 389.00` nor `1200 Red`.
bool street_line(const text_window& text, std::size_t begin, std::size_t code) noexcept {
  for (std::size_t at = begin; at < code; ++at) {
    if (!text.digit_at(at)) continue;
    std::size_t end = at;
    while (text.digit_at(end)) ++end;
    const bool amount = (text[end] == '.' || text[end] == ',') && text.digit_at(end + 1);
    if (amount || end - at > 5 || (words_before(text, at).nearest & order_word) != 0) return false;
    // A number before words is one of a house where a type of street follows, or in two digits.
    if (at != begin) return true;
    std::size_t place = end;
    for (int words = 0; words < 6 && place < code; ++words) {
      while (place < code && !text.letter_at(place) && text[place] < 0x80) ++place;
      const folded_word word = word_from(text, place);
      if (word.end == place) break;
      if (is_in(extent::street_types, word) || is_in(extent::street_types_capital, word) ||
          leads_street(word) || ends_street(word)) {
        return true;
      }
      place = word.end;
    }
    return false;
  }
  return false;
}

// `10969 Berlin` and nothing else, in a text of one of the countries whose codes have five digits.
bool whole_line(const text_window& text, std::size_t at, std::size_t end,
                const scan_settings& settings) noexcept {
  const auto ends = [](unsigned char c) { return c == 0 || c == '\n' || c == '\r'; };
  if (digits_from(text, at) != 5 || !ends(text[at - 1]) || !ends(text[end])) return false;
  for (const std::uint16_t region :
       {country('D', 'E'), country('F', 'R'), country('I', 'T'), country('E', 'S'),
        country('M', 'X'), country('F', 'I'), country('S', 'E'), country('P', 'L')}) {
    if (settings.in_region(region)) return true;
  }
  return false;
}

// `Καλαμαρά 47, 174 68 Αλεξανδρούπολη`: in Greece a street is its name alone.
find greek_street(const text_window& text, std::size_t at, std::size_t end,
                  const scan_settings& settings) noexcept {
  if (!settings.in_region(country('G', 'R')) && !settings.in_region(country('C', 'Y'))) return {};
  std::size_t number_end = at;
  // `Πύδνας 84,, ΤΚ 955 50 Χίος`
  if (text[at - 1] == ' ') {
    const folded_word mark = word_until(text, at - 1);
    if (mark.view() == "\xCF\x84\xCE\xBA" || mark.view() == "tk") number_end = mark.begin;
  }
  const std::size_t code = number_end;
  while (code - number_end < 6 && (text[number_end - 1] == ' ' || text[number_end - 1] == ',' ||
                                   text[number_end - 1] == '\n')) {
    --number_end;
  }
  std::size_t number = number_end;
  while (number_end - number < 8 && (text.digit_at(number - 1) || text[number - 1] == '-'))
    --number;
  if (number == number_end || text[number - 1] != ' ') return {};
  std::size_t begin = number;
  for (int words = 0; words < 4 && (text[begin - 1] == ' ' || text[begin - 1] == '.'); ++words) {
    const std::size_t word_end = text[begin - 2] == '.' ? begin - 2 : begin - 1;
    const folded_word word = word_until(text, word_end);
    if (!word.capital || text[word.begin] < 0x80) break;
    begin = word.begin;
  }
  return begin < number ? find{begin, end, rule::address_postcode} : find{};
}

// `20183 Lecomte` on a line of its own, or beside a word of addresses.
find by_code_and_town(const text_window& text, std::size_t at,
                      const scan_settings& settings) noexcept {
  const folded_word mark = text[at - 1] == ' ' ? word_until(text, at - 1) : folded_word{};
  const bool coded = mark.view() == "\xCF\x84\xCE\xBA";  // ΤΚ
  const bool line = coded || text[at - 1] == '\n' || (text[at - 1] == ' ' && text[at - 2] == ',');
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
  if (end <= town + 2) return line ? small_line_before(text, at, town) : find{};
  if (text[end] == ' ' && text[end + 1] == '(' && text[end + 4] == ')') end += 5;
  if (line) {
    const std::size_t begin = back_over_lines(text, at);
    if (const find greek = greek_street(text, at, end, settings)) return greek;
    if (begin < at &&
        (street_line(text, begin, at) || is_in(extent::name_follows, word_from(text, begin)))) {
      return {begin, end, rule::address_postcode};
    }
  }
  return address_spoken(text, at) || whole_line(text, at, end, settings)
             ? find{at, end, rule::address_postcode}
             : find{};
}

// `Parque de Teixeira\nCarlos Prates\n55071900 Porto de Nascimento / RS`
find by_brazilian_code(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at + digits_from(text, at);
  if (end - at == 5 && text[end] == '-' && digits_from(text, end + 1) == 3) end += 4;
  const std::size_t town = over_space(text, end);
  const std::size_t town_end = over_town(text, town);
  const bool state = text[town_end] == ' ' && text[town_end + 1] == '/' &&
                     text[town_end + 2] == ' ' && text.letter_at(town_end + 3) &&
                     text.letter_at(town_end + 4) && !text.word_at(town_end + 5);
  if ((end - at != 8 && end - at != 9) || town == end || town_end <= town || !state) return {};
  std::size_t begin = at;
  for (int lines = 0; lines < 3 && (text[begin - 1] == '\n' || text[begin - 1] == ' '); ++lines) {
    std::size_t place = begin - 1;
    if (text[place - 1] == ',') --place;
    std::size_t first = place;
    for (int words = 0; words < 6; ++words) {
      const folded_word word = word_until(text, first);
      if (word.size == 0 || (!word.capital && !is_in(extent::particles, word))) break;
      first = word.begin;
      if (text[first - 1] != ' ') break;
      --first;
    }
    const folded_word word = word_from(text, text[first] == ' ' ? first + 1 : first);
    if (first >= place || !word.capital) break;
    begin = word.begin;
  }
  return {begin, town_end + 5, rule::address_postcode};
}

}  // namespace

find address_by_postcode(const text_window& text, std::size_t at,
                         const scan_settings& settings) noexcept {
  if (settings.in_region(country('B', 'R')) && !text.word_before(at)) {
    if (const find brazil = by_brazilian_code(text, at)) return brazil;
  }
  find found = behind_state(text, at, settings);
  if (!found) found = by_lettered_code(text, at, settings);
  if (!found && settings.in_region(country('I', 'N')) && !text.word_before(at)) {
    found = by_indian_code(text, at);
  }
  return found ? found : by_code_and_town(text, at, settings);
}

}  // namespace clientbook::scanner
