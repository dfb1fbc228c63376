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
                          *workspace, shown));
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
