// Shapes of numbers of goods. A shop's notes hold more prices, sizes and article numbers than phone
// numbers, and in some country nearly every run of eight to ten digits is one: the shape decides
// where no word does.
#include "number_shapes.hpp"

#include <bit>

namespace clientbook::scanner {
namespace {

struct digit_group {
  std::uint8_t first;
  std::uint8_t size;
  std::uint32_t value;  // Of the first nine digits.
};
struct digit_groups {
  std::array<digit_group, digit_run::most> all;  // Of which so many count.
  std::size_t count = 0;

  const digit_group& operator[](std::size_t i) const noexcept { return all[i]; }
};

digit_groups groups_of(const digit_run& run, std::size_t digits) noexcept {
  digit_groups out;
  for (std::size_t i = 0; i < digits; ++i) {
    if (i == 0 || run.group_ends_after(i)) {
      out.all[out.count++] = {static_cast<std::uint8_t>(i), 0, 0};
    }
    digit_group& last = out.all[out.count - 1];
    if (++last.size <= 9) last.value = last.value * 10 + run.values[i];
  }
  return out;
}

bool has(std::uint32_t kinds, const digit_group& group) noexcept {
  return (kinds >> group.first & 1U) != 0;
}

// A space before the group, also around a dash or a slash; no point and no bracket.
bool stands_apart(const digit_run& run, const digit_group& group) noexcept {
  return !has(run.dots | run.brackets, group) && has(run.spaces | run.slashes, group);
}

// Whether an amount may begin with the group: nothing belongs to its front.
bool begins_amount(const text_window& text, const digit_run& run,
                   const digit_group& group) noexcept {
  if (group.size > 5 || (group.size > 1 && run.values[group.first] == 0)) return false;
  if (group.first != 0) return stands_apart(run, group);
  const unsigned char sign = text[run.begin - 1];
  return (sign != '.' && sign != ',' && sign != '-') || !text.digit_at(run.begin - 2);
}

bool cents_behind_comma(const text_window& text, std::size_t at) noexcept {
  return text[at] == ',' && text.digit_at(at + 1) && text.digit_at(at + 2) &&
         !text.digit_at(at + 3) && text[at + 3] != '-' && text[at + 3] != '/' &&
         ((text[at + 3] != ',' && text[at + 3] != ';') || text[at + 4] == ' ');
}

std::uint32_t bits_of(const digit_group& first, const digit_group& last) noexcept {
  const unsigned end = last.first + unsigned{last.size};
  return ((1U << end) - 1) & ~((1U << first.first) - 1);
}

bool point_before(const text_window& text, const digit_run& run,
                  const digit_group& group) noexcept {
  const std::size_t at = run.end_of(group.first);
  return text[at] == '.' && text.digit_at(at + 1);
}

constexpr bool is_year(std::uint32_t value) noexcept { return value >= 1900 && value <= 2099; }

bool is_day(std::uint32_t day, std::uint32_t month) noexcept {
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

bool day_at(const digit_groups& groups, std::size_t i) noexcept {
  if (i + 3 > groups.count) return false;
  const digit_group& a = groups[i];
  const digit_group& b = groups[i + 1];
  const digit_group& c = groups[i + 2];
  if (b.size > 2) return false;
  if (a.size == 4) return c.size <= 2 && is_year(a.value) && is_day(c.value, b.value);
  return a.size <= 2 && c.size == 4 && is_year(c.value) &&
         (is_day(a.value, b.value) || is_day(b.value, a.value));
}

// 36 38 40 42: how many groups go up by the same small step.
std::size_t steps(const digit_groups& groups) noexcept {
  if (groups.count < 3 || groups[0].size > 3 || groups[1].value <= groups[0].value) return 0;
  const std::uint32_t step = groups[1].value - groups[0].value;
  std::size_t n = 1;
  while (n < groups.count && groups[n].size <= 3 && groups[n].size >= groups[n - 1].size &&
         groups[n].value == groups[n - 1].value + step) {
    ++n;
  }
  return step <= 10 ? n : 0;
}

// Chest, waist, hip, and then height.
bool measures(const digit_groups& groups) noexcept {
  const auto between = [&](std::size_t i, std::uint32_t least, std::uint32_t most) {
    return groups[i].value >= least && groups[i].value <= most && groups[i].size <= 3;
  };
  if (groups.count != 3 && groups.count != 4) return false;
  for (std::size_t i = 0; i < 3; ++i) {
    if (!between(i, 55, 139)) return false;
  }
  return groups.count == 3 || between(3, 140, 210);
}

// `20260512-120000`: a day and the time of it.
bool is_instant(const digit_group& day, const digit_group& time) noexcept {
  if (day.size != 8 || (time.size != 4 && time.size != 6)) return false;
  const std::uint32_t minutes = time.size == 6 ? time.value / 100 : time.value;
  return is_year(day.value / 10000) && is_day(day.value % 100, day.value / 100 % 100) &&
         minutes / 100 < 24 && minutes % 100 < 60 && (time.size == 4 || time.value % 100 < 60);
}

// `20260512120000`
bool is_instant_in_one(const digit_run& run) noexcept {
  const auto value = [&](std::size_t from, std::uint8_t size) {
    digit_group out{0, size, 0};
    for (std::size_t i = from; i < from + size; ++i) out.value = out.value * 10 + run.values[i];
    return out;
  };
  return is_instant(value(0, 8), value(8, 6));
}

bool sizes_are(const digit_groups& groups, std::initializer_list<std::uint8_t> sizes) noexcept {
  if (groups.count != sizes.size()) return false;
  std::size_t i = 0;
  for (const std::uint8_t size : sizes) {
    if (groups[i++].size != size) return false;
  }
  return true;
}

}  // namespace

bool ends_line_or_cell(const text_window& text, std::size_t at) noexcept {
  while (text[at] == ' ') ++at;
  return text[at] == '\n' || text[at] == '\r' || text[at] == '\t';
}

std::uint32_t amount_digits(const text_window& text, const digit_run& run) noexcept {
  const std::size_t end = run.end_of(run.count);
  if (run.dots == 0 && text[end] != ',') return 0;
  const digit_groups groups = groups_of(run, run.count);
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < groups.count; ++i) {
    if (!begins_amount(text, run, groups[i])) continue;
    std::size_t last = i;
    if (groups[i].size <= 3) {  // `1.369,58`
      while (last + 1 < groups.count && groups[last + 1].size == 3 &&
             point_before(text, run, groups[last + 1])) {
        ++last;
      }
    }
    const bool by_comma = last + 1 == groups.count && groups[last].size <= 3 && i != 0 &&
                          !run.goes_on && cents_behind_comma(text, end);
    if (by_comma) out |= bits_of(groups[i], groups[last]);
    if (i + 1 == groups.count || groups[i + 1].size != 2) continue;
    const bool ends = i + 2 == groups.count ? !run.goes_on : stands_apart(run, groups[i + 2]);
    if (ends && point_before(text, run, groups[i + 1])) out |= bits_of(groups[i], groups[i + 1]);
  }
  return out;
}

bool is_ean_13(const digit_run& run) noexcept {
  if (run.count < 13 || run.first_group() != 13 || run.values[0] == 0) return false;
  unsigned sum = 0;
  for (std::size_t i = 0; i < 13; ++i) sum += run.values[i] * (i % 2 == 0 ? 1U : 3U);
  return sum % 10 == 0;
}

namespace {

// `1680092436 done`, `[1680092436]`: seconds since 1970, of the years 2016 to 2028, as programs
// write them before what happened.
bool is_epoch(const text_window& text, const digit_run& run) noexcept {
  unsigned value = 0;
  for (std::size_t i = 0; i < 10; ++i) value = value * 10 + run.values[i];
  if (value < 1'450'000'000 || value > 1'850'000'000) return false;
  const unsigned char before = text[run.begin - 1];
  const unsigned char after = text[run.end_of(10)];
  if (before == '[' || before == '@') return true;
  const bool begins = run.begin == 0 || before == '\n';
  return begins && after == ' ' && text.letter_at(run.end_of(10) + 1) &&
         text[run.end_of(10) + 1] >= 'a';
}

}  // namespace

bool shaped_as_goods(const text_window& text, const digit_run& run, std::size_t count) noexcept {
  const digit_groups groups = groups_of(run, count);
  const digit_group& first = groups[0];
  if (groups.count == 1) {
    if (first.size == 14) return is_instant_in_one(run);
    if (first.size == 13) return is_ean_13(run);
    if (first.size == 10) return is_epoch(text, run);
    return first.size == 8 && is_year(first.value / 10000) &&
           is_day(first.value % 100, first.value / 100 % 100);
  }
  if (measures(groups) || steps(groups) == groups.count) return true;
  if (first.size == 13 && is_ean_13(run)) return true;  // `4006381333931 2`: so many of it.
  if (groups.count == 2) {
    const digit_group& second = groups[1];
    // `2014-2025`, `2026-123456`
    if (first.size == 4 && is_year(first.value) && has(run.dashes | run.slashes, second) &&
        !has(run.spaces | run.brackets, second)) {
      return true;
    }
    if (is_instant(first, second)) return true;
    // `12345-678`, an article's
    if (sizes_are(groups, {5, 3}) && has(run.dashes, second)) return true;
    // `52.123456`
    return point_before(text, run, second) && first.size <= 3 && second.size >= 6;
  }
  return sizes_are(groups, {4, 2, 2}) && has(run.dots, groups[1]) && has(run.dots, groups[2]);
}

namespace {

// How many digits from the first on are no number of a person whatever follows: `36 37 38 39`,
// `114-1234567-1234567`, `978-3-12345-678-9`, `4 006381 333931`; 0 for all others.
std::size_t digits_of_goods(const digit_run& run) noexcept {
  if (run.goes_on || run.count < 8) return 0;
  const std::uint32_t parts = run.group_ends & digit_run::within(run.count);
  if (std::popcount(parts) < 2) return 0;
  const digit_groups groups = groups_of(run, run.count);
  if (const std::size_t n = steps(groups); n >= 4) {
    return groups[n - 1].first + std::size_t{groups[n - 1].size};
  }
  const bool dashes = (run.dashes & parts) == parts && run.spaces == 0;
  if (sizes_are(groups, {3, 7, 7}) && dashes) return run.count;
  if (run.count != 13 || (run.dots | run.slashes | run.brackets) != 0) return 0;
  const bool book = run.values[0] == 9 && run.values[1] == 7 && run.values[2] >= 8;
  if ((book && groups.count == 5) || (sizes_are(groups, {1, 6, 6}) && run.dashes == 0)) return 13;
  return 0;
}

// Digits of the first of two days: `26.07.2026 - 01.04.2026`; 0 without two.
std::size_t first_of_two_days(const digit_run& run) noexcept {
  if (run.count < 12) return 0;
  const digit_groups groups = groups_of(run, run.count);
  if (!day_at(groups, 0) || !day_at(groups, 3) || !has(run.spaces, groups[3])) return 0;
  return groups[3].first;
}

// Where `1Z999AA10123456784` ends, the number of a parcel, if it begins at `at`; else 0.
std::size_t parcel_number(const text_window& text, std::size_t at) noexcept {
  if (text[at] != '1' || text[at + 1] != 'Z' || text.word_before(at)) return 0;
  for (std::size_t i = at + 2; i < at + 18; ++i) {
    if (!text.digit_at(i) && (!text.letter_at(i) || text[i] > 'Z')) return 0;
  }
  return text.word_at(at + 18) ? 0 : at + 18;
}

}  // namespace

std::size_t uuid_end(const text_window& text, std::size_t at) noexcept {
  const auto sign = [&](std::size_t i) { return ascii_hex(text[i]) || text[i] == '-'; };
  const auto hint = [](unsigned char c) { return c == '-' || ascii_hex(c); };
  if (!hint(text[at + 1]) && !hint(text[at - 1])) return 0;
  std::size_t begin = at;
  while (at - begin < 37 && sign(begin - 1)) --begin;
  if (at - begin > 35 || text.word_before(begin)) return 0;
  for (std::size_t i = 0; i < 36; ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[begin + i] != '-' : !ascii_hex(text[begin + i])) return 0;
  }
  return sign(begin + 36) || text.word_at(begin + 36) ? 0 : begin + 36;
}

std::size_t goods_end(number_place& place, date_reading dates) noexcept {
  const digit_run& run = place.run;
  std::size_t end = parcel_number(place.text, run.begin);
  if (end == 0) {
    std::size_t digits = digits_of_goods(run);
    if (digits == 0 && dates != date_reading::all) digits = first_of_two_days(run);
    if (digits == 0) return 0;
    end = run.end_of(digits);
  }
  constexpr std::uint16_t of_goods = order_word | address_word;
  const context& word = place.nearest();
  return (word.nearest & ~unsigned{of_goods}) != 0 && word.adjacent ? 0 : end;
}

bool number_of_order(number_place& place) noexcept {
  const digit_run& run = place.run;
  const text_window& text = place.text;
  if (!run.plain || run.goes_on || run.count < 5 || run.count > 11) return false;
  if ((run.group_ends & digit_run::within(run.count)) != 0) return false;
  // A word before it with a space between, and behind it the end or a small word.
  const std::size_t end = run.end_of(run.count);
  const std::size_t then = text[end] == '.' || text[end] == ',' ? end + 1 : end;
  const bool ends = text[then] == 0 || text[then] == '\n';
  const bool small = text[then] == ' ' && text[then + 1] >= 'a' && text.letter_at(then + 1) &&
                     text.letter_at(then + 2);
  if (text[run.begin - 1] != ' ' || !text.letter_at(run.begin - 2) || (!ends && !small)) {
    return false;
  }
  const context& nearest = place.nearest();
  if (nearest.nearest != order_word || !nearest.direct) return false;
  // The word begins its sentence; else all words near have to be asked.
  const folded_word word = word_until(text, run.begin - 1);
  const std::size_t before = word.begin;
  const bool first = before == text.begin() ||
                     (word.capital && text[before - 1] == ' ' && text[before - 2] == '.' &&
                      text.letter_at(before - 3) && text.letter_at(before - 4) &&
                      text.letter_at(before - 5) && text.letter_at(before - 6));
  if (first && word.size != 0) return true;
  const context& words = place.before();
  return words.kinds == order_word && !words.said_id && !words.said_account;
}

bool of_instant(number_place& place, std::size_t end) noexcept {
  const date_found day = date_at(place.text, place.run.begin, date_reading::birth);
  return day.is_date && day.end < end && (place.nearest().nearest & id_word) == 0;
}

bool of_amounts(number_place& place, std::size_t end) noexcept {
  const std::uint32_t amounts = amount_digits(place.text, place.run);
  if (amounts == 0 || (place.nearest().nearest & id_word) != 0) return false;
  for (std::size_t n = 0; n < place.run.count && place.run.end_of(n + 1) <= end; ++n) {
    if ((amounts >> n & 1U) != 0) return true;
  }
  return false;
}

}  // namespace clientbook::scanner
