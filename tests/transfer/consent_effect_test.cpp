#include <clientbook/transfer/consent_effect.hpp>

#include <clientbook/consent/recipient_needs.hpp>
#include <clientbook/transfer/export_consents.hpp>

#include <algorithm>
#include <string>

#include "shop.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

struct told_shop {
  shop book;
  session in = book.begin();
  customer_id id;

  told_shop() {
    add_notice(in);
    id = keep(in, ken());
    clock_hand().seconds += 60;
  }
  consent_effect record(const directive& said) {
    const auto effect = in.record_and_tell(id, said);
    REQUIRE(effect);
    return *effect;
  }
  std::string why(const directive& said, const consent_effect& effect) {
    const auto text = why_nothing_opened(in, id, said, effect);
    REQUIRE(text);
    return *text;
  }
};

bool of_mail(const std::vector<consent_cell>& cells) {
  return std::any_of(cells.begin(), cells.end(), [](const consent_cell& cell) {
    return cell.recipient == recipient::self && cell.purpose == purpose::email_marketing &&
           cell.operation == operation::use && cell.fields.has(field::emails);
  });
}

}  // namespace

TEST_CASE("consent effect: a directive tells what it opened and closed, and reads show the same") {
  told_shop shop;
  const directive yes = grant_of(shop.in, {recipient::self});
  const consent_effect given = shop.record(yes);
  CHECK(of_mail(given.opened));
  CHECK(given.closed.empty());
  CHECK(shop.why(yes, given).empty());
  CHECK(shows(shop.in.read(shop.id, purpose::email_marketing), field::emails));
  clock_hand().seconds += 60;
  const consent_effect taken = shop.record(withdrawal());
  CHECK(taken.opened.empty());
  CHECK(of_mail(taken.closed));
  CHECK(taken.sequence == given.sequence + 1);
  CHECK_FALSE(shows(shop.in.read(shop.id, purpose::email_marketing), field::emails));
  // What was closed is not closed again.
  clock_hand().seconds += 60;
  CHECK(shop.record(withdrawal()).closed.empty());
}

TEST_CASE(
    "consent effect: a yes on somebody's word says what waits, and is no record of a consent") {
  told_shop shop;
  session clerk = shop.book.begin(actor_role::associate);
  directive yes = grant_of(shop.in, {recipient::self});
  yes.scope.purposes = {purpose::email_marketing};
  const auto noted = clerk.record_and_tell(shop.id, yes);
  REQUIRE(noted);
  CHECK(noted->opened.empty());
  const auto why = why_nothing_opened(clerk, shop.id, yes, *noted);
  REQUIRE(why);
  CHECK(why->find("the word of who noted it") != std::string::npos);
  const auto text = effect_to_json(clerk, shop.id, yes, *noted);
  REQUIRE(text);
  CHECK(text->find(R"("waiting":["email_marketing"],"provisional":[],"how_to_confirm")") !=
        std::string::npos);
  const auto all = shop.in.waiting(shop.id);
  REQUIRE(all);
  const auto list = waiting_to_json(shop.in, *all);
  REQUIRE(list);
  CHECK(list->find(R"([{"sequence":1,"noted_at":)") == 0);
  CHECK(list->find(R"("asked":false,"purposes":["email_marketing"],"recipients":["self"])") !=
        std::string::npos);
  CHECK(export_consent_record(shop.in, shop.id, 1, {}).error().code == errc::unsupported);
  // What stood against it before stands when it is confirmed, and is named.
  const customer_id other = keep(shop.in, ken("L-2"));
  directive no = withdrawal();
  no.kind = directive_kind::deny;
  REQUIRE(clerk.record(other, no));
  REQUIRE(clerk.record(other, yes));
  auto deputy = shop.book.opened->begin_session({.id = actor_id(40), .role = actor_role::manager});
  REQUIRE(deputy);
  const auto confirmed = deputy->confirm(other, 2, {.hash = crypto::hash(as_bytes("scan"))});
  REQUIRE(confirmed);
  const auto stands = confirmed_to_json(*deputy, other, *confirmed);
  REQUIRE(stands);
  CHECK(stands->find(R"("kind":"grant","opened":[])") != std::string::npos);
  CHECK(stands->find("names number 1") != std::string::npos);
  // Of care alone it counts at once, and says until when.
  yes.scope.purposes = {purpose::client_care};
  const auto care = clerk.record_and_tell(shop.id, yes);
  REQUIRE(care);
  const auto told = effect_to_json(clerk, shop.id, yes, *care);
  REQUIRE(told);
  CHECK(told->find(R"("provisional":["client_care"],"until":")") != std::string::npos);
}

TEST_CASE("consent effect: a permission that opens nothing says why, and what would count") {
  told_shop shop;
  directive yes = grant_of(shop.in, {recipient::self});
  SUBCASE("the notice does not announce it") {
    yes.scope.purposes = {purpose::telephone_marketing};
    CHECK(shop.why(yes, shop.record(yes)) ==
          "notice \"e-mail\" does not announce telephone_marketing");
  }
  SUBCASE("something stands against it") {
    directive no = withdrawal();
    no.kind = directive_kind::deny;
    no.scope = yes.scope;
    const std::uint32_t number = shop.record(no).sequence;
    clock_hand().seconds += 60;
    yes.event_at = clock_hand();
    const std::string why = shop.why(yes, shop.record(yes));
    CHECK(why.find("--supersedes " + std::to_string(number)) != std::string::npos);
    // It does count.
    yes.supersedes[0] = (*shop.in.directives(shop.id))[number - 1].id;
    yes.evidence.hash = crypto::hash(as_bytes("signed"));
    clock_hand().seconds += 60;
    yes.event_at = clock_hand();
    CHECK(of_mail(shop.record(yes).opened));
  }
  SUBCASE("who says it, and how") {
    yes.by = indicated_by::controller;
    CHECK(shop.why(yes, shop.record(yes)).find("the word of the customer") != std::string::npos);
    clock_hand().seconds += 60;
    yes.event_at = clock_hand();
    yes.by = indicated_by::subject;
    yes.strength = consent_strength::implied;
    CHECK(shop.why(yes, shop.record(yes)).find("it is implied") == 0);
    clock_hand().seconds += 60;
    directive lift = withdrawal();
    lift.kind = directive_kind::deny;
    lift.event_at = clock_hand();
    const std::uint32_t number = shop.record(lift).sequence;
    clock_hand().seconds += 60;
    lift.kind = directive_kind::lift;
    lift.event_at = clock_hand();
    lift.by = indicated_by::controller;
    lift.evidence.hash = crypto::hash(as_bytes("signed"));
    lift.supersedes[0] = (*shop.in.directives(shop.id))[number - 1].id;
    CHECK(shop.why(lift, shop.record(lift)).find("is the customer's word") != std::string::npos);
  }
  SUBCASE("it was open already") {
    shop.record(yes);
    clock_hand().seconds += 60;
    yes.event_at = clock_hand();
    CHECK(shop.why(yes, shop.record(yes)) == "all of it was open already");
  }
}

TEST_CASE("consent effect: a lift ends no consent, whatever number it names") {
  told_shop shop;
  const directive yes = grant_of(shop.in, {recipient::self});
  const std::uint32_t number = shop.record(yes).sequence;
  clock_hand().seconds += 60;
  directive lift = withdrawal();
  lift.kind = directive_kind::lift;
  lift.event_at = clock_hand();
  lift.evidence.hash = crypto::hash(as_bytes("signed"));
  lift.supersedes[0] = (*shop.in.directives(shop.id))[number - 1].id;
  const auto done = shop.in.record_and_tell(shop.id, lift);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == errc::invalid_argument);
  CHECK(done.error().at == number);
  CHECK(shop.in.directives(shop.id)->size() == number);
  CHECK(shows(shop.in.read(shop.id, purpose::email_marketing), field::emails));
}

TEST_CASE("consent effect: of a class that is named it is told what opened and closed") {
  told_shop shop;
  privacy_notice notice = notice_for(shop.in);
  notice.title = short_text<64>("branch");
  notice.announced.recipients = {recipient::store};
  const auto shown = shop.in.add_notice(notice);
  REQUIRE(shown);
  directive yes = grant_of(shop.in, {recipient::store});
  yes.notice = {shown->id, shown->version, shown->hash};
  const auto to_store = [](const consent_cell& cell) {
    return cell.recipient == recipient::store && cell.fields.has(field::emails);
  };
  const consent_effect given = shop.record(yes);
  CHECK(std::ranges::any_of(given.opened, to_store));
  // What was previewed is what opened, no more and no less.
  const auto preview = shop.in.preview_notice(*shown);
  REQUIRE(preview);
  CHECK_FALSE(preview->cells.empty());
  for (const consent_cell& cell : given.opened) {
    CHECK(std::ranges::any_of(preview->cells, [&](const preview_cell& other) {
      return other.recipient == cell.recipient && other.purpose == cell.purpose &&
             other.operation == cell.operation && !(cell.fields & ~other.fields);
    }));
  }
  clock_hand().seconds += 60;
  directive no = withdrawal();
  no.event_at = clock_hand();
  no.scope.recipients = {recipient::store};
  const consent_effect taken = shop.record(no);
  CHECK(std::ranges::any_of(taken.closed, to_store));
  CHECK(taken.opened.empty());
}

TEST_CASE("consent effect: add_notice gives the notice as it is stored") {
  told_shop shop;
  privacy_notice notice = notice_for(shop.in);
  notice.title = short_text<64>("another");
  const auto stored = shop.in.add_notice(notice);
  REQUIRE(stored);
  CHECK(stored->hash != consent_hash{});
  CHECK(stored->cells != consent_hash{});
  CHECK(*stored == shop.in.notices()->back());
}

TEST_CASE("recipients: what a party needs ends with a contract; a retired party gets nothing") {
  told_shop shop;
  recipient_party parcel;
  parcel.name = short_text<64>("Parcel Co");
  parcel.party_class = recipient::parcel_service;
  parcel.country = {'D', 'E'};
  parcel.id = *shop.in.add_recipient(parcel);
  const law_profile& law = *shop.in.profile();
  CHECK(needs_of(law, parcel).contract);
  parcel.contract = short_text<32>("C-1");
  parcel.onward = onward_rule::forbidden;
  REQUIRE(shop.in.edit_recipient(parcel));
  CHECK(needs_of(law, *(*shop.in.recipients())->find(parcel.id)).nothing());
  REQUIRE(shop.in.retire_recipient(parcel.id));
  CHECK((*shop.in.recipients())->find(parcel.id)->removed != 0);
  CHECK(shop.in.retire_recipient(parcel.id).error().code == errc::not_found);
  const auto passed =
      shop.in.disclose(shop.id, {.purpose = purpose::delivery_of_goods, .recipient = parcel.id});
  CHECK_FALSE(passed);
  CHECK(shop.book.begin(actor_role::associate).edit_recipient(parcel).error().code ==
        errc::role_denied);
}

TEST_CASE("consent effect: what is open already is said, where another law keeps a part closed") {
  shop book(us_ca_profile().id);
  book.store = empty_store();
  book.cell = std::make_shared<memory_cell>();
  const std::vector<profile_id> further{gdpr_profile().id};
  auto made = book::create(book.store, book.cell,
                           {.profile = us_ca_profile().id, .further_profiles = further},
                           {.clock = {test_clock}, .longest_pause_days = 0});
  REQUIRE(made);
  book.opened = std::move(*made);
  session in = book.begin();
  privacy_notice wide = notice_for(in);
  wide.announced.categories = all_categories();
  wide.announced.categories.remove(category::card_verification_code);
  REQUIRE(in.add_notice(wide));
  const customer_id id = keep(in, ken());
  const directive yes = grant_of(in, {recipient::self});
  const auto first = in.record_and_tell(id, yes);
  REQUIRE(first);
  REQUIRE_FALSE(first->opened.empty());
  clock_hand().seconds += 60;
  directive again = grant_of(in, {recipient::self});
  const auto second = in.record_and_tell(id, again);
  REQUIRE(second);
  const auto why = why_nothing_opened(in, id, again, *second);
  REQUIRE(why);
  CHECK(why->find("open already") != std::string::npos);

  // A move that is confirmed tells what it opened, as any other word.
  const auto moved = in.move_and_tell(id, us_ca_profile().id, residence_source::customer);
  REQUIRE(moved);
  CHECK(moved->sequence == 3);
  const auto back = in.move_and_tell(id, gdpr_profile().id, residence_source::address);
  REQUIRE(back);
  // What one law opened the other closes again, until that is confirmed.
  CHECK(back->closed == moved->opened);
  CHECK(back->opened.empty());
}

TEST_CASE("consent effect: under a notice that was withdrawn there is no record of a consent") {
  told_shop shop;
  const directive yes = grant_of(shop.in, {recipient::self});
  const auto given = shop.in.record(shop.id, yes);
  REQUIRE(given);
  REQUIRE(export_consent_record(shop.in, shop.id, *given, {.controller = "Shop"}));
  REQUIRE(shop.in.withdraw_notice(yes.notice.id));
  CHECK(export_consent_record(shop.in, shop.id, *given, {.controller = "Shop"}).error().code ==
        errc::unsupported);
}
