// Portfolios: whose customers an actor reaches once they are in force, through every call that
// tells of somebody, and who says whose customers are whose.
#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr auto order = purpose::customer_order_management;
constexpr auto care = purpose::client_care;
constexpr std::int64_t day = 86400;
constexpr store_id here{1};
constexpr store_id there{2};

template <class T>
errc code(const result<T>& answer) {
  return answer ? errc::none : answer.error().code;
}

customer person(int number) {
  const std::string text = std::to_string(number);
  customer out;
  REQUIRE(out.set(field::name, person_name{.given = "Given" + text, .family = "Family" + text}));
  const std::string address = "p" + text + "@example.com";
  REQUIRE(out.set(field::emails, std::array{email_address{.address = address}}));
  const external_id id{.system = "loyalty", .value = "L-" + text};
  REQUIRE(out.set(field::external_ids, std::array{id}));
  return out;
}

/// Two stores with two associates and a manager each; a customer of each associate, and one of no
/// store. Who works here: 11, 12 and manager 10; there: 21, 22 and manager 20.
struct chain : shop {
  session boss = begin();
  recipient_id parcel = add_party(boss, "Parcel Co", recipient::parcel_service);
  customer_id mine, colleagues, theirs, nobodys;

  explicit chain(portfolio_use use = portfolio_use::in_force) {
    for (const std::uint32_t one : {10U, 11U, 12U}) stores(one, {here});
    for (const std::uint32_t one : {20U, 21U, 22U}) stores(one, {there});
    mine = keep(boss, person(1));
    colleagues = keep(boss, person(2));
    theirs = keep(boss, person(3));
    nobodys = keep(boss, person(4));
    give(mine, here, 11);
    give(colleagues, here, 12);
    give(theirs, there, 21);
    if (use == portfolio_use::in_force) REQUIRE(boss.use_portfolios(use));
  }
  void stores(std::uint32_t whose, std::vector<store_id> which) {
    REQUIRE(boss.set_stores(actor_id(whose), which));
  }
  void give(const customer_id& id, store_id of, std::uint32_t primary) {
    REQUIRE(boss.assign(std::span(&id, 1), {.store = of, .primary = actor_id(primary)}));
  }
  session of(actor_role role, std::uint32_t number) {
    auto out = opened->begin_session({.id = actor_id(number), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
  session associate(std::uint32_t number = 11) { return of(actor_role::associate, number); }
  session manager(std::uint32_t number = 10) { return of(actor_role::manager, number); }
  session officer(std::uint32_t number = 40) { return of(actor_role::privacy_officer, number); }
};

using call = std::function<errc(chain&, session&, const customer_id&)>;
struct probe {
  const char* what;
  call ask;
};

directive yes_of(chain& s) {
  if (s.boss.notices()->empty()) REQUIRE(s.boss.add_notice(notice_for(s.boss)));
  return grant_of(s.boss, {recipient::self});
}

// What somebody may try on a customer whom they know by the id. Of one's own none is refused by the
// portfolio, of another store's each is.
const probe on_a_customer[] = {
    {"read", [](chain&, session& in, const customer_id& id) { return code(in.read(id, order)); }},
    {"notes", [](chain&, session& in, const customer_id& id) { return code(in.notes(id, order)); }},
    {"purchases",
     [](chain&, session& in, const customer_id& id) { return code(in.purchases(id, order)); }},
    {"notes without", [](chain&, session& in,
                         const customer_id& id) { return code(in.notes_without(id, order, {})); }},
    {"preview", [](chain&, session& in,
                   const customer_id& id) { return code(in.preview(id, in.request(order))); }},
    {"explain",
     [](chain&, session& in, const customer_id& id) {
       return code(in.explain(id, in.request(order), field::name));
     }},
    {"describe",
     [](chain&, session& in, const customer_id& id) {
       return code(in.describe(id, in.request(order), field::name, language::en));
     }},
    {"directives",
     [](chain&, session& in, const customer_id& id) { return code(in.directives(id)); }},
    {"kept for", [](chain&, session& in, const customer_id& id) { return code(in.kept_for(id)); }},
    {"jurisdiction",
     [](chain&, session& in, const customer_id& id) { return code(in.jurisdiction_of(id)); }},
    {"why not kept",
     [](chain&, session& in, const customer_id& id) {
       return code(in.why_not_kept(id, field::name, order));
     }},
    {"preview of a grant",
     [](chain& s, session& in, const customer_id& id) {
       return code(in.preview_grant(id, yes_of(s), notice_for(s.boss)));
     }},
    {"contact",
     [](chain&, session& in, const customer_id& id) {
       const auto got = code(in.contact(id, field::emails, "p1@example.com"));
       return got == errc::not_found ? errc::none : got;
     }},
    {"who looked",
     [](chain&, session& in, const customer_id& id) { return code(in.who_looked(id)); }},
    {"ledger", [](chain&, session& in, const customer_id& id) { return code(in.ledger(id)); }},
    {"evidence", [](chain&, session& in, const customer_id& id) { return code(in.evidence(id)); }},
    {"portfolio",
     [](chain&, session& in, const customer_id& id) { return code(in.portfolio_of(id)); }},
    {"update",
     [](chain&, session& in, const customer_id& id) {
       customer more;
       REQUIRE(more.set(field::language, std::string_view("de")));
       return code(in.update(id, more.fields(), order));
     }},
    {"update of nothing",
     [](chain&, session& in, const customer_id& id) { return code(in.update(id, {}, order)); }},
    {"note",
     [](chain&, session& in, const customer_id& id) {
       // An order is no reason to keep a note; whose customer it is comes first.
       const auto got = code(in.append_note(id, {.at = clock_hand(), .text = "blue"}, order));
       return got == errc::no_basis ? errc::none : got;
     }},
    {"purchase",
     [](chain&, session& in, const customer_id& id) {
       // One order is one purchase; whose customer it is comes first.
       const auto got = code(in.append_purchase(
           id, {.at = clock_hand(), .order = "7", .currency = "EUR"}, {}, order));
       return got == errc::already_exists ? errc::none : got;
     }},
    {"merge",
     [](chain&, session& in, const customer_id& id) {
       customer more;
       REQUIRE(more.set(field::language, std::string_view("de")));
       return code(in.merge(id, more, {.purposes = order}, merge_rule::complete));
     }},
    {"a yes",
     [](chain& s, session& in, const customer_id& id) { return code(in.record(id, yes_of(s))); }},
    {"a no that tells what it closed",
     [](chain&, session& in, const customer_id& id) {
       return code(in.record_and_tell(id, withdrawal()));
     }},
    {"a no that tells an age",
     [](chain&, session& in, const customer_id& id) {
       return code(in.record_at_age(id, withdrawal(), 0, 16));
     }},
    {"hidden in another's notes",
     [](chain& s, session& in, const customer_id& id) {
       const customer_id own = in.who().id == actor_id(21) ? s.theirs : s.mine;
       return code(in.notes_without(own, order, std::span(&id, 1)));
     }},
};

const probe by_a_manager[] = {
    {"disclose",
     [](chain& s, session& in, const customer_id& id) {
       return code(in.disclose(id, {.purpose = purpose::delivery_of_goods, .recipient = s.parcel}));
     }},
    {"remove",
     [](chain&, session& in, const customer_id& id) {
       const auto got = code(in.remove(id, field::language, order));
       return got == errc::not_found ? errc::none : got;
     }},
    {"remove, for whatever purpose",
     [](chain&, session& in, const customer_id& id) {
       const auto got = code(in.remove(id, field::language));
       return got == errc::not_found ? errc::none : got;
     }},
    {"assign",
     [](chain&, session& in, const customer_id& id) {
       const store_id own = in.who().id == actor_id(20) ? there : here;
       return code(in.assign(std::span(&id, 1), {.store = own}));
     }},
};

std::size_t seen_in_list(session& in, purpose_id why) {
  std::size_t seen = 0;
  REQUIRE(in.for_each(why, all_fields, [&](const view&) { return ++seen != 0; }));
  return seen;
}

std::size_t hits(session& in, const char* typed, purpose_id why = order,
                 search_path path = search_path::automatic) {
  const auto found = in.find(typed, why, {.path = path, .errors = typing_errors::none});
  REQUIRE(found);
  CHECK(found->matches == found->hits.size());
  return found->hits.size();
}

purpose_id purpose_in(purpose_group group) {
  switch (group) {
    case purpose_group::care:
      return care;
    case purpose_group::marketing:
      return purpose::email_marketing;
    case purpose_group::whole:
      return purpose::service_optimisation;
    default:
      return order;
  }
}

// Whether the call that a cell is about lets an actor get at a customer: what consent says to it is
// not asked here.
bool reaches(chain& s, session& in, action what, purpose_group group, const customer_id& id) {
  const purpose_id why = purpose_in(group);
  const auto mine = [](errc got) { return got != errc::not_in_portfolio; };
  const auto found = [&](errc got) { return got == errc::none; };
  const std::string number = id == s.mine ? "1" : id == s.theirs ? "3" : "4";
  switch (what) {
    case action::read:
      return mine(code(in.read(id, why)));
    case action::preview:
      return mine(code(in.preview(id, in.request(why))));
    case action::keep: {
      customer more;
      REQUIRE(more.set(field::language, std::string_view("de")));
      return mine(code(in.update(id, more.fields(), why)));
    }
    case action::remove:
      return mine(code(in.remove(id, field::language, why)));
    case action::disclose:
      return mine(code(in.disclose(id, {.purpose = why, .recipient = s.parcel})));
    case action::list: {
      bool seen = false;
      REQUIRE(in.for_each(why, all_fields, [&](const view& one) {
        seen = seen || one.id() == id;
        return true;
      }));
      return seen;
    }
    case action::tabulate:  // "what a manager's table counts is of the store"
    case action::audit:     // "cases are told of to whoever reaches a customer of theirs"
    case action::seen_by:   // "lists, exports, tables and reports are of the store"
      return id == s.mine;
    case action::find:
      return found(code(in.find("loyalty", "L-" + number)));
    case action::search: {
      const auto all = in.find("given" + number, order, {.errors = typing_errors::none});
      REQUIRE(all);
      return std::ranges::any_of(all->hits, [&](const auto& one) { return one.seen.id() == id; });
    }
    case action::see_consents:
      return mine(code(in.directives(id)));
    case action::note_yes:
      return mine(code(in.record(id, yes_of(s))));
    case action::confirm_yes: {
      // One that the owner's record has as one of which nobody knows that they were informed.
      directive noted = yes_of(s);
      noted.informed = false;
      noted.event_at = clock_hand();
      const auto waits = s.boss.record(id, noted);
      REQUIRE(waits);
      const consent_evidence paper{.hash = crypto::hash(as_bytes("scan"))};
      return mine(code(in.confirm(id, *waits, paper)));
    }
    case action::see_looks:
      return mine(code(in.who_looked(id)));
    case action::assign:
      return mine(code(in.assign(std::span(&id, 1), {.store = here})));
    case action::merge:
      return mine(code(in.note_not_same(id, s.mine)));
    default:
      FAIL("no call is made for this action: make one");
      return true;
  }
}

}  // namespace

TEST_CASE("portfolio: of another store's customer no call tells, shows or writes anything") {
  chain s;
  session till = s.associate();
  session boss_here = s.manager();
  customer language;
  REQUIRE(language.set(field::language, std::string_view("en")));
  REQUIRE(s.boss.update(s.mine, language.fields(), order));
  const customer_id gone = keep(s.boss, person(9));
  s.give(gone, here, 11);
  open_case(s.boss, {gone});
  REQUIRE(s.boss.erase(gone, erasure_reason::other));
  std::size_t held = 0;
  const auto all = [&](session& in, std::span<const probe> probes) {
    for (const probe& one : probes) {
      CAPTURE(one.what);
      CAPTURE(in.who().id.value);
      CHECK(one.ask(s, in, s.mine) == errc::none);
      // One answer, whosever they are, and whether or not they are there.
      for (const customer_id& id : {s.theirs, s.nobodys, gone}) {
        CHECK(one.ask(s, in, id) == errc::not_in_portfolio);
        ++held;
      }
    }
  };
  all(till, on_a_customer);
  all(boss_here, on_a_customer);
  all(boss_here, by_a_manager);
  CHECK(held == 3 * (2 * std::size(on_a_customer) + std::size(by_a_manager)));
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("portfolio: a no is written down of anybody, by anybody") {
  chain s;
  session till = s.associate();
  CHECK(till.record(s.theirs, withdrawal()));
  CHECK(till.record(s.nobodys, withdrawal()));
  CHECK(s.boss.directives(s.theirs)->size() == 1);
}

TEST_CASE("portfolio: a no about somebody else's customer tells nothing of them") {
  chain s;
  session till = s.associate();
  const customer_id gone = keep(s.boss, person(9));
  open_case(s.boss, {gone});
  REQUIRE(s.boss.erase(gone, erasure_reason::other));
  for (const customer_id& id : {s.theirs, s.nobodys, gone}) {
    for (int i = 0; i < 2; ++i) {
      const auto said = till.record(id, withdrawal());
      REQUIRE(said);
      CHECK(said->sequence == 0);
      CHECK_FALSE(said->repeated);
    }
  }
  CHECK(s.boss.directives(s.theirs)->size() == 1);
  CHECK(till.record(s.mine, withdrawal())->sequence == 1);
  CHECK(till.record(s.mine, withdrawal())->repeated);
}

TEST_CASE("portfolio: a no is taken by an external id too, and nobody hears whose it is") {
  chain s;
  session till = s.associate();
  for (const char* id : {"L-1", "L-3", "L-4", "L-77"}) {
    CAPTURE(id);
    CHECK(till.record_no("loyalty", id, withdrawal()));
  }
  CHECK(s.boss.directives(s.mine)->size() == 1);
  CHECK(s.boss.directives(s.theirs)->size() == 1);
  CHECK(s.boss.directives(s.nobodys)->size() == 1);
  CHECK(s.boss.directives(s.colleagues)->empty());
  // Who reaches everybody is told that there is nobody.
  CHECK(code(s.boss.record_no("loyalty", "L-77", withdrawal())) == errc::not_found);
  CHECK(s.boss.record_no("loyalty", "L-2", withdrawal()));
  CHECK(code(till.record_no("loyalty", "L-3", yes_of(s))) == errc::invalid_argument);
  // Nor does it take a role that finds anybody.
  const std::size_t before = s.boss.directives(s.colleagues)->size();
  CHECK(s.of(actor_role::marketing, 80).record_no("loyalty", "L-2", withdrawal()));
  CHECK(s.of(actor_role::marketing, 80).record_no("loyalty", "L-77", withdrawal()));
  CHECK(s.boss.directives(s.colleagues)->size() >= before);
  CHECK(code(s.of(actor_role::auditor, 70).record_no("loyalty", "L-3", withdrawal())) ==
        errc::role_denied);
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE(
    "portfolio: a no of a list is that of whoever has the address, and nobody hears of whom") {
  chain s;
  session boss_here = s.manager();
  const auto say = [&](const char* address) {
    customer who;
    REQUIRE(who.set(field::emails, std::array{email_address{.address = address}}));
    return boss_here.remember_unsubscribed(who.fields(), clock_hand());
  };
  const auto there = say("p3@example.com");
  const auto nowhere = say("p77@example.com");
  REQUIRE(there);
  REQUIRE(nowhere);
  CHECK(*there == *nowhere);
  REQUIRE(s.boss.directives(s.theirs)->size() == 1);
  CHECK(s.boss.directives(s.theirs)->front().scope.purposes.contains(purpose::email_marketing));
  CHECK(s.boss.directives(s.nobodys)->empty());
  CHECK(s.boss.directives(s.mine)->empty());
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("portfolio: a no of any kind is that of whoever has the id, the address or the number") {
  chain s;
  session boss_here = s.manager();
  customer who;
  REQUIRE(who.set(field::emails, std::array{email_address{.address = "p3@example.com"}}));
  directive no = withdrawal();
  no.kind = directive_kind::deny;
  no.scope.purposes = {purpose::text_message_marketing};
  REQUIRE(boss_here.record_no(who.fields(), no));
  REQUIRE(s.boss.directives(s.theirs)->size() == 1);
  CHECK(s.boss.directives(s.theirs)->front().scope.purposes ==
        purpose_set{purpose::text_message_marketing});
  CHECK(s.boss.directives(s.mine)->empty());
  CHECK(s.boss.directives(s.nobodys)->empty());
  CHECK(code(boss_here.record_no(customer().fields(), no)) == errc::missing_field);
  CHECK(code(boss_here.record_no(who.fields(), yes_of(s))) == errc::invalid_argument);
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("portfolio: a file of noes in one change finds whom it has written meanwhile") {
  chain s;
  role_table next = role_table::built_in();
  // A manager who finds nobody by themselves, and may change what they know the id of.
  next.set(actor_role::manager, action::find, purpose_group::none,
           {.whose = reach::all, .of = portfolio_reach::own});
  REQUIRE(s.officer(40).propose_roles(next));
  REQUIRE(s.officer(41).approve_roles(1));
  session boss_here = s.manager();
  const auto with = [](const char* address) {
    customer who;
    REQUIRE(who.set(field::emails, std::array{email_address{.address = address}}));
    return who;
  };
  directive no = withdrawal();
  no.kind = directive_kind::deny;
  REQUIRE(boss_here.begin());
  REQUIRE(boss_here.record_no(with("p77@example.com").fields(), no));
  REQUIRE(boss_here.update(s.mine, with("new@example.com").fields(), order));
  const customer_id later = keep(boss_here, person(9));
  REQUIRE(boss_here.record_no(with("new@example.com").fields(), no));
  REQUIRE(boss_here.record_no(with("P9@example.com").fields(), no));
  // The old address of somebody is nobody's.
  REQUIRE(boss_here.record_no(with("p1@example.com").fields(), no));
  REQUIRE(boss_here.record_no(with("p3@example.com").fields(), no));
  REQUIRE(boss_here.commit());
  CHECK(s.boss.directives(s.mine)->size() == 1);
  CHECK(s.boss.directives(later)->size() == 1);
  CHECK(s.boss.directives(s.theirs)->size() == 1);
  CHECK(s.boss.directives(s.colleagues)->empty());
  CHECK(s.boss.directives(s.nobodys)->empty());
  // Nothing of it outlives the change.
  REQUIRE(s.boss.update(s.nobodys, with("other@example.com").fields(), order));
  REQUIRE(boss_here.begin());
  REQUIRE(boss_here.record_no(with("other@example.com").fields(), no));
  REQUIRE(boss_here.commit());
  CHECK(s.boss.directives(s.nobodys)->size() == 1);
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("portfolio: a no that reached some of those whom it is of leaves nothing to commit") {
  chain s;
  customer same = person(9);
  REQUIRE(same.set(field::emails, std::array{email_address{.address = "p3@example.com"}}));
  const customer_id twin = keep(s.boss, same);
  s.give(twin, there, 22);
  // Whose consents are damaged: what they are known by is not, so they are found.
  REQUIRE(s.boss.record(twin, withdrawal()));
  auto writing = s.store->begin_write();
  REQUIRE(writing);
  std::vector<std::string> said;
  REQUIRE((*writing)->walk({}, {}, [&](byte_view at, byte_view) {
    if (!at.empty() && at[0] == std::byte{6}) said.emplace_back(as_text(at));
    return true;
  }));
  REQUIRE(said.size() == 1);
  REQUIRE((*writing)->erase(as_bytes(said[0])));
  REQUIRE((*writing)->commit());
  directive no = withdrawal();
  no.kind = directive_kind::deny;
  session boss_here = s.manager();
  REQUIRE(boss_here.begin());
  customer who;
  REQUIRE(who.set(field::emails, std::array{email_address{.address = "p3@example.com"}}));
  REQUIRE_FALSE(boss_here.record_no(who.fields(), no));
  CHECK(code(boss_here.commit()) == errc::invalid_state);
  boss_here.rollback();
  CHECK(s.boss.directives(s.theirs)->empty());
}

TEST_CASE("portfolio: cases are told of to whoever reaches a customer of theirs, and of these") {
  chain s;
  open_case(s.boss, {s.mine, s.theirs});
  open_case(s.boss, {s.theirs});
  session boss_here = s.manager();
  const auto seen = boss_here.cases();
  REQUIRE(seen);
  REQUIRE(seen->size() == 1);
  CHECK(seen->front().customers == std::vector{s.mine});
  CHECK(s.boss.cases()->size() == 2);
  CHECK(s.of(actor_role::auditor, 70).cases()->size() == 2);
  CHECK(s.of(actor_role::manager, 90).cases()->empty());
}

TEST_CASE("portfolio: whose somebody is is asked for like what they said: counted and traced") {
  chain s;
  session till = s.associate();
  const auto before = till.left();
  REQUIRE(till.portfolio_of(s.mine));
  CHECK(till.left()->customers_this_hour + 1 == before->customers_this_hour);
  const auto lookers = s.boss.who_looked(s.mine);
  REQUIRE(lookers);
  CHECK(std::ranges::any_of(*lookers, [](const look& one) { return one.actor == actor_id(11); }));
}

TEST_CASE("portfolio: a walk under way ends at the next customer once they are in force") {
  chain s(portfolio_use::none);
  session boss_here = s.manager();
  auto at = boss_here.walk(order);
  REQUIRE(at);
  view out;
  std::set<customer_id> walked;
  REQUIRE(*boss_here.next(*at, out));
  walked.insert(out.id());
  REQUIRE(s.boss.use_portfolios(portfolio_use::in_force));
  while (*boss_here.next(*at, out)) walked.insert(out.id());
  CHECK(walked == std::set{s.mine, s.colleagues});
}

TEST_CASE("portfolio: another table limits cases, what reopens, and lists by a case") {
  chain s;
  role_table next = role_table::built_in();
  constexpr role_rule of_store{.whose = reach::all, .of = portfolio_reach::store};
  constexpr role_rule named{.whose = reach::named, .of = portfolio_reach::store};
  next.set(actor_role::manager, action::open_case, purpose_group::none, of_store);
  next.set(actor_role::manager, action::overrule, purpose_group::none, of_store);
  next.set(actor_role::manager, action::list, purpose_group::of_case, named);
  REQUIRE(s.officer(40).propose_roles(next));
  REQUIRE(s.officer(41).approve_roles(1));
  session boss_here = s.manager();
  const auto open = [&](const customer_id& id) {
    return code(boss_here.open_case({.kind = case_kind::rights,
                                     .customers = {&id, 1},
                                     .reason = {.reference = short_text<64>("letter")}}));
  };
  CHECK(open(s.mine) == errc::none);
  CHECK(open(s.theirs) == errc::not_in_portfolio);
  open_case(s.boss, {s.theirs});
  CHECK(code(boss_here.close_case(2)) == errc::not_in_portfolio);
  CHECK(seen_in_list(boss_here, purpose::rights_fulfilment) == 1);
  CHECK(boss_here.close_case(1));
  directive again = yes_of(s);
  again.by = indicated_by::guardian;
  again.evidence.reference = short_text<64>("paper");
  CHECK(code(boss_here.record(s.theirs, again)) == errc::not_in_portfolio);
  CHECK(code(boss_here.record(s.mine, again)) != errc::not_in_portfolio);
}

TEST_CASE("portfolio: care is for one's own customers, the desk for those of the store") {
  chain s;
  session till = s.associate();
  CHECK(till.read(s.mine, care));
  CHECK(till.read(s.colleagues, order));
  CHECK(code(till.read(s.colleagues, care)) == errc::not_in_portfolio);
  CHECK(code(till.notes(s.colleagues, care)) == errc::not_in_portfolio);
  CHECK(code(till.append_note(s.colleagues, {.at = clock_hand(), .text = "blue"}, care)) ==
        errc::not_in_portfolio);
  // Of purposes that a call names all must reach the customer; of the shop's own those count that
  // do.
  customer more;
  REQUIRE(more.set(field::language, std::string_view("de")));
  CHECK(code(till.update(s.colleagues, more.fields(), kept_purposes{order, care})) ==
        errc::not_in_portfolio);
  CHECK(till.update(s.colleagues, more.fields(), {}));
  // A further associate has them as their own.
  const std::array further{actor_id(11)};
  REQUIRE(s.boss.assign(std::span(&s.colleagues, 1),
                        {.store = here, .primary = actor_id(12), .further = further}));
  CHECK(till.read(s.colleagues, care));
  // A manager reaches the store.
  CHECK(s.manager().read(s.colleagues, care));
}

TEST_CASE("portfolio: who is not one's own is found by exact values alone") {
  chain s;
  for (const search_path path : {search_path::memory, search_path::scan}) {
    session till = s.associate();
    CHECK(hits(till, "given", order, path) == 1);
    CHECK(hits(till, "family2", order, path) == 0);
    CHECK(hits(till, "loyalty:L-3", order, path) == 0);
    CHECK(till.find_by_email("p2@example.com", order, path)->front() == s.colleagues);
    CHECK(code(till.find_by_email("p3@example.com", order, path)) == errc::not_found);
    CHECK(code(till.find_by_email("p4@example.com", order, path)) == errc::not_found);
    CHECK(code(till.find_by_id("loyalty", "L-3", order, path)) == errc::not_found);
    // Under care nobody is found who may not be read so.
    CHECK(code(till.find_by_email("p2@example.com", care, path)) == errc::not_found);
    session boss_here = s.manager();
    CHECK(hits(boss_here, "given", order, path) == 2);
  }
  session till = s.associate();
  CHECK(till.find("loyalty", "L-1").value() == s.mine);
  CHECK(till.find("loyalty", "L-2").value() == s.colleagues);
  CHECK(code(till.find("loyalty", "L-3")) == errc::not_found);
  CHECK(code(till.find("loyalty", "L-4")) == errc::not_found);
  CHECK(code(till.find("loyalty", "L-99")) == errc::not_found);
}

TEST_CASE("portfolio: hits of others crowd nobody out, and are not counted") {
  chain s;
  REQUIRE(s.boss.begin());
  std::vector<customer_id> many;
  for (int i = 100; i < 160; ++i) many.push_back(keep(s.boss, person(i)));
  REQUIRE(s.boss.commit());
  REQUIRE(s.boss.assign(many, {.store = there, .primary = actor_id(21)}));
  const customer_id last = keep(s.boss, person(170));
  s.give(last, here, 11);
  session till = s.associate();
  for (const search_path path : {search_path::memory, search_path::scan}) {
    const auto found = till.find("given1", order, {.most = 5, .path = path});
    REQUIRE(found);
    CHECK(found->matches == 2);
    REQUIRE(found->hits.size() == 2);
    CHECK((found->hits[0].seen.id() == last || found->hits[1].seen.id() == last));
  }
}

TEST_CASE("portfolio: lists, exports, tables and reports are of the store") {
  chain s;
  session boss_here = s.manager();
  CHECK(seen_in_list(boss_here, order) == 2);
  CHECK(seen_in_list(s.boss, order) == 4);
  auto walk = boss_here.walk(order);
  REQUIRE(walk);
  view out;
  std::set<customer_id> walked;
  while (*boss_here.next(*walk, out)) walked.insert(out.id());
  CHECK(walked == std::set{s.mine, s.colleagues});
  std::size_t listed_here = 0;
  REQUIRE(boss_here.list_customers({.no_purchase_for_days = 1}, order, all_fields,
                                   [&](const listed&) { return ++listed_here != 0; }));
  CHECK(listed_here == 2);
  const std::array all{s.mine, s.colleagues, s.theirs, s.nobodys};
  const auto gone =
      boss_here.disclose_many(all, {.purpose = purpose::delivery_of_goods, .recipient = s.parcel});
  REQUIRE(gone);
  CHECK((*gone)[0].permitted);
  CHECK((*gone)[1].permitted);
  CHECK_FALSE((*gone)[2].permitted);
  CHECK_FALSE((*gone)[3].permitted);
  CHECK(s.boss.ledger(s.theirs)->size() == 1);  // That they were assigned, and nothing else.
  // Nobody whom the list passed over was looked at.
  const auto lookers = s.boss.who_looked(s.theirs);
  REQUIRE(lookers);
  for (const look& one : *lookers) CHECK(one.actor != actor_id(10));
  const date today = date_of(clock_hand());
  CHECK(boss_here.seen_by(actor_id(11), today, today));
  CHECK(boss_here.seen_by(actor_id(10), today, today));
  CHECK(code(boss_here.seen_by(actor_id(21), today, today)) == errc::not_in_portfolio);
  CHECK(code(boss_here.seen_by(actor_id(99), today, today)) == errc::not_in_portfolio);
  CHECK(boss_here.due());
}

TEST_CASE("portfolio: what a manager's table counts is of the store") {
  chain s;
  constexpr auto why = purpose::service_optimisation;
  privacy_notice shown = notice_for(s.boss);
  shown.announced.purposes = {why};
  shown.announced.recipients = {recipient::self};
  shown.announced.categories = all_categories();
  shown.announced.operations = {operation::collect, operation::store, operation::use,
                                operation::analyse};
  REQUIRE(s.boss.add_notice(shown));
  const directive yes = grant_of(s.boss, {recipient::self});
  REQUIRE(s.boss.begin());
  std::vector<customer_id> near, far;
  for (int i = 0; i < 24; ++i) {
    customer one;
    REQUIRE(one.set(field::name, person_name{.given = "Ken"}));
    REQUIRE(one.set(field::language, std::string_view(i < 12 ? "de" : "fr")));
    const auto kept = s.boss.put(one, {.purposes = why, .directives = {&yes, 1}});
    REQUIRE(kept);
    (i < 12 ? near : far).push_back(*kept);
  }
  REQUIRE(s.boss.commit());
  REQUIRE(s.boss.assign(near, {.store = here}));
  REQUIRE(s.boss.assign(far, {.store = there}));
  clock_hand().seconds += 31 * day;
  constexpr std::array by{table_column{.field = field::language}};
  const tabulation_request asked{.purpose = why, .columns = by, .k = 12};
  const auto whole = s.boss.tabulate(asked);
  REQUIRE(whole);
  CHECK(whole->rows().size() == 2);
  const auto of_store = s.manager().tabulate(asked);
  REQUIRE(of_store);
  REQUIRE(of_store->rows().size() == 1);
  // Twelve, and no more: the figure itself is noised.
  const auto more = s.manager().tabulate({.purpose = why, .columns = by, .k = 13});
  REQUIRE(more);
  CHECK(more->rows().empty());
  CHECK(as_text(of_store->rows()[0].values[0]).find("de") != std::string_view::npos);
}

TEST_CASE("portfolio: without them everything is as it was") {
  chain s(portfolio_use::none);
  session till = s.associate();
  for (const customer_id& id : {s.mine, s.colleagues, s.theirs, s.nobodys}) {
    CHECK(till.read(id, care));
    CHECK(till.directives(id));
  }
  CHECK(hits(till, "given") == 4);
  session boss_here = s.manager();
  CHECK(seen_in_list(boss_here, order) == 4);
  CHECK(boss_here.seen_by(actor_id(21), date_of(clock_hand()), date_of(clock_hand())));
}

TEST_CASE("portfolio: whoever an associate puts in is theirs, and of their store") {
  chain s;
  session till = s.associate();
  const customer_id fresh = keep(till, person(50));
  const auto whose = till.portfolio_of(fresh);
  REQUIRE(whose);
  CHECK(whose->store == here);
  REQUIRE(whose->associates.size() == 1);
  CHECK(whose->associates[0] == associate{.who = actor_id(11), .since = date_of(clock_hand())});
  CHECK(till.read(fresh, care));
  CHECK(code(s.associate(21).read(fresh, order)) == errc::not_in_portfolio);
  // Also within the transaction, and gone with it.
  REQUIRE(till.begin());
  const customer_id undone = keep(till, person(51));
  CHECK(till.read(undone, order));
  till.rollback();
  CHECK(code(till.read(undone, order)) == errc::not_in_portfolio);
  // A manager's are of the store, and nobody's own; of who belongs nowhere none comes in.
  session boss_here = s.manager();
  const auto of_store = s.boss.portfolio_of(keep(boss_here, person(52)));
  CHECK(*of_store == portfolio{.store = here, .associates = {}});
  session stranger = s.associate(77);
  CHECK(code(stranger.put(person(53), {.purposes = order})) == errc::not_in_portfolio);
  CHECK(code(stranger.read(s.mine, order)) == errc::not_in_portfolio);
  // A till that is a service is of a store too, where somebody has said so.
  s.stores(50, {there, here});
  session machine = s.of(actor_role::service, 50);
  const auto put_in = s.boss.portfolio_of(keep(machine, person(54)));
  CHECK(*put_in == portfolio{.store = there, .associates = {}});
}

TEST_CASE("portfolio: nobody helps themselves to customers") {
  chain s;
  const auto one = [](const customer_id& id) { return std::span(&id, 1); };
  session till = s.associate();
  CHECK(code(till.assign(one(s.colleagues), {.store = here, .primary = actor_id(11)})) ==
        errc::role_denied);
  CHECK(code(till.reassign(actor_id(12), actor_id(11))) == errc::role_denied);
  CHECK(code(till.customers_of(actor_id(12))) == errc::role_denied);
  CHECK(code(till.set_stores(actor_id(12), std::array{there})) == errc::role_denied);
  CHECK(code(till.use_portfolios(portfolio_use::none)) == errc::role_denied);
  CHECK(code(till.portfolio_settings()) == errc::role_denied);
  session boss_here = s.manager();
  const std::array further{actor_id(10)};
  CHECK(code(boss_here.assign(one(s.mine), {.store = here, .primary = actor_id(10)})) ==
        errc::second_person_required);
  CHECK(code(boss_here.assign(one(s.mine), {.store = here, .further = further})) ==
        errc::second_person_required);
  CHECK(code(boss_here.reassign(actor_id(11), actor_id(10))) == errc::second_person_required);
  CHECK(code(boss_here.set_stores(actor_id(10), std::array{there})) == errc::role_denied);
  CHECK(code(boss_here.set_stores(actor_id(11), std::array{there})) == errc::role_denied);
  // Nor to those of another store, nor to those of none, nor away to another store.
  CHECK(code(boss_here.assign(one(s.theirs), {.store = here, .primary = actor_id(11)})) ==
        errc::not_in_portfolio);
  CHECK(code(boss_here.assign(one(s.nobodys), {.store = here, .primary = actor_id(11)})) ==
        errc::not_in_portfolio);
  CHECK(code(boss_here.assign(one(s.mine), {.store = there, .primary = actor_id(21)})) ==
        errc::not_in_portfolio);
  CHECK(boss_here.reassign(actor_id(21), actor_id(22))->moved == 0);
  CHECK(boss_here.customers_of(actor_id(21))->empty());
  session officer = s.officer();
  CHECK(code(officer.set_stores(actor_id(40), std::array{here})) == errc::second_person_required);
  CHECK(code(officer.assign(one(s.mine), {.store = here, .primary = actor_id(40)})) ==
        errc::second_person_required);
  CHECK(s.boss.portfolio_of(s.mine)->associates.front().who == actor_id(11));
}

TEST_CASE("portfolio: before they are in force nobody takes in advance what is another store's") {
  chain s(portfolio_use::none);
  session boss_here = s.manager();
  const auto one = [](const customer_id& id) { return std::span(&id, 1); };
  CHECK(code(boss_here.assign(one(s.theirs), {.store = here})) == errc::not_in_portfolio);
  CHECK(boss_here.assign(one(s.nobodys), {.store = here, .primary = actor_id(12)}));
  CHECK(code(boss_here.assign(one(s.mine), {.store = there})) == errc::not_in_portfolio);
}

TEST_CASE("portfolio: a handover gives all of one associate's customers to another") {
  chain s;
  const std::array further{actor_id(11)};
  REQUIRE(s.boss.assign(std::span(&s.colleagues, 1),
                        {.store = here, .primary = actor_id(12), .further = further}));
  clock_hand().seconds += 40 * day;
  session leaver = s.associate(11);
  session taker = s.associate(12);
  CHECK(leaver.customers_of(actor_id(11))->size() == 2);
  CHECK(code(taker.read(s.mine, care)) == errc::not_in_portfolio);
  session boss_here = s.manager();
  const auto done = boss_here.reassign(actor_id(11), actor_id(12));
  REQUIRE(done);
  CHECK(done->moved == 2);
  CHECK(done->left == 0);
  CHECK(taker.read(s.mine, care));
  CHECK(code(leaver.read(s.mine, care)) == errc::not_in_portfolio);
  CHECK(leaver.read(s.mine, order));  // Still of the store.
  CHECK(leaver.customers_of(actor_id(11))->empty());
  // Nobody twice, the primary one stays so, and since when is told.
  const auto whose = taker.portfolio_of(s.colleagues);
  REQUIRE(whose->associates.size() == 1);
  CHECK(whose->associates[0].rank == associate_rank::primary);
  CHECK(days_since_epoch(whose->associates[0].since) <
        days_since_epoch(taker.portfolio_of(s.mine)->associates[0].since));
  CHECK(boss_here.reassign(actor_id(11), actor_id(12))->moved == 0);
  // To somebody of another store nobody goes.
  const auto away = s.boss.reassign(actor_id(12), actor_id(21));
  REQUIRE(away);
  CHECK(away->moved == 0);
  CHECK(away->left == 2);
  // Who leaves the shop reaches nobody from the next call on.
  s.stores(12, {});
  CHECK(code(taker.read(s.mine, order)) == errc::not_in_portfolio);
  CHECK(code(taker.read(s.mine, care)) == errc::not_in_portfolio);
  CHECK(taker.customers_of(actor_id(12))->empty());
}

TEST_CASE("portfolio: a region is somebody of several stores") {
  chain s;
  s.stores(15, {here, there});
  session region = s.manager(15);
  CHECK(seen_in_list(region, order) == 3);
  CHECK(region.reassign(actor_id(21), actor_id(22))->moved == 1);
  s.stores(15, {there});
  CHECK(code(region.read(s.mine, order)) == errc::not_in_portfolio);
}

TEST_CASE("portfolio: what was said about a customer and by whom is in the ledger") {
  chain s;
  session boss_here = s.manager();
  REQUIRE(boss_here.reassign(actor_id(11), actor_id(12)));
  const auto told = s.boss.ledger(s.mine);
  REQUIRE(told);
  REQUIRE(told->size() == 2);
  CHECK((*told)[1].event == ledger_event::portfolio);
  CHECK((*told)[1].actor == actor_id(10));
  CHECK((*told)[1].recipient == "store 1, associates *12");
  // Saying the same again is no event.
  const std::uint64_t entries = s.boss.figures()->ledger_entries;
  s.give(s.mine, here, 12);
  CHECK(s.boss.figures()->ledger_entries == entries);
  // And the rules are entries about nobody.
  s.stores(12, {here, there});
  CHECK(s.boss.figures()->ledger_entries == entries + 1);
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("portfolio: they end by two persons, or by an owner a day later") {
  chain s;
  session officer = s.officer(40);
  session second = s.officer(41);
  session till = s.associate();
  CHECK(*officer.use_portfolios(portfolio_use::none) == portfolio_use::in_force);
  CHECK(code(till.read(s.theirs, order)) == errc::not_in_portfolio);
  CHECK(code(officer.use_portfolios(portfolio_use::none)) == errc::second_person_required);
  // Whoever wants them to stay says so, and the proposal is of no use any more.
  CHECK(*second.use_portfolios(portfolio_use::in_force) == portfolio_use::in_force);
  CHECK(*second.use_portfolios(portfolio_use::none) == portfolio_use::in_force);
  clock_hand().seconds += portfolios_end_lasts_seconds + 1;
  CHECK(*officer.use_portfolios(portfolio_use::none) == portfolio_use::in_force);
  CHECK(*second.use_portfolios(portfolio_use::none) == portfolio_use::none);
  CHECK(till.read(s.theirs, order));
  // An approval is of one proposal: once more in force, they end by two persons again.
  CHECK(*officer.use_portfolios(portfolio_use::in_force) == portfolio_use::in_force);
  CHECK(*second.use_portfolios(portfolio_use::none) == portfolio_use::in_force);
  CHECK(code(second.use_portfolios(portfolio_use::none)) == errc::second_person_required);
  REQUIRE(second.use_portfolios(portfolio_use::in_force));
  CHECK(code(officer.use_portfolios(portfolio_use::in_force)) == errc::already_exists);
  // An owner waits.
  CHECK(*s.boss.use_portfolios(portfolio_use::none) == portfolio_use::in_force);
  clock_hand().seconds += day - 1;
  CHECK(code(s.boss.use_portfolios(portfolio_use::none)) == errc::second_person_required);
  clock_hand().seconds += 1;
  CHECK(*s.boss.use_portfolios(portfolio_use::none) == portfolio_use::none);
  CHECK(code(s.boss.use_portfolios(portfolio_use::none)) == errc::already_exists);
}

TEST_CASE("portfolio: rules under which nobody would be reached are not put in force") {
  shop s;
  session boss = s.begin();
  CHECK(code(boss.use_portfolios(portfolio_use::in_force)) == errc::invalid_state);
  const customer_id id = keep(boss, ken());
  REQUIRE(boss.set_stores(actor_id(11), std::array{here}));
  CHECK(code(boss.use_portfolios(portfolio_use::in_force)) == errc::invalid_state);
  REQUIRE(boss.set_stores(actor_id(11), std::array{here, there}));
  REQUIRE(boss.assign(std::span(&id, 1), {.store = there, .primary = actor_id(11)}));
  CHECK(*boss.use_portfolios(portfolio_use::in_force) == portfolio_use::in_force);
  CHECK(code(boss.set_stores(actor_id(11), {})) == errc::invalid_state);
  const auto rules = boss.portfolio_settings();
  REQUIRE(rules);
  CHECK(rules->use == portfolio_use::in_force);
  CHECK(rules->actors == std::vector{actor_stores{actor_id(11), {here, there}}});
}

TEST_CASE("portfolio: a bad assignment is refused and changes nothing") {
  chain s;
  const auto asked = [&](std::span<const customer_id> ids, const assignment& what) {
    return code(s.boss.assign(ids, what));
  };
  const std::array one{s.mine};
  const std::array two{s.mine, customer_id{}};
  const std::array nobody{actor_id()};
  const std::vector<actor_id> many(max_further_associates + 1, actor_id(12));
  const std::vector<customer_id> crowd(max_assigned_at_once + 1, s.mine);
  const std::uint64_t entries = s.boss.figures()->ledger_entries;
  CHECK(asked({}, {.store = here}) == errc::invalid_argument);
  CHECK(asked(crowd, {.store = here}) == errc::invalid_argument);
  CHECK(asked(one, {.primary = actor_id(11)}) == errc::invalid_argument);
  CHECK(asked(one, {.store = there, .primary = actor_id(11)}) == errc::invalid_argument);
  CHECK(asked(one, {.store = here, .further = nobody}) == errc::invalid_argument);
  CHECK(asked(one, {.store = here, .further = many}) == errc::limit_exceeded);
  CHECK(asked(two, {.store = there, .primary = actor_id(21)}) == errc::not_found);
  CHECK(code(s.boss.reassign(actor_id(11), actor_id(11))) == errc::invalid_argument);
  CHECK(code(s.boss.reassign(actor_id(), actor_id(11))) == errc::invalid_argument);
  CHECK(code(s.boss.set_stores(actor_id(), std::array{here})) == errc::invalid_argument);
  CHECK(code(s.boss.set_stores(actor_id(11), std::array{here, here})) == errc::invalid_argument);
  CHECK(code(s.boss.set_stores(actor_id(11), std::array{store_id()})) == errc::invalid_argument);
  const std::vector<store_id> all(max_stores_of_actor + 1, here);
  CHECK(code(s.boss.set_stores(actor_id(11), all)) == errc::limit_exceeded);
  CHECK(code(s.boss.use_portfolios(portfolio_use(7))) == errc::invalid_argument);
  CHECK(s.boss.figures()->ledger_entries == entries);
  CHECK(s.boss.portfolio_of(s.mine)->associates.front().who == actor_id(11));
}

TEST_CASE("portfolio: what is taken from the rules of a book is seen") {
  chain s;
  std::string row;
  std::vector<std::byte> old;
  {
    auto reading = s.store->begin_read();
    REQUIRE(reading);
    REQUIRE((*reading)->walk({}, {}, [&](byte_view at, byte_view value) {
      if (at.empty() || at[0] != std::byte{26}) return true;
      row = as_text(at);
      old.assign(value.begin(), value.end());
      return true;
    }));
  }
  REQUIRE_FALSE(row.empty());
  const auto spoil = [&](auto&& what) {
    auto writing = s.store->begin_write();
    REQUIRE(writing);
    what(**writing);
    REQUIRE((*writing)->commit());
  };
  SUBCASE("the row") {
    spoil([&](write_transaction& in) { REQUIRE(in.erase(as_bytes(row))); });
    CHECK(code(s.associate().read(s.theirs, order)) == errc::row_missing);
    CHECK(code(s.associate().read(s.mine, order)) == errc::row_missing);
    CHECK(s.boss.verify()->problems != 0);
  }
  SUBCASE("a row of before, in which a leaver was of the store") {
    s.stores(11, {there});
    spoil([&](write_transaction& in) { REQUIRE(in.put(as_bytes(row), old)); });
    CHECK(code(s.associate().read(s.mine, order)) == errc::authentication_failed);
    CHECK(s.boss.verify()->problems != 0);
  }
  CHECK(s.begin().read(s.mine, order));  // Who reaches everybody needs no rules.
}

TEST_CASE("portfolio: they survive the process, not a change that was undone") {
  chain s;
  REQUIRE(s.boss.begin());
  s.give(s.theirs, here, 11);
  s.boss.rollback();
  CHECK(code(s.associate().read(s.theirs, order)) == errc::not_in_portfolio);
  REQUIRE(s.boss.begin());
  s.stores(11, {there});
  s.boss.rollback();
  CHECK(s.associate().read(s.mine, order));
  s.opened.reset();
  auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
  REQUIRE(again);
  s.opened = std::move(*again);
  CHECK(s.associate().read(s.mine, care));
  CHECK(code(s.associate().read(s.theirs, order)) == errc::not_in_portfolio);
}

TEST_CASE("portfolio: nobody links a customer whom they do not reach") {
  chain s;
  session till = s.associate();
  const customer_id gone = keep(s.boss, person(9));
  open_case(s.boss, {gone});
  REQUIRE(s.boss.erase(gone, erasure_reason::other));
  for (const customer_id& id : {s.theirs, s.nobodys, gone, customer_id{}}) {
    customer fake = person(60);
    const household_link link{.relation = "spouse", .customer = id};
    REQUIRE(fake.set(field::household, std::array{link}));
    CHECK(code(till.put(fake, {.purposes = order})) == errc::not_in_portfolio);
    CHECK(code(till.update(s.mine, fake.fields(), order)) == errc::not_in_portfolio);
    CHECK(code(till.merge(s.mine, fake, {.purposes = order}, merge_rule::complete)) ==
          errc::not_in_portfolio);
  }
  // Whom somebody else has linked stays linked, and the record can be edited.
  privacy_notice shown = notice_for(s.boss);
  shown.announced.purposes = {care};
  shown.announced.recipients = {recipient::self};
  shown.announced.categories = all_categories();
  REQUIRE(s.boss.add_notice(shown));
  const directive yes = grant_of(s.boss, {recipient::self});
  customer before;
  REQUIRE(before.set(field::name, person_name{.given = "Jo"}));
  const household_link old{.relation = "spouse", .customer = s.theirs};
  REQUIRE(before.set(field::household, std::array{old}));
  const auto linked = s.boss.put(before, {.purposes = care, .directives = {&yes, 1}});
  REQUIRE(linked);
  s.give(*linked, here, 11);
  const std::array both{old, household_link{.relation = "child", .person = "Kim"}};
  REQUIRE(before.set(field::household, both));
  CHECK(till.update(*linked, before.fields(), care));
  CHECK(till.merge(*linked, before, {.purposes = care}, merge_rule::complete));
  const std::array more{old, household_link{.relation = "child", .customer = s.nobodys}};
  REQUIRE(before.set(field::household, more));
  CHECK(code(till.update(*linked, before.fields(), care)) == errc::not_in_portfolio);
  customer pair = person(61);
  const household_link link{.relation = "spouse", .customer = s.colleagues};
  REQUIRE(pair.set(field::household, std::array{link}));
  CHECK(code(till.put(pair, {.purposes = order, .without_basis = when_without_basis::leave_out})) ==
        errc::none);
}

TEST_CASE("portfolio: what is appended is what was given, whoever was looked at before") {
  chain s;
  session till = s.associate();
  const std::array lines{purchase_line{.sku = "776", .description = "Ring", .quantity = 1}};
  std::string number = "471";
  for (const customer_id& id : {s.mine, s.colleagues, s.mine}) {
    number += '1';
    REQUIRE(till.append_purchase(id, {.at = clock_hand(), .order = number, .currency = "EUR"},
                                 lines, order));
    const auto all = till.purchases(id, order);
    REQUIRE(all);
    REQUIRE_FALSE(all->items().empty());
    const auto newest = decode_purchase(all->items().back().value);
    REQUIRE(newest);
    CHECK(newest->receipt.order == number);
    for (const item_list::item& one : all->items()) {
      const auto kept = decode_purchase(one.value);
      REQUIRE(kept);
      CHECK(kept->receipt.order.starts_with("4711"));
      REQUIRE(kept->lines.size() == 1);
    }
  }
}

TEST_CASE("portfolio: other changes of a customer leave whose they are") {
  chain s;
  const auto before = *s.boss.portfolio_of(s.mine);
  customer more;
  REQUIRE(more.set(field::language, std::string_view("de")));
  REQUIRE(s.boss.update(s.mine, more.fields(), order));
  REQUIRE(s.boss.remove(s.mine, field::language, order));
  REQUIRE(s.boss.record(s.mine, withdrawal()));
  REQUIRE(s.boss.merge(s.mine, person(1), {.purposes = order, .source = field_source::file},
                       merge_rule::renew));
  CHECK(*s.boss.portfolio_of(s.mine) == before);
}

TEST_CASE("portfolio: each cell of the table that is limited refuses the other store's customer") {
  std::size_t asked = 0;
  for (const actor_role role : all_roles()) {
    for (const action what : all_actions()) {
      for (const purpose_group group : all_groups()) {
        const portfolio_reach whose = portfolio_reach_of(role, what, group);
        if (whose == portfolio_reach::everybody) continue;
        CAPTURE(name_of(role));
        CAPTURE(name_of(what));
        // Only what a role may at all is limited, and never what closes.
        CHECK(reach_of(role, what, group) != reach::nobody);
        CHECK(what != action::say_no);
        chain s;
        session in = s.of(role, role == actor_role::associate ? 11 : 10);
        CHECK(reaches(s, in, what, group, s.mine));
        CHECK_FALSE(reaches(s, in, what, group, s.theirs));
        CHECK_FALSE(reaches(s, in, what, group, s.nobodys));
        ++asked;
      }
    }
  }
  CHECK(asked > 20);
}

namespace {

// What an associate lists of a morning: three ways to the same customers.
const std::pair<const char*, std::function<result<void>(session&, callback_ref<bool(customer_id)>)>>
    lists[] = {
        {"for_each",
         [](session& in, callback_ref<bool(customer_id)> each) {
           return in.for_each(care, all_fields, [&](const view& one) { return each(one.id()); });
         }},
        {"walk",
         [](session& in, callback_ref<bool(customer_id)> each) -> result<void> {
           auto at = in.walk(care);
           if (!at) return at.error();
           view out;
           while (true) {
             const auto more = in.next(*at, out);
             if (!more) return more.error();
             if (!*more || !each(out.id())) return {};
           }
         }},
        {"list_customers",
         [](session& in, callback_ref<bool(customer_id)> each) {
           return in.list_customers({.no_purchase_for_days = 1}, care, all_fields,
                                    [&](const listed& one) { return each(one.seen.id()); });
         }},
};

// Who agreed that the shop looks up their purchases for care.
void agrees(chain& s, const customer_id& id) {
  directive said = yes_of(s);
  REQUIRE(s.boss.record(id, said));
}

/// So many customers of associate 11, who all agreed to what a list asks.
struct own_crowd : chain {
  std::vector<customer_id> all;
  explicit own_crowd(int count) : chain(portfolio_use::none) {
    privacy_notice shown = notice_for(boss);
    shown.announced.purposes = {care};
    shown.announced.categories = all_categories();
    shown.announced.operations.add(operation::query);
    REQUIRE(boss.add_notice(shown));
    const directive yes = grant_of(boss, {recipient::self});
    REQUIRE(boss.begin());
    for (int i = 0; i < count; ++i) {
      const auto kept = boss.put(person(100 + i), {.purposes = {order, care},
                                                   .directives = {&yes, 1},
                                                   .without_basis = when_without_basis::leave_out});
      REQUIRE(kept);
      all.push_back(*kept);
    }
    REQUIRE(boss.commit());
    REQUIRE(boss.assign(all, {.store = here, .primary = actor_id(11)}));
    REQUIRE(boss.use_portfolios(portfolio_use::in_force));
  }
};

}  // namespace

TEST_CASE(
    "portfolio: an associate lists their own customers, and nobody before they are in force") {
  for (const auto& each : lists) {
    CAPTURE(each.first);
    chain s(portfolio_use::none);
    agrees(s, s.mine);
    session till = s.associate();
    std::set<customer_id> listed_now;
    const auto list = [&] {
      listed_now.clear();
      return each.second(till, [&](customer_id id) {
        listed_now.insert(id);
        return true;
      });
    };
    const auto before = list();
    CHECK(code(before) == errc::role_denied);
    CHECK(code(till.walk(care)) == errc::role_denied);
    CHECK(std::string(before.error().text.c_str()).find("clientbook portfolios on") !=
          std::string::npos);
    CHECK(listed_now.empty());
    REQUIRE(s.boss.use_portfolios(portfolio_use::in_force));
    const std::string name = each.first;
    REQUIRE(list());
    if (name != "list_customers") CHECK(listed_now == std::set{s.mine});
    CHECK(listed_now.count(s.colleagues) + listed_now.count(s.theirs) +
              listed_now.count(s.nobodys) ==
          0);
    // Under care alone, and nothing else in bulk.
    CHECK(code(till.for_each(order, all_fields, [](const view&) { return true; })) ==
          errc::role_denied);
    CHECK(code(till.walk(purpose::email_marketing)) == errc::role_denied);
    constexpr std::array by{table_column{.field = field::language}};
    CHECK(code(till.tabulate({.purpose = care, .columns = by})) == errc::role_denied);
    const std::array both{s.mine, s.colleagues};
    CHECK(code(till.disclose_many(both, {.purpose = care, .recipient = s.parcel})) ==
          errc::role_denied);
    // Who has left the store has nobody any more, and once they have ended nobody has.
    s.stores(11, {there});
    REQUIRE(list());
    CHECK(listed_now.empty());
    s.stores(11, {here});
    REQUIRE(s.officer(40).use_portfolios(portfolio_use::none));
    REQUIRE(s.officer(41).use_portfolios(portfolio_use::none));
    CHECK(code(list()) == errc::role_denied);
    CHECK(listed_now.empty());
  }
}

TEST_CASE("portfolio: a walk over one's own ends with them") {
  chain s;
  s.give(s.colleagues, here, 11);
  session till = s.associate();
  auto at = till.walk(care);
  REQUIRE(at);
  view out;
  REQUIRE(*till.next(*at, out));
  REQUIRE(s.officer(40).use_portfolios(portfolio_use::none));
  REQUIRE(s.officer(41).use_portfolios(portfolio_use::none));
  CHECK(code(till.next(*at, out)) == errc::role_denied);
}

TEST_CASE("portfolio: a crawl by one's own lists stops at the budget exactly, whoever restarts") {
  own_crowd s(90);
  clock_hand().seconds += 40 * day;
  for (const auto& each : lists) {
    CAPTURE(each.first);
    clock_hand().seconds += day;
    std::set<customer_id> handed;
    for (int round = 0; round < 6; ++round) {
      const auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
      REQUIRE(again);
      auto till = again->begin_session({.id = actor_id(11), .role = actor_role::associate});
      REQUIRE(till);
      int now = 0;
      const auto done = each.second(*till, [&](customer_id id) {
        handed.insert(id);
        return ++now < 25 + 10 * round;
      });
      if (!done) CHECK(done.error().code == errc::budget_spent);
      CHECK(handed.size() <= 60);
    }
    CHECK(handed.size() == 60);
    // Each of them is named, by list, before anybody else is.
    const date today = date_of(clock_hand());
    const auto told = s.boss.seen_by(actor_id(11), today, today);
    REQUIRE(told);
    std::set<customer_id> named;
    for (const auto& one : told->customers) named.insert(one.customer);
    CHECK(named == handed);
    CHECK(told->unnamed == 0);
    const auto lookers = s.boss.who_looked(*handed.begin());
    REQUIRE(lookers);
    CHECK(std::ranges::any_of(*lookers, [](const look& one) {
      return one.actor == actor_id(11) && one.times[static_cast<std::size_t>(look_kind::list)] != 0;
    }));
  }
}

TEST_CASE("portfolio: a list of one's own trips canaries, and is told of in quiet hours") {
  own_crowd s(3);
  session guard = s.of(actor_role::security_officer, 60);
  const std::array canaries{s.all[1], s.theirs};
  REQUIRE(guard.set_canaries(canaries));
  REQUIRE(guard.set_alarm_limits({.quiet = quiet_time{.from = 20 * 60, .until = 6 * 60}}));
  const auto at = [](int hour) {
    clock_hand().seconds += day - clock_hand().seconds % day + hour * 3600;
  };
  const auto alarms = [&](alarm_kind kind) {
    const auto all = guard.alarms();
    REQUIRE(all);
    return std::ranges::count_if(*all, [&](const auto& one) { return one.kind == kind; });
  };
  at(10);
  session till = s.associate();
  REQUIRE(till.for_each(care, all_fields, [](const view&) { return true; }));
  CHECK(alarms(alarm_kind::canary) == 1);  // Another store's is passed over, and trips nothing.
  CHECK(alarms(alarm_kind::quiet_hours) == 0);
  at(23);
  REQUIRE(till.for_each(care, all_fields, [](const view&) { return true; }));
  CHECK(alarms(alarm_kind::quiet_hours) == 1);
}

TEST_CASE("portfolio: a book's own table says it for another role, and another group") {
  chain s;
  role_table next = role_table::built_in();
  constexpr role_rule own{.whose = reach::own, .of = portfolio_reach::own};
  next.set(actor_role::associate, action::list, purpose_group::desk, own);
  next.set(actor_role::associate, action::list, purpose_group::care, {});
  REQUIRE(s.officer(40).propose_roles(next));
  REQUIRE(s.officer(41).approve_roles(1));
  session till = s.associate();
  CHECK(seen_in_list(till, order) == 1);
  CHECK(code(till.for_each(care, all_fields, [](const view&) { return true; })) ==
        errc::role_denied);
  // It is read again as it was written.
  const auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
  REQUIRE(again);
  auto fresh = again->begin_session({.id = actor_id(11), .role = actor_role::associate});
  REQUIRE(fresh);
  CHECK(*fresh->roles() == next);
  CHECK(seen_in_list(*fresh, order) == 1);
}

TEST_CASE("portfolio: an associate's day meets not one refusal while they are in force") {
  chain s;
  privacy_notice shown = notice_for(s.boss);
  shown.announced.purposes.add(purpose::client_care);
  shown.announced.categories = {category::email_address, category::name, category::note,
                                category::like};
  shown.announced.operations.add(operation::query);
  REQUIRE(s.boss.add_notice(shown));
  std::vector<customer_id> all;
  REQUIRE(s.boss.begin());
  for (int i = 0; i < 50; ++i) all.push_back(keep(s.boss, person(1000 + i)));
  REQUIRE(s.boss.commit());
  REQUIRE(s.boss.assign(std::span(all).first(25), {.store = here, .primary = actor_id(11)}));
  REQUIRE(s.boss.assign(std::span(all).subspan(25), {.store = here, .primary = actor_id(12)}));
  clock_hand().seconds += day - clock_hand().seconds % day + 9 * 3600;
  const directive yes = grant_of(s.boss, {recipient::self});
  session till = s.associate();
  CHECK(till.customers_of(actor_id(11))->size() == 26);
  const auto morning = [&] {
    const date today = date_of(clock_hand());
    for (const list_query& who :
         {list_query{.days = day_window{.first = today, .days = 7}},
          list_query{.tasks_due_within_days = 0}, list_query{.no_contact_for_days = 90},
          list_query{.no_purchase_for_days = 90}}) {
      REQUIRE(
          till.list_customers(who, care, only(field::name), [](const listed&) { return true; }));
    }
    CHECK(seen_in_list(till, care) >= 26);
  };
  morning();
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    clock_hand().seconds += 9 * 60;
    const auto id = till.find("loyalty", "L-" + std::to_string(1000 + i));
    REQUIRE(id);
    const bool own = i < 25;
    REQUIRE(till.read(*id, order));
    if (own) REQUIRE(till.read(*id, care));
    REQUIRE(till.purchases(*id, order, 3));
    REQUIRE(till.notes(*id, own ? care : order, 3));
    directive said = yes;
    said.event_at = clock_hand();
    REQUIRE(till.record(*id, said));
    REQUIRE(till.directives(*id));
    if (i % 7 == 0) REQUIRE(till.record(*id, withdrawal()));
    const std::string number = std::to_string(i);
    const purchase receipt{.at = clock_hand(), .order = number, .currency = "EUR"};
    const std::array lines{purchase_line{.sku = "776", .quantity = 1}};
    REQUIRE(till.append_purchase(*id, receipt, lines, order));
    if (own) {
      REQUIRE(till.append_note(*id, {.at = clock_hand(), .text = "asks for blue"}, care));
    }
    if (i % 10 == 0) {
      const customer_id fresh = keep(till, person(2000 + static_cast<int>(i)));
      REQUIRE(till.read(fresh, care));
      REQUIRE(till.who_looked(*id));
      REQUIRE(till.ledger(*id));
    }
  }
  morning();
  session service = s.of(actor_role::service, 50);
  for (const std::size_t i : {3U, 40U}) {
    REQUIRE(
        service.disclose(all[i], {.purpose = purpose::delivery_of_goods, .recipient = s.parcel}));
  }
}

TEST_CASE("portfolio: a manager's and an officer's day meet not one refusal while in force") {
  chain s;
  session boss_here = s.manager();
  CHECK(seen_in_list(boss_here, order) == 2);
  REQUIRE(
      boss_here.disclose(s.mine, {.purpose = purpose::delivery_of_goods, .recipient = s.parcel}));
  REQUIRE(boss_here.assign(std::span(&s.mine, 1), {.store = here, .primary = actor_id(12)}));
  REQUIRE(boss_here.reassign(actor_id(12), actor_id(11)));
  REQUIRE(boss_here.portfolio_settings());
  REQUIRE(boss_here.due());
  REQUIRE(boss_here.verify());
  clock_hand().seconds += 31 * day;
  session officer = s.officer();
  for (const customer_id& id : {s.mine, s.theirs, s.nobodys}) {
    const std::uint32_t number = open_case(officer, {id});
    REQUIRE(officer.read(id, purpose::rights_fulfilment));
    REQUIRE(officer.disclose(
        id, {.purpose = purpose::rights_fulfilment, .recipient = recipient::data_subject}));
    REQUIRE(officer.ledger(id));
    REQUIRE(officer.who_looked(id));
    REQUIRE(officer.mentions(id, purpose::rights_fulfilment));
    REQUIRE(officer.portfolio_of(id));
    REQUIRE(officer.record(id, withdrawal()));
    REQUIRE(officer.close_case(number));
  }
  REQUIRE(officer.set_stores(actor_id(13), std::array{here}));
  REQUIRE(officer.assign(std::span(&s.nobodys, 1), {.store = here, .primary = actor_id(13)}));
  CHECK(s.associate(13).read(s.nobodys, care));
}
