// What known values and the filter before them have in common.
#ifndef CLIENTBOOK_SCANNER_KNOWN_VALUE_FILTER_HPP
#define CLIENTBOOK_SCANNER_KNOWN_VALUE_FILTER_HPP

#include <cstddef>

namespace clientbook::scanner {

inline constexpr std::size_t least_phone_digits = 7;

/// The bit of two folded bytes that a value begins with.
constexpr unsigned beginning_of_value(unsigned char first, unsigned char second) noexcept {
  return (first * 37U + second) & 2047U;
}

}  // namespace clientbook::scanner

#endif
