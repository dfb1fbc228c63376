// Moves the dates of one person by the same number of days, never by none.
//
// Intervals stay true, calendar days do not. The offset is derived from a key and the person, and
// every offset but 0 is equally likely: whoever knows the method learns nothing about the key.
#include <clientbook/redaction/shift_date.hpp>

#include "scope.hpp"

namespace clientbook {
namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int64_t first_day = -719'162;  // 0001-01-01
constexpr std::int64_t last_day = 2'932'896;  // 9999-12-31

constexpr error out_of_range{errc::invalid_value, "the shifted date is not in the years 1 to 9999"};

// Days to add: -most to -1 or 1 to most, all of them equally likely.
result<std::int64_t> offset_of(const pseudonym_key& key, const shift_subject& whose) noexcept {
  if (whose.tenant.empty() || whose.tenant.size() > redaction::max_scope_part ||
      whose.subject.empty() || whose.subject.size() > redaction::max_scope_part ||
      whose.most < 30 || whose.most > 3650) {
    return error{errc::invalid_argument, "shifting wants tenant, subject and 30 to 3650 days"};
  }
  const byte_view parts[] = {as_bytes(whose.tenant), whose.subject};
  const crypto::digest made = key.mac("clientbook shift 1", parts);
  const auto most = static_cast<std::int64_t>(whose.most);
  const auto place = static_cast<std::int64_t>(load_be<std::uint64_t>(made.data()) %
                                               (2 * std::uint64_t{whose.most}));
  return place < most ? place - most : place - most + 1;
}

}  // namespace

result<date> shift_date(const date& day, const pseudonym_key& key,
                        const shift_subject& whose) noexcept {
  const result<std::int64_t> offset = offset_of(key, whose);
  if (!offset) return offset.error();
  if (day.year <= 0 || !exists(day)) {
    return error{errc::invalid_value, "the date has no year or does not exist"};
  }
  const std::int64_t shifted = days_since_epoch(day) + *offset;
  if (shifted < first_day || shifted > last_day) return out_of_range;
  return date_of(timestamp{shifted * day_seconds});
}

result<timestamp> shift_date(timestamp at, const pseudonym_key& key,
                             const shift_subject& whose) noexcept {
  const result<std::int64_t> offset = offset_of(key, whose);
  if (!offset) return offset.error();
  const std::int64_t before = *offset * day_seconds;
  if (at.seconds < first_day * day_seconds - before ||
      at.seconds >= (last_day + 1) * day_seconds - before) {
    return out_of_range;
  }
  return timestamp{at.seconds + before};
}

}  // namespace clientbook
