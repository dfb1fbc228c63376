#include <clientbook/ledger/checkpoint.hpp>

#include <string>

#include "fixture.hpp"
#include "older_schema.hpp"

using namespace clientbook;
using namespace clientbook::testing;

TEST_CASE("book: a record is shown for a purpose that has a basis, and for no other") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  const auto order = in.read(id, purpose::customer_order_management);
  REQUIRE(order);
  CHECK(order->record().name()->family == "Sánchez");
  CHECK(order->state(field::name) == field_state::shown);
  const auto marketing = in.read(id, purpose::email_marketing);
  REQUIRE(marketing);
  CHECK(marketing->record().fields().empty());
  CHECK(marketing->state(field::name) == field_state::withheld);
  CHECK(in.explain(id, in.request(purpose::email_marketing), field::name)->code ==
        decision_code::no_basis);
}

TEST_CASE("book: a withheld field looks the same whether the record has it or not") {
  shop s;
  session in = s.begin();
  customer bare;
  REQUIRE(bare.set(field::name, person_name{.given = "A"}));
  const customer_id with = keep(in, ken());
  const customer_id without = keep(in, bare);
  CHECK(in.read(with, purpose::email_marketing)->state(field::phones) ==
        in.read(without, purpose::email_marketing)->state(field::phones));
}

TEST_CASE("book: a field without a basis is refused at put, with its number, or left out") {
  shop s;
  session in = s.begin();
  customer record = ken();
  REQUIRE(record.set(field::demographics, demographics{.gender = "x", .occupation = "y"}));
  const collection why{.purposes = purpose::customer_order_management, .directives = {}};
  const auto refused = in.put(record, why);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::no_basis);
  CHECK(refused.error().at == field::demographics.value);
  CHECK(in.figures()->customers == 0);

  collection lenient = why;
  lenient.without_basis = when_without_basis::leave_out;
  const auto id = in.put(record, lenient);
  REQUIRE(id);
  CHECK(id->left_out == only(field::demographics));
  CHECK_FALSE(shows(in.read(*id, purpose::customer_order_management), field::demographics));
}

namespace {

// A customer who has let the shop keep what a salesperson notes down, and has taken that back
// since.
customer_id no_longer_cared_for(session& in, const customer& noted) {
  privacy_notice notice = notice_for(in);
  notice.announced.purposes.add(purpose::client_care);
  notice.announced.categories = all_categories();
  REQUIRE(in.add_notice(notice));
  const std::array said{grant_of(in, {recipient::self})};
  const customer_id id = keep(in, ken(), said);
  REQUIRE(in.update(id, noted.fields(), purpose::client_care));
  directive no = withdrawal();
  no.scope.purposes = {purpose::client_care, purpose::email_marketing};
  REQUIRE(in.record(id, no));
  open_case(in, {id});
  return id;
}

customer who_is(const demographics& said) {
  customer out;
  REQUIRE(out.set(field::demographics, said));
  return out;
}

customer likes(std::initializer_list<std::string_view> what) {
  customer out;
  REQUIRE(out.set(field::likes, std::span<const std::string_view>(what.begin(), what.size())));
  return out;
}

}  // namespace

TEST_CASE("book: a correction needs no purpose but the customer's right") {
  shop s;
  session in = s.begin();
  const customer_id id = no_longer_cared_for(in, who_is({.gender = "x", .occupation = "banker"}));
  const customer corrected = who_is({.gender = "x", .occupation = "baker"});
  const auto sold = in.update(id, corrected.fields(), purpose::customer_order_management);
  REQUIRE_FALSE(sold);
  CHECK(sold.error().code == errc::no_basis);
  REQUIRE(in.update(id, corrected.fields(), purpose::rights_fulfilment));
  const auto seen = in.read(id, purpose::rights_fulfilment);
  REQUIRE(seen);
  CHECK(seen->record().demographics()->occupation == "baker");
  // A right to have it corrected is no basis to collect it from everybody.
  customer another = ken();
  REQUIRE(another.set(field::demographics, demographics{.gender = "x", .occupation = "baker"}));
  CHECK_FALSE(in.put(another, {.purposes = purpose::rights_fulfilment, .directives = {}}));
}

TEST_CASE("book: a correction replaces what is held, and keeps no more without a basis") {
  shop s;
  session in = s.begin();
  customer noted = likes({"tea", "coffee"});
  REQUIRE(noted.set(field::demographics, demographics{.gender = "x", .occupation = "baker"}));
  REQUIRE(noted.set(field::special_days,
                    std::array{special_day{.kind = "wedding", .day = date{0, 5, 5}}}));
  const customer_id id = no_longer_cared_for(in, noted);
  const auto corrected = [&](const customer& to) {
    const auto done = in.update(id, to.fields(), purpose::rights_fulfilment);
    return done ? errc::none : done.error().code;
  };
  // A field that is not there, an element more, a part that no value had.
  customer employed;
  REQUIRE(employed.set(field::employer, std::string_view("Church of X")));
  CHECK(corrected(employed) == errc::no_basis);
  customer child;
  REQUIRE(child.set(field::birth_date, date{2015, 1, 1}));
  const auto born = in.update(id, child.fields(), purpose::rights_fulfilment);
  if (!born) CHECK(born.error().at == field::birth_date.value);
  CHECK(corrected(likes({"tea", "coffee", "guns"})) == errc::no_basis);
  CHECK(corrected(who_is({.gender = "x", .income_band = "A", .occupation = "baker"})) ==
        errc::no_basis);
  const auto before = in.read(id, purpose::rights_fulfilment);
  REQUIRE(before);
  CHECK_FALSE(before->record().has(field::employer));
  // The year of a day that was told without one, of a value and of an element of a list.
  customer whole_day;
  REQUIRE(whole_day.set(field::special_days,
                        std::array{special_day{.kind = "wedding", .day = date{1999, 5, 5}}}));
  CHECK(corrected(whole_day) == errc::no_basis);
  // Not by the year of another day that goes, or loses its own.
  customer noted_two = likes({"tea"});
  REQUIRE(noted_two.set(field::special_days,
                        std::array{special_day{.kind = "wedding", .day = date{0, 6, 6}},
                                   special_day{.kind = "kid", .day = date{2010, 1, 1}}}));
  shop elsewhere;
  session there = elsewhere.begin();
  const customer_id two = no_longer_cared_for(there, noted_two);
  const auto days = [&](std::initializer_list<special_day> given) {
    customer to;
    REQUIRE(to.set(field::special_days, std::span<const special_day>(given.begin(), given.size())));
    const auto done = there.update(two, to.fields(), purpose::rights_fulfilment);
    return done ? errc::none : done.error().code;
  };
  CHECK(days({{.kind = "wedding", .day = date{2001, 6, 6}}}) == errc::no_basis);
  CHECK(days({{.kind = "wedding", .day = date{2001, 6, 6}},
              {.kind = "kid", .day = date{0, 1, 1}}}) == errc::no_basis);
  CHECK(days({{.kind = "wedding", .day = date{2001, 6, 7}}}) == errc::no_basis);
  CHECK(days({{.kind = "wedding", .day = date{0, 6, 7}},
              {.kind = "kid", .day = date{2010, 1, 1}}}) == errc::none);
  CHECK(days({{.kind = "wedding", .day = date{0, 6, 7}},
              {.kind = "kid", .day = date{2011, 1, 1}}}) == errc::none);
  customer other_day;
  REQUIRE(other_day.set(field::special_days,
                        std::array{special_day{.kind = "wedding", .day = date{0, 5, 6}}}));
  CHECK(corrected(other_day) == errc::none);
  // As many and fewer, other words, one part less: what is wrong is put right.
  CHECK(corrected(likes({"tea", "cocoa"})) == errc::none);
  CHECK(corrected(likes({"tea"})) == errc::none);
  CHECK(corrected(who_is({.occupation = "banker"})) == errc::none);
  CHECK(corrected(who_is({.gender = "f", .occupation = "banker"})) == errc::no_basis);
  // What the law lets the shop keep anyway is completed, and the row says for what.
  customer renamed;
  REQUIRE(
      renamed.set(field::name, person_name{.given = "Ken", .middle = "J.", .family = "Sánchez"}));
  CHECK(corrected(renamed) == errc::none);
  const auto kept = in.kept_for(id);
  REQUIRE(kept);
  for (const field_keeping& one : *kept) {
    CHECK_FALSE(one.purposes.contains(purpose::rights_fulfilment));
    if (one.field == field::name) CHECK_FALSE(one.purposes.empty());
  }
}

TEST_CASE("book: customers get what is theirs, without masks, and the ledger has it") {
  shop s;
  session in = s.begin();
  customer record = ken();
  const payment_card card{.token = "tok_4711", .last_four = "4242", .brand = "visa"};
  REQUIRE(record.set(field::payment_cards, std::array{card}));
  const customer_id id = keep(in, record);
  REQUIRE(in.record(id, withdrawal()));
  open_case(in, {id});
  const auto copy = in.disclose(
      id, {.purpose = purpose::rights_fulfilment, .recipient = recipient::data_subject});
  REQUIRE(copy);
  CHECK(copy->content.state(field::payment_cards) == field_state::shown);
  const auto entries = in.ledger(id);
  REQUIRE(entries);
  CHECK(entries->back().recipient == "The customer");
  // Who says that they represent somebody shows a mandate; a class of others is nobody.
  const auto agent = in.disclose(id, {.purpose = purpose::rights_fulfilment,
                                      .recipient = recipient::representative_of_subject});
  REQUIRE_FALSE(agent);
  CHECK(agent.error().code == errc::denied);
  const auto anybody =
      in.disclose(id, {.purpose = purpose::rights_fulfilment, .recipient = recipient::third_party});
  REQUIRE_FALSE(anybody);
  CHECK(anybody.error().code == errc::not_found);
  // Nobody else makes themselves a copy that way; the ledger then has nothing either.
  const std::size_t before = in.ledger(id)->size();
  for (const actor_role role : {actor_role::manager, actor_role::service, actor_role::associate}) {
    session other = s.begin(role);
    const auto refused = other.disclose(
        id, {.purpose = purpose::rights_fulfilment, .recipient = recipient::data_subject});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::role_denied);
    // Nor under a purpose for which it passes things on to others.
    const auto parcel = other.disclose(
        id, {.purpose = purpose::delivery_of_goods, .recipient = recipient::data_subject});
    REQUIRE_FALSE(parcel);
    CHECK(parcel.error().code == errc::role_denied);
  }
  CHECK(in.ledger(id)->size() == before);
}

TEST_CASE("book: what a session returned stays as it was, whatever becomes of the session") {
  shop s;
  std::optional<session> in(s.begin());
  const auto law = in->profile();
  const auto before = in->recipients();
  REQUIRE(before);
  const auto no_notices = in->notices();
  REQUIRE(no_notices);
  add_party(*in, "Parcel Co", recipient::parcel_service);
  REQUIRE(in->add_notice(notice_for(*in)));
  CHECK((*before)->parties().empty());
  CHECK(no_notices->empty());
  const auto after = in->recipients();
  const auto notices = in->notices();
  REQUIRE(after);
  REQUIRE(notices);
  in.reset();
  s.opened.reset();
  CHECK((*after)->parties().size() == 1);
  CHECK((*after)->parties()[0].name.view() == "Parcel Co");
  REQUIRE(notices->size() == 1);
  CHECK((*notices)[0].version == 1);
  CHECK(law->name == "gdpr");
  CHECK_FALSE(law->bases.empty());
}

TEST_CASE("book: the clock is asked with its context, and without one there is the system's") {
  shop s;
  std::int64_t hand = 1'900'000'000;
  const clock_source own{
      .now = [](void* context) { return timestamp{*static_cast<std::int64_t*>(context)}; },
      .context = &hand};
  auto with_clock = book::open(s.store, s.cell, {.clock = own});
  REQUIRE(with_clock);
  auto in = with_clock->begin_session({.id = actor_id(1), .role = actor_role::associate});
  REQUIRE(in);
  CHECK(in->request(purpose::client_care).now == timestamp{1'900'000'000});
  hand += 1;
  CHECK(in->request(purpose::client_care).now == timestamp{1'900'000'001});

  auto without = book::open(s.store, s.cell);
  REQUIRE(without);
  auto today = without->begin_session({.id = actor_id(1), .role = actor_role::associate});
  REQUIRE(today);
  CHECK(today->request(purpose::client_care).now.seconds > 1'600'000'000);
}

TEST_CASE("book: what a new customer says as they come is in the ledger like what they say later") {
  shop s;
  session in = s.begin();
  REQUIRE(in.add_notice(notice_for(in)));
  const directive yes = grant_of(in, {recipient::self});
  directive no = yes;
  no.kind = directive_kind::deny;
  no.strength = consent_strength::none;
  no.informed = false;
  no.conditions = {};
  no.notice = {};
  directive uninformed = yes;
  uninformed.informed = false;
  const auto events = [&](std::initializer_list<directive> said, const char* loyalty) {
    const std::vector<directive> all(said);
    const customer_id id = keep(in, ken(loyalty), all);
    const auto entries = in.ledger(id);
    REQUIRE(entries);
    const auto theirs = in.directives(id);
    REQUIRE(theirs);
    CHECK(theirs->size() == all.size());
    std::vector<ledger_event> out;
    for (const ledger_record& one : *entries) {
      out.push_back(one.event);
      CHECK(one.actor == actor_id(7));
    }
    return out;
  };
  using event = ledger_event;
  CHECK(events({}, "L-0").empty());
  CHECK(events({yes}, "L-1") == std::vector{event::consent_given});
  CHECK(events({no, yes}, "L-2") == std::vector{event::consent_withdrawn, event::consent_given});
  // Nobody has agreed who was not told to what.
  CHECK(events({uninformed}, "L-3").empty());
  CHECK(in.verify()->problems == 0);
}

TEST_CASE("book: under strict nothing is kept without consent") {
  shop s(strict_profile().id);
  session in = s.begin();
  const auto refused =
      in.put(ken(), {.purposes = purpose::customer_order_management, .directives = {}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::no_basis);
}

TEST_CASE("book: a grant opens, a withdrawal closes at the next read, a broker stays out") {
  shop s;
  session in = s.begin();
  const recipient_id partner = add_party(in, "partner", recipient::selected_partner);
  const recipient_id broker = add_party(in, "broker", recipient::data_broker);
  REQUIRE(in.add_notice(notice_for(in)));
  const directive said = grant_of(in, {recipient::self, recipient::selected_partner});
  const customer_id id = keep(in, ken(), std::span(&said, 1));

  const auto shown = in.read(id, purpose::email_marketing);
  CHECK(shown->record().emails()->size() == 1);
  decision_request as = in.request(purpose::email_marketing);
  as.operation = operation::disclose;
  as.recipient = partner;
  CHECK(shows(in.preview(id, as), field::emails));
  as.recipient = broker;
  CHECK(fields_of(in.preview(id, as)) == 0);

  clock_hand().seconds += 60;
  REQUIRE(in.record(id, withdrawal()));
  CHECK(fields_of(in.read(id, purpose::email_marketing)) == 0);
  as = in.request(purpose::email_marketing);
  as.operation = operation::disclose;
  as.recipient = partner;
  CHECK(fields_of(in.preview(id, as)) == 0);
  CHECK(in.explain(id, in.request(purpose::email_marketing), field::emails)->code ==
        decision_code::withdrawn);
  // Still there for the order, which does not rest on consent.
  CHECK(shows(in.read(id, purpose::customer_order_management), field::emails));
  CHECK(in.directives(id)->size() == 2);
}

TEST_CASE("book: a partner added after the notice is not covered by the consent") {
  shop s;
  session in = s.begin();
  const recipient_id first = add_party(in, "first", recipient::selected_partner);
  REQUIRE(in.add_notice(notice_for(in)));
  const directive said = grant_of(in, {recipient::selected_partner});
  const customer_id id = keep(in, ken(), std::span(&said, 1));
  const recipient_id later = add_party(in, "later", recipient::selected_partner);
  decision_request as = in.request(purpose::email_marketing);
  as.operation = operation::disclose;
  as.recipient = first;
  // The shop itself may not see what the partner would be given.
  CHECK(in.preview(id, as)->state(field::emails) == field_state::shown);
  CHECK(fields_of(in.preview(id, as)) == 0);
  as.recipient = later;
  CHECK(fields_of(in.preview(id, as)) == 0);
}

TEST_CASE("book: an age that is learnt counts at the next read, and is not unsaid") {
  shop s;
  session in = s.begin();
  privacy_notice shown = notice_for(in);
  shown.announced.categories.add(category::birth_date);
  REQUIRE(in.add_notice(shown));
  const directive said = grant_of(in, {recipient::self});
  const customer_id id = keep(in, ken(), std::span(&said, 1));
  const auto reached = [&] {
    return in.read(id, purpose::email_marketing)->state(field::emails) == field_state::shown;
  };
  const auto born_in = [&](std::int16_t year) {
    customer change;
    REQUIRE(change.set(field::birth_date, date{year, 3, 1}));
    return in.update(id, change.fields(), purpose::email_marketing);
  };
  CHECK(reached());
  REQUIRE(born_in(2018));
  CHECK_FALSE(reached());  // a child's own consent is none, GDPR 8
  SUBCASE("by forgetting the birth date") { REQUIRE(in.remove(id, field::birth_date)); }
  SUBCASE("by correcting it, which the consent no longer carries and an order does not either") {
    CHECK(born_in(1984).error().code == errc::no_basis);
  }
  CHECK_FALSE(reached());
}

TEST_CASE("book: a clock that was set back opens nothing that has a time limit") {
  shop s;
  session in = s.begin();
  REQUIRE(in.add_notice(notice_for(in)));
  directive said = grant_of(in, {recipient::self});
  said.not_after = timestamp{clock_hand().seconds + 1000};
  const customer_id id = keep(in, ken(), std::span(&said, 1));
  CHECK(shows(in.read(id, purpose::email_marketing), field::emails));
  clock_hand().seconds -= 100'000;
  CHECK_FALSE(shows(in.read(id, purpose::email_marketing), field::emails));
  clock_hand().seconds += 100'000 + 2000;  // past its end
  CHECK_FALSE(shows(in.read(id, purpose::email_marketing), field::emails));
}

TEST_CASE("book: update keeps every other field, and remove removes one") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  customer change;
  REQUIRE(change.set(field::phones, std::array{phone_number{.number = "+1 202 555 0199"}}));
  REQUIRE(in.update(id, change.fields(), purpose::customer_order_management));
  const auto after = in.read(id, purpose::customer_order_management);
  CHECK(after->record().phones()->begin()->number == "+1 202 555 0199");
  CHECK(after->record().name()->given == "Ken");
  REQUIRE(in.remove(id, field::phones));
  CHECK(in.read(id, purpose::customer_order_management)->state(field::phones) ==
        field_state::absent);
  CHECK(in.remove(id, field::phones).error().code == errc::not_found);
  CHECK(in.verify()->problems == 0);
}

TEST_CASE("book: an external id belongs to one customer, and leads to them") {
  shop s;
  session in = s.begin();
  const customer_id first = keep(in, ken("L-1"));
  const customer_id second = keep(in, ken("L-2"));
  CHECK(*in.find("loyalty", "L-1") == first);
  CHECK(in.find("loyalty", "L-3").error().code == errc::not_found);
  const auto twice =
      in.put(ken("L-1"), {.purposes = purpose::customer_order_management, .directives = {}});
  CHECK(twice.error().code == errc::already_exists);
  customer change;
  const external_id taken{.system = "loyalty", .value = "L-1"};
  REQUIRE(change.set(field::external_ids, std::array{taken}));
  CHECK(in.update(second, change.fields(), purpose::customer_order_management).error().code ==
        errc::already_exists);
  CHECK(*in.find("loyalty", "L-2") == second);
  REQUIRE(in.erase(first, erasure_reason::subject_request));
  CHECK(in.find("loyalty", "L-1").error().code == errc::not_found);
  keep(in, ken("L-1"));  // free again
}

TEST_CASE("book: purchases and notes are appended and numbered, card numbers refused") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  const purchase receipt{.at = timestamp{1'700'000'000}, .order = "43659", .currency = "USD"};
  const std::array lines{purchase_line{.sku = "776", .description = "Road bike", .quantity = 1}};
  CHECK(*in.append_purchase(id, receipt, lines, purpose::customer_order_management) == 1);
  purchase next = receipt;
  next.order = "43660";
  CHECK(*in.append_purchase(id, next, lines, purpose::customer_order_management) == 2);
  const auto newest = in.purchases(id, purpose::customer_order_management, 1);
  REQUIRE(newest->items().size() == 1);
  CHECK(newest->items()[0].sequence == 2);
  CHECK(decode_purchase(newest->items()[0].value)->lines.begin()->description == "Road bike");
  CHECK(in.purchases(id, purpose::email_marketing)->size() == 0);
  CHECK(in.figures()->purchase_lines == 2);
  CHECK(s.begin().figures()->purchase_lines == 2);  // committed with the purchase
  const note card{.at = timestamp{1'700'000'000}, .text = "pays with 4111 1111 1111 1111"};
  CHECK(in.append_note(id, card, purpose::customer_order_management).error().code ==
        errc::card_data_refused);
}

TEST_CASE("book: a transaction is all or nothing, and sees its own writes") {
  shop s;
  session in = s.begin();
  REQUIRE(in.begin());
  const customer_id id = keep(in, ken("L-1"));
  CHECK(shows(in.read(id, purpose::customer_order_management), field::name));
  in.rollback();
  CHECK(in.figures()->customers == 0);
  CHECK(in.read(id, purpose::customer_order_management).error().code == errc::not_found);
  REQUIRE(in.begin());
  keep(in, ken("L-1"));
  keep(in, ken("L-2"));
  CHECK(in.disclose(id, {.purpose = purpose::delivery_of_goods}).error().code ==
        errc::invalid_state);
  REQUIRE(in.commit());
  CHECK(in.figures()->customers == 2);
  CHECK(in.commit().error().code == errc::invalid_state);
  CHECK(in.verify()->problems == 0);
}

TEST_CASE("book: the ledger knows before the bytes leave, refusals too, and proves it") {
  shop s;
  session in = s.begin();
  const recipient_id parcel = add_party(in, "parcel", recipient::parcel_service);
  const recipient_id broker = add_party(in, "broker", recipient::data_broker);
  const customer_id id = keep(in, ken());
  const auto out = in.disclose(id, {.purpose = purpose::delivery_of_goods, .recipient = parcel});
  REQUIRE(out);
  CHECK(out->content.record().has(field::addresses));
  CHECK_FALSE(out->content.record().has(field::emails));
  const auto denied =
      in.disclose(id, {.purpose = purpose::sell_data_to_third_parties, .recipient = broker});
  CHECK(denied.error().code == errc::denied);
  const auto partly = in.disclose(id, {.purpose = purpose::delivery_of_goods,
                                       .recipient = parcel,
                                       .fields = only(field::name) | only(field::emails)});
  CHECK(partly.error().code == errc::denied);
  CHECK(partly.error().at == field::emails.value);

  const auto entries = in.ledger(id);
  REQUIRE(entries);
  REQUIRE(entries->size() == 3);
  CHECK((*entries)[0].event == ledger_event::disclosure);
  CHECK((*entries)[0].recipient == "parcel");
  CHECK((*entries)[0].fields == (only(field::name) | only(field::phones) | only(field::addresses)));
  CHECK((*entries)[1].event == ledger_event::refusal);
  CHECK((*entries)[2].sequence == 3);

  const auto identity_text = in.log_identity();
  const auto identity = ledger::parse_log_identity(*identity_text);
  REQUIRE(identity);
  for (const ledger_record& one : *entries) {
    const auto proof = in.prove(one.index);
    REQUIRE(proof);
    std::vector<std::byte> room(4096);
    CHECK(ledger::verify_log_proof(proof->text, *identity, room));
    std::string altered = proof->text;
    altered[altered.size() / 2] ^= 1;
    CHECK_FALSE(ledger::verify_log_proof(altered, *identity, room));
  }
}

TEST_CASE("book: erasure is complete when it returns") {
  shop s;
  session in = s.begin();
  session other = s.begin();
  const recipient_id parcel = add_party(in, "parcel", recipient::parcel_service);
  const customer_id gone = keep(in, ken("L-1"));
  const customer_id stays = keep(in, ken("L-2"));
  REQUIRE(in.disclose(gone, {.purpose = purpose::delivery_of_goods, .recipient = parcel}));
  REQUIRE(other.read(gone, purpose::customer_order_management));
  const root_key old = memory_cell::copy(*s.cell->current);
  const std::array two{purchase_line{.sku = "1", .description = "Ring", .quantity = 1},
                       purchase_line{.sku = "2", .description = "Scarf", .quantity = 1}};
  const purchase sold{.at = timestamp{1'700'000'000}, .order = "7", .currency = "EUR"};
  for (const customer_id& id : {gone, stays}) {
    REQUIRE(in.append_purchase(id, sold, two, purpose::customer_order_management));
  }
  REQUIRE(in.figures()->purchase_lines == 4);

  const auto done = in.erase(gone, erasure_reason::subject_request);
  REQUIRE(done);
  CHECK(in.figures()->purchase_lines == 2);
  const erasure_receipt* const receipt = &done->receipt;
  CHECK(receipt->epoch_after == receipt->epoch_before + 1);
  CHECK(s.cell->current->epoch == receipt->epoch_after);
  CHECK_FALSE(s.cell->staged);
  for (session* reader : {&in, &other}) {
    CHECK(reader->read(gone, purpose::customer_order_management).error().code == errc::key_erased);
    CHECK(shows(reader->read(stays, purpose::customer_order_management), field::name));
  }
  CHECK(in.ledger(gone).error().code == errc::key_erased);
  CHECK(in.erase(gone, erasure_reason::other).error().code == errc::key_erased);
  CHECK(in.verify()->problems == 0);
  CHECK(in.figures()->customers == 1);
  CHECK(in.figures()->erased == 1);

  // Whoever kept the former root key opens nothing of today.
  auto kept = std::make_shared<memory_cell>();
  kept->current = memory_cell::copy(old);
  CHECK(book::open(s.store, kept).error().code == errc::wrong_key);
}

TEST_CASE("book: many are erased in one transaction, all of them or none") {
  shop s;
  session in = s.begin();
  std::vector<customer_id> all;
  for (int i = 0; i < 6; ++i) all.push_back(keep(in, ken("L-" + std::to_string(i))));
  const std::vector<customer_id> going(all.begin(), all.begin() + 4);
  const auto there = [&](session& reader) {
    std::size_t out = 0;
    for (const customer_id& id : all) {
      out += reader.read(id, purpose::customer_order_management) ? 1U : 0U;
    }
    return out;
  };
  const std::uint64_t epoch = s.cell->current->epoch;
  const std::uint64_t entries = in.figures()->ledger_entries;

  SUBCASE("all") {
    const auto done = in.erase(going, erasure_reason::subject_request);
    REQUIRE(done);
    REQUIRE(done->size() == 4);
    CHECK(s.cell->current->epoch == epoch + 1);
    for (std::size_t i = 0; i < done->size(); ++i) {
      const erasure_receipt& one = (*done)[i].receipt;
      CHECK(one.epoch_before == epoch);
      CHECK(one.epoch_after == epoch + 1);
      CHECK(one.ledger_index == entries + i);
      CHECK(one.signature != crypto::signature{});
      CHECK(in.read(going[i], purpose::customer_order_management).error().code == errc::key_erased);
    }
    CHECK((*done)[0].receipt.signature != (*done)[1].receipt.signature);
    CHECK(there(in) == 2);
    CHECK(in.figures()->customers == 2);
    CHECK(in.figures()->erased == 4);
    CHECK(in.figures()->ledger_entries == entries + 4);
    CHECK(in.verify()->problems == 0);
  }
  SUBCASE("none, for one of them") {
    customer_id stranger{};
    stranger.bytes[0] = std::byte{1};
    std::vector<customer_id> with = going;
    errc wanted = errc::none;
    SUBCASE("who is held") {
      open_case(in, {going[2]}, case_kind::tax);
      wanted = errc::kept_by_law;
    }
    SUBCASE("whom there is not") {
      with[2] = stranger;
      wanted = errc::not_found;
    }
    SUBCASE("who is named twice") {
      with[2] = with[0];
      wanted = errc::invalid_argument;
    }
    SUBCASE("who was erased before") {
      REQUIRE(in.erase(all[5], erasure_reason::other));
      with[2] = all[5];
      wanted = errc::key_erased;
    }
    const std::size_t before = there(in);
    const std::uint64_t now = s.cell->current->epoch;
    const auto refused = in.erase(with, erasure_reason::other);
    CHECK(refused.error().code == wanted);
    CHECK(refused.error().at == 3);
    CHECK(there(in) == before);
    CHECK(s.cell->current->epoch == now);
    CHECK(in.verify()->problems == 0);
  }
  SUBCASE("none, where the commit fails") {
    s.cell->fail_stage = true;
    const auto refused = in.erase(going, erasure_reason::other);
    CHECK(refused.error().code == errc::io_error);
    CHECK(refused.error().at == 0);
    s.cell->fail_stage = false;
    CHECK(there(in) == 6);
  }
  SUBCASE("none, where it is no list of customers to erase") {
    CHECK(in.erase(std::span<const customer_id>(), erasure_reason::other).error().code ==
          errc::invalid_argument);
    const std::vector<customer_id> many(max_erased_at_once + 1, going[0]);
    CHECK(in.erase(many, erasure_reason::other).error().code == errc::invalid_argument);
    CHECK(in.erase(going, erasure_reason::subject_request, {.request = 1}).error().code ==
          errc::invalid_argument);
    REQUIRE(in.begin());
    CHECK(in.erase(going, erasure_reason::other).error().code == errc::invalid_state);
    in.rollback();
    CHECK(s.begin(actor_role::associate).erase(going, erasure_reason::other).error().code ==
          errc::role_denied);
    CHECK(there(in) == 6);
  }
}

TEST_CASE("book: an erasure that was cut off is finished or dropped at the next open") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  SUBCASE("before the commit") {
    s.cell->fail_stage = true;
    CHECK(in.erase(id, erasure_reason::other).error().code == errc::io_error);
    s.cell->fail_stage = false;
    CHECK(shows(in.read(id, purpose::customer_order_management), field::name));
  }
  SUBCASE("after the commit, before the cell forgot") {
    s.cell->fail_promote = true;
    CHECK(in.erase(id, erasure_reason::other).error().code == errc::io_error);
    s.cell->fail_promote = false;
    CHECK(s.cell->staged);
    const auto again = book::open(s.store, s.cell, {.clock = {test_clock}});
    REQUIRE(again);
    CHECK_FALSE(s.cell->staged);
    auto reader = again->begin_session({.id = actor_id(7), .role = actor_role::manager});
    CHECK(reader->read(id, purpose::customer_order_management).error().code == errc::key_erased);
  }
  SUBCASE("a staged key that nobody committed is dropped") {
    root_key stray{.epoch = 2, .key = {}};
    REQUIRE(s.cell->stage(stray));
    REQUIRE(book::open(s.store, s.cell));
    CHECK_FALSE(s.cell->staged);
  }
}

TEST_CASE("book: a role may do what it is for, whatever consent says") {
  shop s;
  session officer = s.begin();
  const customer_id id = keep(officer, ken());
  session auditor = s.begin(actor_role::auditor);
  session associate = s.begin(actor_role::associate);
  CHECK(auditor.read(id, purpose::customer_order_management).error().code == errc::role_denied);
  CHECK(auditor.verify()->problems == 0);
  CHECK(associate.read(id, purpose::customer_order_management));
  CHECK(associate.erase(id, erasure_reason::other).error().code == errc::role_denied);
  CHECK(associate.add_recipient({}).error().code == errc::role_denied);
  const auto nobody =
      s.opened->begin_session({.id = actor_id(7), .role = static_cast<actor_role>(99)});
  CHECK(nobody.error().code == errc::role_denied);
}

TEST_CASE("book: a schema grows, never changes, and old records still open") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  schema more = standard_schema();
  more.version = schema_version(2);
  REQUIRE(more.add({.number = field_id(32),
                    .key = "favourite_colour",
                    .redaction = redaction_operator::drop,
                    .categories = {category::name}}));
  REQUIRE(in.extend_schema(more));
  CHECK(shows(in.read(id, purpose::customer_order_management), field::name));
  CHECK(in.extend_schema(more).error().code == errc::invalid_argument);
  customer change;
  REQUIRE(change.set(field_id(32), std::string_view("green")));
  REQUIRE(in.update(id, change.fields(), purpose::customer_order_management));
  const auto with_colour = in.read(id, purpose::customer_order_management);
  REQUIRE(with_colour);
  CHECK(with_colour->record().get<personal_text>(field_id(32)).value() == "green");
  session fresh = s.begin();
  CHECK(shows(fresh.read(id, purpose::customer_order_management), field_id(32)));
  CHECK(fresh.verify()->problems == 0);
}

TEST_CASE("book: built-in fields of a newer version are brought in, once, and by nobody else") {
  schema older = standard_schema_without_day();
  auto store = empty_store();
  auto cell = std::make_shared<memory_cell>();
  auto made = book::create(store, cell, {.fields = older, .profile = gdpr_profile().id},
                           {.clock = {test_clock}});
  REQUIRE(made);
  auto in = made->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  privacy_notice shown = notice_for(*in);
  shown.announced.purposes = {purpose::client_care};
  shown.announced.categories = {category::name, category::note};
  REQUIRE(in->add_notice(shown));
  const directive said = grant_of(*in, {recipient::self});
  const customer_id id = keep(*in, ken(), {&said, 1});
  // A list of what the book has no field for would look like an answer.
  const auto asked = in->list_customers({.tag = "bridal"}, purpose::client_care, only(field::name),
                                        [](const listed&) { return true; });
  CHECK(asked.error().code == errc::unknown_field);
  CHECK(asked.error().at == field::tags.value);

  auto associate = made->begin_session({.id = actor_id(8), .role = actor_role::associate});
  REQUIRE(associate);
  CHECK(associate->add_built_in_fields().error().code == errc::role_denied);
  const auto added = in->add_built_in_fields();
  REQUIRE(added);
  CHECK(*added == field_set{field::tasks, field::contacts, field::tags, field::tier, field::wishes,
                            field::reach});
  CHECK(in->fields().version == schema_version(older.version.value + 1));
  CHECK(in->add_built_in_fields().value().empty());
  CHECK(in->fields().version == schema_version(older.version.value + 1));
  // What was agreed to before reaches them: tasks are notes of the staff.
  customer change;
  const task one{.text = "Hem"};
  REQUIRE(change.set(field::tasks, std::span<const task>(&one, 1)));
  REQUIRE(in->update(id, change.fields(), purpose::client_care));
  CHECK(shows(in->read(id, purpose::client_care), field::tasks));
  CHECK(in->verify()->problems == 0);
  CHECK(shows(in->read(id, purpose::customer_order_management), field::name));
}

TEST_CASE("book: a field of the shop's own keeps its key, and nothing is brought in") {
  schema own = standard_schema_without_day();
  REQUIRE(own.add({.number = field_id(33), .key = "tags", .categories = {category::note}}));
  auto made = book::create(empty_store(), std::make_shared<memory_cell>(),
                           {.fields = own, .profile = gdpr_profile().id}, {.clock = {test_clock}});
  REQUIRE(made);
  auto in = made->begin_session({.id = actor_id(7), .role = actor_role::owner});
  REQUIRE(in);
  const auto added = in->add_built_in_fields();
  CHECK(added.error().code == errc::already_exists);
  CHECK(added.error().at == field::tags.value);
  CHECK(in->fields().size() == own.size());
}

TEST_CASE("book: no text of a task, a wish, a size or a line of a receipt holds such a number") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  constexpr auto why = purpose::customer_order_management;
  for (const std::string_view number :
       {"4111 1111 1111 1111", "4111/1111/1111/1111", "4111_1111_1111_1111", "SSN 536-22-1234"}) {
    CAPTURE(number);
    const auto refuses = [&](field_id at, auto value) {
      customer change;
      REQUIRE(change.set(at, std::span<const decltype(value)>(&value, 1)));
      const auto done = in.update(id, change.fields(), why);
      CAPTURE(at.value);
      CHECK((done.error().code == errc::card_data_refused ||
             done.error().code == errc::identity_number_refused));
      CHECK(done.error().at == at.value);
    };
    const timestamp when{1'799'000'000};
    refuses(field::tasks, task{.text = "Hem", .kind = number});
    refuses(field::contacts, customer_contact{.at = when, .channel = number});
    refuses(field::contacts, customer_contact{.at = when, .channel = "phone", .author = number});
    refuses(field::wishes, wish{.what = "Scarf", .brand = number});
    refuses(field::wishes, wish{.what = "Scarf", .size = number});
    refuses(field::wishes, wish{.what = "Scarf", .colour = number});
    refuses(field::wishes, wish{.what = "Scarf", .for_whom = number});
    refuses(field::sizes, customer_size{.value = "M", .brand = number});
    refuses(field::sizes, customer_size{.value = "M", .remark = number});
    refuses(field::tags, number);
    for (const purchase_line& line : {purchase_line{.description = "Scarf", .brand = number},
                                      purchase_line{.description = "Scarf", .category = number},
                                      purchase_line{.description = "Scarf", .department = number},
                                      purchase_line{.description = "Scarf", .season = number},
                                      purchase_line{.description = "Scarf", .for_whom = number}}) {
      const auto done = in.append_purchase(id, {.day = date{2026, 5, 4}}, std::span(&line, 1), why);
      CHECK(done.error().at == field::purchases.value);
    }
  }
}

TEST_CASE("book: tasks, contacts and wishes hold no numbers that a note may not hold") {
  shop s;
  session in = s.begin();
  const customer_id id = keep(in, ken());
  constexpr auto why = purpose::customer_order_management;
  constexpr std::string_view ssn = "Her SSN is 536-22-1234";
  customer change;
  const task open_task{.text = ssn};
  REQUIRE(change.set(field::tasks, std::span<const task>(&open_task, 1)));
  const auto refused = in.update(id, change.fields(), why);
  CHECK(refused.error().code == errc::identity_number_refused);
  CHECK(refused.error().at == field::tasks.value);
  customer talk;
  const customer_contact met{.at = timestamp{1'799'000'000}, .channel = "phone", .outcome = ssn};
  REQUIRE(talk.set(field::contacts, std::span<const customer_contact>(&met, 1)));
  CHECK(in.update(id, talk.fields(), why).error().at == field::contacts.value);
  customer wanted;
  const wish one{.what = ssn};
  REQUIRE(wanted.set(field::wishes, std::span<const wish>(&one, 1)));
  CHECK(in.update(id, wanted.fields(), why).error().at == field::wishes.value);
  // Also of somebody new.
  customer newcomer = ken("L-2");
  REQUIRE(newcomer.set(field::tasks, std::span<const task>(&open_task, 1)));
  CHECK(in.put(newcomer, {.purposes = why}).error().code == errc::identity_number_refused);
  // And of what a file says of somebody who is there.
  customer file = ken("L-1");
  REQUIRE(file.set(field::tasks, std::span<const task>(&open_task, 1)));
  const collection from{.purposes = why, .source = field_source::file};
  CHECK(in.merge(id, file, from, merge_rule::complete).error().code ==
        errc::identity_number_refused);
  CHECK(in.figures()->customers == 1);
}

TEST_CASE("book: both suites read what they wrote, and many customers share few states") {
  for (const crypto::suite suite : {crypto::suite::chacha20_poly1305, crypto::suite::aes256_gcm}) {
    if (!crypto::suite_available(suite)) continue;
    shop s(gdpr_profile().id, suite);
    session in = s.begin();
    REQUIRE(in.add_notice(notice_for(in)));
    const directive said = grant_of(in, {recipient::self});
    REQUIRE(in.begin());
    std::vector<customer_id> ids;
    for (int i = 0; i < 300; ++i) {
      ids.push_back(i % 3 == 0 ? keep(in, ken(std::to_string(i)), std::span(&said, 1))
                               : keep(in, ken(std::to_string(i))));
    }
    REQUIRE(in.commit());
    CHECK(in.figures()->consent_states == 1);
    CHECK(in.count_permitted(in.request(purpose::email_marketing), field::emails).value() == 100);
    std::size_t seen = 0;
    REQUIRE(in.for_each(purpose::customer_order_management, all_fields, [&](const view& one) {
      CHECK(one.id() == ids[seen++]);
      return true;
    }));
    CHECK(seen == 300);
    CHECK(in.verify()->problems == 0);
  }
}

namespace {

// Consents to notes for the e-mail, shown as `conditions` say.
directive notes_for_email(session& in, const obligations& conditions = {}) {
  privacy_notice shown = notice_for(in);
  shown.announced.recipients = {recipient::self};
  shown.announced.categories = {category::note, category::name, category::email_address};
  REQUIRE(in.add_notice(shown));
  directive yes = grant_of(in, {recipient::self});
  yes.conditions = conditions;
  return yes;
}

}  // namespace

TEST_CASE(
    "book: a number that does not belong into a note is refused or replaced, never repeated") {
  shop s;
  session in = s.begin();
  const directive yes = notes_for_email(in);
  const customer_id id = keep(in, ken(), std::span(&yes, 1));
  constexpr auto why = purpose::email_marketing;
  const note card{.text = "pays with 4111 1111 1111 1111, CVV 123"};
  const note ssn{.text = "SSN 230-46-7471 for the refund"};
  const auto refused = in.append_note(id, card, why);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::card_data_refused);
  CHECK(std::string_view(refused.error().text.c_str()).find("4111") == std::string_view::npos);
  CHECK(in.append_note(id, card, why, {.cards = number_in_note::kept}).error().code ==
        errc::card_data_refused);
  CHECK(in.append_note(id, ssn, why).error().code == errc::identity_number_refused);
  // Without a word for it an identity number shows only in the shop's own countries.
  const note bare{.text = "left 230-46-7471"};
  CHECK(in.append_note(id, bare, why));
  const std::string_view us[] = {"US"};
  REQUIRE(in.set_text_regions(us));
  CHECK(in.append_note(id, bare, why).error().code == errc::identity_number_refused);
  CHECK(in.append_note(id, bare, why, {.identity_numbers = number_in_note::kept}));
  const std::string_view wrong[] = {"usa"};
  CHECK(in.set_text_regions(wrong).error().code == errc::invalid_argument);

  const note_policy replacing{.cards = number_in_note::replaced,
                              .identity_numbers = number_in_note::replaced};
  REQUIRE(in.append_note(id, card, why, replacing));
  REQUIRE(in.append_note(id, ssn, why, replacing));
  const auto kept = in.notes(id, why, 2);
  REQUIRE(kept->items().size() == 2);
  note read;
  REQUIRE(decode_value(kept->items()[0].value, read));
  CHECK(read.text == "pays with <PAYMENT_CARD>, CVV <CARD_CODE>");
  REQUIRE(decode_value(kept->items()[1].value, read));
  CHECK(read.text == "SSN <NATIONAL_ID> for the refund");
}

TEST_CASE("book: a note shown redacted holds nothing of the customer's own record") {
  shop s;
  session in = s.begin();
  const directive yes = notes_for_email(
      in, {.required = {obligation::mask}, .mask = redaction_operator::redact_text});
  const customer_id id = keep(in, ken(), std::span(&yes, 1));
  const note text{.at = timestamp{1'700'000'000},
                  .author = "Marta",
                  .text =
                      "Sanchez likes blue; ring 202-555-0142 or ken@example.com, L-1 at 4350 "
                      "MINUTE DR, friend anna@libero.it, size 42"};
  REQUIRE(in.append_note(id, text, purpose::email_marketing));
  const auto notes = in.notes(id, purpose::email_marketing);
  REQUIRE(notes);
  REQUIRE(notes->items().size() == 1);
  note read;
  REQUIRE(decode_value(notes->items()[0].value, read));
  CHECK(read.text ==
        "<KNOWN_VALUE> likes blue; ring <KNOWN_VALUE> or <KNOWN_VALUE>, L-1 at <KNOWN_VALUE>, "
        "friend <EMAIL_ADDRESS>, size 42");
  CHECK(read.author.empty());
  CHECK(read.at == text.at);
  // Withdrawn, nothing comes out at all.
  directive no = yes;
  no.kind = directive_kind::withdraw;
  no.strength = consent_strength::none;
  no.informed = false;
  no.conditions = {};
  no.strength = consent_strength::none;
  no.informed = false;
  no.conditions = {};
  no.notice = {};
  CHECK(in.record(id, no));
  CHECK(in.notes(id, purpose::email_marketing)->size() == 0);
}

TEST_CASE("book: whoever was erased is in nobody's household any more") {
  shop s;
  session in = s.begin();
  const auto linked = [](std::span<const household_link> links, const char* loyalty) {
    customer out = ken(loyalty);
    REQUIRE(out.set(field::household, links));
    return out;
  };
  const customer_id bo = keep(in, ken("L-1"));
  const customer_id cy = keep(in, ken("L-2"));
  const household_link both[] = {{.relation = "spouse", .person = "Bo Baggins", .customer = bo},
                                 {.relation = "child", .person = "Cy Baggins", .customer = cy},
                                 {.relation = "child", .person = "Dee, who is no customer"}};
  privacy_notice wide = notice_for(in);
  wide.announced.purposes = {purpose::client_care};
  wide.announced.categories = all_categories();
  wide.announced.categories.remove(category::card_verification_code);
  REQUIRE(in.add_notice(wide));
  const directive yes = grant_of(in, {recipient::self});
  const auto kept = [&](std::span<const household_link> links, const char* loyalty) {
    const auto done =
        in.put(linked(links, loyalty), {.purposes = purpose::client_care, .directives = {&yes, 1}});
    REQUIRE(done);
    return done->id;
  };
  const customer_id ann = kept(both, "L-3");
  const customer_id eve = kept(std::span(both).first(1), "L-4");
  REQUIRE(in.erase(bo, erasure_reason::subject_request));
  for (int again = 0; again < 2; ++again) {
    const auto seen = in.read(ann, purpose::client_care);
    REQUIRE(seen);
    const auto links = seen->record().household();
    REQUIRE(links);
    REQUIRE(links->size() == 2);
    for (const household_link& link : *links) CHECK(link.person.reveal() != "Bo Baggins");
    CHECK(links->begin()->customer == std::optional(cy));
    CHECK(seen->record().name());
    const auto alone = in.read(eve, purpose::client_care);
    REQUIRE(alone);
    CHECK(alone->state(field::household) == field_state::absent);
    CHECK_FALSE(alone->record().has(field::household));
    CHECK(alone->record().name());
    in = s.begin();
  }
  CHECK(in.verify()->problems == 0);
}
