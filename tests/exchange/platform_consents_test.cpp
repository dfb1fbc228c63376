#include <clientbook/exchange/platform_consents.hpp>

#include <map>
#include <string>

#include "data.hpp"
#include "testing.hpp"

using namespace clientbook;

namespace {

struct tally {
  std::map<std::string, std::vector<consent_signal>> by_subject;
  std::size_t grants = 0;
  std::size_t denials = 0;
  std::size_t unknown = 0;

  void add(const platform_consent& row) {
    by_subject[std::string(row.subject)].push_back(row.signal);
    (row.signal.effect == signal_effect::candidate_grant ? grants : denials) += 1;
    unknown += row.known_status ? 0u : 1u;
    CHECK(row.signal.purpose == signal_purpose::email_marketing);
  }
};

tally read_all(csv_reader reader, consent_platform kind) {
  const auto recognised = recognise_consent_platform(reader);
  REQUIRE(recognised);
  CHECK(*recognised == kind);
  tally found;
  const auto rows =
      read_platform_consents(reader, kind, [&](const platform_consent& row) { found.add(row); });
  REQUIRE(rows);
  CHECK(*rows == found.grants + found.denials);
  return found;
}

tally read_text(std::string_view text, consent_platform kind) {
  return read_all(*csv_reader::open(memory_source(text)), kind);
}

std::optional<tally> read_file(const std::string& name, consent_platform kind) {
  const auto path = testing::data("consent-exports/" + name);
  if (!path) return {};
  return read_all(*csv_reader::open_file(path->string()), kind);
}

constexpr std::string_view shopify_header =
    "id,email_marketing_consent_opt_in_level,email_marketing_consent_state,"
    "email_marketing_consent_updated_at\n";

signal_effect shopify(std::string_view level, std::string_view state) {
  std::string text(shopify_header);
  text.append("7,").append(level).append(",").append(state).append(",2025-07-10 08:30:00\n");
  return read_text(text, consent_platform::shopify).by_subject.at("7").at(0).effect;
}

using enum signal_effect;

}  // namespace

TEST_CASE("platform consents: the real files") {
  SUBCASE("Shopify") {
    const auto found = read_file("shopify-customers.csv", consent_platform::shopify);
    if (!found) return;
    CHECK(found->grants == 5);
    CHECK(found->denials == 5);
    CHECK(found->unknown == 0);
    CHECK(found->by_subject.at("1001").at(0).at == parse_timestamp("2025-07-10T08:30:00Z").value());
    CHECK(found->by_subject.at("1002").at(0).effect == deny);  // Opt-in level, but not subscribed.
  }
  SUBCASE("Shopify before 2022") {
    const auto found = read_file("shopify-customers-legacy.csv", consent_platform::shopify_legacy);
    if (!found) return;
    CHECK(found->by_subject.at("3589760876641").at(0).effect == candidate_grant);
    CHECK(found->by_subject.at("3588998496353").at(0).effect == deny);
    CHECK_FALSE(found->by_subject.at("3589760876641").at(0).at);
  }
  SUBCASE("Mailchimp members") {
    const auto found = read_file("mailchimp-members.csv", consent_platform::mailchimp_members);
    if (!found) return;
    CHECK(found->grants == 8);
    CHECK(found->denials == 1);
    CHECK(found->by_subject.at("4956ae6c75ac652fd9a32c7c5ed8083a").size() == 2);  // On two lists.
    CHECK(found->by_subject.at("4d1bf0aa67690a2b483771ce00cfb6a7").at(0).at ==
          parse_timestamp("2020-04-17T16:32:51Z").value());
  }
  SUBCASE("Mailchimp unsubscribes") {
    const auto found =
        read_file("mailchimp-unsubscribes.csv", consent_platform::mailchimp_unsubscribes);
    if (!found) return;
    CHECK(found->by_subject.at("4d1bf0aa67690a2b483771ce00cfb6a7").at(0).effect == deny);
  }
  SUBCASE("HubSpot") {
    const auto found =
        read_file("hubspot-status-changes.csv", consent_platform::hubspot_status_changes);
    if (!found) return;
    CHECK(found->grants == 0);
    CHECK(found->denials == 100);
  }
}

TEST_CASE("platform consents: only a known yes is a candidate grant") {
  CHECK(shopify("SINGLE_OPT_IN", "SUBSCRIBED") == candidate_grant);
  CHECK(shopify("CONFIRMED_OPT_IN", "SUBSCRIBED") == candidate_grant);
  for (const std::string_view state :
       {"NOT_SUBSCRIBED", "UNSUBSCRIBED", "PENDING", "INVALID", "REDACTED", "", "subscribed",
        "SUBSCRIBED ", "YES", "TRUE"}) {
    CAPTURE(state);
    CHECK(shopify("CONFIRMED_OPT_IN", state) == deny);
  }
  for (const std::string_view level : {"", "UNKNOWN", "DOUBLE", "single_opt_in"}) {
    CAPTURE(level);
    CHECK(shopify(level, "SUBSCRIBED") == deny);
  }
  for (const std::string_view flag : {"true", "1", "yes", "", "FALSE"}) {
    std::string text = "id,accepts_marketing\n7,";
    text.append(flag).append("\n");
    CHECK(read_text(text, consent_platform::shopify_legacy).denials == 1);
  }
  const auto mailchimp = [](std::string_view status) {
    std::string text = "id,list_id,status,timestamp_opt,last_changed\n7,a,";
    text.append(status).append(",2020-04-17 16:31:41,2020-04-18 00:00:00.123\n");
    return read_text(text, consent_platform::mailchimp_members);
  };
  CHECK(mailchimp("subscribed").grants == 1);
  CHECK(mailchimp("cleaned").denials == 1);
  CHECK(mailchimp("cleaned").unknown == 0);
  CHECK(mailchimp("cleaned").by_subject.at("7").at(0).at ==
        parse_timestamp("2020-04-18T00:00:00Z").value());
  CHECK(mailchimp("Subscribed").denials == 1);
  CHECK(mailchimp("Subscribed").unknown == 1);
  const auto hubspot = [](std::string_view status, std::string_view source, std::string_view list) {
    std::string text = "id,portal_subscription_status,source,subscriptions\n7,";
    text.append(status).append(",").append(source).append(",").append(list).append("\n");
    return read_text(text, consent_platform::hubspot_status_changes).grants == 1;
  };
  CHECK(hubspot("SUBSCRIBED", "SOURCE_RECIPIENT", "[]"));
  CHECK_FALSE(hubspot("SUBSCRIBED", "SOURCE_CUSTOMER", "[]"));
  CHECK_FALSE(hubspot("SUBSCRIBED", "SOURCE_RECIPIENT", "[{id: 3}]"));
  CHECK_FALSE(hubspot("UNSUBSCRIBED", "SOURCE_RECIPIENT", "[]"));
}

TEST_CASE("platform consents: what is refused") {
  const auto open = [](std::string_view text) { return *csv_reader::open(memory_source(text)); };
  CHECK(recognise_consent_platform(open("id,name\n")).error().code == errc::missing_field);
  CHECK(recognise_consent_platform(open("id,accepts_marketing,portal_subscription_status\n"))
            .error()
            .code == errc::invalid_value);
  const auto none = [](const platform_consent&) {};
  auto short_of_level = open("id,email_marketing_consent_state\n1,SUBSCRIBED\n");
  CHECK(read_platform_consents(short_of_level, consent_platform::shopify, none).error().code ==
        errc::missing_field);
  auto nobody = open("id,accepts_marketing\n1,TRUE\n,TRUE\n");
  const auto read = read_platform_consents(nobody, consent_platform::shopify_legacy, none);
  CHECK(read.error().code == errc::missing_field);
  CHECK(read.error().at == 3);
  auto ragged = open("id,accepts_marketing\n1,TRUE,\n");
  CHECK(read_platform_consents(ragged, consent_platform::shopify_legacy, none).error().code ==
        errc::invalid_encoding);
}
