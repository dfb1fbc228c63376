// Addresses of Thailand, Vietnam, Indonesia and Israel as people write them there: the house first
// or behind the street, then quarters each told by a mark (ต., phường, Kec.), and the code last.
// Not in firmware.
//
// Asked by the region alone, since the marks are short. What stands between must be names and marks
// of an address; a place counts with two marks, or with one and a code.
#include "find_postcodes.hpp"
#include "rules.hpp"
#include "sign_set.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

constexpr std::size_t longest = 220;

bool of_thai(char32_t c) noexcept { return c >= 0x0E00 && c < 0x0E80; }
bool of_hebrew(char32_t c) noexcept { return c >= 0x0590 && c < 0x0600; }

bool joins(char32_t c) noexcept {
  static constexpr sign_set signs{U" .,-/#()'\"\u00A0\u2019\u05F3\u05F4"};
  return signs.has(c);
}

// `ต.`, `phường`, `Kec.`: the mark of a quarter, a town, a street; Thai ones are glued to the name.
bool is_mark(const text_window& text, const folded_word& word) noexcept {
  if (is_in(extent::place_marks, word)) return word.size > 1 || text[word.end] == '.';
  if (!of_thai(text.next(word.begin).value)) return false;
  for (const std::size_t bytes : {9U, 12U, 15U, 21U}) {
    if (word.size > bytes && is_in(extent::place_marks, word.view().substr(0, bytes))) return true;
  }
  return false;
}

bool may_be_name(const text_window& text, const folded_word& word) noexcept {
  return word.capital || of_thai(text.next(word.begin).value) || text[word.begin] >= 0xE1;
}

struct places_read {
  std::size_t end = 0;
  int marks = 0;
  bool code = false;
};

// Names, marks and numbers from `at` on.
// `town`: a name on a line of its own needs no mark.
places_read read_places(const text_window& text, std::size_t at, bool town) noexcept {
  places_read out;
  std::size_t place = at;
  bool line = false;
  while (place - at < longest) {
    const seen c = text.next(place);
    if (c.size == 0) break;
    if (c.value == '\n' && !line) {
      line = true;
      ++place;
      continue;
    }
    if (joins(c.value)) {
      if (c.value == '.' && text[place + 1] == ' ' && text.digit_at(place - 1)) break;
      place += c.size;
      continue;
    }
    if (text.digit_at(place)) {
      const std::size_t digits = digits_from(text, place);
      if (digits > 5 || text.word_at(place + digits)) break;
      out.code = digits == 5 && (out.marks != 0 || town);
      if (out.code || out.marks == 0 || digits <= 3) out.end = place + digits;
      place += digits;
      if (out.code) break;
      continue;
    }
    const folded_word word = word_from(text, place);
    if (word.end == place) break;
    const bool mark = is_mark(text, word);
    if (!mark && !may_be_name(text, word)) break;
    // On a line of its own a name needs a mark.
    if (line && !mark && !town && out.marks == 0) break;
    line = false;
    if (mark) ++out.marks;
    place = out.end = word.end;
  }
  return out;
}

bool ends_before(const text_window& text, std::size_t at) noexcept {
  return !text.word_before(at) || of_thai(text.previous(at).value);
}

// Back over a house number: `6/84/600`, `Số 524`, `H.12`.
std::size_t front_of_number(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  while (at - begin < 16 &&
         (text[begin - 1] == '/' || text[begin - 1] == '-' || text.digit_at(begin - 1))) {
    --begin;
  }
  while (begin < at && !text.digit_at(begin)) ++begin;
  const folded_word word = text[begin - 1] == ' ' ? word_until(text, begin - 1) : folded_word{};
  return word.size != 0 && is_in(extent::house_marks, word) ? word.begin : begin;
}

// `Jl. Monginsidi No. 5`, `Gang Pelajar Pejuang No. 88`: back to the word of the street.
std::size_t back_to_lane(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  for (int words = 0; words < 8 && at - place < 90; ++words) {
    while (joins(text.previous(place).value) && text[place - 1] != ',') {
      place -= text.previous(place).size;
    }
    const folded_word word = word_until(text, place);
    if (word.size == 0) break;
    if (is_in(extent::lanes, word)) return word.begin;
    if (!word.capital && !is_in(extent::place_marks, word)) break;
    place = word.begin;
  }
  return at;
}

// `רקפת 57, כפר סירקין, 8282330`: words of Hebrew before the number; behind it a town and a code.
find of_israel(const text_window& text, std::size_t at, std::size_t digits) noexcept {
  if (digits > 3 || text[at - 1] != ' ') return {};
  std::size_t begin = at - 1;
  std::size_t taken = at;
  bool street = false;
  for (int words = 0; words < 4; ++words) {
    const seen last = text.previous(begin);
    const std::size_t end =
        last.value == '\'' || last.value == '"' || last.value == 0x5F3 ? begin - last.size : begin;
    const folded_word word = word_until(text, end);
    if (word.size == 0 || !of_hebrew(text.next(word.begin).value)) break;
    taken = word.begin;
    street = street || is_in(extent::lanes, word);
    if (street) break;
    const seen sign = text.previous(taken);
    if (sign.value != ' ' && sign.value != '-' && sign.value != '"' && sign.value != 0x5F4) break;
    begin = taken - sign.size;
  }
  if (taken == at) return {};
  std::size_t end = at + digits;
  std::size_t place = end;
  bool code = false;
  for (int parts = 0; parts < 9; ++parts) {
    while (joins(text.next(place).value) || (text[place] == '\n' && parts > 0)) {
      place += text.next(place).size;
    }
    const std::size_t number = digits_from(text, place);
    if (number == 5 || number == 7) {
      end = place + number;
      code = true;
      break;
    }
    const folded_word word = word_from(text, place);
    if (word.size == 0 || !of_hebrew(text.next(word.begin).value)) break;
    place = word.end;
    if (street) end = place;
  }
  return street || code ? find{taken, end, rule::address_street} : find{};
}

}  // namespace

find place_address_at(const text_window& text, std::size_t at,
                      const scan_settings& settings) noexcept {
  const std::size_t digits = digits_from(text, at);
  if (digits == 0 || digits > 5 || !ends_before(text, at)) return {};
  if (settings.in_region(country('I', 'L'))) {
    if (const find found = of_israel(text, at, digits)) return found;
  }
  const bool lanes = settings.in_region(country('I', 'D')) || settings.in_region(country('M', 'Y'));
  if (lanes) {
    const std::size_t begin = back_to_lane(text, at);
    if (begin != at) {
      const places_read rest = read_places(text, at, true);
      return {begin, rest.end > at ? rest.end : at + digits, rule::address_street};
    }
  }
  if (!settings.in_region(country('T', 'H')) && !settings.in_region(country('V', 'N'))) return {};
  const places_read places = read_places(text, at, false);
  if (places.marks < 2 && !(places.marks == 1 && places.code)) return {};
  return {front_of_number(text, at), places.end, rule::address_street};
}

bool places_told_so(const scan_settings& settings) noexcept {
  for (const std::uint16_t one : {country('T', 'H'), country('V', 'N'), country('I', 'D'),
                                  country('M', 'Y'), country('I', 'L')}) {
    if (settings.in_region(one)) return true;
  }
  return false;
}

}  // namespace clientbook::scanner
