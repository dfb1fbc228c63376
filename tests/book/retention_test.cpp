// What goes at the end of its time, and what keeps it: retention runs and legal holds.
#include <clientbook/consent/shop_consent.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <random>
#include <string>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;

template <class T>
errc code(const result<T>& answer) {
  return answer ? errc::none : answer.error().code;
}

customer with_likes(const std::string& loyalty) {
  customer out = ken(loyalty);
  REQUIRE(out.set(field::likes, std::array<std::string_view, 1>{"linen"}));
  return out;
}

/// A shop that keeps data for orders and, where somebody agrees, for care.
struct keeping_shop : shop {
  session in = begin();
  int given = 0;

  explicit keeping_shop(profile_id law = gdpr_profile().id) : shop(law) {
    in = begin();
    privacy_notice notice = notice_for(in);
    notice.announced.purposes = {purpose::client_care};
    notice.announced.recipients = {recipient::self};
    notice.announced.categories = all_categories();
    REQUIRE(in.add_notice(notice));
  }
  session of(actor_role role, std::uint32_t number = 30) {
    auto out = opened->begin_session({.id = actor_id(number), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
  /// Agreed to care; under strict law that permits everything that there is of them.
  customer_id agreed() {
    const std::array yes{grant_of(in, {recipient::self})};
    const kept_purposes both{order, purpose::client_care};
    const auto id =
        in.put(with_likes("R-" + std::to_string(++given)), {.purposes = both, .directives = yes});
    REQUIRE(id);
    return *id;
  }
  void withdraw(const customer_id& id) {
    directive no;
    no.kind = directive_kind::withdraw;
    no.scope = everything();
    no.scope.purposes = {purpose::client_care};
    no.event_at = clock_hand();
    REQUIRE(in.record(id, no));
  }
  customer_id lapsed() {
    const customer_id id = agreed();
    withdraw(id);
    return id;
  }
  bool there(const customer_id& id) { return code(in.kept_for(id)) == errc::none; }
  bool has(const customer_id& id, field_id field) {
    const auto kept = in.kept_for(id);
    REQUIRE(kept);
    return std::ranges::any_of(*kept, [&](const field_keeping& one) { return one.field == field; });
  }
};

const profile_id strict = strict_profile().id;

std::map<customer_id, retention_fate> fates(const retention_outcome& done) {
  std::map<customer_id, retention_fate> out;
  for (const retention_item& one : done.items) out[one.customer] = one.fate;
  return out;
}

retention_outcome ran(session& in) {
  auto done = in.run_retention();
  REQUIRE(done);
  return std::move(*done);
}

std::size_t entries_of(session& in, const customer_id& id, ledger_event event) {
  const auto all = in.ledger(id);
  REQUIRE(all);
  return static_cast<std::size_t>(std::ranges::count(*all, event, &ledger_record::event));
}

}  // namespace

TEST_CASE("retention: a run takes out what is due, and nothing else") {
  keeping_shop s;
  const customer_id id = s.agreed();
  const customer_id other = s.agreed();
  const note text{.at = clock_hand(), .text = "asks for linen"};
  REQUIRE(s.in.append_note(id, text, {order, purpose::client_care}));
  CHECK(s.in.run_retention()->items.empty());
  s.withdraw(id);
  REQUIRE(s.in.due()->size() == 1);

  const auto done = s.in.run_retention();
  REQUIRE(done);
  CHECK(done->next == 0);
  CHECK(done->receipts.empty());
  REQUIRE(done->items.size() == 2);
  CHECK(done->items[0].customer == id);
  CHECK(done->items[0].fate == retention_fate::removed);
  CHECK(done->items[0].fields == only(field::likes));
  CHECK(done->items[1].fate == retention_fate::in_items);
  CHECK(done->items[1].fields == only(field::notes));
  CHECK_FALSE(s.has(id, field::likes));
  CHECK(shows(s.in.read(id, order), field::name));
  CHECK(s.has(other, field::likes));
  CHECK(s.in.due()->front().fields == only(field::notes));
  CHECK(entries_of(s.in, id, ledger_event::correction) == 1);
  CHECK(s.in.ledger(id)->back().fields == only(field::likes));
  CHECK(entries_of(s.in, other, ledger_event::correction) == 0);
  CHECK(s.in.verify()->problems == 0);
  // Once more there is nothing to take.
  const auto again = s.in.run_retention();
  REQUIRE(again->items.size() == 1);
  CHECK(again->items[0].fate == retention_fate::in_items);
}

TEST_CASE("retention: of whom nothing may be kept is erased, with a receipt each") {
  keeping_shop s(strict);
  const customer_id gone = s.lapsed();
  const customer_id also = s.lapsed();
  const customer_id stays = s.agreed();
  const purchase sold{.at = timestamp{1'700'000'000}, .order = "7", .currency = "EUR"};
  const std::array lines{purchase_line{.sku = "1", .description = "Ring", .quantity = 1}};
  const std::uint64_t epoch = s.cell->current->epoch;
  REQUIRE(s.in.append_purchase(stays, sold, lines, purpose::client_care));
  const auto done = s.in.run_retention();
  REQUIRE(done);
  CHECK(fates(*done) == std::map<customer_id, retention_fate>{{gone, retention_fate::erased},
                                                              {also, retention_fate::erased}});
  REQUIRE(done->receipts.size() == 2);
  for (const erasure_receipt& one : done->receipts) {
    CHECK(one.reason == erasure_reason::retention_end);
    CHECK(one.epoch_after == epoch + 1);
    CHECK(one.remembered_until.month != 0);
    CHECK(one.signature != crypto::signature{});
  }
  CHECK(s.cell->current->epoch == epoch + 1);
  CHECK(code(s.in.read(gone, order)) == errc::key_erased);
  CHECK(s.in.figures()->erased == 2);
  CHECK(s.there(stays));
  CHECK(s.in.verify()->problems == 0);

  // With purchases that nothing permits any more too: all of them go, with the customer.
  s.withdraw(stays);
  const auto rest = s.in.run_retention({.remembered_months = 0});
  REQUIRE(rest->receipts.size() == 1);
  CHECK(rest->receipts[0].remembered_until.month == 0);
  CHECK(s.in.figures()->purchase_lines == 0);
  CHECK(s.in.figures()->customers == 0);
}

TEST_CASE("retention: what a case, a request or a hold keeps stays, and is told") {
  keeping_shop s(strict);
  const customer_id id = s.lapsed();
  const customer_id free = s.lapsed();
  const customer_id kept[] = {id};
  retention_fate wanted = retention_fate::held;
  std::function<void()> release;
  SUBCASE("an open case of tax") {
    const auto number = open_case(s.in, {id}, case_kind::tax);
    release = [&s, number] { REQUIRE(s.in.close_case(number)); };
  }
  SUBCASE("somebody is at work on them") {
    const auto number = open_case(s.in, {id}, case_kind::recall);
    release = [&s, number] { REQUIRE(s.in.close_case(number)); };
  }
  SUBCASE("a request") {
    const auto number =
        s.in.open_request(id, {.kind = request_kind::access, .received = date_of(clock_hand())});
    REQUIRE(number);
    wanted = retention_fate::requested;
    release = [&s, number] {
      REQUIRE(s.in.withdraw_request(*number));
      const auto all = s.in.requests();
      REQUIRE(all);
    };
  }
  SUBCASE("a legal hold") {
    const auto number = s.in.place_hold(id, {.reason = "claim announced"});
    REQUIRE(number);
    release = [&s, &id, number] { REQUIRE(s.in.lift_hold(id, *number)); };
  }
  const auto done = s.in.run_retention();
  REQUIRE(done);
  CHECK(fates(*done) ==
        std::map<customer_id, retention_fate>{{id, wanted}, {free, retention_fate::erased}});
  for (const customer_id& one : kept) CHECK(s.has(one, field::likes));
  if (release) release();
  CHECK(fates(ran(s.in)).at(id) == retention_fate::erased);
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("retention: fields that a law has the shop keep outlive the others") {
  keeping_shop s;
  const customer_id id = s.agreed();
  const customer record = ken();
  for (const field_value& one : record.fields()) {
    if (one.id != field::addresses) continue;
    REQUIRE(s.in.update(id, std::array{one}, purpose::tax_record_keeping));
  }
  REQUIRE(s.in.kept_by_law(id)->has(field::addresses));
  // A second law of the book permits nothing of it without consent; the first one goes on asking.
  const auto number = s.in.propose_profile(policy_kind::add_profile, strict);
  REQUIRE(number);
  session second = s.of(actor_role::owner, 9);
  REQUIRE(second.approve_policy(*number));
  s.withdraw(id);
  const auto due = s.in.due();
  REQUIRE(due->size() == 1);
  REQUIRE(due->front().fields.has(field::addresses));
  const auto done = s.in.run_retention();
  REQUIRE(done);
  CHECK(done->receipts.empty());
  for (const retention_item& one : done->items) {
    CHECK(one.fields.has(field::addresses) == (one.fate == retention_fate::kept_by_law));
    if (one.fields.has(field::likes)) CHECK(one.fate == retention_fate::removed);
  }
  CHECK(s.has(id, field::addresses));
  CHECK_FALSE(s.has(id, field::likes));
}

TEST_CASE("retention: a run that only tells changes nothing") {
  keeping_shop s(strict);
  const customer_id gone = s.lapsed();
  const customer_id held = s.lapsed();
  REQUIRE(s.in.place_hold(held, {.reason = "claim announced"}));
  const std::uint64_t epoch = s.cell->current->epoch;
  const std::uint64_t entries = s.in.figures()->ledger_entries;
  const auto told = s.in.run_retention({.mode = retention_mode::only_tell});
  REQUIRE(told);
  CHECK(fates(*told) == std::map<customer_id, retention_fate>{{gone, retention_fate::erased},
                                                              {held, retention_fate::held}});
  CHECK(told->receipts.empty());
  CHECK(s.cell->current->epoch == epoch);
  CHECK(s.in.figures()->ledger_entries == entries);
  CHECK(s.there(gone));
}

TEST_CASE(
    "retention: many are gone through in bounded transactions, from where the last one ended") {
  keeping_shop s(strict);
  std::vector<customer_id> all;
  for (int i = 0; i < 7; ++i) all.push_back(i == 3 ? s.agreed() : s.lapsed());
  std::uint64_t from = 0;
  int calls = 0;
  std::size_t gone = 0;
  do {
    const std::uint64_t epoch = s.cell->current->epoch;
    // Whoever goes on is another process.
    auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
    REQUIRE(again);
    auto other = again->begin_session({.id = actor_id(8), .role = actor_role::owner});
    REQUIRE(other);
    const auto done = other->run_retention({.most = 2, .from = from});
    REQUIRE(done);
    CHECK(done->receipts.size() <= 2);
    CHECK(s.cell->current->epoch == epoch + (done->receipts.empty() ? 0 : 1));
    gone += done->receipts.size();
    CHECK((done->next == 0 || done->next > from));
    from = done->next;
    ++calls;
  } while (from != 0);
  CHECK(gone == 6);
  CHECK(calls >= 3);
  for (const customer_id& id : all) CHECK(s.there(id) == (id == all[3]));
  CHECK(s.in.verify()->problems == 0);
  CHECK(code(s.in.run_retention({.most = 0})) == errc::invalid_argument);
  CHECK(code(s.in.run_retention({.most = max_erased_at_once + 1})) == errc::invalid_argument);
  CHECK(s.in.run_retention({.from = 1'000'000})->next == 0);
}

TEST_CASE("retention: it is run by who may erase, of whom they may erase") {
  keeping_shop s(strict);
  const customer_id id = s.lapsed();
  const customer_id named = s.lapsed();
  for (const actor_role role : {actor_role::associate, actor_role::manager, actor_role::auditor}) {
    CHECK(code(s.of(role).run_retention()) == errc::role_denied);
  }
  session officer = s.of(actor_role::privacy_officer);
  CHECK(fates(ran(officer)).at(named) == retention_fate::no_case);
  open_case(s.in, {named}, case_kind::records);
  CHECK(fates(ran(officer)) == std::map<customer_id, retention_fate>{
                                   {id, retention_fate::no_case}, {named, retention_fate::erased}});
  REQUIRE(s.in.begin());
  CHECK(code(s.in.run_retention()) == errc::invalid_state);
  s.in.rollback();
  CHECK(s.there(id));
}

TEST_CASE("retention: who is damaged is told of, and hides nobody else") {
  keeping_shop s(strict);
  const customer_id damaged = s.lapsed();
  const customer_id gone = s.lapsed();
  const std::string at = std::string("\x11", 1) + std::string("\0\0\0\0\0\0\0\x02", 8);
  auto writing = s.store->begin_write();
  REQUIRE(writing);
  REQUIRE((*writing)->erase(as_bytes(at)));
  REQUIRE((*writing)->commit());
  s.in = s.begin();
  const auto done = s.in.run_retention();
  REQUIRE(done);
  CHECK(fates(*done) == std::map<customer_id, retention_fate>{{damaged, retention_fate::damaged},
                                                              {gone, retention_fate::erased}});
  // Damage prevents no erasure that somebody asks for.
  CHECK(s.in.erase(damaged, erasure_reason::other));
}

TEST_CASE("hold: who is damaged is told of in the list, and hides nobody else") {
  keeping_shop s;
  const customer_id damaged = s.agreed();
  const customer_id held = s.agreed();
  for (const customer_id& id : {damaged, held}) REQUIRE(s.in.place_hold(id, {.reason = "claim"}));
  const std::string at = std::string("\x11", 1) + std::string("\0\0\0\0\0\0\0\x02", 8);
  auto writing = s.store->begin_write();
  REQUIRE(writing);
  REQUIRE((*writing)->erase(as_bytes(at)));
  REQUIRE((*writing)->commit());
  session in = s.begin();
  const auto all = in.holds();
  REQUIRE(all);
  REQUIRE(all->size() == 2);
  CHECK((*all)[0].customer == damaged);
  CHECK((*all)[0].hold == legal_hold{});
  CHECK((*all)[1].customer == held);
  CHECK((*all)[1].hold.number == 1);
}

TEST_CASE("hold: its end lies ahead of all that the book has seen, whatever a clock says") {
  keeping_shop s;
  const customer_id id = s.agreed();
  const timestamp newest = clock_hand();
  clock_hand().seconds -= 3 * 86400;
  CHECK(code(s.in.place_hold(id, {.reason = "claim", .until = newest})) == errc::invalid_value);
  CHECK(s.in.holds()->empty());
  CHECK(s.in.place_hold(id, {.reason = "claim", .until = {newest.seconds + 1}}));
}

TEST_CASE("hold: it is placed, listed and lifted, and the ledger says so") {
  keeping_shop s;
  const customer_id id = s.agreed();
  const customer_id other = s.agreed();
  CHECK(s.in.holds()->empty());
  const auto first = s.in.place_hold(id, {.reason = "claim announced", .reference = "file 7"});
  REQUIRE(first);
  CHECK(*first == 1);
  session officer = s.of(actor_role::privacy_officer);
  const timestamp until{clock_hand().seconds + 86400};
  const auto second = officer.place_hold(id, {.reason = "order of a court", .until = until});
  REQUIRE(second);
  CHECK(*second == 2);
  CHECK(*s.in.place_hold(other, {.reason = "claim announced"}) == 1);
  REQUIRE(entries_of(s.in, id, ledger_event::legal_hold) == 2);
  CHECK(s.in.ledger(id)->back().recipient == "hold 2 placed");

  const auto check = [&](session& by) {
    const auto all = by.holds();
    REQUIRE(all);
    REQUIRE(all->size() == 3);
    CHECK((*all)[0].customer == id);
    CHECK((*all)[0].hold == legal_hold{.number = 1,
                                       .reason = "claim announced",
                                       .reference = "file 7",
                                       .placed_by = actor_id(7),
                                       .placed_at = clock_hand()});
    CHECK((*all)[1].hold.until == until);
    CHECK((*all)[1].hold.placed_by == actor_id(30));
    CHECK((*all)[2].customer == other);
  };
  check(s.in);
  session auditor = s.of(actor_role::auditor);
  check(auditor);
  const auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
  REQUIRE(again);
  auto anew = again->begin_session({.id = actor_id(9), .role = actor_role::owner});
  REQUIRE(anew);
  check(*anew);
  CHECK(anew->verify()->problems == 0);

  REQUIRE(s.in.lift_hold(id, 2));
  CHECK(s.in.ledger(id)->back().recipient == "hold 2 lifted");
  CHECK(code(s.in.lift_hold(id, 2)) == errc::not_found);
  CHECK(code(s.in.lift_hold(id, 3)) == errc::not_found);
  // A number names one hold for good.
  CHECK(*s.in.place_hold(id, {.reason = "claim announced"}) == 3);
  for (const actor_role role : {actor_role::associate, actor_role::manager, actor_role::service}) {
    session by = s.of(role);
    CHECK(code(by.place_hold(id, {.reason = "claim"})) == errc::role_denied);
    CHECK(code(by.lift_hold(id, 1)) == errc::role_denied);
    if (role != actor_role::manager) CHECK(code(by.holds()) == errc::role_denied);
  }
  CHECK(code(auditor.place_hold(id, {.reason = "claim"})) == errc::role_denied);
}

TEST_CASE("hold: nothing takes a customer out who is held") {
  keeping_shop s(strict);
  const customer_id id = s.lapsed();
  const auto shown = [&] {
    const auto seen = s.in.read(id, order);
    REQUIRE(seen);
    field_set out;
    for (const field_value& one : seen->record().fields()) out.add(one.id);
    return out;
  };
  const field_set before = shown();
  REQUIRE(s.in.place_hold(id, {.reason = "claim announced"}));
  REQUIRE(s.in.place_hold(id, {.reason = "order of a court"}));
  REQUIRE(s.in.lift_hold(id, 1));
  for (const erasure_reason why : {erasure_reason::subject_request, erasure_reason::retention_end,
                                   erasure_reason::unlawful, erasure_reason::other}) {
    const auto refused = s.in.erase(id, why);
    CHECK(code(refused) == errc::kept_by_law);
    CHECK(refused.error().at == 2);
  }
  const std::array some{id};
  CHECK(code(s.in.erase(some, erasure_reason::other)) == errc::kept_by_law);
  CHECK(fates(ran(s.in)).at(id) == retention_fate::held);
  const auto removal = s.in.remove(id, field::likes);
  CHECK(code(removal) == errc::kept_by_law);
  CHECK(removal.error().at == 2);
  CHECK(s.has(id, field::likes));
  // It opens nothing, and closes nothing to whom the law gives a right.
  CHECK(shown() == before);
  CHECK_FALSE(shows(s.in.read(id, purpose::client_care), field::likes));
  CHECK(s.in.due()->front().customer == id);
  open_case(s.in, {id});
  CHECK(s.in.read(id, purpose::rights_fulfilment));
  CHECK(s.in.hand_over(id));
  customer change;
  REQUIRE(change.set(field::likes, std::array<std::string_view, 1>{"wool"}));
  CHECK(s.in.update(id, change.fields(), purpose::rights_fulfilment));
  REQUIRE(s.in.lift_hold(id, 2));
  CHECK(s.in.erase(id, erasure_reason::other));
}

TEST_CASE("hold: it ends by itself, and what was lifted holds no more") {
  keeping_shop s(strict);
  const customer_id id = s.agreed();
  REQUIRE(s.in.place_hold(id, {.reason = "claim", .until = {clock_hand().seconds + 86400}}));
  clock_hand().seconds += 86399;
  CHECK(code(s.in.erase(id, erasure_reason::other)) == errc::kept_by_law);
  CHECK(s.in.holds()->size() == 1);
  clock_hand().seconds += 1;
  CHECK(s.in.holds()->empty());
  CHECK(s.in.erase(id, erasure_reason::other));
}

TEST_CASE("hold: what is no hold is refused, and changes nothing") {
  keeping_shop s;
  const customer_id id = s.agreed();
  const std::uint64_t entries = s.in.figures()->ledger_entries;
  CHECK(code(s.in.place_hold(id, {})) == errc::missing_field);
  CHECK(code(s.in.place_hold(id, {.reason = "a\nb"})) == errc::invalid_value);
  CHECK(code(s.in.place_hold(id, {.reason = "claim", .reference = "a\nb"})) == errc::invalid_value);
  CHECK(code(s.in.place_hold(id, {.reason = "card 4111 1111 1111 1111"})) ==
        errc::card_data_refused);
  const std::string text(max_hold_text + 1, 'a');
  CHECK(code(s.in.place_hold(id, {.reason = text})) == errc::limit_exceeded);
  CHECK(code(s.in.place_hold(id, {.reason = "claim", .until = clock_hand()})) ==
        errc::invalid_value);
  customer_id nobody{};
  nobody.bytes[0] = std::byte{1};
  CHECK(code(s.in.place_hold(nobody, {.reason = "claim"})) == errc::not_found);
  CHECK(code(s.in.lift_hold(nobody, 1)) == errc::not_found);
  CHECK(s.in.figures()->ledger_entries == entries);
  for (std::size_t i = 0; i < max_holds; ++i) {
    REQUIRE(s.in.place_hold(id, {.reason = std::string_view(text).substr(1)}));
  }
  CHECK(code(s.in.place_hold(id, {.reason = "claim"})) == errc::limit_exceeded);
  REQUIRE(s.in.lift_hold(id, 4));
  CHECK(s.in.place_hold(id, {.reason = "claim"}));
  CHECK(s.in.verify()->problems == 0);
  // What was rolled back was never placed.
  const customer_id other = s.agreed();
  REQUIRE(s.in.begin());
  REQUIRE(s.in.place_hold(other, {.reason = "claim"}));
  CHECK(s.in.holds()->size() == max_holds + 1);
  s.in.rollback();
  CHECK(s.in.holds()->size() == max_holds);
  CHECK(s.in.erase(other, erasure_reason::other));
}

TEST_CASE("retention: property: whatever happens in whatever order, who is held stays") {
  keeping_shop s(strict);
  std::mt19937 random(20261130);
  const auto below = [&](std::size_t n) { return random() % n; };
  struct person {
    customer_id id{};
    bool agreed = true;
    bool gone = false;
    std::vector<std::uint32_t> holds{};
  };
  std::vector<person> all;
  for (int step = 0; step < 250; ++step) {
    CAPTURE(step);
    if (all.size() < 8 || below(12) == 0) all.push_back({.id = s.agreed()});
    person& one = all[below(all.size())];
    switch (below(7)) {
      case 0:
        if (one.agreed && !one.gone) s.withdraw(one.id);
        one.agreed = false;
        break;
      case 1:
      case 2:
        if (!one.gone && one.holds.size() < 3) {
          one.holds.push_back(*s.in.place_hold(one.id, {.reason = "claim"}));
        }
        break;
      case 3:
        if (!one.holds.empty()) {
          REQUIRE(s.in.lift_hold(one.id, one.holds.back()));
          one.holds.pop_back();
        }
        break;
      case 4: {
        const bool done = s.in.erase(one.id, erasure_reason::other).has_value();
        CHECK(done == (!one.gone && one.holds.empty()));
        one.gone = one.gone || done;
        break;
      }
      case 5: {
        std::uint64_t from = 0;
        do {
          const auto done =
              s.in.run_retention({.most = static_cast<std::uint32_t>(1 + below(4)), .from = from});
          REQUIRE(done);
          from = done->next;
        } while (from != 0);
        for (person& each : all) each.gone = each.gone || (!each.agreed && each.holds.empty());
        break;
      }
      default: {
        auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
        REQUIRE(again);
        s.opened = std::move(*again);
        s.in = s.begin();
      }
    }
    std::size_t held = 0;
    for (const person& each : all) {
      CHECK(s.there(each.id) == !each.gone);
      held += each.gone ? 0 : each.holds.size();
    }
    CHECK(s.in.holds()->size() == held);
  }
  CHECK(s.in.verify()->problems == 0);
}
