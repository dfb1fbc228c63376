// Phone numbers by the numbering plans of data/phone_plans.csv, with what is dialled and written
// before and behind them. Where bytes count a plan is four bytes and tells lengths alone: possible,
// not valid.
#include <clientbook/base/bytes.hpp>

#include <array>
#include <bit>
#include <iterator>
#include "number_shapes.hpp"
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

[[maybe_unused]] numbering_plan unpacked(std::size_t i) noexcept {
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

// Whether no other word follows.
bool clause_ends_at(const text_window& text, std::size_t at) noexcept {
  const seen c = text.next(at);
  if (c.value == ' ')
    return text.class_at(over_space(text, at)) != char_class::letter &&
           !text.digit_at(over_space(text, at));
  return class_of(c.value) != char_class::digit;
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
  if (c.value == '(' || c.value == 0xFF08) {
    begin = at - c.size;
    // `+(371) 83101222`
    if (!compact && !plus && text[begin - 1] == '+') {
      --begin;
      plus = true;
    }
  }
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
  return count == 8 || (count == 7 && groups_in(run, n) == 2);
}

bool in_north_america(const scan_settings& settings) noexcept {
  for (std::size_t i = 0; i < settings.region_count; ++i) {
    const std::size_t which = plan_of(settings.regions[i]);
    if (which != plan_count && calling_code(which) == 1) return true;
  }
  return false;
}

// Reads a run of digits as a phone number: the longest beginning of it that is one.
//
// A plus sign or 00 asks only for a numbering plan that has such a number. Without them the groups
// must look like a phone number's, one of the regions must have it, and no word may call it
// something else; a word of phones proves it alone.
class phone_reader {
 public:
  phone_reader(number_place& place, const scan_settings& settings) noexcept
      : place_(place), text_(place.text), run_(place.run), settings_(settings) {
    begin_ = over_sign(text_, run_.begin, plus_);
  }

  find read() noexcept {
    if (part_of_another()) return {};
    // `0.123456789`: a decimal.
    if (!compact && !plus_ && run_.dots == 2 && run_.group_ends_after(1)) return {};
    std::uint32_t columns = 0;
    apart_ = gaps(columns);
    if constexpr (!compact) {
      if (!plus_) amounts_ = amount_digits(text_, run_);
      // Beside its word two spaces part groups: `Tel: 020  7946  0958`.
      if (columns != 0 && phone_beside()) {
        if (const find found = read_groups()) return found;
      }
      apart_ |= columns;
    }
    if (const find found = read_groups()) return found;
    return plus_ ? possible_anywhere() : said();
  }

 private:
  // The longest beginning that is one.
  find read_groups() noexcept {
    for (std::size_t n = run_.count < max_digits ? run_.count : max_digits; n >= 5; --n) {
      if (!run_.group_ends_after(n) || (n == run_.count && run_.goes_on)) continue;
      if ((apart_ & digit_run::within(n)) != 0 || !ends_after(n)) continue;
      if (const reading as = read_as(n); as.good) {
        const find found{begin_, end_, as.by};
        if (!compact && plus_ && n < run_.count) return {begin_, goes_on_after(n), as.by};
        if (compact || plus_ || n == run_.count || as.by != rule::phone_word) return found;
        const find whole = said();  // The word decides, whatever the region's numbers are.
        return whole.end > found.end ? whole : found;
      }
    }
    return {};
  }

  struct reading {
    bool good = false;
    rule by = rule::phone_word;
  };

  // What parts two numbers: line ends but behind a hyphen, two spaces (columns of a table).
  std::uint32_t gaps(std::uint32_t& columns) const noexcept {
    std::uint32_t out = run_.breaks;
    columns = 0;
    if constexpr (compact) return out;
    for (std::size_t n = 1; n < run_.count; ++n) {
      if (!run_.group_ends_after(n)) continue;
      const std::size_t at = run_.end_of(n);
      const std::uint32_t bit = 1U << n;
      if (text_[at] == '-' && (text_[at + 1] == '\n' || text_[at + 1] == '\r')) out &= ~bit;
      if (text_[at] == ' ' && text_[at + 1] == ' ' && (run_.brackets & bit) == 0) columns |= bit;
    }
    return out;
  }

  // Of a longer number, a part number, or a number of the shop in one piece.
  bool part_of_another() noexcept {
    if (plus_) return false;
    const seen before = text_.previous(begin_);
    if (before.value == ',' && comma_of_amount(text_, begin_ - 1)) return true;
    if ((before.value == '.' || before.value == '/' || before.value == ':' ||
         before.value == '-') &&
        text_.class_before(begin_ - before.size) == char_class::digit) {
      return true;
    }
    if (glued(before) && (place_.nearest().nearest & phone_word) == 0) return true;
    return !compact && run_.values[0] != 0 && run_.first_group() == run_.count &&
           (of_goods() || counted());
  }

  // `2125550187 pieces`: how many, where no word of people says otherwise and no other word
  // follows, with which it would be another word.
  bool counted() noexcept {
    if constexpr (compact) return false;
    const std::size_t end = run_.end_of(run_.count);
    if (text_[end] != ' ') return false;
    const folded_word word = word_from(text_, end + 1);
    // Behind `bytes` no word makes another of it.
    const bool ends = word.view() == "bytes" || clause_ends_at(text_, word.end);
    return word.size != 0 && is_in(extent::counted, word) && ends &&
           (place_.nearest().nearest & phone_word) == 0;
  }

  // A word of goods directly at it makes a number theirs: `order no. 12345`; not where other words
  // stand between (`the order is ready, 0171 ...`), or a code of an area in brackets.
  bool of_goods() noexcept {
    const context& word = place_.nearest();
    const bool beside = compact ? word.adjacent : word.direct;
    if ((word.nearest & (order_word | phone_word)) != order_word || !beside) return false;
    return compact || text_[run_.begin - 1] != '(' ||
           (run_.brackets >> run_.first_group() & 1U) == 0;
  }
  bool of_goods_or_ids() noexcept {
    const context& word = place_.nearest();
    return of_goods() || ((word.nearest & id_word) != 0 && word.adjacent);
  }
  bool phone_beside() noexcept {
    if ((place_.nearest().nearest & phone_word) != 0 && place_.nearest().adjacent) return true;
    if constexpr (compact) return false;
    // Seven digits in one group or two; what is longer is told by its plan.
    return place_.nearest().nearest == 0 &&
           calling_before(text_, begin_, run_.first_group() != run_.count);
  }

  // Whether a number may end after so many digits: end_ is where, with its extension.
  bool ends_after(std::size_t n) noexcept {
    std::size_t end = run_.end_of(n);
    const seen after = text_.next(end);
    end_ = over_extension(text_, end);
    if (end_ == end && glued(after)) return false;
    // `555-123-4567-A`: a part.
    if (!compact && !plus_ && after.value == '-' && text_.letter_at(end + 1) &&
        !text_.letter_at(end + 2)) {
      return false;
    }
    if (after.value == ',' && comma_of_amount(text_, end)) return false;
    if (!compact && after.value == ':' && text_.digit_at(end + 1)) return false;  // 08:00
    if (after.value == ')' && begin_ < run_.begin && !plus_) ++end;
    money_behind_ = end;
    if (end_ < end) end_ = end;
    return true;
  }

  // `+359(0)251 996 198`, of which a plan knows the beginning: groups of three or four digits, as
  // they stand in the number, belong to it.
  std::size_t goes_on_after(std::size_t n) const noexcept {
    const std::size_t end = run_.end_of(n);
    if (end_ != end) return end_;
    const std::uint32_t rest = run_.group_ends & ~digit_run::within(n + 1) & digit_run::within(24);
    const std::uint32_t signs = (rest & digit_run::within(run_.count)) | 1U << n;
    const bool as_before = ((run_.spaces & signs) == signs && (run_.spaces & ~signs) != 0) ||
                           ((run_.dashes & signs) == signs && (run_.dashes & ~signs) != 0);
    if (!as_before || run_.goes_on || run_.count > 15 || apart_ != 0) return end;
    std::size_t size = 0;
    for (std::size_t i = n; i < run_.count; ++i) {
      ++size;
      if (i + 1 != run_.count && !run_.group_ends_after(i + 1)) continue;
      if (size < 3 || size > 4) return end;
      size = 0;
    }
    const std::size_t last = run_.end_of(run_.count);
    const seen after = text_.next(last);
    const bool amount =
        after.value == ',' || after.value == '.' ? text_.digit_at(last + 1) : money_at(text_, last);
    return amount || glued(after) ? end : last;
  }

  reading read_as(std::size_t n) noexcept {
    if (plus_) {
      const std::size_t count = dialled(run_, n, 0, digits_);
      return {international(digits_.data(), count), rule::phone_international};
    }
    if (money_at(text_, money_behind_) || money_before(text_, begin_)) return {};
    if (!compact && of_amounts(n)) return {};
    if (dialled_abroad(n)) return {true, rule::phone_international};
    if (!well_grouped(run_, n)) return {};
    if (north_american(run_, n, compact ? in_north_america(settings_) : spaces_are_enough()) &&
        !of_goods_or_ids()) {
      return {true, rule::phone_national};
    }
    return national(n);
  }

  // `212 555 0187`: of North America, also where nobody said a region; elsewhere by the numbers
  // that it has.
  bool spaces_are_enough() const noexcept {
    const std::size_t one = run_.count > 10 && run_.values[0] == 1 ? 1 : 0;
    return settings_.region_count == 0 || in_north_america(settings_) ||
           (run_.values[one] >= 2 && run_.values[one + 3] >= 2);
  }

  // Numbers of no plan in the groups that their country writes: `17 93 71 22`, `241 33 77`.
  bool grouped_as_there(std::size_t n) const noexcept {
    if constexpr (compact) return false;
    std::uint32_t sizes = 0;  // A digit for each group.
    std::uint32_t size = 0;
    for (std::size_t i = 1; i <= n; ++i) {
      ++size;
      if (i != n && !run_.group_ends_after(i)) continue;
      sizes = sizes * 10 + size;
      size = 0;
    }
    const std::uint32_t groups = run_.group_ends & digit_run::within(n);
    const bool spaces = (run_.spaces & groups) == groups;
    const bool dashes = (run_.dashes & groups) == groups;
    const auto in = [&](char a, char b) { return settings_.in_region(country(a, b)); };
    if ((sizes == 2222 || sizes == 323) && spaces) return in('N', 'O') || in('D', 'K');
    if (sizes == 44 && spaces && run_.values[0] >= 2) return in('A', 'U');
    if (sizes == 34 && (spaces || dashes) && run_.values[0] >= 2) return in('N', 'Z');
    if (sizes == 322 && (spaces || dashes)) {
      return in('U', 'A') || in('R', 'U') || in('B', 'Y') || in('K', 'Z');
    }
    if ((sizes == 244 || sizes == 344) && dashes) return in('J', 'P') || in('K', 'R');
    const bool slash = (run_.slashes >> 1 & 1U) != 0 || (run_.slashes >> 2 & 1U) != 0;
    return slash && (sizes == 234 || sizes == 134 || sizes == 233) && in('H', 'U');
  }

  // `0449986188`, in one piece, of the length that the region's have behind what is dialled first.
  bool dialled_first(std::size_t n) const noexcept {
    if (compact || n < 10 || n > 11 || run_.values[0] != 0 || run_.values[1] == 0) return false;
    for (std::size_t r = 0; r < settings_.region_count; ++r) {
      if (possible(settings_.regions[r], run_.values.data(), n)) return true;
    }
    return false;
  }

  // 00 or, from North America, 011 and a country code; or the code in brackets: `(351) 284 255
  // 029`.
  bool dialled_abroad(std::size_t n) noexcept {
    if (run_.values[0] == 0 && run_.values[1] == 0 && n > 8) {
      const std::size_t count = dialled(run_, n, 2, digits_);
      if (!of_goods() &&
          (international(digits_.data(), count) ||
           (groups_in(run_, n) > 2 && possible_international(digits_.data(), count)))) {
        return true;
      }
    }
    if (run_.values[0] == 0 && run_.values[1] == 1 && run_.values[2] == 1 && n > 11) {
      const std::size_t count = dialled(run_, n, 3, digits_);
      if (international(digits_.data(), count)) return true;
    }
    if (text_[run_.begin - 1] != '(' || run_.values[0] == 0 || n <= 9) return false;
    const std::size_t code = run_.first_group();
    return code <= 3 && (run_.brackets >> code & 1U) != 0 && international(run_.values.data(), n) &&
           !north_american(run_, n, true);
  }

  // `447700900123`: the code of a region without its plus, in one piece; no article number.
  bool code_without_plus(std::size_t n) noexcept {
    // Or in groups of which the first is the code: `57 303 694 89 14`.
    const bool whole = run_.first_group() == n;
    const bool groups =
        run_.first_group() <= 3 && groups_in(run_, n) >= 4 &&
        (run_.spaces & digit_run::within(n)) == (run_.group_ends & digit_run::within(n));
    if (n < 11 || n > 14 || (!whole && !groups) || n != run_.count) return false;
    if (of_goods() || (place_.nearest().nearest & id_word) != 0) return false;
    for (std::size_t r = 0; r < settings_.region_count; ++r) {
      const std::size_t which = plan_of(settings_.regions[r]);
      if (which == plan_count) continue;
      unsigned code = calling_code(which);
      if (code == 1) continue;  // North America's are told from their ten digits.
      unsigned digits = 0;
      for (unsigned unit = code; unit != 0; unit /= 10) ++digits;
      unsigned front = 0;
      for (unsigned i = 0; i < digits; ++i) front = front * 10 + run_.values[i];
      if (front == code && fits(plan_number(which), {run_.values.data() + digits, n - digits})) {
        return true;
      }
    }
    return false;
  }

  // Digits that are likelier amounts, where nothing is dialled before them.
  bool of_amounts(std::size_t n) const noexcept {
    const std::uint32_t amounts = amounts_ & ((1U << n) - 1);
    // `0117 4960672 199.00`: behind a whole number.
    if (amounts != 0) return run_.values[0] != 0 || std::countr_zero(amounts) >= 9;
    // `95354 58 947.50`: article, quantity, price.
    return n == 7 && run_.values[0] != 0 && (amounts_ >> n & 1U) != 0;
  }
  // Likelier sizes, measures or years.
  bool unlikely(std::size_t n) noexcept {
    return run_.values[0] != 0 && shaped_as_goods(text_, run_, n) && !phone_beside();
  }

  // A number of one of the regions.
  reading national(std::size_t n) noexcept {
    const std::size_t count = dialled(run_, n, 0, digits_);
    if (!compact && unlikely(n)) return {};
    if (!compact && code_without_plus(n)) return {true, rule::phone_international};
    for (std::size_t r = 0; r < settings_.region_count; ++r) {
      fit how = national_fit(settings_.regions[r], digits_.data(), count);
      if (how == fit::none) {
        if (!extent::valid_phones) continue;  // Nothing but lengths was asked for.
        if (groups_in(run_, n) < 2 || !possible(settings_.regions[r], digits_.data(), count)) {
          continue;
        }
        how = fit::with_trunk;
      }
      const context& word = place_.nearest();
      if ((word.nearest & phone_word) != 0) return {true, rule::phone_word};
      if (of_goods_or_ids()) continue;
      if (!compact && count == 8 && n == 8 && word.numbered && groups_in(run_, n) == 1) continue;
      const bool enough = how == fit::with_trunk ? count >= 8
                                                 : count >= 9 || (how == fit::no_trunk &&
                                                                  no_trunk_enough(run_, n, count));
      if (enough) return {true, rule::phone_national};
    }
    if (!compact && (grouped_as_there(n) || dialled_first(n)) && !of_goods_or_ids()) {
      return {true, rule::phone_national};
    }
    return {};
  }

  // Without a region, or with another's numbering: the word beside it decides.
  find said() noexcept {
    if (run_.count < 7) return {};
    if (!phone_beside()) return {};
    for (std::size_t n = run_.count < 15 ? run_.count : 15; n >= 7; --n) {
      if (!run_.group_ends_after(n) || (apart_ & digit_run::within(n)) != 0) continue;
      if ((amounts_ & ((1U << n) - 1)) != 0) continue;
      const std::size_t end = run_.end_of(n);
      if (money_at(text_, end) || !well_grouped(run_, n) || run_.goes_on) return {};
      if (glued(text_.next(end))) return {};
      return {begin_, over_extension(text_, end), rule::phone_word};
    }
    return {};
  }

  // A country code and a length that may be: numbering plans change.
  find possible_anywhere() const noexcept {
    for (std::size_t n = run_.count < 15 ? run_.count : 15; n >= 8; --n) {
      if (!run_.group_ends_after(n) || (apart_ & digit_run::within(n)) != 0) continue;
      if (run_.goes_on) return {};
      if (possible_international(run_.values.data(), n)) {
        return {begin_, over_extension(text_, run_.end_of(n)), rule::phone_international};
      }
    }
    return {};
  }

  number_place& place_;
  const text_window& text_;
  const digit_run& run_;
  const scan_settings& settings_;
  bool plus_ = false;
  std::uint32_t apart_ = 0;       // Bit n: before digit n another number begins.
  std::uint32_t amounts_ = 0;     // Bit n: digit n belongs to an amount.
  std::size_t begin_;             // With the sign before it.
  std::size_t end_ = 0;           // With what stands behind it.
  std::size_t money_behind_ = 0;  // Where a currency may stand.
  std::array<std::uint8_t, digit_run::most> digits_;  // As dialled.
};

}  // namespace

find phone_at(number_place& place, const scan_settings& settings) noexcept {
  return place.run.count < 5 ? find{} : phone_reader(place, settings).read();
}

}  // namespace clientbook::scanner
