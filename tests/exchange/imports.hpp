// Files of shops read as a customer of the library reads them: a map is proposed, and what comes
// out of reading them by it is shown as JSON.
#ifndef CLIENTBOOK_TESTS_EXCHANGE_IMPORTS_HPP
#define CLIENTBOOK_TESTS_EXCHANGE_IMPORTS_HPP

#include <clientbook/exchange/column_map.hpp>
#include <clientbook/exchange/map_proposal.hpp>
#include <clientbook/exchange/table_sniff.hpp>
#include "data.hpp"
#include "testing.hpp"

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

using namespace clientbook;
namespace json = boost::json;

namespace imports {

class folder {
 public:
  folder()
      : path_(std::filesystem::temp_directory_path() /
              ("clientbook-map-" + std::to_string(std::random_device()()))) {
    std::filesystem::create_directory(path_);
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  ~folder() { std::filesystem::remove_all(path_); }
  std::string write(const char* name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string spelled(const personal_text& text) { return std::string(text.reveal()); }

inline std::string spelled(const date& day) {
  char out[10];
  return {out, write_date(day, out)};
}

inline void put(json::object& to, const char* name, const std::string& text) {
  if (!text.empty()) to[name] = text;
}

inline json::object shown(const postal_address& each) {
  json::object address;
  put(address, "line1", spelled(each.line1));
  put(address, "line2", spelled(each.line2));
  put(address, "line3", spelled(each.line3));
  put(address, "city", spelled(each.city));
  put(address, "region", spelled(each.region));
  put(address, "country", std::string(each.country));
  put(address, "postal_code", spelled(each.postal_code));
  return address;
}

inline json::object shown(const import_consent& each) {
  const bool grants = each.kind == "grant";
  json::object said{{"purpose", std::string(each.purposes[0])}};
  said["kind"] = !grants         ? std::string(each.kind)
                 : each.given_at ? "candidate"
                                 : "candidate without time";
  if (each.given_at) {
    char at[20];
    write_timestamp(*each.given_at, at);
    said["at"] = std::string(at, sizeof at);
  }
  return said;
}

inline std::string shown(const import_receipt& each) {
  std::string lines(each.head.order);
  for (const purchase_line& sold : each.lines) {
    lines.append("; ").append(sold.description);
    if (sold.quantity) lines += " q" + std::to_string(*sold.quantity);
    if (sold.unit_price) lines += " p" + std::to_string(*sold.unit_price);
  }
  return lines;
}

// A customer as the expectations beside the cases spell one: what is empty is not there.
inline json::object shown(const import_customer& one) {
  json::object out{{"id", std::string(one.external_id)}};
  json::object name;
  put(name, "prefix", spelled(one.name.prefix));
  put(name, "given", spelled(one.name.given));
  put(name, "middle", spelled(one.name.middle));
  put(name, "family", spelled(one.name.family));
  if (!name.empty()) out["name"] = name;
  if (one.birth_date) out["birth_date"] = spelled(*one.birth_date);
  put(out, "employer", std::string(one.employer));
  json::array emails, phones, addresses, likes, tags, notes, sizes, ids, days, people, government;
  for (const auto& each : one.emails) emails.emplace_back(spelled(each.address));
  for (const auto& each : one.phones) phones.emplace_back(spelled(each.number));
  for (const auto& each : one.addresses) addresses.emplace_back(shown(each));
  for (const auto each : one.likes) likes.emplace_back(std::string(each));
  for (const auto each : one.tags) tags.emplace_back(std::string(each));
  for (const auto& each : one.notes) notes.emplace_back(spelled(each.text));
  for (const auto& each : one.sizes) sizes.emplace_back(std::string(each.value));
  for (const auto& each : one.external_ids) ids.emplace_back(spelled(each.value));
  for (const auto& each : one.special_days) days.emplace_back(spelled(*each.day));
  for (const auto& each : one.household) people.emplace_back(spelled(each.link.person));
  for (const auto& each : one.government_ids) government.emplace_back(spelled(each.number));
  for (const auto& each : one.phones) {
    if (!each.extension.empty()) out["phone_extension"] = spelled(each.extension);
  }
  for (const auto& [member, list] :
       {std::pair{"emails", &emails}, std::pair{"phones", &phones},
        std::pair{"addresses", &addresses}, std::pair{"likes", &likes}, std::pair{"tags", &tags},
        std::pair{"notes", &notes}, std::pair{"sizes", &sizes}, std::pair{"external_ids", &ids},
        std::pair{"special_days", &days}, std::pair{"household", &people},
        std::pair{"government_ids", &government}}) {
    if (!list->empty()) out[member] = *list;
  }
  json::array consents;
  for (const auto& each : one.consents) consents.emplace_back(shown(each));
  out["consents"] = consents;
  json::array receipts;
  for (const auto& each : one.receipts) receipts.emplace_back(shown(each));
  if (!receipts.empty()) out["receipts"] = receipts;
  return out;
}

struct outcome {
  map_proposal proposal;
  std::vector<json::object> customers;
  import_report report;
  error failure;
  std::string where;
};

inline outcome import_of(const std::vector<std::string>& paths, std::string_view region = {}) {
  outcome all;
  auto proposal = propose_column_map(paths, {.region = region});
  if (!proposal) {
    all.failure = proposal.error();
    return all;
  }
  all.proposal = std::move(*proposal);
  CAPTURE(all.proposal.map);
  const auto map = column_map::parse(all.proposal.map, &all.where);
  if (!map) {
    all.failure = map.error();
    return all;
  }
  const std::string from = std::filesystem::path(paths.front()).parent_path().string();
  const auto set = import_set::load(*map, from, {}, all.report);
  if (!set) {
    all.failure = set.error();
    return all;
  }
  REQUIRE(set->for_each([&](const import_customer& one) -> result<void> {
    if (!one.left_out) all.customers.push_back(shown(one));  // Of the others the noes alone count.
    return {};
  }));
  return all;
}

// What went wrong, for people.
inline std::string told(const outcome& all) {
  std::string out = all.failure.text.c_str() + (" " + all.where) + "\n";
  for (const import_problem& each : all.report.problems) {
    out += "file " + std::to_string(each.file) + " line " + std::to_string(each.what.at) +
           " column " + std::to_string(each.column) + ": " + each.what.text.c_str() + "\n";
  }
  return out + all.proposal.map;
}

inline const json::object* customer(const outcome& all, std::string_view id) {
  for (const json::object& each : all.customers) {
    if (each.at("id").as_string() == json::string_view(id.data(), id.size())) return &each;
  }
  return nullptr;
}

inline std::string text(const json::object& one, const char* member) {
  return one.contains(member) ? json::serialize(one.at(member)) : "(none)";
}

}  // namespace imports

using namespace imports;

#endif
