// Letters, digits and numbers as cells have them: ASCII alone, no locale.
#ifndef CLIENTBOOK_EXCHANGE_CSV_CHARACTERS_HPP
#define CLIENTBOOK_EXCHANGE_CSV_CHARACTERS_HPP

#include <algorithm>
#include <charconv>
#include <string_view>

namespace clientbook::exchange {

inline bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
inline bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

inline bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

inline int number_of(std::string_view digits) noexcept {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

}  // namespace clientbook::exchange

#endif
