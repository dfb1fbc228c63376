#include <clientbook/exchange/gpp.hpp>

#include <algorithm>
#include <random>
#include <string>

#include "iab_vectors.hpp"
#include "testing.hpp"

using namespace clientbook;
using clientbook::testing::iab;
using clientbook::testing::numbers;
using clientbook::testing::numbers_of;
using clientbook::testing::text_of;

namespace {

// The names of the fields as the specifications spell them.
constexpr std::pair<std::string_view, us_field> names[] = {
    {"SharingNotice", us_field::sharing_notice},
    {"ProcessingNotice", us_field::sharing_notice},
    {"SaleOptOutNotice", us_field::sale_opt_out_notice},
    {"SharingOptOutNotice", us_field::sharing_opt_out_notice},
    {"TargetedAdvertisingOptOutNotice", us_field::targeted_advertising_opt_out_notice},
    {"SensitiveDataProcessingOptOutNotice", us_field::sensitive_data_opt_out_notice},
    {"SensitiveDataOptOutNotice", us_field::sensitive_data_opt_out_notice},
    {"SensitiveDataLimitUseNotice", us_field::sensitive_data_limit_use_notice},
    {"SaleOptOut", us_field::sale_opt_out},
    {"SharingOptOut", us_field::sharing_opt_out},
    {"TargetedAdvertisingOptOut", us_field::targeted_advertising_opt_out},
    {"PersonalDataConsents", us_field::personal_data_consent},
    {"AdditionalDataProcessingConsent", us_field::personal_data_consent},
    {"MspaCoveredTransaction", us_field::mspa_covered_transaction},
    {"MspaOptOutOptionMode", us_field::mspa_opt_out_option_mode},
    {"MspaServiceProviderMode", us_field::mspa_service_provider_mode},
    {"MspaMode", us_field::mspa_mode},
};

constexpr std::string_view section_names[] = {
    "usnat", "usca", "usva", "usco", "usut", "usct", "usfl", "usmt", "usor", "ustx", "usde",
    "usia",  "usne", "usnh", "usnj", "ustn", "usmn", "usmd", "usin", "usky", "usri"};

template <std::size_t Size>
numbers values(const std::array<us_value, Size>& array, std::size_t count) {
  numbers found;
  for (std::size_t i = 0; i < count; ++i) found.push_back(static_cast<std::int64_t>(array[i]));
  return found;
}

numbers listed(const boost::json::value& value) {
  return value.is_array() ? numbers_of(value) : numbers{value.to_number<std::int64_t>()};
}

// `widths`: whether the lists must also have as many entries.
void check_us(const us_privacy& got, const boost::json::value& want, bool widths) {
  std::size_t seen = 0;
  for (const auto& [key, value] : want.as_object()) {
    const std::string_view name = key;
    CAPTURE(name);
    if (name == "Version" || name == "MspaVersion") {
      CHECK(got.version == value.to_number<int>());
    } else if (name == "SensitiveDataProcessing" || name == "KnownChildSensitiveDataConsents") {
      numbers have = name[0] == 'S' ? values(got.sensitive, got.sensitive_count)
                                    : values(got.child, got.child_count);
      const numbers wanted = listed(value);
      if (!widths) have.resize(wanted.size());
      CHECK(have == wanted);
    } else if (name == "Gpc") {
      CHECK(got.gpc.value_or(false) == value.as_bool());
    } else if (name != "GpcSegmentType") {
      const auto* field = std::find_if(std::begin(names), std::end(names),
                                       [&](const auto& entry) { return entry.first == name; });
      REQUIRE(field != std::end(names));
      CHECK(has_field(got, field->second));
      CHECK(static_cast<int>(got[field->second]) == value.to_number<int>());
      ++seen;
    }
  }
  std::size_t have = 0;
  for (std::size_t i = 0; i < us_field_count; ++i) have += has_field(got, us_field(i)) ? 1u : 0u;
  CHECK(seen == have);
}

void check_tcf(const tc_string& got, const boost::json::value& want) {
  const auto list = [&](std::string_view key) { return numbers_of(want.at(key)); };
  const bool europe = got.region == tcf_region::europe;
  CHECK(got.version == want.at("Version").to_number<int>());
  CHECK(got.cmp_id == want.at("CmpId").to_number<int>());
  CHECK(got.vendor_list_version == want.at("VendorListVersion").to_number<int>());
  CHECK(got.policy_version ==
        want.at(europe ? "PolicyVersion" : "TcfPolicyVersion").to_number<int>());
  CHECK(numbers_of(got.special_feature_opt_ins) ==
        list(europe ? "SpecialFeatureOptins" : "SpecialFeatureExpressConsent"));
  CHECK(numbers_of(got.purpose_consents) ==
        list(europe ? "PurposeConsents" : "PurposesExpressConsent"));
  CHECK(numbers_of(got.purpose_legitimate_interests) ==
        list(europe ? "PurposeLegitimateInterests" : "PurposesImpliedConsent"));
  CHECK(numbers_of(got.vendor_consents) ==
        list(europe ? "VendorConsents" : "VendorExpressConsent"));
  CHECK(numbers_of(got.vendor_legitimate_interests) ==
        list(europe ? "VendorLegitimateInterests" : "VendorImpliedConsent"));
  CHECK(numbers_of(got.vendors_disclosed.value_or(vendor_ids{})) ==
        list(europe ? "VendorsDisclosed" : "DisclosedVendors"));
}

void check_section(const gpp_part& part, const boost::json::value& decoded, bool widths = true) {
  CAPTURE(part.id);
  if (part.id == 2 || part.id == 5) {
    const auto tc = part.id == 2 ? read_tc_string(part.text) : read_tc_string_canada(part.text);
    REQUIRE(tc);
    check_tcf(*tc, decoded.at(part.id == 2 ? "tcfeuv2" : "tcfcav1"));
  } else if (part.id == 6) {
    const auto usp = read_usp(part.text);
    REQUIRE(usp);
    const auto& want = decoded.at("uspv1");
    CHECK(text_of(want, "Notice") == std::string_view(&usp->notice, 1));
    CHECK(text_of(want, "OptOutSale") == std::string_view(&usp->opt_out_sale, 1));
    CHECK(text_of(want, "LspaCovered") == std::string_view(&usp->lspa_covered, 1));
  } else {
    REQUIRE((part.id >= 7 && part.id <= 27));
    const auto privacy = read_us_privacy(gpp_section(part.id), part.text);
    REQUIRE(privacy);
    check_us(*privacy, decoded.at(section_names[part.id - 7]), widths);
  }
}

void check_string(const boost::json::value& vector, const boost::json::value& ids,
                  const boost::json::value& decoded, bool widths) {
  const auto gpp = read_gpp(text_of(vector, "gppString"));
  REQUIRE(gpp);
  numbers have;
  for (const gpp_part& part : gpp->sections()) {
    have.push_back(part.id);
    check_section(part, decoded, widths);
  }
  CHECK(have == numbers_of(ids));
}

}  // namespace

TEST_CASE("gpp: every vector decodes to its values") {
  const auto file = iab("gpp-vectors.json");
  if (!file) return;
  const auto& vectors = file->at("vectors").as_array();
  CHECK(vectors.size() == 91);
  for (const auto& vector : vectors) {
    CAPTURE(text_of(vector, "name"));
    check_string(vector, vector.at("sectionIds"), vector.at("decoded"), true);
  }
}

TEST_CASE("gpp: strings of other encoders decode to what their own decoder says") {
  const auto file = iab("gpp-vectors.json");
  if (!file) return;
  for (const auto& vector : file->at("foreign").as_array()) {
    CAPTURE(text_of(vector, "why"));
    const auto& observed = vector.at("observed");
    // Where version 1 stands in a core as long as version 2, we have the longer lists.
    check_string(vector, observed.at("sectionIds"), observed.at("decoded"), false);
  }
}

// What the encoder's own decoder did with them is in the file, as "observed"; this is what we
// do. `section` 0: read_gpp() refuses the string; otherwise the section is refused.
TEST_CASE("gpp: every malformed vector is refused with its reason") {
  const auto file = iab("gpp-vectors.json");
  if (!file) return;
  struct expectation {
    std::string_view text;
    int section;
    errc code;
    std::uint64_t at;
  };
  const expectation expected[] = {
      {"", 0, errc::truncated, 0},
      {"D", 0, errc::truncated, 6},
      {"DB", 0, errc::truncated, 12},
      {"garbage", 0, errc::unsupported, 0},
      {"DBABLA", 0, errc::invalid_encoding, 36},
      {"DBABLA~", 7, errc::truncated, 0},
      {"DBABLA~YA", 7, errc::unsupported, 0},
      {"DBABzw~1YYNBVQVAAAAAg", 0, errc::invalid_encoding, 126},
      {"DBABLA~BVQVAAAAAAGA.YA~extra", 0, errc::invalid_encoding, 132},
      {"CQeEcwAQeEcwAAKACBENAqFgAAAAAAAAAAYgAAAAAAAA", 0, errc::unsupported, 0},
      {"DBABLA~BVQVAAAAAAG!.YA", 7, errc::invalid_encoding, 66},
      {"DCABLA~BVQVAAAAAAGA.YA", 0, errc::unsupported, 6},
      {"DBABLA~8AAAAAAAAAAA", 7, errc::unsupported, 0},
      {"DBABLA~CVVVVVVVVVVVVVVV", 7, errc::invalid_encoding, 70},
      {"DBABLA~C_________________", 7, errc::invalid_encoding, 70},
  };
  const auto& malformed = file->at("malformed").as_array();
  CHECK(malformed.size() == std::size(expected));
  for (const auto& vector : malformed) {
    const std::string_view text = text_of(vector, "gppString");
    CAPTURE(text);
    const auto* want = std::find_if(std::begin(expected), std::end(expected),
                                    [&](const expectation& entry) { return entry.text == text; });
    REQUIRE(want != std::end(expected));
    const auto gpp = read_gpp(text);
    REQUIRE(gpp.has_value() == (want->section != 0));
    const error got = want->section == 0 ? gpp.error()
                                         : read_us_privacy(gpp_section(want->section),
                                                           gpp->section(gpp_section(want->section)))
                                               .error();
    CHECK(got.code == want->code);
    CHECK(got.at == want->at);
  }
}

TEST_CASE("gpp: a section is refused for") {
  const auto refusal = [](gpp_section section, std::string_view text) {
    const auto read = read_us_privacy(section, text);
    REQUIRE_FALSE(read);
    return read.error();
  };
  REQUIRE(read_us_privacy(gpp_section::usnat, "CVVqAAAAAACA.QA"));
  SUBCASE("the undefined value 3") {
    CHECK(refusal(gpp_section::usnat, "CVVrAAAAAACA").code == errc::invalid_value);
    CHECK(refusal(gpp_section::usnat, "CVVrAAAAAACA").at == 22);
    CHECK(refusal(gpp_section::usin, "BhWg.DAA").code == errc::invalid_value);
    CHECK(refusal(gpp_section::usin, "BhWg.DAA").at == 34);
  }
  SUBCASE("an unknown version") {
    CHECK(refusal(gpp_section::usnat, "DVVqAAAAAACA").code == errc::unsupported);
    CHECK(refusal(gpp_section::usca, "CVoAAACA").code == errc::unsupported);
    CHECK(refusal(gpp_section::uspv1, "1YNN").code == errc::unsupported);
  }
  SUBCASE("another length") {
    CHECK(refusal(gpp_section::usnat, "BVQqAAAAA").code == errc::truncated);
    CHECK(refusal(gpp_section::usnat, "CVVqAAAAAACAA").code == errc::invalid_encoding);
    CHECK(refusal(gpp_section::usnat, "CVVqAAAAAAC").code == errc::invalid_encoding);
    CHECK(refusal(gpp_section::usva, "BVoAAC").code == errc::truncated);
  }
  SUBCASE("bits behind the last field") {
    CHECK(refusal(gpp_section::usva, "BVoAACB").code == errc::invalid_encoding);
    CHECK(refusal(gpp_section::usnat, "CVVqAAAAAACA.QB").code == errc::invalid_encoding);
  }
  SUBCASE("a sub-section it does not have") {
    CHECK(refusal(gpp_section::usva, "BVoAACA.QA").code == errc::invalid_encoding);
    CHECK(refusal(gpp_section::usnat, "CVVqAAAAAACA.gA").code == errc::unsupported);
    CHECK(refusal(gpp_section::usnat, "CVVqAAAAAACA.").code == errc::truncated);
    CHECK(refusal(gpp_section::usnat, "CVVqAAAAAACA.QA.QA").code == errc::invalid_encoding);
  }
  SUBCASE("USP strings") {
    CHECK(read_usp("1YN-"));
    CHECK(read_usp("1YN").error().code == errc::truncated);
    CHECK(read_usp("1YNNN").error().code == errc::invalid_encoding);
    CHECK(read_usp("2YNN").error().code == errc::unsupported);
    CHECK(read_usp("1yNN").error().code == errc::invalid_value);
  }
}

TEST_CASE("gpp: usnat's layout is told by its length, whatever its version says") {
  for (const std::string_view short_one :
       {"BVQqAAAAAg", "BEAQAAAAAgA", "CVVVAAAAAq", "CVVVAAAAAqA"}) {
    CAPTURE(short_one);
    const auto read = read_us_privacy(gpp_section::usnat, short_one);
    REQUIRE(read);
    CHECK(read->sensitive_count == 12);
    CHECK(read->child_count == 2);
  }
  CHECK(read_us_privacy(gpp_section::usnat, "BVQVAAAAAAGA")->sensitive_count == 16);
  CHECK(read_us_privacy(gpp_section::usnat, "CVVqAAAAAACA")->sensitive_count == 16);
  const auto opted_out = read_us_privacy(gpp_section::usnat, "CVVVAAAAAqA");
  CHECK((*opted_out)[us_field::sale_opt_out] == us_value::one);
  CHECK((*opted_out)[us_field::targeted_advertising_opt_out] == us_value::one);
  CHECK((*opted_out)[us_field::personal_data_consent] == us_value::not_applicable);
  CHECK((*opted_out)[us_field::mspa_service_provider_mode] == us_value::two);
}

TEST_CASE("P14: gpp: what is written is read again, with either padding") {
  std::mt19937 random(20260115);
  const auto value = [&] { return us_value(random() % 3); };
  for (int i = 0; i < 3'000; ++i) {
    CAPTURE(i);
    std::vector<us_privacy> sections;
    for (unsigned id = 7; id <= 27; ++id) {
      if (random() % 3 != 0) continue;
      us_privacy privacy = *make_us_privacy(gpp_section(id));
      for (std::size_t field = 0; field < us_field_count; ++field) {
        if (has_field(privacy, us_field(field))) privacy[us_field(field)] = value();
      }
      for (std::size_t n = 0; n < privacy.sensitive_count; ++n) privacy.sensitive[n] = value();
      for (std::size_t n = 0; n < privacy.child_count; ++n) privacy.child[n] = value();
      if (privacy.gpc) privacy.gpc = random() % 2 != 0;
      sections.push_back(privacy);
    }
    const auto text =
        write_gpp(sections, random() % 2 != 0 ? gpp_padding::six : gpp_padding::eight);
    REQUIRE(text);
    const auto gpp = read_gpp(*text);
    REQUIRE(gpp);
    REQUIRE(gpp->sections().size() == sections.size());
    for (const us_privacy& privacy : sections) {
      const auto read = read_us_privacy(privacy.section, gpp->section(privacy.section));
      REQUIRE(read);
      CHECK(read->version == privacy.version);
      CHECK(read->fields == privacy.fields);
      CHECK(read->sensitive == privacy.sensitive);
      CHECK(read->child == privacy.child);
      CHECK(read->gpc == privacy.gpc);
    }
  }
}

TEST_CASE("gpp: the writer gives the reference encoder's text when it pads to eight bits") {
  const auto file = iab("gpp-vectors.json");
  if (!file) return;
  std::size_t same = 0;
  for (const auto& vector : file->at("vectors").as_array()) {
    const std::string_view want = text_of(vector, "gppString");
    const auto gpp = read_gpp(want);
    REQUIRE(gpp);
    std::vector<us_privacy> sections;
    for (const gpp_part& part : gpp->sections()) {
      if (part.id < 7) break;
      sections.push_back(*read_us_privacy(gpp_section(part.id), part.text));
      if (sections.back().version == 1 && part.id == 7) sections.clear();
    }
    if (sections.size() != gpp->sections().size()) continue;
    CAPTURE(text_of(vector, "name"));
    CHECK(*write_gpp(sections, gpp_padding::eight) == want);
    ++same;
  }
  CHECK(same > 75);
}

TEST_CASE("gpp: the writer refuses what it cannot say") {
  us_privacy privacy = *make_us_privacy(gpp_section::usnat);
  CHECK(*write_gpp({}) == "DBAA");
  CHECK(write_gpp(std::array{privacy, privacy}).error().code == errc::invalid_argument);
  privacy[us_field::sale_opt_out] = us_value(3);
  CHECK(write_gpp(std::array{privacy}).error().code == errc::invalid_argument);
  CHECK(make_us_privacy(gpp_section::uspv1).error().code == errc::invalid_argument);
  us_privacy virginia = *make_us_privacy(gpp_section::usva);
  virginia.gpc = true;
  CHECK(write_gpp(std::array{virginia}).error().code == errc::invalid_argument);
}

TEST_CASE("P14: gpp: mutated strings end in a value or a reason") {
  const std::string_view seeds[] = {
      "DBADzzGA~1YNN~CAAgAAAAAABA.QA~BAQAABA~BAQAAAEA.QA", "DBABrw~CAAQAAAAAABA.QA~BAQAAABA.QA",
      "DBABMA~CQeEcwAQeEcwAAKACAENAqFgANAAAAAAAAYgAQEIAAAcAAAAAAAA.IAAA.YAAAAAAAAAAA"};
  std::mt19937 random(20260116);
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
          text[place] = "AQg_-z09.~"[random() % 10];
          break;
        case 2:
          text.erase(place, 1 + random() % 4);
          break;
        default:
          text.insert(place, 1, "AQg_.~"[random() % 6]);
      }
      if (text.empty()) text.assign(1, 'D');
    }
    const auto gpp = read_gpp(text);
    if (!gpp) {
      CHECK(gpp.error().at <= 6 * text.size());
      continue;
    }
    std::uint16_t before = 0;
    for (const gpp_part& part : gpp->sections()) {
      CHECK(part.id > before);
      before = part.id;
      if (part.id >= 7 && part.id <= 27) {
        const auto read = read_us_privacy(gpp_section(part.id), part.text);
        accepted += read ? 1u : 0u;
        if (!read) CHECK(read.error().at <= 6 * part.text.size());
      }
    }
  }
  CHECK(accepted > 0);
}
