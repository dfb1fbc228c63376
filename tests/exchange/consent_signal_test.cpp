#include <clientbook/exchange/consent_signal.hpp>

#include <algorithm>
#include <random>

#include "iab_vectors.hpp"
#include "testing.hpp"

using namespace clientbook;
using clientbook::testing::iab;
using clientbook::testing::text_of;

namespace {

using signals = std::vector<consent_signal>;

std::size_t count(const signals& list, signal_effect effect) {
  return static_cast<std::size_t>(
      std::count_if(list.begin(), list.end(),
                    [&](const consent_signal& signal) { return signal.effect == effect; }));
}

bool has(const signals& list, signal_effect effect, signal_purpose purpose, unsigned number = 0) {
  return std::any_of(list.begin(), list.end(), [&](const consent_signal& signal) {
    return signal.effect == effect && signal.purpose == purpose && signal.tcf_number == number;
  });
}

bool covers(const signals& list, signal_effect effect, signal_purpose purpose, unsigned number,
            unsigned vendor) {
  return std::any_of(list.begin(), list.end(), [&](const consent_signal& signal) {
    return signal.effect == effect && signal.purpose == purpose && signal.tcf_number == number &&
           signal.recipients == signal_recipients::vendors && signal.vendors.first <= vendor &&
           vendor <= signal.vendors.last;
  });
}

signals of_us(us_privacy privacy) { return signals_of(privacy); }

using enum signal_effect;

}  // namespace

TEST_CASE("consent signals: GPC denies sale, sharing and targeted advertising to others") {
  const signals list = signals_of_gpc();
  CHECK(list.size() == 3);
  for (const signal_purpose purpose :
       {signal_purpose::sale, signal_purpose::sharing, signal_purpose::targeted_advertising}) {
    CHECK(has(list, deny, purpose));
  }
  for (const consent_signal& signal : list) CHECK(signal.recipients == signal_recipients::others);
  CHECK(*signals_of_gpp("DBABLA~CVVqAAAAAACA.YA") != *signals_of_gpp("DBABLA~CVVqAAAAAACA.QA"));
  CHECK(signals_of_gpp("DBABLA~CVVqAAAAAACA.YA")->size() == 3);
}

TEST_CASE("consent signals: an opt-out field denies, and never grants") {
  const std::pair<us_field, signal_purpose> fields[] = {
      {us_field::sale_opt_out, signal_purpose::sale},
      {us_field::sharing_opt_out, signal_purpose::sharing},
      {us_field::targeted_advertising_opt_out, signal_purpose::targeted_advertising}};
  for (unsigned id = 7; id <= 27; ++id) {
    CAPTURE(id);
    us_privacy privacy = *make_us_privacy(gpp_section(id));
    CHECK(of_us(privacy).empty());
    for (const auto& [field, purpose] : fields) {
      if (!has_field(privacy, field)) continue;
      privacy[field] = us_value::two;
      CHECK(of_us(privacy).empty());
      privacy[field] = us_value::one;
      CHECK(has(of_us(privacy), deny, purpose));
      privacy[field] = us_value::not_applicable;
    }
  }
}

TEST_CASE("consent signals: sensitive data is a consent except in California, Utah and Iowa") {
  for (unsigned id = 7; id <= 27; ++id) {
    CAPTURE(id);
    us_privacy privacy = *make_us_privacy(gpp_section(id));
    const bool opting = id == 8 || id == 11 || id == 18;
    for (std::size_t i = 0; i < privacy.sensitive_count; ++i) {
      privacy.sensitive[i] = us_value::one;
      REQUIRE(of_us(privacy).size() == 1);
      CHECK(of_us(privacy)[0].effect == (opting ? deny : refusal));
      CHECK(of_us(privacy)[0].data != 0);
      privacy.sensitive[i] = us_value::two;
      CHECK(count(of_us(privacy), candidate_grant) == (opting ? 0 : 1));
      CHECK(count(of_us(privacy), deny) + count(of_us(privacy), refusal) == 0);
      privacy.sensitive[i] = us_value::not_applicable;
    }
  }
  us_privacy california = *make_us_privacy(gpp_section::usca);
  california.sensitive[3] = us_value::one;  // Origin, beliefs and union membership in one entry.
  CHECK(of_us(california)[0].data == (static_cast<unsigned>(us_data::racial_or_ethnic_origin) |
                                      static_cast<unsigned>(us_data::religious_beliefs) |
                                      static_cast<unsigned>(us_data::union_membership)));
}

TEST_CASE("consent signals: a child's data, and of which age the child is") {
  us_privacy connecticut = *make_us_privacy(gpp_section::usct);
  connecticut.child = {us_value::one, us_value::two, us_value::one};
  const signals list = of_us(connecticut);
  REQUIRE(list.size() == 3);
  CHECK(has(list, refusal, signal_purpose::known_child));
  CHECK(has(list, candidate_grant, signal_purpose::sale));
  CHECK(has(list, refusal, signal_purpose::targeted_advertising));
  CHECK(list[0].ages == age_range{0, 13});
  CHECK(list[1].ages == age_range{13, 16});
  for (unsigned id = 7; id <= 27; ++id) {
    CAPTURE(id);
    us_privacy privacy = *make_us_privacy(gpp_section(id));
    for (std::size_t i = 0; i < privacy.child_count; ++i) {
      privacy.child[i] = us_value::one;
      REQUIRE(of_us(privacy).size() == 1);
      const age_range ages = of_us(privacy)[0].ages;
      CHECK(ages == child_ages_of(gpp_section(id), i));
      CHECK(ages.from < ages.below);
      CHECK(ages.below <= 18);
      privacy.child[i] = us_value::not_applicable;
    }
    CHECK(child_ages_of(gpp_section(id), privacy.child_count) == age_range{0, 0});
  }
}

TEST_CASE("consent signals: the third character of a USP string") {
  CHECK(has(*signals_of_gpp("DBABTA~1YYN"), deny, signal_purpose::sale));
  CHECK(signals_of_gpp("DBABTA~1YNN")->empty());
  CHECK(signals_of_gpp("DBABTA~1---")->empty());
}

TEST_CASE("consent signals: TCF, consent of purpose and of a disclosed vendor") {
  // Purpose 1, vendor 7; vendors 7 and 8 disclosed.
  const auto tc =
      read_tc_string("CQeEcwAQeEcwAAKACBENAqFgAIAAAAAAAAYgADgIAAAAAAAA.IAEAMAAA.YAAAAAAAAAAA");
  REQUIRE(tc);
  const signals list = signals_of(*tc);
  CHECK(covers(list, candidate_grant, signal_purpose::tcf_purpose, 1, 7));
  CHECK(count(list, candidate_grant) == 1);
  CHECK_FALSE(covers(list, candidate_grant, signal_purpose::tcf_purpose, 1, 8));
  CHECK(covers(list, deny, signal_purpose::any, 0, 6));
  CHECK(covers(list, deny, signal_purpose::any, 0, 65535));
  CHECK_FALSE(covers(list, deny, signal_purpose::any, 0, 7));
  CHECK_FALSE(covers(list, deny, signal_purpose::any, 0, 0));
  CHECK(covers(list, withdrawal, signal_purpose::tcf_purpose, 1, 8));
  CHECK(covers(list, withdrawal, signal_purpose::tcf_purpose, 2, 7));
  CHECK_FALSE(covers(list, withdrawal, signal_purpose::tcf_purpose, 1, 7));

  SUBCASE("a cleared bit of legitimate interest is an objection only to who relies on it") {
    CHECK(count(list, objection) == 0);
    tcf_numbers two_and_seven;
    two_and_seven.bits = 0b1000010;
    const tcf_reliance relied[] = {{7, two_and_seven}, {9, two_and_seven}};
    const signals objecting = signals_of(*tc, relied);
    CHECK(count(objecting, objection) == 2);  // Vendor 9 was not shown.
    CHECK(covers(objecting, objection, signal_purpose::tcf_purpose, 2, 7));
    CHECK(covers(objecting, objection, signal_purpose::tcf_purpose, 7, 7));
  }
  SUBCASE("not without disclosure") {
    // The same consents, and only vendor 8 disclosed.
    tc_string other = *tc;
    other.vendors_disclosed = vendor_ids{};
    CHECK(count(signals_of(other), candidate_grant) == 0);
  }
  SUBCASE("not from the global scope") {
    tc_string other = *tc;
    other.is_service_specific = false;
    CHECK(count(signals_of(other), candidate_grant) == 0);
  }
}

TEST_CASE("consent signals: TCF, what the publisher does not allow") {
  // Purpose 2 is not allowed to vendor 5, who has consent for 1 and 2.
  const auto tc = read_tc_string(
      "CQeEcwAQeEcwAAKACBENAqFgAMAAAAIAAAYgADAwAJBkAIdABAASEAAgAFAA.IAEgyAAA.YAAAAAAAAAAA");
  REQUIRE(tc);
  const signals list = signals_of(*tc);
  CHECK(covers(list, deny, signal_purpose::tcf_purpose, 2, 5));
  CHECK_FALSE(covers(list, deny, signal_purpose::tcf_purpose, 2, 6));
  CHECK(covers(list, candidate_grant, signal_purpose::tcf_purpose, 1, 5));
  CHECK_FALSE(covers(list, candidate_grant, signal_purpose::tcf_purpose, 2, 5));
  CHECK(covers(list, candidate_grant, signal_purpose::tcf_purpose, 2, 6));
  CHECK_FALSE(has(list, objection, signal_purpose::tcf_purpose, 7));
}

TEST_CASE(
    "consent signals: a refused section tightens sale, sharing, ads and sensitive data alone") {
  // usnat with a value 3, usca that opted out of the sale.
  const auto list = signals_of_gpp("DBABrw~DVVrAAAAAACA~BVUAAACA.QA");
  REQUIRE(list);
  const auto of = [&](unsigned section) {
    signals found;
    for (const consent_signal& signal : *list) {
      if (signal.section == section) found.push_back(signal);
    }
    return found;
  };
  const auto tightens_four = [](const signals& refused) {
    CHECK(refused.size() == 4);
    for (const signal_purpose purpose :
         {signal_purpose::sale, signal_purpose::sharing, signal_purpose::targeted_advertising,
          signal_purpose::sensitive_data}) {
      CHECK(has(refused, deny, purpose));
    }
    for (const consent_signal& signal : refused) {
      CHECK((signal.data == all_us_data) == (signal.purpose == signal_purpose::sensitive_data));
    }
  };
  tightens_four(of(7));
  for (const consent_signal& signal : of(7)) CHECK(signal.refused == errc::unsupported);
  CHECK(has(of(8), deny, signal_purpose::sale));
  for (const consent_signal& signal : of(8)) CHECK(signal.refused == errc::none);
  CHECK(has(*signals_of_gpp("DBABTA~1YXN"), deny, signal_purpose::sale));
  CHECK(signals_of_gpp("DBABTA~1YXN")->size() == 1);
  tightens_four(*signals_of_gpp("DBABMA~CQeEcwAQeEcwAAKACAENAqFgANAAAAAAAAYg"));
  CHECK(signals_of_gpp("DCABLA").error().code == errc::unsupported);
}

TEST_CASE("consent signals: property: only fields that ask for consent ever grant") {
  const auto file = iab("gpp-vectors.json");
  if (!file) return;
  for (const auto& vector : file->at("vectors").as_array()) {
    const std::string_view name = text_of(vector, "name");
    CAPTURE(name);
    const auto list = signals_of_gpp(text_of(vector, "gppString"));
    REQUIRE(list);
    if (name.ends_with("_did_not_opt_out") || name.ends_with("_gpc_only") ||
        name.ends_with("_opted_out_of_all")) {
      CHECK(count(*list, candidate_grant) == 0);
    }
    if (name.ends_with("_did_not_opt_out")) CHECK(list->empty());
  }
}
