// Deadlines by the calendar.
#include <clientbook/consent/deadline.hpp>

#include "testing.hpp"

using namespace clientbook;

namespace {

constexpr date d(int year, int month, int day) {
  return {static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
          static_cast<std::uint8_t>(day)};
}
date months(const date& from, std::uint32_t count) {
  return last_day(from, {.months = count, .law = "x"});
}

}  // namespace

TEST_CASE("deadline: months end with the same day, or with the last one of the month") {
  CHECK(months(d(2026, 5, 3), 1) == d(2026, 6, 3));
  CHECK(months(d(2026, 1, 31), 1) == d(2026, 2, 28));
  CHECK(months(d(2028, 1, 30), 1) == d(2028, 2, 29));
  CHECK(months(d(2026, 12, 31), 2) == d(2027, 2, 28));
  CHECK(months(d(2026, 12, 1), 1) == d(2027, 1, 1));
  CHECK(months(d(2026, 8, 31), 3) == d(2026, 11, 30));
  CHECK(months(d(9999, 12, 5), 1) == d(9999, 12, 31));
}

TEST_CASE("deadline: hours are whole days, working days are Monday to Friday") {
  CHECK(last_day(d(2026, 2, 1), {.hours = 1080, .law = "x"}) == d(2026, 3, 18));
  // A Friday: the first working day is Monday.
  CHECK(last_day(d(2026, 5, 1), {.working_days = 1, .law = "x"}) == d(2026, 5, 4));
  CHECK(last_day(d(2026, 5, 1), {.working_days = 10, .law = "x"}) == d(2026, 5, 15));
  CHECK(last_day(d(2026, 5, 2), {.working_days = 5, .law = "x"}) == d(2026, 5, 8));
  CHECK(last_day(d(1969, 12, 31), {.working_days = 1, .law = "x"}) == d(1970, 1, 1));
}

TEST_CASE("deadline: a period that ends on a weekend ends there, or on Monday if so said") {
  const deadline_rule month{.months = 1, .law = "x"};
  CHECK(last_day(d(2026, 7, 1), month) == d(2026, 8, 1));  // a Saturday
  CHECK(last_day(d(2026, 7, 1), month, end_of_period::next_working_day) == d(2026, 8, 3));
  CHECK(last_day(d(2026, 7, 3), month, end_of_period::next_working_day) == d(2026, 8, 3));
}

TEST_CASE("deadline: what the laws say") {
  const auto eu = deadlines_of(gdpr_profile(), d(2026, 1, 31), deadline_subject::request);
  REQUIRE(eu);
  CHECK(eu->answer == d(2026, 2, 28));
  CHECK(eu->extended == d(2026, 4, 30));  // Three months from the same day, not one and then two.
  CHECK(eu->confirm.month == 0);
  CHECK(eu->law == "GDPR 12(3)");

  const auto california = deadlines_of(us_ca_profile(), d(2026, 5, 1), deadline_subject::request);
  REQUIRE(california);
  CHECK(california->confirm == d(2026, 5, 15));
  CHECK(california->answer == d(2026, 6, 15));
  CHECK(california->extended == d(2026, 7, 30));
  const auto opt_out = deadlines_of(us_ca_profile(), d(2026, 5, 1), deadline_subject::opt_out);
  REQUIRE(opt_out);
  CHECK(opt_out->answer == d(2026, 5, 15));    // Ten business days, as the law counts.
  CHECK(opt_out->confirm == opt_out->answer);  // And not confirmed behind it.
  CHECK(opt_out->extended == opt_out->answer);

  const auto of_both = stricter(*eu, *california);
  CHECK(of_both.answer == eu->answer);
  CHECK(of_both.extended == eu->extended);
  CHECK(of_both.confirm == of_both.answer);  // Not behind the earlier answer.
  request_deadlines early = *eu;
  early.answer = d(2026, 2, 2);
  CHECK(stricter(early, *california).confirm == early.answer);
  CHECK(of_both.law == "GDPR 12(3)");

  law_profile silent = gdpr_profile();
  silent.deadlines = {};
  CHECK(deadlines_of(silent, d(2026, 1, 31), deadline_subject::request).error().code ==
        errc::missing_field);
  for (const law_profile* law :
       {&strict_profile(), &gdpr_profile(), &us_profile(), &us_ca_profile()}) {
    CHECK(deadlines_of(*law, d(2026, 1, 31), deadline_subject::request));
  }
}
