// What takes a credential: second persons, or everybody. Put in force by two, never so that nobody
// is left, and what was begun by a number before is not ended by the person who may have named it.
#include <string>

#include "credentialed.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::int64_t day = 86400;

struct taking : credentialed {
  customer_id id = keep(boss, ken());
  std::uint32_t of_guard = 0;

  taking() {
    first_day();
    of_guard = enrolled_and_confirmed(guard, 5);
  }
  void take(credential_use use) {
    const auto number = of(officer, 1).propose_credential_use(use);
    REQUIRE(number);
    REQUIRE(of(second, 2).approve_credential_use(*number));
    clock_hand().seconds += 1;
  }
};

role_table another() {
  role_table out = role_table::built_in();
  out.set(actor_role::associate, action::see_consents, purpose_group::none, {});
  return out;
}

constexpr actor other_guard{.id = actor_id(43), .role = actor_role::privacy_officer};

}  // namespace

TEST_CASE("credentials: what takes one is changed by two people with two") {
  taking s;
  session by = s.of(officer, 1);
  CHECK(by.credentials_taken()->use == credential_use::none);
  CHECK(code(s.without(officer).propose_credential_use(credential_use::everybody)) ==
        errc::credential_required);
  CHECK(code(s.of(guard, 5).propose_credential_use(credential_use::everybody)) ==
        errc::role_denied);
  CHECK(code(by.propose_credential_use(credential_use::none)) == errc::already_exists);
  CHECK(code(by.propose_credential_use(credential_use(9))) == errc::invalid_argument);
  const auto first = by.propose_credential_use(credential_use::second_persons);
  const auto number = by.propose_credential_use(credential_use::everybody);
  REQUIRE(number);
  // The first was replaced: an approval is of one proposal.
  CHECK(code(s.of(second, 2).approve_credential_use(*first)) == errc::not_found);
  CHECK(code(by.approve_credential_use(*number)) == errc::second_person_required);
  CHECK(code(s.without(second).approve_credential_use(*number)) == errc::credential_required);
  clock_hand().seconds += credential_alone_seconds;
  CHECK(code(by.approve_credential_use(*number)) == errc::second_person_required);
  CHECK(by.credentials_taken()->proposed->number == *number);
  const std::uint64_t entries = s.boss.figures()->ledger_entries;
  session till = s.without(clerk);
  CHECK(till.left());
  REQUIRE(s.of(second, 2).approve_credential_use(*number));
  CHECK(code(s.of(second, 2).approve_credential_use(*number)) == errc::not_found);
  // From the next call of every session on.
  CHECK(code(till.left()) == errc::credential_required);
  CHECK(code(till.begin()) == errc::credential_required);
  CHECK(code(till.record(s.id, withdrawal())) == errc::credential_required);
  CHECK(code(s.boss.verify()) == errc::credential_required);
  CHECK(code(s.boss.figures()) == errc::credential_required);
  CHECK(code(s.boss.recipients()) == errc::credential_required);
  CHECK(code(s.boss.notices()) == errc::credential_required);
  CHECK(code(s.boss.confirm_clock()) == errc::credential_required);
  CHECK(code(s.boss.may_collect({})) == errc::credential_required);
  CHECK(code(s.boss.roles()) == errc::credential_required);
  CHECK(code(s.boss.recovery()) == errc::credential_required);
  CHECK(code(s.boss.count_permitted(s.boss.request(purpose::email_marketing), field::emails)) ==
        errc::credential_required);
  CHECK(code(s.boss.find("loyalty", "L-1")) == errc::credential_required);
  CHECK(code(s.boss.jurisdiction_of(s.id)) == errc::credential_required);
  CHECK(code(s.boss.erase(s.id, erasure_reason::other)) == errc::credential_required);
  CHECK(code(s.opened->begin_session(clerk)) == errc::credential_required);
  CHECK(by.figures()->ledger_entries == entries + 1);
  CHECK(by.credentials_taken()->use == credential_use::everybody);
  CHECK_FALSE(by.credentials_taken()->proposed);
  // Whoever has one goes on, and so does a walk of theirs.
  s.enrolled_and_confirmed(clerk, 3);
  session shown = s.of(clerk, 3);
  CHECK(shown.read(s.id, purpose::customer_order_management));
  CHECK(s.opened->begin_session_like(shown));
  // Back again by two.
  s.take(credential_use::none);
  CHECK(till.left());
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("credentials: a proposal of what takes one waits a week") {
  taking s;
  const auto number = s.of(officer, 1).propose_credential_use(credential_use::everybody);
  REQUIRE(number);
  clock_hand().seconds += credential_waits_seconds + 1;
  CHECK(code(s.of(second, 2).approve_credential_use(*number)) == errc::invalid_state);
}

TEST_CASE("credentials: nobody is shut out") {
  credentialed s;
  session by_number = s.without(officer);
  // Whose lease ends is nobody who is left.
  s.enrol(by_number, officer, 1, 30);
  session proven = s.of(officer, 1);
  s.enrol(proven, second, 2, 30);
  CHECK(code(proven.propose_credential_use(credential_use::second_persons)) == errc::invalid_state);
  REQUIRE(s.of(second, 2).renew_credential(1, 0));
  const auto number = proven.propose_credential_use(credential_use::second_persons);
  REQUIRE(number);
  SUBCASE("also if it was another when it was proposed") {
    REQUIRE(s.of(second, 2).revoke_credential(1));
    CHECK(code(s.of(second, 2).approve_credential_use(*number)) == errc::invalid_state);
  }
  SUBCASE("by a revocation, a lease or another table of roles") {
    REQUIRE(s.of(second, 2).approve_credential_use(*number));
    clock_hand().seconds += 1;
    CHECK(code(s.of(second, 2).revoke_credential(1)) == errc::invalid_state);
    CHECK(code(proven.revoke_credential(1)) == errc::invalid_state);
    CHECK(code(s.of(second, 2).renew_credential(1, 30)) == errc::invalid_state);
    CHECK(proven.left());
    REQUIRE(proven.renew_credential(2, 0));
    CHECK(s.of(second, 2).revoke_credential(1));
    CHECK(code(proven.left()) == errc::credential_invalid);
    // One is left: who has nobody else waits a day, and a week behind who they have revoked.
    session last = s.of(second, 2);
    const std::uint32_t next = s.enrol(last, guard, 5);
    CHECK(code(last.confirm_credential(next)) == errc::second_person_required);
    const std::int64_t revoked = clock_hand().seconds;
    clock_hand().seconds = revoked + credential_waits_seconds - 1;
    CHECK(code(last.confirm_credential(next)) == errc::second_person_required);
    clock_hand().seconds = revoked + credential_waits_seconds;
    CHECK(last.confirm_credential(next));
  }
  SUBCASE("by a table of roles in which nobody of them enrols") {
    REQUIRE(s.of(second, 2).approve_credential_use(*number));
    clock_hand().seconds += 1;
    // The first ones hold roles of security officers alone.
    role_table table = role_table::built_in();
    table.set(actor_role::security_officer, action::set_budgets, purpose_group::none, {});
    const std::uint32_t of_guard = s.enrolled_and_confirmed(guard, 5);
    CHECK(of_guard == 3);
    s.enrolled_and_confirmed(other_guard, 6);
    const auto proposed = s.of(guard, 5).propose_roles(table);
    REQUIRE(proposed);
    CHECK(code(s.of(other_guard, 6).approve_roles(*proposed)) == errc::invalid_state);
  }
}

TEST_CASE("credentials: where second persons take one, two numbers are not two people") {
  taking s;
  s.enrolled_and_confirmed(other_guard, 6);
  // Begun by a number before: whoever that was may be who approves it.
  const auto before = s.without(other_guard).propose_roles(another());
  REQUIRE(before);
  const auto old_case = s.without(other_guard)
                            .open_case({.kind = case_kind::fraud,
                                        .customers = std::span(&s.id, 1),
                                        .reason = {.reference = short_text<64>("letter 1")}});
  REQUIRE(old_case);
  s.take(credential_use::second_persons);
  SUBCASE("a table of roles") {
    session proven = s.of(guard, 5);
    CHECK(code(proven.approve_roles(*before)) == errc::credential_required);
    CHECK(code(s.without(other_guard).propose_roles(another())) == errc::credential_required);
    const auto number = s.of(other_guard, 6).propose_roles(another());
    REQUIRE(number);
    CHECK(code(s.without(guard).approve_roles(*number)) == errc::credential_required);
    CHECK(code(s.of(other_guard, 6).approve_roles(*number)) == errc::second_person_required);
    CHECK(proven.approve_roles(*number));
    const auto late = s.of(other_guard, 6).propose_roles(role_table::built_in());
    REQUIRE(late);
    clock_hand().seconds += credential_waits_seconds + 1;
    CHECK(code(proven.approve_roles(*late)) == errc::invalid_state);
  }
  SUBCASE("a law") {
    CHECK(code(s.without(other_guard).propose_profile(policy_kind::add_profile, us_profile().id)) ==
          errc::credential_required);
    const auto number =
        s.of(other_guard, 6).propose_profile(policy_kind::add_profile, us_profile().id);
    REQUIRE(number);
    CHECK(code(s.without(guard).approve_policy(*number)) == errc::credential_required);
    CHECK(s.of(guard, 5).approve_policy(*number));
  }
  SUBCASE("a case that opens far") {
    const case_request fraud{.kind = case_kind::fraud,
                             .customers = std::span(&s.id, 1),
                             .reason = {.reference = short_text<64>("letter 2")}};
    CHECK(code(s.of(guard, 5).confirm_case(*old_case)) == errc::credential_required);
    CHECK(code(s.without(other_guard).open_case(fraud)) == errc::credential_required);
    // One that needs nobody else is a number's still.
    CHECK(s.without(other_guard)
              .open_case({.kind = case_kind::rights,
                          .customers = std::span(&s.id, 1),
                          .reason = {.reference = short_text<64>("letter 3")}}));
    const auto number = s.of(other_guard, 6).open_case(fraud);
    REQUIRE(number);
    CHECK(code(s.without(guard).confirm_case(*number)) == errc::credential_required);
    CHECK(s.of(guard, 5).confirm_case(*number));
  }
  SUBCASE("more for somebody") {
    CHECK(code(s.without(officer).raise_budget(actor_id(12), 5)) == errc::credential_required);
    CHECK(s.of(officer, 1).raise_budget(actor_id(12), 5));
  }
  SUBCASE("everything else goes on by numbers") {
    CHECK(s.without(clerk).read(s.id, purpose::customer_order_management));
    CHECK(s.without(clerk).record(s.id, withdrawal()));
  }
}

TEST_CASE("credentials: a yes is noted by one who shows it and confirmed by another who does") {
  taking s;
  REQUIRE(s.boss.add_notice(notice_for(s.boss)));
  directive yes = grant_of(s.boss, {recipient::self});
  const consent_evidence scan{.hash = crypto::hash(as_bytes("scan")),
                              .reference = short_text<64>("binder 3")};
  const auto before = s.without(clerk).record(s.id, yes);
  REQUIRE(before);
  REQUIRE_FALSE(before->waiting.empty());
  s.enrolled_and_confirmed(clerk, 3);
  s.take(credential_use::second_persons);
  session proven = s.of(guard, 5);
  CHECK(code(proven.confirm(s.id, before->sequence, scan)) == errc::credential_required);
  // They are asked anew.
  yes.event_at = clock_hand();
  CHECK(code(s.without(clerk).record(s.id, yes)) == errc::credential_required);
  const auto noted = s.of(clerk, 3).record(s.id, yes);
  REQUIRE(noted);
  CHECK(code(s.without(guard).confirm(s.id, noted->sequence, scan)) == errc::credential_required);
  CHECK(proven.confirm(s.id, noted->sequence, scan));
}

TEST_CASE("credentials: an end of portfolios that a number proposed is void") {
  taking s;
  REQUIRE(s.boss.set_stores(actor_id(12), std::array{store_id(3)}));
  REQUIRE(s.boss.assign(std::span(&s.id, 1), {.store = store_id(3), .primary = actor_id(12)}));
  REQUIRE(s.boss.use_portfolios(portfolio_use::in_force));
  REQUIRE(s.without(other_guard).use_portfolios(portfolio_use::none));
  REQUIRE(s.boss.portfolio_settings()->ends);
  s.take(credential_use::second_persons);
  CHECK_FALSE(s.boss.portfolio_settings()->ends);
  CHECK(code(s.without(guard).use_portfolios(portfolio_use::none)) == errc::credential_required);
  CHECK(*s.of(guard, 5).use_portfolios(portfolio_use::none) == portfolio_use::in_force);
  s.enrolled_and_confirmed(other_guard, 6);
  CHECK(*s.of(other_guard, 6).use_portfolios(portfolio_use::none) == portfolio_use::none);
}

TEST_CASE("credentials: a shop of one comes to them alone, a day later") {
  credentialed s;
  const actor owner{.id = actor_id(7), .role = actor_role::owner};
  s.enrol(s.boss, owner, 1);
  session by = s.of(owner, 1);
  const auto number = by.propose_credential_use(credential_use::everybody);
  REQUIRE(number);
  CHECK(code(by.approve_credential_use(*number)) == errc::second_person_required);
  clock_hand().seconds += day;
  REQUIRE(by.approve_credential_use(*number));
  CHECK(code(s.boss.figures()) == errc::credential_required);
  CHECK(by.figures());
  // Whoever is to come next waits for that day too, and is somebody.
  const std::uint32_t next = s.enrol(by, clerk, 3);
  CHECK(code(s.opened->begin_session(clerk, file_of(3))) == errc::credential_invalid);
  clock_hand().seconds += day;
  REQUIRE(by.confirm_credential(next));
  CHECK(s.opened->begin_session(clerk, file_of(3)));
}

TEST_CASE("credentials: what somebody began whose credential has ended since is nobody's") {
  taking s;
  const std::uint32_t of_other = s.enrolled_and_confirmed(other_guard, 6, 30);
  s.take(credential_use::second_persons);
  session begins = s.of(other_guard, 6);
  const auto table = begins.propose_roles(another());
  REQUIRE(table);
  const auto opened = begins.open_case({.kind = case_kind::fraud,
                                        .customers = std::span(&s.id, 1),
                                        .reason = {.reference = short_text<64>("letter 2")}});
  REQUIRE(opened);
  const auto proposed = s.of(officer, 1).propose_credential_use(credential_use::everybody);
  REQUIRE(proposed);
  session by = s.of(officer, 1);
  const std::uint32_t waits = s.enrol(by, clerk, 3);
  clock_hand().seconds += 1;
  SUBCASE("revoked") {
    REQUIRE(s.of(officer, 1).revoke_credential(of_other));
    CHECK(code(s.of(guard, 5).approve_roles(*table)) == errc::credential_required);
    CHECK(code(s.of(guard, 5).confirm_case(*opened)) == errc::credential_required);
    REQUIRE(s.of(second, 2).revoke_credential(1));
    CHECK(code(s.of(second, 2).approve_credential_use(*proposed)) == errc::invalid_state);
    CHECK(code(s.of(second, 2).confirm_credential(waits)) == errc::invalid_state);
    // Begun anew, by who has one: also with the same key.
    session last = s.of(second, 2);
    const std::uint32_t again = s.enrol(last, clerk, 3);
    CHECK(s.of(guard, 5).confirm_credential(again));
  }
  SUBCASE("a lease that is over") {
    clock_hand().seconds += 30 * day;
    CHECK(code(s.of(guard, 5).approve_roles(*table)) == errc::credential_required);
    CHECK(code(s.of(guard, 5).confirm_case(*opened)) == errc::credential_required);
  }
  SUBCASE("and of who has theirs it is approved") {
    CHECK(s.of(guard, 5).approve_roles(*table));
    CHECK(s.of(guard, 5).confirm_case(*opened));
    CHECK(s.of(second, 2).approve_credential_use(*proposed));
    CHECK(s.of(second, 2).confirm_credential(waits));
  }
}

TEST_CASE("credentials: a yes noted with a credential that was revoked since is asked for anew") {
  taking s;
  REQUIRE(s.boss.add_notice(notice_for(s.boss)));
  const directive yes = grant_of(s.boss, {recipient::self});
  const consent_evidence scan{.hash = crypto::hash(as_bytes("scan")),
                              .reference = short_text<64>("binder 3")};
  const std::uint32_t number = s.enrolled_and_confirmed(clerk, 3);
  s.take(credential_use::second_persons);
  const auto noted = s.of(clerk, 3).record(s.id, yes);
  REQUIRE(noted);
  SUBCASE("revoked") {
    REQUIRE(s.of(officer, 1).revoke_credential(number));
    CHECK(code(s.of(guard, 5).confirm(s.id, noted->sequence, scan)) == errc::credential_required);
  }
  SUBCASE("another level voids nothing that was noted with one") {
    clock_hand().seconds += 1;
    s.take(credential_use::everybody);
    CHECK(s.of(guard, 5).confirm(s.id, noted->sequence, scan));
  }
}

TEST_CASE("credentials: an owner is not alone where somebody else has a credential and could") {
  taking s;
  const actor owner{.id = actor_id(50), .role = actor_role::owner};
  s.enrolled_and_confirmed(owner, 9);
  REQUIRE(s.boss.set_stores(actor_id(12), std::array{store_id(3)}));
  REQUIRE(s.boss.assign(std::span(&s.id, 1), {.store = store_id(3), .primary = actor_id(12)}));
  REQUIRE(s.boss.use_portfolios(portfolio_use::in_force));
  s.take(credential_use::second_persons);
  session by = s.of(owner, 9);
  const auto table = by.propose_roles(another());
  REQUIRE(table);
  REQUIRE(by.use_portfolios(portfolio_use::none));
  clock_hand().seconds += day;
  CHECK(code(by.approve_roles(*table)) == errc::second_person_required);
  CHECK(code(by.use_portfolios(portfolio_use::none)) == errc::second_person_required);
  CHECK(s.of(second, 2).approve_roles(*table));
  // A privacy officer could end portfolios, and a security officer could not.
  REQUIRE(s.of(officer, 1).revoke_credential(s.of_guard));
  clock_hand().seconds += credential_waits_seconds;
  REQUIRE(by.use_portfolios(portfolio_use::none));
  const auto next = by.propose_roles(role_table::built_in());
  REQUIRE(next);
  clock_hand().seconds += day;
  CHECK(*by.use_portfolios(portfolio_use::none) == portfolio_use::none);
  CHECK(code(by.approve_roles(*next)) == errc::second_person_required);
}

TEST_CASE("credentials: a case comes into force by itself only of an owner who is alone") {
  taking s;
  const actor owner{.id = actor_id(50), .role = actor_role::owner};
  const std::uint32_t of_owner = s.enrolled_and_confirmed(owner, 9);
  const case_request fraud{.kind = case_kind::fraud,
                           .customers = std::span(&s.id, 1),
                           .reason = {.reference = short_text<64>("letter 1")}};
  const auto reads = [&](session& in) {
    return code(in.read(s.id, purpose::fraud_prevention_and_detection));
  };
  SUBCASE("begun by a number before: by none") {
    REQUIRE(s.boss.open_case(fraud));
    REQUIRE(s.of(officer, 1).revoke_credential(s.of_guard));
    clock_hand().seconds += credential_waits_seconds;
    CHECK(reads(s.boss) == errc::none);
    s.take(credential_use::second_persons);
    CHECK(reads(s.boss) == errc::case_required);
  }
  SUBCASE("beside somebody who could confirm it: no") {
    s.take(credential_use::second_persons);
    session by = s.of(owner, 9);
    const auto number = by.open_case(fraud);
    REQUIRE(number);
    clock_hand().seconds += day;
    CHECK(reads(by) == errc::case_required);
    REQUIRE(s.of(guard, 5).confirm_case(*number));
    CHECK(reads(by) == errc::none);
  }
  SUBCASE("alone: as ever, unless their credential has ended since") {
    s.take(credential_use::second_persons);
    REQUIRE(s.of(officer, 1).revoke_credential(s.of_guard));
    clock_hand().seconds += credential_waits_seconds;
    session by = s.of(owner, 9);
    REQUIRE(by.open_case(fraud));
    clock_hand().seconds += day;
    CHECK(reads(by) == errc::none);
    REQUIRE(s.of(officer, 1).revoke_credential(of_owner));
    session number = s.without(owner);
    CHECK(reads(number) == errc::case_required);
  }
}
