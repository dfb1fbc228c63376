// The table of roles of a book: changed by two persons, and not to one that shuts everybody out.
#include <algorithm>
#include <string>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::int64_t day = 86400;

template <class T>
errc code(const result<T>& answer) {
  return answer ? errc::none : answer.error().code;
}

struct staffed : shop {
  session boss = begin();
  customer_id id = keep(boss, ken());

  session of(actor_role role, std::uint32_t number) {
    auto out = opened->begin_session({.id = actor_id(number), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
};

role_table with(role_table table, actor_role role, action what, purpose_group group,
                const role_rule& rule) {
  table.set(role, what, group, rule);
  return table;
}

// Associates may not see consents any more, and marketing may.
role_table another() {
  role_table out = with(role_table::built_in(), actor_role::associate, action::see_consents,
                        purpose_group::none, {});
  return with(out, actor_role::marketing, action::see_consents, purpose_group::none,
              {.whose = reach::all});
}

}  // namespace

TEST_CASE("roles: another table is in force once a second person has approved it") {
  staffed s;
  session officer = s.of(actor_role::privacy_officer, 40);
  session same = s.of(actor_role::security_officer, 40);
  session second = s.of(actor_role::security_officer, 41);
  session till = s.of(actor_role::associate, 30);
  session ads = s.of(actor_role::marketing, 31);
  CHECK(*officer.roles() == role_table::built_in());
  CHECK(till.directives(s.id));
  const auto number = officer.propose_roles(another());
  REQUIRE(number);
  // Nothing holds yet, and whoever looks at it sees what would.
  CHECK(till.directives(s.id));
  const auto waiting = second.proposed_roles();
  REQUIRE(waiting);
  REQUIRE(*waiting);
  const auto changes = changes_between(*second.roles(), (*waiting)->table);
  REQUIRE(changes.size() == 2);
  CHECK(changes[0] == role_change{.role = actor_role::associate,
                                  .group = purpose_group::none,
                                  .what = action::see_consents,
                                  .before = {.whose = reach::all, .of = portfolio_reach::store},
                                  .after = {}});
  // A number is one person, whatever role they act in.
  CHECK(code(officer.approve_roles(*number)) == errc::second_person_required);
  CHECK(code(same.approve_roles(*number)) == errc::second_person_required);
  CHECK(code(second.approve_roles(*number + 1)) == errc::not_found);
  CHECK(code(till.approve_roles(*number)) == errc::role_denied);
  const std::uint64_t entries = s.boss.figures()->ledger_entries;
  const auto done = second.approve_roles(*number);
  REQUIRE(done);
  CHECK(done->digest != crypto::digest{});
  CHECK(s.boss.figures()->ledger_entries == entries + 1);
  // At the next call of sessions that were there before.
  CHECK(code(till.directives(s.id)) == errc::role_denied);
  CHECK(code(till.kept_for(s.id)) == errc::role_denied);
  CHECK(ads.directives(s.id));
  CHECK(*officer.roles() == another());
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("roles: an approval is of one proposal, once, and not for ever") {
  staffed s;
  session officer = s.of(actor_role::privacy_officer, 40);
  session second = s.of(actor_role::privacy_officer, 41);
  const auto first = officer.propose_roles(another());
  REQUIRE(first);
  REQUIRE(second.approve_roles(*first));
  CHECK(code(second.approve_roles(*first)) == errc::not_found);
  // Back again, and the old approval is of no use.
  const auto back = officer.propose_roles(role_table::built_in());
  REQUIRE(back);
  REQUIRE(second.approve_roles(*back));
  CHECK(code(second.approve_roles(*first)) == errc::not_found);
  // A later proposal takes the place of one that somebody is about to approve.
  const auto harmless = officer.propose_roles(another());
  const auto instead = officer.propose_roles(
      with(another(), actor_role::associate, action::see_looks, purpose_group::none, {}));
  REQUIRE(harmless);
  REQUIRE(instead);
  CHECK(code(second.approve_roles(*harmless)) == errc::not_found);
  clock_hand().seconds += role_proposal_lasts_seconds + 1;
  CHECK(code(second.approve_roles(*instead)) == errc::invalid_state);
  CHECK(*second.roles() == role_table::built_in());
  CHECK(code(officer.propose_roles(role_table::built_in())) == errc::already_exists);
}

TEST_CASE("roles: an owner alone waits a day, and no other role does it alone") {
  staffed s;
  const auto number = s.boss.propose_roles(another());
  REQUIRE(number);
  CHECK(code(s.boss.approve_roles(*number)) == errc::second_person_required);
  clock_hand().seconds += day - 1;
  CHECK(code(s.boss.approve_roles(*number)) == errc::second_person_required);
  clock_hand().seconds += 1;
  CHECK(s.boss.approve_roles(*number));
  session officer = s.of(actor_role::privacy_officer, 40);
  const auto own = officer.propose_roles(role_table::built_in());
  REQUIRE(own);
  clock_hand().seconds += 20 * day;
  CHECK(code(officer.approve_roles(*own)) == errc::second_person_required);
}

TEST_CASE("roles: a table that shuts everybody out, or lets in who sees no field, is refused") {
  staffed s;
  session officer = s.of(actor_role::privacy_officer, 40);
  const role_table own = role_table::built_in();
  REQUIRE(check_role_table(own));
  const auto refused = [&](const role_table& table) {
    CHECK(code(officer.propose_roles(table)) == errc::invalid_value);
  };
  refused(role_table());
  const std::pair<action, purpose_group> needed[] = {
      {action::read, purpose_group::desk},      {action::keep, purpose_group::desk},
      {action::find, purpose_group::none},      {action::say_no, purpose_group::none},
      {action::erase, purpose_group::none},     {action::administer, purpose_group::none},
      {action::approve, purpose_group::none},   {action::open_case, purpose_group::none},
      {action::read, purpose_group::of_case},   {action::hand_over, purpose_group::none},
      {action::see_looks, purpose_group::none}, {action::audit, purpose_group::none}};
  for (const auto& each : needed) {
    const auto [what, group] = each;
    CAPTURE(name_of(each.first));
    role_table without = own;
    for (const actor_role role : all_roles()) without.set(role, what, group, {});
    refused(without);
  }
  refused(with(own, actor_role::auditor, action::read, purpose_group::desk, {.whose = reach::one}));
  refused(with(own, actor_role::security_officer, action::list, purpose_group::care,
               {.whose = reach::all}));
  refused(with(own, actor_role::associate, action::read, purpose_group::of_case,
               {.whose = reach::all}));
  refused(
      with(own, actor_role::associate, action::read, purpose_group::none, {.whose = reach::all}));
  refused(
      with(own, actor_role::associate, action::find, purpose_group::desk, {.whose = reach::all}));
  refused(with(own, actor_role::associate, action::say_no, purpose_group::none,
               {.whose = reach::all, .of = portfolio_reach::own}));
  refused(
      with(own, actor_role::associate, action::read, purpose_group::desk, {.whose = reach::named}));
  // A list of one would be one of everybody.
  for (const action what : {action::list, action::tabulate}) {
    refused(with(own, actor_role::associate, what, purpose_group::desk, {.whose = reach::one}));
  }
  // One's own are those of a portfolio of one's own, and of a list alone.
  constexpr role_rule mine{.whose = reach::own, .of = portfolio_reach::own};
  refused(
      with(own, actor_role::associate, action::list, purpose_group::desk, {.whose = reach::own}));
  refused(with(own, actor_role::associate, action::list, purpose_group::desk,
               {.whose = reach::own, .of = portfolio_reach::store}));
  for (const action what : {action::read, action::tabulate, action::disclose}) {
    CAPTURE(name_of(what));
    refused(with(own, actor_role::associate, what, purpose_group::desk, mine));
  }
  refused(with(own, actor_role::associate, action::find, purpose_group::none, mine));
  refused(with(own, actor_role::privacy_officer, action::list, purpose_group::of_case, mine));
  refused(with(own, actor_role::auditor, action::list, purpose_group::care, mine));
  // A portfolio where no call asks for one would promise what nobody keeps.
  for (const action what :
       {action::count, action::ask_refusals, action::forget_refusals, action::administer,
        action::approve, action::maintain, action::set_budgets, action::confirm_clock,
        action::recover, action::set_portfolios, action::sign_receipts}) {
    CAPTURE(name_of(what));
    refused(with(own, actor_role::manager, what, purpose_group::none,
                 {.whose = reach::all, .of = portfolio_reach::store}));
  }
  refused(with(own, actor_role::privacy_officer, action::reverse, purpose_group::desk,
               {.whose = reach::all, .of = portfolio_reach::store}));
  // Somebody may do each of it, and nobody gets to the end.
  role_table split = own;
  for (const actor_role role : all_roles()) {
    if (role != actor_role::marketing) split.set(role, action::find, purpose_group::none, {});
  }
  refused(
      with(split, actor_role::marketing, action::find, purpose_group::none, {.whose = reach::all}));
  split = own;
  for (const actor_role role : all_roles()) {
    split.set(role, action::hand_over, purpose_group::none, {});
  }
  refused(with(split, actor_role::security_officer, action::hand_over, purpose_group::none,
               {.whose = reach::named}));
  CHECK_FALSE(*officer.proposed_roles());
  CHECK(code(s.of(actor_role::manager, 10).propose_roles(another())) == errc::role_denied);
}

TEST_CASE("roles: the bytes of a table are read as they were written, and no others") {
  const role_table own = role_table::built_in();
  const auto bytes = encode(own);
  CHECK(*decode_role_table(bytes) == own);
  CHECK(*decode_role_table(encode(another())) == another());
  CHECK(code(decode_role_table({})) == errc::invalid_encoding);
  CHECK(code(decode_role_table(byte_view(bytes).first(bytes.size() - 1))) ==
        errc::invalid_encoding);
  auto twice = bytes;
  twice.insert(twice.end(), bytes.begin(), bytes.begin() + 5);
  CHECK(code(decode_role_table(twice)) == errc::invalid_encoding);
  for (std::size_t part = 0; part < 5; ++part) {
    auto later = bytes;
    later[part] = std::byte{200};
    CHECK(code(decode_role_table(later)) == errc::newer_format);
  }
}

TEST_CASE("roles: a change that was undone holds for nobody, and what is taken away is seen") {
  staffed s;
  session officer = s.of(actor_role::privacy_officer, 40);
  session second = s.of(actor_role::privacy_officer, 41);
  session till = s.of(actor_role::associate, 30);
  const auto number = officer.propose_roles(another());
  REQUIRE(number);
  REQUIRE(second.begin());
  REQUIRE(second.approve_roles(*number));
  second.rollback();
  CHECK(till.directives(s.id));
  CHECK(*second.roles() == role_table::built_in());
  REQUIRE(second.approve_roles(*number));
  CHECK(code(till.directives(s.id)) == errc::role_denied);
  // Every other call goes on as before, the first one after a refusal too.
  CHECK(code(till.reassign(actor_id(1), actor_id(2))) == errc::role_denied);
  CHECK(till.record(s.id, withdrawal()));
  std::string row;
  auto writing = s.store->begin_write();
  REQUIRE(writing);
  REQUIRE((*writing)->walk({}, {}, [&](byte_view at, byte_view) {
    if (!at.empty() && at[0] == std::byte{27}) row = as_text(at);
    return true;
  }));
  REQUIRE_FALSE(row.empty());
  REQUIRE((*writing)->erase(as_bytes(row)));
  REQUIRE((*writing)->commit());
  const auto fresh = s.opened->begin_session({.id = actor_id(30), .role = actor_role::associate});
  CHECK(code(fresh) == errc::row_missing);
}
