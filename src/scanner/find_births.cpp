// Days of birth as nobody else writes a day: in other calendars and eras (2533, 1364, 昭和60年),
// with Roman months, with any sign between the parts. Only beside a word of birth, which decides
// that what looks like a day is one: so the shape is wide, and a size or a price is still none. Not
// in firmware.
#include "rules.hpp"
#include "sign_set.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

constexpr std::size_t most_parts = 7;

struct number_read {
  unsigned value = 0;
  unsigned digits = 0;
  std::size_t end = 0;
};
number_read number_at(const text_window& text, std::size_t at) noexcept {
  number_read out{0, 0, at};
  while (out.digits < 9) {
    const seen c = text.next(out.end);
    const int value = c.size == 0 ? -1 : digit_value(c.value);
    if (value < 0) break;
    out.value = out.value * 10 + static_cast<unsigned>(value);
    ++out.digits;
    out.end += c.size;
  }
  return out;
}

// Of this calendar; of the Buddhist one and Thailand's; of the Persian and the Islamic one; of the
// Hebrew one.
bool may_be_year(const number_read& of) noexcept {
  if (of.digits == 2) return true;
  if (of.digits != 4) return false;
  const unsigned year = of.value;
  return (year >= 1880 && year < 2100) || (year >= 2420 && year < 2600) ||
         (year >= 1260 && year < 1470) || (year >= 5650 && year < 5850);
}

// `III`, `xii`: one to twelve, at most four letters.
unsigned roman_month(const folded_word& word) noexcept {
  constexpr std::array<std::string_view, 12> months = {"i",   "ii",   "iii", "iv", "v",  "vi",
                                                       "vii", "viii", "ix",  "x",  "xi", "xii"};
  for (unsigned i = 0; i < months.size(); ++i) {
    if (word.view() == months[i]) return i + 1;
  }
  return 0;
}

// 年 月 日, 년 월 일 in the place of a separator.
bool unit_of_day(char32_t c) noexcept {
  return c == 0x5E74 || c == 0x6708 || c == 0x65E5 || c == 0x53F7 || c == 0xB144 || c == 0xC6D4 ||
         c == 0xC77C;
}
bool between_parts(char32_t c) noexcept {
  static constexpr sign_set signs{
      U" .,/-_\\·•|'\u2019\u00A0\u202F\u2009\u3000:;\u060C\u066B~+\u05F3\u05F4\u0970"};
  return signs.has(c) || (c >= 0x2010 && c <= 0x2015) || (c >= 0xFF0C && c <= 0xFF0F);
}

std::size_t over_signs(const text_window& text, std::size_t at) noexcept {
  for (int signs = 0; signs < 3; ++signs) {
    const seen c = text.next(at);
    if (c.size == 0 || !between_parts(c.value)) break;
    at += c.size;
  }
  return at;
}

// What was read of a day: its numbers, and whether a word or a Roman number names the month.
class day_reader {
 public:
  explicit day_reader(const text_window& text) noexcept : text_(text) {}

  // `month`: its name stands before the place.
  bool read(std::size_t at, bool month) noexcept {
    month_ = month;
    for (std::size_t place = at; parts_ < most_parts;) {
      if (complete() ? !abbreviation(place) : !number(place) && !word(place)) break;
      place = over_signs(text_, end_);
    }
    return is_day();
  }
  // The last number that may only be a year.
  unsigned year() const noexcept {
    unsigned out = 0;
    for (std::size_t i = 0; i < count_; ++i)
      out = numbers_[i].digits == 4 ? numbers_[i].value : out;
    return out;
  }
  std::size_t end() const noexcept { return good_end_; }
  bool whole() const noexcept { return count_ == 3; }
  /// A day and a year: `25 '32` behind a month.
  bool may_follow_month() const noexcept { return count_ == 2 && numbers_[0].digits <= 2; }

 private:
  // Nothing of a day is missing: what follows is another number.
  bool complete() const noexcept { return count_ == 3 || (month_ && count_ == 2); }

  // `22 d.` of Lithuanian days, `1985 г.`
  bool abbreviation(std::size_t at) noexcept {
    const folded_word found = word_from(text_, at);
    if (found.size == 0 || text_[found.end] != '.' || found.end - found.begin > 2 ||
        !is_in(extent::date_joins, found)) {
      return false;
    }
    end_ = good_end_ = found.end + 1;
    parts_ = most_parts;
    return true;
  }

  bool number(std::size_t at) noexcept {
    const number_read found = number_at(text_, at);
    if (found.digits == 0 || count_ == 3) return false;
    std::size_t unit_at = found.end;
    if (text_[unit_at] == ' ') ++unit_at;
    const seen behind = text_.next(unit_at);
    const bool unit = unit_of_day(behind.value);
    numbers_[count_++] = found;
    ++parts_;
    end_ = unit ? unit_at + behind.size : found.end;
    good_end_ = end_;
    return true;
  }

  bool word(std::size_t at) noexcept {
    const folded_word found = word_from(text_, at);
    if (found.size == 0) return false;
    const bool roman = found.capital && roman_month(found) != 0;
    if (month_of(found.view()) != 0 || roman ||
        (!is_in(extent::date_joins, found) && between(found))) {
      if (month_ && !short_thai(found)) return false;
      month_ = true;
      good_end_ = found.end;
    } else if (!is_in(extent::date_joins, found)) {
      return false;
    }
    ++parts_;
    end_ = found.end;
    return true;
  }

  // A month that nobody knows stands between a day and a year: `24 pri 1972`, `1969 דצמ׳ 1`, `12
  // มี.ค. 2533`.
  bool between(const folded_word& word) const noexcept {
    if (count_ != 1) return false;
    if (short_thai(word)) return true;
    if (word.end - word.begin < 3) return false;
    const std::size_t next = over_signs(text_, word.end);
    const number_read number = number_at(text_, next);
    const number_read& first = numbers_[0];
    if (next == word.end || number.digits == 0) return false;
    return first.digits == 4 ? number.digits <= 2
                             : first.digits <= 2 && number.digits == 4 && may_be_year(number);
  }
  // `มี.ค.`: single letters with full stops.
  bool short_thai(const folded_word& word) const noexcept {
    const char32_t first = text_.next(word.begin).value;
    return first >= 0x0E00 && first < 0x0E80 && word.end - word.begin <= 9 &&
           text_[word.end] == '.';
  }

  bool is_day() const noexcept {
    std::size_t years = 0;
    std::size_t long_numbers = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const number_read& one = numbers_[i];
      years += may_be_year(one) ? 1U : 0U;
      long_numbers += one.digits > 2 ? 1U : 0U;
      if (one.digits > 4 || one.digits == 3) return false;
    }
    if (long_numbers > 1 || years == 0) return false;
    if (count_ == 3) return true;
    if (count_ == 2 && !month_) return long_numbers == 1 && month_beside_year();
    if (count_ == 2) return true;
    // A year alone, of another calendar too; a day and its month.
    return count_ == 1 && (long_numbers == 1 || month_);
  }

  // `12/1985`, `1985-03`, `1985年3月`, not `1985 38`.
  bool month_beside_year() const noexcept {
    const number_read& other = numbers_[numbers_[0].digits > 2 ? 1 : 0];
    const unsigned char sign = text_[numbers_[0].end];
    const bool spaced = sign == ' ' || sign == ',' || sign == ';' || sign == ':' || sign == '|';
    return other.value >= 1 && other.value <= 12 && !spaced;
  }

  const text_window& text_;
  std::array<number_read, 3> numbers_{};
  std::size_t count_ = 0;
  std::size_t parts_ = 0;
  bool month_ = false;
  std::size_t end_ = 0;
  std::size_t good_end_ = 0;
};

std::size_t back_over(const text_window& text, std::size_t at, std::string_view signs) noexcept {
  while (signs.find(static_cast<char>(text[at - 1])) != signs.npos) --at;
  return at;
}

// Where an era or a month stands before the number: 昭和60年, `S60.3.12`, `พ.ศ. 2533`, `Mar 12`.
// `whole`: the numbers alone are a day.
std::size_t with_front(const text_window& text, std::size_t at, bool whole) noexcept {
  std::size_t place = at;
  while (at - place < 4 && between_parts(text.previous(place).value)) {
    place -= text.previous(place).size;
  }
  if (place == at && text.letter_at(at - 1) && !text.word_before(at - 1)) {
    constexpr std::string_view eras = "MTSHR";
    return eras.find(static_cast<char>(ascii_upper(text[at - 1]))) == eras.npos ? at : at - 1;
  }
  const folded_word word = word_until(text, place);
  if (word.size == 0) return at;
  // `tetor 2011`, `sht. 20, 2000`: a month that nobody knows stands right behind the word of birth.
  if (!whole && place != at && place == at - 1 && word.size >= 3 &&
      birth_word_before(text, word.begin) &&
      (words_before(text, word.end, words_wanted::nearest).nearest & birth_word) == 0) {
    return word.begin;
  }
  // `marzo de 1985`
  if (is_in(extent::date_joins, word)) {
    const folded_word month = word_until(text, back_over(text, word.begin, " "));
    if (month.size != 0 && month_of(month.view()) != 0) return month.begin;
  }
  if (month_of(word.view()) != 0 || is_in(extent::eras, word)) return word.begin;
  // Of two signs, right before the number, whatever stands before them.
  if (place != at || word.end - word.begin < 6) return at;
  const std::size_t begin = place - 6;
  return is_in(extent::eras, text.bytes(begin, place)) ? begin : at;
}

// `b-day: 12/3`
bool b_day_before(const text_window& text, std::size_t at) noexcept {
  std::size_t end = at;
  while (at - end < 8 && end > text.begin() && !text.word_before(end))
    end -= text.previous(end).size;
  if ((text[end - 1] | 0x20) != 'y' || (text[end - 2] | 0x20) != 'a' ||
      (text[end - 3] | 0x20) != 'd') {
    return false;
  }
  const unsigned char sign = text[end - 4];
  return (sign == '-' || sign == ' ') && (text[end - 5] | 0x20) == 'b' &&
         !text.word_before(end - 5);
}

}  // namespace

// `f. 12.03.1985`, `s. 3.5.1958`, `р. 12.03.1985`, `F.N. 12/03/1985`: letters that are also other
// words, so that the day must be long ago.
bool birth_letter_before(const text_window& text, std::size_t at, unsigned year) noexcept {
  constexpr unsigned long_ago = 2012;
  if (year == 0 || year >= long_ago) return false;
  std::size_t end = at;
  for (int signs = 0; signs < 6 && end > text.begin(); ++signs) {
    const seen c = text.previous(end);
    static constexpr sign_set between{U" :=,\t(-#|>*\n\u2013\u2026"};
    if (!between.has(c.value)) break;
    end -= c.size;
  }
  if (end == at || text[end - 1] != '.') return false;
  const seen letter = text.previous(end - 1);
  if (text.word_before(end - 1 - letter.size)) return false;
  const char32_t small = letter.value < 0x80 ? letter.value | 0x20U : letter.value;
  return small == 'b' || small == 'f' || small == 's' || small == 'n' || small == 'd' ||
         small == 0x440 || small == 0x420 || small == 0x43D;
}

bool birth_word_before(const text_window& text, std::size_t at) noexcept {
  // `nar.\n1 IX 1997`: the full stop ends a short word, and no sentence.
  std::size_t end = at;
  while (at - end < 8 && end > text.begin() && !text.word_before(end)) {
    end -= text.previous(end).size;
  }
  const context words = words_before(text, end, words_wanted::nearest);
  if ((words.nearest & birth_word) != 0) return words.adjacent;
  // `D. Tarihi`, of Turkish: the day of birth
  if ((text[end - 1] | 0x20) != 'i' && (text[end - 1] | 0x20) != 'y') return false;
  if (const folded_word word = word_until(text, end);
      word.view() == "tarihi" && text[word.begin - 1] == ' ' && text[word.begin - 2] == '.' &&
      (text[word.begin - 3] | 0x20) == 'd' && !text.word_before(word.begin - 3)) {
    return true;
  }
  return b_day_before(text, at);
}

find loose_birth_at(const text_window& text, std::size_t at) noexcept {
  // Most numbers are no part of any day: told before words are read.
  day_reader alone(text);
  const bool is_day = alone.read(at, false);
  if (!is_day && !alone.may_follow_month()) return {};
  const bool whole = is_day && alone.whole();
  const std::size_t begin = with_front(text, at, whole);
  const bool month = begin != at && month_of(word_from(text, begin).view()) != 0;
  day_reader behind_month(text);
  if (month ? !behind_month.read(at, true) : !is_day) return {};
  const day_reader& day = month ? behind_month : alone;
  if (text.word_before(begin) && text.previous(begin).value < 0x2E80 &&
      text.previous(begin).value < 0x0E00) {
    return {};
  }
  if (!birth_word_before(text, begin) && !birth_letter_before(text, begin, day.year())) return {};
  return {begin, day.end(), rule::date_birth};
}

}  // namespace clientbook::scanner
