// Generalisation of numbers, IP addresses and places; of dates and postal codes see
// redaction.hpp.
//
// Each function writes to the front of `out` and returns what it wrote. On every error the
// value must be dropped. Errors of all: invalid_value (not a value of that kind),
// buffer_too_small (`at`: bytes needed), invalid_argument (options).
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_REDACTION_GENERALISE_HPP
#define CLIENTBOOK_REDACTION_GENERALISE_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>

#include <cstdint>
#include <limits>
#include <string_view>

namespace clientbook {

/// Buckets begin at the multiples of their width. Below `bottom` and from `top` on nothing but
/// that is said, so that the few who stand out do not.
struct number_options {
  std::uint32_t bucket = 10;                                       ///< Width, from 2.
  std::int64_t bottom = std::numeric_limits<std::int64_t>::min();  ///< Below `top`.
  std::int64_t top = std::numeric_limits<std::int64_t>::max();
};

/// `30..39`, `<10`, `90+`.
result<std::string_view> generalise_number(std::int64_t value, const number_options& options,
                                           byte_span out) noexcept;

/// `192.0.2.0/24` or `2001:db8:1::/48`. An IPv4 address inside an IPv6 one (mapped, 6to4) is
/// generalised as what it is. A zone id goes.
result<std::string_view> generalise_ip(std::string_view address, byte_span out) noexcept;

/// `48.1,11.6`: latitude and longitude in decimal degrees, with a comma between them, rounded to
/// 0.1 degrees: 11 km from north to south.
result<std::string_view> generalise_geo(std::string_view place, byte_span out) noexcept;

}  // namespace clientbook

#endif
