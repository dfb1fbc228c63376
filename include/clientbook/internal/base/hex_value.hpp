// What one hexadecimal digit means, for readers that meet digits one by one: escapes in texts,
// addresses. Whole ids and digests are read by parse_hex() and written by write_hex() (ids.hpp).
#ifndef CLIENTBOOK_INTERNAL_BASE_HEX_VALUE_HPP
#define CLIENTBOOK_INTERNAL_BASE_HEX_VALUE_HPP

namespace clientbook {

/// 0 to 15, of both cases; -1: no digit.
constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace clientbook

#endif
