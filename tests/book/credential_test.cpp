// Credentials: a person is what they know or have. Who enrols whom, what a proof is good for, when
// a session ends, and how often somebody may try.
#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <clientbook/base/hex.hpp>

#include "credentialed.hpp"
#include "recovery_places.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::int64_t day = 86400;

}  // namespace

TEST_CASE(
    "credentials: the first two people come in without a second person, and the list says it") {
  credentialed s;
  session by_number = s.without(officer);
  const std::uint64_t entries = s.boss.figures()->ledger_entries;
  s.enrol(by_number, officer, 1);
  CHECK(s.boss.figures()->ledger_entries == entries + 1);
  // Somebody has one: a number alone enrols nobody any more.
  session claims = s.without(officer);
  CHECK(code(claims.enrol_credential({.whose = second.id,
                                      .roles = second.role,
                                      .name = "Second",
                                      .key = key_in(claims, file_of(2))})) ==
        errc::credential_required);
  session proven = s.of(officer, 1);
  s.enrol(proven, second, 2);
  const auto all = proven.credentials();
  REQUIRE(all);
  REQUIRE(all->size() == 2);
  CHECK((*all)[0].number == 1);
  CHECK((*all)[0].whose == officer.id);
  CHECK((*all)[0].name == "Vera Holm, 2nd floor");
  CHECK((*all)[0].enrolled_with == 0);
  CHECK((*all)[1].enrolled_with == 1);
  for (const credential_record& one : *all) {
    CHECK(one.state == credential_state::in_force);
    CHECK(one.confirmed_by == actor_id());
    CHECK(one.key.kind == credential_kind::key_file);
  }
  // From the third on somebody confirms.
  const std::uint32_t third = s.enrol(proven, clerk, 3);
  CHECK(code(s.opened->begin_session(clerk, file_of(3))) == errc::credential_invalid);
  REQUIRE(s.of(second, 2).confirm_credential(third));
  CHECK(s.opened->begin_session(clerk, file_of(3)));
  CHECK((*proven.credentials())[2].confirmed_by == second.id);
  CHECK(s.boss.verify()->problems == 0);
}

TEST_CASE("credentials: who enrols does not confirm, nor whose it is, and not for ever") {
  credentialed s;
  s.first_day();
  const std::uint32_t of_guard = s.enrolled_and_confirmed(guard, 5);
  CHECK(of_guard == 3);
  session by = s.of(officer, 1);
  const std::uint32_t own = s.enrol(by, officer, 6, 0, {actor_role::privacy_officer});
  const std::uint32_t theirs = s.enrol(by, second, 7);
  CHECK(code(by.confirm_credential(own)) == errc::second_person_required);
  // The same number in another role and with another credential is the same person.
  const actor same{.id = officer.id, .role = actor_role::privacy_officer};
  const std::uint32_t of_same = s.enrol(by, same, 8);
  REQUIRE(s.of(guard, 5).confirm_credential(of_same));
  CHECK(code(s.of(same, 8).confirm_credential(theirs)) == errc::second_person_required);
  CHECK(code(s.of(second, 2).confirm_credential(theirs)) == errc::second_person_required);
  CHECK(code(s.without(guard).confirm_credential(theirs)) == errc::credential_required);
  CHECK(code(s.without(clerk).confirm_credential(theirs)) == errc::role_denied);
  // Whoever has others does not get it by waiting.
  clock_hand().seconds += credential_alone_seconds;
  CHECK(code(by.confirm_credential(theirs)) == errc::second_person_required);
  CHECK(s.of(guard, 5).confirm_credential(theirs));
  CHECK(code(s.of(guard, 5).confirm_credential(theirs)) == errc::invalid_state);
  CHECK(code(s.of(guard, 5).confirm_credential(99)) == errc::not_found);
  clock_hand().seconds += credential_waits_seconds;
  CHECK(code(s.of(second, 2).confirm_credential(own)) == errc::invalid_state);
  // What waited too long makes room for the same key, under a number of its own.
  CHECK(s.enrol(by, officer, 6, 0, {actor_role::privacy_officer}) == of_same + 1);
}

TEST_CASE("credentials: one passphrase or key is of one person") {
  credentialed s;
  s.first_day();
  session by = s.of(officer, 1);
  const auto again = by.enrol_credential(
      {.whose = clerk.id, .roles = clerk.role, .name = "Clerk", .key = key_in(by, file_of(2))});
  CHECK(code(again) == errc::already_exists);
  CHECK(again.error().at == 2);
  // Also one that waits, and one that was revoked.
  const std::uint32_t waits = s.enrol(by, guard, 5);
  const auto taken = [&](unsigned char which) {
    return code(by.enrol_credential({.whose = clerk.id,
                                     .roles = clerk.role,
                                     .name = "Clerk",
                                     .key = key_in(by, file_of(which))}));
  };
  CHECK(taken(5) == errc::already_exists);
  REQUIRE(by.revoke_credential(waits));
  CHECK(taken(5) == errc::already_exists);
  // A passphrase too: the salt is the book's.
  const auto words = [&] {
    auto out = credential_secret::of_passphrase(as_bytes("correct horse battery staple"));
    REQUIRE(out);
    return std::move(*out);
  };
  const credential_key one = key_in(by, words());
  CHECK(one.kind == credential_kind::passphrase);
  REQUIRE(
      by.enrol_credential({.whose = clerk.id, .roles = clerk.role, .name = "Clerk", .key = one}));
  CHECK(
      code(by.enrol_credential(
          {.whose = guard.id, .roles = guard.role, .name = "Guard", .key = key_in(by, words())})) ==
      errc::already_exists);
  // In another book it is another key.
  shop other;
  session there = other.begin();
  CHECK(key_in(there, words()) != one);
  CHECK(key_in(there, file_of(2)).key != key_in(by, file_of(2)).key);
}

TEST_CASE("credentials: a proof is good once, for its actor, role and book") {
  credentialed s;
  s.first_day();
  const auto drawn = s.opened->challenge(officer);
  REQUIRE(drawn);
  const auto proof = prove(*drawn, file_of(1));
  REQUIRE(proof);
  REQUIRE(s.opened->begin_session(officer, *proof));
  CHECK(code(s.opened->begin_session(officer, *proof)) == errc::credential_invalid);
  SUBCASE("of another actor or role it shows nothing") {
    const auto mine = s.opened->challenge(officer);
    const auto answer = prove(*mine, file_of(1));
    CHECK(code(s.opened->begin_session({.id = officer.id, .role = actor_role::owner}, *answer)) ==
          errc::credential_invalid);
    CHECK(code(s.opened->begin_session(second, file_of(1))) == errc::credential_invalid);
    // Asked for in that role, it is shown and may not.
    CHECK(code(s.opened->begin_session({.id = officer.id, .role = actor_role::owner},
                                       file_of(1))) == errc::role_denied);
  }
  SUBCASE("each part of what is signed counts") {
    const auto changed = [&](auto change) {
      auto asked = s.opened->challenge(officer);
      REQUIRE(asked);
      credential_challenge other = *asked;
      change(other);
      auto answer = prove(other, file_of(1));
      REQUIRE(answer);
      answer->drawn = asked->drawn;
      answer->key = key_in(s.boss, file_of(1)).key;
      return code(s.opened->begin_session(officer, *answer));
    };
    CHECK(changed([](credential_challenge&) {}) == errc::none);
    CHECK(changed([](credential_challenge& c) { c.who.id = actor_id(41); }) ==
          errc::credential_invalid);
    CHECK(changed([](credential_challenge& c) { c.who.role = actor_role::owner; }) ==
          errc::credential_invalid);
    CHECK(changed([](credential_challenge& c) { c.drawn[0] ^= std::byte{1}; }) ==
          errc::credential_invalid);
    const auto bytes = signed_bytes(*s.opened->challenge(officer));
    CHECK(as_text(byte_view(bytes).first(16)) == "credential proof");
    CHECK(load_be<std::uint32_t>(bytes.data() + 32) == 40);
    CHECK(bytes[36] == static_cast<std::byte>(actor_role::security_officer));
  }
  SUBCASE("not after two minutes, and not in another process") {
    const auto late = s.opened->challenge(officer);
    clock_hand().seconds += challenge_lasts_seconds + 1;
    CHECK(code(s.opened->begin_session(officer, *prove(*late, file_of(1)))) ==
          errc::credential_invalid);
    auto elsewhere = book::open(s.store, s.cell, {.clock = {test_clock}});
    REQUIRE(elsewhere);
    const auto here = s.opened->challenge(officer);
    CHECK(code(elsewhere->begin_session(officer, *prove(*here, file_of(1)))) ==
          errc::credential_invalid);
    CHECK(elsewhere->begin_session(officer, file_of(1)));
  }
}

TEST_CASE("credentials: whose private half is elsewhere signs the bytes of the challenge") {
  credentialed s;
  session by = s.without(officer);
  secret<32> seed;
  seed.fill_bytes([](byte_span to) { to[3] = std::byte{9}; });
  const crypto::signing_key token(seed);
  const credential_key key{.kind = credential_kind::key_pair, .key = token.public_key()};
  REQUIRE(by.enrol_credential(
      {.whose = officer.id, .roles = officer.role, .name = "Token 7", .key = key}));
  const auto drawn = s.opened->challenge(officer);
  REQUIRE(drawn);
  const credential_proof proof{
      .drawn = drawn->drawn, .key = key.key, .signature = token.sign(signed_bytes(*drawn))};
  CHECK(s.opened->begin_session(officer, proof));
}

TEST_CASE("credentials: a session ends at its next call once what it has proven is revoked") {
  credentialed s;
  s.first_day();
  const customer_id id = keep(s.boss, ken());
  const std::uint32_t number = s.enrolled_and_confirmed(clerk, 3);
  session till = s.of(clerk, 3);
  auto like = s.opened->begin_session_like(till);
  REQUIRE(like);
  REQUIRE(till.read(id, purpose::customer_order_management));
  session in_change = s.of(clerk, 3);
  REQUIRE(s.of(officer, 1).revoke_credential(number));
  CHECK(code(till.read(id, purpose::customer_order_management)) == errc::credential_invalid);
  CHECK(code(like->read(id, purpose::customer_order_management)) == errc::credential_invalid);
  CHECK(code(till.left()) == errc::credential_invalid);
  CHECK(code(in_change.begin()) == errc::credential_invalid);
  CHECK(code(in_change.record(id, withdrawal())) == errc::credential_invalid);
  CHECK(code(s.opened->begin_session(clerk, file_of(3))) == errc::credential_invalid);
  CHECK(code(s.of(officer, 1).revoke_credential(number)) == errc::invalid_state);
  CHECK(code(s.of(officer, 1).renew_credential(number, 0)) == errc::invalid_state);
  const auto all = s.of(second, 2).credentials();
  CHECK((*all)[2].state == credential_state::revoked);
  CHECK((*all)[2].revoked_by == officer.id);
  // Nobody says who acts by it, so a number goes on: credentials are not in force here.
  CHECK(s.without(clerk).read(id, purpose::customer_order_management));
}

TEST_CASE("credentials: whose it is may revoke it, and nobody else without budgets") {
  credentialed s;
  s.first_day();
  const std::uint32_t number = s.enrolled_and_confirmed(clerk, 3);
  CHECK(code(s.without(officer).revoke_credential(number)) == errc::credential_required);
  const std::uint32_t of_guard = s.enrolled_and_confirmed(guard, 5);
  CHECK(code(s.of(clerk, 3).revoke_credential(of_guard)) == errc::role_denied);
  CHECK(code(s.of(guard, 5).revoke_credential(number)) == errc::role_denied);
  session till = s.of(clerk, 3);
  const auto own = till.credentials();
  REQUIRE(own);
  REQUIRE(own->size() == 1);
  CHECK((*own)[0].number == number);
  CHECK(code(s.without(clerk).credentials()) == errc::role_denied);
  CHECK(till.revoke_credential(number));
  CHECK(code(till.credentials()) == errc::credential_invalid);
  // Who approves says no to what waits.
  session by = s.of(officer, 1);
  const std::uint32_t waits = s.enrol(by, clerk, 8);
  CHECK(s.of(guard, 5).revoke_credential(waits));
  CHECK(code(s.of(second, 2).confirm_credential(waits)) == errc::invalid_state);
}

TEST_CASE("credentials: a lease ends, also of open sessions, and another person renews it") {
  credentialed s;
  s.first_day();
  const customer_id id = keep(s.boss, ken());
  const std::uint32_t number = s.enrolled_and_confirmed(clerk, 3, 30);
  session till = s.of(clerk, 3);
  clock_hand().seconds += 30 * day - 1;
  CHECK(till.read(id, purpose::customer_order_management));
  session held = s.of(clerk, 3);
  REQUIRE(held.begin());
  clock_hand().seconds += 1;
  CHECK(code(till.read(id, purpose::customer_order_management)) == errc::credential_expired);
  CHECK(code(held.record(id, withdrawal())) == errc::credential_expired);
  held.rollback();
  CHECK(code(s.opened->begin_session(clerk, file_of(3))) == errc::credential_expired);
  // A clock that is set back revives nothing once the book has seen the day.
  REQUIRE(s.boss.record(id, withdrawal()));
  clock_hand().seconds -= day;
  CHECK(code(till.read(id, purpose::customer_order_management)) == errc::credential_expired);
  clock_hand().seconds += day;
  session by = s.of(officer, 1);
  CHECK(code(by.renew_credential(number, longest_lease_days + 1)) == errc::limit_exceeded);
  CHECK(code(by.renew_credential(1, 30)) == errc::second_person_required);
  CHECK(code(s.without(officer).renew_credential(number, 30)) == errc::credential_required);
  REQUIRE(by.renew_credential(number, 10));
  CHECK(code(by.renew_credential(number, 9)) == errc::invalid_state);
  CHECK(till.read(id, purpose::customer_order_management));
  clock_hand().seconds += 10 * day;
  CHECK(code(till.read(id, purpose::customer_order_management)) == errc::credential_expired);
}

TEST_CASE("credentials: whoever changes their own proves the former once more") {
  credentialed s;
  s.first_day();
  const std::uint32_t number = s.enrolled_and_confirmed(clerk, 3);
  session till = s.of(clerk, 3);
  session other = s.of(clerk, 3);
  const auto again = [&](unsigned char which) {
    const auto drawn = s.opened->challenge(clerk);
    REQUIRE(drawn);
    return *prove(*drawn, file_of(which));
  };
  const credential_key next = key_in(till, file_of(9));
  CHECK(code(till.change_credential(again(9), next)) == errc::credential_invalid);
  CHECK(code(s.without(clerk).change_credential(again(3), next)) == errc::credential_required);
  CHECK(code(till.change_credential(again(3), key_in(till, file_of(2)))) == errc::already_exists);
  CHECK(code(till.change_credential(again(3), {})) == errc::weak_key);
  REQUIRE(till.change_credential(again(3), next));
  CHECK(till.left());
  CHECK(code(other.left()) == errc::credential_invalid);
  CHECK(code(s.opened->begin_session(clerk, file_of(3))) == errc::credential_invalid);
  CHECK(s.opened->begin_session(clerk, file_of(9)));
  CHECK((*till.credentials())[0].number == number);
  // Nobody with two changes one by the other.
  s.enrolled_and_confirmed(clerk, 10);
  CHECK(code(till.change_credential(again(10), key_in(till, file_of(11)))) ==
        errc::credential_invalid);
}

TEST_CASE(
    "credentials: five wrong proofs shut an actor out for the hour, wherever they are tried") {
  credentialed s;
  s.first_day();
  std::vector<security_alarm> told;
  const alarm_listener listener{
      .raised =
          [](void* to, const security_alarm& what) {
            static_cast<std::vector<security_alarm>*>(to)->push_back(what);
          },
      .context = &told};
  auto opened = book::open(s.store, s.cell, {.clock = {test_clock}, .on_alarm = listener});
  REQUIRE(opened);
  for (int i = 0; i < 3; ++i) {
    CHECK(code(opened->begin_session(officer, file_of(77))) == errc::credential_invalid);
  }
  CHECK(told.empty());
  // Another process: what was counted is in the store.
  auto again = book::open(s.store, s.cell, {.clock = {test_clock}, .on_alarm = listener});
  REQUIRE(again);
  CHECK(code(again->begin_session(officer, file_of(78))) == errc::credential_invalid);
  CHECK(again->begin_session(officer, file_of(1)));
  CHECK(code(again->begin_session(officer, file_of(79))) == errc::credential_invalid);
  REQUIRE(told.size() == 1);
  CHECK(told[0].kind == alarm_kind::wrong_proofs);
  CHECK(told[0].who.id == officer.id);
  for (book* const in : {&*opened, &*again, &*s.opened}) {
    const auto shut = in->begin_session(officer, file_of(1));
    CHECK(code(shut) == errc::limit_exceeded);
    CHECK(shut.error().at == 3600);
  }
  // Nobody else is, and who has none is not counted.
  CHECK(again->begin_session(second, file_of(2)));
  for (int i = 0; i < 6; ++i) {
    CHECK(code(again->begin_session(clerk, file_of(3))) == errc::credential_invalid);
  }
  clock_hand().seconds += 3599;
  CHECK(code(again->begin_session(officer, file_of(1))) == errc::limit_exceeded);
  clock_hand().seconds += 1;
  CHECK(again->begin_session(officer, file_of(1)));
  const auto alarms = s.boss.alarms();
  REQUIRE(alarms);
  REQUIRE(alarms->size() == 1);
  CHECK(name_of((*alarms)[0].kind) == "wrong_proofs");
}

TEST_CASE("credentials: a wrong proof counts also where it cannot be written down at once") {
  credentialed s;
  s.first_day();
  const customer_id id = keep(s.boss, ken());
  REQUIRE(s.boss.begin());
  REQUIRE(s.boss.record(id, withdrawal()));
  for (int i = 0; i < 5; ++i) {
    CHECK(code(s.opened->begin_session(officer, file_of(77))) == errc::credential_invalid);
  }
  CHECK(code(s.opened->begin_session(officer, file_of(1))) == errc::limit_exceeded);
  REQUIRE(s.boss.commit());
  CHECK(code(s.opened->begin_session(officer, file_of(1))) == errc::limit_exceeded);
  clock_hand().seconds += 3600;
  CHECK(s.opened->begin_session(officer, file_of(1)));
}

TEST_CASE("credentials: whoever guesses in many places at once has no more tries") {
  credentialed s;
  s.first_day();
  const customer_id id = keep(s.boss, ken());
  // All of them wait for the same lock, as programs do beside one that writes.
  REQUIRE(s.boss.begin());
  REQUIRE(s.boss.record(id, withdrawal()));
  constexpr std::size_t places = 12;
  std::array<errc, places> answers{};
  std::vector<std::thread> trying;
  for (std::size_t i = 0; i < places; ++i) {
    trying.emplace_back([&, i] {
      auto own = book::open(s.store, s.cell, {.clock = {test_clock}});
      if (own) answers[i] = code(own->begin_session(officer, file_of(77)));
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  REQUIRE(s.boss.commit());
  for (std::thread& one : trying) one.join();
  CHECK(std::ranges::count(answers, errc::credential_invalid) == most_wrong_proofs);
  CHECK(std::ranges::count(answers, errc::limit_exceeded) == places - most_wrong_proofs);
  CHECK(code(s.opened->begin_session(officer, file_of(1))) == errc::limit_exceeded);
}

TEST_CASE("credentials: a clock that was ahead keeps nobody out for longer than an hour") {
  for (const std::int64_t ahead : {2 * day, 61 * day, 20 * 365 * day}) {
    CAPTURE(ahead);
    credentialed s;
    s.first_day();
    const auto tried = [&](unsigned char which) {
      return code(s.opened->begin_session(officer, file_of(which)));
    };
    const std::int64_t right = clock_hand().seconds;
    clock_hand().seconds = right + ahead;
    for (int i = 0; i < 5; ++i) CHECK(tried(77) == errc::credential_invalid);
    CHECK(tried(1) == errc::limit_exceeded);
    // Whether it is right now or was right before nobody knows: an hour from here.
    clock_hand().seconds = right;
    const auto shut = s.opened->begin_session(officer, file_of(1));
    CHECK(code(shut) == errc::limit_exceeded);
    CHECK(shut.error().at == 3600);
    clock_hand().seconds = right + 3599;
    CHECK(tried(1) == errc::limit_exceeded);
    clock_hand().seconds = right + 3600;
    CHECK(tried(1) == errc::none);
    // And what is tried after it is counted as ever.
    for (int i = 0; i < 5; ++i) CHECK(tried(77) == errc::credential_invalid);
    CHECK(tried(1) == errc::limit_exceeded);
    clock_hand().seconds += 3600;
    CHECK(tried(1) == errc::none);
  }
}

TEST_CASE(
    "credentials: one wrong proof of a clock that was ahead adds to no mistake of another day") {
  credentialed s;
  s.first_day();
  const std::int64_t right = clock_hand().seconds;
  clock_hand().seconds = right + 20 * 365 * day;
  CHECK(code(s.opened->begin_session(officer, file_of(77))) == errc::credential_invalid);
  for (int i = 0; i < 6; ++i) {
    clock_hand().seconds = right + i * 7 * day;
    CHECK(code(s.opened->begin_session(officer, file_of(77))) == errc::credential_invalid);
    CHECK(s.opened->begin_session(officer, file_of(1)));
  }
}

TEST_CASE("credentials: a clock that is set back gives no more tries") {
  credentialed s;
  s.first_day();
  clock_hand().seconds += 30 * day;
  const std::int64_t right = clock_hand().seconds;
  const auto tried = [&](unsigned char which) {
    return code(s.opened->begin_session(officer, file_of(which)));
  };
  for (int i = 0; i < 5; ++i) CHECK(tried(77) == errc::credential_invalid);
  for (const std::int64_t back : {day, 2 * day, 10 * day}) {
    clock_hand().seconds = right - back;
    CHECK(tried(77) == errc::limit_exceeded);
    // Nor does the way back to the right time end the hour of it.
    clock_hand().seconds = right + 60;
    CHECK(tried(77) == errc::limit_exceeded);
  }
  clock_hand().seconds = right + 3600;
  CHECK(tried(1) == errc::none);
}

TEST_CASE("credentials: where a wrong proof cannot be written down, no proof is taken") {
  credentialed s;
  s.first_day();
  const auto life = std::make_shared<lifetime>();
  auto opened =
      book::open(std::make_shared<mortal_store>(s.store, life), s.cell, {.clock = {test_clock}});
  REQUIRE(opened);
  // A full disk: a change begins, and nothing of it is written.
  const auto tried = [&](unsigned char which) {
    life->over = false;
    life->left = 2;
    const errc out = code(opened->begin_session(officer, file_of(which)));
    life->over = false;
    life->left = 0;
    return out;
  };
  CHECK(tried(1) == errc::io_error);
  for (int i = 0; i < 5; ++i) CHECK(tried(77) == errc::io_error);
  // In this process they count all the same.
  CHECK(code(opened->begin_session(officer, file_of(1))) == errc::limit_exceeded);
  CHECK(opened->begin_session(second, file_of(2)));
}

TEST_CASE("credentials: who is told that a key is somebody else's has tried it") {
  credentialed s;
  s.first_day();
  s.enrolled_and_confirmed(clerk, 3);
  session till = s.of(clerk, 3);
  const auto guessed = [&](unsigned char which) {
    const auto drawn = s.opened->challenge(clerk);
    REQUIRE(drawn);
    return code(till.change_credential(*prove(*drawn, file_of(3)), key_in(till, file_of(which))));
  };
  for (int i = 0; i < 5; ++i) CHECK(guessed(2) == errc::already_exists);
  CHECK(guessed(2) == errc::limit_exceeded);
  CHECK(guessed(9) == errc::limit_exceeded);
  CHECK(s.boss.alarms()->size() == 1);
  session by = s.of(officer, 1);
  const auto enrolled = [&](unsigned char which) {
    return code(by.enrol_credential({.whose = guard.id,
                                     .roles = guard.role,
                                     .name = "Guard",
                                     .key = key_in(by, file_of(which))}));
  };
  for (int i = 0; i < 5; ++i) CHECK(enrolled(2) == errc::already_exists);
  CHECK(enrolled(2) == errc::limit_exceeded);
  CHECK(enrolled(9) == errc::limit_exceeded);
  clock_hand().seconds += 3600;
  CHECK(enrolled(9) == errc::none);
}

TEST_CASE("credentials: a key that was changed away from is never taken again") {
  credentialed s;
  s.first_day();
  session by = s.of(officer, 1);
  const auto changed = [&](unsigned char from, unsigned char to) {
    const auto drawn = s.opened->challenge(officer);
    REQUIRE(drawn);
    return code(by.change_credential(*prove(*drawn, file_of(from)), key_in(by, file_of(to))));
  };
  REQUIRE(changed(1, 9) == errc::none);
  CHECK(changed(9, 1) == errc::already_exists);
  const auto enrolled = by.enrol_credential(
      {.whose = guard.id, .roles = guard.role, .name = "Guard", .key = key_in(by, file_of(1))});
  CHECK(code(enrolled) == errc::already_exists);
  CHECK(enrolled.error().at == 1);
  // Nor in another process, of which the store is all it has.
  auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
  REQUIRE(again);
  auto there = again->begin_session(second, file_of(2));
  REQUIRE(there);
  CHECK(code(there->enrol_credential({.whose = guard.id,
                                      .roles = guard.role,
                                      .name = "Guard",
                                      .key = key_in(by, file_of(1))})) == errc::already_exists);
  // Each former key stays: not for ever.
  clock_hand().seconds += 3600;
  for (unsigned char i = 0; i < 63; ++i) {
    const auto from = static_cast<unsigned char>(i == 0 ? 9 : 99 + i);
    REQUIRE(changed(from, static_cast<unsigned char>(100 + i)) == errc::none);
  }
  CHECK(changed(162, 200) == errc::limit_exceeded);
  CHECK(by.left());
}

TEST_CASE(
    "credentials: the first one is of somebody who enrols, and without such an officer begins "
    "anew") {
  credentialed s;
  session by_number = s.without(officer);
  const auto enrolled = [&](session& by, const actor& whom, unsigned char which) {
    return code(by.enrol_credential({.whose = whom.id,
                                     .roles = whom.role,
                                     .name = "Somebody",
                                     .key = key_in(by, file_of(which))}));
  };
  CHECK(enrolled(by_number, clerk, 3) == errc::invalid_state);
  CHECK(enrolled(by_number, guard, 5) == errc::invalid_state);
  CHECK(s.boss.credentials()->empty());
  s.first_day();
  s.enrolled_and_confirmed(clerk, 3);
  // Officers that go, while an associate has one: nobody is shut out.
  REQUIRE(s.of(officer, 1).revoke_credential(2));
  CHECK(enrolled(by_number, second, 6) == errc::credential_required);
  REQUIRE(s.of(officer, 1).revoke_credential(1));
  CHECK(enrolled(by_number, guard, 5) == errc::invalid_state);
  CHECK(enrolled(by_number, second, 6) == errc::none);
  CHECK(s.of(second, 6).left());
}

TEST_CASE("credentials: nobody confirms alone a further key to the number of another person") {
  credentialed s;
  s.first_day();
  session by = s.of(officer, 1);
  const auto waited = [&](std::uint32_t number) { return code(by.confirm_credential(number)); };
  const std::uint32_t theirs = s.enrol(by, second, 7);
  clock_hand().seconds += credential_alone_seconds;
  CHECK(waited(theirs) == errc::second_person_required);
  SUBCASE("whose it is does, where nobody else could") {
    CHECK(code(s.without(second).confirm_credential(theirs)) == errc::credential_required);
    CHECK(s.of(second, 2).confirm_credential(theirs));
    CHECK(s.opened->begin_session(second, file_of(7)));
  }
  SUBCASE("also who may not approve") {
    const std::uint32_t of_clerk = s.enrol(by, clerk, 3);
    REQUIRE(s.of(second, 2).confirm_credential(of_clerk));
    const std::uint32_t other = s.enrol(by, clerk, 4);
    CHECK(code(s.of(clerk, 3).confirm_credential(other)) == errc::second_person_required);
    REQUIRE(s.of(second, 2).revoke_credential(2));
    clock_hand().seconds += credential_waits_seconds - 1;
    CHECK(code(s.of(clerk, 3).confirm_credential(other)) == errc::second_person_required);
    clock_hand().seconds += 1;
    CHECK(waited(other) == errc::second_person_required);
    CHECK(s.of(clerk, 3).confirm_credential(other));
  }
  SUBCASE("nor once it is revoked, within a week") {
    REQUIRE(by.revoke_credential(2));
    const std::int64_t revoked = clock_hand().seconds;
    const std::uint32_t again = s.enrol(by, second, 8);
    clock_hand().seconds = revoked + credential_waits_seconds - 1;
    CHECK(waited(again) == errc::second_person_required);
    clock_hand().seconds = revoked + credential_waits_seconds;
    CHECK(waited(again) == errc::none);
  }
  SUBCASE("nor once a lease has ended, within a week") {
    const std::uint32_t leased = s.enrol(by, clerk, 3, 1);
    REQUIRE(s.of(second, 2).confirm_credential(leased));
    REQUIRE(s.of(second, 2).revoke_credential(2));
    clock_hand().seconds += 2 * day;
    const std::uint32_t again = s.enrol(by, clerk, 8);
    clock_hand().seconds += 5 * day;
    CHECK(waited(again) == errc::second_person_required);
    clock_hand().seconds += day;
    CHECK(waited(again) == errc::none);
  }
}

TEST_CASE("credentials: what is no credential is not enrolled") {
  credentialed s;
  session by = s.without(officer);
  const new_credential good{
      .whose = clerk.id, .roles = clerk.role, .name = "Clerk", .key = key_in(by, file_of(3))};
  const auto with = [&](auto change) {
    new_credential what = good;
    change(what);
    return code(by.enrol_credential(what));
  };
  CHECK(with([](new_credential& c) { c.whose = {}; }) == errc::invalid_argument);
  CHECK(with([](new_credential& c) { c.roles = {}; }) == errc::invalid_argument);
  CHECK(with([](new_credential& c) { c.roles = role_set::of_bits(1U << 20U); }) ==
        errc::invalid_argument);
  CHECK(with([](new_credential& c) { c.name = ""; }) == errc::invalid_value);
  CHECK(with([](new_credential& c) { c.name = "two\nlines"; }) == errc::invalid_value);
  CHECK(with([](new_credential& c) { c.key.key = {}; }) == errc::weak_key);
  CHECK(with([](new_credential& c) { c.key.kind = credential_kind(9); }) == errc::invalid_argument);
  CHECK(with([](new_credential& c) { c.days = longest_lease_days + 1; }) == errc::limit_exceeded);
  CHECK(code(s.without(clerk).enrol_credential(good)) == errc::role_denied);
  CHECK(s.boss.credentials()->empty());
  CHECK(code(credential_secret::of_passphrase({})) == errc::invalid_argument);
}

TEST_CASE("credentials: an older row put back is refused, and nobody acts by it") {
  credentialed s;
  s.first_day();
  const std::array<std::byte, 5> key{std::byte{40}};
  const auto row = [&] {
    auto from = s.store->begin_read();
    REQUIRE(from);
    const auto bytes = (*from)->get(key);
    REQUIRE(bytes);
    return std::vector<std::byte>(bytes->begin(), bytes->end());
  };
  const std::uint32_t number = s.enrolled_and_confirmed(clerk, 3);
  const std::vector<std::byte> before = row();
  REQUIRE(s.of(officer, 1).revoke_credential(number));
  auto to = s.store->begin_write();
  REQUIRE(to);
  REQUIRE((*to)->put(key, before));
  REQUIRE((*to)->commit());
  CHECK_FALSE(s.opened->begin_session(clerk, file_of(3)));
  CHECK_FALSE(s.opened->begin_session(officer, file_of(1)));
  // What a thief of the store has to put back is all of the book: a number is not enough either.
  CHECK_FALSE(s.opened->begin_session(clerk));
}

TEST_CASE("credentials: nothing of a secret or a way to it is in the store") {
  credentialed s;
  s.first_day();
  const std::vector<std::byte> half = [&] {
    const auto key = key_in(s.boss, file_of(1)).key;
    return std::vector<std::byte>(key.begin(), key.end());
  }();
  auto from = s.store->begin_read();
  REQUIRE(from);
  std::size_t rows = 0;
  REQUIRE((*from)->walk({}, {}, [&](byte_view, byte_view value) {
    ++rows;
    file_of(1).with_bytes([&](byte_view bytes) {
      CHECK(std::search(value.begin(), value.end(), bytes.begin(), bytes.end()) == value.end());
    });
    CHECK(std::search(value.begin(), value.end(), half.begin(), half.end()) == value.end());
    return true;
  }));
  CHECK(rows > 5);
}

// Computed from docs/format/credentials.md by a second implementation, over hashlib, libsodium's
// Argon2id and the Ed25519 of `cryptography`.
TEST_CASE("credentials: keys and proofs are those of the format") {
  credential_challenge drawn{.who = officer};
  for (std::size_t i = 0; i < 16; ++i) {
    drawn.terms.book.bytes[i] = static_cast<std::byte>(i);
    drawn.terms.salt[i] = static_cast<std::byte>(16 + i);
  }
  drawn.terms.cost = {.kibibytes = 8192, .passes = 1};
  for (std::size_t i = 0; i < 32; ++i) drawn.drawn[i] = static_cast<std::byte>(i);
  secret<32> key;
  key.fill_bytes([](byte_span to) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<std::byte>(200 - i);
  });
  const auto of_file = prove(drawn, credential_secret::of_key(key));
  REQUIRE(of_file);
  CHECK(hex<std::string>(of_file->key) ==
        "1f8219d80e6d1756fc67b70962039deb535e1f506a564be4520d6eb142649faf");
  CHECK(hex<std::string>(of_file->signature) ==
        "9ec70fb4439c0f049d5953c96ce03db83ea9b095a42b22e027522c7c6238e8d6"
        "269a0c39017cbafbb29393be973c95d0c4a81ee83ebeba0714afc8a498735c0e");
  const auto words = credential_secret::of_passphrase(as_bytes("correct horse battery staple"));
  REQUIRE(words);
  const auto of_words = prove(drawn, *words);
  REQUIRE(of_words);
  CHECK(hex<std::string>(of_words->key) ==
        "ee260d0003000a798ca778f8a74303fa8f97fd9bf2e9a72ee04a824fb0f77ede");
  CHECK(hex<std::string>(of_words->signature) ==
        "f3aff1b995af84c466c4f969a5f6f904b526ab82a399042cff8b4e298067fd36"
        "c90b0bb666bfaec4c5eda28f77d8145b9d8c15777f8165f64e4d53c22a37f30f");
}
