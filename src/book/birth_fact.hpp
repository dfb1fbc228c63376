// The fact of a birth date: what consent needs of it, kept in the manifest whether or not the
// record may keep the field, and never read by anybody else.
//
// Ages decide what a consent is worth, so what was once said of one must not be unsaid by removing
// or correcting a field: of several birth dates the latest counts, which makes the youngest; but
// for a proof of age, which stands in the place of what was said before it. A date that the record
// may not hold is kept as the last day of its month, no nearer than it must be.
#ifndef CLIENTBOOK_BOOK_BIRTH_FACT_HPP
#define CLIENTBOOK_BOOK_BIRTH_FACT_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/crypto/key_tree.hpp>

#include <algorithm>
#include <optional>

namespace clientbook {

struct session_state;

inline constexpr date first_birth_fact{1800, 1, 1};
/// Nobody is known to have lived longer than 122 years.
inline constexpr int longest_life = 130;

inline std::optional<date> birth_fact(const manifest& entry) noexcept {
  if (entry.born == 0) return std::nullopt;
  const std::int64_t days = days_since_epoch(first_birth_fact) + entry.born - 1;
  return date_of(timestamp{days * 86400});
}

/// Keeps the later of what is known and `born`. Precondition: plausible_birth(born).
inline void learn_birth(manifest& entry, const date& born) noexcept {
  if (born.year == 0) return;
  const std::int64_t days = days_since_epoch(born) - days_since_epoch(first_birth_fact) + 1;
  entry.born = std::max(entry.born, static_cast<std::uint32_t>(days));
}

/// In place of all that is known: what it was stays in the proof (age_seen::believed).
inline void prove_birth(manifest& entry, const date& born) noexcept {
  entry.born = 0;
  learn_birth(entry, born);
}

inline date last_of_month(date day) noexcept {
  for (day.day = 31; !exists(day);) --day.day;
  return day;
}

/// Whether two people have seen a proof of age against that very day: a file, or a machine that
/// reads one, which says it once more tells nothing new. A person may. (session_age.cpp)
result<bool> was_overruled(session_state& s, customer_no number, const date& told);

/// A slip of the pen must make no adult: errors invalid_value for a day that is yet to come in
/// every time zone, or longer ago than anybody lived. A day without a year passes.
inline result<void> plausible_birth(const std::optional<date>& born, timestamp now) noexcept {
  if (!born || born->year == 0) return {};
  constexpr std::int64_t farthest_east = 14 * 3600;
  const date today = date_of(timestamp{now.seconds + farthest_east});
  if (*born > today) {
    return error{errc::invalid_value, "a birth date lies in the future: correct it"};
  }
  if (years_between(*born, today) > longest_life) {
    return error{errc::invalid_value, "a birth date lies more than 130 years back: correct it"};
  }
  return {};
}

}  // namespace clientbook

#endif
