// Proofs of age: seen by two, worth something for what is agreed to from then on, and for nothing
// before.
#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::int64_t day = 86400;
const date grown_up{1984, 2, 29};
const date child{2019, 5, 1};

/// A shop that took somebody for a child who is none, and two people of it.
struct mistaken_shop : shop {
  session in = begin();
  session other = another(8, actor_role::privacy_officer);
  customer_id ann;

  explicit mistaken_shop(profile_id law = gdpr_profile().id) : shop(law) {
    REQUIRE(in.add_notice(notice_for(in)));
    ann = newcomer(child);
    REQUIRE_FALSE(reached());
  }
  customer_id newcomer(const date& born, const char* loyalty = "L-1") {
    customer record = ken(loyalty);
    REQUIRE(record.set(field::birth_date, born));
    const directive yes = grant_of(in, {recipient::self});
    const auto id =
        in.put(record, {.purposes = {purpose::email_marketing, purpose::customer_order_management},
                        .directives = {&yes, 1},
                        .without_basis = when_without_basis::leave_out});
    REQUIRE(id);
    return *id;
  }
  session another(std::uint32_t number, actor_role role) {
    auto out = opened->begin_session({.id = actor_id(number), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
  bool reached() { return shows(in.read(ann, purpose::email_marketing), field::emails); }
  result<recorded> agree() { return in.record(ann, grant_of(in, {recipient::self})); }
  consent_effect prove(const age_proof& seen) {
    const auto noted = in.note_age_proof(ann, seen);
    REQUIRE(noted);
    const auto done = other.confirm_age_proof(ann, *noted, seen);
    REQUIRE(done);
    clock_hand().seconds += 60;  // What is said then is not what was said before.
    return *done;
  }
  void restart() {
    auto again = book::open(store, cell, {.clock = {test_clock}, .longest_pause_days = 0});
    REQUIRE(again);
    opened = std::move(*again);
    in = begin();
    other = another(8, actor_role::privacy_officer);
  }
};

age_proof passport(const date& born) { return {.document = age_document::passport, .born = born}; }

}  // namespace

TEST_CASE("age proof: two people see it, and it opens nothing but what is agreed to afterwards") {
  mistaken_shop s;
  const auto noted = s.in.note_age_proof(s.ann, passport(grown_up));
  REQUIRE(noted);
  REQUIRE(s.agree());
  CHECK_FALSE(s.reached());
  clock_hand().seconds += 60;
  const auto done = s.other.confirm_age_proof(s.ann, *noted, passport(grown_up));
  REQUIRE(done);
  CHECK(done->opened.empty());
  CHECK(done->closed.empty());
  CHECK(s.in.ledger(s.ann)->back().event == ledger_event::correction);
  SUBCASE("by itself") {}
  SUBCASE("nor when states are compiled anew") { add_party(s.in, "post", recipient::processor); }
  SUBCASE("nor after a restart") { s.restart(); }
  SUBCASE("nor when somebody says no to something else") {
    directive no = withdrawal();
    no.kind = directive_kind::deny;
    no.scope.purposes = {purpose::sell_data_to_third_parties};
    REQUIRE(s.in.record(s.ann, no));
  }
  CHECK_FALSE(s.reached());
  clock_hand().seconds += 60;
  const auto effect = s.in.record_and_tell(s.ann, grant_of(s.in, {recipient::self}));
  REQUIRE(effect);
  CHECK_FALSE(effect->repeated);
  CHECK_FALSE(effect->opened.empty());
  CHECK(s.reached());
  s.restart();
  add_party(s.in, "bus", recipient::processor);
  CHECK(s.reached());
  CHECK(s.in.verify()->problems == 0);
}

TEST_CASE("age proof: what was said before it opens nothing, however late it is written down") {
  mistaken_shop s;
  // After all that was said, and before the proof.
  const timestamp before{clock_hand().seconds + 3600};
  clock_hand().seconds += day;
  s.prove(passport(grown_up));
  directive yes = grant_of(s.in, {recipient::self});
  yes.event_at = before;
  SUBCASE("by the customer") {}
  SUBCASE("of a list, under another document") {
    yes.channel = consent_channel::import;
    yes.evidence.hash = crypto::hash(as_bytes("another list"));
  }
  SUBCASE("by a guardian, of whom was taken for a child then") {
    yes.by = indicated_by::guardian;
    yes.evidence.hash = crypto::hash(as_bytes("a letter"));
    yes.scope.purposes = {purpose::cross_context_behavioural_advertising};
  }
  const auto noted = s.in.record_and_tell(s.ann, yes);
  REQUIRE(noted);
  CHECK(noted->opened.empty());
  CHECK_FALSE(s.reached());
  s.restart();
  add_party(s.in, "bus", recipient::processor);
  CHECK_FALSE(s.reached());
  REQUIRE(s.agree());
  CHECK(s.reached());
}

TEST_CASE("age proof: what was noted of a child waits no more") {
  mistaken_shop s;
  session seller = s.another(30, actor_role::associate);
  customer record = ken("L-7");
  REQUIRE(record.set(field::birth_date, child));
  const auto fresh = s.in.put(record, {.purposes = {purpose::customer_order_management},
                                       .without_basis = when_without_basis::leave_out});
  REQUIRE(fresh);
  s.ann = *fresh;
  const directive yes = grant_of(seller, {recipient::self});
  const auto noted = seller.record(s.ann, yes);
  REQUIRE(noted);
  REQUIRE(s.in.waiting(s.ann)->size() == 1);
  s.prove(passport(grown_up));
  CHECK(s.in.waiting(s.ann)->empty());
  const consent_evidence paper{.hash = crypto::hash(as_bytes("a form"))};
  CHECK(s.other.confirm(s.ann, noted->sequence, paper).error().code == errc::not_found);
  CHECK_FALSE(s.reached());
}

TEST_CASE("age proof: nobody sees it twice, and the second one sees the same") {
  mistaken_shop s;
  const auto noted = s.in.note_age_proof(s.ann, passport(grown_up));
  REQUIRE(noted);
  CHECK(s.in.confirm_age_proof(s.ann, *noted, passport(grown_up)).error().code ==
        errc::second_person_required);
  const auto refused = [&](std::uint32_t number, const age_proof& seen) {
    return s.other.confirm_age_proof(s.ann, number, seen).error().code;
  };
  age_proof card = passport(grown_up);
  card.document = age_document::identity_card;
  CHECK(refused(*noted, card) == errc::invalid_value);
  CHECK(refused(*noted, passport({1984, 3, 1})) == errc::invalid_value);
  CHECK(refused(*noted, {.document = age_document::passport, .at_least = 18}) ==
        errc::invalid_value);
  CHECK(refused(*noted, {.document = age_document::passport}) == errc::missing_field);
  CHECK(refused(*noted + 7, passport(grown_up)) == errc::not_found);
  CHECK(refused(1, passport(grown_up)) == errc::not_found);  // a consent
  session auditor = s.another(9, actor_role::auditor);
  CHECK(auditor.confirm_age_proof(s.ann, *noted, passport(grown_up)).error().code ==
        errc::role_denied);
  CHECK(auditor.note_age_proof(s.ann, passport(grown_up)).error().code == errc::role_denied);
  // None of that has done anything.
  REQUIRE(s.agree());
  CHECK_FALSE(s.reached());
  CHECK(s.other.age_proofs(s.ann)->size() == 1);
  REQUIRE(s.other.confirm_age_proof(s.ann, *noted, passport(grown_up)));
  CHECK(refused(*noted, passport(grown_up)) == errc::not_found);
  CHECK(s.other.age_proofs(s.ann)->empty());
}

TEST_CASE("age proof: what nobody can be born on, or says nothing, is refused") {
  mistaken_shop s;
  const std::size_t before = s.in.directives(s.ann)->size();
  const auto refused = [&](const age_proof& seen) {
    return s.in.note_age_proof(s.ann, seen).error().code;
  };
  const age_document card = age_document::identity_card;
  CHECK(refused({}) == errc::missing_field);
  CHECK(refused({.born = grown_up}) == errc::missing_field);
  CHECK(refused({.document = card}) == errc::missing_field);
  CHECK(refused({.document = static_cast<age_document>(99), .at_least = 18}) ==
        errc::invalid_value);
  CHECK(refused({.document = card, .born = grown_up, .at_least = 18}) == errc::invalid_value);
  CHECK(refused({.document = card, .at_least = 131}) == errc::invalid_value);
  for (const date& born : {date{0, 5, 1}, date{1700, 1, 1}, date{2900, 1, 1}, date{1985, 2, 29}}) {
    CHECK(refused({.document = card, .born = born}) == errc::invalid_value);
  }
  CHECK(s.in.directives(s.ann)->size() == before);
}

TEST_CASE("age proof: nobody writes one down as what somebody has decided") {
  mistaken_shop s;
  directive made;
  made.kind = directive_kind::proof_of_age;
  made.by = indicated_by::controller;
  made.event_at = clock_hand();
  made.age = {.document = age_document::passport, .born = grown_up};
  made.supersedes[0] = s.in.directives(s.ann)->front().id;
  CHECK(s.in.record(s.ann, made).error().code == errc::invalid_argument);
  CHECK(s.in.record_and_tell(s.ann, made).error().code == errc::invalid_argument);
  CHECK(s.in.put(ken("L-2"),
                 {.purposes = purpose::customer_order_management, .directives = {&made, 1}})
            .error()
            .code == errc::invalid_argument);
  REQUIRE(s.agree());
  CHECK_FALSE(s.reached());
}

TEST_CASE("age proof: a younger age that somebody tells later counts again") {
  mistaken_shop s;
  s.prove(passport(grown_up));
  REQUIRE(s.agree());
  REQUIRE(s.reached());
  SUBCASE("told") { REQUIRE(s.in.note_birth_date(s.ann, child)); }
  SUBCASE("by a file") {
    customer record;
    REQUIRE(record.set(field::birth_date, child));
    REQUIRE(s.in.merge(
        s.ann, record,
        {.purposes = purpose::email_marketing, .without_basis = when_without_basis::leave_out},
        merge_rule::complete));
  }
  SUBCASE("who is still no adult") { REQUIRE(s.in.note_birth_date(s.ann, {2014, 1, 1})); }
  CHECK_FALSE(s.reached());
  REQUIRE(s.agree());
  CHECK_FALSE(s.reached());
  // And is proven once more.
  s.prove(passport(grown_up));
  CHECK_FALSE(s.reached());
  REQUIRE(s.agree());
  CHECK(s.reached());
}

TEST_CASE("age proof: the file that was wrong says nothing new the next day") {
  mistaken_shop s;
  s.prove(passport(grown_up));
  REQUIRE(s.agree());
  REQUIRE(s.reached());
  const auto read_file = [&](const date& told) {
    customer record;
    REQUIRE(record.set(field::birth_date, told));
    REQUIRE(s.in.merge(s.ann, record,
                       {.purposes = purpose::email_marketing,
                        .without_basis = when_without_basis::leave_out,
                        .source = field_source::file},
                       merge_rule::renew));
  };
  session nightly = s.another(9, actor_role::service);
  for (int night = 0; night < 3; ++night) {
    clock_hand().seconds += day;
    read_file(child);
    REQUIRE(nightly.note_birth_date(s.ann, child));
    CHECK(s.reached());
  }
  s.restart();
  add_party(s.in, "bus", recipient::processor);
  CHECK(s.reached());
  // Another day is news, and so is what a person says.
  SUBCASE("another day") { read_file({2014, 1, 1}); }
  SUBCASE("a person") { REQUIRE(s.in.note_birth_date(s.ann, child)); }
  CHECK_FALSE(s.reached());
}

TEST_CASE("age proof: a yes of the same second as a void one is said anew") {
  mistaken_shop s;
  directive yes = grant_of(s.in, {recipient::self});
  yes.event_at = clock_hand();
  REQUIRE(s.in.record(s.ann, yes));
  CHECK_FALSE(s.reached());
  const auto noted = s.in.note_age_proof(s.ann, passport(grown_up));
  REQUIRE(noted);
  REQUIRE(s.other.confirm_age_proof(s.ann, *noted, passport(grown_up)));
  CHECK_FALSE(s.reached());
  yes.id = {};
  const auto again = s.in.record_and_tell(s.ann, yes);
  REQUIRE(again);
  CHECK_FALSE(again->repeated);
  CHECK_FALSE(again->opened.empty());
  CHECK(s.reached());
  yes.id = {};
  CHECK(s.in.record(s.ann, yes)->repeated);
}

TEST_CASE("notice: a yes that was said under one which was withdrawn is not taken as said") {
  mistaken_shop s;
  const customer_id bob = s.newcomer(grown_up, "L-2");
  directive yes = grant_of(s.in, {recipient::self});
  REQUIRE(s.in.record(bob, yes));
  REQUIRE(s.in.withdraw_notice(yes.notice.id));
  yes.id = {};
  const std::size_t before = s.in.directives(bob)->size();
  CHECK(s.in.record(bob, yes).error().code == errc::unknown_notice);
  CHECK(s.in.directives(bob)->size() == before);
}

TEST_CASE("age proof: one that waits is over after its days, or when a younger age is told") {
  mistaken_shop s;
  const auto noted = s.in.note_age_proof(s.ann, passport(grown_up));
  REQUIRE(noted);
  CHECK(s.in.note_age_proof(s.ann, passport(grown_up))->repeated);
  SUBCASE("its days") { clock_hand().seconds += noted_consent_days * day; }
  SUBCASE("a younger age") { REQUIRE(s.in.note_birth_date(s.ann, {2021, 1, 1})); }
  CHECK(s.other.confirm_age_proof(s.ann, *noted, passport(grown_up)).error().code ==
        errc::invalid_state);
  REQUIRE(s.agree());
  CHECK_FALSE(s.reached());
}

TEST_CASE("age proof: an age alone counts from the day on which it was told") {
  mistaken_shop s;
  const age_proof seen{.document = age_document::driving_licence, .at_least = 16};
  const auto noted = s.in.note_age_proof(s.ann, seen);
  REQUIRE(noted);
  clock_hand().seconds += 20 * day;
  REQUIRE(s.other.confirm_age_proof(s.ann, *noted, seen));
  REQUIRE(s.agree());
  CHECK(s.reached());
}

TEST_CASE("age proof: one of a child leaves a child, and makes nobody older than it says") {
  mistaken_shop s;
  s.prove(passport({2017, 5, 1}));
  REQUIRE(s.agree());
  CHECK_FALSE(s.reached());
}

TEST_CASE("age proof: who is older than a guardian took them for ends what the guardian said") {
  mistaken_shop s;
  directive no = withdrawal();
  no.kind = directive_kind::deny;
  no.by = indicated_by::guardian;
  REQUIRE(s.in.record(s.ann, no));
  directive own = grant_of(s.in, {recipient::self});
  own.evidence.hash.fill(std::byte{1});
  own.supersedes[0] = s.in.directives(s.ann)->back().id;
  CHECK(s.in.record(s.ann, own).error().code == errc::invalid_state);
  s.prove(passport(grown_up));
  CHECK_FALSE(s.reached());
  own.event_at = clock_hand();
  REQUIRE(s.in.record(s.ann, own));
  CHECK(s.reached());
}

TEST_CASE("age proof: no call tells the day, and the history says that it was seen by two") {
  mistaken_shop s;
  s.prove(passport(grown_up));
  const auto all = s.in.directives(s.ann);
  REQUIRE(all);
  REQUIRE(all->size() == 3);
  for (const directive& one : *all) {
    CHECK(one.age.born == date{});
    CHECK(one.age.believed == date{});
  }
  CHECK_FALSE(proves_age((*all)[1]));
  CHECK(proves_age((*all)[2]));
  CHECK((*all)[2].recorder == actor_id(8));
}

TEST_CASE("notice: what a withdrawal would end is counted, and of a few it is not told how many") {
  mistaken_shop s;
  const notice_id first = s.in.notices()->front().id;
  CHECK(s.in.consents_under(notice_id(99)).error().code == errc::unknown_notice);
  CHECK(s.other.consents_under(first)->few);  // the mistaken one's
  REQUIRE(s.in.record(s.ann, withdrawal()));
  auto rest = s.in.consents_under(first);
  REQUIRE(rest);
  CHECK_FALSE(rest->few);
  CHECK(rest->customers == 0);
  for (unsigned i = 0; i < customer_count::least_told; ++i) {
    s.newcomer(grown_up, ("L-1" + std::to_string(i)).c_str());
    rest = s.in.consents_under(first);
    REQUIRE(rest);
    const bool told = i + 1 == customer_count::least_told;
    CHECK(rest->few != told);
    CHECK(rest->customers == (told ? customer_count::least_told : 0));
  }
  session manager = s.another(9, actor_role::manager);
  CHECK(manager.consents_under(first).error().code == errc::role_denied);
  REQUIRE(s.in.withdraw_notice(first));
  CHECK(s.in.consents_under(first)->customers == 0);
}
