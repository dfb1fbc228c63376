// What tells that a number is somebody's to be called at, beside the words of phones: a verb of
// calling, `her number`, the sign of a phone, a letter of a signature. Not in firmware.
#include "rules.hpp"
#include "sign_set.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

// Telephones, receivers and mobile phones.
bool phone_sign(char32_t c) noexcept {
  return c == 0x260E || c == 0x260F || c == 0x2706 || (c >= 0x1F4DE && c <= 0x1F4F2) ||
         c == 0x1F57B || (c >= 0x1F57D && c <= 0x1F581) || c == 0x1F919;
}

// Before a number and a word: blanks, a colon, `->`, the selector of an emoji.
std::size_t over_signs(const text_window& text, std::size_t at, bool& colon) noexcept {
  for (int signs = 0; signs < 5; ++signs) {
    const seen c = text.previous(at);
    static constexpr sign_set between{U" :=\t(>-.\u00A0\uFF1A\uFE0F"};
    if (c.size == 0 || !between.has(c.value)) break;
    colon = colon || c.value == ':' || c.value == 0xFF1A;
    at -= c.size;
  }
  return at;
}

// `T: 781 1704`, `| M: 781 1704`: a letter of a signature, which no other word stands before.
bool letter_of_signature(const text_window& text, const folded_word& word, bool colon) noexcept {
  if (word.view() == "ph") return true;
  constexpr std::string_view letters = "mtpchwf";
  if (!colon || word.size != 1 || !word.capital || letters.find(word.bytes[0]) == letters.npos) {
    return false;
  }
  std::size_t at = word.begin;
  while (text[at - 1] == ' ') --at;
  const unsigned char sign = text[at - 1];
  return at == text.begin() || sign == '\n' || sign == '|' || sign == ',' || sign == '/' ||
         sign == ';' || sign == '>' || sign >= 0x80 || text.digit_at(at - 1);
}

// `我的号码是`, `私の番号は`, `she says her 번호`: of scripts without spaces.
bool says_number_without_spaces(const text_window& text, std::size_t at) noexcept {
  constexpr std::string_view is[] = {"\u662F", "\u306F", "\uB294", "\uC740"};
  constexpr std::string_view numbers[] = {"\u53F7\u7801", "\u865F\u78BC", "\u756A\u53F7",
                                          "\uBC88\uD638"};
  constexpr std::string_view whose[] = {"\u6211\u7684", "\u5979\u7684", "\u4ED6\u7684",
                                        "\u4F60\u7684", "\u79C1\u306E", "\u5F7C\u5973\u306E",
                                        "\u5F7C\u306E", "\uC81C ",      "\uB0B4 "};
  const auto before = [&](auto& words) {
    for (const std::string_view one : words) {
      if (at - text.begin() >= one.size() && text.bytes(at - one.size(), at) == one) {
        at -= one.size();
        return true;
      }
    }
    return false;
  };
  before(is);
  return before(numbers) && before(whose);
}

// `please ring 7811704`, `ring 7811704.`; not `gold ring 7811704`, `Ring 7811704, 585 gold`.
bool asked_to_call(const text_window& text, const folded_word& verb, std::size_t at) noexcept {
  if (text[verb.begin - 1] == ' ') {
    const folded_word before = word_until(text, verb.begin - 1);
    return before.size != 0 && is_in(extent::verbs_before, before);
  }
  const bool first = verb.begin == text.begin() || text[verb.begin - 1] == '\n';
  if (verb.capital || !first) return false;
  std::size_t end = at;
  while (text.digit_at(end)) ++end;
  return end == text.end() || text[end] == '\n' || text[end] == '.' || text[end] == '!';
}

}  // namespace

bool calling_before(const text_window& text, std::size_t at, bool grouped) noexcept {
  bool colon = false;
  std::size_t place = over_signs(text, at, colon);
  if (place != at || colon || text.previous(at).value >= 0x2E80) {
    if (phone_sign(text.previous(place).value)) return true;
    if (text.previous(place).value >= 0x2E80 && says_number_without_spaces(text, place))
      return true;
  }
  folded_word word = word_until(text, place);
  if (word.size == 0 || (place == at && text[at - 1] < 0x80)) return false;
  if (letter_of_signature(text, word, colon)) return true;
  bool joins = false;
  for (int words = 0; words < 4 && is_in(extent::calling_joins, word); ++words) {
    // `his` of `his number` is nobody who is called, and `no` is a number's word first.
    if (is_in(extent::calling_numbers, word)) break;
    joins = true;
    bool other = false;
    place = over_signs(text, word.begin, other);
    if (place == word.begin) return false;
    word = word_until(text, place);
    if (word.size == 0) return false;
  }
  // `ring Anna at 781 1704`
  if (joins && word.capital && text[word.begin - 1] == ' ') {
    const folded_word verb = word_until(text, word.begin - 1);
    if (verb.size != 0 && is_in(extent::callings_loose, verb)) return true;
  }
  if (is_in(extent::callings, word) || is_in(extent::calling_words, word)) return true;
  if (is_in(extent::callings_loose, word)) {
    return joins || grouped || asked_to_call(text, word, at);
  }
  if (!is_in(extent::calling_numbers, word) || text[word.begin - 1] != ' ') return false;
  folded_word whose = word_until(text, word.begin - 1);
  if (whose.size != 0 && is_in(extent::calling_adjectives, whose) && text[whose.begin - 1] == ' ') {
    if (is_in(extent::possessives, whose)) return true;
    whose = word_until(text, whose.begin - 1);
  }
  return whose.size != 0 && is_in(extent::possessives, whose);
}

}  // namespace clientbook::scanner
