// Finds payment cards in any text: numbers in groups and in digits of other scripts, and tracks.
//
// Whoever stores what a customer or a clerk typed must not store a card number (PCI DSS 3.3.1), so
// every text passes here before it is sealed. That makes it a hot path: most texts end at the first
// count of digits. It relies on the ranges that brands issue from and on the check digit; both
// together, since one number in ten passes Luhn's test by chance.
#include <clientbook/base/bytes.hpp>
#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <array>

namespace clientbook {
namespace {

constexpr std::size_t shortest = 12;
constexpr std::size_t longest = 19;
constexpr int most_separators = 3;

// Lengths as bits.
constexpr std::uint32_t of(unsigned from, unsigned to) noexcept {
  std::uint32_t bits = 0;
  for (unsigned length = from; length <= to; ++length) bits |= 1U << length;
  return bits;
}
constexpr std::uint32_t of(unsigned length) noexcept { return of(length, length); }

struct issuer_range {
  unsigned first;  // Of the first four digits.
  unsigned last;
  std::uint32_t lengths;
  std::uint32_t phone_like;  // Of these, lengths that phone numbers with that beginning have.
  card_brand brand;
};

constexpr std::array<issuer_range, 21> issuers = {{
    {4000, 4999, of(13) | of(16) | of(19), of(13), card_brand::visa},
    {5100, 5599, of(16), 0, card_brand::mastercard},
    {2221, 2720, of(16), 0, card_brand::mastercard},
    {3400, 3499, of(15), 0, card_brand::american_express},
    {3700, 3799, of(15), 0, card_brand::american_express},
    {6011, 6011, of(16, 19), 0, card_brand::discover},
    {6440, 6599, of(16, 19), 0, card_brand::discover},
    {3000, 3059, of(14, 19), 0, card_brand::diners_club},
    {3095, 3095, of(14, 19), 0, card_brand::diners_club},
    {3600, 3699, of(14, 19), 0, card_brand::diners_club},
    {3800, 3999, of(14, 19), 0, card_brand::diners_club},
    {3528, 3589, of(16, 19), 0, card_brand::jcb},
    {1800, 1800, of(15), 0, card_brand::jcb},
    {2131, 2131, of(15), 0, card_brand::jcb},
    {6200, 6299, of(16, 19), 0, card_brand::unionpay},
    {5000, 5099, of(12, 19), of(12, 15), card_brand::maestro},
    {5600, 5899, of(12, 19), of(12, 15), card_brand::maestro},
    {6000, 6999, of(12, 19), of(12, 15), card_brand::maestro},
    {2200, 2204, of(16), 0, card_brand::mir},
    // Troy of Turkey, RuPay of India: whose rules of truncation are not known.
    {9792, 9792, of(16), 0, card_brand::unknown},
    {8100, 8299, of(16), 0, card_brand::unknown},
}};

struct digit_at {
  int value = -1;
  std::size_t size = 0;
};

digit_at read_digit(std::string_view text, std::size_t offset) noexcept {
  const code_point next = code_point_at(text, offset);
  if (next.size == 0) return {};
  return {digit_value(next.value), next.size};
}

// Where the digit after the separators at `offset` begins, or `offset` if there is none.
std::size_t over_separators(std::string_view text, std::size_t offset) noexcept {
  std::size_t at = offset;
  for (int i = 0; i <= most_separators; ++i) {
    const code_point next = code_point_at(text, at);
    if (next.size == 0) break;
    if (digit_value(next.value) >= 0) return at;
    if (!separates_digits(next.value)) break;
    at += next.size;
  }
  return offset;
}

// Up to one digit more than the longest card number, over groups, from one place.
struct digit_window {
  std::array<std::uint8_t, longest + 1> values;
  std::array<std::size_t, longest + 1> ends;  // Byte after each digit.
  std::uint32_t group_ends = 0;               // Bit n: after n digits a group ends.
  std::size_t count = 0;
};

digit_window look_ahead(std::string_view text, std::size_t from) noexcept {
  digit_window window;
  std::size_t at = from;
  while (window.count <= longest) {
    const digit_at next = read_digit(text, at);
    if (next.value < 0) {
      if (window.count == 0) break;
      window.group_ends |= 1U << window.count;
      const std::size_t group = over_separators(text, at);
      if (group == at) break;
      at = group;
      continue;
    }
    at += next.size;
    window.values[window.count] = static_cast<std::uint8_t>(next.value);
    window.ends[window.count] = at;
    ++window.count;
  }
  return window;
}

bool is_card(const std::uint8_t* digits, std::size_t count, card_ranges ranges) noexcept {
  return card_issued({digits, count}, ranges) && luhn_valid({digits, count});
}

// A group of more digits than any card number: a card number at its end.
std::optional<text_range> at_the_end(std::string_view text, std::size_t begin, std::size_t end,
                                     card_ranges ranges) noexcept {
  std::array<std::uint8_t, longest> values;
  std::array<std::size_t, longest> begins;
  std::size_t count = 0;
  for (std::size_t at = begin; at < end;) {
    const digit_at next = read_digit(text, at);
    if (count == longest) {
      for (std::size_t i = 1; i < longest; ++i) {
        values[i - 1] = values[i];
        begins[i - 1] = begins[i];
      }
      --count;
    }
    values[count] = static_cast<std::uint8_t>(next.value);
    begins[count] = at;
    ++count;
    at += next.size;
  }
  for (std::size_t length = shortest; length <= longest; ++length) {
    const std::size_t start = count - length;
    if (is_card(values.data() + start, length, ranges)) return text_range{begins[start], end};
  }
  return {};
}

// An account number (IBAN) of many digits begins with two capital letters.
bool after_country_letters(std::string_view text, std::size_t offset) noexcept {
  const auto capital = [&](std::size_t back) {
    return offset >= back && text[offset - back] >= 'A' && text[offset - back] <= 'Z';
  };
  return capital(1) && capital(2) && !capital(3);
}

bool written_internationally(std::string_view text, std::size_t begin,
                             const digit_window& run) noexcept {
  if (run.count > 15) return false;
  const std::string_view before = slice(text, 0, begin);
  return before.ends_with('+') || before.ends_with("\xEF\xBC\x8B") ||
         (run.count > 2 && run.values[0] == 0 && run.values[1] == 0);
}

// Most texts end here. Bytes above ASCII may belong to digits of other scripts.
bool too_few_digits(std::string_view text, std::size_t from) noexcept {
  if (text.size() < from + shortest) return true;
  // So many of the bytes may be something else.
  std::size_t others = text.size() - from - shortest;
  for (std::size_t i = from; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c >= '0' && c <= '9') || c >= 0x80) continue;
    if (others == 0) return true;
    --others;
  }
  return false;
}

}  // namespace

bool luhn_valid(std::span<const std::uint8_t> digits) noexcept {
  unsigned sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i > 0; --i, twice = !twice) {
    unsigned digit = digits[i - 1];
    if (twice) digit = digit < 5 ? 2 * digit : 2 * digit - 9;
    sum += digit;
  }
  return sum % 10 == 0;
}

card_brand brand_of(std::span<const std::uint8_t> digits) noexcept {
  if (digits.size() < shortest || digits.size() > longest) return card_brand::unknown;
  const unsigned begin = digits[0] * 1000U + digits[1] * 100U + digits[2] * 10U + digits[3];
  for (const issuer_range& issuer : issuers) {
    if (begin < issuer.first || begin > issuer.last) continue;
    if ((issuer.lengths & 1U << digits.size()) != 0) return issuer.brand;
  }
  return card_brand::unknown;
}

bool card_issued(std::span<const std::uint8_t> digits, card_ranges ranges) noexcept {
  if (digits.size() < shortest || digits.size() > longest) return false;
  const unsigned begin = digits[0] * 1000U + digits[1] * 100U + digits[2] * 10U + digits[3];
  const std::uint32_t length = 1U << digits.size();
  for (const issuer_range& issuer : issuers) {
    if (begin < issuer.first || begin > issuer.last) continue;
    const std::uint32_t lengths =
        ranges == card_ranges::all ? issuer.lengths : issuer.lengths & ~issuer.phone_like;
    if ((lengths & length) != 0) return true;
  }
  return false;
}

std::optional<text_range> find_card_number(std::string_view text, std::size_t from,
                                           card_ranges ranges) noexcept {
  if (too_few_digits(text, from)) return std::nullopt;
  std::size_t run_end = 0;  // Byte after the run of groups we are in.
  card_ranges wanted = ranges;
  for (std::size_t at = from; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < '0' || (byte > '9' && byte < 0x80)) {
      ++at;
      continue;
    }
    const digit_at first = read_digit(text, at);
    if (first.value < 0) {
      at += first.size == 0 ? 1 : first.size;
      continue;
    }
    const digit_window window = look_ahead(text, at);
    const std::size_t window_end = window.ends[window.count - 1];
    if (at >= run_end) {
      wanted = written_internationally(text, at, window) ? card_ranges::not_phone_like : ranges;
      run_end = window_end;
    }
    // A run that goes on past the window cannot have been a phone number.
    if (window_end > run_end) run_end = window_end;

    std::size_t group_end = at;
    std::size_t group_size = 0;
    for (digit_at next = first; next.value >= 0; next = read_digit(text, group_end)) {
      group_end += next.size;
      ++group_size;
    }
    const bool too_long = group_size > longest;
    // The longest first: a shorter one within it that fits by chance would leave digits behind.
    for (std::size_t length = std::min(longest, window.count); length >= shortest; --length) {
      const bool ends_group = (window.group_ends >> length & 1U) != 0;
      if (!ends_group && !(too_long && !after_country_letters(text, at))) continue;
      if (is_card(window.values.data(), length, wanted)) {
        return text_range{at, window.ends[length - 1]};
      }
    }
    if (too_long && !after_country_letters(text, at)) {
      if (const auto found = at_the_end(text, at, group_end, wanted)) return found;
    }
    at = group_end;
  }
  return {};
}

std::optional<text_range> find_card_track(std::string_view text, std::size_t from) noexcept {
  if (too_few_digits(text, from)) return {};
  const auto digit = [&](std::size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
  };
  for (std::size_t at = from; at < text.size(); ++at) {
    const bool first = text[at] == '%' && at + 1 < text.size() && (text[at + 1] | 0x20) == 'b';
    if (!first && text[at] != ';') continue;
    const char ends_with = first ? '^' : '=';
    std::size_t end = at + (first ? 2 : 1);
    std::size_t digits = 0;
    for (; digit(end) || (end < text.size() && text[end] == ' '); ++end)
      digits += digit(end) ? 1U : 0U;
    if (digits >= shortest && end < text.size() && text[end] == ends_with) {
      return text_range{at, end + 1};
    }
  }
  return {};
}

}  // namespace clientbook
