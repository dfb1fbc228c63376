// The digits of a phone or card number.
#ifndef CLIENTBOOK_REDACTION_NUMBER_DIGITS_HPP
#define CLIENTBOOK_REDACTION_NUMBER_DIGITS_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <array>
#include <string_view>

namespace clientbook::redaction {

inline constexpr error not_text{errc::invalid_encoding, "the value is not UTF-8"};

struct digits {
  std::array<char, 20> ascii{};
  std::size_t count = 0;
  bool plus = false;

  std::string_view view() const noexcept { return {ascii.data(), count}; }
};

// The digits of a phone or card number, in whatever script, without what stands between them.
inline result<digits> read_digits(std::string_view text) noexcept {
  digits out;
  for (std::size_t at = 0; at < text.size();) {
    const code_point c = code_point_at(text, at);
    if (c.size == 0) return not_text;
    at += c.size;
    const int digit = digit_value(c.value);
    if (digit >= 0 && out.count < out.ascii.size()) {
      out.ascii[out.count++] = static_cast<char>('0' + digit);
      continue;
    }
    const bool plus = c.value == '+' || c.value == 0xFF0B;
    const bool between = c.value == ' ' || c.value == '-' || c.value == '.' || c.value == '/' ||
                         c.value == '(' || c.value == ')' || c.value == 0xA0 || c.value == 0x2011 ||
                         c.value == 0x2013 || c.value == 0x202F;
    if (!between && !(plus && out.count == 0 && !out.plus)) {
      return error{errc::invalid_value, "the value is not a number as phones and cards have"};
    }
    out.plus = out.plus || plus;
  }
  return out;
}

}  // namespace clientbook::redaction

#endif
