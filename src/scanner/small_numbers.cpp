// The filter over small numbers. Most numbers of a note are sizes and prices, and asking all rules
// about each costs more than all else; it may only say no where no rule would find anything (test
// scanner.small_numbers), so it knows the words that rules ask for by a few of their letters.
#include "small_numbers.hpp"

#include "lead_words.hpp"
#include "lookalikes.hpp"
#include "rules.hpp"
#include "street_words.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

constexpr unsigned char small(unsigned char c) noexcept {
  return static_cast<unsigned char>(c | 0x20U);
}

// What words behind a number are made of: `5th`, `d'Azur`.
constexpr auto in_word = [] {
  std::array<bool, 256> out{};
  for (unsigned c = 0; c < 256; ++c) {
    const auto byte = static_cast<unsigned char>(c);
    out[c] = ascii_letter(byte) || ascii_digit(byte) || byte == '\'' || byte >= 0x80;
  }
  return out;
}();

// What a byte beside a number is good for.
enum class byte_role : std::uint8_t {
  nothing,
  letter,
  tells,    // The rules have to look.
  joins,    // A word may stand behind it.
  bracket,  // A number may.
  high,     // Above ASCII.
  at_sign,
  mark,  // In the place of a dash, if digits follow.
};
consteval std::array<byte_role, 256> roles(std::string_view tell, std::string_view join,
                                           std::string_view brackets, byte_role letters) {
  std::array<byte_role, 256> out{};
  for (unsigned c = 0; c < 256; ++c) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) out[c] = byte_role::high;
    if (ascii_letter(byte)) out[c] = letters;
  }
  for (const char c : tell) out[static_cast<unsigned char>(c)] = byte_role::tells;
  for (const char c : join) out[static_cast<unsigned char>(c)] = byte_role::joins;
  for (const char c : brackets) out[static_cast<unsigned char>(c)] = byte_role::bracket;
  return out;
}
// Right behind it; a backslash: a line break within JSON.
constexpr auto roles_behind = [] {
  auto out = roles("_+\\", "., \t\n\r-/", ":()", byte_role::tells);
  out['@'] = byte_role::at_sign;
  out['*'] = out['|'] = out['~'] = byte_role::mark;
  return out;
}();
// Behind what joins.
constexpr auto roles_of_first = [] {
  auto out = roles("0123456789(#-/. \n", "", "", byte_role::letter);
  for (std::size_t c = 0xE0; c < out.size(); ++c) out[c] = byte_role::tells;
  return out;
}();
// Right before it.
constexpr auto roles_before = [] {
  auto out = roles("-/+'(_#", "", "", byte_role::tells);
  for (std::size_t c = 0x80; c < out.size(); ++c) out[c] = byte_role::tells;
  return out;
}();

constexpr bool digit_in_disguise(unsigned char c) noexcept {
  return c == 'O' || c == 'l' || c == 'I' || ascii_digit(c);
}

// `4111:1111:1111:1111`, `612 \t970 829`; not the one comma of `299,00`.
bool odd_signs_part(const text_window& text, std::size_t end) noexcept {
  const unsigned char behind = text[end + 3];
  const bool cents = text[end] == ',' && text.digit_at(end + 1) && text.digit_at(end + 2) &&
                     (behind == ' ' || behind == '.' || behind == 0 || behind == '\n') &&
                     !text.digit_at(end + 4);
  return !cents && over_one_sign(text, end) != end;
}

// Whether the digits are a part of an amount: `1.299,00`, `1,299.00`, `1 299,00`, `12,5`.
bool in_amount(const text_window& text, std::size_t at, std::size_t end) noexcept {
  const auto digit = [&](std::size_t i) { return text.digit_at(i); };
  const auto two_then_end = [&](std::size_t i) {
    return digit(i) && digit(i + 1) && !digit(i + 2) &&
           !((text[i + 2] == '.' || text[i + 2] == '-' || text[i + 2] == '/') && digit(i + 3));
  };
  const unsigned char sign = text[end];
  // The cents of `1,299.00`.
  if (text[at - 1] == '.' && end - at == 2 && at > 5 && digit(at - 2) && digit(at - 3) &&
      digit(at - 4) && text[at - 5] == ',') {
    return true;
  }
  // A comma with digits on both sides; other commas stand between values.
  if (sign == ',' && digit(end + 1)) return comma_of_amount(text, end);
  if (text[at - 1] == ',' && at > 1 && digit(at - 2)) {
    return comma_of_amount(text, at - 1) && (sign != '.' || two_then_end(end + 1));
  }
  if (end - at > 3 || (sign != '.' && sign != ' ' && sign != '\'')) return false;
  // Groups of three up to the comma.
  std::size_t place = end;
  while (text[place] == sign && digit(place + 1) && digit(place + 2) && digit(place + 3) &&
         !digit(place + 4)) {
    place += 4;
  }
  return place != end && text[place] == ',' && two_then_end(place + 1);
}

// Words behind the number: `12 de marzo`, `12 rue Pasteur`, `88 Old Mill Road`.
bool words_behind_tell(const text_window& text, std::size_t at, bool spaced) noexcept {
  const unsigned hints = hints_at(text, at);
  if ((hints & (may_lead | may_be_month)) != 0) {
    const folded_word word = word_from(text, at);
    if (month_of(word.view()) != 0 || leads_street(word)) return true;
  }
  if (text[at + 2] == ' ') {
    // `of`, `de`, `di`, `da`
    const unsigned char c = small(text[at + 1]);
    if ((c == 'e' || c == 'i' || c == 'a' || c == 'f') &&
        (hints_at(text, at + 3) & may_be_month) != 0 &&
        month_of(word_from(text, at + 3).view()) != 0) {
      return true;
    }
  }
  if (!spaced) return false;
  // In the next words: some types of streets count only where every word has a capital letter.
  const bool capital = text[at] <= 'Z';
  const int most = capital ? 5 : 3;
  std::size_t word = at;
  for (int words = 0; words < most; ++words) {
    while (in_word[text[word]]) ++word;
    if (text[word] == '.' || text[word] == '-') ++word;
    if (text[word] == ' ') ++word;
    if (text[word - 1] != ' ' && text[word - 1] != '-' && text[word - 1] != '.') return false;
    const unsigned char next = text[word];
    if (ascii_letter(next) && (hints_at(text, word) & may_be_type) != 0 &&
        is_street_type(word_from(text, word))) {
      return true;
    }
    if (!ascii_letter(next) && next < 0x80 && !text.digit_at(word)) return false;
  }
  return false;
}

// Whether a postal code and a town may stand behind a house number.
bool code_may_follow(const text_window& text, std::size_t end) noexcept {
  std::size_t at = end;
  bool stop = false;
  for (; at - end < 4; ++at) {
    const unsigned char c = text[at];
    if (c != ' ' && c != ',' && c != '.' && c != '\r' && c != '\n') break;
    stop = stop || c == '.';
  }
  if (at == end) return false;
  const unsigned char next = text[at];
  // A unit; behind a full stop nothing else but `N` or `SW`.
  const bool capital = next >= 'A' && next <= 'Z';
  if (ascii_letter(next) && (!capital || stop)) {
    if ((hints_at(text, at) & may_be_unit) != 0 && is_unit(word_from(text, at))) return true;
    return capital && !text.letter_at(at + 2);
  }
  return ascii_letter(next) || next >= 0x80 || next == '#' || ascii_digit(next);
}

// Whether the word before this one may belong to the same street: `Via dei Mille`, `San Marco`.
bool name_may_go_on(const text_window& text, std::size_t begin) noexcept {
  const unsigned char between = text[begin - 1];
  if (between == '\'' || between == '-' || between == '/' || between >= 0x80) return true;
  if (between == '.') return true;
  if (between != ' ') return false;
  std::size_t end = begin - 1;
  const unsigned char last = text[end - 1];
  if (last == '/' || last >= 0x80) return true;
  const bool dot = last == '.';  // `ul. Polna`, `St. James`; not the sentence before.
  if (dot) --end;
  if (!ascii_letter(text[end - 1])) return dot && text[end - 1] >= 0x80;
  const std::size_t stop = end;
  while (ascii_letter(text[end - 1])) --end;
  const unsigned char first = text[end];
  if (dot && stop - end > 4 && (hints_at(text, end) & may_be_part) == 0) return false;
  return dot || first <= 'Z' || text[end - 1] >= 0x80 || text[end - 1] == '\'' ||
         (hints_at(text, end) & may_be_part) != 0;
}

// The word that ends at `at`, before the number: `Via Garibaldi 3`, `March 12`, `n. 5`, `BP 5`.
bool word_before_tells(const text_window& text, std::size_t at, std::size_t number,
                       std::size_t end) noexcept {
  const std::string_view before = text.bytes(text.begin(), at);
  const std::size_t least = before.size() > 32 ? before.size() - 32 : 0;
  std::size_t from = before.size();
  bool plain = true;
  for (; from > least; --from) {
    const auto byte = static_cast<unsigned char>(before[from - 1]);
    if (!in_word[byte] || ascii_digit(byte) || byte == '\'') break;
    plain = plain && byte < 0x80;
  }
  const std::size_t begin = at - (before.size() - from);
  const unsigned char first = text[begin];
  if (first >= 0xC4) return true;  // Scripts beyond Latin-1.
  if (plain && at - begin < 3) {
    // `n. 5`, `nr 5`, `BP 5`; other small words name no street.
    if (small(first) == 'n' || small(text[begin + 1]) == 'p') return true;
    if (first >= 'a') return false;
  }
  bool capital = first < 'a';
  // `NSW 2000`
  if (end - number == 4 && capital && at - begin <= 3) return true;
  const unsigned hints = hints_at(text, begin);
  if (!plain || (hints & (may_be_month | may_be_numbered)) != 0 ||
      may_end_street(text[at - 3], text[at - 2], text[at - 1])) {
    folded_word word = word_from(text, begin);
    if (word.end != at) word = word_until(text, at);
    capital = word.capital;
    if (month_of(word.view()) != 0 || is_in(extent::numbered_words, word) || ends_street(word))
      return true;
  }
  if (!capital) {  // `via roma 3`, `flat 7, ...`
    return lead_before(text.bytes(text.begin(), begin), begin - text.begin()) ||
           (text[end] == ',' && (hints & may_be_unit) != 0 && is_unit(word_from(text, begin)));
  }
  return code_may_follow(text, end) ||
         (name_may_go_on(text, begin) && street_ends(text, number) == street_hint::likely);
}

// Behind it, with a sign or a blank between.
bool word_joined_tells(const text_window& text, std::size_t at, std::size_t end,
                       byte_role role) noexcept {
  const unsigned char after = text[end];
  const unsigned char then = text[end + 1];
  const std::size_t word = end + ((after == '.' || after == ',') && then == ' ' ? 2U : 1U);
  const unsigned char first = text[word];
  const byte_role begins = roles_of_first[first];
  if (ascii_digit(then) || begins == byte_role::tells) return true;
  if (begins == byte_role::high) {
    if (after != ' ' && after != '.' && after != ',') return true;
    if (role == byte_role::bracket) return false;
    if (text.class_at(word) != char_class::letter) return true;
  } else if (begins != byte_role::letter || role == byte_role::bracket) {
    return false;
  }
  // `4111 llll`: letters in the place of digits.
  if (digit_in_disguise(first) && digit_in_disguise(text[word + 1])) return true;
  // `1010 Wien`, `1012 AB`.
  if (end - at == 4 && (first < 'a' || first >= 0x80)) return true;
  return words_behind_tell(text, word, after == ' ' || (after == ',' && first <= 'Z'));
}

// `12 III 1985`, `12 tháng 3 năm 1985`, `12,03,1985`: nothing but a day of birth is written so.
bool shaped_as_birth(const text_window& text, std::size_t at, std::size_t end) noexcept {
  if (end - at > 2) return false;
  const unsigned char sign = text[end];
  if (sign != ' ' && sign != '.' && sign != ',' && sign != '-' && sign != '/') return false;
  const unsigned char then = text[end + 1];
  if (sign == ',' && ascii_digit(then)) {
    const std::size_t second = text.digit_at(end + 2) ? end + 3 : end + 2;
    return text[second] == ',' && text.digit_at(second + 1) && text.digit_at(second + 2);
  }
  if (then == 'I' || then == 'V' || then == 'X') return true;
  // `12 דצמ׳ 1959`, `16 мау. 1985`: a month in other letters.
  if (then >= 0xC4 || (then == ' ' && text[end + 2] >= 0xC4)) return true;
  if (sign == ' ' && then == 't' && text[end + 2] == 'h') return true;
  // `13 dhj 1998`, `14-ira.-1937`: one word, whatever it is, and a number.
  std::size_t word = then == ' ' ? end + 2 : end + 1;
  const std::size_t first = word;
  while (ascii_letter(text[word]) && word - first < 12) ++word;
  if (word - first < 2) return false;
  for (int signs = 0; signs < 3 && (text[word] == '.' || text[word] == ' ' || text[word] == ',' ||
                                    text[word] == '-');
       ++signs) {
    ++word;
  }
  return text.digit_at(word);
}

// `born 1958`, and the years of the Buddhist, Persian, Islamic and Hebrew calendars.
bool is_birth_year(const text_window& text, std::size_t at, std::size_t end) noexcept {
  const auto begins = [&](char first, char second) {
    return text[at] == static_cast<unsigned char>(first) &&
           text[at + 1] == static_cast<unsigned char>(second);
  };
  const bool year = end - at == 4 &&
                    (begins('1', '9') || begins('2', '0') || begins('2', '4') || begins('2', '5') ||
                     begins('1', '3') || begins('1', '4') || begins('5', '7'));
  if ((year || shaped_as_birth(text, at, end)) && birth_word_before(text, at)) return true;
  const bool of_today = end - at == 4 && (begins('1', '9') || begins('2', '0'));
  // `Jahrg. 85`, `årgang 85`
  const bool of_vintage = end - at == 2 && text[at - 1] == ' ' &&
                          (text[at - 2] == 'g' || (text[at - 2] == '.' && text[at - 3] == 'g'));
  // `65 г.р.`
  const bool of_letters =
      end - at == 2 && text[end] == ' ' && text[end + 1] >= 0xD0 && text[end + 1] <= 0xD1;
  return (of_today || of_vintage || of_letters) && birth_year_at(text, at);
}

bool what_stands_before_tells(const text_window& text, std::size_t at, std::size_t end) noexcept {
  std::size_t place = at;
  while (at - place < 3 &&
         (text[place - 1] == ' ' || text[place - 1] == '.' || text[place - 1] == ',')) {
    --place;
  }
  if (place == text.begin()) return false;
  const unsigned char last = text[place - 1];
  if (place == at) return roles_before[last] == byte_role::tells;
  if (last < 0x80) {
    if (!ascii_letter(last)) return ascii_digit(last) && text[place] != ' ';
  } else if (text.class_before(place) != char_class::letter) {
    return true;
  }
  return word_before_tells(text, place, at, end);
}

}  // namespace

bool small_number_tells(const text_window& text, std::size_t at, std::size_t end) noexcept {
  // Behind it.
  const unsigned char after = text[end];
  const unsigned char then = text[end + 1];
  const unsigned char before = text[at - 1];
  // `DE 136,695 976`: no amount has a comma and a space.
  if (after == ',' && end - at == 3 && text.digit_at(end + 3) && text[end + 4] == ' ' &&
      text.digit_at(end + 5) && text[at - 1] == ' ' && text[at - 2] <= 'Z' &&
      ascii_letter(text[at - 2])) {
    return true;
  }
  if (end - at >= 3 && odd_signs_part(text, end)) return true;
  if ((ascii_digit(then) || before == '.' || before == ',') && in_amount(text, at, end)) {
    return shaped_as_birth(text, at, end) && birth_word_before(text, at);
  }
  const byte_role role = roles_behind[after];
  switch (role) {
    case byte_role::tells:
      return true;
    case byte_role::at_sign:
      return false;
    case byte_role::mark:
      if (text.word_at(end + 1)) return true;
      break;
    case byte_role::high:
      if (text.class_at(end) != char_class::other) return true;
      if (digit_value(text.next(end + text.next(end).size).value) >= 0) return true;
      break;
    case byte_role::joins:
    case byte_role::bracket:
      if (word_joined_tells(text, at, end, role)) return true;
      break;
    default:
      break;
  }
  if (is_birth_year(text, at, end)) return true;
  return what_stands_before_tells(text, at, end);
}

}  // namespace clientbook::scanner
