// A no of a day alone that an import brings again. Nobody knows its hour, so it was recorded as the
// end of that day, as the hour of the import where the day was not over, or, before the book did
// so, as the day's beginning; read again it is the same act, and takes back no consent given since.
#ifndef CLIENTBOOK_TRANSFER_SAID_THAT_DAY_HPP
#define CLIENTBOOK_TRANSFER_SAID_THAT_DAY_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/consent/directive.hpp>

#include <span>

namespace clientbook {

/// From `begin` up to, not including, `end`.
struct said_day {
  timestamp begin;
  timestamp end;
};

/// When the same words of that day were recorded by an import; the directive's own time if they
/// were not, or if what was recorded has an hour of its own.
[[nodiscard]] timestamp time_of_that_day(const directive& no, const said_day& day,
                                         std::span<const directive> said) noexcept;

/// Who may not see what was said, or no more of it now, says a no anew: that closes no less.
[[nodiscard]] constexpr bool hides_what_was_said(errc code) noexcept {
  return code == errc::role_denied || code == errc::not_in_portfolio || code == errc::budget_spent;
}

}  // namespace clientbook

#endif
