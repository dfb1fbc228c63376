#include <clientbook/base/bytes.hpp>

#include <array>
#include <iterator>
#include "phone_plans.hpp"
#include "rules.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

constexpr std::size_t plan_count = std::size(extent::plans);

unsigned calling_code(std::size_t i) noexcept {
  if constexpr (extent::valid_phones) {
    return full::plans[i].calling_code;
  } else {
    return brief::plans[i] >> 10 & 0x3FFU;
  }
}

numbering_plan unpacked(std::size_t i) noexcept {
  const std::uint32_t bits = brief::plans[i];
  const std::uint32_t trunk = bits >> 20 & 7U;
  numbering_plan out{};
  out.trunk[0] =
      "\0"
      "0180"[trunk];
  if (trunk == 4) out.trunk[1] = '6';
  out.lengths = brief::length_sets[bits >> 23];
  return out;
}
// Where it lies, or unpacked.
decltype(auto) plan_number(std::size_t i) noexcept {
  if constexpr (extent::valid_phones) {
    return (full::plans[i]);
  } else {
    return unpacked(i);
  }
}

// The number of the region's plan; plan_count if there is none. The plans are in the order of
// calling codes.
std::size_t plan_of(std::uint16_t region) noexcept {
  if constexpr (extent::valid_phones) {
    const auto letter = [](unsigned c) { return static_cast<std::size_t>(c - 'A'); };
    return full::plan_of_region[letter(region >> 8) * 26 + letter(region & 0xFFU)];
  } else {
    const std::uint32_t bits = (region >> 3 & 0x3E0U) | (region & 0x1FU);
    std::size_t i = 0;
    while (i < plan_count && (brief::plans[i] & 0x3FFU) != bits) ++i;
    return i;
  }
}

// The first plan with the calling code, or one of a higher code.
std::size_t first_plan(unsigned code) noexcept {
  std::size_t low = 0;
  std::size_t high = plan_count;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (calling_code(middle) < code) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

// Digits of a number without what was written for dialling.
struct national {
  const std::uint8_t* digits;
  std::size_t count;
};

bool fits(const numbering_plan& plan, const national& number) noexcept {
  if (number.count < 4 || number.count > 15) return false;
  if ((plan.lengths >> (number.count - 4) & 1U) == 0) return false;
  if constexpr (!extent::valid_phones) {
    // No plan has national numbers that begin with what is dialled before them.
    return plan.trunk[0] == 0 || number.digits[0] != plan.trunk[0] - '0';
  } else {
    const unsigned pair = number.digits[0] * 10U + number.digits[1];
    std::size_t run = plan.first_run;
    while (full::prefix_runs[run].last < pair) ++run;
    return (unsigned{full::length_sets[full::prefix_runs[run].set]} >> (number.count - 4) & 1U) !=
           0;
  }
}

std::size_t trunk_digits(const numbering_plan& plan, const national& number) noexcept {
  std::size_t n = 0;
  for (; n < sizeof(plan.trunk) && plan.trunk[n] != 0; ++n) {
    if (n >= number.count || number.digits[n] != plan.trunk[n] - '0') return 0;
  }
  return n;
}

// Whether the digits, after a country code, are a number of some plan with that code. A 0 kept
// from the national form, `+49 (0) 30`, is allowed.
bool international(const std::uint8_t* digits, std::size_t count) noexcept {
  unsigned code = 0;
  for (std::size_t n = 1; n <= 3 && n < count; ++n) {
    code = code * 10 + digits[n - 1];
    for (std::size_t i = first_plan(code); i < plan_count && calling_code(i) == code; ++i) {
      const numbering_plan& plan = plan_number(i);
      const national rest{digits + n, count - n};
      if (fits(plan, rest)) return true;
      const std::size_t trunk = trunk_digits(plan, rest);
      if (trunk != 0 && fits(plan, {rest.digits + trunk, rest.count - trunk})) return true;
    }
  }
  return false;
}

bool possible_international(const std::uint8_t* digits, std::size_t count) noexcept {
  if (count < 8 || count > 15 || digits[0] == 0) return false;
  unsigned code = 0;
  for (std::size_t n = 1; n <= 3; ++n) {
    code = code * 10 + digits[n - 1];
    const std::size_t first = first_plan(code);
    if (first < plan_count && calling_code(first) == code) return true;
  }
  return false;
}

enum class fit : std::uint8_t {
  none,
  without_trunk,  ///< It was left out.
  no_trunk,       ///< The country has none.
  with_trunk,
};

fit national_fit(std::uint16_t region, const std::uint8_t* digits, std::size_t count) noexcept {
  const std::size_t which = plan_of(region);
  if (which == plan_count) return fit::none;
  const numbering_plan& plan = plan_number(which);
  const national number{digits, count};
  const std::size_t trunk = trunk_digits(plan, number);
  if (trunk != 0 && fits(plan, {digits + trunk, count - trunk})) return fit::with_trunk;
  if (!fits(plan, number)) return fit::none;
  // Italy's numbers keep their 0; it tells as much as a prefix does.
  if (digits[0] == 0) return fit::with_trunk;
  return plan.trunk[0] == 0 ? fit::no_trunk : fit::without_trunk;
}

bool money_at(const text_window& text, std::size_t at) noexcept {
  if (text[at] == ' ') ++at;
  const seen c = text.next(at);
  return c.value == '$' || c.value == '%' || (c.value >= 0xA2 && c.value <= 0xA5) ||
         (c.value >= 0x20A0 && c.value <= 0x20BF) ||
         ((text[at] | 0x20) == 'e' && (text[at + 1] | 0x20) == 'u' &&
          (text[at + 2] | 0x20) == 'r' && !text.word_at(at + 3));
}

bool money_before(const text_window& text, std::size_t at) noexcept {
  seen c = text.previous(at);
  if (c.value == ' ') c = text.previous(at - c.size);
  return c.value == '$' || c.value == '#' || (c.value >= 0xA2 && c.value <= 0xA5) ||
         (c.value >= 0x20A0 && c.value <= 0x20BF);
}

// `x12`, `ext. 45`, `extension 7`, `int. 3`: the end of the number with it.
std::size_t over_extension(const text_window& text, std::size_t end) noexcept {
  std::size_t at = end;
  if (text[at] == ',') ++at;
  if (text[at] == ' ') ++at;
  if (text[at] == '#') {
    ++at;
  } else {
    if (!compact && !text.letter_at(at)) return end;
    const folded_word word = word_from(text, at);
    if (!is_in(extent::extension_marks, word)) return end;
    at = word.end;
  }
  if (text[at] == '.' || text[at] == ':') ++at;
  if (text[at] == ' ') ++at;
  const std::size_t digits = at;
  while (text.digit_at(at) && at < digits + 7) ++at;
  return at > digits && at < digits + 7 ? at : end;
}

// A letter directly before or after makes a part number of it; not letters of scripts that are
// written without spaces.
bool glued(seen c) noexcept {
  return c.value == '_' || c.value == '#' ||
         (c.value < 0x2E80 && class_of(c.value) == char_class::letter);
}

// The beginning with what was written for dialling: `+`, `(`, `(+`.
std::size_t over_sign(const text_window& text, std::size_t begin, bool& plus) noexcept {
  std::size_t at = begin;
  seen c = text.previous(at);
  if (c.value == ' ' && text[at - 2] == '+') c = text.previous(--at);
  if (c.value == '+' || c.value == 0xFF0B) {
    at -= c.size;
    plus = true;
    begin = at;
    c = text.previous(at);
  }
  if (c.value == '(' || c.value == 0xFF08) begin = at - c.size;
  return begin;
}

constexpr std::size_t max_digits = 17;

// Digits written for one number; `(0)` after a country code does not count.
std::size_t dialled(const digit_run& run, std::size_t count, std::size_t from,
                    std::array<std::uint8_t, digit_run::most>& out) noexcept {
  std::size_t n = 0;
  for (std::size_t i = from; i < count; ++i) {
    const bool alone = (run.brackets >> i & 1U) != 0 && (run.brackets >> (i + 1) & 1U) != 0 &&
                       run.values[i] == 0 && i > from;
    if (!alone) out[n++] = run.values[i];
  }
  return n;
}

// 3-3-4 with dashes, dots or brackets, with or without a 1: North America's way of writing, which
// is known everywhere.
bool north_american(const digit_run& run, std::size_t count, bool spaces) noexcept {
  const std::size_t one = count == 11 && run.values[0] == 1 ? 1 : 0;
  if (count != 10 + one) return false;
  const std::uint32_t groups = 1U << (3 + one) | 1U << (6 + one);
  const std::uint32_t inside = run.group_ends & digit_run::within(count) & ~(one != 0 ? 2U : 0U);
  if (inside != groups) return false;
  const std::uint32_t marked = (run.dashes | run.dots | run.slashes | run.brackets) & groups;
  return spaces || marked != 0;
}

// 36 38 40 42: sizes, not a number.
bool rising(const digit_run& run, std::size_t count) noexcept {
  unsigned last = 0;
  for (std::size_t n = 0; n < count; n += 2) {
    if (n + 2 > count || (n != 0 && !run.group_ends_after(n)) || run.group_ends_after(n + 1)) {
      return false;
    }
    const unsigned value = run.values[n] * 10U + run.values[n + 1];
    if (value <= last) return false;
    last = value;
  }
  return true;
}

std::size_t groups_in(const digit_run& run, std::size_t count) noexcept {
  std::size_t groups = 1;
  for (std::size_t n = 1; n < count; ++n) groups += run.group_ends_after(n) ? 1U : 0U;
  return groups;
}

// Lengths that numbers of the region have, with any leading digits: plans change.
bool possible(std::uint16_t region, const std::uint8_t* digits, std::size_t count) noexcept {
  const std::size_t which = plan_of(region);
  if (which == plan_count) return false;
  const numbering_plan& plan = plan_number(which);
  const std::size_t trunk = trunk_digits(plan, {digits, count});
  if (trunk == 0 || count - trunk < 4 || count - trunk > 15) return false;
  return (plan.lengths >> (count - trunk - 4) & 1U) != 0;
}

// Whether groups are of at least two digits but one, as people group phone numbers.
bool well_grouped(const digit_run& run, std::size_t count) noexcept {
  std::size_t singles = 0;
  std::size_t size = 0;
  for (std::size_t n = 1; n <= count; ++n) {
    ++size;
    if (n == count || run.group_ends_after(n)) {
      singles += size == 1 ? 1U : 0U;
      size = 0;
    }
  }
  return singles <= 2;
}

// Of countries where nothing is dialled before a number: eight digits, or seven in two groups.
bool no_trunk_enough(const digit_run& run, std::size_t n, std::size_t count) noexcept {
  return (count == 8 && !rising(run, n)) || (count == 7 && groups_in(run, n) == 2);
}

bool in_north_america(const scan_settings& settings) noexcept {
  for (std::size_t i = 0; i < settings.region_count; ++i) {
    const std::size_t which = plan_of(settings.regions[i]);
    if (which != plan_count && calling_code(which) == 1) return true;
  }
  return false;
}

}  // namespace

find phone_at(number_place& place, const scan_settings& settings) noexcept {
  const text_window& text = place.text;
  const digit_run& run = place.run;
  if (run.count < 5) return {};
  bool plus = false;
  std::size_t begin = over_sign(text, run.begin, plus);
  const seen before_it = text.previous(begin);
  if (!plus &&
      (before_it.value == '.' || before_it.value == ',' || before_it.value == '/' ||
       before_it.value == ':' || before_it.value == '-') &&
      text.class_before(begin - before_it.size) == char_class::digit) {
    return {};
  }
  const auto words = [&]() -> const context& { return place.nearest(); };
  if (glued(before_it) && !plus && (words().nearest & phone_word) == 0) return {};
  // A number of the shop in one piece.
  if (!compact && !plus && run.values[0] != 0 && run.first_group() == run.count &&
      (words().nearest & (order_word | phone_word)) == order_word && words().adjacent) {
    return {};
  }
  std::array<std::uint8_t, digit_run::most> digits;
  for (std::size_t n = run.count < max_digits ? run.count : max_digits; n >= 5; --n) {
    if (!run.group_ends_after(n) || (n == run.count && run.goes_on)) continue;
    if ((run.breaks & digit_run::within(n)) != 0) continue;
    std::size_t end = run.end_of(n);
    const seen after = text.next(end);
    const std::size_t extended = over_extension(text, end);
    if (extended == end && glued(after)) continue;
    // `555-123-4567-A`: a part.
    if (!compact && !plus && after.value == '-' && text.letter_at(end + 1)) continue;
    if (after.value == ',' && text.digit_at(end + 1)) continue;
    if (after.value == ')' && begin < run.begin && !plus) end += 1;
    const auto found = [&](rule which) {
      return find{begin, extended > end ? extended : end, which};
    };
    if (plus) {
      const std::size_t count = dialled(run, n, 0, digits);
      if (international(digits.data(), count)) return found(rule::phone_international);
      continue;
    }
    if (money_at(text, end) || money_before(text, begin)) continue;
    if (run.values[0] == 0 && run.values[1] == 0 && n > 8) {
      const std::size_t count = dialled(run, n, 2, digits);
      const bool shop_number = (words().nearest & order_word) != 0 && words().adjacent;
      if (!shop_number &&
          (international(digits.data(), count) ||
           (groups_in(run, n) > 2 && possible_international(digits.data(), count)))) {
        return found(rule::phone_international);
      }
    }
    if (run.values[0] == 0 && run.values[1] == 1 && run.values[2] == 1 && n > 11) {
      const std::size_t count = dialled(run, n, 3, digits);  // From North America.
      if (international(digits.data(), count)) return found(rule::phone_international);
    }
    // (351) 284 255 029
    if (text[run.begin - 1] == '(' && run.values[0] != 0 && n > 9) {
      const std::size_t code = run.first_group();
      if (code <= 3 && (run.brackets >> code & 1U) != 0 && international(run.values.data(), n) &&
          !north_american(run, n, true)) {
        return found(rule::phone_international);
      }
    }
    if (!well_grouped(run, n)) continue;
    const std::size_t count = dialled(run, n, 0, digits);
    if (north_american(run, n, in_north_america(settings)) &&
        ((words().nearest & (order_word | id_word)) == 0 || !words().adjacent)) {
      return found(rule::phone_national);
    }
    for (std::size_t r = 0; r < settings.region_count; ++r) {
      fit how = national_fit(settings.regions[r], digits.data(), count);
      if (how == fit::none) {
        if (!extent::valid_phones) continue;  // Nothing but lengths was asked for.
        if (groups_in(run, n) < 2 || !possible(settings.regions[r], digits.data(), count)) continue;
        how = fit::with_trunk;
      }
      const context& word = words();
      const bool spoken = (word.nearest & phone_word) != 0;
      if (!spoken && (word.nearest & order_word) != 0 && word.adjacent) continue;
      if (!spoken && (word.nearest & id_word) != 0 && word.adjacent) continue;
      const bool enough = how == fit::with_trunk ? count >= 8
                                                 : count >= 9 || (how == fit::no_trunk &&
                                                                  no_trunk_enough(run, n, count));
      if (spoken) return found(rule::phone_word);
      if (enough) return found(rule::phone_national);
    }
  }
  if (!plus) {
    if (run.count < 7) return {};
    // Without a region, or with another's numbering: the word beside it decides.
    if ((words().nearest & phone_word) == 0 || !words().adjacent) return {};
    for (std::size_t n = run.count < 15 ? run.count : 15; n >= 7; --n) {
      if (!run.group_ends_after(n) || (run.breaks & digit_run::within(n)) != 0) continue;
      if (money_at(text, run.end_of(n)) || !well_grouped(run, n) || run.goes_on) return {};
      if (glued(text.next(run.end_of(n)))) return {};
      return {begin, over_extension(text, run.end_of(n)), rule::phone_word};
    }
    return {};
  }
  // A country code and a length that may be: numbering plans change.
  for (std::size_t n = run.count < 15 ? run.count : 15; n >= 8; --n) {
    if (!run.group_ends_after(n) || (run.breaks & digit_run::within(n)) != 0) continue;
    if (run.goes_on) return {};
    if (possible_international(run.values.data(), n)) {
      return {begin, over_extension(text, run.end_of(n)), rule::phone_international};
    }
  }
  return {};
}

}  // namespace clientbook::scanner
