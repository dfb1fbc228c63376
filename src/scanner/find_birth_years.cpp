// Years that somebody was born in, where the word of birth stands behind the number (1942年生まれ,
// 1944 г.р., 1981 doğumlu) or some words before it (`born in the spring of 1981`, `Jahrgang 1985`,
// `*1953`). Not in firmware.
#include "rules.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

constexpr unsigned first_year = 1900;
constexpr unsigned last_year = 2024;  // As too_young() of find_dates.cpp.
constexpr unsigned long_ago = 2012;   // Letters and wine: nobody who buys alone is younger.

struct year_read {
  unsigned value = 0;
  std::size_t digits = 0;
  std::size_t end = 0;
};
year_read year_at(const text_window& text, std::size_t at) noexcept {
  year_read out{0, 0, at};
  while (out.digits < 5) {
    const seen c = text.next(out.end);
    const int digit = c.size == 0 ? -1 : digit_value(c.value);
    if (digit < 0) break;
    out.value = out.value * 10 + static_cast<unsigned>(digit);
    ++out.digits;
    out.end += c.size;
  }
  return out;
}

std::size_t over_blank(const text_window& text, std::size_t at) noexcept {
  return text[at] == ' ' ? at + 1 : at;
}

// `年3月5日`, ` 년 3월`: the rest of a day of East Asia; `at` where none stands.
std::size_t over_units(const text_window& text, std::size_t at) noexcept {
  constexpr std::u32string_view units = U"年月日년월일";
  std::size_t end = at;
  for (int parts = 0; parts < 3; ++parts) {
    std::size_t place = over_blank(text, end);
    if (parts != 0) {
      const year_read number = year_at(text, place);
      if (number.digits == 0 || number.digits > 2) break;
      place = over_blank(text, number.end);
    }
    const seen unit = text.next(place);
    if (units.find(unit.value) == units.npos || unit.size == 0) break;
    end = place + unit.size;
  }
  return end;
}

// 生まれ, 生, 出生, 생, 출생 behind a day or a year; not 生产, and no pupil of the third year
// (3年生).
std::size_t over_birth_sign(const text_window& text, std::size_t at) noexcept {
  constexpr std::string_view words[] = {
      "\u751F\u307E\u308C", "\u51FA\u751F\u4E8E", "\u51FA\u751F", "\u8A95\u751F", "\u8BDE\u751F",
      "\uCD9C\uC0DD",       "\uD0DC\uC0DD",       "\uC0DD",       "\u751F"};
  const std::size_t place = over_blank(text, at);
  for (const std::string_view one : words) {
    if (text.end() - place < one.size() || text.bytes(place, place + one.size()) != one) continue;
    const std::size_t end = place + one.size();
    const char32_t next = text.next(end).value;
    constexpr std::u32string_view of_goods = U"产産成活鮮鲜命徒鸡生地산";
    const bool bare = one.size() == 3;
    return bare && next != 0 && of_goods.find(next) != of_goods.npos ? at : end;
  }
  return at;
}

// `г.р.`, `г. р.`, `г/р`, `р. н.`, `d.lu`.
bool letters_of_birth(const text_window& text, std::size_t at) noexcept {
  std::size_t place = over_blank(text, at);
  const auto letter = [&](char32_t one) {
    const seen c = text.next(place);
    if (c.value != one && c.value + 0x20 != one) return false;
    place += c.size;
    return true;
  };
  const auto stop = [&] {
    if (text[place] != '.' && text[place] != '/') return false;
    place = over_blank(text, place + 1);
    return true;
  };
  const std::size_t begin = place;
  const auto both = [&](char32_t first, char32_t second) {
    place = begin;
    return letter(first) && stop() && letter(second) &&
           (text[place] == '.' || !text.word_at(place));
  };
  if (both(0x433, 0x440) || both(0x440, 0x43D)) return true;
  place = begin;
  return letter('d') && text[place] == '.' && text.letter_at(place + 1) &&
         (text[place + 1] | 0x20) == 'l' && (text[place + 2] | 0x20) == 'u';
}

// ` года рождения`, `-ben született`, ` yılında doğdu`, `-born`.
bool word_of_birth_behind(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  for (int words = 0; words < 2; ++words) {
    const unsigned char sign = text[place];
    if (sign != ' ' && sign != '-' && sign != '.' && words == 0 && !text.word_at(place))
      return false;
    while (place - at < 24 && (text[place] == ' ' || text[place] == '-' || text[place] == '.')) {
      ++place;
    }
    const folded_word word = word_from(text, place);
    if (word.size == 0) return false;
    if (is_in(extent::births_behind, word)) return true;
    if (!is_in(extent::births_behind_joins, word)) return false;
    place = word.end;
  }
  return false;
}

// Where the era before the number begins: 昭和55年生まれ.
std::size_t with_era(const text_window& text, std::size_t at) noexcept {
  if (at - text.begin() < 6 || text.previous(at).value < 0x2E80) return at;
  return is_in(extent::eras, text.bytes(at - 6, at)) ? at - 6 : at;
}

// Where a year or its month begins that a word of birth stands before, with nothing but words of
// the year between; `none` where none does.
constexpr std::size_t none = static_cast<std::size_t>(-1);
std::size_t born_then(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  std::size_t begin = at;
  for (int words = 0; words < 7; ++words) {
    if (text[place - 1] != ' ') return none;
    --place;
    const bool stop = text[place - 1] == '.';  // `ca. 1981`, `des. 1993`
    if (stop) --place;
    const folded_word word = word_until(text, place);
    if (word.size == 0) return none;
    if ((kinds_of_word(word.view()) & birth_word) != 0) return words != 0 ? begin : none;
    const bool month = month_of(word.view()) != 0;
    if (!month && !is_in(extent::birth_fillers, word) && !is_in(extent::weekdays, word)) {
      return none;
    }
    if (month && words == 0) begin = word.begin;
    place = word.begin;
  }
  return none;
}

// Whether some words before a year or behind it are of goods that have one too.
bool goods_of_year(const text_window& text, std::size_t at, std::size_t end) noexcept {
  std::size_t place = at;
  for (int words = 0; words < 4 && text[place - 1] == ' '; ++words) {
    const folded_word word = word_until(text, place - 1);
    if (word.size == 0) break;
    if (is_in(extent::vintage_goods, word)) return true;
    place = word.begin;
  }
  place = end;
  for (int words = 0; words < 3 && (text[place] == ' ' || text[place] == ','); ++words) {
    while (text[place] == ' ' || text[place] == ',') ++place;
    const folded_word word = word_from(text, place);
    if (word.size == 0) break;
    if (is_in(extent::vintage_goods, word)) return true;
    place = word.end;
  }
  return false;
}

// `Jahrgang 1985`, where nothing beside it has a year too. Some words are also of other numbers:
// `classe 1958`, not `classe 10`.
bool vintage_of_person(const text_window& text, std::size_t at, std::size_t end) noexcept {
  std::size_t place = at;
  while (at - place < 3 &&
         (text[place - 1] == ' ' || text[place - 1] == '.' || text[place - 1] == ':')) {
    --place;
  }
  const folded_word word = word_until(text, place);
  if (word.size == 0) return false;
  const bool whole = end - at == 4 && is_in(extent::vintages_of_four, word);
  return (whole || is_in(extent::vintages, word)) && !goods_of_year(text, word.begin, end);
}

// `58er Jahrgang`, `1958er Jahrgang`
bool vintage_behind(const text_window& text, std::size_t at, std::size_t end) noexcept {
  if (text[end] != 'e' || text[end + 1] != 'r' || text[end + 2] != ' ') return false;
  const folded_word word = word_from(text, end + 3);
  return word.size != 0 && is_in(extent::vintages, word) && !goods_of_year(text, at, word.end);
}

// `*1953`, `(* 1953)`, `Anna *12.03.1953`: the star of a genealogist, which no number and no line's
// beginning stands before.
bool star_before(const text_window& text, std::size_t at, std::size_t end) noexcept {
  std::size_t star = at;
  if (text[star - 1] == ' ') --star;
  if (text[star - 1] != '*' || text[star - 2] == '*' || text[end] == '*') return false;
  const std::size_t before = star - 1;
  const bool first = before == text.begin() || text[before - 1] == '\n';
  if (first) return star == at;
  const unsigned char sign = text[before - 1];
  if (sign == '(' || sign == ',' || sign == ';') return true;
  if (sign != ' ') return false;
  const context words = words_before(text, before, words_wanted::nearest);
  return !((words.nearest & order_word) != 0 && words.adjacent);
}

// `b. 1994`, `f. 1981`, `р. 1989`: small, since a capital one is of a name.
bool letter_before(const text_window& text, std::size_t at) noexcept {
  const std::size_t place = text[at - 1] == ' ' ? at - 1 : at;
  if (text[place - 1] != '.') return false;
  const seen letter = text.previous(place - 1);
  const bool of_birth = letter.value == 'b' || letter.value == 'f' || letter.value == 0x440;
  return of_birth && !text.word_before(place - 1 - letter.size) &&
         text[place - 2 - letter.size] != '.';
}

// `85.03.05生`, `86. 3. 12.생`, `850305생`, `S55.3.5生まれ`: a day that a sign of birth ends, the
// year first. 生 alone must end its word (1.5生ビール).
find day_of_birth_sign(const text_window& text, std::size_t at) noexcept {
  const auto good = [](unsigned month, unsigned day) {
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  };
  const auto ended = [&](std::size_t end) {
    const std::size_t born = over_birth_sign(text, end);
    const bool bare = born - over_blank(text, end) == 3;
    return born != end && !(bare && class_of(text.next(born).value) == char_class::letter);
  };
  const year_read year = year_at(text, at);
  if (year.digits == 5) {
    std::size_t end = at;
    unsigned value = 0;
    std::size_t digits = 0;
    for (; digits < 9 && text.digit_at(end); ++end, ++digits)
      value = value * 10 + (text[end] & 15U);
    const bool whole = digits == 6 || digits == 8;
    return whole && good(value / 100 % 100, value % 100) && ended(end)
               ? find{at, end, rule::date_birth}
               : find{};
  }
  const bool era = text.letter_at(at - 1);
  if (era &&
      std::string_view("MTSHR").find(static_cast<char>(text[at - 1])) == std::string_view::npos) {
    return {};
  }
  if (era && text.word_before(at - 1)) return {};
  if (!era && year.digits != 2 && year.digits != 4) return {};
  const unsigned char sign = text[year.end];
  if (sign != '.' && sign != '-' && sign != '/') return {};
  const year_read month = year_at(text, over_blank(text, year.end + 1));
  if (month.digits == 0 || month.digits > 2) return {};
  year_read day{1, 1, month.end};
  if (text[month.end] == sign) {
    const year_read read = year_at(text, over_blank(text, month.end + 1));
    if (read.digits != 0) day = read;
  }
  const std::size_t end = text[day.end] == '.' ? day.end + 1 : day.end;
  return day.digits <= 2 && good(month.value, day.value) && ended(end)
             ? find{era ? at - 1 : at, end, rule::date_birth}
             : find{};
}

// `born '58`, `b. ’58`, `Jahrgang '58`, `born in '58`: the century left out.
find short_year_at(const text_window& text, std::size_t at, std::size_t end) noexcept {
  const seen mark = text.previous(at);
  if (mark.value != '\'' && mark.value != 0x2019 && mark.value != 0x2018) return {};
  const std::size_t begin = at - mark.size;
  // A letter is less than a word: `b. '24 stock`.
  const bool of_last_century = text[at] >= '3';
  const bool born = birth_word_before(text, begin) || born_then(text, begin) != none ||
                    (of_last_century && letter_before(text, begin)) ||
                    vintage_of_person(text, begin, end);
  return born ? find{begin, end, rule::date_birth} : find{};
}

}  // namespace

bool born_behind(const text_window& text, std::size_t end) noexcept {
  return over_birth_sign(text, end) != end || letters_of_birth(text, end) ||
         word_of_birth_behind(text, end);
}

find birth_year_at(const text_window& text, std::size_t at) noexcept {
  const seen before = text.previous(at);
  if (class_of(before.value) == char_class::digit) return {};
  if (const find day = day_of_birth_sign(text, at)) return day;
  const bool joined = before.value < 0x2E80 && text.word_before(at);
  if (joined) return {};
  const year_read year = year_at(text, at);
  const bool whole = year.digits == 4 && year.value >= first_year && year.value <= last_year;
  const std::size_t begin = with_era(text, at);
  if (whole || year.digits == 2 || (begin != at && year.digits <= 2 && year.digits != 0)) {
    const std::size_t units = over_units(text, year.end);
    const std::size_t born = units == year.end ? units : over_birth_sign(text, units);
    if (born != units) return {begin, units, rule::date_birth};
    // `生于85年`
    if (units != year.end && birth_word_before(text, at)) return {begin, units, rule::date_birth};
  }
  const bool goes_on = text.word_at(year.end) || text.digit_at(year.end + 1);  // `JG 05 72 42 C`
  if (year.digits == 2 && !goes_on) {
    // `65 г.р.`
    if (vintage_of_person(text, at, year.end) || letters_of_birth(text, year.end)) {
      return {at, year.end, rule::date_birth};
    }
    if (const find year_alone = short_year_at(text, at, year.end)) return year_alone;
  }
  if ((year.digits == 2 || (whole && year.value < long_ago)) &&
      vintage_behind(text, at, year.end)) {
    return {at, year.end, rule::date_birth};
  }
  if (!whole) return {};
  if (letters_of_birth(text, year.end)) return {at, year.end, rule::date_birth};
  const unsigned char sign = text[year.end];
  if (text.word_at(year.end) ||
      ((sign == '.' || sign == ',' || sign == '/' || sign == '-') && text.digit_at(year.end + 1))) {
    return {};
  }
  const bool old = year.value < long_ago;
  if (const std::size_t from = born_then(text, at); from != none) {
    return {from, year.end, rule::date_birth};
  }
  if (word_of_birth_behind(text, year.end) || (old && letter_before(text, at)) ||
      (old && star_before(text, at, year.end)) || (old && vintage_of_person(text, at, year.end))) {
    return {at, year.end, rule::date_birth};
  }
  return {};
}

bool star_of_birth(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  return star_before(text, begin, end);
}

}  // namespace clientbook::scanner
