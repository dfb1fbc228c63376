// Dates and times as people and their programs write them: in three orders, with months as words,
// as Excel counts days, in the years of other eras.
#include "cell_readers.hpp"
#include "characters.hpp"

#include <clientbook/base/time.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <tables/exchange/import_words.inc>

namespace clientbook::exchange {
namespace {

constexpr std::int64_t seconds_of_a_day = 86'400;

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

}  // namespace

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

}  // namespace clientbook::exchange
