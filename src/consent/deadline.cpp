// Deadlines by the calendar: deadline.hpp tells how a period is counted.
#include <clientbook/consent/deadline.hpp>

#include <algorithm>

namespace clientbook {
namespace {

constexpr std::int64_t seconds_a_day = 86400;
constexpr std::uint32_t hours_a_day = 24;
constexpr date never_said{0, 0, 0};

bool said(const date& day) noexcept { return day.month != 0; }

date day_at(std::int64_t days) noexcept {
  constexpr std::int64_t last = 2932896;  // 9999-12-31
  return date_of(timestamp{std::min(days, last) * seconds_a_day});
}

// 1970-01-01 was a Thursday.
bool is_weekend(std::int64_t day) noexcept {
  const std::int64_t weekday = ((day + 3) % 7 + 7) % 7;  // Monday is 0.
  return weekday >= 5;
}

date months_after(const date& from, std::uint32_t months) noexcept {
  const std::uint32_t month = from.month - 1U + months;
  const std::uint32_t year = static_cast<std::uint32_t>(from.year) + month / 12;
  if (year > 9999) return {9999, 12, 31};
  date out{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month % 12 + 1), from.day};
  while (!exists(out)) --out.day;
  return out;
}

date working_days_after(const date& from, std::uint32_t days) noexcept {
  std::int64_t day = days_since_epoch(from);
  for (std::uint32_t left = days; left > 0;) {
    ++day;
    if (!is_weekend(day)) --left;
  }
  return day_at(day);
}

date earlier(const date& a, const date& b) noexcept {
  if (!said(a)) return b;
  return said(b) ? std::min(a, b) : a;
}

// Two periods, one behind the other, counted from the day on which both begin.
deadline_rule both(const deadline_rule& first, const deadline_rule& further) noexcept {
  deadline_rule out = first;
  out.hours += further.hours;
  out.months += further.months;
  out.working_days += further.working_days;
  return out;
}

bool of_one_unit(const deadline_rule& a, const deadline_rule& b) noexcept {
  return (a.hours != 0) == (b.hours != 0) && (a.months != 0) == (b.months != 0);
}

}  // namespace

date last_day(const date& from, const deadline_rule& rule, end_of_period end) noexcept {
  date out = from;
  if (rule.months != 0) {
    out = months_after(from, rule.months);
  } else if (rule.working_days != 0) {
    out = working_days_after(from, rule.working_days);
  } else {
    out = day_at(days_since_epoch(from) + rule.hours / hours_a_day);
  }
  std::int64_t day = days_since_epoch(out);
  if (end == end_of_period::as_counted || !is_weekend(day)) return out;
  while (is_weekend(day)) ++day;
  return day_at(day);
}

result<request_deadlines> deadlines_of(const law_profile& law, const date& received,
                                       deadline_subject what, end_of_period end) noexcept {
  request_deadlines out;
  date heed = never_said;
  for (const deadline_rule& row : law.deadlines) {
    const date day = last_day(received, row, end);
    if (row.kind == deadline_kind::confirm_request) out.confirm = earlier(out.confirm, day);
    const bool answers = row.kind == deadline_kind::answer_request;
    const bool heeds =
        row.kind == deadline_kind::honour_opt_out && what == deadline_subject::opt_out;
    if (heeds) heed = earlier(heed, day);
    if (!answers && !heeds) continue;
    if (earlier(day, out.answer) != out.answer) {
      out.answer = day;
      out.law = row.law;
    }
    if (!answers) continue;
    for (const deadline_rule& more : law.deadlines) {
      if (more.kind != deadline_kind::extend_request) continue;
      const date later = of_one_unit(row, more) ? last_day(received, both(row, more), end)
                                                : last_day(day, more, end);
      out.extended = earlier(out.extended, later);
    }
  }
  if (!said(out.answer)) {
    return error{errc::missing_field, "the law profile does not say by when a request is answered"};
  }
  // Whoever is answered need not be told before that they will be.
  if (said(out.confirm)) out.confirm = earlier(out.confirm, out.answer);
  if (!said(out.extended)) out.extended = out.answer;
  out.extended = earlier(out.extended, heed);
  return out;
}

request_deadlines stricter(const request_deadlines& a, const request_deadlines& b) noexcept {
  request_deadlines out = earlier(a.answer, b.answer) == a.answer ? a : b;
  out.confirm = earlier(a.confirm, b.confirm);
  if (said(out.confirm)) out.confirm = earlier(out.confirm, out.answer);
  out.extended = earlier(a.extended, b.extended);
  return out;
}

}  // namespace clientbook
