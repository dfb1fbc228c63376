#include "find_post_boxes.hpp"

#include "word_lists.hpp"

#ifdef CLIENTBOOK_FIRMWARE
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

std::size_t behind_town(const text_window& text, std::size_t at) noexcept {
  const std::size_t zip = over_forms(text, at,
                                     "99999-9999\0"
                                     "99999\0");
  const std::size_t code = zip != 0 ? zip : united_kingdom(text, at);
  return code != 0 ? code : canada(text, at);
}

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
#endif
