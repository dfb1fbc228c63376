// Postal codes by the forms that countries gave them, and the towns before and behind them.
//
// Only a few forms (of the Netherlands, the United Kingdom, Canada, Ireland) say by themselves what
// they are; digits are a code only beside a town. Relies on the towns of find_towns.cpp.
#include "find_postcodes.hpp"

#include "word_lists.hpp"

namespace clientbook::scanner {

// Postal codes: how many bytes stand here, 0 if none.
std::size_t us_zip(const text_window& text, std::size_t at) noexcept {
  if (digits_from(text, at) != 5) return 0;
  if (text[at + 5] == '-' && digits_from(text, at + 6) == 4) return 10;
  return text.word_at(at + 5) ? 0 : 5;
}
std::size_t canada(const text_window& text, std::size_t at) noexcept {
  const auto l = [&](std::size_t i) { return text.letter_at(at + i); };
  const auto d = [&](std::size_t i) { return text.digit_at(at + i); };
  if (!l(0) || !d(1) || !l(2)) return 0;
  const std::size_t gap = text[at + 3] == ' ' || text[at + 3] == '-' ? 1 : 0;
  if (!d(3 + gap) || !l(4 + gap) || !d(5 + gap) || text.word_at(at + 6 + gap)) return 0;
  constexpr std::string_view never_first = "DFIOQUWZ";
  if (never_first.find(static_cast<char>(ascii_upper(text[at]))) != never_first.npos) return 0;
  return 6 + gap;
}
// The inward code has none of those that look like digits or each other.
bool inward_letter(unsigned char c) noexcept {
  return std::string_view("CIKMOV").find(static_cast<char>(ascii_upper(c))) ==
         std::string_view::npos;
}
// A9 9AA, A99, AA9, AA99, A9A, AA9A.
std::size_t united_kingdom(const text_window& text, std::size_t at) noexcept {
  std::size_t i = at;
  std::size_t letters = 0;
  while (letters < 2 && text.letter_at(i)) ++i, ++letters;
  if (letters == 0 || !text.digit_at(i)) return 0;
  ++i;
  const auto inward = [&](std::size_t from) {
    if (text[from] == ' ') ++from;
    return text.digit_at(from) && text.letter_at(from + 1) && text.letter_at(from + 2) &&
                   !text.word_at(from + 3) && inward_letter(text[from + 1]) &&
                   inward_letter(text[from + 2])
               ? from + 3
               : std::size_t{0};
  };
  std::size_t end = 0;
  if (text.digit_at(i) || text.letter_at(i)) end = inward(i + 1);
  if (end == 0) end = inward(i);
  return end == 0 ? 0 : end - at;
}
std::size_t netherlands(const text_window& text, std::size_t at) noexcept {
  if (digits_from(text, at) != 4 || text[at] == '0') return 0;
  const std::size_t gap = text[at + 4] == ' ' ? 1 : 0;
  const auto capital = [&](std::size_t i) { return text[i] >= 'A' && text[i] <= 'Z'; };
  if (!capital(at + 4 + gap) || !capital(at + 5 + gap) || text.word_at(at + 6 + gap)) return 0;
  return 6 + gap;
}
// Digits, as most countries of the continent have them: 4 to 6, `123 45`, `12-345`, `D-12345`.
std::size_t continental(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  if (text.letter_at(at) && text[at + 1] == '-') begin += 2;
  if (text.letter_at(at) && text.letter_at(at + 1) && text[at + 2] == '-') begin += 3;
  const std::size_t digits = digits_from(text, begin);
  if (digits >= 4 && digits <= 6) {
    if (digits == 4 && text[begin + 4] == '-' && digits_from(text, begin + 5) == 3) {
      return begin + 8 - at;
    }
    return text.word_at(begin + digits) ? 0 : begin + digits - at;
  }
  if (digits == 3 && text[begin + 3] == ' ' && digits_from(text, begin + 4) == 2) {
    return begin + 6 - at;
  }
  if (digits == 2 && text[begin + 2] == '-' && digits_from(text, begin + 3) == 3) {
    return begin + 6 - at;
  }
  return 0;
}

// All letters are capitals, as far as can be seen: they tell nothing.
bool shouted(const text_window& text, const folded_word& word) noexcept {
  if (!word.capital || word.size < 2) return false;
  const std::size_t second = word.begin + text.next(word.begin).size;
  if (text[second] < 0x80) return text[second] < 'a';
  return word_from(text, second).capital;
}

bool address_said(const text_window& text, std::size_t at) noexcept {
  const context before = words_before(text, at);
  return (before.nearest & address_word) != 0 && before.adjacent;
}

// What stands between the lines of an address: a comma, a line break (also escaped, as in JSON),
// a slash or dash before a state.
std::size_t over_joint(const text_window& text, std::size_t at, bool& line) noexcept {
  std::size_t end = over_space(text, at);
  line = false;
  if (text[end] == '.' && text[end + 1] == '\n') ++end;
  if (text[end] == ',') end = over_space(text, end + 1);
  for (int breaks = 0; breaks < 2; ++breaks) {
    if (text[end] == '\r') ++end;
    if (text[end] == '\n') {
      ++end;
    } else if (text[end] == '\\' && text[end + 1] == 'n') {
      end += 2;
    } else {
      break;
    }
    line = true;
    end = over_space(text, end);
  }
  if (end == at + 1 && (text[end] == '/' || text[end] == '-') && text[end + 1] == ' ') end += 2;
  return end;
}

// Eircode: a routing key and four letters or digits.
std::size_t ireland(const text_window& text, std::size_t at) noexcept {
  const bool small = text[at] >= 'a' && text[at] <= 'z';
  const auto letter = [&](std::size_t i) { return text.letter_at(i) && small == (text[i] >= 'a'); };
  constexpr std::string_view never_first = "BGIJLMOQSUZ";
  if (!letter(at) || !text.digit_at(at + 1) ||
      never_first.find(static_cast<char>(ascii_upper(text[at]))) != never_first.npos) {
    return 0;
  }
  if (!text.digit_at(at + 2) && ascii_upper(text[at + 2]) != 'W') return 0;
  const std::size_t id = text[at + 3] == ' ' ? at + 4 : at + 3;
  bool digit = false;
  for (std::size_t i = id; i < id + 4; ++i) {
    if (!text.digit_at(i) && !letter(i)) return 0;
    digit = digit || text.digit_at(i);
  }
  if (small && !digit) return 0;  // `d20 coat`
  return text.word_at(id + 4) ? 0 : id + 4 - at;
}

namespace {

struct postcode {
  std::size_t size = 0;
  bool sure = false;  // Its form alone tells that it is one.
};

// A postal code of any country, with what may stand before it.
postcode postcode_at(const text_window& text, std::size_t at) noexcept {
  if (text.letter_at(at) && !text.digit_at(at + 1) && !text.digit_at(at + 2) &&
      !text.digit_at(at + 3)) {
    // A word: those that stand before a code are short.
    std::size_t end = at;
    while (end < at + 9 && text.letter_at(end)) ++end;
    if (end == at + 9 || (!text.digit_at(end + 1) && !text.digit_at(end + 2))) return {};
  }
  for (const auto& form : {netherlands, united_kingdom, canada, ireland}) {
    if (const std::size_t size = form(text, at)) return {size, true};
  }
  // `1015 cj amsterdam`
  if (digits_from(text, at) == 4 && text[at + 4] == ' ') {
    const folded_word letters = word_from(text, at + 5);
    if (letters.end == at + 7 && letters.size == 2 && text[at + 7] == ' ' &&
        text.letter_at(at + 8) && !is_in(extent::no_code_letters, letters)) {
      return {7, true};
    }
  }
  std::size_t begin = at;
  const folded_word name = word_from(text, at);
  if (is_in(extent::code_names, name)) {
    begin = name.end;
    if (text[begin] == '.' || text[begin] == ':') ++begin;
    begin = over_space(text, begin);
  } else if (text[name.end] == '-' && (name.size == 1 || name.size == 2)) {
    begin = name.end + 1;
  }
  const std::size_t digits = digits_from(text, begin);
  std::size_t end = begin + digits;
  const auto more = [&](char joint, std::size_t count) {
    return text[end] == static_cast<unsigned char>(joint) && digits_from(text, end + 1) == count;
  };
  // 62701-1234, 01310-100, 2765-012, 11-400, 110 001, 111 20.
  if ((digits == 5 && (more('-', 4) || more('-', 3))) || (digits == 4 && more('-', 3)) ||
      (digits == 2 && more('-', 3)) || (digits == 3 && (more(' ', 2) || more(' ', 3)))) {
    end += 1 + digits_from(text, end + 1);
  } else if (digits < 4 || digits > 8) {
    return {};
  }
  if (text.word_at(end) || ((text[end] == ',' || text[end] == '.') && text.digit_at(end + 1))) {
    return {};
  }
  return {end - at, false};
}

// Small letters where a town is expected: as many words as stand before a comma, a line break or
// a code; 0 if there are more than four.
std::size_t over_small_town(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  for (int words = 0; words < 4; ++words) {
    const folded_word word = word_from(text, place);
    if (word.end == place) return 0;
    std::size_t end = word.end;
    if (text[end] == '.') ++end;
    if (text[end] == ',' || text[end] == '\n' || text[end] == '\r') return end;
    place = over_space(text, text[end] == '-' ? end + 1 : end);
    if (place == end) return 0;
    if (postcode_at(text, place).size != 0) return end;
  }
  return 0;
}

}  // namespace

// What stands behind a comma and is no town.

// The town behind a code, in small letters: a word, or two where the first is never alone.
std::size_t over_small_town_behind(const text_window& text, std::size_t at) noexcept {
  folded_word word = word_from(text, at);
  if (is_in(extent::never_alone, word) && (text[word.end] == ' ' || text[word.end] == '-')) {
    word = word_from(text, word.end + 1);
  }
  if (word.size <= 2) return at;
  if (text[word.end] == '\'' && !text.word_at(word.end + 1)) return word.end + 1;  // `forli'`
  const folded_word next = word_from(text, over_space(text, word.end));
  if (is_in(extent::no_town, word)) return at;
  return next.view() == "cedex" ? next.end : word.end;
}

namespace {

// `12 old mill road, norwich`: a town at the end of the phrase, where the street is written small
// as well; `at` if there is none.
std::size_t over_small_town_alone(const text_window& text, std::size_t end,
                                  std::size_t at) noexcept {
  const folded_word town = word_from(text, at);
  if (town.size < 4 || town.capital || is_in(extent::no_town, town)) return at;
  if (word_until(text, end).capital) return at;
  const std::size_t number = over_space(text, town.end);
  const std::size_t digits = number > town.end ? digits_from(text, number) : 0;
  const std::size_t stop = digits > 0 && digits < 3 ? number + digits : town.end;
  return ends_phrase(text, stop) ? stop : at;
}

// A word in brackets behind a space.
std::size_t over_bracketed(const text_window& text, std::size_t at) noexcept {
  if (text[at] != ' ' || text[at + 1] != '(') return at;
  const folded_word word = word_from(text, at + 2);
  return word.end > at + 2 && text[word.end] == ')' ? word.end + 1 : at;
}

}  // namespace

namespace {

// Reads the parts behind a street one after the other, each a town, a state or a postal code, with
// what stands between them; decides after the last how far the address goes. A code that any number
// could be needs a town beside it, a town needs a code, a comma or the end of a phrase.
class behind_street {
 public:
  behind_street(const text_window& text, std::size_t end, code_needed needed) noexcept
      : text_(text),
        end_(end),
        needed_(needed),
        comma_(text[over_space(text, end)] == ','),
        at_(over_joint(text, end, line_)),
        found_(end),
        town_alone_(end) {}

  // Where the address ends.
  std::size_t read() noexcept {
    if (at_ == end_) return end_;
    for (part_ = 0; part_ < most_parts; ++part_) {
      const std::size_t from = at_;
      const std::size_t part_end = read_part();
      if (part_end == 0) break;
      if (at_ != from) continue;  // A code stands directly behind the town.
      const std::size_t next = over_joint(text_, part_end, line_);
      if (next == part_end) break;
      apart_ = next != over_space(text_, part_end);
      at_ = next;
    }
    if (decided_ != 0) return decided_;
    return found_ != end_ || needed_ == code_needed::yes ? found_ : town_alone_;
  }

 private:
  static constexpr int most_parts = 6;

  // Each returns where the part ends, 0 where nothing more belongs to the address.
  std::size_t read_part() noexcept {
    const postcode code = coded_ ? postcode{} : postcode_at(text_, at_);
    if (code.size != 0) return read_code(code);
    std::size_t part_end = over_town(text_, at_);
    const bool small = part_end == at_;
    if (small && !coded_ && needed_ == code_needed::no) part_end = over_small_town(text_, at_);
    if (part_end <= at_) {
      decided_ = end_in_small_letters();
      return 0;
    }
    return coded_ ? read_province(part_end) : read_town(part_end, small);
  }

  std::size_t read_code(const postcode& code) noexcept {
    if (!counts(code)) return 0;
    const std::size_t after = at_ + code.size;
    std::size_t next = over_space(text_, text_[after] == ',' ? after + 1 : after);
    const std::size_t town_end = town_behind(after, next);
    std::size_t part_end = after;
    if (town_end > next + 2 && (!town_ || (next == after + 1 && !beside_ && !code.sure))) {
      part_end = town_end;
    } else if (!code.sure && !town_ &&
               (needed_ == code_needed::yes || us_zip(text_, at_) != code.size ||
                !ends_phrase(text_, after))) {
      return 0;
    }
    // `Milano (MI)`
    if (text_[part_end] == ' ' && text_[part_end + 1] == '(' && text_[part_end + 4] == ')') {
      part_end += 5;
    }
    if (is_in(extent::with_number, word_until(text_, part_end)) && text_[part_end] == ' ') {
      const std::size_t number = digits_from(text_, part_end + 1);
      if (number == 1 || number == 2) part_end += 1 + number;
    }
    coded_ = true;
    found_ = part_end;
    return part_end;
  }

  // Where a code has to prove itself, a town before it is not enough, but a state and a ZIP are.
  bool counts(const postcode& code) const noexcept {
    if (needed_ == code_needed::no || !town_ || code.sure) return true;
    const std::size_t behind = over_space(text_, at_ + code.size);
    if (!beside_ && over_town(text_, behind) > behind + 2) return true;
    const folded_word state = word_until(text_, text_[at_ - 1] == ' ' ? at_ - 1 : at_);
    return state.capital && state.end - state.begin == 2 && is_in(extent::us_states, state) &&
           us_zip(text_, at_) != 0;
  }

  // Where the town behind the code ends, and where it begins.
  std::size_t town_behind(std::size_t after, std::size_t& next) const noexcept {
    std::size_t town_end = over_town(text_, next);
    if (town_end <= next + 2 && !beside_ && next > after && (!town_ || small_town_)) {
      town_end = over_small_town_behind(text_, next);
    }
    if (town_end <= next + 2 && !town_) {
      bool broken = false;
      next = over_joint(text_, after, broken);  // A code on a line of its own.
      town_end = broken ? over_town(text_, next) : next;
    }
    return town_end;
  }

  // Where nothing with a capital letter stands: the end of the address, or 0.
  std::size_t end_in_small_letters() const noexcept {
    if (part_ == 0 && comma_ && !line_ && needed_ == code_needed::no) {
      const std::size_t alone = over_small_town_alone(text_, end_, at_);
      if (alone > at_) return alone;
    }
    if (!coded_ || line_) return 0;
    // A state or province in small letters.
    const folded_word first = word_from(text_, at_);
    if (first.size == 2 && text_[at_ - 2] == '/') return first.end;
    const folded_word second = word_from(text_, over_space(text_, first.end));
    const std::size_t stop = ends_phrase(text_, first.end) ? first.end : second.end;
    const bool may = small_town_ && apart_ && first.size > 2 && !is_in(extent::no_town, first);
    return may && ends_phrase(text_, stop) ? stop : 0;
  }

  // A province or country behind the code.
  std::size_t read_province(std::size_t part_end) noexcept {
    const folded_word state = word_from(text_, at_);
    const bool short_state = state.end == part_end && state.size <= 3 &&
                             (shouted(text_, state) || (state.size == 2 && text_[at_ - 2] == '/'));
    if (line_ ||
        (!short_state && (!apart_ || !ends_phrase(text_, part_end)) && !(apart_ && beside_))) {
      return 0;
    }
    found_ = part_end;
    return part_end;
  }

  std::size_t read_town(std::size_t part_end, bool small) noexcept {
    const folded_word first = word_from(text_, at_);
    if (is_in(extent::no_town, first)) return 0;
    part_end = over_district(part_end);
    const bool of_state = first.end == part_end && is_in(extent::us_states, first) &&
                          first.size == 2 && shouted(text_, first) && ends_phrase(text_, part_end);
    if (!small && !line_ &&
        (part_ == 0 ? (comma_ && part_end > at_ + 2) || of_state
                    : part_ == 1 && town_alone_ != end_ && ends_phrase(text_, part_end))) {
      town_alone_ = part_end;
    }
    town_ = true;
    small_town_ = small;
    part_end = without_code(part_end);
    // `L'Île-Perrot (QC) J7V 3G1`
    const std::size_t province = over_bracketed(text_, part_end);
    if (postcode_at(text_, over_space(text_, province)).size != 0) part_end = province;
    const std::size_t gap = text_[part_end] == '-' ? part_end + 1 : over_space(text_, part_end);
    const std::size_t code = text_[part_end - 1] == ' ' ? part_end : gap;
    if (part_end > at_ && (text_[part_end - 1] == ' ' || gap > part_end) &&
        postcode_at(text_, code).size != 0) {
      at_ = code;
      beside_ = true;
    }
    return part_end;
  }

  // `Dublin 4`, `RD 2`
  std::size_t over_district(std::size_t part_end) const noexcept {
    const std::size_t district = over_space(text_, part_end);
    const std::size_t digits = district > part_end ? digits_from(text_, district) : 0;
    const bool belongs =
        digits > 0 && digits < 3 && (ends_phrase(text_, district + digits) || part_end == at_ + 2);
    return belongs ? district + digits : part_end;
  }

  // A code's own letters, and a state, were taken for words of the town: where those begin.
  std::size_t without_code(std::size_t part_end) const noexcept {
    for (std::size_t word = at_; word < part_end;) {
      if (word > at_ && postcode_at(text_, word).sure) return word;
      const folded_word one = word_from(text_, word);
      word = one.end > word ? one.end : word + 1;
      while (word < part_end && !text_.word_at(word)) word += text_.next(word).size;
    }
    return part_end;
  }

  const text_window& text_;
  const std::size_t end_;  // Of the street.
  const code_needed needed_;
  const bool comma_;   // Behind the street.
  bool line_ = false;  // A line break stands before the part.
  std::size_t at_;     // Where the part begins.
  std::size_t found_;
  std::size_t town_alone_;  // Where a town without a code ends.
  std::size_t decided_ = 0;
  int part_ = 0;
  bool town_ = false;
  bool beside_ = false;      // The town stands directly before the code.
  bool apart_ = false;       // Not by a space alone.
  bool small_town_ = false;  // In small letters.
  bool coded_ = false;
};

}  // namespace

// Towns, states and postal codes behind a street, in any order: `, 20125 Milano (MI)`,
// `, London NW1 6XE`, `, Springfield, IL 62701`, `\nViedma 8500, Río Negro`; a town alone
// behind a comma. `needed`: only with a code that its form or the town behind it tells.
std::size_t over_postcode_and_town(const text_window& text, std::size_t end,
                                   code_needed needed) noexcept {
  if (needed == code_needed::yes) {
    std::size_t digit = end;
    while (digit < end + 48 && !text.digit_at(digit)) ++digit;
    if (digit == end + 48) return end;
  }
  return behind_street(text, end, needed).read();
}

}  // namespace clientbook::scanner
