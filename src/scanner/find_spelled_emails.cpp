// E-mail addresses that are spelled out: `name at firm dot com`, `name [at] firm.com`.
//
// `at` and `dot` are common words, so that both halves of an address and a top-level domain must
// stand around them; only looked for when asked. Lists are data/emails.csv.
#include "rules.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

bool domain_letter(seen c) noexcept {
  return c.size != 0 && text_window::is_word(class_of(c.value));
}

// `at`, `[at]`, `(at)`, ` @ `, `chiocciola`, ...: from `place` on, with the spaces around it.
std::size_t over_spelled(const text_window& text, std::size_t place, word_list words,
                         char sign) noexcept {
  std::size_t at = place;
  bool space = false;
  while (text[at] == ' ' && at < place + 2) {
    ++at;
    space = true;
  }
  const unsigned char open = text[at];
  const unsigned char close = open == '['   ? ']'
                              : open == '(' ? ')'
                              : open == '{' ? '}'
                              : open == '<' ? '>'
                                            : 0;
  if (close != 0) ++at;
  while (close != 0 && text[at] == ' ' && at < place + 6) ++at;
  const seen c = text.next(at);
  if (c.value == static_cast<char32_t>(sign) || (sign == '@' && c.value == 0xFF20)) {
    at += c.size;
  } else {
    const folded_word word = word_from(text, at);
    if (!is_in(words, word) || (close == 0 && !space)) return 0;
    at = word.end;
    if (close == 0 && text[at] != ' ') return 0;
  }
  if (close != 0) {
    while (text[at] == ' ' && at < place + 24) ++at;
    if (text[at] != close) return 0;
    ++at;
  }
  const std::size_t end = at;
  while (text[at] == ' ' && at < end + 2) ++at;
  return at;
}

std::size_t over_name(const text_window& text, std::size_t at) noexcept {
  while (true) {
    const seen c = text.next(at);
    if (c.size == 0) return at;
    const bool sign = c.value == '_' || c.value == '-' || c.value == '+' || c.value == '.';
    if (!domain_letter(c) && !(sign && domain_letter(text.next(at + 1)))) return at;
    at += c.size;
  }
}

}  // namespace

// Read forwards from the first word; `at` is the `@`, bracket or word between the two halves.
find obfuscated_email_at(const text_window& text, std::size_t at) noexcept {
  // Back over the local part: a name, and before it `name dot`.
  std::size_t middle = at;
  while (text[middle - 1] == ' ' && at - middle < 2) --middle;
  std::size_t begin = middle;
  const auto back_over_name = [&](std::size_t from) {
    std::size_t to = from;
    while (from - to < 64) {
      const seen c = text.previous(to);
      const bool sign = c.value == '_' || c.value == '-' || c.value == '+' || c.value == '.';
      if (c.size == 0 || (!domain_letter(c) && !(sign && to != from))) break;
      to -= c.size;
    }
    return to;
  };
  begin = back_over_name(middle);
  if (begin == middle) return {};
  for (int parts = 0; parts < 3; ++parts) {
    // ` dot ` or `[dot]` before the name?
    bool further = false;
    for (std::size_t back = 3; back <= 12 && back < begin && !further; ++back) {
      const std::size_t joint = begin - back;
      if (joint < text.begin()) break;
      if (over_spelled(text, joint, extent::dot_words, '.') == begin && text[joint] != '.' &&
          text.word_before(joint)) {
        begin = back_over_name(joint);
        further = true;
      }
    }
    if (!further) break;
  }
  std::size_t place = over_spelled(text, middle, extent::at_words, '@');
  if (place == 0) return {};
  std::size_t end = over_name(text, place);
  if (end == place) return {};
  bool dotted = false;
  for (std::size_t i = place; i < end; ++i) dotted = dotted || text[i] == '.';
  for (int labels = 0; labels < 4; ++labels) {
    const std::size_t next = over_spelled(text, end, extent::dot_words, '.');
    if (next == 0 || next == end) break;
    // `at all. it runs`: a sentence ends.
    if (text[end] == '.' && text[end + 1] == ' ') break;
    const std::size_t label_end = over_name(text, next);
    if (label_end == next) break;
    dotted = true;
    end = label_end;
  }
  if (!dotted) return {};
  // The top level: letters only.
  std::size_t top = end;
  while (top > place && text.class_before(top) == char_class::letter) {
    top -= text.previous(top).size;
  }
  if (end - top < 2) return {};
  return {begin, end, rule::email_obfuscated};
}

}  // namespace clientbook::scanner
