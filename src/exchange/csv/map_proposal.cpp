// Proposes a column map: for exports that are known by their headers from data/exports.json, for
// other files from data/column_names.csv and from what their cells show.
//
// A proposal is read by people before it is used: what was not certain stands in it, with its
// reason. It maps no column for which it has no word, and opens nothing: a yes in a file names no
// notice.
#include "cell_forms.hpp"
#include "import_plan.hpp"
#include "map_forms.hpp"
#include "proposer.hpp"

#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <tables/exchange/import_columns.inc>

namespace clientbook::exchange {
namespace {

bool is_country_column(std::string_view name) {
  if (target_named(name) == "addresses[0].country") return true;
  const std::string folded = folded_words(name);
  return folded.ends_with("country") || folded.ends_with("country code") ||
         folded.ends_with("country region") || folded.ends_with("country id") || folded == "cc";
}

bool is_order_column(std::string_view name) { return target_named(name) == "purchase.order"; }

// Two blanks a level, lists of words in one line: a map is read by people.
void print(const json::value& value, std::string& to, std::size_t level) {
  const auto line = [&](std::size_t in) { to += "\n" + std::string(in * 2, ' '); };
  const json::object* const object = value.if_object();
  const json::array* const array = value.if_array();
  if (object != nullptr && !object->empty()) {
    to += '{';
    bool first = true;
    for (const auto& member : *object) {
      if (!std::exchange(first, false)) to += ',';
      line(level + 1);
      to += json::serialize(member.key()) + ": ";
      print(member.value(), to, level + 1);
    }
    line(level);
    to += '}';
  } else if (array != nullptr &&
             std::any_of(array->begin(), array->end(), [](const json::value& each) {
               return each.is_object() && each.get_object().size() > 3;
             })) {
    to += '[';
    for (std::size_t i = 0; i < array->size(); ++i) {
      if (i > 0) to += ',';
      line(level + 1);
      print((*array)[i], to, level + 1);
    }
    line(level);
    to += ']';
  } else {
    to += json::serialize(value);
  }
}

}  // namespace

const json::object* proposer::known_export(const table_facts& facts) const {
  std::set<std::string> names;
  for (const column_facts& each : facts.columns) names.insert(folded_words(each.name));
  for (const json::value& one : exports_.as_array()) {
    const json::array& marks = one.at("marks").as_array();
    const auto stands = [&](const json::value& mark) {
      return names.contains(folded_words(view(mark.as_string())));
    };
    // A list is one column, as the languages and versions of the program call it.
    const bool all = std::all_of(marks.begin(), marks.end(), [&](const json::value& mark) {
      if (!mark.is_array()) return stands(mark);
      const json::array& names_of_one = mark.get_array();
      return std::any_of(names_of_one.begin(), names_of_one.end(), stands);
    });
    if (all) return one.if_object();
  }
  return nullptr;
}

void proposer::find_region(table& one) const {
  if (!request_.region.empty()) {
    one.region = request_.region;
    return;
  }
  if (one.known != nullptr && one.known->contains("region")) {
    one.region = view(one.known->at("region").as_string());
    return;
  }
  one.region_guessed = true;
  one.region = home_of(one.facts);
  if (!one.region.empty()) return;
  std::uint64_t most = 0;
  for (const auto& [code, count] : one.facts.countries) {
    if (count <= most) continue;
    most = count;
    one.region = code;
  }
}

bool proposer::is_customers(const table& one) const {
  if (one.known != nullptr) return view(one.known->at("role").as_string()) == "customers";
  // A list of sales names customers; who they are stands elsewhere, if there is another file.
  if (tables_.size() > 1 && tells_of_sales(one.facts)) return false;
  // A list of numbers that are not to be called, and nothing else.
  if (tables_.size() == 1 && one.facts.columns.size() == 1) {
    const column_facts& only = one.facts.columns.front();
    const bool contacts = only.with_numbers + only.with_addresses > 0;
    if (contacts && consent_of(only).says == consent_says::no) return true;
  }
  return std::any_of(one.facts.columns.begin(), one.facts.columns.end(),
                     [](const column_facts& each) {
                       const std::string_view target = target_named(each.name);
                       return target.starts_with("name.") || target.starts_with("emails") ||
                              target.starts_with("phones") ||
                              (each.filled > 0 && each.emails * 10 >= each.filled * 8);
                     });
}

result<void> proposer::read(const std::string& path) {
  auto facts =
      facts_of(path, {.region = request_.region, .encoding = find_encoding(request_.encoding)},
               {.country = &is_country_column, .order = &is_order_column});
  if (!facts) return facts.error();
  table& one = tables_.emplace_back();
  one.facts = std::move(*facts);
  one.known = known_export(one.facts);
  find_region(one);
  map_proposal::file& told = to_.files.emplace_back();
  const std::size_t slash = path.rfind('/');
  told.name = slash == std::string::npos ? path : path.substr(slash + 1);
  if (one.known != nullptr) told.about = view(one.known->at("about").as_string());
  told.dialect = one.facts.dialect;
  told.rows = one.facts.rows;
  return {};
}

void proposer::doubt(std::string_view column, std::string why) {
  if (!column.empty()) unsure_[boost_view(column)] = why;
  to_.unsure.push_back({file_, std::string(column), std::move(why)});
}

void proposer::ignore(const column_facts& column, const char* why) {
  ignored_.emplace_back(boost_view(column.name));
  if (why != nullptr && column.filled > 0) doubt(column.name, why);
}

const column_facts* proposer::column_at(std::string_view folded) const {
  for (const column_facts& each : now_->facts.columns) {
    if (folded_words(each.name) == folded) return &each;
  }
  return nullptr;
}

void proposer::begin(std::size_t number) {
  file_ = number;
  now_ = &tables_[number];
  format_.clear(), columns_.clear(), constants_.clear(), consent_.clear(), unsure_.clear();
  undone_.clear(), left_out_.clear();
  ids_.clear(), ignored_.clear();
  targets_.clear(), when_said_.clear();
  order_.clear();
}

json::object proposer::finished() {
  json::object out{{"file", to_.files[file_].name}};
  if (!to_.files[file_].about.empty()) out["about"] = to_.files[file_].about;
  out["format"] = format_;
  if (!ids_.empty()) out["id"] = ids_;
  out["columns"] = columns_;
  if (!constants_.empty()) out["constants"] = constants_;
  if (!consent_.empty()) out["consent"] = consent_;
  if (!undone_.empty()) out["no_purchase"] = undone_;
  if (!left_out_.empty()) out["left_out"] = left_out_;
  if (!ignored_.empty()) out["ignore"] = ignored_;
  if (!unsure_.empty()) out["unsure"] = unsure_;
  return out;
}

// Nothing is left out in silence: what is neither mapped nor doubted is told by its name. A column
// that a directive takes its time from is not left out.
void proposer::tell_not_kept() {
  std::set<std::string_view> used;
  for (const auto& rules : consent_) {
    for (const auto& value : rules.value().as_object()) {
      for (const json::value& said : value.value().as_array()) {
        const json::value* const at = said.as_object().if_contains("given_at_column");
        if (at != nullptr) used.insert(view(at->as_string()));
      }
    }
  }
  for (const json::value& each : ignored_) {
    const std::string_view name = view(each.as_string());
    if (used.contains(name) || unsure_.contains(each.as_string())) continue;
    to_.files[file_].not_kept.emplace_back(name);
  }
}

std::optional<json::object> proposer::file_of(std::size_t number, bool customers) {
  begin(number);
  write_format();
  if (now_->known != nullptr) {
    write_known();
  } else {
    write_unknown(customers);
  }
  if (!write_id(customers)) {
    to_.files[number].used = false;
    doubt({}, "no column tells whose its rows are: left out of the map");
    return std::nullopt;
  }
  write_constants();
  // What a directive takes its time from is known by that, and not ignored.
  json::array kept;
  for (const json::value& each : ignored_) {
    const bool is_id = std::any_of(ids_.begin(), ids_.end(), [&](const json::value& id) {
      return id == each || (id.is_array() && std::find(id.as_array().begin(), id.as_array().end(),
                                                       each) != id.as_array().end());
    });
    if (!is_id) kept.push_back(each);
  }
  ignored_ = kept;
  tell_not_kept();
  json::object out = finished();
  const bool merges = now_->known == nullptr || now_->known->contains("repeated");
  if (customers && merges) out["repeated"] = "merge";
  if (!customers) out["unknown"] = "leave_out";
  if (now_->known != nullptr && now_->known->contains("rows")) {
    out["rows"] = now_->known->at("rows");
  }
  return out;
}

// A map is kept, and what was said when it was made is not: a file that it has no place for stands
// in it by its name.
void proposer::tell_of_left_out(json::object& customers) const {
  for (const map_proposal::doubt& each : to_.unsure) {
    if (to_.files[each.file].used || !each.column.empty()) continue;
    if (!customers.contains("unsure")) customers["unsure"] = json::object();
    customers["unsure"].as_object()[to_.files[each.file].name] = each.why;
  }
}

result<void> proposer::run(std::span<const std::string> paths, std::size_t* where) {
  auto exports = read_json(known_exports_json);
  if (!exports) return exports.error();
  exports_ = std::move(*exports);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (where != nullptr) *where = i;
    if (const auto done = read(paths[i]); !done) return done;
    for (std::size_t k = 0; k < i; ++k) {
      if (to_.files[k].name == to_.files[i].name) {
        return error{errc::invalid_argument, "two files of one name: put them in one folder"};
      }
    }
  }
  std::optional<std::size_t> first;
  json::object map{{"format", "clientbook column map 1"}};
  json::array details;
  std::optional<json::object> customers;
  for (std::size_t i = 0; i < tables_.size() && !customers; ++i) {
    if (!is_customers(tables_[i])) continue;
    if (where != nullptr) *where = i;
    customers = file_of(i, true);
    if (customers) first = i;
  }
  if (!customers && request_.only_consents && tables_.size() == 1) {
    first = 0;
    customers = file_of(0, true);
  }
  if (!customers && tables_.size() == 1 && tables_[0].known != nullptr) {
    return error{errc::missing_field,
                 "this export tells of people who are in another one: give that file too, or "
                 "`clientbook consent import --export` for what it says of consent"};
  }
  if (!customers) {
    return error{errc::missing_field,
                 "no column tells who a customer is: no id, e-mail, phone, or name and birth date "
                 "(what a list says of consent alone takes `clientbook consent import --export`)"};
  }
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    if (i == *first || !to_.files[i].used) continue;
    if (tables_[i].known == nullptr && is_customers(tables_[i])) {
      to_.files[i].used = false;
      to_.unsure.push_back({i, {}, "customers too: make a map of its own for it"});
      continue;
    }
    if (auto one = file_of(i, false)) details.push_back(std::move(*one));
  }
  std::string_view system = request_.system;
  const json::object* const known = tables_[*first].known;
  if (system.empty() && known != nullptr && known->contains("system")) {
    system = view(known->at("system").as_string());
  }
  map["system"] = boost_view(system.empty() ? "shop" : system);
  map["customers"] = std::move(*customers);
  if (!details.empty()) map["details"] = details;
  tell_of_left_out(map["customers"].as_object());
  print(map, to_.map, 0);
  to_.map += '\n';
  if (to_.map.size() > largest_map) {
    return error{
        errc::limit_exceeded,
        "the map of so many columns is above 1 MiB, which no import reads: take out what is "
        "not wanted"};
  }
  return {};
}

}  // namespace clientbook::exchange

namespace clientbook {

using namespace exchange;

result<map_proposal> propose_column_map(std::span<const std::string> paths,
                                        const map_request& request, std::size_t* where) try {
  if (paths.empty()) return error{errc::invalid_argument, "a map is made of at least one file"};
  if (!request.region.empty()) {
    if (const auto good = validate_country(request.region); !good) return good.error();
  }
  if (!request.encoding.empty() && !find_encoding(request.encoding)) {
    return error{errc::invalid_value,
                 "want utf-8, utf-16le, utf-16be, windows-1252, -1250, -1254 or -1257, iso-8859-1 "
                 "or macintosh"};
  }
  map_proposal out;
  if (const auto done = proposer(request, out).run(paths, where); !done) return done.error();
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
