// Exports of other programs with invented people, written by hand with the columns that those
// programs write, and what has to come of them: every customer, of each every field and consent.
#include <set>

#include "imports.hpp"

namespace {

// Of one file of a map: the columns that something is read from.
std::set<std::string> read_columns(const json::object& file) {
  std::set<std::string> out;
  const auto add = [&](const json::value& name) { out.emplace(name.as_string().c_str()); };
  for (const char* const member : {"columns", "consent", "no_purchase", "left_out"}) {
    if (!file.contains(member)) continue;
    for (const auto& each : file.at(member).as_object()) out.emplace(each.key());
  }
  if (file.contains("consent")) {
    for (const auto& rules : file.at("consent").as_object()) {
      for (const auto& value : rules.value().as_object()) {
        for (const json::value& said : value.value().as_array()) {
          for (const char* const member : {"given_at_column", "contact_column"}) {
            if (said.as_object().contains(member)) add(said.at(member));
          }
        }
      }
    }
  }
  if (!file.contains("id")) return out;
  for (const json::value& each : file.at("id").as_array()) {
    if (!each.is_array()) add(each);
    for (const json::value& one : each.is_array() ? each.get_array() : json::array()) add(one);
  }
  return out;
}

// Each column is read, told as not kept, or doubted; none is read and told as not kept.
void check_columns(const map_proposal& proposal, const std::vector<std::string>& paths) {
  const json::value map = json::parse(proposal.map);
  std::map<std::string, std::set<std::string>> read;
  const auto take = [&](const json::object& file) {
    read[file.at("file").as_string().c_str()] = read_columns(file);
  };
  take(map.at("customers").as_object());
  if (map.as_object().contains("details")) {
    for (const json::value& each : map.at("details").as_array()) take(each.as_object());
  }
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const map_proposal::file& file = proposal.files[i];
    CAPTURE(file.name);
    REQUIRE(file.used);
    const auto reader = csv_reader::open_file(paths[i], file.dialect);
    REQUIRE(reader);
    std::set<std::string> doubted;
    for (const auto& each : proposal.unsure) {
      if (each.file == i) doubted.insert(each.column);
    }
    const std::set<std::string> not_kept(file.not_kept.begin(), file.not_kept.end());
    CHECK(not_kept.size() == file.not_kept.size());
    for (const std::string& column : reader->header()) {
      CAPTURE(column);
      const bool is_read = read[file.name].contains(column);
      const bool is_not_kept = not_kept.contains(column);
      CHECK((is_read || is_not_kept || doubted.contains(column)));
      CHECK_FALSE((is_not_kept && (is_read || doubted.contains(column))));
    }
  }
}

// Exports of invented people, and what is in them.
struct golden_export {
  std::string file;
  json::value expected;
  std::vector<std::string> paths;
};
std::vector<golden_export> golden_exports() {
  const auto folder = std::filesystem::path(CLIENTBOOK_SOURCE_DIR) / "tests/vectors/exports";
  std::vector<golden_export> out;
  for (const auto& each : std::filesystem::directory_iterator(folder)) {
    const std::string file = each.path().filename().string();
    if (!file.ends_with(".expected.json")) continue;
    golden_export one{.file = file, .expected = json::parse(slurp(each.path())), .paths = {}};
    for (const json::value& name : one.expected.at("files").as_array()) {
      one.paths.push_back((folder / name.as_string().c_str()).string());
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

TEST_CASE("map: each column of an export is mapped, told as not kept, or as not known") {
  for (const golden_export& each : golden_exports()) {
    CAPTURE(each.file);
    const std::vector<std::string>& paths = each.paths;
    const auto proposal = propose_column_map(paths);
    REQUIRE(proposal);
    check_columns(*proposal, paths);
  }
  // Each export that is known by name, with all columns that it may have and one that it has not.
  const auto exports = std::filesystem::path(CLIENTBOOK_SOURCE_DIR) / "src/exchange/data";
  const imports::folder files;
  std::size_t walked = 0;
  const json::value known = json::parse(slurp(exports / "exports.json"));
  for (const json::value& one : known.as_array()) {
    CAPTURE(one.at("about").as_string().c_str());
    if (one.at("role") != "customers") continue;
    std::set<std::string> names{"Frobnication"};
    for (const char* const member : {"columns", "consent", "no_purchase"}) {
      if (!one.as_object().contains(member)) continue;
      for (const auto& column : one.at(member).as_object()) names.emplace(column.key());
    }
    for (const char* const member : {"ignore", "marks"}) {
      if (!one.as_object().contains(member)) continue;
      for (const json::value& column : one.at(member).as_array()) {
        names.emplace((column.is_array() ? column.get_array()[0] : column).as_string().c_str());
      }
    }
    std::string header, row;
    for (const std::string& name : names) {
      header += (header.empty() ? "\"" : ",\"") + name + "\"";
      row += row.empty() ? "a@example.org" : ",a@example.org";
    }
    const std::string path = files.write("all.csv", header + "\n" + row + "\n");
    const auto proposal = propose_column_map(std::vector{path});
    REQUIRE(proposal);
    check_columns(*proposal, {path});
    ++walked;
  }
  CHECK(walked >= 14);
}

TEST_CASE("map: each export of invented people becomes the customers that stand in it") {
  std::set<std::string> programs;
  for (const golden_export& each : golden_exports()) {
    CAPTURE(each.file);
    const json::value& expected = each.expected;
    const std::vector<std::string>& paths = each.paths;
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
