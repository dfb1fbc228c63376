// Postal codes, towns and post boxes where bytes count: forms are strings that one function
// compares, and nothing is looked at but what stands behind a street. Instead of find_postcodes.cpp
// and find_post_boxes.cpp; what that leaves out is told in docs/text.md.
#include "find_postcodes.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

// `A` a letter, `9` a digit, `_` a space, a hyphen or nothing; others stand for themselves. The
// first of the forms, each with a 0 behind it, that stands here and is followed by nothing of a
// word.
std::size_t over_forms(const text_window& text, std::size_t at, const char* form) noexcept {
  while (*form != 0) {
    std::size_t end = at;
    bool same = true;
    for (; *form != 0; ++form) {
      const unsigned char c = text[end];
      if (*form == '_' && c != ' ' && c != '-') continue;
      same = same && (*form == 'A'   ? ascii_letter(c)
                      : *form == '9' ? ascii_digit(c)
                                     : *form == '_' || c == static_cast<unsigned char>(*form));
      ++end;
    }
    if (same && !text.word_at(end)) return end - at;
    ++form;
  }
  return 0;
}

}  // namespace

std::size_t canada(const text_window& text, std::size_t at) noexcept {
  constexpr std::string_view never_first = "DFIOQUWZ";
  if (never_first.find(static_cast<char>(ascii_upper(text[at]))) != never_first.npos) return 0;
  return over_forms(text, at, "A9A_9A9\0");
}

std::size_t united_kingdom(const text_window& text, std::size_t at) noexcept {
  return over_forms(text, at, "A9_9AA\0A99_9AA\0AA9_9AA\0AA99_9AA\0A9A_9AA\0AA9A_9AA\0");
}

namespace {

// Of those that stand behind the town: of the US, the United Kingdom and Canada.
std::size_t behind_town(const text_window& text, std::size_t at) noexcept {
  const std::size_t zip = over_forms(text, at,
                                     "99999-9999\0"
                                     "99999\0");
  const std::size_t code = zip != 0 ? zip : united_kingdom(text, at);
  return code != 0 ? code : canada(text, at);
}

}  // namespace

std::size_t continental(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  while (begin - at < 2 && text.letter_at(begin)) ++begin;
  if (begin != at && text[begin++] != '-') return 0;
  const std::size_t size = over_forms(text, begin,
                                      "9999-999\0"
                                      "999999\0"
                                      "99999\0"
                                      "9999\0"
                                      "999 99\0"
                                      "99-999\0");
  return size == 0 ? 0 : begin + size - at;
}

namespace {

CLIENTBOOK_ONCE std::size_t over_line(const text_window& text, std::size_t at) noexcept {
  std::size_t end = over_space(text, at);
  if (text[end] == ',') ++end;
  if (text[end] == '\r') ++end;
  if (text[end] == '\n') ++end;
  return over_space(text, end);
}

}  // namespace

// `, 20125 Milano`, `, 1015 CJ Amsterdam`, `, London NW1 6XE`, `, Springfield, IL 62701`.
std::size_t over_postcode_and_town(const text_window& text, std::size_t end, code_needed) noexcept {
  const std::size_t at = over_line(text, end);
  if (at == end) return end;
  std::size_t code = united_kingdom(text, at);
  if (code == 0) code = canada(text, at);
  if (code != 0) {
    const std::size_t town = over_space(text, at + code);
    const std::size_t town_end = over_town(text, town);
    return town_end > town + 2 ? town_end : at + code;
  }
  code = continental(text, at);
  if (code != 0) {
    const std::size_t town = over_space(text, at + code);
    const std::size_t town_end = over_town(text, town);
    if (town_end == town) return end;
    // `Milano (MI)`, `Milano MI`.
    if (text[town_end] == ' ' && text[town_end + 1] == '(' && text[town_end + 4] == ')') {
      return town_end + 5;
    }
    return town_end;
  }
  // A town, then a code.
  std::size_t place = at;
  for (int parts = 0; parts < 3; ++parts) {
    const std::size_t town_end = over_town(text, place);
    if (town_end == place) return end;
    const std::size_t next = over_comma(text, town_end);
    for (const std::size_t from : {next, place}) {
      if (const std::size_t found = behind_town(text, from)) return from + found;
    }
    // The state before the code is taken for a town word: `Los Angeles, CA 90029`; a code's own
    // letters as well: `Toronto, ON M5H 2N2`.
    std::size_t word = place;
    while (word < town_end) {
      const folded_word one = word_from(text, word);
      const std::size_t behind = over_space(text, one.end);
      if (const std::size_t found = behind_town(text, behind)) return behind + found;
      if (behind == word) break;
      word = behind > one.end ? behind : one.end + 1;
    }
    if (next == town_end || text[next - 1] == 0) return end;
    place = next;
  }
  return end;
}

std::size_t post_box_before(const text_window& text, std::size_t at) noexcept {
  const auto over_signs = [&](std::size_t place) {
    while (text[place - 1] == ' ' || text[place - 1] == '.') --place;
    return place;
  };
  folded_word word = word_until(text, over_signs(at));
  if (is_in(extent::boxes, word)) return word.begin;
  if (!is_in(extent::box_last_words, word)) return at;
  // PO Box, P.O. Box, Post Office Box, casella postale, apartado postal.
  std::size_t begin = at;
  for (;;) {
    word_until(text, over_signs(word.begin), word);
    if (!is_in(extent::box_first_words, word)) return begin;
    begin = word.begin;
  }
}

}  // namespace clientbook::scanner
