// Plain signs in the place of those that look like them, so that rules for ASCII find what people
// paste. A look-alike is what a reader takes for the plain sign, not what folding makes of it.
#include "lookalikes.hpp"

#include <clientbook/internal/model/card_data.hpp>

namespace clientbook::scanner {
namespace {

// Digits in circles, brackets and exponents, with full stops and commas: the first of each row, its
// value, and how many follow. No letters or numbers by their class, so that only a value of many of
// them is read as one.
struct odd_digits {
  char32_t first;
  std::uint8_t value;
  std::uint8_t count;
};
constexpr odd_digits all_odd_digits[] = {
    {0xB2, 2, 2},     {0xB9, 1, 1},    {0x2070, 0, 1}, {0x2074, 4, 6}, {0x2080, 0, 10},
    {0x2460, 1, 9},   {0x2474, 1, 9},  {0x2488, 1, 9}, {0x24EA, 0, 1}, {0x24F5, 1, 9},
    {0x24FF, 0, 1},   {0x2776, 1, 9},  {0x2780, 1, 9}, {0x278A, 1, 9}, {0x1F100, 0, 1},
    {0x1F101, 0, 10}, {0x1F10B, 0, 1}, {0x1F10C, 0, 1}};

// The value of one, or -1.
int odd_digit(char32_t c) noexcept {
  if (c < 0xB2 || (c > 0xB9 && c < 0x2070) || (c > 0x2792 && c < 0x1F100)) return -1;
  for (const odd_digits& row : all_odd_digits) {
    if (c >= row.first && c < row.first + row.count) {
      return static_cast<int>(row.value + (c - row.first));
    }
  }
  return -1;
}

// What a reader does not see, and the box of a keycap: nothing within a value.
bool is_nothing(char32_t c) noexcept {
  return c == 0xAD || c == 0x61C || c == 0x20E3 || c == 0x180E || c == 0xFEFF ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069) || (c >= 0xFE00 && c <= 0xFE0F);
}

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
    case 0x427:  // Che.
      return '4';
    case 'S':
    case 0x405:  // Dze.
    case 0x455:
      return '5';
    case 'B':
    case 0x412:
      return '8';
    case 0x431:  // Be.
      return '6';
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
  std::size_t odd = 0;  // Digits of all_odd_digits, and boxes of keycaps.
  bool fits = true;
};
constexpr std::size_t longest_token = 34;
constexpr std::size_t most_bytes = 160;  // Of a value whose digits are drawn, each with its marks.

bool in_token(char32_t c) noexcept {
  return text_window::is_word(class_of(c)) || odd_digit(c) >= 0 || is_nothing(c);
}

token token_from(const text_window& text, std::size_t begin) noexcept {
  token out;
  out.begin = out.end = begin;
  bool sure = true;
  for (std::size_t signs = 0; signs < longest_token && out.end - begin < most_bytes;) {
    const seen c = text.next(out.end);
    if (c.size == 0 || !in_token(c.value)) break;
    if (is_nothing(c.value)) {
      out.odd += c.value == 0x20E3 ? 1U : 0U;
      out.end += c.size;
      continue;
    }
    ++signs;
    if (odd_digit(c.value) >= 0) {
      ++out.digits;
      ++out.odd;
    } else if (digit_value(c.value) >= 0) {
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
  for (std::size_t signs = 0; signs < longest_token && at - begin < most_bytes;) {
    const seen c = text.previous(begin);
    if (c.size == 0 || !in_token(c.value)) break;
    signs += is_nothing(c.value) ? 0U : 1U;
    begin -= c.size;
  }
  return begin;
}

// Where the next token begins behind what parts groups at `at`; `at` where no group follows.
std::size_t over_parting(const text_window& text, std::size_t at, bool& marked) noexcept {
  std::size_t place = at;
  bool mark = false;
  for (int signs = 0; signs < 3; ++signs) {
    const seen c = text.next(place);
    const bool is = is_mark(c.value);
    const bool plain = plain_of(c.value) == ' ' || c.value == ' ' || c.value == '-' ||
                       c.value == '.' || c.value == '/' || c.value == '(' || c.value == ')';
    if (c.size == 0 || (!is && !plain)) break;
    // In a table and in lists spaces stand around a mark, but for dots.
    const std::size_t behind = place + c.size;
    const bool tight = (place == at || text[place - 1] == ')') && in_token(text.next(behind).value);
    if (is && !is_dot_mark(c.value) && !tight) return at;
    mark = mark || is;
    place = behind;
  }
  if (place == at || !in_token(text.next(place).value)) return at;
  marked = marked || mark;
  return place;
}

// Where the token before the one at `begin` begins; `begin` without one.
std::size_t token_before(const text_window& text, std::size_t begin) noexcept {
  std::size_t place = begin;
  for (int signs = 0; signs < 3; ++signs) {
    const seen c = text.previous(place);
    if (c.size == 0 || in_token(c.value) || c.value == '\n' || c.value == ',') break;
    place -= c.size;
  }
  if (place == begin || !in_token(text.previous(place).value)) return begin;
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

std::size_t end_of_digits(const text_window& text, std::size_t at) noexcept {
  while (text.digit_at(at)) ++at;
  return at;
}

// Groups of digits with the same signs between them, whatever these are: `4111:1111:1111:1111`,
// `627#24#7170`, `212 = 555 = 0187`.
struct signed_groups {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t sign = 0;   // Bytes between two groups.
  bool card = false;      // By its check digit and issuer, in fours.
  bool security = false;  // 3-2-4.
  bool of_lists = false;  // Signs that cells and items of a list stand apart by.

  explicit operator bool() const noexcept { return begin < end; }
};

bool parts_list(std::string_view signs) noexcept {
  return signs.find_first_of(",;\t|\n\r") != signs.npos;
}

signed_groups groups_by_one_sign(const text_window& text, std::size_t at) noexcept {
  constexpr std::size_t longest_card = 19;
  std::array<std::uint8_t, longest_card> digits;
  std::size_t count = 0;
  std::size_t groups = 0;
  std::size_t sizes = 0;  // A digit for each group.
  bool fours = true;
  bool long_group = false;
  bool short_group = false;
  std::size_t last = 0;
  std::string_view signs;
  signed_groups out;
  if (text.digit_at(at - 1)) return {};
  for (std::size_t place = at;;) {
    std::size_t size = 0;
    for (; text.digit_at(place) && count < longest_card; ++place, ++size) {
      digits[count++] = static_cast<std::uint8_t>(text[place] - '0');
    }
    if (text.digit_at(place) || size == 0 || size > 6) return {};
    short_group = short_group || size == 1;
    ++groups;
    sizes = sizes * 10 + size;
    last = size;
    long_group = long_group || size >= 3;
    out.end = place;
    const std::size_t next = over_one_sign(text, place);
    if (next == place) break;
    fours = fours && size == 4;  // Of the groups before the last.
    if (groups == 1) signs = text.bytes(place, next);
    if (text.bytes(place, next) != signs) return {};
    place = next;
  }
  if (groups < 3 || count < 9 || !long_group || text.word_at(out.end)) return {};
  const std::span<const std::uint8_t> number(digits.data(), count);
  out.sign = signs.size();
  out.card = groups >= 4 && fours && last <= 4 && luhn_valid(number) && card_issued(number);
  if (short_group && !out.card) return {};
  out.security = groups == 3 && sizes == 324 && signs.size() == 1;
  out.of_lists = parts_list(signs);
  out.begin = at;
  return out;
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
    return c == '*' || c == '|' || c == '~' || c == 0xEF || c == 0xF0 || beyond || letter(c);
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

// As groups_by_one_sign(), where they are a person's: a card, or beside a word of people. Between
// commas only a card and 3-2-4 are, and only beside their words: others are lists.
signed_groups signs_between(const text_window& text, std::size_t at) noexcept {
  if (over_one_sign(text, end_of_digits(text, at)) == end_of_digits(text, at)) return {};
  const signed_groups found = groups_by_one_sign(text, at);
  if (!found || (found.card && !found.of_lists)) return found;
  if (found.of_lists && !found.card && !found.security) return {};
  return person_beside(text, at) ? found : signed_groups{};
}

}  // namespace

std::size_t over_one_sign(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  std::size_t signs = 0;
  for (; signs < 5; ++signs) {
    const seen c = text.next(place);
    if (c.size == 0 || c.value == '\n' || text_window::is_word(class_of(c.value))) break;
    place += c.size;
  }
  const unsigned char first = text[at];
  const bool usual = place == at + 1 && (first == ' ' || first == '-' || first == '.');
  return usual || !text.digit_at(place) ? at : place;
}

span_found disguised_number(const text_window& text, std::size_t at) noexcept {
  if (const signed_groups one = signs_between(text, at)) return {one.begin, one.end};
  if (!may_be_disguised(text, at)) return {};
  // Also behind letters: `Visa4111·1111·...`, `卡号6011*...`.
  if (!text.digit_at(at - 1)) {
    if (const std::size_t card = card_in_marks(text, at)) return {at, card};
  }
  bool marked = false;
  std::size_t begin = token_begin(text, at);
  token one = token_from(text, begin);
  if (!one.fits) return {};
  const std::size_t longest = text[at] < 0x80 && text[at + 1] < 0x80 ? 48 : most_bytes;
  for (std::size_t before = token_before(text, begin); before != begin && at - before < longest;
       before = token_before(text, begin)) {
    if (!token_from(text, before).fits) break;
    begin = before;
  }
  std::size_t digits = 0;
  std::size_t letters = 0;
  std::size_t odd = 0;
  std::size_t end = begin;
  for (std::size_t next = begin; end - begin < longest;) {
    one = token_from(text, next);
    if (!one.fits && !(begins_account(text, begin) && of_bank(text, one))) break;
    digits += one.digits;
    letters += one.letters;
    odd += one.odd;
    end = one.end;
    next = over_parting(text, end, marked);
    if (next == end) break;
  }
  if (digits == 0 || digits + letters < 5 || end <= at) return {};
  if (letters == 0 && !marked && odd == 0) return {};
  // Nobody draws circles around the digits of prices.
  constexpr std::size_t many = 5;
  if (odd < many && !person_beside(text, begin) &&
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
  const signed_groups groups =
      disguised.begin < disguised.end ? groups_by_one_sign(text, disguised.begin) : signed_groups{};
  while (at < text.end()) {
    if (at == place) place_ = size_;
    const seen c = text.next(at);
    char plain = plain_of(c.value);
    std::size_t size = c.size;
    if (at > groups.begin && at < groups.end && !text.digit_at(at)) {
      put('-', at);
      at += groups.sign;
      continue;
    }
    if (c.value == '\\' && at + 1 < text.end() && escaped(text[at + 1]) != 0) {
      plain = escaped(text[at + 1]);
      size = 2;
    }
    if (plain == 0 && at >= disguised.begin && at < disguised.end) {
      const char digit = digit_of_letter(c.value, false);
      if (is_mark(c.value)) plain = '-';
      if (digit != 0 && stands_for_digit(text, at, size)) plain = digit;
      if (const int odd = odd_digit(c.value); odd >= 0) plain = static_cast<char>('0' + odd);
      if (is_nothing(c.value)) {
        at += size;
        continue;
      }
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
