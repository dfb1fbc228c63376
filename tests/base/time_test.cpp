#include <clientbook/base/time.hpp>
#include "testing.hpp"

#include <random>
#include <string>

using namespace clientbook;

namespace {
std::string text(const date& day) {
  char out[10];
  return {out, write_date(day, out)};
}
std::string text(timestamp instant) {
  char out[20];
  write_timestamp(instant, out);
  return {out, 20};
}
}  // namespace

TEST_CASE("time: a date is read only if the calendar has it") {
  CHECK(parse_date("2024-02-29").has_value());
  for (const char* bad : {"2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-04-31",
                          "0000-01-01", "24-01-01", "2024/01/01", "2024-1-1", "", "2024-01-01x",
                          "--02-30", "-02-01", "--2-001", "2024-01-0:"}) {
    CAPTURE(bad);
    REQUIRE_FALSE(parse_date(bad));
    CHECK(parse_date(bad).error().code == errc::invalid_value);
  }
}

TEST_CASE("time: a day without a year admits 29 February and is written as in vCard") {
  const auto day = parse_date("--02-29");
  REQUIRE(day);
  CHECK(day->year == 0);
  CHECK(text(*day) == "--02-29");
}

TEST_CASE("time: property: dates and instants survive a round trip") {
  std::mt19937_64 random(20261124);
  std::uniform_int_distribution<std::int64_t> instant(-62'135'596'800, 253'402'300'799);
  for (int i = 0; i < 20'000; ++i) {
    const timestamp at{instant(random)};
    CAPTURE(at.seconds);
    REQUIRE(exists(date_of(at)));
    const auto back = parse_timestamp(text(at));
    REQUIRE(back);
    REQUIRE(back->seconds == at.seconds);
    REQUIRE(parse_date(text(date_of(at))).value() == date_of(at));
  }
}

TEST_CASE("time: instants are UTC with seconds; anything else is refused") {
  CHECK(parse_timestamp("1970-01-01T00:00:00Z")->seconds == 0);
  CHECK(parse_timestamp("2000-03-01")->seconds == 951'868'800);
  for (const char* bad : {"1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z", "1970-01-01T00:00:60Z",
                          "1970-01-01 00:00:00Z", "1970-01-01T00:00:00",
                          "1970-01-01T00:00:00+01:00", "--01-01", "now"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_timestamp(bad));
  }
}
