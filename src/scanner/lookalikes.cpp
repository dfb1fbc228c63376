// Plain signs in the place of those that look like them, so that rules for ASCII find what people
// paste. A look-alike is what a reader takes for the plain sign, not what folding makes of it.
#include "lookalikes.hpp"

#include <clientbook/internal/model/card_data.hpp>

namespace clientbook::scanner {
namespace {

// What it looks like, in ASCII; 0: nothing.
char plain_of(char32_t c) noexcept {
  if (c < 0x80) return 0;
  if (c >= 0xFF01 && c <= 0xFF5E) return static_cast<char>(c - 0xFEE0);
  if (c == 0xA0 || c == 0x202F || c == 0x205F || c == 0x3000 || (c >= 0x2000 && c <= 0x200A)) {
    return ' ';
  }
  const int digit = digit_value(c);
  return digit < 0 ? '\0' : static_cast<char>('0' + digit);
}

// What the letter behind a backslash stands for in JSON; 0: nothing that we replace.
char escaped(unsigned char letter) noexcept {
  switch (letter) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '/':
    case '"':
      return static_cast<char>(letter);
    default:
      return 0;
  }
}

// A mark that people put between groups in the place of a dash.
bool is_mark(char32_t c) noexcept {
  switch (c) {
    case '*':
    case '|':
    case '~':
    case 0xB7:    // Middle dot.
    case 0x2022:  // Bullet.
    case 0x2027:
    case 0x2219:
    case 0x22C5:
    case 0x30FB:
      return true;
    default:
      return false;
  }
}

bool is_dot_mark(char32_t c) noexcept { return is_mark(c) && c >= 0x80; }

// The digit that a letter is written for; 0: none. `sure`: those that look like nothing else.
char digit_of_letter(char32_t c, bool sure) noexcept {
  switch (c) {
    case 'O':
    case 0x41E:  // Of Cyrillic and Greek.
    case 0x39F:
      return '0';
    case 'l':
    case 'I':
    case 0x406:
    case 0x399:
      return '1';
    default:
      break;
  }
  if (sure) return 0;
  switch (c) {
    case 'o':
    case 0x43E:
    case 0x3BF:
      return '0';
    case 'Z':
      return '2';
    case 0x417:  // Cyrillic Ze.
      return '3';
    case 'S':
      return '5';
    case 'B':
    case 0x412:
      return '8';
    default:
      return 0;
  }
}

// Letters and digits without a sign between: what they are for the number.
struct token {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t digits = 0;
  std::size_t letters = 0;  // In the place of digits.
  std::size_t others = 0;
  bool fits = true;
};
constexpr std::size_t longest_token = 34;

token token_from(const text_window& text, std::size_t begin) noexcept {
  token out;
  out.begin = out.end = begin;
  bool sure = true;
  while (out.end - begin < longest_token) {
    const seen c = text.next(out.end);
    if (c.size == 0 || !text.word_at(out.end)) break;
    if (digit_value(c.value) >= 0) {
      ++out.digits;
    } else if (digit_of_letter(c.value, false) != 0) {
      ++out.letters;
      sure = sure && digit_of_letter(c.value, true) != 0;
    } else {
      ++out.others;
    }
    out.end += c.size;
  }
  // Of an account number (`DE89`, `NWBK6O16`) letters are its own; a word has no digits.
  const bool account =
      out.others != 0 && out.digits != 0 && text.letter_at(begin) && text[begin] <= 'Z';
  // Letters alone: `lll`, `2l9-lS-9999`, not `Il` and `BOSS`.
  const bool tight = text[begin - 1] == '-' || text[out.end] == '-';
  const bool word =
      (!sure && !tight) || out.letters < 2 || (out.letters == 2 && text[begin] == 'I');
  out.fits = out.others == 0 ? out.digits != 0 || !word : account;
  return out;
}

// The letters of a bank within an account number: `GB29 NWBK 6016`.
bool of_bank(const text_window& text, const token& one) noexcept {
  if (one.digits != 0 || one.end - one.begin > 4) return false;
  for (std::size_t at = one.begin; at < one.end; ++at) {
    if (!text.letter_at(at) || text[at] > 'Z') return false;
  }
  return true;
}

// `GB29`: how an account number begins.
bool begins_account(const text_window& text, std::size_t at) noexcept {
  return text.letter_at(at) && text[at] <= 'Z' && text.letter_at(at + 1) && text[at + 1] <= 'Z' &&
         !text.letter_at(at + 2) && text.digit_at(at + 3);
}

std::size_t token_begin(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  while (at - begin < longest_token && text.word_before(begin)) begin -= text.previous(begin).size;
  return begin;
}

// Where the next token begins behind what parts groups at `at`; `at` where no group follows.
std::size_t over_parting(const text_window& text, std::size_t at, bool& marked) noexcept {
  std::size_t place = at;
  bool mark = false;
  for (int signs = 0; signs < 3; ++signs) {
    const seen c = text.next(place);
    const bool is = is_mark(c.value);
    const bool plain = c.value == ' ' || c.value == '-' || c.value == '.' || c.value == '/' ||
                       c.value == '(' || c.value == ')';
    if (c.size == 0 || (!is && !plain)) break;
    // In a table and in lists spaces stand around a mark, but for dots.
    const std::size_t behind = place + c.size;
    const bool tight = (place == at || text[place - 1] == ')') && text.word_at(behind);
    if (is && !is_dot_mark(c.value) && !tight) return at;
    mark = mark || is;
    place = behind;
  }
  if (place == at || !text.word_at(place)) return at;
  marked = marked || mark;
  return place;
}

// Where the token before the one at `begin` begins; `begin` without one.
std::size_t token_before(const text_window& text, std::size_t begin) noexcept {
  std::size_t place = begin;
  for (int signs = 0; signs < 3; ++signs) {
    const seen c = text.previous(place);
    if (c.size == 0 || text.word_before(place) || c.value == '\n' || c.value == ',') break;
    place -= c.size;
  }
  if (place == begin || !text.word_before(place)) return begin;
  const std::size_t first = token_begin(text, place);
  bool marked = false;
  return over_parting(text, place, marked) == begin ? first : begin;
}

// 4-4-4-4 by one mark: a card or an account whatever stands beside it.
bool in_fours(const text_window& text, std::size_t begin) noexcept {
  const seen mark = text.next(begin + 4);
  if (!is_mark(mark.value) || mark.value == '|') return false;
  std::size_t at = begin;
  for (int group = 0; group < 4; ++group) {
    for (int i = 0; i < 4; ++i, ++at) {
      if (!text.digit_at(at) && (group != 0 || i > 1 || !text.letter_at(at))) return false;
    }
    if (group == 3) return !text.word_at(at);
    if (text.next(at).value != mark.value) return false;
    at += mark.size;
  }
  return false;
}

// Where groups of a card by one mark end whose check digit and issuer are right:
// `3621·753623·5714`; 0 where there are none.
std::size_t card_in_marks(const text_window& text, std::size_t begin) noexcept {
  constexpr std::size_t longest_card = 19;
  std::array<std::uint8_t, longest_card> digits;
  std::size_t count = 0;
  char32_t mark = 0;
  std::size_t groups = 1;
  std::size_t size = 0;
  std::size_t end = begin;
  for (std::size_t at = begin; count <= longest_card; at += text.next(at).size) {
    if (text.digit_at(at)) {
      if (count == longest_card || ++size > 6) return 0;
      end = at + 1;
      digits[count++] = static_cast<std::uint8_t>(text[at] - '0');
      continue;
    }
    const seen c = text.next(at);
    const bool parts = is_mark(c.value) && (mark == 0 || c.value == mark) && size >= 3 &&
                       text.digit_at(at + c.size);
    if (!parts) break;
    mark = c.value;
    ++groups;
    size = 0;
  }
  const std::span<const std::uint8_t> number(digits.data(), count);
  const bool card = groups >= 3 && count >= 13 && luhn_valid(number) && card_issued(number);
  return card ? end : 0;
}

bool person_beside(const text_window& text, std::size_t begin) noexcept {
  constexpr std::uint16_t of_people =
      card_word | phone_word | birth_word | id_word | document_word | account_word | code_word;
  const context words = words_before(text, begin);
  return ((words.nearest & of_people) != 0 && words.adjacent) || words.said_account;
}

// Whether a mark or a letter may be near: asked about every number, so by few bytes.
bool may_be_disguised(const text_window& text, std::size_t at) noexcept {
  const auto letter = [](unsigned char c) {
    return c == 'O' || c == 'o' || c == 'l' || c == 'I' || c == 'S' || c == 'B' || c == 'Z';
  };
  const auto odd = [&](std::size_t i) {
    const unsigned char c = text[i];
    // Beyond ASCII: the first bytes of marks and of Greek and Cyrillic letters.
    const bool beyond = c == 0xC2 || c == 0xE2 || c == 0xE3 || (c >= 0xCE && c <= 0xD1);
    return c == '*' || c == '|' || c == '~' || beyond || letter(c);
  };
  std::size_t end = at;
  while (end - at < 24 && text.digit_at(end)) ++end;
  if (odd(end)) return true;
  const unsigned char sign = text[end];
  if (sign == ' ' || sign == '-' || sign == '.' || sign == '/' || sign == ')') {
    const std::size_t next = end + (text[end + 1] == ' ' ? 2U : 1U);
    // Of a word the second letter is another one: `38 Blue`.
    const bool word =
        ascii_letter(text[next]) && ascii_letter(text[next + 1]) && !letter(text[next + 1]);
    if (odd(next) && !word) return true;
  }
  const unsigned char before = text[at - 1];
  if (before >= 0x80 || letter(before) || before == '*' || before == '|' || before == '~') {
    return true;
  }
  if (before <= 'Z' && ascii_letter(before)) return begins_account(text, at - 2);  // `DE89`
  return !ascii_letter(before) && (letter(text[at - 2]) || text[at - 2] >= 0xCE);
}

}  // namespace

span_found disguised_number(const text_window& text, std::size_t at) noexcept {
  if (!may_be_disguised(text, at)) return {};
  // Also behind letters: `Visa4111·1111·...`, `卡号6011*...`.
  if (!text.digit_at(at - 1)) {
    if (const std::size_t card = card_in_marks(text, at)) return {at, card};
  }
  bool marked = false;
  std::size_t begin = token_begin(text, at);
  token one = token_from(text, begin);
  if (!one.fits) return {};
  constexpr std::size_t longest = 48;
  for (std::size_t before = token_before(text, begin); before != begin && at - before < longest;
       before = token_before(text, begin)) {
    if (!token_from(text, before).fits) break;
    begin = before;
  }
  std::size_t digits = 0;
  std::size_t letters = 0;
  std::size_t end = begin;
  for (std::size_t next = begin; end - begin < longest;) {
    one = token_from(text, next);
    if (!one.fits && !(begins_account(text, begin) && of_bank(text, one))) break;
    digits += one.digits;
    letters += one.letters;
    end = one.end;
    next = over_parting(text, end, marked);
    if (next == end) break;
  }
  if (digits == 0 || digits + letters < 5 || (letters == 0 && !marked) || end <= at) return {};
  if (!person_beside(text, begin) &&
      !(marked && (in_fours(text, begin) || card_in_marks(text, begin) != 0))) {
    return {};
  }
  return {begin, end};
}

bool looks_plain_beside(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  if (text[end] == ',') ++end;
  const unsigned char first = text[begin];
  const unsigned char before = text[begin - 1];
  const unsigned char after = text[end];
  return (first >= 0x80 && plain_of(text.next(begin).value) != 0) ||
         (before >= 0x80 && plain_of(text.previous(begin).value) != 0) ||
         (after >= 0x80 && plain_of(text.next(end).value) != 0) ||
         (after == '\\' && escaped(text[end + 1]) != 0) ||
         (text[begin - 2] == '\\' && escaped(before) != 0);
}

namespace {

// Whether a letter within a disguised number stands for a digit: not those of a country and a bank.
bool stands_for_digit(const text_window& text, std::size_t at, std::size_t size) noexcept {
  const std::size_t begin = token_begin(text, at);
  if (const token one = token_from(text, begin); one.digits == 0) return one.fits;
  const bool country = at - begin < 2 && text.letter_at(begin) && text.letter_at(begin + 1) &&
                       text[begin] <= 'Z' && text[begin + 1] <= 'Z' && text[begin + 1] != 'O' &&
                       text.digit_at(begin + 3);
  if (country) return false;
  const auto numeric = [](char32_t c) {
    return digit_value(c) >= 0 || digit_of_letter(c, false) != 0;
  };
  return numeric(text.previous(at).value) || numeric(text.next(at + size).value) ||
         !text.word_before(at);
}

}  // namespace

plain_copy::plain_copy(const text_window& text, std::size_t place, span_found disguised) noexcept
    : begin_(text.begin()) {
  while (begin_ < place && (text[begin_] & 0xC0U) == 0x80U) ++begin_;
  std::size_t at = begin_;
  while (at < text.end()) {
    if (at == place) place_ = size_;
    const seen c = text.next(at);
    char plain = plain_of(c.value);
    std::size_t size = c.size;
    if (c.value == '\\' && at + 1 < text.end() && escaped(text[at + 1]) != 0) {
      plain = escaped(text[at + 1]);
      size = 2;
    }
    if (plain == 0 && at >= disguised.begin && at < disguised.end) {
      const char digit = digit_of_letter(c.value, false);
      if (is_mark(c.value)) plain = '-';
      if (digit != 0 && stands_for_digit(text, at, size)) plain = digit;
    }
    if (plain != 0) {
      put(plain, at);
    } else {
      for (std::size_t i = 0; i < size; ++i) put(static_cast<char>(text[at + i]), at + i);
    }
    at += size;
  }
  offsets_[size_] = static_cast<std::uint16_t>(at - begin_);
}

}  // namespace clientbook::scanner
