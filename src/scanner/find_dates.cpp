// Dates, as people write them in the languages of the context words. A day must exist; whether it
// is one of birth is told by a word beside it, so that a date that is none still keeps its digits
// from other rules.
#include "rules.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

constexpr unsigned first_year = 1900;
constexpr unsigned last_year = 2099;

bool leap(unsigned year) noexcept { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

// Years of two digits, and 0 for none, may be leap years.
bool exists(unsigned number, unsigned month, unsigned year) noexcept {
  constexpr std::string_view days = "\x1F\x1D\x1F\x1E\x1F\x1E\x1F\x1F\x1E\x1F\x1E\x1F";
  if (month < 1 || month > 12 || number < 1) return false;
  unsigned most = static_cast<unsigned char>(days[month - 1]);
  if (month == 2 && year >= 100 && !leap(year)) most = 28;
  return number <= most;
}

struct digits_read {
  unsigned value = 0;
  unsigned count = 0;
  std::size_t end = 0;
};

// At most so many digits; of more none.
digits_read read_plainly(const text_window& text, std::size_t at, unsigned most) noexcept {
  digits_read out;
  out.end = at;
  for (;;) {
    const seen c = text.next(out.end);
    const int value = c.size == 0 ? -1 : digit_value(c.value);
    if (value < 0) return out;
    if (out.count == most) {
      out.count = 0;
      return out;
    }
    out.value = out.value * 10 + static_cast<unsigned>(value);
    ++out.count;
    out.end += c.size;
  }
}
// The same in two registers on the way back: value and count, and where they end.
CLIENTBOOK_ONCE two_registers read_packed(const text_window& text, std::size_t at,
                                          unsigned most) noexcept {
  unsigned value = 0;
  unsigned count = 0;
  for (;;) {
    const seen c = text.next(at);
    const int digit = c.size == 0 ? -1 : digit_value(c.value);
    if (digit < 0 || count == most) {
      if (digit >= 0) count = 0;
      return two_registers{value << 4 | count} << 32 | at;
    }
    value = value * 10 + static_cast<unsigned>(digit);
    ++count;
    at += c.size;
  }
}

[[gnu::always_inline]] inline digits_read read(const text_window& text, std::size_t at,
                                               unsigned most) noexcept {
  if constexpr (!compact) return read_plainly(text, at, most);
  const auto both = unpack(read_packed(text, at, most));
  return {both.size >> 4, both.size & 15U, both.value};
}

bool good_year(const digits_read& year) noexcept {
  return year.count == 2 ||
         (year.count == 4 && year.value >= first_year && year.value <= last_year);
}

// `/`, `-`, `.`, or a space-dot of typists, the same twice.
char32_t date_separator(char32_t c) noexcept {
  if (c >= 0x2010 && c <= 0x2013) return '-';
  if (c >= 0xFF00) c -= 0xFEE0;  // Full width.
  return c >= '-' && c <= '/' ? c : 0;
}

struct read_date {
  unsigned year_digits = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  explicit operator bool() const noexcept { return end != 0; }
};

// Not the beginning of a longer number, version or time.
bool ends_here(const text_window& text, std::size_t at) noexcept {
  const seen c = text.next(at);
  if (c.size == 0) return true;
  if (class_of(c.value) == char_class::digit) return false;
  if (text.letter_at(at) || c.value == '_') return text[at] == 'T' && text.digit_at(at + 1);
  if (date_separator(c.value) != 0) {
    return text.class_at(at + c.size) != char_class::digit;
  }
  return true;
}

// d/m/y, m/d/y, y-m-d and the like; two separators of one kind.
read_date numeric(const text_window& text, std::size_t at) noexcept {
  const digits_read first = read(text, at, 4);
  if (first.count == 0 || first.count == 3) return {};
  // `03 / 12 / 1985`: spaces on both sides of both signs.
  const bool spaced = !compact && text[first.end] == ' ';
  const std::size_t sign_at = first.end + (spaced ? 1U : 0U);
  const seen sign = text.next(sign_at);
  char32_t between = date_separator(sign.value);
  std::size_t second_at = sign_at + sign.size;
  if (between == 0 || (spaced && text[second_at] != ' ')) return {};
  second_at = between == '.' || spaced ? over_space(text, second_at) : second_at;
  const digits_read second = read(text, second_at, 2);
  if (second.count == 0) return {};
  const std::size_t again_at = second.end + (spaced && text[second.end] == ' ' ? 1U : 0U);
  const seen again = text.next(again_at);
  if (date_separator(again.value) != between) return {};
  std::size_t third_at = again_at + again.size;
  third_at = between == '.' || spaced ? over_space(text, third_at) : third_at;
  const digits_read third = read(text, third_at, 4);
  const bool year_first = first.count == 4;
  const digits_read& year = year_first ? first : third;
  if (!good_year(year) || (year_first && (third.count == 0 || third.count > 2))) return {};
  const bool good = year_first ? exists(third.value, second.value, year.value)
                               : exists(first.value, second.value, year.value) ||
                                     exists(second.value, first.value, year.value);
  if (!good || !ends_here(text, third.end)) return {};
  return {year.count, at, third.end};
}

// 3月14日 and 3월 14일: a day of a year, or what stands behind one.
read_date cjk_day(const text_window& text, std::size_t at) noexcept {
  const digits_read month = read(text, at, 2);
  const seen b = text.next(month.end);
  if (month.count == 0 || (b.value != 0x6708 && b.value != 0xC6D4)) return {};
  const digits_read number = read(text, over_space(text, month.end + b.size), 2);
  const seen c = text.next(number.end);
  if (number.count == 0 || (c.value != 0x65E5 && c.value != 0xC77C)) return {};
  if (!exists(number.value, month.value, 0)) return {};
  return {0, at, number.end + c.size};
}

// 1985年3月14日 and 1985년 3월 14일.
read_date cjk(const text_window& text, std::size_t at) noexcept {
  const digits_read year = read(text, at, 4);
  if (year.count != 4) return {};
  const seen a = text.next(year.end);
  if (a.value != 0x5E74 && a.value != 0xB144) return {};
  const digits_read month = read(text, over_space(text, year.end + a.size), 2);
  const seen b = text.next(month.end);
  if (month.count == 0 || (b.value != 0x6708 && b.value != 0xC6D4)) return {};
  const digits_read number = read(text, over_space(text, month.end + b.size), 2);
  const seen c = text.next(number.end);
  if (number.count == 0 || (c.value != 0x65E5 && c.value != 0xC77C)) return {};
  if (!good_year(year) || !exists(number.value, month.value, year.value)) return {};
  return {year.count, at, number.end + c.size};
}

// A year after a month's name: `, 1985`, ` de 1985`, ` 85`, `-1985`.
digits_read year_after(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  if (text[place] == '.') ++place;
  if (text[place] == ',' || text[place] == '-' || text[place] == '/') ++place;
  place = over_space(text, place);
  const folded_word of = word_from(text, place);
  if (of.size != 0 && is_in(extent::year_joins, of)) place = over_space(text, of.end);
  if (text[place] == '\'' && text.digit_at(place + 1)) ++place;
  return read(text, place, 4);
}

// 12 March 1985, 12th of March 1985, 12. März 1985, 12 de marzo de 1985, 12-Mar-85.
read_date day_then_name(const text_window& text, std::size_t at) noexcept {
  const digits_read number = read(text, at, 2);
  if (number.count == 0 || (!compact && !exists(number.value, 1, 0))) return {};
  std::size_t place = number.end;
  if (text.letter_at(place) || text.class_at(place) == char_class::letter) {
    const folded_word ordinal = word_from(text, place);
    if (is_in(extent::day_ordinals, ordinal)) place = ordinal.end;
  }
  if (text[place] == '.' || text[place] == '-' || text[place] == '/') ++place;
  place = over_space(text, place);
  folded_word word = word_from(text, place);
  if (is_in(extent::day_of, word)) word = word_from(text, over_space(text, word.end));
  const unsigned month = month_of(word.view());
  if (month == 0) return {};
  const digits_read year = year_after(text, word.end);
  if (good_year(year) && exists(number.value, month, year.value) && ends_here(text, year.end)) {
    return {year.count, at, year.end};
  }
  if (!exists(number.value, month, 0)) return {};
  return {0, at, word.end};
}

// March 12, 1985; marzo 12 de 1985.
read_date name_then_day(const text_window& text, std::size_t at) noexcept {
  std::size_t place = at;
  seen before = text.previous(place);
  if (before.value == ' ' || before.value == '-' || before.value == 0xA0) {
    place -= before.size;
    before = text.previous(place);
  }
  if (before.value == '.') place -= before.size;
  if (place == at) return {};
  folded_word name = word_until(text, place);
  if (!compact && name.view() == "the" && text[name.begin - 1] == ' ') {  // May the 3rd
    name = word_until(text, name.begin - 1);
  }
  const unsigned month = month_of(name.view());
  if (month == 0) return {};
  const digits_read number = read(text, at, 2);
  if (number.count == 0 || (!compact && !exists(number.value, 1, 0))) return {};
  place = number.end;
  const folded_word ordinal = word_from(text, place);
  if (ordinal.size != 0) {
    if (!is_in(extent::ordinals, ordinal)) return {};
    place = ordinal.end;
  }
  const digits_read year = year_after(text, place);
  // `Dec 3rd, 85`
  const bool short_year = !compact && year.count == 2 && text[place] == ',';
  if ((year.count == 4 || short_year) && good_year(year) &&
      exists(number.value, month, year.value) && ends_here(text, year.end)) {
    return {year.count, name.begin, year.end};
  }
  if (!exists(number.value, month, 0)) return {};
  return {0, name.begin, place};
}

// 12/03 and 12.3.: a day of a year.
read_date day_and_month(const text_window& text, std::size_t at) noexcept {
  const digits_read first = read(text, at, 2);
  const seen sign = text.next(first.end);
  const char32_t between = date_separator(sign.value);
  if (first.count == 0 || between == 0) return {};
  const digits_read second = read(text, first.end + sign.size, 2);
  if (second.count == 0) return {};
  std::size_t end = second.end;
  if (between == '.' && text[end] == '.') ++end;
  const bool good = exists(first.value, second.value, 0) || exists(second.value, first.value, 0);
  if (!good || text.word_at(end)) return {};
  // A dash behind the second point begins another day: `21.04.-25.04.2026`.
  const bool range = !compact && end != second.end && text[end] == '-';
  if (!range && date_separator(text.next(end).value) != 0 &&
      text.class_at(end + 1) == char_class::digit) {
    return {};
  }
  return {0, at, end};
}

// A word of birth behind a date, where no time of the day or other number stands between.
bool birth_behind(const text_window& text, std::size_t at) noexcept {
  if ((words_after(text, at) & birth_word) == 0) return false;
  if constexpr (compact) return true;
  for (std::size_t i = at; i < at + 32; ++i) {
    if (text.digit_at(i) || text[i] == '\n') return false;
    const folded_word word = word_from(text, i);
    if (word.size == 0) continue;
    if ((words_before(text, word.end, words_wanted::nearest).nearest & birth_word) != 0)
      return true;
    i = word.end - 1;
  }
  return false;
}

// `[12/03/2026, 14:27] Zoe: ...`: when a message was sent.
bool sent_then(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  if (compact || text[begin - 1] != '[') return false;
  if (text[end] == ',') ++end;
  if (text[end] == ' ' || text[end] == 'T') ++end;
  if (text.digit_at(end)) ++end;
  if (text.digit_at(end)) ++end;
  return text[end] == ':';
}

std::size_t back_over(const text_window& text, std::size_t at, std::string_view signs) noexcept {
  while (signs.find(static_cast<char>(text[at - 1])) != signs.npos) --at;
  return at;
}

// The last year that stands in four digits within; 0 without one.
unsigned year_within(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  unsigned out = 0;
  for (std::size_t at = begin; at < end;) {
    const digits_read number = text.digit_at(at) ? read(text, at, 8) : digits_read{};
    if (number.count == 4) out = number.value;
    at = number.count == 0 ? at + 1 : number.end;
  }
  return out;
}

// `b. 3/5/58`, `*03.12.1985`: not in a list or in bold letters.
bool born_before(const text_window& text, std::size_t at, std::size_t end) noexcept {
  if constexpr (compact) return false;
  if (text[at - 1] == '*' && text[end] != '*' && text[at - 2] != '*' && !text.word_before(at - 1)) {
    return true;
  }
  // `b.: 3/5/58`, `b. = 3/5/58`
  const std::size_t sign = back_over(text, at, " :=\t");
  if (sign != at && at - sign <= 3 && text[sign - 1] == '.' && (text[sign - 2] | 0x20) == 'b' &&
      !text.word_before(sign - 2)) {
    return true;
  }
  return birth_letter_before(text, at, year_within(text, at, end));
}

// `geb. Kante 12.03.2020`: bound or bent goods, which a day of today shows; with one of long ago
// the word is a family name.
bool of_bound_goods(const text_window& text, std::size_t at, std::size_t end) noexcept {
  if constexpr (compact) return false;
  constexpr unsigned of_today = 2015;
  if (year_within(text, at, end) < of_today) return false;
  const folded_word goods = word_until(text, back_over(text, at, " ,:-("));
  if (goods.size == 0 || !is_in(extent::bound_goods, goods)) return false;
  const folded_word bound = word_until(text, back_over(text, goods.begin, " ."));
  return bound.view() == "geb";
}

// `21.04.-25.04.2026`, `3.5. bis 7.5.`: another day behind this one.
bool range_follows(const text_window& text, std::size_t end) noexcept {
  if constexpr (compact) return false;
  std::size_t at = over_space(text, end);
  const seen sign = text.next(at);
  const folded_word word = word_from(text, at);
  if (date_separator(sign.value) == '-') {
    at += sign.size;
  } else if (word.view() == "bis" || word.view() == "to" || word.view() == "au" ||
             word.view() == "al") {
    at = word.end;
  } else {
    return false;
  }
  at = over_space(text, at);
  return numeric(text, at) || day_and_month(text, at);
}

// `Anna (*12.03.1953)`: of long ago.
bool star_of(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  constexpr unsigned long_ago = 2012;
  const unsigned year = year_within(text, begin, end);
  return year != 0 && year < long_ago && star_of_birth(text, begin, end);
}

// `HTTP/1.1`, `TLS/1.2`: a version, with or without a word of birth on its line.
bool of_version(const text_window& text, std::size_t at) noexcept {
  return !compact && text[at - 1] == '/' && text.letter_at(at - 2);
}

// A year in four digits in which no customer of today was born. A build does not know today, and so
// it is a year before this was written; docs/text.md tells it.
bool too_young(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  constexpr unsigned first_too_young = 2025;
  for (std::size_t at = begin; at < end;) {
    if (!text.digit_at(at)) {
      ++at;
      continue;
    }
    const digits_read number = read(text, at, 8);
    if (number.count == 0) return false;
    if (number.count == 4) return number.value >= first_too_young;
    at = number.end;
  }
  return false;
}

// `birthday sale 12.05.2026`, `birthday sale on 12.05.2026`: of what the shop sells, not of who is
// born. The sale stands at the date and the word of birth at the sale, for nothing else is so sure
// that a date beside a word of birth may be shown.
bool of_sale(const text_window& text, const read_date& found) noexcept {
  if constexpr (compact) return false;
  if (!too_young(text, found.begin, found.end)) return false;
  folded_word word = word_until(text, back_over(text, found.begin, " :-"));
  if (word.size != 0 && is_in(extent::sale_days, word)) {
    word = word_until(text, back_over(text, word.begin, " "));
  }
  if (word.size == 0 || !is_in(extent::sales, word)) return false;
  word = word_until(text, back_over(text, word.begin, " -"));
  return word.size != 0 &&
         (words_before(text, word.end, words_wanted::nearest).nearest & birth_word) != 0;
}

// `DOB for birthday discount: 03.04.1961`: a sale is a word of the shop's own, but no reason to
// take the word of birth before it for nothing.
bool birth_before_sale(const text_window& text, std::size_t at, const context& words) noexcept {
  if (compact || !words.said_birth || words.nearest != order_word) return false;
  std::size_t end = at;
  for (int passed = 0; passed < 4; ++passed) {
    const folded_word word = word_until(text, back_over(text, end, " :-,()/\"'"));
    if (word.size == 0) return false;
    if (is_in(extent::sales, word)) return true;
    end = word.begin;
  }
  return false;
}

// `Tuesday, May 4, 1982`: the day of the week before a day of birth goes with it.
std::size_t with_weekday(const text_window& text, std::size_t at) noexcept {
  if constexpr (compact) return at;
  std::size_t end = back_over(text, at, " ");
  if (end == at || at - end > 2) return at;
  if (text[end - 1] == ',' || text[end - 1] == '.') --end;
  const folded_word word = word_until(text, end);
  return word.size != 0 && is_in(extent::weekdays, word) ? word.begin : at;
}

}  // namespace

date_found date_at(const text_window& text, std::size_t at, date_reading dates) noexcept {
  date_found out;
  const seen before = text.previous(at);
  // Not in the middle of another number or word.
  const bool cut = class_of(before.value) == char_class::digit || before.value == '_' ||
                   text.letter_at(at - 1) ||
                   ((before.value == '.' || before.value == '/' || before.value == '-') &&
                    text.class_before(at - before.size) == char_class::digit);
  if (cut && before.size != 0) {
    if constexpr (!compact) out.span = loose_birth_at(text, at);  // `S60.3.12`
    return out;
  }
  read_date found = numeric(text, at);
  if (!found) found = day_then_name(text, at);
  if (!found) found = name_then_day(text, at);
  if (extent::east_asian_dates && !found && text[at + 4] >= 0x80) found = cjk(text, at);
  if (extent::east_asian_dates && !found) found = cjk_day(text, at);
  const bool whole = static_cast<bool>(found);
  if (!found && !of_version(text, at)) found = day_and_month(text, at);
  if (!found) {
    if constexpr (!compact) out.span = loose_birth_at(text, at);
    return out;
  }
  const bool with_year = found.year_digits != 0;
  out.is_date = (whole && with_year) || range_follows(text, found.end);
  out.end = found.end;
  const context words = words_before(text, found.begin);
  const bool of_paper =
      !compact && (words.nearest & (document_word | id_word)) != 0 && words.said_birth;
  const bool birth = (words.nearest & birth_word) != 0 || of_paper ||
                     birth_before_sale(text, found.begin, words) || birth_behind(text, found.end) ||
                     (with_year && born_before(text, found.begin, found.end)) ||
                     (!compact && words.nearest == 0 && birth_word_before(text, found.begin)) ||
                     (!compact && with_year &&
                      (born_behind(text, found.end) || star_of(text, found.begin, found.end)));
  const bool of_goods =
      birth && (of_sale(text, found) || of_bound_goods(text, found.begin, found.end));
  if (birth && !of_goods && !sent_then(text, found.begin, found.end)) {
    out.span = {with_weekday(text, found.begin), found.end, rule::date_birth};
    if constexpr (!compact) {
      // `20/4/'71`, `1976 m. lapkričio 22 d.`: more of it than was read.
      const find loose = loose_birth_at(text, at);
      if (loose.end > out.span.end) out.span.end = loose.end;
      if (loose && loose.begin < out.span.begin) out.span.begin = loose.begin;
    }
  } else if (dates == date_reading::all && with_year && found.year_digits == 4) {
    out.span = {found.begin, found.end, rule::date_day};
  }
  return out;
}

}  // namespace clientbook::scanner
