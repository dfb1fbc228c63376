// Days in cells that hold other things too: told apart from the numbers that stand there, in
// whichever order their parts are. How a file writes its columns of days says nothing of these.
#include "cell_forms.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace clientbook::exchange {
namespace {

constexpr std::string_view around = " \t()";

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

auto digits_of(std::string_view text) noexcept { return std::ranges::count_if(text, is_digit); }

// A number has more digits than a day, and no year among them.
bool may_be_a_day(std::string_view text) noexcept {
  constexpr std::ptrdiff_t most = 8;
  if (has_short_year(text)) return true;
  if (digits_of(text) > most && text.find(':') == text.npos) return false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
    const std::string_view run = text.substr(at, end - at);
    const bool year = run.starts_with("19") || run.starts_with("20");
    if (year && (run.size() == 4 || run.size() == 8)) return true;
    at = end + 1;
  }
  return false;
}

// `Thu Apr 03 2025 10:15:00 GMT+0200`: a year and an hour, each a word, and no more digits than a
// time has. Such forms are not read, and no number is meant.
bool is_time_in_words(std::string_view text) noexcept {
  constexpr std::ptrdiff_t most = 17;
  bool year = false, hour = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    const auto digits = digits_of(word);
    year = year || (word.size() == 4 && digits == 4 && may_be_a_day(word));
    const std::size_t colon = word.find(':');
    hour = hour || (digits >= 3 && digits <= 6 && (colon == 1 || colon == 2));
    at = end + 1;
  }
  return year && hour && digits_of(text) <= most && text.find('@') == text.npos;
}

// Where the first word that is a day in full stands, with its size; 0: nowhere.
struct place {
  std::size_t at = 0;
  std::size_t size = 0;
};
place day_in_full(const file_form& file, std::string_view text) {
  constexpr std::string_view ends = ".,;";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = std::min(text.find_first_not_of(around, at), text.size());
    const std::size_t end = std::min(text.find_first_of(around, begin), text.size());
    std::string_view word = text.substr(begin, end - begin);
    word = word.substr(0, word.find_last_not_of(ends) + 1);
    const auto marks = std::ranges::count_if(
        word.substr(0, 10), [](char c) { return c == '.' || c == '-' || c == '/'; });
    if (digits_of(word) >= 6 && marks == 2 && is_a_day(file, word)) return {begin, word.size()};
    at = end;
  }
  return {};
}

}  // namespace

bool has_short_year(std::string_view text) noexcept {
  std::size_t at = 0;
  char mark = '\0';
  for (int part = 0; part < 3; ++part) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
    const std::size_t size = end - at;
    if (size == 0 || size > 2 || (part == 2 && size != 2)) return false;
    at = end;
    if (part == 2) break;
    if (at == text.size() || std::string_view("./-").find(text[at]) == text.npos) return false;
    if (mark != '\0' && text[at] != mark) return false;
    mark = text[at++];
  }
  return at == text.size() || (text[at] == ' ' && text.find(':') != text.npos);
}

bool is_a_day(const file_form& file, std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(around), text.size()));
  text = text.substr(0, text.find_last_not_of(around) + 1);
  if (!may_be_a_day(text)) return false;
  std::string scratch, extension;
  file_form any;
  any.region = file.region;
  any.pivot = file.pivot == 0 ? 2099 : file.pivot;  // Any year of two digits.
  return std::ranges::any_of(
      std::array{date_order::iso, date_order::day_first, date_order::month_first},
      [&](date_order order) {
        std::string_view when = text;
        const auto read =
            read_cell(cell_kind::instant, any, {.order = order}, when, scratch, extension);
        // A month or a year alone is no day, and no number either.
        return read || read.error().code == errc::missing_field;
      });
}

bool has_a_day(const file_form& file, std::string_view text) {
  constexpr std::ptrdiff_t most_of_an_hour = 6;
  if (is_a_day(file, text) || is_time_in_words(text)) return true;
  const place day = day_in_full(file, text);
  if (day.size == 0) return false;
  const std::string rest =
      std::string(text.substr(0, day.at)).append(text.substr(day.at + day.size));
  const bool hour = rest.find(':') != rest.npos;
  return rest.find('@') == rest.npos && digits_of(rest) <= (hour ? most_of_an_hour : 2);
}

std::string without_a_day(const file_form& file, std::string_view text) {
  constexpr std::ptrdiff_t fewest = 6;  // Digits of a number.
  const place day = day_in_full(file, text);
  if (day.size == 0) return {};
  std::string out(text.substr(0, day.at));
  out.append(text.substr(day.at + day.size));
  // Beside a day stands an hour as often.
  return digits_of(out) >= fewest && out.find(':') == out.npos ? out : std::string();
}

}  // namespace clientbook::exchange
