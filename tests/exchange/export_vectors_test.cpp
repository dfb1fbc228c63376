// Exports of other programs with invented people, written by hand with the columns that those
// programs write, and what has to come of them: every customer, of each every field and consent.
#include <set>

#include "imports.hpp"

TEST_CASE("map: each export of invented people becomes the customers that stand in it") {
  const auto folder = std::filesystem::path(CLIENTBOOK_SOURCE_DIR) / "tests/vectors/exports";
  std::set<std::string> programs;
  for (const auto& each : std::filesystem::directory_iterator(folder)) {
    const std::string file = each.path().filename().string();
    if (!file.ends_with(".expected.json")) continue;
    CAPTURE(file);
    const json::value expected = json::parse(slurp(each.path()));
    std::vector<std::string> paths;
    for (const json::value& one : expected.at("files").as_array()) {
      paths.push_back((folder / one.as_string().c_str()).string());
    }
    const outcome all = import_of(paths);
    INFO(told(all));
    REQUIRE(all.failure.code == errc::none);
    CHECK(all.report.problems.empty());
    CHECK(all.proposal.files[0].about == expected.at("about").as_string().c_str());
    const json::array& people = expected.at("customers").as_array();
    CHECK(all.customers.size() == people.size());
    for (const json::value& one : people) {
      const json::object* const found = customer(all, one.at("id").as_string().c_str());
      CAPTURE(json::serialize(one));
      REQUIRE(found != nullptr);
      CAPTURE(json::serialize(*found));
      CHECK(*found == one.as_object());
    }
    programs.insert(all.proposal.files[0].about);
  }
  CHECK(programs.size() == 14);
}
