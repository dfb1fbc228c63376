// Alarms beside canaries: the end of a budget, many customers to one recipient, quiet hours.
#include <algorithm>
#include <string>
#include <vector>

#include "recovery_places.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;
constexpr auto delivery = purpose::delivery_of_goods;

template <class T>
errc code(const result<T>& answer) {
  return answer ? errc::none : answer.error().code;
}

struct guarded : shop {
  session boss = begin();
  recipient_id parcel = add_party(boss, "Parcel Co", recipient::parcel_service);
  recipient_id courier = add_party(boss, "Courier Co", recipient::parcel_service);
  session guard = of(actor_role::security_officer, 60);
  std::vector<customer_id> all;

  explicit guarded(std::size_t customers = 30) {
    for (std::size_t i = 0; i < customers; ++i) {
      all.push_back(keep(boss, ken("L-" + std::to_string(i))));
    }
    // Midday, so that no test begins in quiet hours or shortly before an hour ends.
    const std::int64_t day = clock_hand().seconds / 86'400 + 1;
    clock_hand().seconds = day * 86'400 + 12 * 3600;
  }
  session of(actor_role role, std::uint32_t number) {
    auto out = opened->begin_session({.id = actor_id(number), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
  std::vector<security_alarm> alarms(alarm_kind kind) {
    const auto told = guard.alarms();
    REQUIRE(told);
    std::vector<security_alarm> out;
    std::ranges::copy_if(*told, std::back_inserter(out),
                         [&](const security_alarm& one) { return one.kind == kind; });
    return out;
  }
  std::size_t count(alarm_kind kind) { return alarms(kind).size(); }
};

}  // namespace

TEST_CASE("alarm: whoever asks for more than the budget has is told of, once an hour") {
  guarded s(70);
  auto spend = [&](session& in) {
    errc last = errc::none;
    for (const customer_id& one : s.all) {
      last = code(in.read(one, order));
      if (last != errc::none) break;
    }
    return last;
  };
  {
    session first = s.of(actor_role::associate, 11);
    CHECK(spend(first) == errc::budget_spent);
    CHECK(s.count(alarm_kind::budget_spent) == 1);
    CHECK(spend(first) == errc::budget_spent);
  }
  // Another session and another process are no new alarm; another hour, another actor are.
  session again = s.of(actor_role::associate, 11);
  CHECK(spend(again) == errc::budget_spent);
  CHECK(s.count(alarm_kind::budget_spent) == 1);
  session other = s.of(actor_role::associate, 12);
  CHECK(spend(other) == errc::budget_spent);
  CHECK(s.count(alarm_kind::budget_spent) == 2);
  clock_hand().seconds += 3600;
  CHECK(spend(again) == errc::budget_spent);
  const auto told = s.alarms(alarm_kind::budget_spent);
  REQUIRE(told.size() == 3);
  CHECK(told.back().who.id == actor_id(11));
  CHECK(told.back().at == clock_hand());

  SUBCASE("within a transaction too, and whatever becomes of it") {
    clock_hand().seconds += 3600;
    REQUIRE(again.begin());
    CHECK(spend(again) == errc::budget_spent);
    again.rollback();
    for (int i = 0; i < 20 && s.count(alarm_kind::budget_spent) == 3; ++i) {
      REQUIRE(again.begin());
      CHECK(spend(again) == errc::budget_spent);
      again.rollback();
    }
    CHECK(s.count(alarm_kind::budget_spent) == 4);
  }
}

TEST_CASE("alarm: many customers to one recipient within an hour, over sessions and hours") {
  guarded s;
  const auto send = [&](std::size_t from, std::size_t until, recipient_id to) {
    for (std::size_t i = from; i < until; ++i) {
      session in = s.of(actor_role::service, static_cast<std::uint32_t>(70 + i % 3));
      REQUIRE(in.disclose(s.all[i], {.purpose = delivery, .recipient = to}));
    }
  };
  send(0, 20, s.parcel);
  send(0, 5, s.courier);
  CHECK(s.count(alarm_kind::fan_out) == 0);
  send(20, 21, s.parcel);
  const auto told = s.alarms(alarm_kind::fan_out);
  REQUIRE(told.size() == 1);
  CHECK(told.front().recipient == s.parcel);
  CHECK(told.front().customer == customer_id{});
  CHECK(told.front().who.id == actor_id(72));
  for (int i = 0; i < 8; ++i) {
    session same = s.of(actor_role::service, 72);
    REQUIRE(same.disclose(s.all[0], {.purpose = delivery, .recipient = s.parcel}));
  }
  CHECK(s.count(alarm_kind::fan_out) == 1);

  SUBCASE("another hour begins anew, and a clock set back goes on where it was") {
    clock_hand().seconds += 3600;
    send(0, 20, s.parcel);
    CHECK(s.count(alarm_kind::fan_out) == 1);
    clock_hand().seconds -= 1800;  // 29 have gone in that hour, and another actor sends the next.
    session other = s.of(actor_role::service, 80);
    REQUIRE(other.disclose(s.all[0], {.purpose = delivery, .recipient = s.parcel}));
    CHECK(s.count(alarm_kind::fan_out) == 2);
  }
  SUBCASE("a clock that is ahead for a moment blinds nobody") {
    clock_hand().seconds += 10 * 3600;
    send(0, 1, s.parcel);
    clock_hand().seconds -= 9 * 3600;
    send(0, 20, s.parcel);
    CHECK(s.count(alarm_kind::fan_out) == 1);
    send(20, 30, s.parcel);
    CHECK(s.count(alarm_kind::fan_out) == 1 + 3);  // Each of the three who goes on is told of.
  }
  SUBCASE("at once, as an export") {
    session in = s.of(actor_role::manager, 70);
    REQUIRE(in.disclose_many(std::span(s.all).first(25),
                             {.purpose = delivery, .recipient = s.courier}));
    CHECK(s.count(alarm_kind::fan_out) == 2);
  }
  SUBCASE("the limit is the shop's, 0 is none, and a lower one holds at once") {
    clock_hand().seconds += 3600;
    REQUIRE(s.guard.set_alarm_limits({.customers_to_one_recipient = 0}));
    send(0, 9, s.parcel);
    CHECK(s.count(alarm_kind::fan_out) == 1);
    // What went while there was no limit counts for the one that comes within the hour.
    REQUIRE(s.guard.set_alarm_limits({.customers_to_one_recipient = 10}));
    send(9, 10, s.parcel);
    CHECK(s.count(alarm_kind::fan_out) == 1);
    send(11, 12, s.parcel);
    CHECK(s.count(alarm_kind::fan_out) == 2);
    send(0, 5, s.courier);
    CHECK(s.count(alarm_kind::fan_out) == 2);
    REQUIRE(s.guard.set_alarm_limits({.customers_to_one_recipient = 5}));
    send(6, 7, s.courier);
    CHECK(s.count(alarm_kind::fan_out) == 3);
  }
}

TEST_CASE("alarm: whoever looks at customers in quiet hours is told of, and a service is not") {
  guarded s;
  session anne = s.of(actor_role::associate, 11);
  session machine = s.of(actor_role::service, 70);
  const auto at = [](int hour, int minute) {
    const std::int64_t day = clock_hand().seconds / 86'400 + 1;
    clock_hand().seconds = day * 86'400 + hour * 3600 + minute * 60;
  };
  at(23, 0);
  REQUIRE(anne.read(s.all[0], order));
  CHECK(s.count(alarm_kind::quiet_hours) == 0);  // Nobody has said that there are any.
  REQUIRE(s.guard.set_alarm_limits({.quiet = quiet_time{.from = 20 * 60 + 30, .until = 6 * 60}}));
  CHECK(s.guard.alarm_limits()->quiet.from == 1230);

  struct hour {
    int of_day, minute;
    bool quiet;
  };
  std::size_t expected = 0;
  for (const hour one :
       {hour{20, 29, false}, hour{20, 30, true}, hour{23, 59, true}, hour{0, 0, true},
        hour{5, 59, true}, hour{6, 0, false}, hour{12, 0, false}}) {
    CAPTURE(one.of_day);
    at(one.of_day, one.minute);
    REQUIRE(machine.read(s.all[1], order));
    REQUIRE(anne.read(s.all[1], order));
    REQUIRE(anne.read(s.all[2], order));
    expected += one.quiet ? 1U : 0U;
    CHECK(s.count(alarm_kind::quiet_hours) == expected);
  }
  const auto told = s.alarms(alarm_kind::quiet_hours);
  CHECK(std::ranges::all_of(told, [](const auto& one) { return one.who.id == actor_id(11); }));

  SUBCASE("a clock that is set back within them hides nobody") {
    at(23, 30);
    // The book has seen the time.
    REQUIRE(s.guard.set_alarm_limits({.customers_to_one_recipient = 19}));
    REQUIRE(s.guard.confirm_clock());
    clock_hand().seconds -= 4 * 3600;
    REQUIRE(anne.read(s.all[3], order));
    CHECK(s.count(alarm_kind::quiet_hours) > expected);
  }
  SUBCASE("a list too, and what is rolled back") {
    at(2, 0);
    session boss = s.of(actor_role::manager, 21);
    REQUIRE(boss.for_each(order, all_fields, [](const view&) { return true; }));
    CHECK(s.count(alarm_kind::quiet_hours) == expected + 1);
    REQUIRE(anne.begin());
    REQUIRE(anne.read(s.all[3], order));
    anne.rollback();
    CHECK(s.count(alarm_kind::quiet_hours) == expected + 2);
  }
}

TEST_CASE("alarm: what customers are handed themselves counts for nobody") {
  guarded s(3);
  REQUIRE(s.guard.set_alarm_limits({.customers_to_one_recipient = 1}));
  open_case(s.boss, {s.all[0]});
  for (int i = 0; i < 4; ++i) {
    REQUIRE(s.boss.hand_over(s.all[0], purpose::rights_fulfilment, recipient::data_subject));
  }
  CHECK(s.count(alarm_kind::fan_out) == 0);
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("alarm: the host is told of each kind, once") {
  std::vector<security_alarm> heard;
  shop below;
  auto opened =
      book::open(below.store, below.cell,
                 {.clock = {test_clock},
                  .on_alarm = {[](void* context, const security_alarm& one) {
                                 static_cast<std::vector<security_alarm>*>(context)->push_back(one);
                               },
                               &heard}});
  REQUIRE(opened);
  auto in = opened->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  const recipient_id parcel = add_party(*in, "Parcel Co", recipient::parcel_service);
  const customer_id id = keep(*in, ken("L-1"));
  REQUIRE(in->set_alarm_limits({.customers_to_one_recipient = 1}));
  for (int i = 0; i < 4; ++i) REQUIRE(in->disclose(id, {.purpose = delivery, .recipient = parcel}));
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].kind == alarm_kind::limits_changed);
  CHECK(heard[1].kind == alarm_kind::fan_out);
  CHECK(heard[1].recipient == parcel);
}

TEST_CASE("alarm: limits are set by who guards, are in the ledger, and hold what they can") {
  guarded s(3);
  for (const auto role : {actor_role::associate, actor_role::manager, actor_role::auditor,
                          actor_role::privacy_officer, actor_role::service}) {
    session in = s.of(role, 80);
    CHECK(code(in.alarm_limits()) == errc::role_denied);
    CHECK(code(in.set_alarm_limits({})) == errc::role_denied);
  }
  CHECK(code(s.guard.set_alarm_limits({.quiet = quiet_time{.from = 1440, .until = 3}})) ==
        errc::invalid_value);
  const alarm_settings strict{.customers_to_one_recipient = 1, .quiet = {.from = 1, .until = 2}};
  const std::uint64_t before = s.boss.figures()->ledger_entries;
  REQUIRE(s.guard.set_alarm_limits({.customers_to_one_recipient = 1}));
  REQUIRE(*s.guard.set_alarm_limits({.quiet = strict.quiet}) == strict);
  // Each change, and the alarm of the hour; what changes nothing says nothing.
  CHECK(s.boss.figures()->ledger_entries == before + 3);
  CHECK(s.count(alarm_kind::limits_changed) == 1);
  REQUIRE(s.guard.set_alarm_limits({.quiet = strict.quiet}));
  CHECK(s.boss.figures()->ledger_entries == before + 3);
  CHECK(*s.guard.alarm_limits() == strict);
  REQUIRE(s.guard.set_canaries(std::span(s.all).first(1)));
  CHECK(*s.guard.alarm_limits() == strict);
  CHECK(s.boss.verify()->problems == 0);
}
