// Deadlines: by which day a request of a customer is answered, as a law profile says.
//
// Counted as Regulation (EEC, Euratom) 1182/71 article 3 counts: the day on which something comes
// in is not counted; a period of months ends with the day of the same number, or with the last day
// of a month that has no such day; what is said in hours counts in whole days of 24. Working days
// are Monday to Friday. Public holidays are not known here, so a period of working days ends a day
// earlier than it might, never later; and a period that ends on a Saturday or Sunday ends then, or
// where it is asked for with the Monday after (article 3(4)).
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_CONSENT_DEADLINE_HPP
#define CLIENTBOOK_CONSENT_DEADLINE_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/consent/profile.hpp>

#include <cstdint>
#include <string_view>

namespace clientbook {

/// A period that ends on a Saturday or Sunday.
enum class end_of_period : std::uint8_t {
  as_counted,        ///< Ends then.
  next_working_day,  ///< Ends with the Monday after.
};

/// The last day of the period. Precondition: `from` exists and has a year. A day behind the year
/// 9999 is the last one of that year.
[[nodiscard]] date last_day(const date& from, const deadline_rule& rule,
                            end_of_period end = end_of_period::as_counted) noexcept;

/// By when something that came in on a day is to be done. Month 0: the law says nothing of it.
struct request_deadlines {
  date confirm{0, 0, 0};   ///< That it has come in.
  date answer{0, 0, 0};    ///< With all that was asked for.
  date extended{0, 0, 0};  ///< The same once it is extended; `answer` where that is not possible.
  std::string_view law{};  ///< What `answer` rests on; lives as long as the profile.
};

/// What is asked for, as far as a deadline asks.
enum class deadline_subject : std::uint8_t {
  request,  ///< Answered.
  opt_out,  ///< Heeded too: the earlier of both, and no later when it is extended.
};

/// What one law says. Errors: missing_field (it says nothing of answers).
result<request_deadlines> deadlines_of(const law_profile& law, const date& received,
                                       deadline_subject what,
                                       end_of_period end = end_of_period::as_counted) noexcept;

/// What holds where both do: of each the earlier day.
[[nodiscard]] request_deadlines stricter(const request_deadlines& a,
                                         const request_deadlines& b) noexcept;

}  // namespace clientbook

#endif
