#include <clientbook/redaction/shift_date.hpp>
#include "apply_testing.hpp"
#include "pseudonym_testing.hpp"

#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

using op = redaction_operator;

shift_subject person(const std::string& id, unsigned most = 365) {
  return {.tenant = "shop 7", .subject = as_bytes(id), .most = most};
}
constexpr date wedding{2010, 6, 12};

std::int64_t offset(const std::string& id, unsigned most = 365) {
  const auto shifted = shift_date(wedding, tenant_key(), person(id, most));
  REQUIRE(shifted);
  return days_since_epoch(*shifted) - days_since_epoch(wedding);
}

}  // namespace

TEST_CASE("shift: property: intervals of one person stay, dates and times alike") {
  std::mt19937 random(3);
  const pseudonym_key key = tenant_key();
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = "person " + std::to_string(i);
    const timestamp first{static_cast<std::int64_t>(random() % 2'000'000'000U)};
    const timestamp second{static_cast<std::int64_t>(random() % 2'000'000'000U)};
    const auto moved = shift_date(first, key, person(id));
    const auto other = shift_date(second, key, person(id));
    REQUIRE(moved);
    REQUIRE(other);
    CHECK(other->seconds - moved->seconds == second.seconds - first.seconds);
    CHECK((moved->seconds - first.seconds) % 86'400 == 0);
    const auto day = shift_date(date_of(first), key, person(id));
    REQUIRE(day);
    CHECK(*day == date_of(*moved));
  }
}

TEST_CASE("shift: never by 0 days, every other offset within the limit about as often") {
  std::map<std::int64_t, int> seen;
  const int people = 30'000;
  for (int i = 0; i < people; ++i) ++seen[offset("person " + std::to_string(i), 30)];
  CHECK(seen.count(0) == 0);
  CHECK(seen.size() == 60);
  CHECK(seen.begin()->first == -30);
  CHECK(seen.rbegin()->first == 30);
  for (const auto& one : seen) {
    CAPTURE(one.first);
    const int count = one.second;
    CHECK(std::abs(count - people / 60) < 6 * std::sqrt(people / 60.0));
  }
}

TEST_CASE("shift: bound to key, tenant and person") {
  std::set<std::int64_t> all;
  for (unsigned i = 0; i < 5; ++i) {
    const std::string id = "anna";
    shift_subject whose = person(id, 3650);
    const auto days = [&](const pseudonym_key& key) {
      return days_since_epoch(*shift_date(wedding, key, whose));
    };
    all.insert(days(tenant_key(i)));
    const std::string tenant = "shop " + std::to_string(20 + i);
    whose.tenant = tenant;
    all.insert(days(tenant_key()));
    all.insert(offset("anna " + std::to_string(i), 3650));
  }
  CHECK(all.size() >= 14);  // Two of 15 may meet.
}

TEST_CASE("shift: no tenant, no person, too small a range or no year is refused") {
  const auto code = [](const date& day, const shift_subject& whose) {
    const auto done = shift_date(day, tenant_key(), whose);
    return done ? errc::none : done.error().code;
  };
  const std::string anna = "anna";
  const std::string long_id(65, 'x');
  CHECK(code(wedding, person(anna)) == errc::none);
  CHECK(code(wedding, {.tenant = {}, .subject = as_bytes(anna)}) == errc::invalid_argument);
  CHECK(code(wedding, {.tenant = "shop 7", .subject = {}}) == errc::invalid_argument);
  CHECK(code(wedding, person(long_id)) == errc::invalid_argument);
  for (const unsigned most : {0U, 1U, 29U, 3651U}) {
    CHECK(code(wedding, person(anna, most)) == errc::invalid_argument);
    CHECK(shift_date(timestamp{0}, tenant_key(), person(anna, most)).error().code ==
          errc::invalid_argument);
  }
  CHECK(code({0, 6, 12}, person(anna)) == errc::invalid_value);
  CHECK(code({2011, 2, 29}, person(anna)) == errc::invalid_value);
}

TEST_CASE("shift: what would leave the calendar is refused") {
  int refused = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string id = "person " + std::to_string(i);
    const auto early = shift_date(date{1, 1, 1}, tenant_key(), person(id));
    const auto late = shift_date(date{9999, 12, 31}, tenant_key(), person(id));
    CHECK(early.has_value() != late.has_value());
    if (early) CHECK(exists(*early));
    if (late) CHECK(exists(*late));
    refused += early ? 0 : 1;
    for (const std::int64_t seconds :
         {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
      CHECK(shift_date(timestamp{seconds}, tenant_key(), person(id)).error().code ==
            errc::invalid_value);
    }
  }
  CHECK(refused > 20);
  CHECK(refused < 80);
}

TEST_CASE("apply: shift_date moves every date of a person alike, and needs key and person") {
  const pseudonym_key key = tenant_key();
  redaction_options with = options();
  with.pseudonym.key = &key;
  with.pseudonym.scope.tenant = "shop 7";
  customer_id subject;
  subject.bytes.fill(std::byte{9});
  with.pseudonym.subject = subject;
  const shift_subject whose{.tenant = "shop 7", .subject = subject.bytes};
  const date birth{1985, 5, 17};
  CHECK(redact(op::shift_date, field_type::date, encoded(birth), with).as<date>() ==
        *shift_date(birth, key, whose));
  const timestamp at = *parse_timestamp("2024-02-29T23:59:59Z");
  CHECK(redact(op::shift_date, field_type::timestamp, encoded(at), with).as<timestamp>() ==
        *shift_date(at, key, whose));
  const auto days = redact(op::shift_date, field_type::special_day,
                           list<special_day>({{"wedding_anniversary", wedding, "with Anna"},
                                              {"child_birthday", date{0, 4, 1}, "Tom"},
                                              {"name_day", std::nullopt, "Kenneth"}}),
                           with)
                        .all<special_day>();
  REQUIRE(days.size() == 1);
  CHECK(days[0].kind == "wedding_anniversary");
  CHECK(days[0].day == *shift_date(wedding, key, whose));
  CHECK(days[0].label.empty());

  CHECK(dropped(redact(op::shift_date, field_type::text, encoded(std::string_view("x")), with)));
  with.pseudonym.subject.reset();
  CHECK(dropped(redact(op::shift_date, field_type::date, encoded(birth), with)));
  with.pseudonym.subject = subject;
  with.pseudonym.key = nullptr;
  CHECK(dropped(redact(op::shift_date, field_type::date, encoded(birth), with)));
  with.pseudonym.key = &key;
  with.pseudonym.scope.tenant = {};
  CHECK(dropped(redact(op::shift_date, field_type::date, encoded(birth), with)));
}
