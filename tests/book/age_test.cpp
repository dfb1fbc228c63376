// Ages: what the book was told of a birth date decides what consents are worth, for good.
#include <random>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::int64_t day = 86400;

/// A shop with a notice that announces marketing to itself, of contacts and perhaps birth dates.
struct young_shop : shop {
  session in = begin();

  explicit young_shop(bool keeps_birth_dates, profile_id law = gdpr_profile().id) : shop(law) {
    privacy_notice shown = notice_for(in);
    if (keeps_birth_dates) shown.announced.categories.add(category::birth_date);
    REQUIRE(in.add_notice(shown));
  }
  /// A customer who agreed to e-mails on that day, at the time of the clock.
  customer_id newcomer(const date& born, int number = 1) {
    customer record = ken("L-" + std::to_string(number));
    REQUIRE(record.set(field::birth_date, born));
    const directive said = grant_of(in, {recipient::self});
    const auto id =
        in.put(record, {.purposes = {purpose::email_marketing, purpose::customer_order_management},
                        .directives = {&said, 1},
                        .without_basis = when_without_basis::leave_out});
    REQUIRE(id);
    return *id;
  }
  bool reached(const customer_id& id) {
    return in.read(id, purpose::email_marketing)->decision().permitted.has(field::emails);
  }
  void restart() { in = session(begin_anew()); }
  result<std::uint32_t> deny_something(const customer_id& id) {
    directive no = withdrawal();
    no.kind = directive_kind::deny;
    no.scope.purposes = {purpose::sell_data_to_third_parties};
    return in.record(id, no);
  }

 private:
  session begin_anew() {
    auto again = book::open(store, cell, {.clock = {test_clock}, .longest_pause_days = 0});
    REQUIRE(again);
    opened = std::move(*again);
    return begin();
  }
};

date years_ago(int years, int days = 0) {
  date on = date_of(timestamp{clock_hand().seconds + days * day});
  on.year = static_cast<std::int16_t>(on.year - years);
  if (!exists(on)) on.day = 28;
  return on;
}

void next_years(int years) { clock_hand().seconds += std::int64_t{366} * years * day; }

}  // namespace

TEST_CASE("age: a child's own consent opens nothing, whatever is said or added afterwards") {
  for (const bool kept : {true, false}) {
    CAPTURE(kept);
    young_shop s(kept);
    const customer_id id = s.newcomer(years_ago(8));
    REQUIRE_FALSE(s.reached(id));
    SUBCASE("a denial") { REQUIRE(s.deny_something(id)); }
    SUBCASE("a recipient") { add_party(s.in, "post", recipient::processor); }
    SUBCASE("another consent") { REQUIRE(s.in.record(id, grant_of(s.in, {recipient::self}))); }
    SUBCASE("a restart, then a denial") {
      s.restart();
      REQUIRE(s.deny_something(id));
    }
    SUBCASE("an update of something else, then a recipient") {
      customer change;
      REQUIRE(change.set(field::phones, std::array{phone_number{.number = "+1 202 555 0199"}}));
      REQUIRE(s.in.update(id, change.fields(), purpose::customer_order_management));
      add_party(s.in, "post", recipient::processor);
    }
    CHECK_FALSE(s.reached(id));
  }
}

TEST_CASE("age: neither removing nor correcting a birth date makes an adult") {
  young_shop s(true, us_profile().id);  // COPPA: below 13
  const customer_id id = s.newcomer(years_ago(8));
  REQUIRE_FALSE(s.reached(id));
  const auto told = [&](const date& born) {
    customer change;
    REQUIRE(change.set(field::birth_date, born));
    return s.in.update(id, change.fields(), purpose::customer_order_management);
  };
  SUBCASE("removed") { (void)s.in.remove(id, field::birth_date); }
  SUBCASE("without its year") { (void)told({0, 5, 1}); }
  SUBCASE("corrected") { (void)told({1984, 5, 1}); }
  CHECK_FALSE(s.reached(id));
  REQUIRE(s.deny_something(id));
  CHECK_FALSE(s.reached(id));
  add_party(s.in, "post", recipient::processor);
  CHECK_FALSE(s.reached(id));
}

TEST_CASE("age: a birth date that is told later counts, whether or not it may be kept") {
  young_shop s(false);
  const directive said = grant_of(s.in, {recipient::self});
  const auto grown_up = [&](const char* loyalty) {
    const auto id = s.in.put(
        ken(loyalty), {.purposes = {purpose::email_marketing, purpose::customer_order_management},
                       .directives = {&said, 1},
                       .without_basis = when_without_basis::leave_out});
    REQUIRE(id);
    return *id;
  };
  const customer_id id = grown_up("L-age");
  const customer_id other = grown_up("L-other");
  REQUIRE(s.reached(id));
  customer told;
  REQUIRE(told.set(field::birth_date, years_ago(12)));
  SUBCASE("an update that is refused for it") {
    CHECK(s.in.update(id, told.fields(), purpose::email_marketing).error().code == errc::no_basis);
  }
  SUBCASE("within a transaction") {
    REQUIRE(s.in.begin());
    CHECK(s.in.update(id, told.fields(), {}).error().code == errc::no_basis);
    REQUIRE(s.in.commit());
  }
  SUBCASE("a file that completes") {
    const auto done = s.in.merge(
        id, told,
        {.purposes = purpose::email_marketing, .without_basis = when_without_basis::leave_out},
        merge_rule::complete);
    REQUIRE(done);
    CHECK_FALSE(done->added.has(field::birth_date));
  }
  SUBCASE("a file that renews, with another consent") {
    clock_hand().seconds += 60;
    const directive again = grant_of(s.in, {recipient::self});
    REQUIRE(s.in.merge(id, told,
                       {.purposes = purpose::email_marketing,
                        .directives = {&again, 1},
                        .without_basis = when_without_basis::leave_out},
                       merge_rule::renew));
  }
  CHECK_FALSE(s.reached(id));
  CHECK(s.reached(other));
  clock_hand().seconds += 60;
  REQUIRE(s.in.record(id, grant_of(s.in, {recipient::self})));
  CHECK_FALSE(s.reached(id));
  s.restart();
  CHECK_FALSE(s.reached(id));
  const auto seen = s.in.read(id, purpose::customer_order_management);
  REQUIRE(seen);
  CHECK_FALSE(seen->record().has(field::birth_date));
  // An earlier one makes nobody older, and one that nobody can have is refused.
  REQUIRE(told.set(field::birth_date, date{1970, 1, 1}));
  CHECK(s.in.update(id, told.fields(), purpose::email_marketing).error().code == errc::no_basis);
  CHECK_FALSE(s.reached(id));
  REQUIRE(told.set(field::birth_date, years_ago(-1)));
  CHECK(s.in.update(other, told.fields(), purpose::email_marketing).error().code ==
        errc::invalid_value);
  CHECK(s.reached(other));
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("age: a correction that a guardian's consent permits makes no adult of the child") {
  young_shop s(true);
  const customer_id id = s.newcomer(years_ago(8));
  directive guardian = grant_of(s.in, {recipient::self});
  guardian.by = indicated_by::guardian;
  guardian.strength = consent_strength::explicit_;
  guardian.not_after = timestamp{clock_hand().seconds + 30 * day};
  REQUIRE(s.in.record(id, guardian));
  REQUIRE(s.reached(id));
  customer change;
  REQUIRE(change.set(field::birth_date, date{1984, 5, 1}));
  REQUIRE(s.in.update(id, change.fields(), purpose::email_marketing));
  clock_hand().seconds += 31 * day;  // The child's own consent is all that is left.
  CHECK_FALSE(s.reached(id));
  REQUIRE(s.deny_something(id));
  CHECK_FALSE(s.reached(id));
}

TEST_CASE("age: growing up revives no consent that was void when it was given") {
  for (const bool kept : {true, false}) {
    CAPTURE(kept);
    young_shop s(kept);
    const customer_id id = s.newcomer(years_ago(8));
    next_years(20);
    CHECK_FALSE(s.reached(id));
    REQUIRE(s.deny_something(id));
    CHECK_FALSE(s.reached(id));
    add_party(s.in, "post", recipient::processor);
    CHECK_FALSE(s.reached(id));
    // What the grown customer says counts.
    REQUIRE(s.in.record(id, grant_of(s.in, {recipient::self})));
    CHECK(s.reached(id));
  }
}

TEST_CASE("age: a consent counts from the birthday on that makes it the customer's own") {
  const auto given = [](int days) {
    young_shop s(true);
    const customer_id id = s.newcomer(years_ago(16, days));
    return s.reached(id);
  };
  CHECK(given(0));
  CHECK(given(-1));
  CHECK_FALSE(given(1));
}

TEST_CASE("age: a birth date that nobody can have is refused, and nothing changes") {
  young_shop s(true);
  const customer_id id = s.newcomer(years_ago(40));
  const std::uint64_t before = s.in.figures()->customers;
  for (const date& born : {date{18, 5, 1}, date{1018, 5, 9}, date{2081, 5, 9}, years_ago(0, 2),
                           years_ago(132), date{1, 1, 1}, date{9999, 12, 31}}) {
    CAPTURE(born.year);
    customer record = ken("L-2");
    REQUIRE(record.set(field::birth_date, born));
    const auto put = s.in.put(record, {.purposes = purpose::customer_order_management});
    REQUIRE_FALSE(put);
    CHECK(put.error().code == errc::invalid_value);
    customer change;
    REQUIRE(change.set(field::birth_date, born));
    const auto updated = s.in.update(id, change.fields(), purpose::email_marketing);
    REQUIRE_FALSE(updated);
    CHECK(updated.error().code == errc::invalid_value);
  }
  CHECK(s.in.figures()->customers == before);
  CHECK(s.reached(id));
  CHECK_FALSE(s.reached(s.newcomer(years_ago(0), 3)));
  CHECK(s.reached(s.newcomer(years_ago(130), 4)));
}

TEST_CASE("age: property: no event that only tightens opens anything, in any history") {
  constexpr std::array purposes{purpose::email_marketing,
                                purpose::marketing,
                                purpose::client_care,
                                purpose::personalised_advertising,
                                purpose::customer_order_management,
                                purpose::sell_data_to_third_parties};
  std::mt19937 random(20261128);  // Fixed seed: a failure repeats.
  const auto below = [&](int end) {
    return std::uniform_int_distribution<int>(0, end - 1)(random);
  };
  for (int history = 0; history < 40; ++history) {
    CAPTURE(history);
    const std::array laws{gdpr_profile().id, us_profile().id, us_ca_profile().id};
    young_shop s(below(2) == 0, laws[static_cast<std::size_t>(below(3))]);
    std::vector<customer_id> everybody;
    std::vector<std::array<field_set, purposes.size()>> open;
    const auto seen = [&](const customer_id& id) {
      std::array<field_set, purposes.size()> out{};
      for (std::size_t i = 0; i < purposes.size(); ++i) {
        out[i] = s.in.read(id, purposes[i])->decision().permitted;
      }
      return out;
    };
    for (int step = 0; step < 60; ++step) {
      CAPTURE(step);
      if (everybody.empty() || below(6) == 0) {
        everybody.push_back(s.newcomer(years_ago(below(25), -below(300)), step));
        open.emplace_back();
      }
      // Time alone may open (a prohibition for children ends): it is looked at anew.
      if (below(4) == 0) clock_hand().seconds += day * below(2000);
      for (std::size_t i = 0; i < everybody.size(); ++i) open[i] = seen(everybody[i]);
      const customer_id& one =
          everybody[static_cast<std::size_t>(below(static_cast<int>(everybody.size())))];
      switch (below(6)) {
        case 0:
          REQUIRE(s.deny_something(one));
          break;
        case 1:
          REQUIRE(s.in.record(one, withdrawal()));
          break;
        case 2:
          add_party(s.in, ("p" + std::to_string(step)).c_str(), recipient::processor);
          break;
        case 3:
          (void)s.in.remove(one, field::birth_date);
          break;
        case 4:
          s.restart();
          break;
        default: {
          customer change;
          REQUIRE(change.set(field::birth_date,
                             date{below(2) == 0 ? std::int16_t{0} : std::int16_t{1980}, 5, 1}));
          (void)s.in.update(one, change.fields(), purpose::email_marketing);
        }
      }
      for (std::size_t i = 0; i < everybody.size(); ++i) {
        const auto now = seen(everybody[i]);
        for (std::size_t p = 0; p < purposes.size(); ++p) CHECK((now[p] & ~open[i][p]).empty());
      }
    }
  }
}
