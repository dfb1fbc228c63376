// Amounts, quantities and numbers: thousands in groups, a decimal mark, a sign and a currency.
#include "cell_readers.hpp"
#include "characters.hpp"

#include <algorithm>
#include <tables/exchange/import_words.inc>

namespace clientbook::exchange {
namespace {

constexpr error not_an_amount{errc::invalid_value,
                              "not an amount: digits, thousands in groups of three, one decimal "
                              "mark, a sign and a currency"};
constexpr error zero_thousands{errc::invalid_value,
                               "thousands that begin with a zero: a decimal mark that is not the "
                               "one of the map (\"decimal\")?"};

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
  // `0.125` is no thousand, whatever the decimal mark is.
  if (out.groups > 0 && out.whole.starts_with('0')) return zero_thousands;
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

}  // namespace

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
  scratch.assign(negative ? 1 : 0, '-');
  scratch += digits->whole.empty() ? "0" : digits->whole;
  if (!digits->behind.empty()) scratch.append(1, '.').append(digits->behind);
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

std::string_view currency_of(std::string_view region) noexcept {
  for (const home_currency& each : home_currencies) {
    if (each.region == region) return each.currency;
  }
  return {};
}

result<void> read_currency(const file_form& file, std::string_view& text) {
  std::string_view named = currencies_named(text);
  if (named.empty()) named = currency_within(text);
  // What is none is told where the target takes it.
  if (named.empty()) return {};
  if (named.size() == 3) {
    text = named;
    return {};
  }
  const std::string_view home = currency_of(file.region);
  if (home.empty() || named.find(home) == named.npos) {
    return error{errc::invalid_value, "a sign of several currencies: say which one, as a code"};
  }
  text = home;
  return {};
}

}  // namespace clientbook::exchange
