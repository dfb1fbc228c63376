// Dates and instants: the calendar of ISO 8601 without time zones, and their one text.
//
// Everything is computed, since the core has no clock and no tables of an operating system: the
// proleptic Gregorian calendar, days of 86,400 seconds, years of four digits.
#include <clientbook/base/time.hpp>

#include <cstring>

namespace clientbook {
namespace {

constexpr std::int64_t day_seconds = 86'400;

bool leap(int year) noexcept { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in(int month, int year) noexcept {
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month == 2 && (year == 0 || leap(year))) return 29;
  return days[month - 1];
}

// Reads `count` digits; -1 if one is none.
int number(std::string_view text, std::size_t at, std::size_t count) noexcept {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

void digits(char* out, int value, int count) noexcept {
  for (int i = count - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

constexpr error bad_date{errc::invalid_value, "not a date: want YYYY-MM-DD or --MM-DD"};
constexpr error bad_time{errc::invalid_value, "not a time: want YYYY-MM-DDThh:mm:ssZ"};

}  // namespace

bool exists(const date& day) noexcept {
  return day.year >= 0 && day.year <= 9999 && day.month >= 1 && day.month <= 12 && day.day >= 1 &&
         day.day <= days_in(day.month, day.year);
}

result<date> parse_date(std::string_view text) noexcept {
  int year = 0;
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    year = number(text, 0, 4);
    if (year < 1) return bad_date;
    text.remove_prefix(3);
  } else if (text.size() != 7 || !text.starts_with("--") || text[4] != '-') {
    return bad_date;
  }
  const int month = number(text, 2, 2);
  const int day = number(text, 5, 2);
  if (month < 1 || day < 1) return bad_date;
  const date found{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
                   static_cast<std::uint8_t>(day)};
  if (!exists(found)) return error{errc::invalid_value, "the calendar has no such day"};
  return found;
}

std::size_t write_date(const date& day, char (&out)[10]) noexcept {
  std::size_t at = 0;
  if (day.year != 0) {
    digits(out, day.year, 4);
    at = 4;
  } else {
    out[at++] = '-';
  }
  out[at++] = '-';
  digits(out + at, day.month, 2);
  out[at + 2] = '-';
  digits(out + at + 3, day.day, 2);
  return at + 5;
}

// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
std::int64_t days_since_epoch(const date& day) noexcept {
  const std::int64_t year = day.year - (day.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year =
      (153 * (day.month + (day.month > 2 ? -3 : 9)) + 2) / 5 + day.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

int years_between(const date& born, const date& on) noexcept {
  const bool before_the_day =
      on.month < born.month || (on.month == born.month && on.day < born.day);
  return on.year - born.year - (before_the_day ? 1 : 0);
}

date date_of(timestamp instant) noexcept {
  std::int64_t days = instant.seconds / day_seconds;
  if (instant.seconds % day_seconds < 0) --days;
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  if (year < 1) return {1, 1, 1};
  if (year > 9999) return {9999, 12, 31};
  return {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
          static_cast<std::uint8_t>(day_of_year - (153 * shifted + 2) / 5 + 1)};
}

timestamp start_of(const date& day) noexcept { return {days_since_epoch(day) * day_seconds}; }

result<timestamp> parse_timestamp(std::string_view text) noexcept {
  if (text.size() < 10) return bad_time;
  const auto day = parse_date({text.data(), 10});
  if (!day || day->year == 0) return bad_time;
  if (text.size() == 10) return start_of(*day);
  if (text.size() != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
      text[19] != 'Z') {
    return bad_time;
  }
  const int hour = number(text, 11, 2);
  const int minute = number(text, 14, 2);
  const int second = number(text, 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return bad_time;
  }
  return timestamp{start_of(*day).seconds + hour * 3600 + minute * 60 + second};
}

void write_timestamp(timestamp instant, char (&out)[20]) noexcept {
  constexpr timestamp first{-62'135'596'800};
  constexpr timestamp last{253'402'300'799};
  if (instant < first) instant = first;
  if (instant > last) instant = last;
  const date day = date_of(instant);
  char text[10];
  write_date(day, text);
  std::memcpy(out, text, sizeof text);
  const auto second = static_cast<int>(instant.seconds - start_of(day).seconds);
  out[10] = 'T';
  digits(out + 11, second / 3600, 2);
  out[13] = ':';
  digits(out + 14, second / 60 % 60, 2);
  out[16] = ':';
  digits(out + 17, second % 60, 2);
  out[19] = 'Z';
}

}  // namespace clientbook
