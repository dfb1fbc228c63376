#include "consent_fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;
using kind = directive_kind;

namespace {

const category_set name_and_email{category::name, category::email_address};

}  // namespace

TEST_CASE("evaluate: without a state everything is denied") {
  decision_request request;
  request.purpose = purpose::email_marketing;
  const record_decision decision = evaluate({}, request);
  CHECK(decision.permitted.empty());
  CHECK(decision.decided[0] == request.fields);
  CHECK(explain({}, request, field::name).code == decision_code::unknown_subject);
}

TEST_CASE("evaluate: with nothing said, only what the law demands or the contract needs") {
  shop s;
  CHECK(s.permitted(purpose::email_marketing).empty());
  CHECK(s.permitted(purpose::client_care).empty());
  const field_set delivery =
      s.permitted(purpose::delivery_of_goods, s.parcels, operation::disclose);
  CHECK(delivery == (bit(field::name) | bit(field::addresses) | bit(field::phones)));
  CHECK(s.permitted(purpose::delivery_of_goods, s.partner, operation::disclose).empty());
  const field_set order = s.permitted(purpose::service_provision);
  CHECK(order.has(field::name));
  CHECK(order.has(field::purchases));
  CHECK(!order.has(field::likes));
  CHECK(s.permitted(purpose::tax_record_keeping).has(field::purchases));
  CHECK(s.permitted(purpose::service_provision, recipient::self, operation::collect)
            .has(field::emails));
  for (const purpose_id sale :
       {purpose::sell_data_to_third_parties, purpose::sell_insights_from_data}) {
    for (const recipient_id to : {recipient::self, s.partner, s.broker, recipient::third_party}) {
      for (const operation_id what : {operation::use, operation::disclose, operation::sell}) {
        CHECK(s.permitted(sale, to, what).empty());
      }
    }
  }
  s.profile = &strict_profile();
  CHECK(s.permitted(purpose::service_provision).empty());
  CHECK(s.permitted(purpose::delivery_of_goods, s.parcels, operation::disclose).empty());
  CHECK_FALSE(s.permitted(purpose::rights_fulfilment).empty());
}

TEST_CASE("evaluate: e-mail promotions reach whom the customer named, never a broker or a sale") {
  shop s;
  const auto disclose = operation::disclose;
  SUBCASE("0 refuses") {
    s.say(make_email_promotion(email_promotion::none, s.notices.front(), {.id = id_of(1)}))
        .sequence = 1;
    CHECK(s.permitted(purpose::email_marketing).empty());
    CHECK(s.why(purpose::email_marketing, field::emails).code == decision_code::denied_by);
  }
  SUBCASE("1 grants to the shop") {
    s.say(make_email_promotion(email_promotion::shop, s.notices.front(), {.id = id_of(1)}))
        .sequence = 1;
    CHECK(s.permitted(purpose::email_marketing) == (bit(field::name) | bit(field::emails)));
    CHECK(s.permitted(purpose::email_marketing, s.partner, disclose).empty());
    CHECK(s.why(purpose::email_marketing, field::emails).code == decision_code::granted_by);
  }
  SUBCASE("2 grants to selected partners too") {
    s.say(make_email_promotion(email_promotion::shop_and_partners, s.notices.front(),
                               {.id = id_of(1)}))
        .sequence = 1;
    CHECK(s.permitted(purpose::email_marketing).has(field::emails));
    CHECK(s.permitted(purpose::email_marketing, s.partner, disclose).has(field::emails));
    CHECK(s.permitted(purpose::email_marketing, recipient::selected_partner, disclose)
              .has(field::emails));
    CHECK(s.permitted(purpose::email_marketing, recipient::third_party, disclose).empty());
  }
  CHECK(s.permitted(purpose::email_marketing, s.broker, disclose).empty());
  CHECK(s.permitted(purpose::email_marketing, recipient::data_broker, disclose).empty());
  CHECK(s.permitted(purpose::sell_data_to_third_parties, s.partner, operation::sell).empty());
  CHECK(s.permitted(purpose::sell_data_to_third_parties, s.broker, operation::sell).empty());
}

// --- each stage --------------------------------------------------------------------------------

namespace {

const category_set all_personal_data{category::personal_data};

// The shop with consent to client care with name and e-mail.
shop cared_for() {
  shop s;
  s.say(kind::grant, scope_of({purpose::client_care}, {recipient::self}, name_and_email));
  return s;
}

bool may(const shop& s, purpose_id what, field_id field, recipient_id to = recipient::self,
         operation_id how = operation::use) {
  return s.permitted(what, to, how).has(field);
}

}  // namespace

TEST_CASE("evaluate: stage 0: what is not known is denied") {
  shop s = cared_for();
  CHECK(may(s, purpose::client_care, field::name));
  auto request = s.request(purpose::client_care);
  SUBCASE("purpose") {
    request.purpose = purpose_id(191);
    CHECK(s.why(request, field::name).code == decision_code::unknown_purpose);
  }
  SUBCASE("recipient") {
    request.recipient = recipient_id(99);
    CHECK(s.why(request, field::name).code == decision_code::unknown_recipient);
  }
  SUBCASE("a recipient that was removed") {
    s.say(kind::grant, scope_of({purpose::client_care}, {s.partner}, name_and_email));
    request.recipient = s.partner;
    CHECK(s.why(request, field::name).code == decision_code::granted_by);
    REQUIRE(s.registry.remove(s.partner));
    CHECK(s.why(request, field::name).code == decision_code::unknown_recipient);
  }
  SUBCASE("operation") {
    request.operation = operation_id(16);
    CHECK(s.why(request, field::name).code == decision_code::unknown_operation);
  }
  SUBCASE("field") {
    CHECK(s.why(request, field_id(63)).code == decision_code::unknown_field);
    CHECK(s.why(request, field_id(200)).code == decision_code::unknown_field);
    request.fields = only(field_id(63));
  }
  SUBCASE("country") {
    s.say(kind::grant, scope_of({purpose::client_care}, {s.partner}, name_and_email));
    request.recipient = s.partner;
    request.country = {'D', 'E'};
    CHECK(s.why(request, field::name).code == decision_code::granted_by);
    request.country = {'U', 'S'};
    CHECK(s.why(request, field::name).code == decision_code::unknown_country);
  }
  CHECK(s.ask(request).permitted.empty());
  CHECK_FALSE((s.ask(request).decided[0] & request.fields).empty());
}

TEST_CASE("evaluate: stage 0: without a clock, limited permits are over and limited denials hold") {
  shop s = cared_for();
  s.said[0].not_after = at(5000);
  auto request = s.request(purpose::client_care);
  CHECK(s.why(request, field::name).code == decision_code::granted_by);
  request.clock = clock_confidence::none;
  CHECK(s.why(request, field::name).code == decision_code::unknown_clock);
  CHECK(s.ask(request).permitted.empty());

  s.said[0].not_after.reset();
  CHECK(s.why(request, field::name).code == decision_code::granted_by);
  s.say(kind::deny, scope_of({purpose::client_care}, {recipient::self}, all_personal_data))
      .not_before = at(4000);
  CHECK(s.why(request, field::name).code == decision_code::denied_by);
  request.clock = clock_confidence::trusted;
  CHECK(s.why(request, field::name).code == decision_code::granted_by);
}

TEST_CASE("evaluate: stage 1: no grant opens what the profile prohibits") {
  shop s;
  s.fields.push_back({field_id(40), {category::card_verification_code}});
  SUBCASE("card data") {
    s.say(kind::grant,
          scope_of({purpose::payment_management, purpose::client_care}, {recipient::self},
                   {category::card_verification_code, category::name}))
        .strength = consent_strength::explicit_;
    CHECK(may(s, purpose::client_care, field::name));
    CHECK_FALSE(may(s, purpose::client_care, field_id(40)));
    const explanation why = s.why(purpose::client_care, field_id(40));
    CHECK(why.code == decision_code::legal_prohibition);
    CHECK(why.source == rule_source::profile);
    CHECK(s.profile->prohibitions[why.row].law == "PCI DSS 3.3.1");
  }
  SUBCASE("a transfer without a basis") {
    recipient_party party;
    party.party_class = recipient::selected_partner;
    party.name = short_text<64>("Far Away");
    party.country = {'U', 'S'};
    party.onward = onward_rule::forbidden;
    const recipient_id away = *s.registry.add(party);
    s.notices.front().registry_version = s.registry.version();
    const category_set to_give = name_and_email;
    s.say(kind::grant,
          scope_of({purpose::client_care}, {away, s.partner}, to_give, {operation::disclose}));
    CHECK(may(s, purpose::client_care, field::name, s.partner, operation::disclose));
    CHECK_FALSE(may(s, purpose::client_care, field::name, away, operation::disclose));
    CHECK(s.why(purpose::client_care, field::name, away, operation::disclose).code ==
          decision_code::legal_prohibition);
  }
  SUBCASE("sale of a child's data") {
    s.say(kind::grant, scope_of({purpose::sell_data_to_third_parties}, {s.partner}, name_and_email,
                                {operation::disclose}))
        .by = indicated_by::guardian;
    CHECK(may(s, purpose::sell_data_to_third_parties, field::name, s.partner, operation::disclose));
    s.subject.age = 15;
    CHECK(s.why(purpose::sell_data_to_third_parties, field::name, s.partner, operation::disclose)
              .code == decision_code::legal_prohibition);
  }
}

TEST_CASE("evaluate: stage 2: restricted and objected data is not used") {
  shop s = cared_for();
  SUBCASE("a restriction stops what consent and contract permit, but not storage") {
    s.say(kind::restrict, everything());
    CHECK(s.why(purpose::client_care, field::name).code == decision_code::restricted);
    CHECK(s.why(purpose::service_provision, field::name).code == decision_code::restricted);
    CHECK(may(s, purpose::service_provision, field::name, recipient::self, operation::store));
    CHECK(may(s, purpose::rights_fulfilment, field::name));
    const directive_id restriction = s.said.back().id;
    directive lift = s.make(kind::lift, everything());
    lift.supersedes[0] = restriction;
    lift.by = indicated_by::controller;
    s.say(lift);
    CHECK(may(s, purpose::client_care, field::name));
    s.said.back().evidence = {};
    CHECK_FALSE(may(s, purpose::client_care, field::name));
  }
  SUBCASE("an objection to marketing stands against every consent that does not name it") {
    s.say(kind::object, everything());
    const consent_scope promotion = email_promotion_scope(email_promotion::shop);
    s.say(kind::grant, promotion);
    CHECK(s.why(purpose::email_marketing, field::emails).code == decision_code::objected);
    s.said.back().supersedes[0] = s.said[1].id;
    CHECK(s.why(purpose::email_marketing, field::emails).code == decision_code::granted_by);
  }
}

TEST_CASE("evaluate: stage 3: a withdrawal ends every grant before it and none after") {
  shop s = cared_for();
  s.say(kind::withdraw, everything());
  CHECK(s.permitted(purpose::client_care).empty());
  const explanation why = s.why(purpose::client_care, field::name);
  CHECK(why.code == decision_code::withdrawn);
  CHECK(why.sequence == 2);
  CHECK(why.kind == kind::withdraw);
  s.say(kind::grant, scope_of({purpose::client_care}, {recipient::self}, {category::name}));
  CHECK(may(s, purpose::client_care, field::name));
  CHECK_FALSE(may(s, purpose::client_care, field::emails));
  CHECK(s.why(purpose::client_care, field::emails).code == decision_code::withdrawn);
}

TEST_CASE(
    "evaluate: stage 3: a grant is withdrawn in part, also where a contract carries the rest") {
  shop s;
  s.say(kind::grant, scope_of({purpose::customer_order_management}, {recipient::self},
                              {category::birth_date, category::language}));
  CHECK(may(s, purpose::customer_order_management, field::birth_date));
  s.say(kind::withdraw,
        scope_of({purpose::customer_order_management}, {recipient::self}, {category::birth_date}));
  CHECK_FALSE(may(s, purpose::customer_order_management, field::birth_date));
  CHECK(may(s, purpose::customer_order_management, field::language));
  CHECK(may(s, purpose::customer_order_management, field::name));
}

TEST_CASE("evaluate: a withdrawal, an objection and a refusal of everything leave tax records") {
  shop s;
  for (const kind what : {kind::withdraw, kind::object, kind::refuse, kind::deny}) {
    s.say(what, everything());
    CHECK(may(s, purpose::tax_record_keeping, field::purchases));
    CHECK(may(s, purpose::tax_record_keeping, field::purchases, recipient::self, operation::store));
  }
  s.say(kind::deny, everything()).by = indicated_by::authority;
  CHECK_FALSE(may(s, purpose::tax_record_keeping, field::purchases));
}

TEST_CASE("evaluate: of several stages that deny, the first decides") {
  shop s = cared_for();
  s.say(kind::withdraw, everything());
  CHECK(s.why(purpose::client_care, field::name).code == decision_code::withdrawn);
  s.say(kind::deny, everything());
  CHECK(s.why(purpose::client_care, field::name).code == decision_code::withdrawn);
  s.say(kind::restrict, everything());
  CHECK(s.why(purpose::client_care, field::name).code == decision_code::restricted);
}

TEST_CASE("evaluate: stage 4: a denial beats every grant that does not name it with evidence") {
  shop s;
  const consent_scope promotion = email_promotion_scope(email_promotion::shop);
  s.say(kind::deny,
        scope_of({purpose::marketing}, {recipient::any}, all_personal_data, all_operations));
  s.say(kind::grant, promotion);
  CHECK(s.why(purpose::email_marketing, field::emails).code == decision_code::denied_by);
  CHECK(s.why(purpose::email_marketing, field::emails).sequence == 1);

  s.said[1].supersedes[0] = s.said[0].id;
  CHECK(may(s, purpose::email_marketing, field::emails));
  SUBCASE("only as far as the grant reaches") {
    CHECK(s.why(purpose::postal_marketing, field::emails).code == decision_code::denied_by);
    CHECK(s.why(purpose::email_marketing, field::addresses).code == decision_code::denied_by);
  }
  SUBCASE("not without evidence of an act") {
    s.said[1].evidence = {};
    CHECK_FALSE(may(s, purpose::email_marketing, field::emails));
  }
  SUBCASE("of what the shop could not read, the customer's own act says what they meant") {
    s.said[0].by = indicated_by::controller;
    CHECK_FALSE(may(s, purpose::email_marketing, field::emails));
    s.said[0].channel = consent_channel::signal_gpp;
    CHECK(may(s, purpose::email_marketing, field::emails));
    s.said[1].evidence = {};
    CHECK_FALSE(may(s, purpose::email_marketing, field::emails));
  }
  SUBCASE("not by somebody else than who denied") {
    s.said[0].by = indicated_by::guardian;
    CHECK_FALSE(may(s, purpose::email_marketing, field::emails));
    s.said[1].by = indicated_by::guardian;
    CHECK(may(s, purpose::email_marketing, field::emails));
  }
  SUBCASE("not once it is withdrawn, and not by a grant after that") {
    s.say(kind::withdraw, promotion);
    CHECK_FALSE(may(s, purpose::email_marketing, field::emails));
    s.say(kind::grant, promotion);
    CHECK(s.why(purpose::email_marketing, field::emails).code == decision_code::denied_by);
  }
  SUBCASE("not while it does not hold") {
    s.said[1].not_after = at(2000);
    CHECK(may(s, purpose::email_marketing, field::emails));
    auto later = s.request(purpose::email_marketing);
    later.now = at(2000);
    CHECK(s.why(later, field::emails).code == decision_code::denied_by);
  }
}

TEST_CASE("evaluate: stage 5: a consent permits, and comes before a basis of the profile") {
  shop s = cared_for();
  CHECK(s.permitted(purpose::client_care) == (bit(field::name) | bit(field::emails)));
  CHECK(s.permitted(purpose::birthday_greeting) == (bit(field::name) | bit(field::emails)));
  s.say(kind::grant, scope_of({purpose::service_provision}, {recipient::self}, name_and_email));
  CHECK(s.why(purpose::service_provision, field::name).code == decision_code::granted_by);
  CHECK(s.why(purpose::service_provision, field::phones).code == decision_code::basis);
}

TEST_CASE("evaluate: stage 5: a grant that lacks something permits nothing") {
  shop s = cared_for();
  directive& grant = s.said[0];
  REQUIRE(may(s, purpose::client_care, field::name));
  SUBCASE("no notice") { grant.notice = {}; }
  SUBCASE("a notice of another hash") { grant.notice.hash = hash_of(99); }
  SUBCASE("a notice of another version") { grant.notice.version = 2; }
  SUBCASE("only implied") { grant.strength = consent_strength::implied; }
  SUBCASE("not informed") { grant.informed = false; }
  SUBCASE("by the shop itself") { grant.by = indicated_by::controller; }
  SUBCASE("beyond what the notice announces") {
    s.notices.front().announced.purposes = {purpose::email_marketing};
  }
  SUBCASE("over") { grant.not_after = s.now; }
  SUBCASE("not yet") { grant.not_before = timestamp{s.now.seconds + 1}; }
  SUBCASE("said in the future") { grant.event_at = timestamp{s.now.seconds + 1}; }
  SUBCASE("under a registry that does not exist") { grant.registry_version = 99; }
  SUBCASE("replaced") {
    s.say(kind::grant, scope_of({purpose::client_care}, {recipient::self}, {category::like}))
        .supersedes[0] = grant.id;
  }
  SUBCASE("back-dated") {
    s.say(kind::deny, scope_of({purpose::marketing}, {recipient::any}, all_personal_data));
    std::swap(s.said[0].sequence, s.said[1].sequence);
  }
  SUBCASE("by a child") { s.subject.age = 12; }
  CHECK_FALSE(may(s, purpose::client_care, field::name));
}

TEST_CASE("evaluate: stage 5: special categories need explicit consent that names them") {
  shop s;
  s.fields.push_back({field_id(40), {category::health}});
  directive& grant =
      s.say(kind::grant, scope_of({purpose::client_care}, {recipient::self}, {category::health}));
  CHECK_FALSE(may(s, purpose::client_care, field_id(40)));
  grant.strength = consent_strength::explicit_;
  CHECK(may(s, purpose::client_care, field_id(40)));
  grant.scope.categories = {category::personal_data};
  CHECK_FALSE(may(s, purpose::client_care, field_id(40)));
}

TEST_CASE("evaluate: a field of several categories needs all of them") {
  shop s;
  s.fields.push_back({field_id(40), {category::name, category::like}});
  s.say(kind::grant, scope_of({purpose::client_care}, {recipient::self}, {category::name}));
  CHECK_FALSE(may(s, purpose::client_care, field_id(40)));
  const explanation why = s.why(purpose::client_care, field_id(40));
  CHECK(why.code == decision_code::no_basis);
  CHECK(why.category == category::like);
  s.say(kind::grant, scope_of({purpose::client_care}, {recipient::self}, {category::like}));
  CHECK(may(s, purpose::client_care, field_id(40)));
  s.say(kind::withdraw, scope_of({purpose::client_care}, {recipient::self}, {category::name}));
  CHECK_FALSE(may(s, purpose::client_care, field_id(40)));
}

TEST_CASE("evaluate: a party that joins later is not covered by a grant to its class") {
  shop s;
  const consent_scope partners = email_promotion_scope(email_promotion::shop_and_partners);
  s.say(kind::grant, partners);
  CHECK(may(s, purpose::email_marketing, field::emails, s.partner, operation::disclose));
  const recipient_id late = s.add("Late Partner", recipient::selected_partner);
  CHECK_FALSE(may(s, purpose::email_marketing, field::emails, late, operation::disclose));
  CHECK(may(s, purpose::email_marketing, field::emails, s.partner, operation::disclose));

  s.notices.push_back(shop::wide_notice(2, s.registry.version()));
  directive again = s.make(kind::grant, partners);
  again.notice = {s.notices[1].id, 1, s.notices[1].hash};
  s.say(again);
  CHECK(may(s, purpose::email_marketing, field::emails, late, operation::disclose));
  s.say(kind::deny, scope_of({purpose::marketing}, {recipient::third_party}, all_personal_data,
                             all_operations));
  const recipient_id latest = s.add("Latest Partner", recipient::selected_partner);
  for (const recipient_id each : {s.partner, late, latest, s.broker}) {
    CHECK(s.why(purpose::email_marketing, field::emails, each, operation::disclose).code ==
          decision_code::denied_by);
  }
}

TEST_CASE("evaluate: stage 6: a basis permits without consent, and only what its row covers") {
  shop s;
  const explanation why = s.why(purpose::service_provision, field::name);
  CHECK(why.code == decision_code::basis);
  CHECK(why.basis == lawful_basis::contract);
  CHECK(s.profile->bases[why.row].law == "GDPR 6(1)(b)");
  CHECK_FALSE(may(s, purpose::enforce_security, field::name));
  directive assertion =
      s.make(kind::basis_assertion,
             scope_of({purpose::enforce_security}, {recipient::self}, {category::name}));
  assertion.basis = lawful_basis::legitimate_interest;
  assertion.by = indicated_by::controller;
  s.say(assertion);
  CHECK(s.permitted(purpose::enforce_security) == bit(field::name));
  s.say(kind::object, everything());
  CHECK(s.why(purpose::enforce_security, field::name).code == decision_code::objected);
}

TEST_CASE("evaluate: stage 7: what nobody permitted is denied") {
  shop s = cared_for();
  CHECK(s.why(purpose::client_care, field::likes).code == decision_code::no_basis);
  CHECK(s.permitted(purpose::loyalty_programme).empty());
  CHECK(s.permitted(purpose::client_care, s.partner).empty());
  CHECK(s.permitted(purpose::client_care, recipient::self, operation::disclose).empty());
}

TEST_CASE("evaluate: stage 8: a permit whose obligations nobody discharges is a denial") {
  shop s = cared_for();
  obligations& conditions = s.said[0].conditions;
  conditions.required = {obligation::notify_subject};
  CHECK(s.permitted(purpose::client_care).empty());
  explanation why = s.why(purpose::client_care, field::name);
  CHECK(why.code == decision_code::obligation_unsupported);
  CHECK(why.stage == 8);
  CHECK(why.sequence == 1);
  auto request = s.request(purpose::client_care);
  request.discharges = discharged_by_book | obligation_set{obligation::notify_subject};
  CHECK(s.ask(request).permitted == (bit(field::name) | bit(field::emails)));
  CHECK(s.ask(request).required.required.contains(obligation::notify_subject));

  SUBCASE("the most specific grant counts") {
    s.say(kind::grant, scope_of({purpose::customer_relationship_management}, {recipient::self},
                                {category::identifying}));
    CHECK(s.why(request, field::name).sequence == 1);
    s.say(kind::grant, scope_of({purpose::client_care}, {recipient::self}, {category::name}));
    CHECK(s.why(request, field::name).sequence == 3);
    CHECK(may(s, purpose::client_care, field::name));
    CHECK_FALSE(may(s, purpose::client_care, field::emails));
  }
  SUBCASE("a recipient without a contract") {
    recipient_party party = *s.registry.find(s.parcels);
    party.id = {};
    party.name = short_text<64>("No Contract");
    party.contract = {};
    const recipient_id loose = *s.registry.add(party);
    const auto disclose = operation::disclose;
    CHECK(may(s, purpose::delivery_of_goods, field::name, s.parcels, disclose));
    CHECK(s.why(purpose::delivery_of_goods, field::name, loose, disclose).code ==
          decision_code::obligation_unsupported);
  }
}

TEST_CASE("evaluate: what a use does not need is masked") {
  shop s;
  const record_decision order = s.ask(s.request(purpose::service_provision));
  CHECK(order.masked.has(field::payment_cards));
  CHECK(order.operators[field::payment_cards.value] == redaction_operator::mask_card);
  CHECK(!order.masked.has(field::name));
  consent_scope promotion = email_promotion_scope(email_promotion::shop);
  promotion.categories |= category_set{category::physical_address, category::birth_date};
  s.say(kind::grant, promotion);
  const record_decision marketing = s.ask(s.request(purpose::email_marketing));
  CHECK(marketing.operators[field::addresses.value] == redaction_operator::generalise_zip);
  CHECK(marketing.operators[field::birth_date.value] == redaction_operator::generalise_date);
  CHECK(marketing.operators[field::emails.value] == redaction_operator::none);
}

TEST_CASE("evaluate: a decision says how long it holds") {
  shop s = cared_for();
  s.said[0].not_after = at(3000);
  CHECK(s.ask(s.request(purpose::client_care)).valid_until == at(3000));
  CHECK(s.why(purpose::client_care, field::name).valid_until == at(3000));
  auto request = s.request(purpose::client_care);
  request.now = at(2999);
  CHECK_FALSE(s.ask(request).permitted.empty());
  request.now = at(3000);
  CHECK(s.ask(request).permitted.empty());
  CHECK(s.ask(s.request(purpose::service_provision)).valid_until == end_of_time);
}

TEST_CASE(
    "compile: equal histories give equal bytes, whoever they are of and whenever they began") {
  shop a = cared_for();
  shop b = cared_for();
  b.said[0].id = id_of(77);
  b.said[0].subject.bytes.fill(std::byte{5});
  b.said[0].event_at = at(-9999);
  CHECK(*a.compiled() == *b.compiled());
}

TEST_CASE("compile: what began or ended keeps its interval, whatever clock compiled the state") {
  const auto at_2000 = [](shop& s) {
    s.now = at(2000);
    return *s.compiled();
  };
  const auto ask = [](const std::vector<std::byte>& bytes, decision_request request,
                      clock_confidence clock) {
    request.now = at(1000);
    request.clock = clock;
    const auto state = compiled_state_view::open(bytes);
    REQUIRE(state);
    return evaluate(*state, request).permitted.has(field::name);
  };
  shop s = cared_for();
  SUBCASE("a consent that begins later") {
    s.said[0].not_before = at(1500);
    const auto bytes = at_2000(s);
    CHECK(may(s, purpose::client_care, field::name));
    CHECK_FALSE(ask(bytes, s.request(purpose::client_care), clock_confidence::trusted));
    CHECK_FALSE(ask(bytes, s.request(purpose::client_care), clock_confidence::none));
  }
  SUBCASE("a denial that ends") {
    s.say(kind::deny, scope_of({purpose::client_care}, {recipient::any}, all_personal_data))
        .not_after = at(1500);
    const auto bytes = at_2000(s);
    CHECK(may(s, purpose::client_care, field::name));
    CHECK_FALSE(ask(bytes, s.request(purpose::client_care), clock_confidence::trusted));
    CHECK_FALSE(ask(bytes, s.request(purpose::client_care), clock_confidence::none));
  }
  SUBCASE("a child") {
    s.profile = &us_profile();
    s.subject.born = date{1970, 1, 1};
    const std::int64_t year = 31'556'952;
    s.said[0].scope = scope_of({purpose::sell_data_to_third_parties}, {recipient::self},
                               all_personal_data, {operation::use});
    s.now = timestamp{40 * year};
    const auto bytes = *s.compiled();
    decision_request request = s.request(purpose::sell_data_to_third_parties);
    request.now = timestamp{5 * year};
    const auto state = compiled_state_view::open(bytes);
    REQUIRE(state);
    CHECK(evaluate(*state, request).decided[1].has(field::name));
    request.now = s.now;
    CHECK(!evaluate(*state, request).decided[1].has(field::name));
  }
}

TEST_CASE("evaluate: a withdrawal takes all that was recorded before it, whatever its clock says") {
  shop s = cared_for();
  REQUIRE(may(s, purpose::client_care, field::name));
  s.say(kind::withdraw, everything()).event_at = at(-9999);
  CHECK_FALSE(may(s, purpose::client_care, field::name));
  CHECK(s.why(purpose::client_care, field::name).code == decision_code::withdrawn);
  // What is granted afterwards counts again.
  s.say(kind::grant, scope_of({purpose::client_care}, {recipient::self}, all_personal_data));
  CHECK(may(s, purpose::client_care, field::name));
}

TEST_CASE("evaluate: neither a request nor a slip of the pen back-dates what is said afterwards") {
  shop s;
  bool counts = true;
  timestamp said = at(6);
  const consent_scope other = scope_of({purpose::marketing}, {recipient::any}, all_personal_data);
  SUBCASE("a request") { s.say(kind::request, {}).event_at = at(9000); }
  SUBCASE("a denial dated long after it was written down") {
    directive& slip = s.say(kind::deny, other);
    slip.event_at = at(9000);
    slip.recorded_at = at(1);
  }
  SUBCASE("a clock that was ahead") {
    directive& ahead = s.say(kind::deny, other);
    ahead.event_at = ahead.recorded_at = at(9000);
  }
  SUBCASE("but a denial between") {
    directive& denial = s.say(kind::deny, other);
    denial.event_at = denial.recorded_at = at(5);
    said = at(4);
    counts = false;
  }
  directive& grant =
      s.say(kind::grant, scope_of({purpose::client_care}, {recipient::self}, all_personal_data));
  grant.event_at = said;
  grant.recorded_at = at(6);
  CHECK(may(s, purpose::client_care, field::name) == counts);
}

TEST_CASE("compile: bad input has its code and leaves no state") {
  shop s = cared_for();
  SUBCASE("no profile") {
    s.profile = nullptr;
    CHECK(s.compiled().error().code == errc::invalid_argument);
  }
  SUBCASE("a directive twice") {
    s.said.push_back(s.said[0]);
    CHECK(s.compiled().error().code == errc::already_exists);
  }
  SUBCASE("a directive that is not well-formed") {
    s.said[0].scope.purposes = {};
    CHECK(s.compiled().error().code == errc::missing_field);
    CHECK(s.compiled().error().at == 1);
  }
  SUBCASE("a field twice") {
    s.fields.push_back(s.fields[0]);
    CHECK(s.compiled().error().code == errc::invalid_argument);
  }
  SUBCASE("more rules than there is room for") {
    std::uint32_t number = 2;
    all_purposes().for_each([&](purpose_id each) {
      for (const operation_id how : {operation::store, operation::copy, operation::alter}) {
        for (const category_id what : {category::name, category::like, category::note}) {
          directive one = s.make(kind::deny, scope_of({each}, {recipient::self}, {what}, {how}));
          one.sequence = number;
          one.id = id_of(number++);
          one.by = indicated_by::controller;
          s.said.push_back(one);
        }
      }
    });
    CHECK(s.compiled().error().code == errc::limit_exceeded);
  }
  SUBCASE("but what later rules cover entirely takes no room") {
    for (int i = 0; i < 1000; ++i) {
      s.say(kind::deny, scope_of({purpose::marketing}, {recipient::any}, all_personal_data));
      s.say(kind::grant, email_promotion_scope(email_promotion::shop));
      s.say(kind::withdraw, everything());
    }
    s.now = s.said.back().event_at;
    REQUIRE(s.compiled());
    CHECK(s.compiled()->size() < 4096);
  }
}

TEST_CASE("compile: too small a buffer says how much is needed, and a state fits a small device") {
  shop s = cared_for();
  const auto bytes = s.compiled();
  REQUIRE(bytes);
  CHECK(bytes->size() <= 4096);
  const auto workspace = std::make_unique<compile_workspace>();
  std::vector<std::byte> small(bytes->size() - 1);
  const auto failed = compile(s.said, s.environment(), s.subject, s.now, *workspace, small);
  CHECK(failed.error().code == errc::buffer_too_small);
  CHECK(failed.error().at == bytes->size());
}

TEST_CASE("evaluate: what is asked in return binds who works for the shop as it binds the shop") {
  shop s;
  const recipient_id host = s.add("Host", recipient::processor);
  const auto carried = [&](recipient_id to, operation_id how) {
    return s.permitted(purpose::customer_order_management, to, how).has(field::name);
  };
  REQUIRE(carried(recipient::self, operation::use));
  REQUIRE(carried(host, operation::use));
  REQUIRE(carried(host, operation::disclose));
  // Taken back: the contract carries it, in the words of what was agreed.
  const consent_scope scope = scope_of({purpose::customer_order_management}, {recipient::self},
                                       {category::name}, {operation::use});
  s.say(kind::grant, scope).conditions.required = {obligation::human_review};
  s.say(kind::withdraw, scope);
  CHECK_FALSE(carried(recipient::self, operation::use));
  CHECK_FALSE(carried(host, operation::use));
  CHECK_FALSE(carried(host, operation::disclose));
}

// A guardian's consent, and the customer's own with something in return; said in 2023.
shop agreed_twice() {
  shop s;
  const consent_scope scope =
      scope_of({purpose::client_care}, {recipient::self}, all_personal_data, {operation::use});
  s.say(kind::grant, scope).by = indicated_by::guardian;
  directive& own = s.say(kind::grant, scope);
  own.conditions.required = {obligation::human_review};
  return s;
}

TEST_CASE("evaluate: what was asked in return by somebody too young binds the other consent") {
  shop s = agreed_twice();
  // Their own word decides, and asks for what nobody promises.
  REQUIRE_FALSE(may(s, purpose::client_care, field::name));
  // To learn of their age voids that word, and uncovers nothing.
  s.subject.born = date{2013, 5, 4};
  CHECK_FALSE(may(s, purpose::client_care, field::name));
  s.said[1].conditions = {};
  CHECK(may(s, purpose::client_care, field::name));
}

TEST_CASE("evaluate: a consent too weak for a category binds the one that is strong enough") {
  shop s;
  s.profile = &strict_profile();
  const consent_scope scope =
      scope_of({purpose::client_care}, {recipient::self}, all_personal_data, {operation::use});
  s.say(kind::grant, scope).strength = consent_strength::explicit_;
  s.say(kind::grant, scope).strength = consent_strength::expressed;
  const auto ids = [&] { return may(s, purpose::client_care, field::government_ids); };
  REQUIRE(ids());
  s.said[1].conditions.required = {obligation::human_review};
  CHECK_FALSE(ids());
}

TEST_CASE("evaluate: a consent of somebody of age binds others where no clock tells the age") {
  shop s = agreed_twice();
  s.subject.born = date{1990, 5, 4};
  decision_request request = s.request(purpose::client_care);
  CHECK_FALSE(s.ask(request).permitted.has(field::name));
  request.clock = clock_confidence::none;
  CHECK_FALSE(s.ask(request).permitted.has(field::name));
  s.said[1].conditions = {};
  CHECK(s.ask(request).permitted.has(field::name));
}

TEST_CASE("evaluate: a consent for single contact points is none, and a denial a whole one") {
  shop s;
  const consent_scope promotion = email_promotion_scope(email_promotion::shop);
  const contact_point number{.field = field::emails, .token = {std::byte{1}}};
  s.say(kind::grant, promotion);
  REQUIRE(may(s, purpose::email_marketing, field::emails));
  SUBCASE("a consent") {
    s.said[0].contacts[0] = number;
    CHECK_FALSE(may(s, purpose::email_marketing, field::emails));
  }
  SUBCASE("a denial") {
    s.say(kind::deny, promotion).contacts[0] = number;
    CHECK_FALSE(may(s, purpose::email_marketing, field::emails));
  }
  SUBCASE("a withdrawal") {
    s.say(kind::withdraw, promotion).contacts[0] = number;
    CHECK_FALSE(may(s, purpose::email_marketing, field::emails));
  }
}
