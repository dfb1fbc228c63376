#include <clientbook/exchange/consent_import.hpp>

#include <algorithm>
#include <set>
#include <string>

#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

#include "iab_vectors.hpp"
#include "testing.hpp"

using namespace clientbook;
using clientbook::testing::iab;
using clientbook::testing::text_of;

namespace {

class counting_random final : public random_source {
 public:
  result<void> fill(byte_span out) noexcept override {
    ++calls_;
    for (std::byte& byte : out) byte = std::byte(calls_);
    return {};
  }

 private:
  unsigned calls_ = 0;
};

consent_import without_notice() {
  consent_import how;
  how.now = {1'782'864'000};
  how.jurisdiction = profile_id(1);
  how.recorder = actor_id(7);
  how.tcf_purposes.fill({purpose::personalised_advertising});
  static constexpr vendor_party vendors[] = {{5, recipient_id(40)}, {7, recipient_id(41)}};
  how.vendors = vendors;
  return how;
}

consent_import with_notice() {
  consent_import how = without_notice();
  how.notice = {notice_id(3), 1, {std::byte{1}}};
  how.evidence.hash = {std::byte{2}};
  return how;
}

imported_consent made(std::span<const consent_signal> signals, const consent_import& how) {
  counting_random random;
  const auto found = directives_of(signals, how, random);
  REQUIRE(found);
  std::set<directive_id> ids;
  for (const directive& one : found->directives) {
    CHECK(check(one));
    ids.insert(one.id);
  }
  CHECK(ids.size() == found->directives.size());
  return *found;
}

bool denies(const imported_consent& found, purpose_id what, recipient_id to) {
  return std::any_of(found.directives.begin(), found.directives.end(), [&](const directive& one) {
    return one.kind == directive_kind::deny && one.scope.operations == all_operations &&
           covered_by_denial(one.scope.purposes).contains(what) &&
           (is_party(to) ? one.scope.recipients : covered_by_denial(one.scope.recipients))
               .contains(to);
  });
}

std::size_t grants(const imported_consent& found) {
  return static_cast<std::size_t>(
      std::count_if(found.directives.begin(), found.directives.end(),
                    [](const directive& one) { return widens(one.kind); }));
}

consent_signal email_yes() {
  consent_signal signal;
  signal.effect = signal_effect::candidate_grant;
  signal.purpose = signal_purpose::email_marketing;
  signal.source = signal_source::mailchimp;
  signal.at = timestamp{1'700'000'000};
  return signal;
}

iso27560::record foreign_record() {
  iso27560::record record;
  record.id = "r";
  record.subject = "s";
  record.notice = {"n", "1", "en", "", ""};
  record.controller = "c";
  record.parties = {{"c", recipient::self, "Shop", "a", "e"},
                    {"p", recipient::parcel_service, "Example Parcel", "a", "e"},
                    {"b", recipient::data_broker, "Example Broker", "a", "e"}};
  iso27560::process process;
  process.purpose = purpose::delivery_of_goods;
  process.recipient = "p";
  process.data = {category::name};
  process.operations = {operation::use, operation::disclose};
  process.storage_locations = {process.jurisdiction = "loc:DE"};
  process.retention = "P1Y";
  process.withdrawal_method = "desk";
  record.processes.push_back(process);
  process.recipient = "b";
  record.processes.push_back(process);
  record.events.push_back({iso27560::state::given,
                           {1'700'000'000},
                           timestamp{1'800'000'000},
                           indicated_by::subject,
                           ""});
  return record;
}

recipient_registry with_parcel_service() {
  recipient_registry registry;
  recipient_party parcel;
  parcel.party_class = recipient::parcel_service;
  parcel.name = short_text<64>("Example Parcel");
  parcel.country = {'D', 'E'};
  REQUIRE(registry.add(parcel));
  return registry;
}

}  // namespace

TEST_CASE("consent import: GPC denies sale, sharing and targeted advertising to others") {
  const auto found = made(signals_of_gpc(), without_notice());
  for (const purpose_id what :
       {purpose::sell_data_to_third_parties, purpose::sell_insights_from_data,
        purpose::cross_context_behavioural_advertising, purpose::targeted_advertising,
        purpose::personalised_advertising}) {
    for (const recipient_id to :
         {recipient::third_party, recipient::data_broker, recipient::advertising_network,
          recipient::affiliate, recipient::selected_partner, recipient::contractor}) {
      CHECK(denies(found, what, to));
    }
    CHECK_FALSE(denies(found, what, recipient::self));
    CHECK_FALSE(denies(found, what, recipient::processor));
  }
  CHECK_FALSE(denies(found, purpose::email_marketing, recipient::third_party));
  CHECK(std::any_of(found.directives.begin(), found.directives.end(), [](const directive& one) {
    return one.scope.operations == operation_set{operation::sell} &&
           one.scope.purposes == all_purposes();
  }));
  CHECK(found.directives[0].channel == consent_channel::signal_gpc);
  CHECK(found.directives[0].event_at == without_notice().now);
}

TEST_CASE("consent import: no consent from elsewhere is a grant without a notice and a time") {
  CHECK(grants(made(std::array{email_yes()}, with_notice())) == 1);
  CHECK(grants(made(std::array{email_yes()}, without_notice())) == 0);
  CHECK(made(std::array{email_yes()}, without_notice()).left_out == 1);
  consent_signal timeless = email_yes();
  timeless.at = {};
  CHECK(grants(made(std::array{timeless}, with_notice())) == 0);
}

TEST_CASE("consent import: what a record tells is taken in the order in which it was said") {
  const recipient_registry parties = with_parcel_service();
  iso27560::record record = foreign_record();
  const iso27560::event given = record.events[0];
  iso27560::event no = given;
  no.what = iso27560::state::withdrawn;
  no.until.reset();
  const auto last_said = [&](std::int64_t later) {
    no.at = {given.at.seconds + later};
    record.events = {no, given};  // the newest first, as some systems write
    counting_random random;
    const auto made = directives_of(record, parties, with_notice(), random);
    REQUIRE(made);
    REQUIRE(made->directives.size() > 1);
    CHECK(std::is_sorted(made->directives.begin(), made->directives.end(),
                         [](const auto& a, const auto& b) { return a.event_at < b.event_at; }));
    return made->directives.back().kind;
  };
  CHECK(last_said(86'400) == directive_kind::withdraw);
  CHECK(last_said(-86'400) == directive_kind::grant);
  CHECK(last_said(0) == directive_kind::withdraw);  // of one day, what takes back
}

TEST_CASE("P13: consent import: without a notice every vector only tightens") {
  for (const char* name : {"gpp-vectors.json", "tcf-vectors.json"}) {
    const auto file = iab(name);
    if (!file) return;
    for (const auto& vector : file->at("vectors").as_array()) {
      CAPTURE(text_of(vector, "name"));
      std::vector<consent_signal> signals;
      if (vector.as_object().contains("gppString")) {
        signals = *signals_of_gpp(text_of(vector, "gppString"));
      } else {
        signals = signals_of(*read_tc_string(text_of(vector, "tcString")));
      }
      CHECK(grants(made(signals, without_notice())) == 0);
    }
  }
}

TEST_CASE("consent import: a TCF consent is a grant to the vendor, if the importer reads it so") {
  // Purposes 1 and 2; vendors 5, 6 and 9 disclosed; purpose 2 not allowed to vendor 5.
  const auto tc = read_tc_string(
      "CQeEcwAQeEcwAAKACBENAqFgAMAAAAIAAAYgADAwAJBkAIdABAASEAAgAFAA.IAEgyAAA.YAAAAAAAAAAA");
  REQUIRE(tc);
  const auto found = made(signals_of(*tc), with_notice());
  CHECK(grants(found) == 1);  // Purpose 1, vendor 5. Vendor 6 is nobody the shop knows.
  CHECK(denies(found, purpose::advertising, recipient_id(40)));
  CHECK(denies(found, purpose::client_care, recipient_id(41)));  // Not disclosed: everything.
  consent_import plain = with_notice();
  plain.tcf_purposes = {};
  CHECK(grants(made(signals_of(*tc), plain)) == 0);
}

TEST_CASE("consent import: accept all, with a vendor map, is the grants it is") {
  // All eleven purposes, vendors 12, 28 and 77; nobody relies on legitimate interest.
  const auto tc =
      read_tc_string("CQfAJEAQfAJEAEsABBENBkFgAP_gAAAAAAYgAmgAQABAAAAAAAAgAAAA.IAmgAQABAAAAAAAAg");
  REQUIRE(tc);
  consent_import how = with_notice();
  how.tcf_purposes = nearest_tcf_purposes();
  const vendor_party vendors[] = {
      {12, recipient_id(40)}, {28, recipient_id(41)}, {77, recipient_id(42)}};
  how.vendors = vendors;
  const auto found = made(signals_of(*tc), how);
  CHECK(grants(found) == found.directives.size());
  purpose_set granted;
  for (const directive& one : found.directives) {
    granted |= one.scope.purposes;
    CHECK(one.scope.recipients ==
          recipient_set{recipient_id(40), recipient_id(41), recipient_id(42)});
    CHECK(one.event_at == tc->last_updated);
  }
  purpose_set all;
  for (const purpose_set& of_one : how.tcf_purposes) all |= of_one;
  CHECK(granted == all);
  // Each grant covers what its purposes cover one by one, and nothing that both make together.
  for (const directive& one : found.directives) {
    purpose_set single;
    one.scope.purposes.for_each(
        [&](purpose_id id) { single |= covered_by_grant(purpose_set{id}); });
    CHECK(covered_by_grant(one.scope.purposes) == single);
  }

  SUBCASE("and a string that no longer consents takes back, before it grants") {
    // The same day, purposes 1, 3 and 4 alone, vendors 5 to 7.
    const auto later = read_tc_string("CQfAJEAQfAJEAEsABBENBkFgALAAAELAAAYgADg4ADAwAA.IADg4");
    REQUIRE(later);
    const vendor_party fifth[] = {{5, recipient_id(40)}};
    how.vendors = fifth;
    auto signals = signals_of(*later);
    // Whatever their order.
    std::stable_partition(signals.begin(), signals.end(), [](const consent_signal& one) {
      return one.effect == signal_effect::candidate_grant;
    });
    const auto taken = made(signals, how);
    std::size_t first_grant = taken.directives.size();
    purpose_set withdrawn;
    for (std::size_t i = 0; i < taken.directives.size(); ++i) {
      const directive& one = taken.directives[i];
      if (one.kind == directive_kind::grant) first_grant = std::min(first_grant, i);
      if (one.kind != directive_kind::withdraw) continue;
      CHECK(i < first_grant);
      withdrawn |= one.scope.purposes;
      CHECK(one.scope.operations == all_operations);
    }
    CHECK(withdrawn.contains(purpose::personalisation));
    CHECK(withdrawn.contains(purpose::advertising));
    CHECK_FALSE(withdrawn.contains(purpose::personalised_advertising));
    CHECK(grants(taken) == 1);
  }
}

TEST_CASE("consent import: two consents become one only where that covers no more") {
  // A purpose with two parents, neither of which covers it alone.
  purpose_id a, b;
  all_purposes().for_each([&](purpose_id one) {
    all_purposes().for_each([&](purpose_id other) {
      const purpose_set alone =
          covered_by_grant(purpose_set{one}) | covered_by_grant(purpose_set{other});
      if (b == purpose_id{} && covered_by_grant(purpose_set{one, other}) != alone)
        a = one, b = other;
    });
  });
  REQUIRE(b != purpose_id{});
  const auto tc =
      read_tc_string("CQfAJEAQfAJEAEsABBENBkFgAP_gAAAAAAYgAmgAQABAAAAAAAAgAAAA.IAmgAQABAAAAAAAAg");
  REQUIRE(tc);
  consent_import how = with_notice();
  how.tcf_purposes = {};
  how.tcf_purposes[3] = {a};
  how.tcf_purposes[4] = {b};
  const vendor_party vendors[] = {{28, recipient_id(41)}};
  how.vendors = vendors;
  const auto found = made(signals_of(*tc), how);
  CHECK(grants(found) == 2);
  for (const directive& one : found.directives) CHECK(one.scope.purposes.size() == 1);
}

TEST_CASE("consent import: what could not be read is not the customer's act, and stops no order") {
  const auto found = made(*signals_of_gpp("DBABLA~garbage"), without_notice());
  REQUIRE_FALSE(found.directives.empty());
  for (const directive& one : found.directives) {
    CHECK(one.kind == directive_kind::deny);
    CHECK(one.by == indicated_by::controller);
    CHECK(one.evidence.reference.view() == "unreadable signal: GPP section 7");
    const category_set touched = covered_by_denial(one.scope.categories);
    const bool to_self = one.scope.recipients.contains(recipient::any);
    if (!to_self) continue;
    for (const category_id needed :
         {category::name, category::email_address, category::telephone_number,
          category::physical_address, category::payment_card, category::purchase}) {
      CHECK_FALSE(touched.contains(needed));
    }
    CHECK(touched.contains(category::health));
    CHECK(touched.contains(category::precise_geolocation));
  }
  CHECK(denies(found, purpose::sell_data_to_third_parties, recipient::third_party));
  CHECK(denies(found, purpose::targeted_advertising, recipient::advertising_network));
}

TEST_CASE("consent import: no consent, where one was asked for, refuses, an opt-out denies") {
  us_privacy national = *make_us_privacy(gpp_section::usnat);
  national[us_field::personal_data_consent] = us_value::one;
  national.sensitive[2] = us_value::one;
  national.child[1] = us_value::one;
  const auto found = made(signals_of(national), without_notice());
  REQUIRE(found.directives.size() == 3);
  for (const directive& one : found.directives) CHECK(one.kind == directive_kind::refuse);
  REQUIRE(found.ages.size() == 3);
  CHECK(found.ages[0].everybody());
  CHECK(std::count(found.ages.begin(), found.ages.end(), age_range{0, 13}) == 1);
  us_privacy california = *make_us_privacy(gpp_section::usca);
  california.sensitive[7] = us_value::one;
  CHECK(made(signals_of(california), without_notice()).directives[0].kind == directive_kind::deny);
}

TEST_CASE("consent import: a record of 27560 grants only to parties that the registry knows") {
  counting_random random;
  const recipient_registry registry = with_parcel_service();
  const auto found = directives_of(foreign_record(), registry, with_notice(), random);
  REQUIRE(found);
  REQUIRE(found->directives.size() == 1);
  const directive& grant = found->directives[0];
  CHECK(check(grant));
  CHECK(grant.kind == directive_kind::grant);
  CHECK(grant.scope.recipients == recipient_set{registry.parties()[0].id});
  CHECK(grant.not_after == timestamp{1'800'000'000});
  CHECK(found->left_out == 1);  // The broker.

  CHECK(directives_of(foreign_record(), registry, without_notice(), random)->directives.empty());

  iso27560::record refused = foreign_record();
  refused.events[0].what = iso27560::state::refused;
  refused.events[0].until = {};
  const auto denials = directives_of(refused, registry, without_notice(), random);
  REQUIRE(denials->directives.size() == 2);
  CHECK(denials->directives[1].kind == directive_kind::refuse);
  CHECK(denials->directives[1].scope.recipients == recipient_set{recipient::data_broker});
}

TEST_CASE("consent import: a directive is written as a record, and read as the directive again") {
  counting_random random;
  const recipient_registry registry = with_parcel_service();
  consent_import how = with_notice();
  how.registry_version = registry.version();
  const directive grant = directives_of(foreign_record(), registry, how, random)->directives.at(0);
  const iso27560::party known[] = {{"urn:p", recipient::parcel_service, "Example Parcel",
                                    "2 Harbour Road", "privacy@parcel.example"}};
  record_details details;
  details.controller = {"urn:c", recipient::self, "Shop", "1 High Street", "privacy@shop.example"};
  details.parties = known;
  details.notice_language = "en";
  details.jurisdiction = details.storage_location = "loc:DE";
  details.retention = "P1Y";
  details.withdrawal_method = "https://shop.example/consent";
  const auto record = record_of(grant, registry, details);
  REQUIRE(record);
  const auto json = iso27560::write_record(*record);
  REQUIRE(json);
  const auto read = iso27560::read_record(*json);
  REQUIRE(read);
  CHECK(*read == *record);
  const auto again = directives_of(*read, registry, how, random);
  REQUIRE(again);
  REQUIRE(again->directives.size() == 1);
  directive same = again->directives[0];
  same.id = grant.id;
  CHECK(same == grant);

  SUBCASE("a class is written as the parties it had when it was shown") {
    directive of_class = grant;
    of_class.scope.recipients = {recipient::parcel_service};
    CHECK(record_of(of_class, registry, details)->processes[0].recipient == "urn:p");
    of_class.registry_version = 0;
    CHECK(record_of(of_class, registry, details).error().code == errc::missing_field);
  }
  SUBCASE("what the notice did not announce was not agreed to") {
    privacy_notice notice;
    notice.announced = grant.scope;
    notice.registry_version = registry.version();
    details.notice = &notice;
    directive wide = grant;
    wide.scope.purposes.add(purpose::email_marketing);
    wide.scope.categories.add(category::email_address);
    CHECK(record_of(wide, registry, details)->processes == record->processes);
    notice.announced.purposes = {purpose::email_marketing};
    CHECK(record_of(grant, registry, details).error().code == errc::missing_field);
    notice.announced = grant.scope;
    notice.announced.recipients = {recipient::self};
    CHECK(record_of(grant, registry, details).error().code == errc::missing_field);
    // A withdrawal is what was said.
    directive taken = wide;
    taken.kind = directive_kind::withdraw;
    taken.strength = consent_strength::none;
    CHECK(record_of(taken, registry, details)->processes.size() == 2);
    // From everybody: from the shop itself and from each party.
    taken.scope = grant.scope;
    taken.scope.recipients = {recipient::any};
    const auto from_all = record_of(taken, registry, details);
    REQUIRE(from_all);
    const auto names = [&](const char* id) {
      return std::ranges::any_of(from_all->processes, [&](const iso27560::process& one) {
        return std::string_view(one.recipient) == id;
      });
    };
    CHECK(names("urn:c"));
    CHECK(names("urn:p"));
  }
  SUBCASE("nobody is left out") {
    details.parties = {};
    CHECK(record_of(grant, registry, details).error().code == errc::not_found);
  }
  SUBCASE("not every directive is a state of consent") {
    directive objection = grant;
    objection.kind = directive_kind::object;
    CHECK(record_of(objection, registry, details).error().code == errc::unsupported);
  }
}

TEST_CASE("gpp export: says what was said, under notices that this customer was shown") {
  privacy_notice news;
  news.id = notice_id(1);
  news.version = 1;
  news.announced.purposes = {purpose::email_marketing};
  privacy_notice ads = news;
  ads.id = notice_id(2);
  ads.announced.purposes = {purpose::sell_data_to_third_parties};
  const std::array notices{news, ads};
  const auto exported = [&](std::span<const directive> said) {
    const auto made = us_privacy_of(gpp_section::usnat, said, notices, {1'800'000'000});
    REQUIRE(made);
    CHECK((*made)[us_field::mspa_covered_transaction] == us_value::two);
    return *made;
  };
  const auto nothing = exported({});
  CHECK(nothing[us_field::sale_opt_out] == us_value::not_applicable);
  CHECK(nothing[us_field::sale_opt_out_notice] == us_value::not_applicable);
  CHECK(nothing[us_field::sharing_notice] == us_value::not_applicable);

  directive agreed;
  agreed.id.bytes[0] = std::byte{1};
  agreed.sequence = 1;
  agreed.kind = directive_kind::grant;
  agreed.notice = {notice_id(1), 1, {std::byte{1}}};
  const auto newsletter = exported(std::span(&agreed, 1));
  CHECK(newsletter[us_field::sharing_notice] == us_value::one);
  CHECK(newsletter[us_field::sale_opt_out] == us_value::not_applicable);
  CHECK(newsletter[us_field::sale_opt_out_notice] == us_value::not_applicable);

  agreed.notice.id = notice_id(2);
  const auto shown = exported(std::span(&agreed, 1));
  CHECK(shown[us_field::sale_opt_out] == us_value::two);
  CHECK(shown[us_field::sale_opt_out_notice] == us_value::one);
  CHECK(shown[us_field::targeted_advertising_opt_out] == us_value::not_applicable);

  directive no = agreed;
  no.sequence = 2;
  no.kind = directive_kind::deny;
  no.notice = {};
  no.scope.purposes = {purpose::sell_data_to_third_parties};
  no.scope.operations = all_operations;
  CHECK(exported(std::array{agreed, no})[us_field::sale_opt_out] == us_value::one);
  // That nothing is sold under any purpose says nothing of sharing and advertising.
  directive no_sale = no;
  no_sale.scope.purposes = all_purposes();
  no_sale.scope.operations = {operation::sell};
  const auto unsold = exported(std::array{agreed, no_sale});
  CHECK(unsold[us_field::sale_opt_out] == us_value::one);
  CHECK(unsold[us_field::sharing_opt_out] == us_value::not_applicable);
  CHECK(unsold[us_field::targeted_advertising_opt_out] == us_value::not_applicable);
  directive no_ads = no;
  no_ads.scope.purposes = {purpose::advertising};
  CHECK(exported(std::array{agreed, no_ads})[us_field::targeted_advertising_opt_out] ==
        us_value::one);
  CHECK(exported(std::span(&no, 1))[us_field::sale_opt_out_notice] == us_value::not_applicable);
}

TEST_CASE("gpp export: every section is one that the reader takes, and covered by nothing") {
  for (unsigned id = 7; id <= 27; ++id) {
    CAPTURE(id);
    const us_privacy empty = *make_us_privacy(gpp_section(id));
    const auto read = signals_of_gpp(*write_gpp(std::span(&empty, 1)));
    REQUIRE(read);
    CHECK(read->empty());
    CHECK(empty[us_field::mspa_covered_transaction] == us_value::two);
  }
}
