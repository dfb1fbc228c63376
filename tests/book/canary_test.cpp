// Canaries: whoever looks at one is known at once, in whatever way they look.
#include <algorithm>
#include <functional>
#include <memory>
#include <string>

#include "recovery_places.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;

template <class T>
errc code(const result<T>& answer) {
  return answer ? errc::none : answer.error().code;
}

struct guarded : shop {
  session boss = begin();
  recipient_id parcel = add_party(boss, "Parcel Co", recipient::parcel_service);
  customer_id other = keep(boss, ken("L-1"));
  customer_id canary = keep(boss, ken("L-2"));
  session guard = of(actor_role::security_officer, 60);

  guarded() { REQUIRE(guard.set_canaries(std::span(&canary, 1))); }
  session of(actor_role role, std::uint32_t number) {
    auto out = opened->begin_session({.id = actor_id(number), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
  std::size_t alarms() {
    const auto all = guard.alarms();
    REQUIRE(all);
    return all->size();
  }
};

using call = std::function<errc(guarded&, session&)>;
struct way {
  const char* what;
  actor_role role;
  call look;
};

const way ways[] = {
    {"read", actor_role::associate,
     [](guarded& s, session& in) { return code(in.read(s.canary, order)); }},
    {"notes", actor_role::associate,
     [](guarded& s, session& in) { return code(in.notes(s.canary, order)); }},
    {"preview", actor_role::associate,
     [](guarded& s, session& in) { return code(in.preview(s.canary, in.request(order))); }},
    {"directives", actor_role::associate,
     [](guarded& s, session& in) { return code(in.directives(s.canary)); }},
    {"directives of a machine", actor_role::service,
     [](guarded& s, session& in) { return code(in.directives(s.canary)); }},
    {"ledger", actor_role::owner,
     [](guarded& s, session& in) { return code(in.ledger(s.canary)); }},
    {"search", actor_role::associate,
     [](guarded&, session& in) { return code(in.find("ken", order)); }},
    {"list", actor_role::manager,
     [](guarded&, session& in) {
       return code(in.for_each(order, all_fields, [](const view&) { return true; }));
     }},
    {"walk", actor_role::manager,
     [](guarded&, session& in) {
       auto at = in.walk(order);
       view out;
       while (at && *in.next(*at, out)) continue;
       return code(at);
     }},
    {"conditions", actor_role::manager,
     [](guarded&, session& in) {
       return code(in.list_customers({.no_purchase_for_days = 1}, order, all_fields,
                                     [](const listed&) { return true; }));
     }},
    {"disclose", actor_role::service,
     [](guarded& s, session& in) {
       return code(
           in.disclose(s.canary, {.purpose = purpose::delivery_of_goods, .recipient = s.parcel}));
     }},
    {"export", actor_role::manager,
     [](guarded& s, session& in) {
       const std::array both{s.other, s.canary};
       return code(
           in.disclose_many(both, {.purpose = purpose::delivery_of_goods, .recipient = s.parcel}));
     }},
    {"a transaction that is rolled back", actor_role::associate,
     [](guarded& s, session& in) {
       REQUIRE(in.begin());
       const auto seen = in.read(s.canary, order);
       in.rollback();
       return code(seen);
     }},
    {"a transaction that is committed", actor_role::associate,
     [](guarded& s, session& in) {
       REQUIRE(in.begin());
       REQUIRE(in.read(s.canary, order));
       return code(in.commit());
     }},
};

}  // namespace

TEST_CASE("canary: whoever looks at one raises an alarm, in whatever way") {
  for (const way& one : ways) {
    CAPTURE(one.what);
    guarded s;
    const std::uint64_t entries = s.boss.figures()->ledger_entries;
    {
      session in = s.of(one.role, 30);
      CHECK(code(in.read(s.other, order)) != errc::not_found);
      REQUIRE(s.alarms() == 0);
      CHECK(one.look(s, in) == errc::none);
      // The session is not over yet.
      REQUIRE(s.alarms() == 1);
    }
    const security_alarm told = s.guard.alarms()->front();
    CHECK(told.customer == s.canary);
    CHECK(told.who.id == actor_id(30));
    CHECK(told.who.role == one.role);
    CHECK(s.boss.figures()->ledger_entries > entries);
    CHECK(s.boss.verify()->problems == 0);
  }
}

TEST_CASE("canary: the host is told in the call that trips, once an hour for a session") {
  static std::size_t told = 0;
  guarded s;
  s.opened.reset();
  told = 0;
  auto again = book::open(
      s.store, s.cell, {.clock = {test_clock}, .on_alarm = {[](void*, const security_alarm& one) {
                                                 CHECK(one.who.id == actor_id(30));
                                                 ++told;
                                               }}});
  REQUIRE(again);
  s.opened = std::move(*again);
  session till = s.of(actor_role::associate, 30);
  REQUIRE(till.read(s.other, order));
  CHECK(told == 0);
  REQUIRE(till.begin());
  REQUIRE(till.read(s.canary, order));
  CHECK(told == 1);
  till.rollback();
  REQUIRE(till.read(s.canary, order));
  CHECK(told == 1);
  clock_hand().seconds += 3600;
  REQUIRE(till.read(s.canary, order));
  CHECK(told == 2);
}

TEST_CASE("canary: an alarm that could not be written is one alarm, whoever tries how often") {
  const auto life = std::make_shared<lifetime>();
  guarded s;
  s.opened.reset();
  auto again =
      book::open(std::make_shared<mortal_store>(s.store, life), s.cell, {.clock = {test_clock}});
  REQUIRE(again);
  s.opened = std::move(*again);
  s.guard = s.of(actor_role::security_officer, 60);
  session till = s.of(actor_role::service, 30);
  life->over = true;
  for (int i = 0; i < 3; ++i) CHECK(code(till.read(s.canary, order)) == errc::io_error);
  life->over = false;
  REQUIRE(till.read(s.canary, order));
  CHECK(s.alarms() == 1);
}

TEST_CASE("canary: nobody's alarms are pushed out by another's") {
  guarded s;
  REQUIRE(s.of(actor_role::associate, 66).read(s.canary, order));
  for (std::size_t i = 0; i < max_alarms_kept + 10; ++i) {
    REQUIRE(s.of(actor_role::service, 30).read(s.canary, order));
  }
  const auto all = s.guard.alarms();
  REQUIRE(all);
  CHECK(all->size() == max_alarms_kept);
  CHECK(std::ranges::count_if(
            *all, [](const security_alarm& one) { return one.who.id == actor_id(66); }) == 1);
}

TEST_CASE("canary: that their row is gone is told by whoever verifies") {
  guarded s;
  REQUIRE(s.boss.verify()->problems == 0);
  auto writing = s.store->begin_write();
  REQUIRE(writing);
  constexpr std::array<std::byte, 5> row{std::byte{28}};
  REQUIRE((*writing)->erase(row));
  REQUIRE((*writing)->commit());
  CHECK(s.boss.verify()->problems != 0);
}

TEST_CASE("canary: of one who is erased no number stays") {
  guarded s;
  REQUIRE(s.of(actor_role::associate, 30).read(s.canary, order));
  open_case(s.boss, {s.canary});
  REQUIRE(s.boss.erase(s.canary, erasure_reason::other));
  CHECK(s.guard.canaries()->empty());
  const auto told = s.guard.alarms();
  REQUIRE(told);
  REQUIRE_FALSE(told->empty());
  for (const security_alarm& one : *told) CHECK(one.customer == customer_id{});
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("canary: a random crawl trips one before it has seen a fiftieth of a book") {
  shop s;
  session boss = s.begin();
  std::vector<customer_id> all;
  REQUIRE(boss.begin());
  for (int i = 0; i < 1000; ++i) all.push_back(keep(boss, ken("L-" + std::to_string(i))));
  REQUIRE(boss.commit());
  auto made = s.opened->begin_session({.id = actor_id(60), .role = actor_role::security_officer});
  REQUIRE(made);
  // A fiftieth of 1,000 are 20 customers: with one canary in seven all of them miss in (6/7)^20 of
  // crawls, 5 in 100. In a book of 100,000 one in 700 does the same.
  std::vector<customer_id> some;
  for (std::size_t i = 0; i < all.size(); i += 7) some.push_back(all[i]);
  REQUIRE(made->set_canaries(some));
  auto crawler = s.opened->begin_session({.id = actor_id(30), .role = actor_role::service});
  REQUIRE(crawler);
  std::size_t seen = 0;
  for (std::size_t at = 3; made->alarms()->empty() && seen < 20; at = (at + 389) % 1000, ++seen) {
    REQUIRE(crawler->read(all[at], order));
  }
  CHECK(made->alarms()->size() == 1);
  CHECK(seen <= 20);
}

TEST_CASE("canary: who they are is for who guards them, and a bad one is refused") {
  guarded s;
  for (const actor_role role : all_roles()) {
    session in = s.of(role, 30);
    const bool may = reach_of(role, action::set_budgets) != reach::nobody;
    CAPTURE(name_of(role));
    CHECK((code(in.canaries()) == errc::role_denied) == !may);
    CHECK((code(in.alarms()) == errc::role_denied) == !may);
    CHECK((code(in.set_canaries(std::span(&s.canary, 1))) == errc::role_denied) == !may);
  }
  CHECK(*s.guard.canaries() == std::vector{s.canary});
  const std::array bad{s.other, customer_id{}};
  CHECK(code(s.guard.set_canaries(bad)) == errc::not_found);
  const std::vector<customer_id> many(max_canaries + 1, s.other);
  CHECK(code(s.guard.set_canaries(many)) == errc::limit_exceeded);
  CHECK(*s.guard.canaries() == std::vector{s.canary});
  REQUIRE(s.guard.set_canaries({}));
  REQUIRE(s.of(actor_role::associate, 31).read(s.canary, order));
  CHECK(s.alarms() == 0);
}
