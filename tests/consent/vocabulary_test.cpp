#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "consent_fixture.hpp"
#include "data.hpp"

using namespace clientbook;

namespace {

// Terms of DPV below one, without our own.
purpose_set dpv_below(purpose_id root, const purpose_set& from) {
  purpose_set out;
  from.for_each([&](purpose_id each) {
    if (each != root && facts(each)->term.starts_with("dpv:")) out.add(each);
  });
  return out;
}

// A CSV file of the data folder: rows by column name. Quoted fields may span lines.
std::vector<std::map<std::string, std::string>> read_csv(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream buffer;
  buffer << file.rdbuf();
  const std::string text = buffer.str();
  std::vector<std::vector<std::string>> rows(1);
  std::string field;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        field += text[++i];
      } else if (c == '"') {
        quoted = false;
      } else {
        field += c;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',' || c == '\n') {
      rows.back().push_back(field);
      field.clear();
      if (c == '\n') rows.emplace_back();
    } else if (c != '\r') {
      field += c;
    }
  }
  std::vector<std::map<std::string, std::string>> out;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].size() != rows[0].size()) continue;
    auto& row = out.emplace_back();
    for (std::size_t k = 0; k < rows[i].size(); ++k) row[rows[0][k]] = rows[i][k];
  }
  return out;
}

// https://w3id.org/dpv/pd#Name -> pd:Name
std::string prefixed(const std::string& iri) {
  const auto hash = iri.find('#');
  const std::string prefix = iri.find("/dpv/pd#") != std::string::npos ? "pd:" : "dpv:";
  return prefix + iri.substr(hash + 1);
}

std::set<std::string> parents_of(const std::map<std::string, std::string>& row) {
  std::set<std::string> out;
  std::stringstream all(row.at("hasbroader"));
  for (std::string one; std::getline(all, one, ';');) {
    if (!one.empty()) out.insert(prefixed(one));
  }
  return out;
}

template <class Id>
std::set<std::string> our_parents(Id term) {
  std::set<std::string> out;
  const auto known = facts(term);
  for (const std::uint8_t parent : known->parents) out.emplace(facts(Id(parent))->term);
  return out;
}

}  // namespace

TEST_CASE("vocabulary: a grant flows down by all parents and stops at barriers") {
  const auto both = [](purpose_id root) {
    return std::pair(dpv_below(root, covered_by_grant(purpose_set{root})).size(),
                     dpv_below(root, covered_by_denial(purpose_set{root})).size());
  };
  CHECK(both(purpose::service_provision) == std::pair<std::size_t, std::size_t>(6, 8));
  CHECK(both(purpose::service_management) == std::pair<std::size_t, std::size_t>(20, 29));
  CHECK(both(purpose::personalisation) == std::pair<std::size_t, std::size_t>(0, 10));
  CHECK(both(purpose::marketing) == std::pair<std::size_t, std::size_t>(4, 9));

  const purpose_set service = covered_by_grant(purpose_set{purpose::service_provision});
  CHECK(service.contains(purpose::sell_products));
  CHECK_FALSE(service.contains(purpose::sell_data_to_third_parties));
  CHECK(covered_by_grant(purpose_set{purpose::sell_data_to_third_parties})
            .contains(purpose::sell_data_to_third_parties));
}

TEST_CASE("vocabulary: a term with several parents needs all of them") {
  const purpose_set one = covered_by_grant(purpose_set{purpose::service_management});
  CHECK_FALSE(one.contains(purpose::service_personalisation));
  const purpose_set two =
      covered_by_grant(purpose_set{purpose::service_management, purpose::personalisation});
  CHECK(two.contains(purpose::service_personalisation));
  CHECK(two.contains(purpose::provide_product_recommendations));
  CHECK_FALSE(two.contains(purpose::personalised_advertising));
}

TEST_CASE("vocabulary: special categories and brokers are covered only by their names") {
  const category_set all = covered_by_grant(category_set{category::personal_data});
  CHECK(all.contains(category::email_address));
  std::size_t special = 0;
  covered_by_denial(category_set{category::special_category_personal_data})
      .for_each([&](category_id each) {
        ++special;
        CHECK_FALSE(all.contains(each));
      });
  CHECK(special == 1 + 32);
  CHECK_FALSE(all.contains(category::card_verification_code));
  CHECK_FALSE(
      covered_by_grant(recipient_set{recipient::third_party}).contains(recipient::data_broker));
  CHECK(covered_by_denial(recipient_set{recipient::third_party}).contains(recipient::data_broker));
  CHECK(covered_by_grant(recipient_set{recipient::any}).empty());
  CHECK(covered_by_denial(recipient_set{recipient::any}) == all_recipient_classes());
  const operation_set use = covered_by_grant(operation_set{operation::use});
  CHECK(use.contains(operation::query));
  CHECK_FALSE(use.contains(operation::profiling));
}

TEST_CASE("vocabulary: terms are found by name and by term, and all have facts") {
  CHECK(*find_purpose("email_marketing") == purpose::email_marketing);
  CHECK(*find_purpose("dpv:DirectMarketing") == purpose::direct_marketing);
  CHECK(*find_category("pd:Name") == category::name);
  CHECK(*find_category("employer") == category::current_employment);
  CHECK(*find_recipient_class("data_broker") == recipient::data_broker);
  CHECK(*find_operation("disclose") == operation::disclose);
  CHECK(find_purpose("dpv:Nothing").error().code == errc::unknown_field);
  CHECK(find_purpose("").error().code == errc::unknown_field);
  CHECK(facts(purpose_id(0)).error().code == errc::unknown_field);
  CHECK(facts(category_id(255)).error().code == errc::unknown_field);
  all_purposes().for_each([](purpose_id each) {
    const auto known = facts(each);
    REQUIRE(known);
    CHECK(*find_purpose(known->name) == each);
    CHECK(*find_purpose(known->term) == each);
  });
}

TEST_CASE("vocabulary: DPV 2.3 is in the table, term by term") {
  const auto purposes = clientbook::testing::data("dpv/dpv-purposes.csv");
  const auto processing = clientbook::testing::data("dpv/dpv-processing.csv");
  const auto core = clientbook::testing::data("dpv/dpv-personal_data.csv");
  const auto personal = clientbook::testing::data("dpv/pd.csv");
  if (!purposes || !processing || !core || !personal) return;

  std::size_t count = 0;
  for (const auto& row : read_csv(*purposes)) {
    if (row.at("type") != "class") continue;
    const std::string term = prefixed(row.at("iri"));
    CAPTURE(term);
    const auto known = find_purpose(term);
    REQUIRE(known);
    auto parents = parents_of(row);
    // The one parent that is no purpose keeps grants away.
    if (parents.erase("dpv:LegalObligation") != 0) CHECK(facts(*known)->barrier);
    CHECK(our_parents(*known) == parents);
    CHECK(facts(*known)->label == row.at("label"));
    ++count;
  }
  CHECK(count == 123);

  count = 0;
  for (const auto& row : read_csv(*personal)) {
    if (row.at("type") != "class") continue;
    const std::string term = prefixed(row.at("iri"));
    CAPTURE(term);
    const auto known = find_category(term);
    REQUIRE(known);
    CHECK(our_parents(*known) == parents_of(row));
    ++count;
  }
  CHECK(count == 231);

  std::set<std::string> terms;
  for (const auto& row : read_csv(*processing)) {
    if (row.at("type") == "class") terms.insert(prefixed(row.at("iri")));
  }
  CHECK(terms.size() == 56);
  for (std::uint8_t i = 0; i < 16; ++i) {
    const std::string term(facts(operation_id(i))->term);
    if (term.starts_with("dpv:")) CHECK(terms.contains(term));
  }
  std::set<std::string> cores;
  for (const auto& row : read_csv(*core)) cores.insert(prefixed(row.at("iri")));
  CHECK(cores.contains("dpv:SpecialCategoryPersonalData"));
}

TEST_CASE(
    "vocabulary: a denial covers a term exactly if it names one that the term is denied through") {
  all_purposes().for_each([&](purpose_id term) {
    const purpose_set through = denied_through(term);
    all_purposes().for_each([&](purpose_id named) {
      CHECK(through.contains(named) == covered_by_denial(purpose_set{named}).contains(term));
    });
  });
  all_categories().for_each([&](category_id term) {
    const category_set through = denied_through(term);
    all_categories().for_each([&](category_id named) {
      CHECK(through.contains(named) == covered_by_denial(category_set{named}).contains(term));
    });
  });
  all_recipient_classes().for_each([&](recipient_id term) {
    const recipient_set through = denied_through(term);
    all_recipient_classes().for_each([&](recipient_id named) {
      CHECK(through.contains(named) == covered_by_denial(recipient_set{named}).contains(term));
    });
  });
}
