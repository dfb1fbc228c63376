// Which errors say that something of one customer is damaged, and not that the call failed.
//
// Who looks at everybody goes on where one is damaged, and says how many could not be read: one
// customer's damage must not hide all others.
#ifndef CLIENTBOOK_BOOK_DAMAGE_HPP
#define CLIENTBOOK_BOOK_DAMAGE_HPP

#include <clientbook/base/result.hpp>

namespace clientbook {

[[nodiscard]] constexpr bool is_damage(errc code) noexcept {
  switch (code) {
    case errc::authentication_failed:
    case errc::wrong_key:
    case errc::version_mismatch:
    case errc::row_missing:
    case errc::damaged:
    case errc::truncated:
    case errc::invalid_encoding:
    case errc::wrong_type:
    case errc::invalid_value:
    case errc::missing_field:
    case errc::newer_format:
      return true;
    default:
      return false;
  }
}

}  // namespace clientbook

#endif
