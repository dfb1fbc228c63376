// What stands beside a card: until when it holds, its verification code, its PIN. None of them is
// anything by itself: the card decides, and a word right before where the form is not that of a
// month and a year.
#include "rules.hpp"
#include "sign_set.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

constexpr std::size_t beside = 96;  // Bytes between a card and what belongs to it.
constexpr std::size_t most_codes = 2;

std::size_t digits_from(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  while (text.digit_at(end)) ++end;
  return end;
}
unsigned value_of(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  unsigned out = 0;
  for (; begin < end; ++begin) out = out * 10 + (text[begin] - '0');
  return out;
}

bool joins_month(unsigned char c) noexcept { return c == '/' || c == '-' || c == '.'; }

// Over the sign between month and year, with a space on each side of it; `at` without one.
std::size_t over_sign(const text_window& text, std::size_t at, bool spaces_alone) noexcept {
  std::size_t end = at;
  if (text[end] == ' ') ++end;
  if (joins_month(text[end])) {
    ++end;
    if (text[end] == ' ') ++end;
    return end;
  }
  return spaces_alone && end != at ? end : at;
}

bool ends_number(const text_window& text, std::size_t at) noexcept {
  return !text.word_at(at) && !(joins_month(text[at]) && text.digit_at(at + 1));
}

// MM/YY, MM-YY, MM/YYYY; behind its word also M/YY, MM YY, MMYY and YYYY-MM.
span_found month_and_year(const text_window& text, std::size_t at, bool said) noexcept {
  const std::size_t first_end = digits_from(text, at);
  const std::size_t first = first_end - at;
  if (said && first == 4 && ends_number(text, first_end)) {
    const unsigned month = value_of(text, at, at + 2);
    if (month >= 1 && month <= 12) return {at, first_end};
  }
  const std::size_t second = over_sign(text, first_end, said);
  if (second == first_end) return {};
  const std::size_t end = digits_from(text, second);
  const std::size_t size = end - second;
  const bool year_first = said && first == 4 && size <= 2 && size != 0;
  if (!year_first && (first > 2 || first == 0 || (!said && first != 2))) return {};
  const unsigned month = year_first ? value_of(text, second, end) : value_of(text, at, first_end);
  const std::size_t year = year_first ? at : second;
  const bool good =
      year_first || size == 2 || (size == 4 && text[year] == '2' && text[year + 1] == '0');
  if (month < 1 || month > 12 || !good) return {};
  // Not the first half of a whole date; behind its word the whole of it.
  if (!ends_number(text, end)) {
    if (!said || !joins_month(text[end])) return {};
    const std::size_t third = digits_from(text, end + 1);
    return third - end - 1 <= 4 && !text.word_at(third) ? span_found{at, third} : span_found{};
  }
  return {at, end};
}

// `Mar 2027`, `marzo 27`: where the name of the month begins; `at` without one.
std::size_t month_before(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  while (at - end < 3 && (text[end - 1] == ' ' || joins_month(text[end - 1]))) --end;
  if (end == at) return at;
  const folded_word word = word_until(text, end);
  return word.size != 0 && month_of(word.view()) != 0 ? word.begin : at;
}

bool expiry_said(const text_window& text, std::size_t at) noexcept {
  // `gültig bis`: `bis` is also the name of a number in Belgium.
  std::size_t end = at;
  while (at - end < 4 && (text[end - 1] == ' ' || text[end - 1] == ':' || text[end - 1] == ',' ||
                          text[end - 1] == '=' || text[end - 1] == '-')) {
    --end;
  }
  if (const folded_word word = word_until(text, end); word.view() == "bis") at = word.begin;
  const context before = words_before(text, at, words_wanted::nearest);
  return (before.nearest & expiry_word) != 0 && before.adjacent;
}

span_found expiry_from(const text_window& text, std::size_t at) noexcept {
  if (text.word_before(at)) return {};
  // Not the second half of a whole date: `2026-11-04`.
  if (joins_month(text[at - 1]) && text.digit_at(at - 2)) return {};
  if (const span_found plain = month_and_year(text, at, false)) return plain;
  const std::size_t begin = month_before(text, at);
  if (begin != at) {
    const std::size_t end = digits_from(text, at);
    const bool year = end - at == 2 || end - at == 4;
    if (year && !text.word_at(end) && expiry_said(text, begin)) return {begin, end};
    return {};
  }
  return expiry_said(text, at) ? month_and_year(text, at, true) : span_found{};
}

// Back over what stands between a word and its number.
std::size_t over_signs_before(const text_window& text, std::size_t at) noexcept {
  for (int signs = 0; signs < 5; ++signs) {
    const seen c = text.previous(at);
    static constexpr sign_set between{U" :=#-(\"'*.\t\uFF1A\u00A0/\u2013\u2014;,"};
    if (c.size == 0 || !between.has(c.value)) break;
    at -= c.size;
  }
  return at;
}

// `CVV2`, `CVC 2`: the digit of the word.
std::size_t over_two(const text_window& text, std::size_t at) noexcept {
  if (text[at - 1] != '2' || text.digit_at(at - 2)) return at;
  const std::size_t end = text[at - 2] == ' ' ? at - 2 : at - 1;
  return text.letter_at(end - 1) ? end : at;
}

// `is_code`: of a card, with `code` behind it.
folded_word word_of_code(const text_window& text, std::size_t at, bool& is_code) noexcept {
  folded_word word = word_until(text, over_two(text, over_signs_before(text, at)));
  bool code = false;
  for (int passed = 0; passed < 3 && word.size != 0; ++passed) {
    if (!is_in(extent::code_links, word)) break;
    code = code || (word.size > 2 && word.view() != "num");
    word = word_until(text, over_two(text, over_signs_before(text, word.begin)));
  }
  is_code = code && word.size != 0 && is_in(extent::code_owners, word);
  return word;
}

// `cvv 123`, `security code: 1234`, `PIN 4711`.
span_found code_from(const text_window& text, std::size_t at) noexcept {
  if (text.word_before(at)) return {};
  const std::size_t end = digits_from(text, at);
  const std::size_t size = end - at;
  if (size < 3 || size > 8 || !ends_number(text, end)) return {};
  bool is_code = false;
  const folded_word word = word_of_code(text, at, is_code);
  if (size <= 4 && word.size != 0 && (is_code || is_in(extent::card_codes, word))) {
    return {at, end};
  }
  if (size >= 4 && word.size != 0 && is_in(extent::pin_words, word)) return {at, end};
  if (size > 4) return {};
  const context before = words_before(text, at, words_wanted::nearest);
  return (before.nearest & code_word) != 0 && before.adjacent ? span_found{at, end} : span_found{};
}

}  // namespace

find card_code_at(const text_window& text, std::size_t at, std::size_t end) noexcept {
  if (end - at < 3 || end - at > 4) return {};
  // What all of these words have in front of the number: `v`, `c` or a 2.
  const std::size_t word = over_two(text, over_signs_before(text, at));
  const auto letter = [&](std::size_t back) { return text[word - back] | 0x20; };
  if (word == at || (letter(1) != 'v' && letter(1) != 'c') || letter(2) != 'v' || letter(3) != 'c')
    return {};
  if (text.word_before(word - 3) || text.word_before(at) || !ends_number(text, end)) return {};
  return {at, end, rule::card_code};
}

std::size_t beside_card(const text_window& text, const find& card,
                        std::span<find, 4> out) noexcept {
  std::size_t count = 0;
  bool expiry = false;
  std::size_t codes = 0;
  const auto look = [&](std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < to && count < out.size(); ++at) {
      if (!text.digit_at(at)) continue;
      const std::size_t group = digits_from(text, at);
      if (codes < most_codes) {
        if (const span_found found = code_from(text, at)) {
          out[count++] = {found.begin, found.end, rule::card_code};
          ++codes;
          at = found.end - 1;
          continue;
        }
      }
      if (!expiry) {
        if (const span_found found = expiry_from(text, at)) {
          out[count++] = {found.begin, found.end, rule::card_expiry};
          expiry = true;
          at = found.end - 1;
          continue;
        }
      }
      at = group - 1;
    }
  };
  look(card.end, card.end + beside);
  look(card.begin > beside ? card.begin - beside : 0, card.begin);
  return count;
}

}  // namespace clientbook::scanner
