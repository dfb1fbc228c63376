// Payment cards, their tracks, and what stands beside them.
//
// The check digit and an issuer's range prove a card; one number in ten has a right check digit, so
// that those which other numbers look like (phones, ids) need a word of cards. Relies on
// card_data.hpp.
#include <clientbook/internal/model/card_data.hpp>

#include "number_shapes.hpp"
#include "rules.hpp"

namespace clientbook::scanner {
namespace {

constexpr std::size_t longest_card = 19;

// PAN-like digits beside a country code or after a + are phone numbers unless the length says no.
bool written_as_phone(const text_window& text, const digit_run& run) noexcept {
  if (run.count > 15 || run.goes_on) return false;
  const seen sign = text.previous(run.begin);
  return sign.value == '+' || sign.value == 0xFF0B ||
         (run.count > 2 && run.values[0] == 0 && run.values[1] == 0);
}

// A group before it belongs to the same number: the short numbers that also look like phone
// numbers are not cut out of a longer one.
bool goes_on_from(const text_window& text, const digit_run& run) noexcept {
  const seen between = text.previous(run.begin);
  if (between.value != ' ' && between.value != '-' && between.value != '.') return false;
  std::size_t at = run.begin - 1;
  int digits = 0;
  for (; digits < 3 && text.class_before(at) == char_class::digit; ++digits) {
    at -= text.previous(at).size;
  }
  return digits == 3;
}

// An account number (IBAN) begins with two letters; its digits are not cut to a card.
bool after_country_letters(const text_window& text, std::size_t at) noexcept {
  return text.letter_at(at - 1) && at > 1 && text.letter_at(at - 2) &&
         (at < 3 || !text.letter_at(at - 3));
}

// Issuers are given new ranges: JCB's are within 35.
bool looks_issued(std::span<const std::uint8_t> digits) noexcept {
  return digits.size() == 16 && digits[0] == 3 && digits[1] == 5;
}

// Whatever its issuer, beside a word of cards a right sum is enough.
bool card_said(const text_window& text, const digit_run& run, std::size_t count) noexcept {
  const context before = words_before(text, run.begin);
  if ((before.nearest & order_word) != 0) return false;
  // `paid with 0604 1234 5678 cvv 123`: a word of the code is one of cards.
  constexpr std::uint16_t of_cards = compact ? card_word : card_word | code_word;
  return ((before.kinds | words_after(text, run.end_of(count))) & of_cards) != 0;
}

// `tracking 6304 1234 1234`, `EAN 4006381333931`: directly at a word of goods few digits, and ends
// of many, are the shop's. Sixteen are a card all the same.
bool number_of_goods(const text_window& text, std::size_t at) noexcept {
  if constexpr (compact) return false;
  const context before = words_before(text, at, words_wanted::nearest);
  return (before.nearest & (order_word | card_word)) == order_word && before.direct;
}

// Whether the digits between are a card number; by less stack than find_card_number() takes.
CLIENTBOOK_ONCE bool is_card(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  std::array<std::uint8_t, longest_card> values;
  std::size_t count = 0;
  for (std::size_t at = begin; at < end; at += text.next(at).size) {
    values[count++] = static_cast<std::uint8_t>(digit_value(text.next(at).value));
  }
  const std::span<const std::uint8_t> digits(values.data(), count);
  return luhn_valid(digits) && card_issued(digits);
}

// A group longer than any card number may hold one at either end.
find card_in_group(const text_window& text, const digit_run& run) noexcept {
  if (after_country_letters(text, run.begin)) return {};
  std::size_t end = run.begin;
  while (text.class_at(end) == char_class::digit) end += text.next(end).size;
  if constexpr (!compact) {
    const auto found = find_card_number(text.bytes(run.begin, end));
    if (!found || number_of_goods(text, run.begin)) return {};
    return {run.begin + found->begin, run.begin + found->end, rule::card_luhn};
  }
  std::size_t last = end;  // Where the last so many digits begin.
  for (std::size_t n = 1; n <= longest_card; ++n) {
    last -= text.previous(last).size;
    if (n >= shortest_card && is_card(text, last, end)) return {last, end, rule::card_luhn};
    const std::size_t first = run.end_of(n);
    if (n >= shortest_card && is_card(text, run.begin, first)) {
      return {run.begin, first, rule::card_luhn};
    }
  }
  return {};
}

// 4-4-4-4 with one kind of separator.
bool four_by_four(const digit_run& run) noexcept {
  constexpr std::uint32_t fours = 1U << 4 | 1U << 8 | 1U << 12;
  const std::uint32_t inside = digit_run::within(16);
  if (run.count < 16 || (run.group_ends & inside) != fours || !run.group_ends_after(16)) {
    return false;
  }
  return (run.spaces & inside) == fours || (run.dashes & inside) == fours ||
         (run.dots & inside) == fours;
}

// `4657 4858 3570 28622`, `74657-4858-3570-2862`: a card in groups of four that other digits touch.
find glued_card(const digit_run& run) noexcept {
  if (compact || !run.plain || run.count < 17) return {};
  const std::size_t first = run.first_group();
  if (first < 4 || first > 8 || run.count < first + 12) return {};
  const std::uint32_t starts = 1U << first | 1U << (first + 4) | 1U << (first + 8);
  const std::uint32_t inside = digit_run::within(first + 12);
  if ((run.group_ends & inside) != starts) return {};
  if ((run.spaces & inside) != starts && (run.dashes & inside) != starts) return {};
  const std::span<const std::uint8_t> digits(run.values.data() + first - 4, 16);
  if (!luhn_valid(digits) || !card_issued(digits)) return {};
  return {run.begin + first - 4, run.end_of(first + 12), rule::card_luhn};
}

}  // namespace

find card_at(const text_window& text, const digit_run& run, const scan_settings& settings,
             card_place place) noexcept {
  if (run.count < shortest_card) return {};
  const card_ranges ranges =
      place == card_place::inside_another || written_as_phone(text, run) || goes_on_from(text, run)
          ? card_ranges::not_phone_like
          : card_ranges::all;
  if (run.first_group() > longest_card) return card_in_group(text, run);
  // The longest first: a shorter one within it that fits by chance would leave digits behind. But
  // one that ends with its line takes nothing from the next.
  constexpr std::size_t shortest_of_line = 14;
  find found;
  for (std::size_t n = run.count < longest_card ? run.count : longest_card; n >= shortest_card;
       --n) {
    if (!run.group_ends_after(n)) continue;
    // Between all groups or between none: `4111/1111/...`, `4111_1111_...`.
    const std::uint32_t inside = digit_run::within(n);
    const bool by_slash = !compact && (run.slashes & inside) == (run.group_ends & inside);
    const std::uint32_t foreign = by_slash ? run.brackets : run.slashes | run.brackets;
    if ((foreign & inside) != 0) continue;
    const std::span<const std::uint8_t> digits(run.values.data(), n);
    if (!luhn_valid(digits)) continue;
    if (!compact && run.dots != 0 && (amount_digits(text, run) & ((1U << n) - 1)) != 0) continue;
    if (n <= 13 && number_of_goods(text, run.begin)) continue;
    // Visa's old numbers begin as articles of Germany do.
    if (!compact && n == 13 && is_ean_13(run) && !card_said(text, run, n)) continue;
    const bool ends_line =
        !compact && found && n >= shortest_of_line && ends_line_or_cell(text, run.end_of(n));
    if (found && !ends_line) continue;
    if (card_issued(digits, ranges) || looks_issued(digits) ||
        (ranges == card_ranges::all && card_said(text, run, n))) {
      found = {run.begin, run.end_of(n), rule::card_luhn};
      if constexpr (compact) return found;
    }
  }
  if (found) return found;
  if (const find glued = glued_card(run)) return glued;
  if (settings.cards == card_reading::cautious && four_by_four(run) &&
      ((words_before(text, run.begin).kinds | words_after(text, run.end_of(16))) & card_word) !=
          0) {
    return {run.begin, run.end_of(16), rule::card_cautious};
  }
  return {};
}

find track_at(const text_window& text, std::size_t at) noexcept {
  const bool first = text[at] == '%';
  if (first && ascii_upper(text[at + 1]) != 'B') return {};
  std::size_t end = at + (first ? 2 : 1);
  std::size_t digits = 0;
  for (; digits < longest_card && (text.digit_at(end) || text[end] == ' '); ++end) {
    digits += text.digit_at(end) ? 1U : 0U;
  }
  if (digits < shortest_card || text[end] != (first ? '^' : '=')) return {};
  // The name and the service data go up to the end sentinel (ISO/IEC 7813: 79 and 40 characters).
  for (std::size_t i = end; i < end + 80; ++i) {
    if (text[i] == '?') {
      end = i;
      break;
    }
    if (text[i] == '\n' || text[i] == 0) break;
  }
  return {at, end + 1, rule::card_track};
}

}  // namespace clientbook::scanner
