// Traces and budgets: who looked is written down, and nobody looks at more than they may.
#include <functional>
#include <set>
#include <string>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;
constexpr std::int64_t hour = 3600;
constexpr std::int64_t day = 86400;

template <class T>
errc code(const result<T>& answer) {
  return answer ? errc::none : answer.error().code;
}

/// A shop with so many customers, and a session of whoever looks.
struct crowd : shop {
  std::vector<customer_id> all;

  explicit crowd(int customers) {
    session in = begin();
    REQUIRE(in.begin());
    for (int i = 0; i < customers; ++i) all.push_back(keep(in, ken("L-" + std::to_string(i))));
    REQUIRE(in.commit());
  }
  session of(actor_role role, std::uint32_t number = 30) {
    auto out = opened->begin_session({.id = actor_id(number), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
  std::vector<look> looks(const customer_id& id) {
    session in = of(actor_role::auditor, 90);
    const auto out = in.who_looked(id);
    REQUIRE(out);
    return *out;
  }
  actor_report report(std::uint32_t number = 30) {
    session in = of(actor_role::auditor, 90);
    const date today = date_of(clock_hand());
    const auto out = in.seen_by(actor_id(number), today, today);
    REQUIRE(out);
    return *out;
  }
};

std::uint32_t times(const look& one, look_kind kind) {
  return one.times[static_cast<std::size_t>(kind)];
}

/// How many of the customers it gets to read before the budget says stop.
std::size_t crawl(session& in, const std::vector<customer_id>& all) {
  std::size_t read = 0;
  for (const customer_id& id : all) {
    const auto seen = in.read(id, order);
    if (!seen) {
      CHECK(seen.error().code == errc::budget_spent);
      continue;
    }
    ++read;
  }
  return read;
}

}  // namespace

TEST_CASE("looks: of a list that came to its end nobody is unnamed") {
  crowd s(40);
  for (int i = 0; i < 3; ++i) {
    session in = s.of(actor_role::manager);
    REQUIRE(in.for_each(order, all_fields, [](const view&) { return true; }));
  }
  {
    session in = s.of(actor_role::manager);
    auto walk = in.walk(order);
    REQUIRE(walk);
    view seen;
    for (;;) {
      const auto more = in.next(*walk, seen);
      REQUIRE(more);
      if (!*more) break;
    }
  }
  CHECK(s.report().unnamed == 0);
}

TEST_CASE("looks: whom a list has handed out counts no second time in the hour") {
  crowd s(60);
  const recipient_id party = [&] {
    session in = s.begin();
    return add_party(in, "Parcels Ltd", recipient::parcel_service);
  }();
  session in = s.of(actor_role::manager);
  const std::uint32_t before = in.left()->customers_this_hour;
  auto walk = in.walk(order);
  REQUIRE(walk);
  view seen;
  std::vector<customer_id> all;
  for (;;) {
    const auto more = in.next(*walk, seen);
    REQUIRE(more);
    if (!*more) break;
    all.push_back(seen.id());
  }
  REQUIRE(all.size() == 60);
  for (const customer_id& id : all) {
    REQUIRE(in.read(id, order));
    REQUIRE(in.disclose(id, {.purpose = purpose::delivery_of_goods, .recipient = party}));
  }
  CHECK(before - in.left()->customers_this_hour == 60);
  session other = s.of(actor_role::manager, 31);
  REQUIRE(other.for_each(order, all_fields, [](const view&) { return true; }));
  const std::uint32_t between = other.left()->customers_this_hour;
  for (const customer_id& id : all) REQUIRE(other.read(id, order));
  CHECK(other.left()->customers_this_hour == between);
}

TEST_CASE("looks: who looked at a customer is told by day, purpose and kind") {
  crowd s(2);
  {
    session till = s.of(actor_role::associate);
    REQUIRE(till.read(s.all[0], order, only(field::name)));
    clock_hand().seconds += 60;
    REQUIRE(till.read(s.all[0], order, only(field::emails)));
    REQUIRE(till.notes(s.all[0], order));
    REQUIRE(till.read(s.all[0], purpose::client_care));
    REQUIRE(till.preview(s.all[0], till.request(order)));
    REQUIRE(till.find("loyalty", "L-0"));
    CHECK_FALSE(till.find("loyalty", "nobody"));
    customer more;
    REQUIRE(more.set(field::language, std::string_view("de")));
    REQUIRE(till.update(s.all[0], more.fields(), order));
  }
  const auto all = s.looks(s.all[0]);
  REQUIRE(all.size() == 3);
  std::size_t orders = 0;
  for (const look& one : all) {
    CHECK(one.actor == actor_id(30));
    CHECK(one.on == date_of(clock_hand()));
    if (one.purpose != order) continue;
    ++orders;
    CHECK(times(one, look_kind::read) == 2);  // The notes are of the opening before them.
    CHECK(times(one, look_kind::preview) == 1);
    CHECK(times(one, look_kind::change) == 1);
    CHECK(one.fields.has(field::name));
    CHECK(one.fields.has(field::notes));
    CHECK(one.last.seconds - one.first.seconds == 60);
  }
  CHECK(orders == 1);
  CHECK(s.looks(s.all[1]).empty());
  const actor_report told = s.report();
  CHECK(told.unnamed == 0);
  REQUIRE(told.customers.size() == 3);
  std::uint32_t not_found = 0;
  for (const day_of_looks& one : told.days) not_found += one.not_found;
  CHECK(not_found == 1);
  CHECK(s.begin().verify()->problems == 0);
  // An associate sees who looked; the customer's own page will.
  CHECK(s.of(actor_role::associate, 31).who_looked(s.all[0])->size() == 3);
}

TEST_CASE("looks: an erasure keeps the count and loses the name") {
  crowd s(2);
  {
    session till = s.of(actor_role::associate);
    REQUIRE(till.read(s.all[0], order));
    REQUIRE(till.read(s.all[1], order));
  }
  session in = s.begin();
  REQUIRE(in.erase(s.all[0], erasure_reason::subject_request));
  CHECK(code(in.who_looked(s.all[0])) == errc::key_erased);
  const actor_report told = s.report();
  REQUIRE(told.days.size() == 1);
  CHECK(told.days[0].customers == 2);
  CHECK(times(told.days[0], look_kind::read) == 2);
  REQUIRE(told.customers.size() == 1);
  CHECK(told.customers[0].customer == s.all[1]);
  CHECK(in.verify()->problems == 0);
  // The session that had somebody in mind who was erased meanwhile.
  session till = s.of(actor_role::associate, 31);
  REQUIRE(till.read(s.all[1], order));
  REQUIRE(in.erase(s.all[1], erasure_reason::subject_request));
  till = s.of(actor_role::associate, 32);
  CHECK(s.report(31).days[0].customers == 1);
  CHECK(s.begin().verify()->problems == 0);
}

TEST_CASE("looks: a list is traced before its first customer is handed out") {
  crowd s(40);
  session boss = s.of(actor_role::manager);
  std::size_t handed = 0;
  REQUIRE(boss.for_each(order, only(field::name), [&](const view&) {
    // What somebody else finds in the book while the list goes on: what a kill would leave.
    if (++handed == 1) CHECK(s.report().days[0].listed == 40);
    return handed < 10;
  }));
  // It ended before.
  CHECK(s.report().days[0].listed == 10);
  CHECK(boss.left()->customers_this_hour == 190);
  const auto first = s.looks(s.all[0]);
  REQUIRE(first.size() == 1);
  CHECK(times(first[0], look_kind::list) == 1);
  CHECK(first[0].fields == only(field::name));
  CHECK(s.looks(s.all[39]).empty());
  handed = 0;
  auto walk = boss.walk(order);
  REQUIRE(walk);
  view out;
  while (*boss.next(*walk, out)) ++handed;
  CHECK(handed == 40);
  CHECK(s.looks(s.all[39]).size() == 1);
  CHECK(s.begin().verify()->problems == 0);
}

TEST_CASE("looks: what a kill can lose is the names of one block, and the budget says how many") {
  crowd s(60);
  session till = s.of(actor_role::service);
  for (int i = 0; i < 30; ++i) REQUIRE(till.read(s.all[static_cast<std::size_t>(i)], order));
  // The session lives: this is what a kill would leave.
  const actor_report left = s.report();
  CHECK(left.unnamed == 64);
  CHECK(left.customers.empty());
  till = s.of(actor_role::service, 31);
  CHECK(s.report().unnamed == 0);
  CHECK(s.report().customers.size() == 30);
}

TEST_CASE("looks: whom an associate or a manager sees is named before they see them") {
  crowd s(60);
  for (const actor_role role : {actor_role::associate, actor_role::manager}) {
    const std::uint32_t number = role == actor_role::associate ? 40 : 41;
    session till = s.of(role, number);
    for (std::size_t i = 0; i < 30; ++i) REQUIRE(till.read(s.all[i], order));
    const actor_report left = s.report(number);
    CHECK(left.customers.size() == 30);
    CHECK(left.days[0].customers == 30);
    CHECK(left.unnamed <= 20);  // Of the last block, nobody whom they have seen.
  }
  CHECK(s.begin().verify()->problems == 0);
}

TEST_CASE("looks: so many people see one customer in a day, and not one more, however") {
  crowd s(3);
  const auto reads = [&](actor_role role, std::uint32_t number) {
    session in = s.of(role, number);
    return code(in.read(s.all[0], order));
  };
  std::vector<session> open;  // Whose names would not be written yet.
  for (std::uint32_t i = 0; i < 6; ++i) {
    open.push_back(s.of(i % 2 == 0 ? actor_role::associate : actor_role::manager, 40 + i));
    REQUIRE(open.back().read(s.all[0], order));
  }
  for (std::uint32_t i = 6; i < 12; ++i) {
    session in = s.of(actor_role::associate, 40 + i);
    REQUIRE(in.begin());
    REQUIRE(in.read(s.all[0], order));
    in.rollback();
    open.push_back(std::move(in));
  }
  for (std::uint32_t i = 12; i < 18; ++i) CHECK(reads(actor_role::associate, 40 + i) == errc::none);
  // A question about consents is a look; an id and a change are none.
  CHECK(code(s.of(actor_role::associate, 58).directives(s.all[0])) == errc::none);
  CHECK(code(s.of(actor_role::associate, 70).find("loyalty", "L-0")) == errc::none);
  CHECK(code(s.of(actor_role::associate, 59).preview(s.all[0], s.begin().request(order))) ==
        errc::none);
  CHECK(reads(actor_role::associate, 60) == errc::budget_spent);
  CHECK(reads(actor_role::manager, 61) == errc::budget_spent);
  {
    session in = s.of(actor_role::associate, 62);
    REQUIRE(in.begin());
    CHECK(code(in.read(s.all[0], order)) == errc::budget_spent);
    CHECK(code(in.read(s.all[1], order)) == errc::none);
  }
  // Who was among them sees them again, and so do machines and who answers requests.
  CHECK(reads(actor_role::associate, 40) == errc::none);
  CHECK(reads(actor_role::service, 63) == errc::none);
  CHECK(reads(actor_role::owner, 64) == errc::none);
  CHECK(s.report(60).customers.empty());
  clock_hand().seconds += day;
  CHECK(reads(actor_role::associate, 60) == errc::none);
  CHECK(s.begin().verify()->problems == 0);
}

TEST_CASE("looks: whom as many have seen as may is passed on by nobody else, and no search fails") {
  crowd s(3);
  for (std::uint32_t i = 0; i < 20; ++i) {
    REQUIRE(s.of(actor_role::associate, 40 + i).read(s.all[0], order));
  }
  session late = s.of(actor_role::manager, 70);
  CHECK(code(late.disclose(s.all[0], {.purpose = order, .recipient = recipient_id(200)})) ==
        errc::budget_spent);
  CHECK(code(late.disclose(s.all[1], {.purpose = order, .recipient = recipient_id(200)})) !=
        errc::budget_spent);
  const auto answer = late.find("Ken", order);
  REQUIRE(answer);
  CHECK(answer->matches == 3);
  CHECK(answer->hits.size() == 2);
  for (const search_hit& one : answer->hits) CHECK(one.seen.id() != s.all[0]);
  const auto among = s.of(actor_role::associate, 40).find("Ken", order);
  REQUIRE(among);
  CHECK(among->hits.size() == 3);
}

TEST_CASE("looks: each contact point that a directive names is a look-up") {
  crowd s(1);
  session asks = s.of(actor_role::associate);
  directive no;
  no.kind = directive_kind::deny;
  no.scope.purposes = {purpose::email_marketing};
  int answered = 0;
  for (int i = 0; i < 200; ++i) {
    for (std::size_t place = 0; place < no.contacts.size(); ++place) {
      const auto guess = asks.contact_of(
          field::phones, "+4930" + std::to_string(1000000 + 10 * i + static_cast<int>(place)));
      REQUIRE(guess);
      no.contacts[place] = *guess;
    }
    const errc why = code(asks.record(s.all[0], no));
    if (why == errc::budget_spent) break;
    CHECK(why == errc::not_found);
    answered += static_cast<int>(no.contacts.size());
  }
  CHECK(answered <= 120);
  CHECK(answered >= 100);
}

TEST_CASE("looks: pinned notes beside all of them are of one opening, and no further reading is") {
  crowd s(1);
  {
    session till = s.of(actor_role::associate);
    REQUIRE(till.read(s.all[0], order));
    REQUIRE(till.notes(s.all[0], order));
    REQUIRE(till.pinned_notes(s.all[0], order));
    for (int i = 0; i < 3; ++i) REQUIRE(till.notes(s.all[0], order));
  }
  const auto all = s.looks(s.all[0]);
  REQUIRE(all.size() == 1);
  // The third reading of notes is another opening, with its own second one.
  CHECK(times(all[0], look_kind::read) == 3);
}

TEST_CASE("looks: a directive that names one contact point is one look-up") {
  crowd s(1);
  session asks = s.of(actor_role::associate);
  directive no;
  no.kind = directive_kind::deny;
  no.scope.purposes = {purpose::email_marketing};
  for (const std::uint64_t named : {1U, 2U}) {
    const auto guess = asks.contact_of(field::phones, "+493012345" + std::to_string(named));
    REQUIRE(guess);
    no.contacts[named - 1] = *guess;
    const std::uint64_t before = asks.left()->look_ups_this_hour;
    CHECK(code(asks.record(s.all[0], no)) == errc::not_found);
    CHECK(before - asks.left()->look_ups_this_hour == named);
  }
}

TEST_CASE("looks: what was read in a transaction that was rolled back was read") {
  crowd s(30);
  session till = s.of(actor_role::associate);
  REQUIRE(till.begin());
  REQUIRE(till.read(s.all[0], order));
  CHECK(code(till.find("loyalty", "L-1")) == errc::none);
  till.rollback();
  CHECK(till.left()->customers_this_hour == 59);
  CHECK(till.left()->look_ups_this_hour == 119);
  till = s.of(actor_role::associate, 31);
  CHECK(s.looks(s.all[0]).size() == 1);
  CHECK(s.looks(s.all[1]).size() == 1);
  // Rolling back again and again gives nobody more than a budget.
  crowd many(200);
  session other = many.of(actor_role::associate);
  std::set<std::size_t> read;
  for (int round = 0; round < 50; ++round) {
    REQUIRE(other.begin());
    for (std::size_t i = 0; i < many.all.size(); ++i) {
      if (other.read(many.all[i], order)) read.insert(i);
    }
    other.rollback();
  }
  CHECK(read.size() == 60);
}

TEST_CASE("looks: a crawl stops at the budget exactly, whoever crawls and however") {
  crowd s(300);
  SUBCASE("one after the other") {
    session till = s.of(actor_role::associate);
    CHECK(crawl(till, s.all) == 60);
    // Whom one has seen in this hour one sees again.
    CHECK(till.read(s.all[0], order));
    CHECK(till.left()->customers_this_hour == 0);
  }
  SUBCASE("in sessions of one process, and of several") {
    std::set<std::string> read;
    for (int round = 0; round < 10; ++round) {
      const auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
      REQUIRE(again);
      auto till = again->begin_session({.id = actor_id(30), .role = actor_role::associate});
      REQUIRE(till);
      for (std::size_t i = 0; i < 30; ++i) {
        const std::size_t at = (static_cast<std::size_t>(round) * 30 + i) % s.all.size();
        if (till->read(s.all[at], order)) read.insert(std::to_string(at));
      }
    }
    CHECK(read.size() == 60);
  }
  SUBCASE("side by side") {
    session one = s.of(actor_role::associate);
    session two = s.of(actor_role::associate);
    std::size_t read = 0;
    for (std::size_t i = 0; i < 150; ++i) {
      read += one.read(s.all[i], order) ? 1U : 0U;
      read += two.read(s.all[150 + i], order) ? 1U : 0U;
    }
    CHECK(read == 60);
  }
  SUBCASE("by list") {
    session boss = s.of(actor_role::manager);
    std::size_t handed = 0;
    const auto done = boss.for_each(order, all_fields, [&](const view&) {
      ++handed;
      return true;
    });
    CHECK(code(done) == errc::budget_spent);
    CHECK(handed == 200);
  }
  SUBCASE("by walk") {
    session boss = s.of(actor_role::manager);
    auto walk = boss.walk(order);
    REQUIRE(walk);
    view out;
    std::size_t handed = 0;
    while (true) {
      const auto more = boss.next(*walk, out);
      if (!more) CHECK(more.error().code == errc::budget_spent);
      if (!more || !*more) break;
      ++handed;
    }
    CHECK(handed == 200);
  }
  CHECK(s.begin().verify()->problems == 0);
}

TEST_CASE("looks: hours and days begin anew with the clock, and not when it is set back") {
  crowd s(300);
  clock_hand().seconds -= clock_hand().seconds % day;
  clock_hand().seconds += day;
  std::size_t read = 0;
  for (int n = 0; n < 5; ++n) {
    session till = s.of(actor_role::associate);
    read += crawl(till, {s.all.begin() + n * 60, s.all.end()});
    CHECK(read == std::min<std::size_t>(200, 60 * (static_cast<std::size_t>(n) + 1)));
    clock_hand().seconds -= 2 * hour;
    CHECK(crawl(till, {s.all.end() - 40, s.all.end()}) == 0);
    clock_hand().seconds += 3 * hour;
  }
  clock_hand().seconds += day;
  session till = s.of(actor_role::associate);
  CHECK(crawl(till, s.all) == 60);
}

TEST_CASE("looks: look-ups have a budget too, those that find nobody among them") {
  crowd s(2);
  session till = s.of(actor_role::associate);
  std::size_t answered = 0;
  for (int i = 0; i < 200; ++i) {
    const auto found = till.find("loyalty", "X-" + std::to_string(i));
    answered += code(found) == errc::not_found ? 1U : 0U;
  }
  CHECK(answered == 120);
  CHECK(code(till.find("loyalty", "L-0")) == errc::budget_spent);
  till = s.of(actor_role::associate, 31);
  CHECK(s.report().days[0].not_found == 120);
}

TEST_CASE("looks: somebody else gives more for the rest of the day") {
  crowd s(120);
  session till = s.of(actor_role::associate);
  session guard = s.of(actor_role::security_officer, 40);
  CHECK(crawl(till, s.all) == 60);
  CHECK(code(till.raise_budget(actor_id(31), 5)) == errc::role_denied);
  CHECK(code(guard.raise_budget(guard.who().id, 5)) == errc::second_person_required);
  CHECK(code(guard.raise_budget(actor_id(30), 0)) == errc::invalid_argument);
  REQUIRE(guard.raise_budget(actor_id(30), 25));
  CHECK(crawl(till, s.all) == 85);
  clock_hand().seconds += day;
  CHECK(till.left()->customers_this_hour == 60);
}

TEST_CASE("looks: traces that go, come back or are changed are seen") {
  crowd s(3);
  {
    session till = s.of(actor_role::associate);
    REQUIRE(till.read(s.all[0], order));
  }
  const auto rows = [&](std::byte table, std::size_t size) {
    std::vector<std::pair<std::string, std::string>> out;
    auto reading = s.store->begin_read();
    REQUIRE(reading);
    REQUIRE((*reading)->walk({}, {}, [&](byte_view at, byte_view value) {
      if (!at.empty() && at[0] == table && at.size() == size) {
        out.emplace_back(as_text(at), as_text(value));
      }
      return true;
    }));
    return out;
  };
  const auto before = rows(std::byte{21}, 18);
  REQUIRE(before.size() == 2);
  const auto change = [&](auto&& spoil) {
    auto writing = s.store->begin_write();
    REQUIRE(writing);
    spoil(**writing);
    REQUIRE((*writing)->commit());
  };
  for (const auto& [at, value] : before) {
    change([&, at = at](write_transaction& in) { REQUIRE(in.erase(as_bytes(at))); });
    CHECK(s.begin().verify()->first == errc::row_missing);
    change([&, at = at, value = value](write_transaction& in) {
      REQUIRE(in.put(as_bytes(at), as_bytes(value)));
    });
    CHECK(s.begin().verify()->problems == 0);
  }
  {
    session till = s.of(actor_role::associate);
    REQUIRE(till.read(s.all[0], order));
  }
  for (const auto& [at, value] : before) {
    const auto now = rows(std::byte{21}, 18);
    change([&, at = at, value = value](write_transaction& in) {
      REQUIRE(in.put(as_bytes(at), as_bytes(value)));
    });
    CHECK(s.begin().verify()->first == errc::version_mismatch);
    change([&](write_transaction& in) {
      for (const auto& [key, good] : now) REQUIRE(in.put(as_bytes(key), as_bytes(good)));
    });
    CHECK(s.begin().verify()->problems == 0);
  }
  // A budget of before is not put back.
  const auto budget = rows(std::byte{22}, 5);
  REQUIRE(budget.size() == 1);
  session till = s.of(actor_role::associate);
  REQUIRE(till.read(s.all[1], order));
  change([&](write_transaction& in) {
    REQUIRE(in.put(as_bytes(budget[0].first), as_bytes(budget[0].second)));
  });
  session again = s.of(actor_role::associate, 31);
  CHECK_FALSE(again.read(s.all[1], order));
}

TEST_CASE("looks: an associate's day meets not one refusal") {
  crowd s(50);
  session boss = s.begin();
  const recipient_id parcel = add_party(boss, "Parcel Co", recipient::parcel_service);
  privacy_notice shown = notice_for(boss);
  shown.announced.purposes.add(purpose::client_care);
  shown.announced.categories = {category::email_address, category::name, category::note};
  REQUIRE(boss.add_notice(shown));
  clock_hand().seconds -= clock_hand().seconds % day;
  clock_hand().seconds += day + 9 * hour;
  const directive yes = [&] {
    directive out = grant_of(boss, {recipient::self});
    out.event_at = clock_hand();
    return out;
  }();
  session till = s.of(actor_role::associate);
  for (std::size_t i = 0; i < s.all.size(); ++i) {
    CAPTURE(i);
    clock_hand().seconds += 9 * 60;
    const auto id = till.find("loyalty", "L-" + std::to_string(i));
    REQUIRE(id);
    REQUIRE(till.read(*id, order));
    REQUIRE(till.read(*id, purpose::client_care));
    REQUIRE(till.purchases(*id, order, 3));
    REQUIRE(till.notes(*id, purpose::client_care, 3));
    directive said = yes;
    said.event_at = clock_hand();
    REQUIRE(till.record(*id, said));
    REQUIRE(till.directives(*id));
    if (i % 7 == 0) REQUIRE(till.record(*id, withdrawal()));
    const std::string number = std::to_string(i);
    const purchase receipt{.at = clock_hand(), .order = number, .currency = "EUR"};
    const std::array lines{purchase_line{.sku = "776", .quantity = 1}};
    REQUIRE(till.append_purchase(*id, receipt, lines, order));
    REQUIRE(
        till.append_note(*id, {.at = clock_hand(), .text = "asks for blue"}, purpose::client_care));
    customer more;
    REQUIRE(more.set(field::phones, std::array{phone_number{.number = "+1 202 555 0199"}}));
    REQUIRE(till.update(*id, more.fields(), order));
    if (i % 10 == 0) {
      REQUIRE(till.put(ken("new " + std::to_string(i)), {.purposes = order}));
      REQUIRE(till.who_looked(*id));
      REQUIRE(till.ledger(*id));
    }
  }
  // The two deliveries leave through the shop's service.
  session service = s.of(actor_role::service, 50);
  for (const std::size_t i : {3U, 4U}) {
    REQUIRE(
        service.disclose(s.all[i], {.purpose = purpose::delivery_of_goods, .recipient = parcel}));
  }
  CHECK(till.left()->customers_today >= 100);
}

TEST_CASE("looks: a privacy officer's day meets not one refusal") {
  crowd s(20);
  clock_hand().seconds += 31 * day;
  session officer = s.of(actor_role::privacy_officer);
  REQUIRE(officer.add_notice(notice_for(officer)));
  add_party(officer, "Parcel Co", recipient::parcel_service);
  for (std::size_t i = 0; i < 5; ++i) {
    const customer_id id = *officer.find("loyalty", "L-" + std::to_string(i));
    const std::uint32_t number = open_case(officer, {id});
    REQUIRE(officer.read(id, purpose::rights_fulfilment));
    REQUIRE(officer.disclose(
        id, {.purpose = purpose::rights_fulfilment, .recipient = recipient::data_subject}));
    REQUIRE(officer.ledger(id));
    REQUIRE(officer.who_looked(id));
    REQUIRE(officer.mentions(id, purpose::rights_fulfilment));
    REQUIRE(officer.record(id, withdrawal()));
    if (i == 4) REQUIRE(officer.erase(id, erasure_reason::subject_request));
    REQUIRE(officer.close_case(number));
  }
  const date today = date_of(clock_hand());
  REQUIRE(officer.seen_by(actor_id(7), today, today));
  REQUIRE(officer.verify());
  REQUIRE(officer.due());
  REQUIRE(officer.left());
}

TEST_CASE("looks: a bad question about looks is refused") {
  crowd s(1);
  session in = s.begin();
  const date today = date_of(clock_hand());
  CHECK(code(in.seen_by(actor_id(7), today, {2001, 1, 1})) == errc::invalid_argument);
  CHECK(code(in.seen_by(actor_id(7), {2026, 2, 30}, today)) == errc::invalid_argument);
  CHECK(code(in.who_looked(customer_id{})) == errc::not_found);
  CHECK(in.seen_by(actor_id(99), today, today)->days.empty());
  // Another session of this thread writes: what is looked at could not be written down.
  session till = s.of(actor_role::associate);
  REQUIRE(in.begin());
  CHECK(code(till.read(s.all[0], order)) == errc::invalid_state);
  in.rollback();
  CHECK(till.read(s.all[0], order));
}

TEST_CASE("looks: what tells of a customer without showing a field is traced and counted") {
  crowd s(100);
  const std::pair<look_kind, std::function<errc(session&, const customer_id&)>> tells[] = {
      {look_kind::consents,
       [](session& in, const customer_id& id) { return code(in.directives(id)); }},
      {look_kind::consents,
       [](session& in, const customer_id& id) { return code(in.kept_for(id)); }},
      {look_kind::consents,
       [](session& in, const customer_id& id) { return code(in.jurisdiction_of(id)); }},
      {look_kind::consents,
       [](session& in, const customer_id& id) {
         return code(in.explain(id, in.request(order), field::emails));
       }},
      {look_kind::consents,
       [](session& in, const customer_id& id) {
         return code(in.describe(id, in.request(order), field::emails, language::en));
       }},
      {look_kind::consents,
       [](session& in, const customer_id& id) {
         return code(in.why_not_kept(id, field::emails, order));
       }},
      {look_kind::ledger, [](session& in, const customer_id& id) { return code(in.ledger(id)); }},
      {look_kind::ledger, [](session& in, const customer_id& id) { return code(in.evidence(id)); }},
  };
  std::uint32_t number = 40;
  for (const auto& [kind, call] : tells) {
    CAPTURE(number);
    std::size_t told = 0;
    {
      session till = s.of(actor_role::associate, number);
      for (const customer_id& id : s.all) {
        const errc answer = call(till, id);
        told += answer == errc::none ? 1U : 0U;
        if (answer != errc::none) CHECK(answer == errc::budget_spent);
      }
      CHECK(told == 60);
      CHECK(till.left()->customers_this_hour == 0);
      // Rolled back, it was told all the same.
      REQUIRE(till.begin());
      CHECK(call(till, s.all[99]) == errc::budget_spent);
      till.rollback();
    }
    const actor_report left = s.report(number);
    std::set<std::string> named;
    for (const look_at_customer& one : left.customers) {
      CHECK(times(one, kind) >= 1);
      named.emplace(as_text(one.customer.bytes));
    }
    CHECK(named.size() == 60);
    ++number;
  }
  CHECK(s.begin().verify()->problems == 0);
}

TEST_CASE("looks: a put that tells whose an id is is a look-up, and needs one to be left") {
  crowd s(2);
  session till = s.of(actor_role::associate);
  customer theirs;
  const external_id taken{.system = "loyalty", .value = "L-1"};
  REQUIRE(theirs.set(field::external_ids, std::array{taken}));
  REQUIRE(till.put(ken("new"), {.purposes = order}));
  CHECK(till.left()->look_ups_this_hour == 120);  // Nobody was told of.
  CHECK(code(till.put(ken("L-0"), {.purposes = order})) == errc::already_exists);
  CHECK(till.left()->look_ups_this_hour == 119);
  CHECK(code(till.update(s.all[0], theirs.fields(), order)) == errc::already_exists);
  CHECK(till.left()->look_ups_this_hour == 118);
  REQUIRE(till.begin());
  CHECK(code(till.put(ken("L-0"), {.purposes = order})) == errc::already_exists);
  till.rollback();
  CHECK(till.left()->look_ups_this_hour == 117);
  std::size_t told = 3;
  for (int i = 0; i < 200; ++i) {
    const errc answer = code(till.put(ken("L-0"), {.purposes = order}));
    told += answer == errc::already_exists ? 1U : 0U;
    if (answer != errc::already_exists) CHECK(answer == errc::budget_spent);
  }
  CHECK(told == 120);
  // Also of an id that nobody has: the difference would be the answer.
  CHECK(code(till.put(ken("free"), {.purposes = order})) == errc::budget_spent);
  customer nameless;
  REQUIRE(nameless.set(field::name, person_name{.given = "Ada"}));
  CHECK(till.put(nameless, {.purposes = order}));
  till = s.of(actor_role::associate, 31);
  const auto looks = s.looks(s.all[0]);
  REQUIRE(looks.size() == 1);
  CHECK(times(looks[0], look_kind::find) == 119);
  CHECK(s.begin().verify()->problems == 0);
}

TEST_CASE("looks: a note in which a value of the record is found is a look-up, once an hour") {
  crowd s(1);
  session boss = s.begin();
  privacy_notice shown = notice_for(boss);
  shown.announced.purposes = {purpose::client_care};
  shown.announced.recipients = {recipient::self};
  shown.announced.categories = {category::note, category::name};
  REQUIRE(boss.add_notice(shown));
  directive yes = grant_of(boss, {recipient::self});
  yes.conditions = {.required = {obligation::mask}, .mask = redaction_operator::redact_text};
  const customer_id id = keep(boss, ken("L-9"), std::span(&yes, 1));
  session till = s.of(actor_role::associate);
  for (const char* text : {"is it 202-555-0142", "or 202-555-0199", "Ken asks for blue"}) {
    REQUIRE(till.append_note(id, {.at = clock_hand(), .text = text}, purpose::client_care));
  }
  // Each note was one: a wrong guess is answered by the label that it does not get.
  CHECK(till.left()->look_ups_this_hour == 117);
  REQUIRE(till.notes(id, purpose::client_care));
  CHECK(till.left()->look_ups_this_hour == 115);
  REQUIRE(till.notes(id, purpose::client_care));
  CHECK(till.left()->look_ups_this_hour == 115);
  // Many guesses in one note are so many look-ups as it is long.
  const std::string numbers(1025, 'a');
  REQUIRE(till.append_note(id, {.at = clock_hand(), .text = numbers}, purpose::client_care));
  CHECK(till.left()->look_ups_this_hour == 110);
  // A guess a note: after as many as there are look-ups nothing answers any more.
  for (int i = 0; i < 55; ++i) {
    REQUIRE(till.append_note(id, {.at = clock_hand(), .text = "Ken?"}, purpose::client_care));
    REQUIRE(till.notes(id, purpose::client_care, 1));
  }
  CHECK(code(till.append_note(id, {.at = clock_hand(), .text = "Ken!"}, purpose::client_care)) ==
        errc::budget_spent);
  clock_hand().seconds += hour;
  CHECK(till.notes(id, purpose::client_care, 1));
}
