#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/exchange/consent_record_27560.hpp>
#include <clientbook/model/terms.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "testing.hpp"

using namespace clientbook;
using namespace clientbook::iso27560;

namespace {

constexpr timestamp summer{1'782'864'000};
constexpr timestamp next_summer{1'814'400'000};

record example() {
  record made;
  made.id = "urn:uuid:5f2c8a50-7a0c-4a63-9a39-6f1d7b7d6f01";
  made.subject = "c7b1f0a2";
  made.notice = {"notice-3", "3", "en", std::string(64, 'a'), "https://shop.example/notice/3"};
  made.controller = "https://shop.example/";
  process one;
  one.purpose = purpose::email_marketing;
  one.recipient = "https://shop.example/";
  one.data = {category_id{69}};
  one.operations = {operation::use, operation::store};
  one.storage_locations = {"loc:DE"};
  one.retention = "P3Y";
  one.jurisdiction = "loc:EU";
  one.withdrawal_method = "https://shop.example/consent";
  made.processes.push_back(one);
  one.purpose = purpose::delivery_of_goods;
  one.recipient = "https://parcel.example/";
  one.operations.clear();
  one.basis = consent_strength::explicit_;
  made.processes.push_back(one);
  made.events.push_back(
      {state::requested, {summer.seconds - 60}, {}, indicated_by::controller, ""});
  made.events.push_back({state::given, summer, next_summer, indicated_by::subject, "form 12"});
  made.parties.push_back({"https://shop.example/", recipient::self, "Example Clothes",
                          "1 High Street", "privacy@shop.example"});
  made.parties.push_back({"https://parcel.example/", recipient::parcel_service, "Example Parcel",
                          "2 Harbour Road", "privacy@parcel.example"});
  return made;
}

std::string text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The example's text with one piece replaced.
std::string with(std::string_view what, std::string_view by) {
  std::string made = *write_record(example());
  const std::size_t at = made.find(what);
  REQUIRE(at != std::string::npos);
  made.replace(at, what.size(), by);
  return made;
}

errc refusal(std::string_view what, std::string_view by) {
  const auto read = read_record(with(what, by));
  REQUIRE_FALSE(read);
  return read.error().code;
}

crypto::signing_key key_of(unsigned char first) {
  secret<32> seed;
  seed.fill_bytes([&](std::span<std::byte, 32> bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(first + i);
  });
  return crypto::signing_key(seed);
}

}  // namespace

TEST_CASE("27560: a record is written and read again") {
  const auto json = write_record(example());
  REQUIRE(json);
  const auto read = read_record(*json);
  REQUIRE(read);
  CHECK(*read == example());
  CHECK(*write_record(*read) == *json);
}

TEST_CASE("P14: 27560: any record is written and read again") {
  std::mt19937 random(27560);
  for (int i = 0; i < 500; ++i) {
    CAPTURE(i);
    record made = example();
    made.gdpr = random() % 2 != 0;
    made.processes.clear();
    for (std::size_t n = 1 + random() % 5; n-- > 0;) {
      process one = example().processes[0];
      one.purpose = purpose_id(static_cast<std::uint8_t>(1 + random() % 138));
      one.data.assign(1, category_id(static_cast<std::uint8_t>(1 + random() % 252)));
      one.operations.assign(1, operation_id(static_cast<std::uint8_t>(random() % 16)));
      one.basis = consent_strength(1 + random() % 3);
      made.processes.push_back(one);
    }
    made.events.clear();
    for (std::size_t n = 1 + random() % 4; n-- > 0;) {
      event one{state(random() % 10),
                {static_cast<std::int64_t>(random())},
                {},
                indicated_by(1 + random() % 5),
                ""};
      if (random() % 2 != 0) one.until = timestamp{static_cast<std::int64_t>(random())};
      made.events.push_back(one);
    }
    made.parties[1].role = recipient_id(static_cast<std::uint8_t>(1 + random() % 28));
    const auto json = write_record(made);
    REQUIRE(json);
    const auto read = read_record(*json);
    REQUIRE(read);
    CHECK(*read == made);
  }
}

TEST_CASE("27560: what is written has arrays everywhere and both spellings of the id") {
  const std::string json = *write_record(example());
  for (const std::string_view piece :
       {R"("dct:identifier":["urn:uuid:)", R"("dpv:hasIdentifier":["urn:uuid:)",
        R"("dpv:hasProcess":[{"@type":["dpv:Process"])",
        R"("dpv:hasPurpose":["cb:email_marketing"])",
        R"("dct:conformsTo":["https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"])",
        R"("dpv:hasLegalBasis":["eu-gdpr:A6-1-a"])", R"("dpv:hasNotice":[{)"}) {
    CAPTURE(piece);
    CHECK(json.find(piece) != std::string::npos);
  }
}

TEST_CASE("27560: what is refused") {
  REQUIRE(read_record(*write_record(example())));
  SUBCASE("a name given twice") {
    CHECK(refusal(R"("dpv:hasDataSubject")",
                  R"("dct:title":"x","dct:title":"y","dpv:hasDataSubject")") ==
          errc::already_exists);
    CHECK(refusal(R"("dpv:hasNotice")",
                  R"("https://w3id.org/dpv#hasDataSubject":"z","dpv:hasNotice")") ==
          errc::already_exists);
  }
  SUBCASE("a comma too many") {
    CHECK(refusal(R"("P3Y"])", R"("P3Y",])") == errc::invalid_encoding);
  }
  SUBCASE("unknown terms and members") {
    CHECK(refusal("cb:email_marketing", "dpv:Analytics") == errc::unknown_field);
    CHECK(refusal("cb:email_marketing", "email_marketing") == errc::unknown_field);
    CHECK(refusal("pd:EmailAddress", "pd:Emails") == errc::unknown_field);
    CHECK(refusal("dpv:ConsentGiven", "dpv:ConsentType") == errc::unknown_field);
    CHECK(refusal("dpv:hasDataSubject", "dpv:hasAutomation") == errc::unknown_field);
    CHECK(refusal("cb:parcel_service", "dpv:FederatedLocation") == errc::unknown_field);
    CHECK(refusal("urn:clientbook:term:", "urn:else:") == errc::invalid_value);
    CHECK(refusal(R"("dcat":)", R"("ex":)") == errc::unknown_field);
  }
  SUBCASE("what a record cannot keep") {
    CHECK(refusal("eu-gdpr:A6-1-a", "eu-gdpr:A6-1-b") == errc::unsupported);
    CHECK(refusal("dpv:UntilTimeDuration", "dpv:UntilEventDuration") == errc::unsupported);
    CHECK(refusal(R"("dpv:hasPurpose")", R"("dpv:hasProcess":{},"dpv:hasPurpose")") ==
          errc::unsupported);
    CHECK(refusal(R"(["cb:email_marketing"])",
                  R"([{"@type":"dpv:Purpose","skos:broader":"dpv:Marketing"}])") ==
          errc::unsupported);
    CHECK(refusal(R"("dpv:hasPurpose")", R"("dpv:hasRule":"x","dpv:hasPurpose")") ==
          errc::unknown_field);
    CHECK(refusal(R"("dpv:hasDataController":["https://shop.example/"])",
                  R"("dpv:hasDataController":["https://parcel.example/"])") == errc::unsupported);
  }
  SUBCASE("what is mandatory") {
    for (const std::string_view member :
         {"dpv:hasDataSubject", "dpv:hasNotice", "dpv:hasPurpose", "dpv:hasPersonalData",
          "dpv:hasRecipient", "dpv:hasConsentControl", "dpv:hasStorageCondition",
          "dpv:hasJurisdiction", "dpv:hasConsentStatus", "dpv:isIndicatedAtTime",
          "dpv:isIndicatedBy", "dct:language"}) {
      CAPTURE(member);
      CHECK(refusal(member, "dct:title") == errc::missing_field);
    }
  }
  SUBCASE("values") {
    CHECK(refusal("2026-07-01T00:00:00Z", "2026-13-01T00:00:00Z") == errc::invalid_value);
    CHECK(refusal(R"("dpv:hasIdentifier":["urn:uuid:5)", R"("dpv:hasIdentifier":["urn:uuid:6)") ==
          errc::invalid_value);
    CHECK(refusal(R"("dpv:hasRecipient":["https://parcel.example/"])",
                  R"("dpv:hasRecipient":["https://broker.example/"])") == errc::invalid_value);
    CHECK(refusal(R"(["c7b1f0a2"])", "[7]") == errc::wrong_type);
  }
  SUBCASE("the place") {
    CHECK(read_record(with("dpv:DeliveryOfGoods", "dpv:Analytics")).error().at == 2);
  }
}

TEST_CASE("27560: what is wrong is said with the member's name") {
  const std::string whole = *write_record(example());
  const auto where = [&](std::string_view what, std::string_view by) {
    std::string text = whole;
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    text.replace(at, what.size(), by);
    std::string out;
    REQUIRE_FALSE(read_record(text, &out));
    return out;
  };
  CHECK(where("dpv:hasPurpose", "dpv:hasPurpos") == "dpv:hasPurpos");
  CHECK(where("\"dpv:isIndicatedAtTime\"", "\"dct:title\"") == "dpv:isIndicatedAtTime");
  CHECK(where("\"dpv:hasLegalBasis\"", "\"dct:title\"") == "dpv:hasLegalBasis");
  std::string untouched = "x";
  REQUIRE(read_record(whole, &untouched));
  CHECK(untouched == "x");
}

TEST_CASE("27560: the guide's spellings, full IRIs and single values are read") {
  const auto same = [](std::string_view what, std::string_view by) {
    const auto read = read_record(with(what, by));
    REQUIRE(read);
    CHECK(*read == example());
  };
  same("pd:EmailAddress", "pd:Email");
  same("dpv:hasName", "dpv:hasLegalName");
  same("dpv:WithdrawConsent", "dpv:WithdrawingFromActivity");
  same(R"(["dpv:DeliveryOfGoods"])", R"("https://w3id.org/dpv#DeliveryOfGoods")");
  same(R"(["dpv:DeliveryOfGoods"])", R"({"@type":["dpv:DeliveryOfGoods"]})");
  same(R"("2026-07-01T00:00:00Z")", R"("2026-07-01T00:00:00")");
  same(R"("dpv:hasNotice")", R"("dct:title":"of no weight","dpv:hasNotice")");
}

namespace {

// As the guide of the vocabulary writes a whole record: what holds for all processes beside them,
// nobody described, days without an hour.
std::string by_the_guide() {
  return R"({"@id": "https://example.com/record-1", "@type": "dpv:ConsentRecord",
    "dct:identifier": "record-1",
    "dct:conformsTo": "https://w3id.org/dpv/schema/dpv-27560#record",
    "dpv:hasDataSubject": {"@id": "0760c9ba", "skos:broader": "dpv:Consumer"},
    "dpv:hasDataController": "ex:Shop", "dpv:hasDataProcessor": "ex:Cloud",
    "dpv:hasJurisdiction": "loc:IE", "dpv:hasApplicableLaw": "eu-gdpr:GDPR",
    "dpv:hasProcess": [{"@type": "dpv:Process", "dpv:hasService": "Letters",
      "dpv:hasRecipient": ["ex:Shop", "ex:Cloud"], "dpv:hasPurpose": "dpv:PaymentManagement",
      "dpv:hasPersonalData": "pd:EmailAddress", "dpv:hasNecessity": "dpv:Required",
      "dpv:hasStorageCondition": [
        {"@type": "dpv:StorageLocation", "dpv:hasLocation": ["loc:IE", "loc:FR", "loc:DE"]},
        {"@type": "dpv:StorageDuration", "dpv:hasDuration": "P6M"},
        {"@type": "dpv:StorageDeletion", "dpv:hasDuration": "P1M"}]},
     {"@type": "dpv:Process", "dpv:hasRecipient": ["ex:Shop", "dpv:DataSubject"],
      "dpv:hasPurpose": "dpv:IdentityVerification", "dpv:hasPersonalData": "pd:OfficialID",
      "dpv:hasStorageCondition": [
        {"@type": "dpv:StorageLocation", "dpv:hasLocation": "dpv:WithinDevice"},
        {"@type": "dpv:StorageDuration", "dpv:hasDuration":
          {"@type": "dpv:UntilEventDuration", "rdf:value": "Account Closure"}}]}],
    "dpv:hasConsentControl": {"@type": ["dpv:ProvideConsent", "dpv:WithdrawConsent"],
      "dpv:isExercisedAt": "https://example.com/consent"},
    "dpv:hasRight": {"@type": ["dpv:DataSubjectRight", "eu-gdpr:A7-3"]},
    "dpv:hasNotice": {"@id": "https://example.com/notices/1", "@type": "dpv:ConsentNotice",
      "dct:date": "2024-01-01", "dct:language": "EN", "dct:coverage": "2024-01-01/P12M"},
    "dpv:hasConsentStatus": [
      {"@type": ["dpv:ConsentGiven", "dpv:ExpressedConsent"], "dpv:isIndicatedBy":
       "dpv:DataSubject", "dpv:hasIndicationMethod": "in the app", "dpv:isIndicatedAtTime":
       "2024-01-01"},
      {"@type": "dpv:ConsentWithdrawn", "dpv:isIndicatedBy": "dpv:DataSubject",
       "dpv:isIndicatedAtTime": "2024-04-20"}]})";
}

result<record> guide_with(std::string_view what, std::string_view by,
                          std::string* where = nullptr) {
  std::string text = by_the_guide();
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  text.replace(at, what.size(), by);
  return read_record(text, where);
}

}  // namespace

TEST_CASE("27560: a whole record as the guide writes it") {
  const auto read = read_record(by_the_guide());
  REQUIRE(read);
  CHECK_FALSE(read->gdpr);
  CHECK(read->id == "https://example.com/record-1");
  for (const std::string_view other : {"ecord-1", "record-2", "https://example.com/"}) {
    CAPTURE(other);
    CHECK(guide_with(R"("record-1")", "\"" + std::string(other) + "\"").error().code ==
          errc::invalid_value);
  }
  CHECK(read->subject == "0760c9ba");
  CHECK(read->controller == "ex:Shop");
  CHECK(read->notice.version == "2024-01-01");
  REQUIRE(read->processes.size() == 4);
  for (const process& one : read->processes) {
    CHECK(one.basis == consent_strength::expressed);
    CHECK(one.jurisdiction == "loc:IE");
    CHECK(one.withdrawal_method == "https://example.com/consent");
  }
  CHECK(read->processes[1].recipient == "ex:Cloud");
  CHECK(read->processes[1].storage_locations ==
        std::vector<std::string>{"loc:IE", "loc:FR", "loc:DE"});
  CHECK(read->processes[1].retention == "P6M");
  CHECK(read->processes[3].recipient == "dpv:DataSubject");
  CHECK(read->processes[3].retention == "Account Closure");
  REQUIRE(read->parties.size() == 3);
  CHECK(read->parties[0].role == recipient::processor);
  CHECK(read->parties[1].role == recipient::self);
  CHECK(read->parties[2].role == recipient::data_subject);
  REQUIRE(read->events.size() == 2);
  CHECK(read->events[0].at == parse_timestamp("2024-01-01T00:00:00Z").value());
  CHECK_FALSE(read->events[0].until);
  // Who is named and not described cannot be written as 27560 wants it.
  CHECK(write_record(*read).error().code == errc::missing_field);
}

TEST_CASE("27560: of a day alone what gives is its beginning, and what takes back its end") {
  const auto times = [](std::string_view given, std::string_view taken, std::string_view how) {
    std::string text = by_the_guide();
    const auto put = [&text](std::string_view what, std::string_view by) {
      const std::size_t at = text.find(what);
      REQUIRE(at != std::string::npos);
      text.replace(at, what.size(), by);
    };
    put("\n       \"2024-01-01\"", " \"" + std::string(given) + "\"");
    put("2024-04-20", taken);
    put("dpv:ConsentWithdrawn", how);
    const auto read = read_record(text);
    REQUIRE(read);
    REQUIRE(read->events.size() == 2);
    return std::pair(read->events[0].at, read->events[1].at);
  };
  for (const std::string_view how : {"dpv:ConsentWithdrawn", "dpv:ConsentRefused",
                                     "dpv:ConsentRevoked", "dpv:ConsentInvalidated"}) {
    CAPTURE(how);
    for (const std::string_view hour : {"T00:00:00Z", "T10:00:00Z", "T23:59:59Z"}) {
      const auto [given, taken] = times("2024-04-20" + std::string(hour), "2024-04-20", how);
      CHECK(given <= taken);
      CHECK(date_of(taken) == date{2024, 4, 20});
      const auto [alone, timed] = times("2024-04-20", "2024-04-20" + std::string(hour), how);
      CHECK(alone <= timed);
    }
  }
}

TEST_CASE("27560: of several forms of consent in one event the weakest counts") {
  const auto basis = [](std::string_view types) {
    const auto read = guide_with(R"(["dpv:ConsentGiven", "dpv:ExpressedConsent"])", types);
    REQUIRE(read);
    return read->processes.front().basis;
  };
  CHECK(basis(R"(["dpv:ConsentGiven", "dpv:ExplicitlyExpressedConsent"])") ==
        consent_strength::explicit_);
  CHECK(
      basis(R"(["dpv:ConsentGiven", "dpv:ExplicitlyExpressedConsent", "dpv:ExpressedConsent"])") ==
      consent_strength::expressed);
  CHECK(
      basis(R"(["dpv:ExpressedConsent", "dpv:ExplicitlyExpressedConsent", "dpv:ConsentGiven"])") ==
      consent_strength::expressed);
  CHECK(basis(R"(["dpv:ImpliedConsent", "dpv:ConsentGiven", "dpv:ExplicitlyExpressedConsent"])") ==
        consent_strength::implied);
}

TEST_CASE("27560: what the guide leaves open is not taken for more than it says") {
  // A process' own word goes before the record's.
  const auto own = guide_with(
      R"("dpv:hasService": "Letters",)",
      R"("dpv:hasJurisdiction": "loc:FR", "dpv:hasLegalBasis": "dpv:ExplicitlyExpressedConsent",)");
  REQUIRE(own);
  CHECK(own->processes[0].jurisdiction == "loc:FR");
  CHECK(own->processes[0].basis == consent_strength::explicit_);
  CHECK(own->processes[2].basis == consent_strength::expressed);
  // Who only says no need not say on what the yes would have stood.
  const auto no =
      guide_with(R"(["dpv:ConsentGiven", "dpv:ExpressedConsent"])", R"("dpv:ConsentRefused")");
  REQUIRE(no);
  CHECK(no->processes[0].basis == consent_strength::none);
  std::string where;
  const auto refused = [&](std::string_view what, std::string_view by) {
    where.clear();
    const auto read = guide_with(what, by, &where);
    REQUIRE_FALSE(read);
    return read.error().code;
  };
  CHECK(refused(R"(["dpv:ConsentGiven", "dpv:ExpressedConsent"])", R"("dpv:ConsentGiven")") ==
        errc::missing_field);
  CHECK(where == "dpv:hasLegalBasis");
  CHECK(refused(R"("dpv:Consumer")", R"("dpv:Child")") == errc::unsupported);
  CHECK(where == "skos:broader");
  CHECK(refused(R"("pd:EmailAddress")",
                R"({"skos:broader": "pd:EmailAddress", "rdf:value": "a@b.c"})") ==
        errc::unsupported);
  CHECK(where == "dpv:hasPersonalData");
  CHECK(refused(R"(["ex:Shop", "ex:Cloud"])", R"(["ex:Shop", "ex:Broker"])") ==
        errc::invalid_value);
  CHECK(where == "dpv:hasRecipient");
  CHECK(refused(R"("dpv:hasDataController": "ex:Shop",)", "") == errc::missing_field);
  CHECK(where == "dpv:hasDataController");
  CHECK(refused(R"("dpv:hasConsentControl")", R"("dct:title")") == errc::missing_field);
  CHECK(where == "dpv:hasConsentControl");
  CHECK(refused(R"("dct:date")", R"("dct:title")") == errc::missing_field);
  CHECK(where == "dct:hasVersion");
  CHECK(refused(R"("2024-04-20")", R"("2024-04-31")") == errc::invalid_value);
  CHECK(refused(R"("dpv:isIndicatedBy": "dpv:DataSubject",
       "dpv:isIn)",
                R"("dpv:isIndicatedBy": "ex:Cloud",
       "dpv:isIn)") == errc::unknown_field);
  CHECK(where == "dpv:isIndicatedBy");
  // A party that says something in its role.
  CHECK(guide_with(R"("dpv:isIndicatedBy": "dpv:DataSubject",
       "dpv:isIn)",
                   R"("dpv:isIndicatedBy": "ex:Shop",
       "dpv:isIn)")
            ->events[1]
            .who == indicated_by::controller);
}

TEST_CASE("27560: parties in the forms in which they are described") {
  const auto parties = [](std::string_view entity) {
    return guide_with(R"("dpv:hasDataController": "ex:Shop",)",
                      std::string(R"("dpv:hasDataController": "ex:Shop", "dpv:hasEntity": )")
                          .append(entity)
                          .append(","));
  };
  const auto whole =
      parties(R"([{"@type": ["dpv:Organisation", "dpv:DataController"], "@id": "ex:Shop",
      "dpv:hasIdentifier": [{"@type": "schema:PropertyValue", "name": "Tax", "value": "IE-1"}],
      "dpv:hasName": "Shop Ltd", "schema:address": {"@type": "schema:PostalAddress",
      "schema:streetAddress": "1 High Street", "schema:addressLocality": "Town"},
      "schema:contactPoint": [{"@type": "schema:ContactPoint", "schema:telephone": "+00-000"},
      {"@type": "schema:ContactPoint", "schema:email": "dpo@shop.example"}]},
      {"@id": "0760c9ba", "@type": "dpv:DataSubject"}])");
  REQUIRE(whole);
  CHECK(whole->parties[0] ==
        party{"ex:Shop", recipient::self, "Shop Ltd", "1 High Street, Town", "dpo@shop.example"});
  // The role of whom the record calls its controller needs no second word.
  const auto plain = parties(R"({"@type": "dpv:Entity", "@id": "ex:Shop"})");
  REQUIRE(plain);
  CHECK(plain->parties[0].role == recipient::self);
  CHECK(parties(R"({"@type": "dpv:Entity", "@id": "ex:Other"})").error().code ==
        errc::missing_field);
  CHECK(parties(R"({"@type": "dpv:Entity"})").error().code == errc::missing_field);
}

TEST_CASE("27560: several purposes and recipients in one process are each with each") {
  const auto read = read_record(
      with(R"(["dpv:DeliveryOfGoods"])", R"(["dpv:DeliveryOfGoods","dpv:CustomerCare"])"));
  REQUIRE(read);
  REQUIRE(read->processes.size() == 3);
  CHECK(read->processes[2].purpose == purpose::customer_care);
  CHECK(read->processes[2].recipient == "https://parcel.example/");
}

TEST_CASE("27560: a duration counts from the event, by the calendar") {
  const auto end = [](std::string_view duration) {
    std::string by(R"({"@type":["dpv:TemporalDuration"],"rdf:value":[")");
    by.append(duration).append("\"]}");
    record made = example();
    made.events[1].at = parse_timestamp("2027-08-31T10:00:00Z").value();
    std::string json = *write_record(made);
    const std::string_view old =
        R"({"@type":["dpv:UntilTimeDuration"],"rdf:value":["2027-07-01T00:00:00Z"]})";
    const std::size_t at = json.find(old);
    REQUIRE(at != std::string::npos);
    json.replace(at, old.size(), by);
    const auto read = read_record(json);
    return read ? read->events[1].until : std::nullopt;
  };
  CHECK(end("P6M") == parse_timestamp("2028-02-29T10:00:00Z").value());
  CHECK(end("P1Y2W") == parse_timestamp("2028-09-14T10:00:00Z").value());
  CHECK(end("P30D") == parse_timestamp("2027-09-30T10:00:00Z").value());
  for (const std::string_view bad : {"6M", "P", "PM", "P6", "PT5H", "P-1Y", "P999999999999Y"}) {
    CAPTURE(bad);
    CHECK_FALSE(end(bad));
  }
}

TEST_CASE("27560: the writer refuses a record that lacks what is mandatory") {
  const auto refuse = [](const auto& spoil) {
    record made = example();
    spoil(made);
    const auto json = write_record(made);
    REQUIRE_FALSE(json);
    return json.error().code;
  };
  CHECK(refuse([](record& r) { r.subject.clear(); }) == errc::missing_field);
  CHECK(refuse([](record& r) { r.processes.clear(); }) == errc::missing_field);
  CHECK(refuse([](record& r) { r.processes[0].data.clear(); }) == errc::missing_field);
  CHECK(refuse([](record& r) { r.processes[0].storage_locations = {""}; }) == errc::missing_field);
  CHECK(refuse([](record& r) { r.processes[0].purpose = purpose_id(191); }) == errc::unknown_field);
  CHECK(refuse([](record& r) { r.processes[0].recipient = "x"; }) == errc::invalid_value);
  CHECK(refuse([](record& r) { r.parties[1].role = recipient_id(); }) == errc::unknown_field);
}

TEST_CASE("27560: a signed receipt is read with the key that signed it, untouched") {
  const receipt made{"urn:uuid:0d6f", summer, example()};
  CHECK(*read_receipt(*write_receipt(made)) == made);
  const auto key = key_of(1);
  const auto jws = sign_receipt(made, key);
  REQUIRE(jws);
  const auto read = read_signed_receipt(*jws, key.public_key());
  REQUIRE(read);
  CHECK(*read == made);
  CHECK(read_signed_receipt(*jws, key_of(2).public_key()).error().code == errc::signature_invalid);
  for (std::size_t at = 0; at < jws->size(); at += 7) {
    CAPTURE(at);
    std::string other = *jws;
    other[at] = other[at] == 'B' ? 'C' : 'B';
    CHECK_FALSE(read_signed_receipt(other, key.public_key()));
  }
  std::string other = *jws;
  const std::size_t body = other.find('.') + 40;
  other[body] = other[body] == 'B' ? 'C' : 'B';
  CHECK(read_signed_receipt(other, key.public_key()).error().code == errc::signature_invalid);
  // {"alg":"none"}: no other algorithm is accepted.
  std::string none = "eyJhbGciOiJub25lIn0" + jws->substr(jws->find('.'));
  CHECK(read_signed_receipt(none, key.public_key()).error().code == errc::invalid_encoding);
  CHECK(read_signed_receipt("a.b", key.public_key()).error().code == errc::invalid_encoding);
}

// Each file is a record. One whose name begins with a code is refused with it; the others are
// read, and what is written from them is read as the same. check_27560_vectors.py looks at the
// same files from outside.
TEST_CASE("27560: the vectors") {
  const std::filesystem::path folder =
      std::filesystem::path(CLIENTBOOK_SOURCE_DIR) / "tests/vectors/27560";
  const std::pair<std::string_view, errc> codes[] = {
      {"already_exists", errc::already_exists}, {"invalid_encoding", errc::invalid_encoding},
      {"unknown_field", errc::unknown_field},   {"unsupported", errc::unsupported},
      {"missing_field", errc::missing_field},   {"invalid_value", errc::invalid_value},
  };
  std::size_t valid = 0;
  std::size_t refused = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const std::string name = entry.path().stem().string();
    CAPTURE(name);
    const auto read = read_record(text(entry.path()));
    errc expected = errc::none;
    for (const auto& [prefix, code] : codes) {
      if (name.starts_with(prefix)) expected = code;
    }
    if (expected != errc::none) {
      REQUIRE_FALSE(read);
      CHECK(read.error().code == expected);
      ++refused;
      continue;
    }
    REQUIRE(read);
    CHECK(*read_record(*write_record(*read)) == *read);
    ++valid;
  }
  CHECK(valid >= 4);
  CHECK(refused >= 8);
}
