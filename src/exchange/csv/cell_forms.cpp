// Cells as people and their programs write them: dates in three orders, phones as they are dialled
// at home, countries by name, numbers with a comma, words that mean nothing.
//
// Nothing is lost in silence: what has no reading is an error, and what means nothing is a word of
// a list.
#include "cell_forms.hpp"

#include <clientbook/base/time.hpp>
#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <tables/exchange/import_words.inc>

namespace clientbook::exchange {
namespace {

constexpr std::int64_t seconds_of_a_day = 86'400;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

int number_of(std::string_view digits) noexcept {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

constexpr error not_a_date{errc::invalid_value,
                           "not a date in the form that the map says (\"dates\")"};
constexpr error no_day{errc::missing_field, "a month or a year alone is no day: left out"};

unsigned month_named(std::string_view word) {
  const std::string folded = folded_words(word);
  for (const named_month& each : named_months) {
    if (folded == each.word) return each.number;
  }
  return 0;
}

// The three parts of a date, and where it ends.
struct date_parts {
  std::array<std::string_view, 3> part{};
  std::size_t count = 0;
  std::size_t end = 0;
};

date_parts parts_of(std::string_view text) {
  date_parts out;
  std::size_t i = 0;
  while (i < text.size() && out.count < 3) {
    const std::size_t begin = i;
    const bool number = is_digit(text[i]);
    while (i < text.size() && (number ? is_digit(text[i])
                                      : !is_digit(text[i]) && text[i] != ' ' && text[i] != '.' &&
                                            text[i] != '-' && text[i] != '/' && text[i] != ',')) {
      ++i;
    }
    if (i == begin) return {};
    out.part[out.count++] = text.substr(begin, i - begin);
    out.end = i;
    // A year behind a blank may be a time: `01.02.2026 10:15` has its three parts by then.
    while (i < text.size() && (text[i] == '.' || text[i] == '/' || text[i] == '-' ||
                               text[i] == ' ' || text[i] == ',')) {
      ++i;
    }
  }
  if (out.count == 2 && out.end < text.size() && text[out.end] == '.') ++out.end;
  return out;
}

result<int> year_of(std::string_view digits, int pivot) noexcept {
  const int value = number_of(digits);
  if (digits.size() == 4) return value;
  if (digits.size() != 2) return not_a_date;
  if (pivot == 0) {
    return error{errc::invalid_value, "a year of two digits: say the latest it can be (\"pivot\")"};
  }
  const int century = pivot - pivot % 100;
  return century + value > pivot ? century - 100 + value : century + value;
}

date day_from(int year, unsigned month, int day) noexcept {
  return {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(std::min(month, 255U)),
          static_cast<std::uint8_t>(std::min(day, 255))};
}

// A date from its parts, in the order that the form says. Nothing for 00.00.0000.
result<std::optional<date>> date_from(const date_parts& found, const date_form& form, int pivot) {
  const auto& part = found.part;
  const bool zeros = std::all_of(
      part.begin(), part.begin() + found.count,
      [](std::string_view each) { return each.find_first_not_of('0') == std::string_view::npos; });
  if (zeros) return std::optional<date>();
  std::size_t year = 2;
  std::size_t month = form.order == date_order::day_first ? 1 : 0;
  if (part[0].size() == 4 && is_digit(part[0][0])) {
    year = 0;
    month = 1;
  } else if (!is_digit(part[0][0])) {
    month = 0;
  } else if (!is_digit(part[1][0])) {
    month = 1;
  } else if (form.order == date_order::iso && found.count == 3) {
    return not_a_date;
  }
  const std::size_t day = 3 - year - month;
  if (found.count == 2 && (year == 0 || day > 1)) return not_a_date;
  const unsigned number = is_digit(part[month][0]) ? static_cast<unsigned>(number_of(part[month]))
                                                   : month_named(part[month]);
  if (!is_digit(part[day][0]) || part[day].size() > 2) return not_a_date;
  int in_year = 0;
  if (found.count == 3) {
    if (!is_digit(part[year][0])) return not_a_date;
    const auto read = year_of(part[year], pivot);
    if (!read) return read.error();
    in_year = *read;
    // 0000-03-12 is how programs write a birthday of which they know no year.
    if (in_year == 0 && part[year].size() != 4) return not_a_date;
  }
  const date out = day_from(in_year, number, number_of(part[day]));
  if (number == 0 || !exists(out)) {
    return error{errc::invalid_value,
                 "no such day in the calendar: is the day first, or the month?"};
  }
  return std::optional(out);
}

// What names no day: `March`, `03/1985`, `1985-03`, `--03`, `1985`.
struct without_day {
  bool is = false;
  unsigned month = 0;  // 0: a year alone.
};
without_day day_missing(std::string_view text, const date_form& form) {
  const bool dashes = text.starts_with("--");
  if (dashes) text.remove_prefix(2);
  const date_parts found = parts_of(text);
  if (found.count == 0 || found.count == 3 || found.end != text.size()) return {};
  const auto month = [](std::string_view part) {
    if (!is_digit(part[0])) return month_named(part);
    const int number = part.size() > 2 ? 0 : number_of(part);
    return number > 12 ? 0U : static_cast<unsigned>(number);
  };
  const auto year = [](std::string_view part) { return part.size() == 4 && all_digits(part); };
  const std::string_view first = found.part[0];
  if (found.count == 1) {
    const unsigned alone = month(first);
    const bool meant = !is_digit(first[0]) || form.month || dashes;
    return {year(first) || (alone != 0 && meant), alone};
  }
  const std::string_view second = found.part[1];
  if (year(second)) return {month(first) != 0, month(first)};
  return {year(first) && month(second) != 0, month(second)};
}

struct instant_parts {
  std::optional<date> day;
  std::int64_t seconds = 0;
  bool has_time = false;
};

// What stands behind a date: `10:15`, `T10:00:00.000Z`, `3:04:05 PM`, `10:00:00+02:00`, `UTC`.
result<void> read_time(std::string_view rest, std::int64_t utc_offset, instant_parts& to) {
  constexpr error not_a_time{errc::invalid_value, "not a time of day behind the date"};
  const auto take = [&](std::size_t digits) {
    std::size_t n = 0;
    while (n < digits && n < rest.size() && is_digit(rest[n])) ++n;
    const int value = n == 0 ? -1 : number_of(rest.substr(0, n));
    rest.remove_prefix(n);
    return value;
  };
  if (rest.starts_with('T') || rest.starts_with('t')) rest.remove_prefix(1);
  rest = without_blanks(rest);
  if (rest.starts_with(',')) rest = without_blanks(rest.substr(1));
  if (rest.empty()) return {};
  int hour = take(2);
  if (hour < 0 || !rest.starts_with(':')) return not_a_time;
  rest.remove_prefix(1);
  const int minute = take(2);
  int second = 0;
  if (rest.starts_with(':')) {
    rest.remove_prefix(1);
    second = take(2);
    if (rest.starts_with('.')) {
      rest.remove_prefix(1);
      take(9);
    }
  }
  rest = without_blanks(rest);
  for (const std::string_view half : {"AM", "PM", "am", "pm"}) {
    if (!rest.starts_with(half)) continue;
    if (hour < 1 || hour > 12) return not_a_time;
    hour = hour % 12 + (half[0] == 'P' || half[0] == 'p' ? 12 : 0);
    rest = without_blanks(rest.substr(2));
    break;
  }
  if (hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return not_a_time;
  std::int64_t offset = utc_offset;
  if (rest == "Z" || rest == "z" || rest == "UTC" || rest == "GMT") {
    offset = 0;
  } else if (rest.starts_with('+') || rest.starts_with('-')) {
    const bool behind = rest[0] == '-';
    rest.remove_prefix(1);
    const int hours = take(2);
    if (rest.starts_with(':')) rest.remove_prefix(1);
    const int minutes = rest.empty() ? 0 : take(2);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59 || !rest.empty()) return not_a_time;
    offset = (behind ? -1 : 1) * (hours * 3600 + minutes * 60);
  } else if (!rest.empty()) {
    return not_a_time;
  }
  to.has_time = true;
  to.seconds = hour * 3600 + minute * 60 + second - offset;
  return {};
}

// Days counted as Excel counts them: 1 is 1900-01-01, and 1900 has a 29 February there.
bool excel_day(std::string_view text, instant_parts& to) {
  const std::size_t point = text.find_first_of(".,");
  const std::string_view whole = text.substr(0, point);
  if (!all_digits(whole) || whole.size() > 6) return false;
  const int number = number_of(whole);
  if (number < 61 || number > 2'958'465) return false;
  constexpr std::int64_t epoch = -25'569;  // 1899-12-30
  to.day = date_of({(epoch + number) * seconds_of_a_day});
  return true;
}

// `20261103`; nothing for what is no such day.
std::optional<date> compact_day(std::string_view text) noexcept {
  if (text.size() != 8 || !all_digits(text)) return std::nullopt;
  const int year = number_of(text.substr(0, 4));
  const date day = day_from(year, static_cast<unsigned>(number_of(text.substr(4, 2))),
                            number_of(text.substr(6, 2)));
  return year >= 1850 && year <= 2200 && exists(day) ? std::optional(day) : std::nullopt;
}

// `2026年11月3日` as 2026-11-3.
std::string with_plain_marks(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto mark = [&](const char* const sign) { return text.starts_with(sign); };
    const bool part = mark("\xE5\xB9\xB4") || mark("\xE6\x9C\x88") || mark("\xEB\x85\x84") ||
                      mark("\xEC\x9B\x94");
    const bool end = mark("\xE6\x97\xA5") || mark("\xEC\x9D\xBC");
    if (part) out += '-';
    if (!part && !end) out += text[0];
    text.remove_prefix(part || end ? 3 : 1);
  }
  return out;
}

// Years of the Buddhist era, as Thailand writes them.
void from_thai_years(instant_parts& to, const file_form& file) noexcept {
  constexpr int ahead = 543;
  if (file.region != "TH" || !to.day || to.day->year < 1850 + ahead) return;
  to.day->year = static_cast<std::int16_t>(to.day->year - ahead);
}

result<instant_parts> read_instant(std::string_view given, const file_form& file,
                                   const date_form& form) {
  instant_parts out;
  std::string plain;
  std::string_view text = given;
  if (std::any_of(text.begin(), text.end(),
                  [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    plain = with_plain_marks(given);
    text = plain;
  }
  if (const auto day = compact_day(text)) {
    out.day = day;
    return out;
  }
  if (form.excel && excel_day(text, out)) return out;
  if (const without_day found = day_missing(text, form); found.is) {
    if (!form.month || found.month == 0) return no_day;
    out.day = day_from(0, found.month, 1);
    return out;
  }
  if (text.starts_with("--")) {
    const auto read = parse_date(text);
    if (!read) return read.error();
    out.day = *read;
    return out;
  }
  const date_parts found = parts_of(text);
  if (found.count < 2) return not_a_date;
  const auto day = date_from(found, form, file.pivot);
  if (!day) return day.error();
  out.day = *day;
  if (!out.day) return out;
  from_thai_years(out, file);
  std::string_view rest = text.substr(found.end);
  if (const auto read = read_time(rest, file.utc_offset, out); !read) return read.error();
  return out;
}

result<void> read_day(const file_form& file, const date_form& form, std::string_view& text,
                      std::string& scratch) {
  const auto read = read_instant(text, file, form);
  if (!read) return read.error();
  if (!read->day) {
    text = {};
    return {};
  }
  char out[10];
  scratch.assign(out, write_date(*read->day, out));
  text = scratch;
  return {};
}

result<void> read_moment(const file_form& file, const date_form& form, std::string_view& text,
                         std::string& scratch) {
  const auto read = read_instant(text, file, form);
  if (!read) return read.error();
  text = {};
  if (!read->day) return {};
  if (read->day->year == 0) return not_a_date;
  const std::int64_t begin = start_of(*read->day).seconds;
  char out[20];
  write_timestamp({begin + (read->has_time ? read->seconds : -file.utc_offset)}, out);
  scratch.assign(out, sizeof out);
  text = scratch;
  return {};
}

// `ext. 12`, `x12`, `#12`, `Durchwahl 12` at the end of a number.
std::string_view take_extension(std::string_view text, std::string& extension) {
  std::size_t digits = text.size();
  while (digits > 0 && is_digit(text[digits - 1])) --digits;
  std::size_t mark = digits;
  while (mark > 0 && (text[mark - 1] == ' ' || text[mark - 1] == '.' || text[mark - 1] == ':'))
    --mark;
  std::size_t begin = mark;
  while (begin > 0 && (is_letter(text[begin - 1]) || text[begin - 1] == '#')) --begin;
  if (begin == mark || digits == text.size() || text.size() - digits > 8) return text;
  const std::string word =
      text[begin] == '#' ? "#" : folded_words(text.substr(begin, mark - begin));
  const bool known = std::any_of(std::begin(extension_words), std::end(extension_words),
                                 [&](std::string_view each) { return each == word; });
  const std::string_view number = without_blanks(text.substr(0, begin));
  if (!known || number.empty()) return text;
  extension = text.substr(digits);
  return number.ends_with(',') || number.ends_with(';') ? number.substr(0, number.size() - 1)
                                                        : number;
}

// Whether a national number may have as many digits, by its first two.
bool fits_plan(const dialling_plan& plan, std::string_view digits) {
  if (digits.size() < 4) return false;
  const int first = number_of(digits.substr(0, 2));
  std::string_view runs = plan.runs;
  while (!runs.empty()) {
    const std::string_view run = runs.substr(0, runs.find(' '));
    runs.remove_prefix(std::min(run.size() + 1, runs.size()));
    if (number_of(run.substr(0, 2)) < first) continue;
    std::string_view lengths = run.substr(3);
    while (!lengths.empty()) {
      const std::string_view one = lengths.substr(0, lengths.find('+'));
      lengths.remove_prefix(std::min(one.size() + 1, lengths.size()));
      if (all_digits(one) && static_cast<std::size_t>(number_of(one)) == digits.size()) return true;
    }
    return false;
  }
  return false;
}

// A number without plus: as it is dialled at home, or with its country's code, as programs keep
// numbers that lost their plus.
result<std::string> with_code(const dialling_plan& plan, std::string digits) {
  const std::string code(plan.code);
  if (!plan.trunk.empty() && digits.starts_with(plan.trunk)) {
    return "+" + code + digits.substr(plan.trunk.size());
  }
  const bool may_have_code =
      digits.starts_with(code) && fits_plan(plan, std::string_view(digits).substr(code.size()));
  if (!may_have_code) return "+" + code + digits;
  if (!fits_plan(plan, digits)) return "+" + digits;
  if (plan.trunk.empty()) return "+" + code + digits;
  // No number of a town is so long that a country's code would be a part of it.
  constexpr std::size_t longest_of_a_town = 11;
  if (digits.size() > longest_of_a_town) return "+" + digits;
  return error{errc::missing_field,
               "a number that may begin with the country's code or with a town's: left out; write "
               "+ or the zero before it"};
}

// `0171 3920021 (privat)`
std::string_view without_remark(std::string_view number) {
  const std::size_t open = number.rfind('(');
  const bool has = number.ends_with(')') && open > 0 && open + 2 < number.size();
  return has && is_letter(number[open + 1]) ? without_blanks(number.substr(0, open)) : number;
}

// The digits of a number, without the signs that people write between.
result<std::string> digits_within(std::string_view number, bool international, bool& national) {
  std::string digits;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (number.substr(i).starts_with("(0)") && international) {
      i += 2;
      national = true;  // `+44 (0)20`: the zero is dialled at home only.
    } else if (is_digit(number[i])) {
      digits += number[i];
    } else if (std::string_view(" -./()+\t").find(number[i]) == std::string_view::npos &&
               !number.substr(i).starts_with("\xC2\xA0")) {
      if (number[i] == '\xA0') continue;
      return error{errc::invalid_value, "a phone number is digits, with blanks or -./() between"};
    } else if (number[i] == '\xC2') {
      ++i;
    }
  }
  return digits;
}

// As it is typed on a machine: digits of other scripts and wide ones, dashes of printers; without
// the words around it (`mobil 0171 ...`, `Tel.: ...`).
std::string plain_number(std::string_view number) {
  std::string out;
  for (std::size_t i = 0; i < number.size();) {
    const code_point c = code_point_at(number, i);
    if (c.size == 0) return std::string(number);
    const bool dash =
        (c.value >= 0x2010 && c.value <= 0x2015) || c.value == 0x2212 || c.value == 0xFF0D;
    const bool blank = c.value == 0xA0 || (c.value >= 0x2000 && c.value <= 0x200A) ||
                       c.value == 0x202F || c.value == 0x3000;
    const char32_t folded = unicode::fold(c.value).letters[0];
    if (dash || blank) {
      out += dash ? '-' : ' ';
    } else if (folded >= '0' && folded <= '9') {
      out += static_cast<char>(folded);
    } else if (c.value == 0xFF0B) {
      out += '+';
    } else {
      out.append(number.substr(i, c.size));
    }
    i += c.size;
  }
  constexpr std::size_t longest_word = 16;
  const auto is_word = [](char c) {
    return is_letter(c) || static_cast<unsigned char>(c) >= 0x80 || c == '.' || c == ':' ||
           c == ' ' || c == '-';
  };
  const std::size_t begin = out.find_first_of("0123456789+(");
  const bool has_word =
      begin != std::string::npos && begin > 0 && begin <= longest_word && is_letter(out[0]) &&
      std::all_of(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(begin), is_word);
  if (has_word) out.erase(0, begin);
  const std::size_t end = out.find_last_of("0123456789)");
  if (end == std::string::npos || end + 1 == out.size()) return out;
  const std::string_view behind = std::string_view(out).substr(end + 1);
  if (behind[0] == ' ' && behind.size() <= longest_word &&
      std::all_of(behind.begin(), behind.end(), is_word)) {
    out.resize(end + 1);
  }
  return out;
}

// A number as it is dialled at home gets its country's code; one that has a code stays.
result<void> read_phone(const file_form& file, std::string_view& text, std::string& scratch,
                        std::string& extension) {
  const std::string plain = plain_number(without_remark(take_extension(text, extension)));
  const std::string_view number = without_blanks(plain);
  if (number.find_first_of("123456789") == std::string_view::npos && number.find('0') == 0) {
    return error{errc::missing_field, "a number of zeros is none: left out"};
  }
  const bool international = number.starts_with('+') || number.starts_with("00");
  scratch.clear();
  if (international || file.region.empty()) {
    if (const auto good = validate_phone(number); !good) return good;
    if (!international) {
      text = scratch = number;
      return {};
    }
  }
  bool national = false;
  auto digits = digits_within(number, international, national);
  if (!digits) return digits.error();
  if (international) {
    if (number.starts_with("00") && !national) digits->erase(0, 2);
    scratch = "+" + *digits;
  } else {
    const auto* const plan =
        std::find_if(std::begin(dialling_plans), std::end(dialling_plans),
                     [&](const dialling_plan& each) { return each.region == file.region; });
    if (plan == std::end(dialling_plans)) {
      text = scratch = number;
      return validate_phone(text);
    }
    auto whole = with_code(*plan, std::move(*digits));
    if (!whole) return whole.error();
    scratch = std::move(*whole);
  }
  text = scratch;
  return validate_phone(text);
}

constexpr error not_an_amount{errc::invalid_value,
                              "not an amount: digits, thousands in groups of three, one decimal "
                              "mark, a sign and a currency"};

// The signs between thousands. How many bytes one takes at the beginning; 0: none.
std::size_t between_thousands(std::string_view text) noexcept {
  if (text.empty()) return 0;
  if (std::string_view(".,' ").find(text[0]) != std::string_view::npos) return 1;
  if (text.starts_with("\xC2\xA0")) return 2;
  for (const char* const sign : {"\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x99"}) {
    if (text.starts_with(sign)) return 3;  // Thin blanks and the apostrophe of a printer.
  }
  return 0;
}

// The digits of an amount without the marks between them.
struct amount_digits {
  std::string whole, behind;
  std::size_t groups = 0;
  char mark = '\0';  // Between thousands, its first byte.
  bool decimals = false;
};

result<amount_digits> digits_of_amount(std::string_view text, char decimal) {
  amount_digits out;
  std::size_t in_group = 0;
  while (!text.empty()) {
    if (is_digit(text[0])) {
      (out.decimals ? out.behind : out.whole) += text[0];
      ++in_group;
      text.remove_prefix(1);
      continue;
    }
    const std::size_t size = between_thousands(text);
    const bool first = out.groups == 0 && !out.decimals;
    if (size == 0 || out.decimals || (first ? in_group > 3 && text[0] != decimal : in_group != 3)) {
      return not_an_amount;
    }
    if (text[0] == decimal) {
      out.decimals = true;
    } else {
      if (in_group == 0 || (out.mark != '\0' && out.mark != text[0])) return not_an_amount;
      out.mark = text[0];
      ++out.groups;
    }
    in_group = 0;
    text.remove_prefix(size);
  }
  if (!out.decimals && out.groups > 0 && in_group != 3) return not_an_amount;
  return out;
}

std::string_view without_sign(std::string_view text, bool& negative, bool& bracket) noexcept {
  for (;;) {
    text = without_blanks(text);
    const bool minus = text.starts_with('-') || text.starts_with("\xE2\x88\x92");
    if (minus && negative) return text;
    if (minus) {
      negative = true;
      text.remove_prefix(text[0] == '-' ? 1 : 3);
    } else if (text.starts_with('+')) {
      text.remove_prefix(1);
    } else if (text.starts_with('(') && !bracket) {
      bracket = true;
      text.remove_prefix(1);
    } else {
      return text;
    }
  }
}

// What stands behind the digits: `,-` of a whole amount, a minus, a bracket; the rest is left.
result<std::string_view> behind_digits(std::string_view text, bool& negative, bool bracket) {
  for (const char* const whole : {",-", ".-", ",\xE2\x80\x93", ",\xE2\x80\x94"}) {
    if (!text.starts_with(whole)) continue;
    text.remove_prefix(std::string_view(whole).size());
    if (text.starts_with('-')) text.remove_prefix(1);
    break;
  }
  text = without_blanks(text);
  if (bracket) {
    if (!text.ends_with(')') || negative) return not_an_amount;
    negative = true;
    return without_blanks(text.substr(0, text.size() - 1));
  }
  if (text.ends_with('-')) {
    if (negative) return not_an_amount;
    negative = true;
    return without_blanks(text.substr(0, text.size() - 1));
  }
  return text;
}

// What stands around the digits is a currency or nothing.
bool is_currency(std::string_view word) noexcept {
  return word.empty() || !currencies_named(word).empty();
}

result<void> read_amount(const file_form& file, std::string_view& text, std::string& scratch) {
  const std::size_t first = text.find_first_of("0123456789");
  if (first == std::string_view::npos) return not_an_amount;
  const std::size_t last = text.find_last_of("0123456789");
  bool negative = false;
  bool bracket = false;
  std::string_view before = without_sign(text.substr(0, first), negative, bracket);
  // `.50`, and a minus behind the currency: `€ -12.50`.
  std::size_t begin = first;
  if (!before.empty() && before.back() == file.decimal && file.decimal != '\0') {
    before.remove_suffix(1);
    --begin;
  }
  before = without_blanks(before);
  if (before.ends_with('-') && !negative) {
    negative = true;
    before = without_blanks(before.substr(0, before.size() - 1));
  }
  const auto behind = behind_digits(text.substr(last + 1), negative, bracket);
  if (!behind) return behind.error();
  if (!is_currency(before) || !is_currency(*behind)) return not_an_amount;
  const std::string_view core = text.substr(begin, last + 1 - begin);
  const char decimal = file.decimal == '\0' ? '.' : file.decimal;
  const auto digits = digits_of_amount(core, decimal);
  if (!digits) return digits.error();
  // `1.249`: a thousand or one? Nothing in the map decides.
  const std::size_t marks = static_cast<std::size_t>(
      std::count_if(core.begin(), core.end(), [](char c) { return c == '.' || c == ','; }));
  if (file.decimal == '\0' && marks == 1 && core.size() - core.find_first_of(".,") == 4) {
    return error{errc::invalid_value,
                 "three digits behind a mark: thousands or decimals? say which mark is the decimal "
                 "one (\"decimal\")"};
  }
  scratch = negative ? "-" : "";
  scratch += digits->whole.empty() ? "0" : digits->whole;
  if (!digits->behind.empty()) scratch += "." + digits->behind;
  text = scratch;
  return {};
}

// Without the zeros that a whole quantity may have behind its point.
result<void> read_quantity(const file_form& file, std::string_view& text, std::string& scratch) {
  // A thousand pieces or one with decimals: nobody writes pieces in groups of three.
  const std::size_t mark = text.find_first_of(".,");
  const bool one_mark = mark != std::string_view::npos &&
                        text.find_first_of(".,", mark + 1) == std::string_view::npos;
  if (one_mark && text[mark] != file.decimal && file.decimal != '\0' && text.size() - mark == 4) {
    return error{
        errc::invalid_value,
        "three digits behind a mark that is not the decimal one: a thousand pieces, or one?"};
  }
  if (const auto done = read_amount(file, text, scratch); !done) return done;
  if (scratch.find('.') == std::string::npos) return {};
  while (scratch.ends_with('0')) scratch.pop_back();
  if (scratch.ends_with('.')) scratch.pop_back();
  text = scratch;
  return {};
}

result<void> read_whole(const file_form& file, std::string_view& text, std::string& scratch) {
  if (const auto done = read_amount(file, text, scratch); !done) return done;
  const std::size_t point = scratch.find('.');
  if (point == std::string::npos) return {};
  if (scratch.find_first_not_of('0', point + 1) != std::string::npos) {
    return error{errc::invalid_value, "want a whole number"};
  }
  scratch.resize(point);
  text = scratch;
  return {};
}

// `mailto:ana@example.com`, `Ana Ray <ana@example.com>`
std::string_view address_within(std::string_view text) noexcept {
  const std::size_t open = text.rfind('<');
  if (open != std::string_view::npos && text.ends_with('>')) {
    text = without_blanks(text.substr(open + 1, text.size() - open - 2));
  }
  constexpr std::string_view scheme = "mailto:";
  const bool named = text.size() > scheme.size() &&
                     std::equal(scheme.begin(), scheme.end(), text.begin(), [](char a, char b) {
                       return a == (is_letter(b) ? static_cast<char>(b | 0x20) : b);
                     });
  return named ? text.substr(scheme.size()) : text;
}

// `10969.0`: a program that took a number of digits for a number with decimals.
std::string_view without_fraction(std::string_view text) noexcept {
  const bool has = text.size() > 2 && text.ends_with(".0");
  const std::string_view whole = text.substr(0, text.size() - (has ? 2 : 0));
  const std::string_view digits = whole.starts_with('+') ? whole.substr(1) : whole;
  return has && all_digits(digits) ? whole : text;
}

// `7,12346E+12`
bool is_rounded(std::string_view text) noexcept {
  const std::size_t power = text.find_first_of("Ee");
  if (power == std::string_view::npos || power + 2 >= text.size()) return false;
  const std::string_view before = text.substr(0, power);
  const std::size_t mark = before.find_first_of(".,");
  const bool signed_power = text[power + 1] == '+';
  return signed_power && all_digits(text.substr(power + 2)) && all_digits(before.substr(0, mark)) &&
         (mark == std::string_view::npos || all_digits(before.substr(mark + 1)));
}

// Excel keeps digits by an apostrophe before them, or by ="01730".
std::string_view without_excel(std::string_view text, cell_kind kind) noexcept {
  if (text.size() > 3 && text.starts_with("=\"") && text.ends_with('"')) {
    return text.substr(2, text.size() - 3);
  }
  const bool words =
      kind == cell_kind::name || kind == cell_kind::prose || kind == cell_kind::email;
  if (!words && text.size() > 1 && text[0] == '\'' &&
      text.find('\'', 1) == std::string_view::npos) {
    return text.substr(1);
  }
  return text;
}

}  // namespace

namespace {

// Signs that nobody sees, as programs put them around a number or a name that they copy: marks of
// direction, joiners, a byte order mark. How many bytes one takes at the beginning; 0: none.
std::size_t unseen(std::string_view three) noexcept {
  if (three.size() != 3) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(three[i]); };
  if (byte(0) == 0xEF) return byte(1) == 0xBB && byte(2) == 0xBF ? 3 : 0;
  if (byte(0) != 0xE2) return 0;
  if (byte(1) == 0x80) {
    return (byte(2) >= 0x8B && byte(2) <= 0x8F) || (byte(2) >= 0xAA && byte(2) <= 0xAE) ? 3 : 0;
  }
  return byte(1) == 0x81 && (byte(2) == 0xA0 || (byte(2) >= 0xA6 && byte(2) <= 0xA9)) ? 3 : 0;
}

}  // namespace

std::string_view without_blanks(std::string_view text) noexcept {
  constexpr std::string_view blank = " \t\r\n";
  for (;;) {
    if (!text.empty() && blank.find(text.front()) != std::string_view::npos) {
      text.remove_prefix(1);
    } else if (!text.empty() && blank.find(text.back()) != std::string_view::npos) {
      text.remove_suffix(1);
    } else if (text.starts_with("\xC2\xA0")) {
      text.remove_prefix(2);
    } else if (text.ends_with("\xC2\xA0")) {
      text.remove_suffix(2);
    } else if (const std::size_t size = unseen(text.substr(0, 3)); size != 0) {
      text.remove_prefix(size);
    } else if (text.size() >= 3 && unseen(text.substr(text.size() - 3)) != 0) {
      text.remove_suffix(3);
    } else {
      return text;
    }
  }
}

std::string folded_words(std::string_view text) {
  std::string out;
  bool apart = false;
  for (std::size_t i = 0; i < text.size();) {
    const code_point c = code_point_at(text, i);
    if (c.size == 0) break;
    i += c.size;
    const unicode::char_class is = unicode::class_of(c.value);
    if (is != unicode::char_class::letter && is != unicode::char_class::digit) {
      apart = !out.empty();
      continue;
    }
    for (const char32_t letter : unicode::fold(c.value).letters) {
      if (letter == 0) continue;
      if (std::exchange(apart, false)) out += ' ';
      if (letter < 0x80) {
        out += static_cast<char>(letter);
      } else {
        const utf8_sequence bytes(letter);
        out += bytes.text();
      }
    }
  }
  return out;
}

std::vector<std::string_view> numbers_within(std::string_view text) {
  constexpr std::string_view between[] = {";",     ",",    "/",    "|",   "\n",    " oder ",
                                          " od. ", " or ", " ou ", " o ", " und ", " u. ",
                                          " and ", " et ", " e ",  " & "};
  constexpr std::size_t fewest = 6;  // Digits of a number: `0171/3920021` is one.
  const auto whole = [](std::string_view part) {
    return std::count_if(part.begin(), part.end(), is_digit) >= std::ptrdiff_t{fewest};
  };
  std::vector<std::string_view> out;
  std::string_view rest = text;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    for (const std::string_view mark : between) {
      if (!rest.substr(i).starts_with(mark)) continue;
      const std::string_view behind = rest.substr(i + mark.size());
      if (!whole(rest.substr(0, i)) || !whole(behind)) continue;
      // A stroke stands within numbers too: behind it one begins anew.
      const std::string_view next = without_blanks(behind);
      if (mark == "/" && next.find_first_of("0+(") != 0) continue;
      out.push_back(without_blanks(rest.substr(0, i)));
      rest = behind;
      i = std::string_view::npos;
      break;
    }
    if (i == std::string_view::npos && rest.empty()) break;
  }
  out.push_back(without_blanks(rest));
  return out;
}

std::string_view currencies_named(std::string_view sign) noexcept {
  for (const named_sign& each : currency_signs) {
    const bool same = std::equal(
        each.sign.begin(), each.sign.end(), sign.begin(), sign.end(), [](char a, char b) {
          return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b | 0x20) : b);
        });
    if (same) return each.currencies;
  }
  const bool code = sign.size() == 3 && std::all_of(sign.begin(), sign.end(),
                                                    [](char c) { return c >= 'A' && c <= 'Z'; });
  return code ? sign : std::string_view();
}

std::string_view currency_within(std::string_view amount) noexcept {
  const auto ends = [](char c) {
    return is_digit(c) || std::string_view(" .,'-+()").find(c) != std::string_view::npos;
  };
  std::size_t begin = 0;
  while (begin < amount.size() && ends(amount[begin])) ++begin;
  std::size_t end = amount.size();
  while (end > begin && ends(amount[end - 1])) --end;
  std::string_view sign = amount.substr(begin, end - begin);
  // A sign before the digits ends where they begin.
  sign = without_blanks(sign.substr(0, sign.find_first_of("0123456789 -+")));
  return currencies_named(sign);
}

std::optional<date_form> find_date_form(std::string_view words) noexcept {
  if (words == "excel") return date_form{date_order::iso, true};
  if (words == "month") return date_form{date_order::iso, false, true};
  const std::size_t day = words.find("dd");
  const std::size_t month = words.find("mm");
  const std::size_t year = words.find("yy");
  if (day == std::string_view::npos || month == std::string_view::npos) return std::nullopt;
  if (words.find_first_not_of("dmy./- ") != std::string_view::npos) return std::nullopt;
  if (year < day && year < month) return date_form{date_order::iso, false};
  return date_form{day < month ? date_order::day_first : date_order::month_first, false};
}

cell_kind kind_of(std::string_view target) noexcept {
  struct row {
    std::string_view begins;
    std::string_view ends;
    cell_kind kind;
  };
  static constexpr row rows[] = {
      {"name.", "", cell_kind::name},
      {"household[].person", "", cell_kind::name},
      {"notes[].author", "", cell_kind::name},
      {"notes[].text", "", cell_kind::prose},
      {"emails[].address", "", cell_kind::email},
      {"phones[].number", "", cell_kind::phone},
      {"addresses[].lines", "", cell_kind::prose},
      {"", ".country", cell_kind::country},
      {"birth_date", "", cell_kind::day},
      {"special_days[].day", "", cell_kind::day},
      {"purchase.day", "", cell_kind::day},
      {"", "].at", cell_kind::instant},
      {"purchase.at", "", cell_kind::instant},
      {"consents[].given_at", "", cell_kind::instant},
      {"consents[].expires_at", "", cell_kind::instant},
      {"purchase.total", "", cell_kind::amount},
      {"purchase.line.unit_price", "", cell_kind::amount},
      {"purchase.line.quantity", "", cell_kind::quantity},
      {"external_ids[].value", "", cell_kind::code},
      {"addresses[].postal_code", "", cell_kind::code},
      {"external_id", "", cell_kind::id},
      {"demographics.children", "", cell_kind::whole_number},
      {"demographics.cars_owned", "", cell_kind::whole_number},
  };
  for (const row& each : rows) {
    if (target.starts_with(each.begins) && target.ends_with(each.ends)) return each.kind;
  }
  return cell_kind::text;
}

bool means_nothing(std::string_view word, cell_kind kind, const file_form& file) {
  for (const std::string_view each : file.nothing) {
    if (word == each) return true;
  }
  if (kind == cell_kind::prose || word.size() > 24) return false;
  // Of a name only what no name can be: somebody is called Null.
  const bool name = kind == cell_kind::name;
  if (std::none_of(word.begin(), word.end(), [](char c) {
        return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
      })) {
    return true;
  }
  const std::string folded = folded_words(word);
  const bool marked = word.find_first_of("()<>[]/.") != std::string_view::npos;
  return std::any_of(std::begin(null_words), std::end(null_words),
                     [&](std::string_view each) { return folded == each && (!name || marked); });
}

std::string_view country_code(std::string_view name) {
  const std::string folded = folded_words(name);
  if (folded.size() == 2) {
    for (const named_country& each : named_countries) {
      if (folded[0] + ('A' - 'a') == each.code[0] && folded[1] + ('A' - 'a') == each.code[1]) {
        return each.code;
      }
    }
  }
  for (const named_country& each : named_countries) {
    if (each.name == folded) return each.code;
  }
  return {};
}

result<void> read_cell(cell_kind kind, const file_form& file, const date_form& dates,
                       std::string_view& text, std::string& scratch, std::string& extension) {
  extension.clear();
  text = without_excel(without_blanks(text), kind);
  if (kind == cell_kind::whole_number) text = without_fraction(text);
  if (kind == cell_kind::id || kind == cell_kind::code || kind == cell_kind::phone) {
    text = without_fraction(text);
    if (is_rounded(text)) {
      return error{errc::invalid_value,
                   "a spreadsheet has rounded this number, and its last digits are lost: take it "
                   "from the program again, as text"};
    }
  }
  if (kind != cell_kind::prose) text = without_blanks(text);
  if (text.empty() || means_nothing(text, kind, file)) {
    text = {};
    return {};
  }
  switch (kind) {
    case cell_kind::phone:
      return read_phone(file, text, scratch, extension);
    case cell_kind::day:
      return read_day(file, dates, text, scratch);
    case cell_kind::instant:
      return read_moment(file, dates, text, scratch);
    case cell_kind::amount:
      return read_amount(file, text, scratch);
    case cell_kind::whole_number:
      return read_whole(file, text, scratch);
    case cell_kind::quantity:
      return read_quantity(file, text, scratch);
    case cell_kind::country:
      if (const std::string_view code = country_code(text); !code.empty()) {
        text = code;
        return {};
      }
      return error{errc::invalid_value, "no country of this name: use ISO 3166-1, two capitals"};
    case cell_kind::email:
      text = address_within(text);
      return {};
    case cell_kind::text:
    case cell_kind::name:
    case cell_kind::id:
    case cell_kind::code:
    case cell_kind::prose:
      return {};
  }
  return {};
}

name_parts take_apart(std::string_view whole, bool alone_is_family) {
  const auto listed = [](const auto& list, std::string_view word) {
    const std::string folded = folded_words(word);
    return std::any_of(std::begin(list), std::end(list),
                       [&](std::string_view each) { return each == folded; });
  };
  name_parts out;
  std::string_view rest = without_blanks(whole);
  for (;;) {
    const std::size_t end = rest.find(' ');
    if (end == std::string_view::npos) break;
    if (listed(couple_words, rest.substr(0, end))) {
      out.several_people = alone_is_family = true;
      rest = without_blanks(rest.substr(end));
      continue;
    }
    if (!listed(name_prefixes, rest.substr(0, end))) break;
    const std::size_t begin = static_cast<std::size_t>(rest.data() - whole.data());
    const std::size_t from =
        out.prefix.empty() ? begin : static_cast<std::size_t>(out.prefix.data() - whole.data());
    out.prefix = whole.substr(from, begin + end - from);
    rest = without_blanks(rest.substr(end));
  }
  if (const std::size_t last = rest.rfind(' ');
      last != std::string_view::npos && listed(name_suffixes, rest.substr(last + 1))) {
    out.suffix = rest.substr(last + 1);
    rest = without_blanks(rest.substr(0, last));
    if (rest.ends_with(',')) rest.remove_suffix(1);
  }
  if (const std::size_t comma = rest.find_first_of(",;"); comma != std::string_view::npos) {
    out.family = without_blanks(rest.substr(0, comma));
    out.given = without_blanks(rest.substr(comma + 1));
    return out;
  }
  std::size_t split = std::string_view::npos;
  for (std::size_t i = rest.find(' '); i != std::string_view::npos; i = rest.find(' ', i + 1)) {
    const std::size_t end = std::min(rest.find(' ', i + 1), rest.size());
    split = i;
    if (end < rest.size() && listed(name_particles, rest.substr(i + 1, end - i - 1))) break;
  }
  if (split != std::string_view::npos) {
    out.given = without_blanks(rest.substr(0, split));
    out.family = without_blanks(rest.substr(split + 1));
  } else if (alone_is_family || !out.prefix.empty()) {
    out.family = rest;
  } else {
    out.given = rest;
  }
  return out;
}

}  // namespace clientbook::exchange
