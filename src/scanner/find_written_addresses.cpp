// Addresses in the forms of the posts of Eastern Europe, Asia and Latin America, where a street is
// told by a word before or behind its name, the house by a mark, and the code stands last; and,
// in every country, what a word of addresses with a colon names. Not in firmware.
//
// Looked for last, and by the region: what stands between the word and the number must look like
// parts of an address, each with a capital letter or a mark.
#include <algorithm>
#include <iterator>

#include "find_postcodes.hpp"
#include "rules.hpp"
#include "sign_set.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

constexpr std::size_t far = 120;      // Bytes between a street's word and its number.
constexpr std::size_t longest = 200;  // Of an address.

// By the first letter of a country, a bit for each second one.
constexpr auto written_regions = [] {
  constexpr std::string_view all =
      "RUUABYKZBGRSMKMEBAHRSIHUROMDGRCYTRINNZBRMXARCLCOPEECUYVEPYBOCRGTPAFI";
  std::array<std::uint32_t, 26> out{};
  for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
    out[static_cast<std::size_t>(all[i] - 'A')] |= 1U << (all[i + 1] - 'A');
  }
  return out;
}();

// A sign that may stand within a part of an address.
bool joins(char32_t c) noexcept {
  static constexpr sign_set signs{U" .,-/#()\"'°ºª№\u2019\u00A0\u00AB\u00BB"};
  return signs.has(c);
}

// Whether the word may be a part of an address: a name, a particle, a mark.
bool of_address(const text_window& text, const folded_word& word) noexcept {
  if (word.capital || text[word.begin] >= 0xE0) return true;
  // `Зимогір'я`, `6-й`: the rest of a name.
  const char32_t before = text.previous(word.begin).value;
  if ((before == '\'' || before == 0x2019 || before == '-') && text.word_before(word.begin - 1)) {
    return true;
  }
  return is_in(extent::particles, word) || is_in(extent::written_marks, word) ||
         is_in(extent::written_streets, word) || is_in(extent::unit_words, word);
}

// A word that says `street` where it stands; short ones with their full stop.
bool says_street(const text_window& text, const folded_word& word) noexcept {
  if (!is_in(extent::written_streets, word)) return false;
  if (word.end - word.begin > 3 || text[word.end] == '.' || word.capital) return true;
  return text[word.begin] >= 0xC3 && text[word.end] == ' ' &&
         text.digit_at(word.end + 1);  // `út 5`
}

// Back from a number to the word of its street, over names, marks and other numbers: where the
// street begins; `at` where there is none.
std::size_t back_to_street(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  std::size_t part = at;  // Where the name begins that stands before the word.
  std::size_t found = at;
  bool line = false;
  while (place > text.begin() && at - place < far) {
    const seen c = text.previous(place);
    if (c.value == '\n' && !line && found == at) {
      line = true;
      place -= 1;
      continue;
    }
    if (joins(c.value) || c.value == '\r') {
      if (found != at && (c.value == ',' || c.value == '\r')) break;
      place -= c.size;
      continue;
    }
    if (class_of(c.value) == char_class::digit) {
      std::size_t digits = 0;
      while (digits < 6 && text.digit_at(place - 1)) --place, ++digits;
      if (digits == 0 || digits == 6) break;
      continue;
    }
    if (class_of(c.value) != char_class::letter) break;
    const folded_word word = word_until(text, place);
    if (word.begin == word.end) break;
    // `Dózsa györgy utca 113.`: a small name right before the word of the street.
    const bool small = found != at && place + 1 == found && text[word.begin - 1] == ' ' &&
                       word_until(text, word.begin - 1).capital;
    if (!small && !of_address(text, word)) break;
    place = word.begin;
    // A small mark begins no name: `em Rua das Tílias`.
    if (found != at && (small || word.capital || text[word.begin] >= 0xC3)) part = place;
    if (found == at && says_street(text, word)) found = part = place;
  }
  return found == at ? at : part;
}

// `г. Тулпан, пер. Горный`, `Estrada Campos, 56, Vila Real`: a town or a street in the parts before
// the one that begins at `begin`. Where they begin; `begin` where there is none.
std::size_t with_parts_before(const text_window& text, std::size_t begin) noexcept {
  std::size_t place = begin;
  for (int parts = 0; parts < 2 && text[place - 1] == ' ' && text[place - 2] == ','; ++parts) {
    bool tells = false;
    std::size_t first = place -= 2;
    while (begin - place < far) {
      const seen c = text.previous(place);
      const bool digit = text.digit_at(place - 1);
      if (tells && digit) break;  // `1002 г. Тулпан`
      if (digit || (c.value != ',' && joins(c.value))) {
        if (digit) first = place - 1;
        place -= c.size;
        continue;
      }
      const folded_word word = word_until(text, place);
      if (word.size == 0 || !of_address(text, word)) break;  // At the text's front is none.
      const bool mark =
          is_in(extent::written_marks, word) && (text[word.end] == '.' || text[word.begin] >= 0xD0);
      const bool street = says_street(text, word);
      tells = tells || street || mark;
      place = word.begin;
      if (street || mark || word.capital) first = place;  // Not `em Rua das Tílias`.
    }
    if (tells) return first;
    place = first;
  }
  return begin;
}

// A line end, a comma, the end of a sentence: where a part of an address ends.
bool ends_part(const text_window& text, std::size_t at) noexcept {
  const unsigned char c = text[at];
  if (c == 0 || c == '\n' || c == '\r' || c == ',' || c == ';') return true;
  return c == '.' && text[at + 1] != ',' && !text.digit_at(at + 1) &&
         (text.digit_at(at - 1) || (text[at + 1] != ' ' && !text.word_at(at + 1)));
}

// The part that begins at `at`: where it ends if it is one of an address, else 0. `cut`: a code and
// its town, or a long code, before words of something else: `H-3635 Mártonváros ok`.
struct address_part {
  std::size_t end = 0;
  bool digits = false;
  bool cut = false;
};
address_part over_part(const text_window& text, std::size_t at) noexcept {
  address_part out;
  std::size_t place = at;
  std::size_t last = at;  // Behind the last number or word.
  std::size_t code = 0;   // Digits of the longest number.
  bool town = false;      // A name behind a code.
  for (int words = 0; words < 9;) {
    if (ends_part(text, place)) {
      out.end = place;
      return out;
    }
    const seen c = text.next(place);
    if (joins(c.value)) {
      place += c.size;
      continue;
    }
    if (text.digit_at(place)) {
      const std::size_t count = digits_from(text, place);
      if (count > 8) return {};
      out.digits = true;
      code = count > code ? count : code;
      place += count;
      // `12a`, `3/2`, not `12 EUR`.
      while (text.word_at(place) && !text.digit_at(place)) place += text.next(place).size;
      last = place;
      continue;
    }
    const folded_word word = word_from(text, place);
    if (word.end == place || !of_address(text, word)) {
      out.cut = word.end != place && (code >= 6 || (code >= 4 && town));
      out.end = out.cut ? last : 0;
      return out;
    }
    town = town || (code >= 4 && word.capital && word.end - word.begin > 3);
    last = place = word.end;
    ++words;
  }
  return {};
}

// The parts of an address behind its first number, over commas and line ends.
std::size_t over_parts(const text_window& text, std::size_t begin, std::size_t at) noexcept {
  std::size_t end = at;
  std::size_t place = at;
  for (int parts = 0; parts < 7; ++parts) {
    const auto [part, digits, cut] = over_part(text, place);
    if (part == 0 || part - begin > longest) break;
    end = part;
    if (cut || text[part] == '.' || text[part] == ';') break;
    bool line = false;
    const std::size_t next = over_joint(text, part, line);
    if (next == part) break;
    if (line && parts > 0 && !text.digit_at(next) && !text.word_at(next)) break;
    place = next;
  }
  while (end > at && (text[end - 1] <= ' ' || text[end - 1] == ',')) --end;
  return end;
}

// `Setor 3, Loja 12` is a place in a shop: without a name between the word and the number it takes
// a code, or a mark of the house.
bool named_or_coded(const text_window& text, std::size_t begin, std::size_t at,
                    std::size_t end) noexcept {
  bool mark = false;
  bool numbered = false;
  int names = 0;
  for (std::size_t place = begin; place < end;) {
    if (text.digit_at(place)) {
      const std::size_t digits = digits_from(text, place);
      if (digits >= 4 && place > at) return true;
      place += digits;
      numbered = true;
      continue;
    }
    const folded_word word = word_from(text, place);
    if (word.end == place) {
      const seen c = text.next(place);
      mark = mark || c.value == '#' || c.value == 0xB0 || c.value == 0xBA || c.value == 0x2116;
      place += c.size == 0 ? 1 : c.size;
      continue;
    }
    if (!numbered && !is_in(extent::written_streets, word)) ++names;
    place = word.end;
  }
  return mark || names > 0;
}

// `Los Girasoles 33 Of. 379, Renaico, Región de La Araucanía`: a province behind tells.
bool province_behind(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  for (std::size_t at = begin; at < end;) {
    const folded_word word = word_from(text, at);
    if (word.end == at) {
      ++at;
      continue;
    }
    if (word.capital && is_in(extent::written_provinces, word)) return true;
    at = word.end;
  }
  return false;
}

std::size_t back_over_name(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  for (int words = 0; words < 5 && text[begin - 1] == ' '; ++words) {
    const folded_word word = word_until(text, begin - 1);
    if (word.begin == word.end || (!word.capital && !is_in(extent::particles, word))) break;
    begin = word.begin;
  }
  return begin;
}

bool of_goods(const text_window& text, std::size_t at) noexcept {
  const context words = words_before(text, at, words_wanted::nearest);
  return (words.nearest & order_word) != 0 && words.adjacent;
}

// Whether the colon at the end of the bytes, or the last byte of a full-width one, may stand behind
// a name of addresses, and nothing between it and the place ends what it names.
bool may_name(std::string_view between) noexcept {
  std::size_t lines = 0;
  for (std::size_t i = 0; i < between.size(); ++i) {
    const char c = between[i];
    if (c == '\n' && (++lines == 4 || (i > 0 && between[i - 1] == '\n'))) return false;
    if (c == '"' || c == '<' || c == '>' || c == '|' || c == '\t' || c == '=' || c == '@') {
      return false;
    }
  }
  return true;
}

// Where the value begins that a word of addresses with a colon names before `at`, or `at`. Asked
// about every number, so the colon is looked for first.
std::size_t behind_address_name(const text_window& text, std::size_t at) noexcept {
  const std::size_t from = at - text.begin() > longest ? at - longest : text.begin();
  const std::string_view before = text.bytes(from, at);
  const std::size_t plain = before.rfind(':');
  const std::size_t wide = before.rfind('\x9A');
  const bool full_width = wide != before.npos && wide >= 2 && before[wide - 1] == '\xBC' &&
                          before[wide - 2] == '\xEF' && (plain == before.npos || wide > plain);
  if (plain == before.npos && !full_width) return at;
  const std::size_t sign = full_width ? wide - 2 : plain;
  std::size_t begin = from + sign + (full_width ? 3U : 1U);
  if (!may_name(text.bytes(begin, at))) return at;
  if (!names_addresses(text, from + sign)) return at;
  while (text[begin] == ' ' || text[begin] == '\n' || text[begin] == '\r') ++begin;
  return begin <= at ? begin : at;
}

// Where the value ends that begins at `begin`: with its line, and with lines behind it that hold
// nothing but parts of an address.
std::size_t over_named_address(const text_window& text, std::size_t begin,
                               std::size_t at) noexcept {
  std::size_t end = at;
  for (int lines = 0; lines < 4; ++lines) {
    std::size_t place = end;
    bool sentence = false;
    while (text[place] != 0 && text[place] != '\n' && text[place] != '\r' && text[place] != '"' &&
           text[place] != '<' && text[place] != ';' && text[place] != '|' && text[place] != '\t' &&
           place - begin < longest) {
      if (text[place] == '.' && (text[place + 1] == ' ' || text[place + 1] == '\n') &&
          text.digit_at(place - 1) && text.letter_at(place + 2)) {
        sentence = true;
        break;
      }
      ++place;
    }
    end = place;
    if (sentence || (text[place] != '\n' && text[place] != '\r')) break;
    std::size_t next = place;
    while (text[next] == '\r') ++next;
    const auto [part, digits, cut] = over_part(text, next + 1);
    const bool goes_on = text[next] == '\n' && !cut && part > next + 1 && part - begin < longest &&
                         (digits || text[part] == ',');
    if (!goes_on) break;
    end = next + 1;
  }
  while ((text[end] & 0xC0U) == 0x80U) --end;
  while (end > at && (text[end - 1] == ' ' || text[end - 1] == ',' || text[end - 1] == '.')) --end;
  return end;
}

bool holds_a_word(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  for (std::size_t at = begin; at < end;) {
    const folded_word word = word_from(text, at);
    if (word.end - word.begin >= 3 && (word.capital || text[word.begin] >= 0xC3)) return true;
    at = word.end > at ? word.end : at + 1;
  }
  return false;
}

}  // namespace

bool written_so(const scan_settings& settings) noexcept {
  for (std::size_t i = 0; i < settings.region_count; ++i) {
    const unsigned first = (settings.regions[i] >> 8U) - 'A';
    if ((written_regions[first] >> ((settings.regions[i] & 0xFFU) - 'A') & 1U) != 0) return true;
  }
  return false;
}

bool names_addresses(const text_window& text, std::size_t at) noexcept {
  const folded_word name = word_until(text, at);
  if (name.size == 0 || !is_in(extent::address_names, name)) return false;
  const folded_word kind = word_until(text, name.begin - 1);
  return kind.size == 0 || !is_in(extent::other_addresses, kind);
}

find written_address_at(const text_window& text, const digit_run& run,
                        const scan_settings& settings) noexcept {
  const std::size_t at = run.begin;
  const std::size_t digits = digits_from(text, at);
  if (digits > 8 || text.word_before(at)) return {};
  if (const std::size_t begin = behind_address_name(text, at); begin != at) {
    const std::size_t end = over_named_address(text, begin, at + digits);
    if (holds_a_word(text, begin, end)) return {begin, end, rule::address_street};
  }
  if (!settings.written_addresses || of_goods(text, at)) return {};
  std::size_t begin = back_to_street(text, at);
  const std::size_t end = over_parts(text, begin, at);
  if (end <= at) return {};
  if (begin == at) {
    begin = back_over_name(text, at);
    if (begin == at || !province_behind(text, at, end)) return {};
  } else if (!named_or_coded(text, begin, at, end)) {
    return {};
  }
  return trimmed_address(text, {with_parts_before(text, begin), over_province(text, end, settings),
                                rule::address_street});
}

std::size_t over_province(const text_window& text, std::size_t end,
                          const scan_settings& settings) noexcept {
  constexpr std::uint16_t countries[] = {country('A', 'R'), country('C', 'O'), country('C', 'L'),
                                         country('M', 'X'), country('P', 'E')};
  const bool there = std::any_of(std::begin(countries), std::end(countries),
                                 [&](std::uint16_t one) { return settings.in_region(one); });
  if (!there || text[end] != ',' || text[end + 1] != ' ') return end;
  std::size_t last = end;
  std::size_t place = end + 2;
  for (int words = 0; words < 8; ++words) {
    const folded_word word = word_from(text, place);
    if (word.end == place || (!word.capital && !is_in(extent::particles, word))) break;
    if (word.capital) last = word.end;
    if (text[word.end] != ' ' && text[word.end] != '\'') break;
    place = word.end + 1;
  }
  const unsigned char behind = text[last];
  const bool ends = behind == 0 || behind == '.' || behind == ';' || behind == ',' ||
                    behind == '\n' || behind == '\r' || behind == ')';
  return ends ? last : end;
}

}  // namespace clientbook::scanner
