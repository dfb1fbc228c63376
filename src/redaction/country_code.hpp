// Country codes in front of international phone numbers.
#ifndef CLIENTBOOK_REDACTION_COUNTRY_CODE_HPP
#define CLIENTBOOK_REDACTION_COUNTRY_CODE_HPP

#include <clientbook/base/bytes.hpp>

namespace clientbook::redaction {

/// Digits of the country code (ITU-T E.164) in front of an international number.
constexpr std::size_t country_code(std::string_view number) noexcept {
  if (number.empty() || number[0] == '0') return 0;
  if (number[0] == '1' || number[0] == '7') return 1;
  constexpr std::string_view of_two =
      "20 27 28 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 "
      "60 61 62 63 64 65 66 81 82 83 84 86 89 90 91 92 93 94 95 98 ";
  for (std::size_t i = 0; i < of_two.size(); i += 3) {
    if (slice(number, 0, 2) == slice(of_two, i, 2)) return 2;
  }
  return 3;
}

}  // namespace clientbook::redaction

#endif
