// Account numbers (ISO 13616): the length of the country and mod 97 prove them in any grouping,
// width or case.
#include <tables/scanner/iban_lengths.inc>

#include "rules.hpp"

namespace clientbook::scanner {
namespace {

// Of the whole number, by the country's letters; 0 if the country has none. Two bytes a country:
// five bits for each letter and for what the length is above 15 (data/iban_lengths.csv).
std::size_t length_of(unsigned char a, unsigned char b) noexcept {
  const unsigned letters = (a & 31U) << 5 | (b & 31U);
  for (const std::uint16_t one : iban_lengths) {
    if ((one & 0x3FFU) == letters) return 15U + (one >> 10);
  }
  return 0;
}

// ASCII capital letter or digit of a letter or digit of any width or script, else 0.
unsigned char letter_or_digit(char32_t c) noexcept {
  const char32_t folded = fold(c).letters[0];
  if (folded >= 'a' && folded <= 'z' && (c < 0x80 || c >= 0xFF00)) {
    return static_cast<unsigned char>(folded - 0x20);
  }
  return folded >= '0' && folded <= '9' ? static_cast<unsigned char>(folded) : 0;
}

// What may stand between two of its characters. Behind four it may be anything that is no word, as
// the cells that a number was pasted into: `DE89:3704:0044`, `DE89    3704    0044`.
bool may_part(seen c, std::size_t count) noexcept {
  if (c.size == 0) return false;
  if (separates_digits(c.value) || (!compact && c.value == 0x61C)) return true;
  return !compact && count % 4 == 0 && letter_or_digit(c.value) == 0 &&
         !text_window::is_word(class_of(c.value));
}

// `D E 89`: between the letters of the country, which are then capital and no other word's end.
std::size_t over_gap_in_country(const text_window& text, std::size_t at) noexcept {
  if constexpr (compact) return at;
  const seen gap = text.previous(at);
  if (gap.value == '\n' || !separates_digits(gap.value)) return at;
  const std::size_t place = at - gap.size;
  const auto capital = [&](std::size_t i) { return text[i] >= 'A' && text[i] <= 'Z'; };
  return capital(at) && capital(place - 1) && !text.word_before(place - 1) ? place : at;
}

// What stood between the characters. Signs that no number is written with part it everywhere, and
// its letters are capital; else a sentence was read as one.
class gaps_seen {
 public:
  void take(const text_window& text, std::size_t from, std::size_t to) noexcept {
    if (from == to) return;
    for (std::size_t at = from; at < to; at += text.next(at).size) {
      const char32_t c = text.next(at).value;
      odd_ = odd_ || (!separates_digits(c) && c != 0x61C);
    }
    std::string_view signs = text.bytes(from, to);
    if (signs == "|") signs = "\t";  // How the forms show where a cell ends.
    if (first_.empty()) first_ = signs;
    alike_ = alike_ && signs == first_;
  }
  bool may_be_of_one(const text_window& text, std::size_t begin, std::size_t end) const noexcept {
    if (!odd_) return true;
    for (std::size_t at = begin; at < end; ++at) {
      if (text[at] >= 'a' && text[at] <= 'z') return false;
    }
    return alike_;
  }

 private:
  std::string_view first_;
  bool odd_ = false;
  bool alike_ = true;
};

// `size 42`, `1.299 00`: asked about every number before anything is read.
[[maybe_unused]] bool behind_plain_word(const text_window& text, std::size_t at) noexcept {
  if (text[at - 1] != ' ') return false;
  const unsigned char last = text[at - 2];
  return ascii_digit(last) ||
         (ascii_letter(last) && text.letter_at(at - 3) && text.letter_at(at - 4));
}

}  // namespace

find iban_at(const text_window& text, std::size_t at) noexcept {
  constexpr int most_parting = compact ? 3 : 5;
  if (!compact && behind_plain_word(text, at)) return {};
  std::size_t letters = at;  // `DE 89 3704 ...`
  while (!compact && at - letters < 3 && separates_digits(text.previous(letters).value)) {
    letters -= text.previous(letters).size;
  }
  const seen second = text.previous(letters);
  const std::size_t front = over_gap_in_country(text, letters - second.size);
  const bool split = front != letters - second.size;
  const seen first = text.previous(front);
  if (second.size == 0 || first.size == 0) return {};
  const unsigned char a = letter_or_digit(first.value);
  const unsigned char b = letter_or_digit(second.value);
  if (!ascii_letter(a) || !ascii_letter(b)) return {};
  const std::size_t length = length_of(a, b);
  if (length == 0) return {};
  // ISO/IEC 7064 mod 97-10 over the number with its first four characters moved to the end.
  unsigned rest = 0;
  const auto feed = [&](unsigned char c) {
    rest = ascii_digit(c) ? (rest * 10 + c - '0') % 97 : (rest * 100 + c - 'A' + 10) % 97;
  };
  std::array<unsigned char, 2> check{};
  std::size_t count = 2;
  const std::size_t begin = front - first.size;
  if (!compact && letters != at && text.word_before(begin)) return {};
  if (!compact && text[letters] == '.') return {};  // `no. 31...`
  // `kart no 6235 5560 0396 5774`: small and apart a word, not Norway.
  if (!compact && letters != at && text[begin] == 'n' && text[letters - 1] == 'o') return {};
  std::size_t place = at;
  std::size_t end = at;
  [[maybe_unused]] gaps_seen gaps;
  while (count < length) {
    seen c = text.next(place);
    const std::size_t gap = place;
    for (int skipped = 0; skipped < most_parting && may_part(c, count); ++skipped) {
      place += c.size;
      c = text.next(place);
    }
    if constexpr (!compact) gaps.take(text, gap, place);
    const unsigned char one = letter_or_digit(c.value);
    if (one == 0 || (count < 4 && !ascii_digit(one))) return {};
    // Words of a sentence are none: `A E 12 of them`.
    if (split && c.value >= 'a' && c.value <= 'z') return {};
    if (count < 4) {
      check[count - 2] = one;
    } else {
      feed(one);
    }
    ++count;
    place += c.size;
    end = place;
  }
  feed(a);
  feed(b);
  feed(check[0]);
  feed(check[1]);
  if constexpr (!compact) {
    if (!gaps.may_be_of_one(text, begin, end)) return {};
  }
  return rest == 1 ? find{begin, end, rule::iban_mod97} : find{};
}

}  // namespace clientbook::scanner
