// Time: instants and calendar dates. The core has no clock; callers pass the time in.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_BASE_TIME_HPP
#define CLIENTBOOK_BASE_TIME_HPP

#include <clientbook/base/result.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace clientbook {

/// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
struct timestamp {
  std::int64_t seconds = 0;
  friend constexpr auto operator<=>(timestamp, timestamp) = default;
};

/// How far a device trusts its clock. Without trust, time-limited grants count as expired
/// and time-limited denials as in force.
enum class clock_confidence : std::uint8_t { none, trusted };

/// A day of the proleptic Gregorian calendar. `year` 0 means "without a year", as in a
/// birthday whose year the customer keeps to themself; 29 February is then admitted.
struct date {
  std::int16_t year = 0;  ///< 0, or 1 to 9999.
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  friend constexpr auto operator<=>(const date&, const date&) = default;
};

/// Whether the calendar has that day.
[[nodiscard]] bool exists(const date& day) noexcept;

/// Reads YYYY-MM-DD, or --MM-DD for a day without a year (ISO 8601, as in vCard).
/// Errors: invalid_value.
result<date> parse_date(std::string_view text) noexcept;

/// Writes YYYY-MM-DD or --MM-DD; returns the number of characters (10 or 7).
std::size_t write_date(const date& day, char (&out)[10]) noexcept;

/// Days since 1970-01-01. Precondition: exists(day), with a year.
std::int64_t days_since_epoch(const date& day) noexcept;
date date_of(timestamp instant) noexcept;
/// Completed years from `born` to `on`, negative before it; who is born on 29 February completes
/// one on 1 March of a common year. Precondition: both have a year.
int years_between(const date& born, const date& on) noexcept;
timestamp start_of(const date& day) noexcept;

/// Reads RFC 3339 in UTC, `YYYY-MM-DDThh:mm:ssZ`, or a bare date as its first second.
/// Errors: invalid_value.
result<timestamp> parse_timestamp(std::string_view text) noexcept;

/// Writes `YYYY-MM-DDThh:mm:ssZ`; always 20 characters (years 1 to 9999, others clamp).
void write_timestamp(timestamp instant, char (&out)[20]) noexcept;

}  // namespace clientbook

#endif
