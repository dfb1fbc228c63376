// A book of several laws: which of them hold of whom, and that an address alone opens nothing.
#include <clientbook/ledger/disclosure_entry.hpp>

#include <algorithm>

#include "fixture.hpp"

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::int64_t day = 86400;

/// A book that follows some laws, with a notice and a customer who agreed to e-mails.
struct law_shop {
  std::shared_ptr<backend> store = empty_store();
  std::shared_ptr<memory_cell> cell = std::make_shared<memory_cell>();
  std::optional<book> opened;
  std::optional<session> owner;
  customer_id ann, bob;
  recipient_id far_away;

  explicit law_shop(profile_id first, std::vector<profile_id> further = {}) {
    clock_hand() = timestamp{1'800'000'000};
    auto made = book::create(store, cell, {.profile = first, .further_profiles = further},
                             {.clock = {test_clock}, .longest_pause_days = 0});
    REQUIRE(made);
    opened = std::move(*made);
    owner.emplace(begin(actor_role::owner));
    REQUIRE(in().add_notice(notice_for(in())));
    add_party(in(), "partner", recipient::selected_partner);
    add_party(in(), "post", recipient::processor);
    // Where Europe lets nothing go without a safeguard, and California asks for none.
    recipient_party far;
    far.name = short_text<64>("far");
    far.party_class = recipient::selected_partner;
    far.country = {'I', 'N'};
    far.contract = short_text<32>("C-9");
    far.onward = onward_rule::forbidden;
    const auto added = in().add_recipient(far);
    REQUIRE(added);
    far_away = *added;
    privacy_notice wide = notice_for(in());
    wide.version = 2;
    REQUIRE(in().add_notice(wide));
    const directive yes = grant_of(in(), {recipient::self, recipient::selected_partner});
    ann = keep(in(), ken("L-1"), {&yes, 1});
    bob = keep(in(), ken("L-2"));
  }
  session& in() { return *owner; }
  session begin(actor_role role, std::uint32_t who = 7) {
    auto out = opened->begin_session({.id = actor_id(who), .role = role});
    REQUIRE(out);
    return std::move(*out);
  }
  void restart() {
    owner.reset();
    auto again = book::open(store, cell, {.clock = {test_clock}, .longest_pause_days = 0});
    REQUIRE(again);
    opened = std::move(*again);
    owner.emplace(begin(actor_role::owner));
  }

  /// Every decision about a customer, by purpose, recipient and operation.
  std::vector<field_set> permitted(const customer_id& whose) {
    std::vector<recipient_id> whom{recipient::self, recipient::third_party, recipient::data_broker};
    const auto registry = in().recipients();
    REQUIRE(registry);
    for (const recipient_party& party : (*registry)->parties()) whom.push_back(party.id);
    std::vector<field_set> out;
    all_purposes().for_each([&](purpose_id purpose) {
      decision_request as = in().request(purpose);
      for (const recipient_id to : whom) {
        for (const operation_id how : {operation::use, operation::disclose, operation::sell}) {
          as.recipient = to;
          as.operation = how;
          const auto seen = in().preview(whose, as, {});
          if (!seen && seen.error().code == errc::case_required) continue;
          REQUIRE(seen);
          out.push_back(seen->decision().permitted);
        }
      }
    });
    return out;
  }
  std::vector<profile_id> laws(const customer_id& whose) {
    const auto told = in().jurisdiction_of(whose);
    REQUIRE(told);
    std::vector<profile_id> out;
    for (const auto& law : told->laws) out.push_back(law->id);
    return out;
  }
};

std::vector<field_set> met(const std::vector<field_set>& a, const std::vector<field_set>& b) {
  std::vector<field_set> out;
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) out.push_back(a[i] & b[i]);
  return out;
}

const profile_id gdpr = gdpr_profile().id;
const profile_id ca = us_ca_profile().id;

}  // namespace

TEST_CASE(
    "jurisdiction: until it is said for sure, what all laws of the book permit is permitted") {
  law_shop both(ca, {gdpr});
  const auto ann = both.permitted(both.ann);
  const auto bob = both.permitted(both.bob);
  CHECK(both.laws(both.ann) == std::vector{ca, gdpr});
  law_shop german(gdpr);
  law_shop californian(ca);
  const auto under_gdpr = german.permitted(german.ann);
  const auto under_ca = californian.permitted(californian.ann);
  REQUIRE(under_gdpr != under_ca);
  CHECK(ann == met(under_gdpr, under_ca));
  CHECK(bob == met(german.permitted(german.bob), californian.permitted(californian.bob)));
}

TEST_CASE(
    "jurisdiction: an address opens nothing, the word of the customer or an officer decides") {
  law_shop s(ca, {gdpr});
  law_shop german(gdpr);
  law_shop californian(ca);
  const auto under_gdpr = german.permitted(german.ann);
  const auto under_ca = californian.permitted(californian.ann);
  clock_hand() = timestamp{1'800'000'000};
  const auto unknown = s.permitted(s.ann);

  SUBCASE("of nobody known an address tells nothing") {
    REQUIRE(s.in().move(s.ann, ca, residence_source::address));
    CHECK(s.permitted(s.ann) == unknown);
    CHECK(s.in().jurisdiction_of(s.ann)->confirmed == profile_id{});
  }
  SUBCASE("known, and moved") {
    REQUIRE(s.in().move(s.ann, ca, residence_source::customer));
    CHECK(s.permitted(s.ann) == under_ca);
    CHECK(s.laws(s.ann) == std::vector{ca});
    REQUIRE(s.in().move(s.ann, gdpr, residence_source::address));
    CHECK(s.laws(s.ann) == std::vector{ca, gdpr});
    CHECK(s.in().jurisdiction_of(s.ann)->confirmed == ca);
    CHECK(s.permitted(s.ann) == unknown);
    SUBCASE("the customer confirms") {
      REQUIRE(s.in().move(s.ann, gdpr, residence_source::customer));
    }
    SUBCASE("an officer confirms") {
      REQUIRE(s.in().move(s.ann, gdpr, residence_source::officer, "letter of 3 May"));
    }
    CHECK(s.permitted(s.ann) == under_gdpr);
    CHECK(s.in().jurisdiction_of(s.ann)->confirmed == gdpr);
    // As it was said: after a restart, a new party, and what is compiled anew.
    s.restart();
    CHECK(s.permitted(s.ann) == under_gdpr);
    add_party(s.in(), "bus", recipient::processor);
    CHECK(s.laws(s.ann) == std::vector{gdpr});
    REQUIRE(s.in().compile_consents(1000));
    CHECK(s.laws(s.bob) == std::vector{ca, gdpr});
    CHECK(s.in().verify()->problems == 0);
  }
}

TEST_CASE("jurisdiction: a move is written down, once, in history and ledger") {
  law_shop s(ca, {gdpr});
  const auto first = s.in().move(s.ann, gdpr, residence_source::customer, "form 12");
  REQUIRE(first);
  CHECK_FALSE(first->repeated);
  const auto said = s.in().directives(s.ann);
  REQUIRE(said);
  CHECK(said->back().kind == directive_kind::move);
  CHECK(said->back().jurisdiction == gdpr);
  CHECK(said->back().evidence.reference.view() == "form 12");
  CHECK(s.in().ledger(s.ann)->back().event == ledger_event::jurisdiction);
  const std::size_t entries = s.in().figures()->ledger_entries;
  clock_hand().seconds += day;
  CHECK(s.in().move(s.ann, gdpr, residence_source::customer)->repeated);
  CHECK(s.in().move(s.ann, gdpr, residence_source::address)->repeated);
  CHECK(s.in().figures()->ledger_entries == entries);
  CHECK(s.in().directives(s.ann)->size() == said->size());
  // And away, and back again: that is news.
  REQUIRE(s.in().move(s.ann, ca, residence_source::address));
  CHECK_FALSE(s.in().move(s.ann, gdpr, residence_source::customer)->repeated);
  CHECK(s.laws(s.ann) == std::vector{gdpr});
}

TEST_CASE("jurisdiction: the state of a move holds for what is agreed from then on, once") {
  law_shop s(gdpr);
  CHECK(s.in().jurisdiction_of(s.ann)->residence == country_code{});
  const auto first =
      s.in().move(s.ann, gdpr, residence_source::customer, {}, {.residence = {'A', 'T'}});
  REQUIRE(first);
  CHECK_FALSE(first->repeated);
  CHECK(s.in()
            .move(s.ann, gdpr, residence_source::customer, {}, {.residence = {'A', 'T'}})
            ->repeated);
  s.restart();
  CHECK(s.in().jurisdiction_of(s.ann)->residence == country_code{'A', 'T'});
  REQUIRE(s.in().move(s.ann, gdpr, residence_source::address, {},
                      {.works_here = employment::employed}));
  CHECK(s.in().jurisdiction_of(s.ann)->residence == country_code{'A', 'T'});
  CHECK(s.in().jurisdiction_of(s.ann)->employed);
  CHECK(s.in()
            .move(s.ann, gdpr, residence_source::customer, {}, {.works_here = employment::ended})
            .error()
            .code == errc::missing_field);
  CHECK(s.in()
            .move(s.ann, gdpr, residence_source::customer, {}, {.residence = {'a', 't'}})
            .error()
            .code == errc::invalid_value);
  REQUIRE(s.in().move(s.ann, gdpr, residence_source::address, {}, {.residence = {'B', 'E'}}));
  CHECK(s.in().jurisdiction_of(s.ann)->residence == country_code{});
  REQUIRE(s.in().move(s.ann, gdpr, residence_source::officer, "leaver 4",
                      {.works_here = employment::ended}));
  CHECK_FALSE(s.in().jurisdiction_of(s.ann)->employed);
  CHECK(s.in().verify()->problems == 0);
}

TEST_CASE("jurisdiction: a move that is written down late is no later than it was") {
  for (const bool restarted : {false, true}) {
    law_shop s(ca, {gdpr});
    const timestamp first = clock_hand();
    clock_hand().seconds += 100 * day;
    REQUIRE(s.in().move(s.ann, gdpr, residence_source::customer));
    const auto at_home = s.permitted(s.ann);
    clock_hand().seconds += day;
    // Where they lived before, from an old form.
    const auto late = s.in().move_and_tell(s.ann, ca, residence_source::officer, "form 3",
                                           {.at = timestamp{first.seconds + day}});
    REQUIRE(late);
    CHECK_FALSE(late->repeated);
    CHECK(late->opened.empty());
    CHECK(late->closed.empty());
    if (restarted) s.restart();
    CHECK(s.laws(s.ann) == std::vector{gdpr});
    CHECK(s.in().jurisdiction_of(s.ann)->confirmed == gdpr);
    CHECK(s.permitted(s.ann) == at_home);
    // The same again is known; an address that came after both adds its law.
    CHECK(s.in()
              .move(s.ann, ca, residence_source::officer, "form 3",
                    {.at = timestamp{first.seconds + day}})
              ->repeated);
    REQUIRE(s.in().move(s.ann, ca, residence_source::address));
    CHECK(s.laws(s.ann) == std::vector{ca, gdpr});
    CHECK(s.in().verify()->problems == 0);
  }
}

TEST_CASE("jurisdiction: a clock that was ahead once makes no move the last word") {
  law_shop s(ca, {gdpr});
  clock_hand().seconds += 3650 * day;
  REQUIRE(s.in().move(s.ann, ca, residence_source::customer));
  clock_hand().seconds -= 3650 * day;
  REQUIRE(s.in().move(s.ann, gdpr, residence_source::customer));
  CHECK(s.laws(s.ann) == std::vector{gdpr});
  CHECK(s.in().jurisdiction_of(s.ann)->confirmed == gdpr);
}

TEST_CASE("jurisdiction: a state written down late makes no older yes worth more") {
  law_shop s(gdpr);
  const auto young = [&](const char* loyalty) {
    customer record = ken(loyalty);
    // 14 in 2027: alone in Austria, not in Germany.
    REQUIRE(record.set(field::birth_date, date{2012, 6, 1}));
    const auto id = s.in().put(record, {.purposes = purpose::customer_order_management,
                                        .without_basis = when_without_basis::leave_out});
    REQUIRE(id);
    return *id;
  };
  const auto reached = [&](const customer_id& whose) {
    return shows(s.in().read(whose, purpose::email_marketing), field::emails);
  };
  const auto agree = [&](const customer_id& whose, timestamp at) {
    directive yes = grant_of(s.in(), {recipient::self});
    yes.channel = consent_channel::web;
    yes.event_at = at;
    return s.in().record(whose, yes);
  };
  const customer_id cy = young("L-3");
  REQUIRE(s.in().move(cy, gdpr, residence_source::customer, {}, {.residence = {'D', 'E'}}));
  const timestamp then = clock_hand();
  clock_hand().seconds += 10 * day;
  REQUIRE(s.in().move(cy, gdpr, residence_source::customer, {}, {.residence = {'A', 'T'}}));
  clock_hand().seconds += day;
  // Said while they lived in Germany, written down since.
  REQUIRE(agree(cy, timestamp{then.seconds + day}));
  CHECK_FALSE(reached(cy));
  // Said again now it counts, and so it does where the first one was said in the same second.
  CHECK_FALSE(agree(cy, clock_hand())->repeated);
  CHECK(reached(cy));
  const customer_id di = young("L-4");
  const timestamp now = clock_hand();
  REQUIRE(agree(di, now));
  CHECK_FALSE(reached(di));
  REQUIRE(s.in().move(di, gdpr, residence_source::customer, {}, {.residence = {'A', 'T'}}));
  const auto again = agree(di, now);
  REQUIRE(again);
  CHECK_FALSE(again->repeated);
  CHECK(reached(di));
  CHECK(agree(di, now)->repeated);
}

TEST_CASE("jurisdiction: a birth date that is learnt later ends no guardian's no") {
  law_shop s(gdpr);
  directive no = grant_of(s.in(), {recipient::self});
  no.kind = directive_kind::deny;
  no.by = indicated_by::guardian;
  no.strength = consent_strength::none;
  no.informed = false;
  no.basis = lawful_basis::none;
  no.notice = {};
  no.event_at.seconds -= 10 * 366 * day;
  const auto recorded = s.in().record(s.bob, no);
  REQUIRE(recorded);
  directive own = grant_of(s.in(), {recipient::self});
  own.supersedes[0] = s.in().directives(s.bob)->back().id;
  own.evidence.hash.fill(std::byte{9});
  CHECK(s.in().record(s.bob, own).error().code == errc::invalid_state);
  CHECK(s.in().directives(s.bob)->size() == 1);
  customer change;
  REQUIRE(change.set(field::birth_date, date{2006, 5, 1}));  // 10 then, 20 now
  (void)s.in().update(s.bob, change.fields(), purpose::customer_order_management);
  const auto mails = [&] {
    const auto view = s.in().read(s.bob, purpose::email_marketing);
    REQUIRE(view);
    return view->decision().permitted.has(field::emails);
  };
  CHECK_FALSE(mails());
  REQUIRE(s.in().record(s.bob, own));
  CHECK(mails());
}

TEST_CASE("jurisdiction: newcomers whose consents differ in the kind of service share no state") {
  law_shop s(gdpr);
  const auto open = [&s](std::string_view id, consent_channel how) {
    customer record = ken(std::string(id));
    REQUIRE(record.set(field::birth_date, date{2012, 6, 1}));
    directive lives;
    lives.kind = directive_kind::move;
    lives.jurisdiction = gdpr;
    lives.residence = {'A', 'T'};
    lives.event_at = clock_hand();
    directive yes = grant_of(s.in(), {recipient::self});
    yes.channel = how;
    const std::array said{lives, yes};
    collection why{.purposes = purpose::customer_order_management,
                   .without_basis = when_without_basis::leave_out};
    why.directives = said;
    const auto put = s.in().put(record, why);
    REQUIRE(put);
    const auto view = s.in().read(put->id, purpose::email_marketing);
    REQUIRE(view);
    return !view->decision().permitted.empty();
  };
  CHECK(open("S-1", consent_channel::web));
  CHECK_FALSE(open("S-2", consent_channel::point_of_sale));
  CHECK(open("S-3", consent_channel::web));
}

TEST_CASE("jurisdiction: what cannot be so is refused, and changes nothing") {
  law_shop s(ca, {gdpr});
  const auto before = s.permitted(s.ann);
  const std::size_t history = s.in().directives(s.ann)->size();
  CHECK(s.in().move(s.ann, us_profile().id, residence_source::customer).error().code ==
        errc::not_found);
  CHECK(s.in().move(s.ann, profile_id{}, residence_source::customer).error().code ==
        errc::missing_field);
  CHECK(s.in().move(s.ann, gdpr, residence_source::officer).error().code == errc::missing_field);
  CHECK(s.in().move(s.ann, gdpr, residence_source::address, "x").error().code ==
        errc::invalid_argument);
  CHECK(s.in().move(s.ann, gdpr, residence_source{9}).error().code == errc::invalid_argument);
  directive more;
  more.kind = directive_kind::move;
  more.jurisdiction = gdpr;
  more.event_at = clock_hand();
  more.scope.purposes = {purpose::marketing};
  CHECK(s.in().record(s.ann, more).error().code == errc::invalid_value);
  CHECK(s.in().directives(s.ann)->size() == history);
  CHECK(s.permitted(s.ann) == before);
  for (const std::vector<profile_id>& wrong :
       {std::vector{gdpr}, std::vector{profile_id(99)}, std::vector<profile_id>(8, ca)}) {
    const auto made = book::create(empty_store(), std::make_shared<memory_cell>(),
                                   {.profile = gdpr, .further_profiles = wrong}, {});
    CHECK_FALSE(made);
  }
}

TEST_CASE(
    "jurisdiction: who serves writes down addresses and the customer's word, an officer more") {
  law_shop s(ca, {gdpr});
  session desk = s.begin(actor_role::associate, 9);
  CHECK(desk.move(s.ann, gdpr, residence_source::address));
  CHECK(desk.move(s.ann, gdpr, residence_source::customer));
  CHECK(desk.move(s.ann, ca, residence_source::officer, "letter").error().code ==
        errc::role_denied);
  session marketing = s.begin(actor_role::marketing, 10);
  CHECK(marketing.move(s.bob, gdpr, residence_source::customer).error().code == errc::role_denied);
  session officer = s.begin(actor_role::privacy_officer, 11);
  CHECK(officer.move(s.ann, ca, residence_source::officer, "letter"));
}

TEST_CASE("jurisdiction: a newcomer comes with the law they live under") {
  law_shop s(ca, {gdpr});
  law_shop german(gdpr);
  clock_hand() = timestamp{1'800'000'000};
  directive lives;
  lives.kind = directive_kind::move;
  lives.jurisdiction = gdpr;
  lives.event_at = clock_hand();
  const directive yes = grant_of(s.in(), {recipient::self, recipient::selected_partner});
  const std::array said{lives, yes};
  const customer_id eva = keep(s.in(), ken("L-9"), said);
  CHECK(s.laws(eva) == std::vector{gdpr});
  CHECK(s.permitted(eva) == german.permitted(german.ann));
  lives.jurisdiction = profile_id(77);
  CHECK(s.in()
            .put(ken("L-10"),
                 {.purposes = purpose::customer_order_management, .directives = {&lives, 1}})
            .error()
            .code == errc::not_found);
}

TEST_CASE("jurisdiction: a further law is proposed and approved, and only closes") {
  law_shop s(ca);
  const auto before = s.permitted(s.ann);
  REQUIRE(s.in().move(s.bob, ca, residence_source::customer));
  const auto bob = s.permitted(s.bob);
  CHECK(s.in().propose_profile(policy_kind::add_profile, ca).error().code == errc::already_exists);
  CHECK(s.in().propose_profile(policy_kind::add_profile, profile_id(99)).error().code ==
        errc::not_found);
  const auto number = s.in().propose_profile(policy_kind::add_profile, gdpr);
  REQUIRE(number);
  const auto waiting = s.in().proposal();
  REQUIRE(waiting);
  REQUIRE(*waiting);
  const auto effect = s.in().effect_of((*waiting)->content, (*waiting)->kind);
  REQUIRE(effect);
  CHECK(effect->customers_opened == 0);
  CHECK(effect->customers_closed == 1);  // Ann; Bob has said where he lives.
  CHECK(s.in().approve_policy(*number).error().code == errc::second_person_required);
  CHECK(s.permitted(s.ann) == before);
  session second = s.begin(actor_role::security_officer, 8);
  REQUIRE(second.approve_policy(*number));
  CHECK(s.in().profiles().size() == 2);
  CHECK(s.in().profile()->id == ca);
  law_shop both(ca, {gdpr});
  CHECK(s.permitted(s.ann) == both.permitted(both.ann));
  CHECK(s.permitted(s.bob) == bob);
  s.restart();
  CHECK(s.in().profiles().size() == 2);
  CHECK(s.permitted(s.bob) == bob);
  // Of several, each is replaced by the next version of its name alone.
  CHECK(s.in().propose_profile(policy_kind::profile, us_profile().id).error().code ==
        errc::not_found);
}

// A book of one law, of which somebody said that they live under it, followed another one since,
// and follows the former beside it now: the old word opens nothing by that.
TEST_CASE("jurisdiction: what was said of a law before the book followed it does not count") {
  law_shop s(ca);
  REQUIRE(s.in().move(s.ann, ca, residence_source::customer));
  session second = s.begin(actor_role::security_officer, 8);
  const auto follow = [&](policy_kind how, profile_id law) {
    const auto number = s.in().propose_profile(how, law);
    REQUIRE(number);
    REQUIRE(second.approve_policy(*number));
  };
  follow(policy_kind::profile, strict_profile().id);
  const auto before = s.permitted(s.ann);
  follow(policy_kind::add_profile, ca);
  CHECK(s.laws(s.ann) == std::vector{strict_profile().id, ca});
  const auto after = s.permitted(s.ann);
  REQUIRE(after.size() == before.size());
  for (std::size_t i = 0; i < after.size(); ++i) CHECK((after[i] & ~before[i]).empty());
  // Said again, it counts.
  CHECK_FALSE(s.in().move(s.ann, ca, residence_source::customer)->repeated);
  CHECK(s.laws(s.ann) == std::vector{ca});
}

TEST_CASE("jurisdiction: an explanation names the law whose rule decided") {
  law_shop s(ca, {gdpr});
  law_shop german(gdpr);
  law_shop californian(ca);
  clock_hand() = timestamp{1'800'000'000};
  std::size_t by_gdpr = 0, by_ca = 0;
  all_purposes().for_each([&](purpose_id purpose) {
    decision_request as = s.in().request(purpose);
    as.recipient = s.far_away;
    as.operation = operation::disclose;
    const auto why = s.in().explain(s.ann, as, field::emails);
    if (!why && why.error().code == errc::case_required) return;
    REQUIRE(why);
    const auto here = german.in().explain(german.ann, as, field::emails);
    const auto there = californian.in().explain(californian.ann, as, field::emails);
    REQUIRE(here);
    REQUIRE(there);
    CHECK(why->permitted == (here->permitted && there->permitted));
    const explanation& meant = why->profile == gdpr ? *here : *there;
    CHECK(why->code == meant.code);
    CHECK(why->row == meant.row);
    if (here->permitted != there->permitted) {
      CHECK(why->profile == (here->permitted ? ca : gdpr));
      ++(here->permitted ? by_ca : by_gdpr);
    }
    // In words too, with the remedy of both.
    CHECK(s.in().describe(s.ann, as, field::emails, language::en));
  });
  CHECK(by_gdpr + by_ca != 0);
}

TEST_CASE("jurisdiction: what a preview lists under two laws is what opens") {
  law_shop s(ca, {gdpr});
  directive yes = grant_of(s.in(), {recipient::self, recipient::selected_partner});
  const auto before = s.permitted(s.bob);
  const auto listed = s.in().preview_grant(s.bob, yes, s.in().notices()->back());
  REQUIRE(listed);
  REQUIRE_FALSE(listed->cells.empty());
  const auto told = s.in().record_and_tell(s.bob, yes);
  REQUIRE(told);
  std::size_t own = 0;
  for (const preview_cell& cell : listed->cells) {
    const auto opens = [&](const consent_cell& one) {
      return one.recipient == cell.recipient && one.purpose == cell.purpose &&
             one.operation == cell.operation && one.fields == cell.fields;
    };
    if (cell.recipient != recipient::self) continue;
    ++own;
    CHECK(std::any_of(told->opened.begin(), told->opened.end(), opens));
  }
  CHECK(own != 0);
  CHECK(s.permitted(s.bob) != before);
}
