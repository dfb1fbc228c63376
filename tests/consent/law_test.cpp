// What the built-in law profiles say about a shop's work, where it is a rule of the compiler and
// not a row alone. Situations of a shop, with their articles: docs/situations.md.
#include <clientbook/consent/preview.hpp>
#include <clientbook/consent/recipient_needs.hpp>

#include "consent_fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr field_id mail = field::emails;
const category_set contact{category::name, category::email_address};

struct working_shop : shop {
  recipient_id mailer = add("Cloud Mail", recipient::processor);

  recipient_id add_without_contract(const char* name) {
    recipient_party party;
    party.party_class = recipient::processor;
    party.name = short_text<64>(name);
    party.country = {'D', 'E'};
    return *registry.add(party);
  }

  working_shop() { notices[0] = wide_notice(1, registry.version()); }

  bool handed(recipient_id to, purpose_id purpose = purpose::email_marketing) const {
    return permitted(purpose, to, operation::disclose).has(mail);
  }
};

}  // namespace

TEST_CASE("law: a processor stands on the shop's ground with a contract, and on nothing else") {
  working_shop one;
  CHECK(one.handed(one.mailer, purpose::customer_order_management));
  CHECK(one.why(purpose::customer_order_management, field::emails, one.mailer, operation::disclose)
            .code == decision_code::basis);
  CHECK_FALSE(one.handed(one.mailer));

  one.say(directive_kind::grant, scope_of({purpose::email_marketing}, {recipient::self}, contact));
  CHECK(one.handed(one.mailer));
  CHECK(one.permitted(purpose::email_marketing, one.mailer, operation::use).has(mail));
  SUBCASE("without a contract") {
    const recipient_id other = one.add_without_contract("Handshake Mail");
    CHECK_FALSE(one.handed(other, purpose::customer_order_management));
    CHECK_FALSE(one.handed(other));
    // Also under a law of somebody's own that forgets to ask for one.
    law_profile forgetful = gdpr_profile();
    forgetful.obligations = {};
    one.profile = &forgetful;
    CHECK(one.handed(one.mailer, purpose::customer_order_management));
    CHECK_FALSE(one.handed(other, purpose::customer_order_management));
  }
  SUBCASE("who joins later has the law's ground, and no consent given before") {
    const recipient_id later = one.add("New Mail", recipient::processor);
    CHECK(one.handed(later, purpose::customer_order_management));
    CHECK_FALSE(one.handed(later));
  }
  SUBCASE("not for a purpose that the shop itself has not") {
    CHECK_FALSE(one.handed(one.mailer, purpose::sell_data_to_third_parties));
    CHECK_FALSE(one.handed(one.mailer, purpose::personalisation));
  }
  SUBCASE("nobody else does") {
    CHECK_FALSE(one.handed(one.partner));
    CHECK_FALSE(one.handed(one.parcels));
    CHECK_FALSE(one.handed(one.parcels, purpose::customer_order_management));
    CHECK_FALSE(one.handed(recipient::processor));  // a class is nobody with a contract
  }
  SUBCASE("under every profile") {
    for (const law_profile* law : {&strict_profile(), &us_profile(), &us_ca_profile()}) {
      one.profile = law;
      CHECK(one.handed(one.mailer));
    }
  }
}

TEST_CASE("law: what the shop may not, nobody may for the shop") {
  working_shop one;
  one.say(directive_kind::grant, scope_of({purpose::email_marketing}, {recipient::self}, contact));
  REQUIRE(one.handed(one.mailer));
  for (const directive_kind kind : {directive_kind::withdraw, directive_kind::deny}) {
    for (const operation_set& named : {operation_set{operation::use}, all_operations}) {
      working_shop closed = one;
      closed.say(kind, scope_of({purpose::email_marketing}, {recipient::self}, contact, named));
      CHECK_FALSE(closed.handed(closed.mailer));
      CHECK(closed.permitted(purpose::email_marketing, closed.mailer).empty());
    }
  }
  SUBCASE("what is used may still go to whom the customer named") {
    one.say(directive_kind::grant,
            scope_of({purpose::email_marketing}, {one.partner}, contact, {operation::disclose}));
    one.say(directive_kind::deny, scope_of({purpose::email_marketing}, {recipient::any}, contact));
    CHECK(one.handed(one.partner));
    CHECK_FALSE(one.handed(one.mailer));
  }
}

TEST_CASE("law: a preview of a consent names the processors that it opens") {
  working_shop one;
  struct seen final : preview_sink {
    std::vector<preview_cell> cells;
    void cell(const preview_cell& opened) noexcept override { cells.push_back(opened); }
  } shown;
  const directive asked = one.make(
      directive_kind::grant, scope_of({purpose::email_marketing}, {recipient::self}, contact));
  const auto workspace = std::make_unique<preview_workspace>();
  REQUIRE(preview_consent(one.said, asked, one.notices[0], one.environment(), one.subject, one.now,
                          clock_confidence::trusted, *workspace, shown));
  one.say(asked);
  bool handed = false;
  for (const preview_cell& each : shown.cells) {
    CHECK((one.permitted(each.purpose, each.recipient, each.operation) & each.fields) ==
          each.fields);
    handed |= each.recipient == one.mailer && each.operation == operation::disclose;
  }
  CHECK(handed);
}

TEST_CASE("law: an objection to direct marketing reaches all its forms") {
  const purpose_id forms[] = {
      purpose::email_marketing,      purpose::birthday_greeting,
      purpose::special_day_reminder, purpose::personalisation,
      purpose::loyalty_programme,    purpose::provide_product_recommendations};
  for (const law_profile* law :
       {&strict_profile(), &gdpr_profile(), &us_profile(), &us_ca_profile()}) {
    CAPTURE(law->name);
    shop one;
    one.profile = law;
    consent_scope wanted = scope_of({purpose::client_care}, {recipient::self}, contact);
    for (const purpose_id each : forms) wanted.purposes.add(each);
    one.say(directive_kind::grant, wanted);
    for (const purpose_id each : forms) CHECK(one.permitted(each).has(mail));
    SUBCASE("itself") {
      one.say(directive_kind::object, scope_of({purpose::direct_marketing}, {recipient::any},
                                               all_categories(), all_operations));
      for (const purpose_id each : forms) CHECK(one.permitted(each).empty());
      CHECK(one.permitted(purpose::client_care).has(mail));  // advice in the shop is none
    }
    SUBCASE("one of them alone") {
      one.say(directive_kind::object, scope_of({purpose::birthday_greeting}, {recipient::any},
                                               all_categories(), all_operations));
      CHECK(one.permitted(purpose::birthday_greeting).empty());
      CHECK(one.permitted(purpose::email_marketing).has(mail));
    }
  }
}

TEST_CASE("law: the limit of the CPRA reaches sensitive data only") {
  shop one;
  one.fields.push_back({field_id(60), {category::health}});
  one.profile = &us_ca_profile();
  directive all = one.make(directive_kind::grant,
                           scope_of({purpose::client_care}, {recipient::self}, all_categories()));
  all.strength = consent_strength::explicit_;
  one.say(all);
  one.say(directive_kind::restrict, everything());
  const field_set open = one.permitted(purpose::client_care);
  CHECK(!open.has(field_id(60)));
  CHECK(open.has(mail));
  CHECK(one.permitted(purpose::customer_order_management).has(mail));
  one.profile = &gdpr_profile();  // there a restriction leaves storing
  CHECK(one.permitted(purpose::client_care).empty());
}

TEST_CASE("law: the age that counts is that of where the customer lives") {
  shop one;
  one.say(directive_kind::grant, scope_of({purpose::email_marketing}, {recipient::self}, contact));
  const auto open = [&one](std::uint8_t age, country_code where) {
    one.subject.age = age;
    one.subject.residence = where;
    return one.permitted(purpose::email_marketing).has(mail);
  };
  one.said[0].channel = consent_channel::web;
  CHECK(open(14, {'A', 'T'}));
  CHECK_FALSE(open(13, {'A', 'T'}));
  CHECK_FALSE(open(15, {'D', 'E'}));
  CHECK(open(16, {'D', 'E'}));
  CHECK_FALSE(open(15, {}));
  CHECK_FALSE(open(15, {'X', 'X'}));  // of whom the law says nothing, it says the strictest
  CHECK(open(16, {}));
}

TEST_CASE("law: what a recipient's entry lacks is known before anything is denied for it") {
  const country_code countries[] = {{'D', 'E'}, {'U', 'S'}};
  int lacking = 0;
  for (const law_profile* law :
       {&strict_profile(), &gdpr_profile(), &us_profile(), &us_ca_profile()}) {
    all_recipient_classes().for_each([&](recipient_id party_class) {
      for (unsigned filled = 0; filled < 16; ++filled) {
        recipient_party party;
        party.party_class = party_class;
        party.name = short_text<64>("Somebody");
        party.country = countries[filled & 1U];
        if ((filled & 2U) != 0) party.contract = short_text<32>("C-9");
        if ((filled & 4U) != 0) party.onward = onward_rule::forbidden;
        if ((filled & 8U) != 0) party.transfer = transfer_basis::standard_clauses;
        shop one;
        one.profile = law;
        const auto id = one.registry.add(party);
        if (!id) continue;  // the shop itself, and everybody, are no parties
        one.notices[0] = shop::wide_notice(1, one.registry.version());
        directive agreed =
            one.make(directive_kind::grant,
                     scope_of({purpose::email_marketing}, {*id}, contact, {operation::disclose}));
        agreed.strength = consent_strength::explicit_;
        one.say(agreed);
        CAPTURE(law->name);
        CAPTURE(facts(party_class)->name);
        CAPTURE(filled);
        const recipient_needs needs = needs_of(*law, party);
        const bool goes =
            one.permitted(purpose::email_marketing, *id, operation::disclose).has(mail);
        CHECK(goes == needs.nothing());
        lacking += needs.nothing() ? 0 : 1;
        // Once what is named is filled in, nothing is lacking.
        if (needs.contract) party.contract = short_text<32>("C-9");
        if (needs.onward) party.onward = onward_rule::forbidden;
        if (needs.transfer) party.transfer = transfer_basis::standard_clauses;
        CHECK(needs_of(*law, party).nothing());
      }
    });
  }
  CHECK(lacking > 100);
}

namespace {

directive moved(shop& one, country_code where, indicated_by by, bool evidence) {
  directive said = one.make(directive_kind::move, {});
  said.scope = {};
  said.by = by;
  said.jurisdiction = one.profile->id;
  said.residence = where;
  if (!evidence) said.evidence = {};
  return said;
}

}  // namespace

TEST_CASE("law: from what age one agrees alone depends on the kind of service") {
  const consent_scope news = scope_of({purpose::email_marketing}, {recipient::self}, contact);
  const auto open = [&](const char* state, std::uint8_t age, consent_channel how) {
    shop one;
    one.subject.age = age;
    one.subject.residence = {state[0], state[1]};
    directive agreed = one.make(directive_kind::grant, news);
    agreed.channel = how;
    one.say(agreed);
    return one.permitted(purpose::email_marketing).has(mail);
  };
  using how = consent_channel;
  for (const how online : {how::web, how::signal_tcf}) {
    CHECK(open("BE", 13, online));
    CHECK_FALSE(open("BE", 12, online));
    CHECK(open("ES", 14, online));
  }
  for (const how in_shop : {how::point_of_sale, how::paper}) {
    CHECK(open("BE", 16, in_shop));
    CHECK_FALSE(open("BE", 15, in_shop));
    CHECK(open("ES", 14, in_shop));  // its law sets one age for both
    CHECK_FALSE(open("ES", 13, in_shop));
  }
  // Also a rule that holds in every state.
  law_profile own = gdpr_profile();
  std::vector<age_rule> ages(own.ages.begin(), own.ages.end());
  age_rule everywhere;
  everywhere.below = 18;
  everywhere.purposes = {purpose::email_marketing};
  everywhere.services = std::uint8_t{1U << static_cast<unsigned>(service_kind::in_shop)};
  ages.push_back(everywhere);
  own.ages = ages;
  for (const how said : {how::web, how::paper}) {
    shop one;
    one.profile = &own;
    one.subject.age = std::uint8_t{17};
    directive agreed = one.make(directive_kind::grant, news);
    agreed.channel = said;
    one.say(agreed);
    CHECK(one.permitted(purpose::email_marketing).has(mail) == (said == how::web));
  }
  // Of which kind it was, nobody knows: the stricter.
  for (const how unknown : {how::other, how::phone, how::import}) {
    CHECK(open("BE", 16, unknown));
    CHECK_FALSE(open("BE", 15, unknown));
    CHECK(open("ES", 14, unknown));
  }
}

TEST_CASE("law: advertising by profiles is closed to minors, whoever agrees") {
  const consent_scope ads =
      scope_of({purpose::personalised_advertising}, {recipient::self}, contact);
  for (const law_profile* law : {&gdpr_profile(), &strict_profile()}) {
    for (const indicated_by by : {indicated_by::subject, indicated_by::guardian}) {
      shop one;
      one.profile = law;
      one.subject.age = std::uint8_t{17};
      directive agreed = one.make(directive_kind::grant, ads);
      agreed.by = by;
      agreed.strength = consent_strength::explicit_;
      one.say(agreed);
      CHECK_FALSE(one.permitted(purpose::personalised_advertising).has(mail));
      one.subject.age = std::uint8_t{18};
      CHECK(one.permitted(purpose::personalised_advertising).has(mail));
    }
  }
}

TEST_CASE("law: a state counts that is known for sure, for what is agreed from then on") {
  const consent_scope news = scope_of({purpose::email_marketing}, {recipient::self}, contact);
  shop one;
  one.subject.age = std::uint8_t{14};
  const auto agree = [&] {
    directive agreed = one.make(directive_kind::grant, news);
    agreed.channel = consent_channel::web;
    one.say(agreed);
    return one.permitted(purpose::email_marketing).has(mail);
  };
  SUBCASE("nobody has said where: the strictest") { CHECK_FALSE(agree()); }
  SUBCASE("an address opens nothing") {
    one.say(moved(one, {'A', 'T'}, indicated_by::controller, false));
    CHECK_FALSE(agree());
  }
  SUBCASE("their own word does, and an officer's with evidence") {
    for (const indicated_by by : {indicated_by::subject, indicated_by::controller}) {
      one.said.clear();
      one.say(moved(one, {'A', 'T'}, by, by == indicated_by::controller));
      CHECK(agree());
    }
  }
  SUBCASE("what is learnt later revives none that was void, and ends none that was not") {
    CHECK_FALSE(agree());
    one.say(moved(one, {'A', 'T'}, indicated_by::subject, false));
    CHECK_FALSE(one.permitted(purpose::email_marketing).has(mail));
    CHECK(agree());
    one.say(moved(one, {'D', 'E'}, indicated_by::subject, false));
    CHECK(one.permitted(purpose::email_marketing).has(mail));
    one.say(directive_kind::withdraw, everything());
    CHECK_FALSE(agree());
  }
  SUBCASE("an address elsewhere makes it unknown again, one that agrees does not") {
    one.say(moved(one, {'A', 'T'}, indicated_by::subject, false));
    one.say(moved(one, {'A', 'T'}, indicated_by::controller, false));
    CHECK(agree());
    one.say(directive_kind::withdraw, everything());
    one.say(moved(one, {'B', 'E'}, indicated_by::controller, false));
    CHECK_FALSE(agree());
  }
  SUBCASE("a state of another law is none of this one") {
    directive there = moved(one, {'C', 'A'}, indicated_by::subject, false);
    there.jurisdiction = us_ca_profile().id;
    one.say(moved(one, {'A', 'T'}, indicated_by::subject, false));
    there.sequence = 2;
    there.id = id_of(2);
    one.say(there);
    CHECK_FALSE(agree());
  }
}

TEST_CASE("law: a move that is written down late is no later than it was said") {
  const consent_scope news = scope_of({purpose::email_marketing}, {recipient::self}, contact);
  shop one;
  one.subject.age = std::uint8_t{14};
  const auto says = [&](state_code state, std::int64_t at) {
    directive said = moved(one, state, indicated_by::subject, false);
    said.event_at = timestamp{at};
    one.say(said);
  };
  const auto agree = [&](std::int64_t at) {
    directive agreed = one.make(directive_kind::grant, news);
    agreed.channel = consent_channel::web;
    agreed.event_at = timestamp{at};
    one.say(agreed);
    return one.permitted(purpose::email_marketing).has(mail);
  };
  SUBCASE("the last word is the last that was said") {
    says({'D', 'E'}, 2000);
    says({'A', 'T'}, 1000);
    CHECK_FALSE(agree(3000));
  }
  SUBCASE("also where it opens") {
    says({'A', 'T'}, 2000);
    says({'D', 'E'}, 1000);
    CHECK(agree(3000));
  }
  SUBCASE("and a clock that was ahead makes none the last") {
    directive ahead = moved(one, {'A', 'T'}, indicated_by::subject, false);
    ahead.event_at = ahead.recorded_at = timestamp{9000};
    one.say(ahead);
    directive right = moved(one, {'D', 'E'}, indicated_by::subject, false);
    right.event_at = right.recorded_at = timestamp{2000};
    one.say(right);
    CHECK_FALSE(agree(3000));
  }
}

TEST_CASE("law: of a consent that is written down after a move nobody knows where it was given") {
  const consent_scope news = scope_of({purpose::email_marketing}, {recipient::self}, contact);
  for (const bool worked_until : {false, true}) {
    shop one;
    if (!worked_until) one.subject.age = std::uint8_t{14};
    directive before = moved(one, {'D', 'E'}, indicated_by::controller, true);
    if (worked_until) before.works_here = employment::employed;
    before.event_at = timestamp{1000};
    one.say(before);
    directive since = moved(one, {'A', 'T'}, indicated_by::controller, true);
    if (worked_until) since.works_here = employment::ended;
    since.event_at = timestamp{3000};
    one.say(since);
    directive agreed = one.make(directive_kind::grant, news);
    agreed.channel = consent_channel::web;
    agreed.event_at = timestamp{2000};
    one.say(agreed);
    CHECK_FALSE(one.permitted(purpose::email_marketing).has(mail));
    agreed = one.make(directive_kind::grant, news);
    agreed.channel = consent_channel::web;
    agreed.event_at = timestamp{4000};
    one.say(agreed);
    CHECK(one.permitted(purpose::email_marketing).has(mail));
  }
}

TEST_CASE("law: of who works for the shop a consent counts that is explicit and has evidence") {
  const consent_scope care = scope_of({purpose::client_care}, {recipient::self}, contact);
  for (const law_profile* law :
       {&gdpr_profile(), &strict_profile(), &us_profile(), &us_ca_profile()}) {
    shop one;
    one.profile = law;
    const auto agree = [&](consent_strength strength, bool evidence) {
      directive agreed = one.make(directive_kind::grant, care);
      agreed.strength = strength;
      if (!evidence) agreed.evidence = {};
      one.say(agreed);
      const bool open = one.permitted(purpose::client_care).has(mail);
      one.say(directive_kind::revoke, care);
      return open;
    };
    const auto works = [&](employment what) {
      directive said = moved(one, {}, indicated_by::controller, what == employment::ended);
      said.works_here = what;
      one.say(said);
    };
    CAPTURE(law->name);
    one.say(directive_kind::grant, care);
    works(employment::employed);
    CHECK(one.permitted(purpose::client_care).has(mail));  // it was given before, freely
    one.say(directive_kind::revoke, care);
    CHECK_FALSE(agree(consent_strength::expressed, true));
    CHECK_FALSE(agree(consent_strength::explicit_, false));
    CHECK(agree(consent_strength::explicit_, true));
    works(employment::ended);
    CHECK(agree(consent_strength::expressed, false));
  }
  shop one;
  directive gone = moved(one, {}, indicated_by::subject, true);
  gone.works_here = employment::ended;
  CHECK(check(gone).error().code == errc::missing_field);  // not by the employee's own word
  gone.by = indicated_by::controller;
  CHECK(check(gone));
  gone.evidence = {};
  CHECK(check(gone).error().code == errc::missing_field);
  directive elsewhere = one.make(directive_kind::deny, everything());
  elsewhere.works_here = employment::employed;
  CHECK(check(elsewhere).error().code == errc::invalid_value);
  elsewhere.works_here = employment::unsaid;
  elsewhere.residence = {'D', 'E'};
  CHECK(check(elsewhere).error().code == errc::invalid_value);
}

TEST_CASE("law: what is prohibited for children stays so for what was agreed to before a proof") {
  const purpose_id sale = purpose::sell_data_to_third_parties;
  const consent_scope to_us = scope_of({sale}, {recipient::self}, contact);
  shop one;
  const date child{static_cast<std::int16_t>(date_of(one.now).year - 8), 1, 1};
  const date adult{1980, 1, 1};
  one.subject.born = child;
  const auto agree = [&](indicated_by by) {
    directive yes = one.make(directive_kind::grant, to_us);
    yes.by = by;
    yes.strength = consent_strength::explicit_;
    one.say(yes);
  };
  const auto prove = [&](const date& believed) {
    directive noted = one.make(directive_kind::proof_of_age, {});
    noted.by = indicated_by::controller;
    noted.age = {.document = age_document::passport, .born = adult};
    one.say(noted);
    directive seen = one.make(directive_kind::proof_of_age, {});
    seen.by = indicated_by::controller;
    seen.supersedes[0] = noted.id;
    seen.age = {.document = age_document::passport, .born = adult, .believed = believed};
    one.say(seen);
    one.subject.born = adult;
  };
  agree(indicated_by::guardian);
  CHECK(one.why(sale, mail).code == decision_code::legal_prohibition);
  prove(child);
  CHECK(one.why(sale, mail).code == decision_code::legal_prohibition);
  SUBCASE("and for nothing that they agree to afterwards") {
    agree(indicated_by::subject);
    CHECK(one.permitted(sale).has(mail));
    one.say(directive_kind::withdraw, to_us);
    CHECK(one.why(sale, mail).code == decision_code::legal_prohibition);
  }
  SUBCASE("but for what comes before the next proof, of who was told to be younger since") {
    agree(indicated_by::subject);
    prove(child);
    CHECK(one.why(sale, mail).code == decision_code::legal_prohibition);
    agree(indicated_by::subject);
    CHECK(one.permitted(sale).has(mail));
  }
  SUBCASE("a note alone makes nobody older") {
    one.said.pop_back();
    one.subject.born = child;
    agree(indicated_by::subject);
    CHECK(one.why(sale, mail).code == decision_code::legal_prohibition);
  }
}

TEST_CASE("directive: a proof of age says what was seen, and nothing else") {
  shop one;
  directive seen = one.make(directive_kind::proof_of_age, {});
  seen.by = indicated_by::controller;
  seen.age = {.document = age_document::passport, .born = {1980, 2, 29}, .believed = {2019, 5, 1}};
  seen.supersedes[0].bytes[0] = std::byte{7};
  std::array<std::byte, max_directive_bytes> room;
  const auto bytes = encode_directive(seen, room);
  REQUIRE(bytes);
  const auto read = decode_directive(*bytes);
  REQUIRE(read);
  CHECK(*read == seen);
  errc wanted = errc::invalid_value;
  SUBCASE("no document") {
    seen.age.document = age_document::none;
    wanted = errc::missing_field;
  }
  SUBCASE("no such document") { seen.age.document = static_cast<age_document>(99); }
  SUBCASE("no day") {
    seen.age.born = {0, 2, 29};
    wanted = errc::missing_field;
  }
  SUBCASE("a day that the calendar has not") {
    seen.age.born = {1981, 2, 29};
    wanted = errc::missing_field;
  }
  SUBCASE("no such day before") { seen.age.believed = {2019, 2, 30}; }
  SUBCASE("the customer's own word") { seen.by = indicated_by::subject; }
  SUBCASE("two that it names") { seen.supersedes[1].bytes[0] = std::byte{8}; }
  SUBCASE("about cells too") { seen.scope.purposes.add(purpose::marketing); }
  SUBCASE("of another kind") { seen.kind = directive_kind::request; }
  CHECK(check(seen).error().code == wanted);
}

TEST_CASE("law: who has grown up ends what a guardian refused for the child, and nobody before") {
  const consent_scope care = scope_of({purpose::client_care}, {recipient::self}, contact);
  shop one;
  const date today = date_of(one.now);
  const auto born = [&](int years) {
    return date{static_cast<std::int16_t>(today.year - years), today.month, today.day};
  };
  const auto ended = [&](const date& birth, directive_kind how, int years_ago) {
    one.said.clear();
    one.subject.born = birth;
    directive no = one.make(directive_kind::deny, care);
    no.by = indicated_by::guardian;
    no.event_at.seconds -= std::int64_t{years_ago} * 366 * 86400;
    one.say(no);
    directive own = one.make(directive_kind::grant, care);
    if (how == directive_kind::grant) own.supersedes[0] = no.id;
    one.say(own);
    if (how == directive_kind::lift) {
      directive lifted = one.make(directive_kind::lift, care);
      lifted.supersedes[0] = no.id;
      one.say(lifted);
    }
    return one.permitted(purpose::client_care).has(mail);
  };
  for (const directive_kind how : {directive_kind::grant, directive_kind::lift}) {
    CHECK(ended(born(17), how, 4));        // 13 then, 17 now
    CHECK_FALSE(ended(born(15), how, 4));  // still a child
    // Of age when the guardian spoke: that is no matter of age.
    CHECK_FALSE(ended(born(30), how, 4));
  }
  SUBCASE("a child's lift uncovers nothing that a guardian agreed to before") {
    one.subject.born = born(14);
    directive yes = one.make(directive_kind::grant, care);
    yes.by = indicated_by::guardian;
    one.say(yes);
    directive no = one.make(directive_kind::deny, care);
    no.by = indicated_by::guardian;
    one.say(no);
    directive lifted = one.make(directive_kind::lift, care);
    lifted.supersedes[0] = no.id;
    one.say(lifted);
    CHECK_FALSE(one.permitted(purpose::client_care).has(mail));
  }
  SUBCASE("not where nobody knows the birth date") {
    one.subject.born.reset();
    one.subject.age = std::uint8_t{17};
    directive no = one.make(directive_kind::deny, care);
    no.by = indicated_by::guardian;
    one.say(no);
    directive own = one.make(directive_kind::grant, care);
    own.supersedes[0] = no.id;
    one.say(own);
    CHECK_FALSE(one.permitted(purpose::client_care).has(mail));
  }
  SUBCASE("not before the birthday, should the clock have been ahead") {
    for (const directive_kind how : {directive_kind::grant, directive_kind::lift}) {
      CHECK(ended(born(16), how, 4));
      decision_request earlier = one.request(purpose::client_care);
      earlier.now.seconds -= 3 * 86400;
      CHECK_FALSE(one.ask(earlier).permitted.has(mail));
    }
  }
}
