#include <clientbook/exchange/tcf.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "iab_vectors.hpp"
#include "testing.hpp"

using namespace clientbook;
using clientbook::testing::iab;
using clientbook::testing::numbers;
using clientbook::testing::numbers_of;
using clientbook::testing::text_of;

namespace {

// No consent at all, policy version 5, fifty vendors disclosed.
constexpr std::string_view core = "CQeEcwAQeEcwAAKACBENAqFgAAAAAAAAAAYgAAAAAAAA";
constexpr std::string_view disclosed = ".IAZQAYAAgBkA";
constexpr std::string_view publisher = ".YAAAAAAAAAAA";

std::string with(std::string_view tail) { return std::string(core) + std::string(tail); }

error refusal(std::string_view text) {
  const auto read = read_tc_string(text);
  REQUIRE_FALSE(read);
  return read.error();
}

std::string base64url(std::string bits) {
  while (bits.size() % 6 != 0) bits += '0';
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  for (std::size_t i = 0; i < bits.size(); i += 6) {
    text += alphabet[std::stoul(bits.substr(i, 6), nullptr, 2)];
  }
  return text;
}

// A core of policy version 4 whose vendor consents are the bits given; the rest is zero.
std::string core_with_vendors(const std::string& bits) {
  std::string all = "000010";  // Version 2.
  all.append(72, '0');         // Two times.
  all += "000000001010";       // CMP 10.
  all.append(12 + 6, '0');
  all.append(12, '0');  // Language AA.
  all.append(12, '0');
  all += "000100";  // Policy version 4.
  all += "10";      // Service specific.
  all.append(12 + 24 + 24 + 1, '0');
  all.append(12, '0');  // Country AA.
  all += bits;
  all.append(17 + 12, '0');
  return base64url(all);
}

// A core of Canada's string with no purposes, and the vendors and restrictions given.
std::string canada(const std::string& vendors) {
  std::string all = "000001";  // Version 1.
  all.append(72, '0');
  all += "000000001010";  // CMP 10.
  all.append(12 + 6 + 12 + 12 + 6 + 1 + 12 + 24 + 24, '0');
  return base64url(all + vendors);
}

// Weights 1, 2, 3, 5, 8, ... from the front, then a one.
std::string fibonacci(unsigned value) {
  std::vector<unsigned> weights{1, 2};
  while (weights.back() < value) weights.push_back(weights.back() + weights[weights.size() - 2]);
  while (weights.back() > value) weights.pop_back();
  std::string code(weights.size(), '0');
  for (std::size_t i = weights.size(); i-- > 0;) {
    if (weights[i] > value) continue;
    value -= weights[i];
    code[i] = '1';
  }
  return code + '1';
}

std::string bits16(unsigned value) {
  std::string text;
  for (unsigned i = 16; i-- > 0;) text += (value >> i) & 1 ? '1' : '0';
  return text;
}

std::string ranges(unsigned largest, std::initializer_list<vendor_range> entries) {
  std::string text =
      bits16(largest) + "1" + bits16(static_cast<unsigned>(entries.size())).substr(4);
  for (const vendor_range& entry : entries) {
    text += "1" + bits16(entry.first) + bits16(entry.last);
  }
  return text;
}

}  // namespace

TEST_CASE("tcf: every vector decodes to its values") {
  const auto file = iab("tcf-vectors.json");
  if (!file) return;
  for (const auto& vector : file->at("vectors").as_array()) {
    CAPTURE(text_of(vector, "name"));
    const auto read = read_tc_string(text_of(vector, "tcString"));
    REQUIRE(read);
    const auto& want = vector.at("decoded");
    const auto number = [&](std::string_view key) {
      return want.at(key).to_number<std::int64_t>();
    };
    CHECK(read->version == number("version"));
    const std::string created(text_of(want, "created").substr(0, 19));
    CHECK(read->created == *parse_timestamp(created + "Z"));
    const std::string updated(text_of(want, "lastUpdated").substr(0, 19));
    CHECK(read->last_updated == *parse_timestamp(updated + "Z"));
    CHECK(read->cmp_id == number("cmpId"));
    CHECK(read->cmp_version == number("cmpVersion"));
    CHECK(read->consent_screen == number("consentScreen"));
    CHECK(std::string_view(read->consent_language.data(), 2) == text_of(want, "consentLanguage"));
    CHECK(read->vendor_list_version == number("vendorListVersion"));
    CHECK(read->policy_version == number("policyVersion"));
    CHECK(read->is_service_specific == want.at("isServiceSpecific").as_bool());
    CHECK(read->purpose_one_treatment == want.at("purposeOneTreatment").as_bool());
    CHECK(std::string_view(read->publisher_country.data(), 2) ==
          text_of(want, "publisherCountryCode"));
    const auto list = [&](std::string_view key) { return numbers_of(want.at(key)); };
    CHECK(numbers_of(read->special_feature_opt_ins) == list("specialFeatureOptins"));
    CHECK(numbers_of(read->purpose_consents) == list("purposeConsents"));
    CHECK(numbers_of(read->purpose_legitimate_interests) == list("purposeLegitimateInterests"));
    CHECK(numbers_of(read->vendor_consents) == list("vendorConsents"));
    CHECK(numbers_of(read->vendor_legitimate_interests) == list("vendorLegitimateInterests"));
    CHECK(numbers_of(read->vendors_disclosed.value_or(vendor_ids{})) == list("vendorsDisclosed"));
    for (const std::int64_t vendor : list("vendorConsents")) {
      CHECK(read->vendor_consents.contains(static_cast<std::uint16_t>(vendor)));
    }
    CHECK_FALSE(read->vendor_consents.contains(0));
    CHECK_FALSE(read->vendor_consents.contains(65535));

    const auto publisher_tc_read = read->publisher.value_or(publisher_tc{});
    CHECK(numbers_of(publisher_tc_read.purpose_consents) == list("publisherConsents"));
    CHECK(numbers_of(publisher_tc_read.purpose_legitimate_interests) ==
          list("publisherLegitimateInterests"));
    CHECK(publisher_tc_read.custom_purposes == number("numCustomPurposes"));
    CHECK(numbers_of(publisher_tc_read.custom_consents) == list("publisherCustomConsents"));
    CHECK(numbers_of(publisher_tc_read.custom_legitimate_interests) ==
          list("publisherCustomLegitimateInterests"));

    const auto& restrictions = want.at("publisherRestrictions").as_array();
    REQUIRE(read->restrictions.size() == restrictions.size());
    std::size_t matched = 0;
    publisher_restrictions::cursor cursor(read->restrictions);
    while (const auto restriction = cursor.next()) {
      for (const auto& entry : restrictions) {
        if (entry.at("purposeId").to_number<int>() != restriction->purpose) continue;
        CHECK(entry.at("restrictionType").to_number<int>() == static_cast<int>(restriction->type));
        CHECK(numbers_of(entry.at("vendors")) == numbers_of(restriction->vendors));
        ++matched;
      }
    }
    CHECK(matched == restrictions.size());
  }
}

// What the encoder's own decoder did with them is in the file, as "observed"; this is what we do.
TEST_CASE("tcf: every malformed vector is refused with its reason") {
  const auto file = iab("tcf-vectors.json");
  if (!file) return;
  const std::pair<std::string_view, error> expected[] = {
      {"empty", {errc::truncated, "", 0}},
      {"one character", {errc::truncated, "", 6}},
      {"truncated core", {errc::truncated, "", 24}},
      {"cmpId 0 is refused by the package", {errc::invalid_value, "", 78}},
      {"version 1 string", {errc::unsupported, "", 0}},
      {"core truncated inside the vendor section", {errc::truncated, "", 258}},
      {"empty second segment", {errc::truncated, "", 288}},
      {"characters outside base64url", {errc::invalid_encoding, "", 288}},
      {"segment type 6 (undefined)", {errc::unsupported, "", 288}},
      {"padding character", {errc::invalid_encoding, "", 282}},
  };
  const auto& malformed = file->at("malformed").as_array();
  CHECK(malformed.size() == std::size(expected));
  for (const auto& vector : malformed) {
    const std::string_view why = text_of(vector, "why");
    CAPTURE(why);
    const auto* found = std::find_if(std::begin(expected), std::end(expected),
                                     [&](const auto& entry) { return entry.first == why; });
    REQUIRE(found != std::end(expected));
    const error got = refusal(text_of(vector, "tcString"));
    CHECK(got.code == found->second.code);
    CHECK(got.at == found->second.at);
  }
}

TEST_CASE("tcf: what is refused, with a reason and a place") {
  CHECK(read_tc_string(with(disclosed)));
  CHECK(read_tc_string(with(disclosed) + std::string(publisher)));
  SUBCASE("TCF 2.3 without DisclosedVendors") {
    CHECK(refusal(core).code == errc::missing_field);
    CHECK(refusal(with(publisher)).code == errc::missing_field);
  }
  SUBCASE("a segment twice") {
    const error got = refusal(with(disclosed) + std::string(disclosed));
    CHECK(got.code == errc::already_exists);
    CHECK(refusal(with(".AAAA")).code == errc::already_exists);  // A second core.
  }
  SUBCASE("something behind the last field") {
    CHECK(refusal(with(disclosed) + "AAAA").code == errc::invalid_encoding);
    CHECK(refusal(with(".IAZQAYAAgBkB")).code == errc::invalid_encoding);
  }
  SUBCASE("a code that is not letters") {
    std::string text = with(disclosed);
    text[18] = '9';  // ConsentLanguage is bits 108 to 119.
    CHECK(refusal(text).code == errc::invalid_value);
    CHECK(refusal(text).at == 108);
  }
  SUBCASE("ranges") {
    CHECK(read_tc_string(core_with_vendors(ranges(20, {{1, 3}, {4, 4}, {9, 20}}))));
    const auto at_fault = [](std::initializer_list<vendor_range> entries) {
      return refusal(core_with_vendors(ranges(20, entries)));
    };
    CHECK(at_fault({{5, 6}, {1, 2}}).code == errc::invalid_value);
    CHECK(at_fault({{5, 6}, {1, 2}}).at == 213 + 29 + 33);
    CHECK(at_fault({{5, 6}, {6, 7}}).code == errc::invalid_value);
    CHECK(at_fault({{6, 5}}).code == errc::invalid_value);
    CHECK(at_fault({{0, 5}}).code == errc::invalid_value);
    CHECK(at_fault({{5, 21}}).code == errc::invalid_value);
  }
  SUBCASE("Europe's string is not Canada's") {
    CHECK(read_tc_string_canada(with(disclosed)).error().code == errc::unsupported);
  }
}

TEST_CASE("tcf: every prefix of a string is refused or has whole segments") {
  const std::string whole = with(disclosed) + std::string(publisher);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    const auto read = read_tc_string(std::string_view(whole).substr(0, size));
    if (!read) continue;
    CHECK(numbers_of(*read->vendors_disclosed).size() == 50);
  }
}

TEST_CASE("P14: tcf: mutated strings end in a value or a reason") {
  const std::string_view seeds[] = {
      "CQeEcwAQeEcwAAKACBENAqFgAMAAAAIAAAYgADAwAJBkAIdABAASEAAgAFAA.IAEgyAAA.YAAAAAAAAAAA",
      "CQeEcwAQeEcwAAKACBENAqFgAIKAAAAAAAYgLtwAgABAXbAAAAAA.ILtwAgABAXbA.YAAAAAAAAAAA",
      "CQeEcwAQeEcwAAKACBENAqFgAIAAAAAAAAYgAAAAAAAA.IAAo.eAAAAEAAAdQA"};
  std::mt19937 random(20260115);
  std::size_t accepted = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string text(seeds[random() % std::size(seeds)]);
    for (std::size_t edits = 1 + random() % 3; edits-- > 0;) {
      const std::size_t place = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[place] = static_cast<char>(random() % 256);
          break;
        case 1:
          text[place] = "AQg_-z09."[random() % 9];
          break;
        case 2:
          text.erase(place, 1 + random() % 4);
          break;
        default:
          text.insert(place, 1, "AQg_."[random() % 5]);
      }
      if (text.empty()) text.assign(1, 'C');
    }
    const auto read = read_tc_string(text);
    if (!read) {
      CHECK(read.error().at <= 6 * text.size());
      continue;
    }
    ++accepted;
    // What was accepted can be walked through, in order.
    std::uint32_t before = 0;
    vendor_ids::cursor runs(read->vendor_consents);
    while (const auto run = runs.next()) {
      CHECK((run->first > before && run->last >= run->first));
      before = run->last;
    }
    publisher_restrictions::cursor list(read->restrictions);
    while (const auto restriction = list.next()) CHECK(restriction->purpose > 0);
  }
  CHECK(accepted > 0);
}

TEST_CASE("tcf: Canada's vendors in Fibonacci ranges, and as they were written before") {
  // Vendors 12 to 40 express and 60,000 implied; purpose 2 not allowed to 12 to 14.
  const std::string one = "1000000000001";  // Ranges, one of them.
  const std::string express = bits16(40) + one + "1" + fibonacci(12) + fibonacci(28);
  const std::string implied = bits16(60000) + one + "0" + fibonacci(60000);
  const std::string restriction =
      "000000000001"
      "000010"
      "00" +
      bits16(14) + one + "1" + fibonacci(12) + fibonacci(2);
  const auto check = [](const result<tc_string>& read) {
    REQUIRE(read);
    const numbers vendors = numbers_of(read->vendor_consents);
    REQUIRE(vendors.size() == 29);
    CHECK(vendors.front() == 12);
    CHECK(vendors.back() == 40);
    CHECK(read->vendor_consents.contains(40));
    CHECK_FALSE(read->vendor_consents.contains(41));
    CHECK(numbers_of(read->vendor_legitimate_interests) == numbers{60000});
    publisher_restrictions::cursor list(read->restrictions);
    const auto first = list.next();
    REQUIRE(first);
    CHECK(first->purpose == 2);
    CHECK(numbers_of(first->vendors) == numbers{12, 13, 14});
    CHECK_FALSE(list.next());
  };
  check(read_tc_string_canada(canada(express + implied + restriction)));
  check(read_tc_string_canada(canada(ranges(40, {{12, 40}}) + ranges(60000, {{60000, 60000}}) +
                                     "000000000001"
                                     "000010"
                                     "00" +
                                     ranges(0, {{12, 14}}).substr(17))));

  SUBCASE("the last vendor is the largest that is announced") {
    const std::string more = bits16(41) + one + "1" + fibonacci(12) + fibonacci(28);
    CHECK_FALSE(read_tc_string_canada(canada(more + implied + restriction)));
  }
  SUBCASE("no vendor is beyond 65535") {
    const std::string beyond = bits16(65535) + one + "1" + fibonacci(65535) + fibonacci(1);
    CHECK_FALSE(read_tc_string_canada(canada(beyond + implied + restriction)));
    const std::string last = bits16(65535) + one + "0" + fibonacci(65535);
    CHECK(read_tc_string_canada(canada(last + implied + restriction)));
  }
}
