// What stands beside a card, as much as firmware looks for: MM/YY, and a code behind its word.
#include "rules.hpp"

namespace clientbook::scanner {
namespace {

constexpr std::size_t beside = 32;  // Bytes between a card and what belongs to it.

// MM/YY, MM-YY, MM/YYYY with a month.
span_found expiry_from(const text_window& text, std::size_t at) noexcept {
  if (text.word_before(at) || !text.digit_at(at) || !text.digit_at(at + 1)) return {};
  const unsigned month = (text[at] - '0') * 10U + text[at + 1] - '0';
  if (month < 1 || month > 12) return {};
  std::size_t end = at + 2;
  if (text[end] == ' ') ++end;
  if (text[end] != '/' && text[end] != '-' && text[end] != '.') return {};
  ++end;
  if (text[end] == ' ') ++end;
  const std::size_t year = end;
  while (text.digit_at(end) && end < year + 5) ++end;
  const std::size_t size = end - year;
  const bool good = size == 2 || (size == 4 && text[year] == '2' && text[year + 1] == '0');
  // Not the first half of a whole date.
  if (!good || text.word_at(end) ||
      ((text[end] == '/' || text[end] == '-' || text[end] == '.') && text.digit_at(end + 1))) {
    return {};
  }
  return {at, end};
}

// 3 or 4 digits after a word of the verification code.
span_found code_from(const text_window& text, std::size_t at) noexcept {
  if (text.word_before(at)) return {};
  std::size_t end = at;
  while (text.digit_at(end) && end < at + 5) ++end;
  if (end - at < 3 || end - at > 4 || text.word_at(end)) return {};
  const context before = words_before(text, at);
  if ((before.nearest & code_word) == 0 || !before.adjacent) return {};
  return {at, end};
}

}  // namespace

std::size_t beside_card(const text_window& text, const find& card,
                        std::span<find, 4> out) noexcept {
  std::size_t count = 0;
  bool expiry = false;
  bool code = false;
  const auto look = [&](std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < to && count < out.size(); ++at) {
      if (!text.digit_at(at)) continue;
      std::size_t group = at;
      while (text.digit_at(group)) ++group;
      if (!expiry) {
        if (const span_found found = expiry_from(text, at)) {
          out[count++] = {found.begin, found.end, rule::card_expiry};
          expiry = true;
          at = found.end;
          continue;
        }
      }
      if (!code) {
        if (const span_found found = code_from(text, at)) {
          out[count++] = {found.begin, found.end, rule::card_code};
          code = true;
          at = found.end;
          continue;
        }
      }
      at = group - 1;
    }
  };
  look(card.end, card.end + 2 * beside);
  look(card.begin > 2 * beside ? card.begin - 2 * beside : 0, card.begin);
  return count;
}

}  // namespace clientbook::scanner
