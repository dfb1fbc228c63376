// Date shifting: every date of one person moved by the same secret number of days, so that
// intervals stay.
//
// The offset comes from the tenant's key and the person's id, and is never 0. Whoever knows one
// true date of a person knows all of theirs. Ages stay, roughly; where an age
// above 89 must not show, generalise_date is the operator.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_REDACTION_SHIFT_DATE_HPP
#define CLIENTBOOK_REDACTION_SHIFT_DATE_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/redaction/pseudonym.hpp>

#include <string_view>

namespace clientbook {

/// Whose dates are shifted. Nothing is owned here.
struct shift_subject {
  std::string_view tenant{};  ///< 1 to 64 bytes.
  byte_view subject{};        ///< Id of the person, 1 to 64 bytes.
  unsigned most = 365;        ///< Days to either side, 30 to 3650.
};

// Errors: invalid_argument (tenant, subject or most), invalid_value (a date that does not exist or
// has no year, a result that is not within the years 1 to 9999). Then the value must be dropped.
result<date> shift_date(const date& day, const pseudonym_key& key,
                        const shift_subject& whose) noexcept;
/// By whole days: the time of the day stays.
result<timestamp> shift_date(timestamp at, const pseudonym_key& key,
                             const shift_subject& whose) noexcept;

}  // namespace clientbook

#endif
