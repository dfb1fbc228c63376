// Proposes a column map: for exports that are known by their headers from data/exports.json, for
// other files from data/column_names.csv and from what their cells show.
//
// A proposal is read by people before it is used: what was not certain stands in it, with its
// reason. It maps no column for which it has no word, and opens nothing: a yes in a file names no
// notice.
#include "cell_forms.hpp"
#include "consent_words.hpp"
#include "map_forms.hpp"
#include "table_facts.hpp"
#include "targets.hpp"

#include <clientbook/exchange/column_map.hpp>
#include <clientbook/exchange/map_proposal.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/model/validate.hpp>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <tables/exchange/import_columns.inc>
#include <tables/exchange/import_words.inc>

namespace clientbook {

using namespace exchange;

namespace {

namespace json = boost::json;

std::string_view view(json::string_view text) { return {text.data(), text.size()}; }
json::string_view boost_view(std::string_view text) { return {text.data(), text.size()}; }

std::string_view target_named(std::string_view column) {
  const std::string folded = folded_words(column);
  for (const named_column& each : named_columns) {
    if (each.name == folded) return each.target;
  }
  // HubSpot has one of these for each kind of its mail.
  if (folded.starts_with("opted out of email")) return "refusal.email";
  return {};
}

bool mostly(std::uint64_t count, const column_facts& column) noexcept {
  return count > 0 && count * 10 >= column.filled * 8;
}

// What was said of a marketing: that it is wanted (`consent.`), or that it is not (`refusal.`).
bool tells_of_consent(std::string_view target) noexcept {
  return target.starts_with("consent.") || target.starts_with("refusal.");
}

std::uint8_t ways_of(std::string_view target) noexcept {
  const std::string_view way = target.substr(target.find('.') + 1);
  return way == "sms"     ? way_sms
         : way == "post"  ? way_post
         : way == "phone" ? way_phone
         : way == "all"   ? way_all
                          : way_email;
}

bool has_consent_part(std::string_view name) {
  const std::string folded = folded_words(name);
  return std::any_of(std::begin(consent_parts), std::end(consent_parts),
                     [&](std::string_view word) { return folded.find(word) != std::string::npos; });
}

// A column whose name tells of consent, of a list of names or by its words (`Acepta publicidad`):
// nobody's no is left out because a list lacks a name, and no yes comes of a word that nobody
// listed. What stands in it has to fit: `Phone no` is a number, `Newsletter opened` a time.
consent_name consent_of(const column_facts& column) {
  const std::string_view target = target_named(column.name);
  const bool plain_numbers = column.filled > 0 && column.digits == column.filled;
  // `SMS` is a number in one list and a yes in the next.
  const bool numbers = column.dates == 0 && (plain_numbers || mostly(column.phones, column));
  if (tells_of_consent(target)) {
    if (numbers && column.words_of_consent == 0) return {};
    consent_name out = read_consent_name(column.name);
    out.says = target.starts_with("refusal.") ? consent_says::no : consent_says::yes;
    out.ways = ways_of(target);
    return out;
  }
  if (!target.empty() && target != "ignore") return {};
  consent_name out = read_consent_name(column.name);
  const bool known = out.about || out.strong || has_consent_part(column.name);
  if (!known || out.says == consent_says::nothing) return {};
  const bool dated_no = out.strong && plain_numbers && column.excel_days > 0;
  if (numbers && !dated_no && !mostly(column.words_of_consent, column)) return {};
  if (mostly(column.emails, column)) return {};
  const bool tells = column.words_of_consent > 0;
  const bool dated = out.says == consent_says::no && column.dates > 0;
  return tells || dated || out.strong ? out : consent_name{};
}

// A column that is called a time and no more: what happened then the others tell.
bool is_plain_time(std::string_view column) {
  const std::string folded = folded_words(column);
  constexpr std::string_view words[] = {"datum",     "date", "date heure", "data", "fecha", "time",
                                        "timestamp", "zeit", "zeitpunkt",  "when", "wann",  "am"};
  return std::find(std::begin(words), std::end(words), folded) != std::end(words);
}

bool is_total(std::string_view column) {
  const std::string folded = folded_words(column);
  constexpr std::string_view words[] = {"total",   "total amount", "amount",  "order total",
                                        "betrag",  "summe",        "gesamt",  "gesamtbetrag",
                                        "montant", "importe",      "importo", "bedrag"};
  return std::find(std::begin(words), std::end(words), folded) != std::end(words);
}

bool tells_of_sales(const table_facts& table) {
  bool order = false;
  bool day = false;
  for (const column_facts& each : table.columns) {
    const std::string_view target = target_named(each.name);
    order = order || target == "purchase.order";
    day = day || target == "purchase.day" || is_plain_time(each.name);
  }
  return order && day;
}

bool is_country_column(std::string_view name) {
  if (target_named(name) == "addresses[0].country") return true;
  const std::string folded = folded_words(name);
  return folded.ends_with("country") || folded.ends_with("country code") ||
         folded.ends_with("country region") || folded.ends_with("country id") || folded == "cc";
}

std::string_view home_of(const table_facts& table) {
  for (const home_word& each : home_words) {
    for (const column_facts& column : table.columns) {
      if (folded_words(column.name) == each.word) return each.region;
    }
  }
  return {};
}

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

// The order in which the columns of a file write their dates.
enum class order_found : std::uint8_t { none, year, day, month, both, open };
order_found order_of(const column_facts& column) noexcept {
  if (column.day_first > 0 && column.month_first > 0) return order_found::both;
  if (column.day_first > 0) return order_found::day;
  if (column.month_first > 0) return order_found::month;
  if (column.either > 0 && column.with_dots > 0) return order_found::day;
  if (column.either > 0) return order_found::open;
  return column.year_first > 0 ? order_found::year : order_found::none;
}

class proposer {
 public:
  proposer(const map_request& request, map_proposal& to) : request_(request), to_(to) {}

  result<void> run(std::span<const std::string> paths, std::size_t* where);

 private:
  struct table {
    table_facts facts;
    const json::object* known = nullptr;
    std::string region;
    bool region_guessed = false;
  };

  result<void> read(const std::string& path);
  const json::object* known_export(const table_facts& facts) const;
  void find_region(table& one) const;
  bool is_customers(const table& one) const;
  std::optional<json::object> file_of(std::size_t number, bool customers);

  // Of the file that is being written.
  void begin(std::size_t number);
  void write_format();
  void write_known();
  void write_extra(const column_facts& column);
  void write_known_ids();
  json::value with_own_times(json::value rules) const;
  void write_unknown(bool customers);
  void write_column(const column_facts& column, bool customers);
  void write_consent(const column_facts& column, const consent_name& name);
  const column_facts* since(std::uint8_t ways) const;
  bool write_target(const column_facts& column, std::string target);
  bool write_by_content(const column_facts& column);
  bool write_id(bool customers);
  void write_sales();
  void write_currency();
  void write_whole_names();
  void write_constants();
  void ignore(const column_facts& column, const char* why);
  void doubt(std::string_view column, std::string why);
  json::value with_forms(const column_facts& column, const json::value& mapped);
  std::string date_words(const column_facts& column);
  void doubt_decimals(const column_facts& column);
  const column_facts* column_at(std::string_view folded) const;
  const std::string* column_with(std::string_view target) const;
  json::object finished();

  const map_request& request_;
  map_proposal& to_;
  json::value exports_;
  std::vector<table> tables_;

  std::size_t file_ = 0;
  const table* now_ = nullptr;
  json::object format_, columns_, constants_, consent_, unsure_;
  json::array ids_, ignored_;
  std::set<std::string, std::less<>> targets_;
  std::string order_;  // How most dates of the file are written.
};

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
               &is_country_column);
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
  ids_.clear(), ignored_.clear();
  targets_.clear();
  order_.clear();
}

// A file's dates are mostly written in one way: what one column proves holds for those that prove
// nothing, and where nothing is proved the country decides.
void proposer::write_format() {
  const csv_dialect& how = now_->facts.dialect;
  format_["delimiter"] =
      how.delimiter == '\t' ? json::string("tab") : json::string(1, how.delimiter);
  format_["encoding"] = boost_view(name_of(how.encoding));
  if (how.encoding_unsure) {
    doubt({},
          "the letters fit another encoding as well, and are other ones then: look at names with "
          "accents, and say --encoding, or the shop's country with --region");
  }
  if (how.skip_lines > 0) format_["skip_lines"] = how.skip_lines;
  if (how.header == csv_dialect::header_row::absent) format_["header"] = "absent";
  if (how.escape != '\0') format_["escape"] = json::string(1, how.escape);
  if (how.comment != '\0') format_["comment"] = json::string(1, how.comment);
  std::uint64_t day = 0, month = 0, open = 0, dots = 0, short_years = 0, commas = 0, points = 0;
  for (const column_facts& each : now_->facts.columns) {
    const order_found order = order_of(each);
    day += order == order_found::day ? 1 : 0;
    month += order == order_found::month ? 1 : 0;
    open += order == order_found::open ? 1 : 0;
    dots += each.with_dots;
    short_years += each.short_years;
    commas += each.decimal_commas;
    points += each.decimal_points;
  }
  const bool american = now_->region == "US" || now_->region == "PH";
  if (day > 0 || month > 0 || open > 0) {
    const bool month_first = month > 0 ? day == 0 : day == 0 && american;
    order_ = month_first ? "mm/dd/yyyy" : dots > 0 ? "dd.mm.yyyy" : "dd/mm/yyyy";
    format_["dates"] = boost_view(order_);
  }
  if (short_years > 0) format_["pivot"] = request_.year;
  if (commas + points > 0) format_["decimal"] = commas > points ? "," : ".";
  if (!now_->region.empty()) format_["region"] = boost_view(now_->region);
  if (now_->facts.odd_rows > 0) {
    doubt({}, "rows that do not fit the header: " + std::to_string(now_->facts.odd_rows) +
                  "; import them with --skip-bad-rows, or mend them");
  }
}

// How a column of dates is written, where it is not as the file's others.
std::string proposer::date_words(const column_facts& column) {
  if (column.excel_days > 0 && column.excel_days == column.filled) return "excel";
  switch (order_of(column)) {
    case order_found::both:
      doubt(column.name,
            "some dates have the day first, some the month: those that cannot be are faults");
      return {};
    case order_found::open:
      doubt(column.name, "nothing proves whether the day or the month is first: read as " + order_);
      return {};
    case order_found::day:
      return order_.starts_with("mm") ? "dd/mm/yyyy" : "";
    case order_found::month:
      return order_.starts_with("dd") ? "mm/dd/yyyy" : "";
    case order_found::none:
    case order_found::year:
      return {};
  }
  return {};
}

// Amounts whose decimal mark nothing tells, or of which some have another.
void proposer::doubt_decimals(const column_facts& column) {
  if (column.decimal_commas > 0 && column.decimal_points > 0) {
    doubt(column.name,
          "some amounts have a decimal comma, some a point: those that do not fit are faults");
  } else if (column.three_behind > 0 && !format_.contains("decimal")) {
    doubt(column.name,
          "three digits behind a mark, thousands or decimals: say the decimal mark (\"decimal\")");
  }
}

// The target, with what this file's column needs beside it.
json::value proposer::with_forms(const column_facts& column, const json::value& mapped) {
  const json::string* const plain = mapped.if_string();
  const json::object* const given = mapped.if_object();
  if (plain == nullptr && given == nullptr) return mapped;
  json::object out = given != nullptr ? *given : json::object();
  if (plain != nullptr) out["to"] = *plain;
  const auto found = find_target(view(out.at("to").as_string()));
  if (!found) return mapped;
  const cell_kind kind = kind_of(found->what->name);
  if ((kind == cell_kind::day || kind == cell_kind::instant) && !out.contains("dates")) {
    if (const std::string words = date_words(column); !words.empty()) out["dates"] = words;
  }
  if (found->what->name == "name.full" && !home_of(now_->facts).empty()) out["alone"] = "family";
  if (kind == cell_kind::amount || kind == cell_kind::quantity) doubt_decimals(column);
  if (kind == cell_kind::email && column.with_semicolons > 0) out["split"] = ";";
  if (kind == cell_kind::quantity && column.decimal_commas + column.decimal_points > 0) {
    out["decimals"] = "as_one";
    doubt(column.name, "quantities with decimals: each is kept as one piece at the price of all");
  }
  if (found->what->name == "purchase.line.unit_price") out["round"] = "half_up";
  if (target_named(column.name) == "special_days[7].day") out["dates"] = "month";
  const bool list = found->what->name == "likes[]" || found->what->name == "dislikes[]";
  if (list && column.with_commas > 0) out["split"] = ",";
  if (list && column.with_semicolons > column.with_commas) out["split"] = ";";
  if (kind == cell_kind::phone && column.at_home > 0) {
    if (now_->region.empty()) {
      doubt(column.name, "numbers without a country's code: say the shop's country with --region");
    } else if (now_->region_guessed) {
      doubt(column.name, "numbers without a country's code are taken for those of " + now_->region);
    }
  }
  if (out.size() == 1) return out.at("to");
  return out;
}

// Every column of a known export has its place in data/exports.json; one that has none there may
// be the shop's own.
void proposer::write_known() {
  const json::object& known = *now_->known;
  const auto entry = [&](const char* member, std::string_view folded) -> const json::value* {
    const json::value* const object = known.if_contains(member);
    if (object == nullptr) return nullptr;
    for (const auto& each : object->as_object()) {
      if (folded_words(view(each.key())) == folded) return &each.value();
    }
    return nullptr;
  };
  const auto ignored = [&](std::string_view folded) {
    const json::value* const list = known.if_contains("ignore");
    return list != nullptr && std::any_of(list->as_array().begin(), list->as_array().end(),
                                          [&](const json::value& each) {
                                            return folded_words(view(each.as_string())) == folded;
                                          });
  };
  for (const column_facts& column : now_->facts.columns) {
    const std::string folded = folded_words(column.name);
    const json::value* const mapped = entry("columns", folded);
    const json::value* const rules = entry("consent", folded);
    if (rules != nullptr) consent_[boost_view(column.name)] = with_own_times(*rules);
    if (mapped != nullptr && mapped->is_array()) {
      columns_[boost_view(column.name)] = *mapped;
      for (const json::value& each : mapped->as_array()) targets_.emplace(view(each.as_string()));
    } else if (mapped != nullptr) {
      const json::value& to = mapped->is_object() ? mapped->at("to") : *mapped;
      const bool id = view(to.as_string()) == "external_id";
      if (!targets_.emplace(view(to.as_string())).second) {
        ignore(column, "another column of the export says the same");
      } else {
        columns_[boost_view(column.name)] = id ? *mapped : with_forms(column, *mapped);
      }
    } else if (ignored(folded)) {
      ignore(column, nullptr);
    } else if (rules == nullptr) {
      write_extra(column);
    }
  }
  if (const json::value* const unsure = known.if_contains("unsure")) {
    for (const auto& each : unsure->as_object()) {
      const column_facts* const found = column_at(folded_words(view(each.key())));
      if (found != nullptr) doubt(found->name, std::string(view(each.value().as_string())));
    }
  }
  if (const json::value* const constants = known.if_contains("constants")) {
    for (const auto& each : constants->as_object()) {
      const std::string_view name = view(each.key());
      const std::string_view element = name.substr(0, name.find(']'));
      const bool begun =
          std::any_of(targets_.begin(), targets_.end(),
                      [&](const std::string& target) { return target.starts_with(element); });
      if (begun) constants_[each.key()] = each.value();
    }
  }
  write_known_ids();
}

// A column that the export usually does not have says what its name says: a no above all.
void proposer::write_extra(const column_facts& column) {
  const std::string_view target = target_named(column.name);
  const consent_name said = consent_of(column);
  if (said.says != consent_says::nothing) return write_consent(column, said);
  const bool own = !target.empty() && target != "ignore" && target != "external_id" &&
                   !target.starts_with("purchase.") && !tells_of_consent(target);
  if (own && !targets_.contains(target) && write_target(column, std::string(target))) {
    return doubt(column.name, "a column that the export usually does not have: by its name");
  }
  ignore(column, "a column that the export usually does not have: ignored");
}

// The column of times as this file calls it; a file without it tells no time.
json::value proposer::with_own_times(json::value rules) const {
  for (auto& value : rules.as_object()) {
    for (json::value& said : value.value().as_array()) {
      json::object& directive = said.as_object();
      const json::value* const at = directive.if_contains("given_at_column");
      if (at == nullptr) continue;
      const column_facts* const found = column_at(folded_words(view(at->as_string())));
      if (found == nullptr) {
        directive.erase("given_at_column");
      } else {
        directive["given_at_column"] = boost_view(found->name);
      }
    }
  }
  return rules;
}

void proposer::write_known_ids() {
  const json::value* const ids = now_->known->if_contains("id");
  if (ids == nullptr) return;
  for (const json::value& each : ids->as_array()) {
    json::array columns;
    const json::array one = each.is_array() ? each.as_array() : json::array{each};
    for (const json::value& name : one) {
      const column_facts* const found = column_at(folded_words(view(name.as_string())));
      if (found != nullptr) columns.emplace_back(boost_view(found->name));
    }
    if (columns.size() != one.size()) continue;
    ids_.push_back(columns.size() == 1 ? columns[0] : json::value(columns));
  }
}

// The column that tells when a yes was given, on these ways if several do: one whose name holds
// nothing but that. What was sent or opened at a time is no consent of then.
const column_facts* proposer::since(std::uint8_t ways) const {
  const column_facts* out = nullptr;
  int best = 0;
  for (const column_facts& each : now_->facts.columns) {
    const consent_name name = read_consent_name(each.name);
    if (!name.may_date_yes || !mostly(each.dates, each)) continue;
    if (name.about && (name.ways & ways) == 0 && name.ways != way_all) continue;
    const int fits = 1 + (name.about ? 2 : 0) + (name.confirms ? 1 : 0);
    if (fits < best) continue;
    best = fits;
    out = &each;
  }
  return out;
}

json::array purposes_of(std::uint8_t ways) {
  constexpr std::pair<consent_ways, const char*> names[] = {{way_email, "email_marketing"},
                                                            {way_sms, "text_message_marketing"},
                                                            {way_post, "postal_marketing"},
                                                            {way_phone, "telephone_marketing"},
                                                            {way_all, "direct_marketing"}};
  json::array out;
  for (const auto& [way, name] : names) {
    if ((ways & way) != 0) out.emplace_back(name);
  }
  return out;
}

std::string listed(const json::array& purposes) {
  std::string out;
  for (const json::value& each : purposes) {
    out += (out.empty() ? "" : ", ") + std::string(view(each.as_string()));
  }
  return out;
}

void proposer::write_consent(const column_facts& column, const consent_name& name) {
  const json::array purposes = purposes_of(name.ways);
  const column_facts* when = nullptr;
  for (const column_facts& each : now_->facts.columns) {
    if (is_plain_time(each.name)) when = &each;
  }
  const auto said = [&](const char* kind, const column_facts* at) {
    json::object one{{"kind", kind}, {"purposes", purposes}};
    if (at != nullptr) one["given_at_column"] = boost_view(at->name);
    return json::array{one};
  };
  json::object rules;
  if (name.says == consent_says::no) {
    // Whatever stands there is a no, a date the day of it; what denies the no says nothing.
    rules["*"] = said("deny", column.dates > 0 ? &column : when);
    rules[""] = json::array();
    for (const std::string_view word : false_words) rules[boost_view(word)] = json::array();
    for (const std::string_view word : pending_words) rules[boost_view(word)] = json::array();
    for (const std::string_view word : subscribed_words) rules[boost_view(word)] = json::array();
    consent_[boost_view(column.name)] = rules;
    return doubt(column.name,
                 "a yes is read as a no to " + listed(purposes) + ", a no as nothing said");
  }
  const bool yes = name.says == consent_says::yes;
  for (const std::string_view word : yes_words) {
    // A no is as new as the file, a yes as old as what tells of it.
    rules[boost_view(word)] =
        yes ? said("grant", when != nullptr ? when : since(name.ways)) : json::array();
  }
  // Who leaves a list takes back what they gave; a no in a field was never a yes.
  for (const std::string_view word : no_words) {
    rules[boost_view(word)] = said(when != nullptr ? "withdraw" : "deny", when);
  }
  if (name.says == consent_says::pending) {
    for (const std::string_view word : false_words) rules[boost_view(word)] = json::array();
  }
  for (const std::string_view word : pending_words) rules[boost_view(word)] = json::array();
  consent_[boost_view(column.name)] = rules;
  doubt(column.name, yes ? "read as consent to " + listed(purposes) +
                               ": a yes opens nothing until a notice and a time stand by it"
                         : "what a yes means here is not known, and none is taken for consent; a "
                           "no is one to " +
                               listed(purposes));
}

bool proposer::write_target(const column_facts& column, std::string target) {
  if (target == "external_id") {
    if (targets_.contains("external_id")) return false;
    targets_.insert(target);
    columns_[boost_view(column.name)] = "external_id";
    return true;
  }
  // A second e-mail or phone is one more of them.
  const std::size_t open = target.find('[');
  if (!targets_.insert(target).second) {
    if (open == std::string::npos || target.starts_with("addresses")) return false;
    std::size_t slot = 1;
    const auto at = [&] {
      return target.substr(0, open + 1) + std::to_string(slot) + target.substr(target.find(']'));
    };
    while (slot < 7 && targets_.contains(at())) ++slot;
    target = at();
    if (!targets_.insert(target).second) return false;
  }
  columns_[boost_view(column.name)] = with_forms(column, json::value(boost_view(target)));
  return true;
}

bool proposer::write_by_content(const column_facts& column) {
  if (mostly(column.emails, column)) {
    doubt(column.name, "taken for e-mail addresses by what stands in it");
    return write_target(column, "emails[0].address");
  }
  if (mostly(column.words_of_consent, column) && column.filled > 1) {
    const std::string folded = folded_words(column.name);
    if (folded == "was" || folded == "what" || folded == "action" || folded == "aktion" ||
        folded == "status" || folded == "event" || folded == "state") {
      write_consent(column, {consent_says::yes, way_email});
      return true;
    }
    return false;
  }
  if (mostly(column.phones, column) && column.dates == 0) {
    doubt(column.name, "taken for phone numbers by what stands in it");
    return write_target(column, "phones[0].number");
  }
  return false;
}

void proposer::write_column(const column_facts& column, bool customers) {
  std::string_view target = target_named(column.name);
  if (tells_of_sales(now_->facts)) {
    if (is_plain_time(column.name)) target = "purchase.day";
    if (is_total(column.name)) target = "purchase.total";
  }
  const consent_name said = consent_of(column);
  if (said.says != consent_says::nothing) return write_consent(column, said);
  if (tells_of_consent(target)) target = {};
  const bool plain_numbers = column.filled > 0 && column.digits == column.filled;
  // `Kunde` is a name in one list and a number in the next.
  if (target == "name.full" && plain_numbers) target = "external_id";
  if (target == "ignore") return ignore(column, nullptr);
  const bool sale = target.starts_with("purchase.");
  if (!target.empty() &&
      (customers || sale || target == "external_id" || target.starts_with("notes"))) {
    if (write_target(column, std::string(target))) return;
    return ignore(column, "another column is the same: ignored");
  }
  if (!target.empty() && !customers) return ignore(column, nullptr);
  if (write_by_content(column)) return;
  const bool nameless = column.name.starts_with("column ");
  const bool words = column.dates == 0 && column.phones == 0 && column.decimal_commas == 0 &&
                     column.decimal_points == 0;
  if (customers && nameless && column.filled > 0 && words &&
      write_target(column, "notes[0].text")) {
    return doubt(column.name, "a column without a name: kept as notes");
  }
  // A column with a word of no is never left out in silence.
  if (consent_.empty() || column.dates == 0 || read_consent_name(column.name).has_no) {
    return ignore(column, column.dates > 0 && column.dates * 10 >= column.filled * 8
                              ? "dates, but of what is not known: ignored"
                              : "not known: ignored; map it, or leave it");
  }
  ignore(column, nullptr);
}

const std::string* proposer::column_with(std::string_view target) const {
  for (const auto& each : columns_) {
    const json::value& to = each.value();
    const json::string* const name = to.is_string()   ? to.if_string()
                                     : to.is_object() ? to.at("to").if_string()
                                                      : nullptr;
    if (name == nullptr || view(*name) != target) continue;
    for (const column_facts& column : now_->facts.columns) {
      if (json::string_view(column.name.data(), column.name.size()) == each.key())
        return &column.name;
    }
  }
  return nullptr;
}

// `Name` beside `Vorname` is the family's; a family name alone is likely the whole name.
void proposer::write_whole_names() {
  const std::string* const whole = column_with("name.full");
  if (whole == nullptr || !targets_.contains("name.given")) return;
  if (targets_.contains("name.family")) {
    columns_.erase(boost_view(*whole));
    ignored_.emplace_back(boost_view(*whole));
    return;
  }
  columns_[boost_view(*whole)] = "name.family";
}

// Rows of sales need the number of a receipt and its day; amounts need a currency.
void proposer::write_sales() {
  const bool sold = std::any_of(targets_.begin(), targets_.end(), [](const std::string& each) {
    return each.starts_with("purchase.");
  });
  if (!sold) return;
  const bool whole = targets_.contains("purchase.order") && targets_.contains("purchase.day");
  const bool article =
      targets_.contains("purchase.line.sku") || targets_.contains("purchase.line.description");
  if (whole && article) return write_currency();
  const bool alone = whole && !targets_.contains("purchase.line.quantity") &&
                     !targets_.contains("purchase.line.unit_price");
  if (alone) return write_currency();
  for (const column_facts& each : now_->facts.columns) {
    if (!target_named(each.name).starts_with("purchase.") && !is_plain_time(each.name)) continue;
    if (columns_.erase(boost_view(each.name)) == 0) continue;
    ignore(each, "a sale needs the number of its receipt, its day and an article: ignored");
  }
}

void proposer::write_currency() {
  if (targets_.contains("purchase.currency")) return;
  for (const home_currency& each : home_currencies) {
    if (each.region != now_->region) continue;
    constants_["purchase.currency"] = boost_view(each.currency);
    return doubt({},
                 "no column of a currency: amounts are taken for " + std::string(each.currency));
  }
  for (const column_facts& each : now_->facts.columns) {
    const std::string_view target = target_named(each.name);
    if (target != "purchase.total" && target != "purchase.line.unit_price") continue;
    if (columns_.erase(boost_view(each.name)) == 0) continue;
    ignore(each, "an amount needs a currency: map it, and say the currency under constants");
  }
}

// A row has to say whose it is. False if nothing in the file does.
bool proposer::write_id(bool customers) {
  const std::string* const id = column_with("external_id");
  const column_facts* const own = id == nullptr ? nullptr : column_at(folded_words(*id));
  const bool some_lack_it = customers && now_->known == nullptr && own != nullptr &&
                            own->filled < now_->facts.rows - now_->facts.odd_rows;
  if (!some_lack_it && (targets_.contains("external_id") || !ids_.empty())) return true;
  if (!customers) return false;
  if (some_lack_it) ids_.emplace_back(boost_view(own->name));
  for (const std::string_view target : {"emails[0].address", "phones[0].number"}) {
    if (const std::string* const column = column_with(target))
      ids_.emplace_back(boost_view(*column));
  }
  json::array name;
  for (const std::string_view target : {"name.full", "name.given", "name.family", "birth_date"}) {
    if (const std::string* const column = column_with(target))
      name.emplace_back(boost_view(*column));
  }
  if (name.size() > 1 && column_with("birth_date") != nullptr) ids_.emplace_back(name);
  if (ids_.empty()) return false;
  if (some_lack_it) {
    if (ids_.size() == 1) return ids_.clear(), true;
    columns_.erase(boost_view(own->name));
    doubt(own->name,
          "not every row has one: the others are whose e-mail, phone, or name and "
          "birth date they have");
    return true;
  }
  doubt({}, "no column of ids: a row is whose e-mail, phone, or name and birth date it has");
  return true;
}

void proposer::write_constants() {
  const bool home = std::any_of(targets_.begin(), targets_.end(), [](const std::string& each) {
    return each.starts_with("addresses[0].");
  });
  if (home && !targets_.contains("addresses[0].country") && !now_->region.empty()) {
    constants_["addresses[0].country"] = boost_view(now_->region);
  }
  if (targets_.contains("external_ids[0].value") &&
      !constants_.contains("external_ids[0].system")) {
    constants_["external_ids[0].system"] = "loyalty";
  }
  // What the export itself says of an element is no constant's.
  const auto lacks = [&](const char* target) {
    return !targets_.contains(target) && !constants_.contains(target);
  };
  if (targets_.contains("special_days[0].day") && lacks("special_days[0].kind")) {
    constants_["special_days[0].kind"] = "anniversary";
  }
  if (targets_.contains("special_days[7].day")) {
    constants_["special_days[7].kind"] = "birthday";
    constants_["special_days[7].label"] = "the month alone is known";
  }
  if (targets_.contains("household[0].person") && lacks("household[0].relation")) {
    constants_["household[0].relation"] = "spouse";
  }
  if (now_->known == nullptr) {
    if (targets_.contains("sizes[1].value")) constants_["sizes[1].kind"] = "shoe";
    if (targets_.contains("sizes[2].value")) constants_["sizes[2].kind"] = "ring";
  }
}

void proposer::write_unknown(bool customers) {
  // Consents first: a column of dates then is when they were given, and no doubt.
  for (const column_facts& each : now_->facts.columns) {
    if (consent_of(each).says != consent_says::nothing) write_column(each, customers);
  }
  for (const column_facts& each : now_->facts.columns) {
    if (consent_of(each).says == consent_says::nothing) write_column(each, customers);
  }
  write_whole_names();
  write_sales();
}

json::object proposer::finished() {
  json::object out{{"file", to_.files[file_].name}};
  if (!to_.files[file_].about.empty()) out["about"] = to_.files[file_].about;
  out["format"] = format_;
  if (!ids_.empty()) out["id"] = ids_;
  out["columns"] = columns_;
  if (!constants_.empty()) out["constants"] = constants_;
  if (!consent_.empty()) out["consent"] = consent_;
  if (!ignored_.empty()) out["ignore"] = ignored_;
  if (!unsure_.empty()) out["unsure"] = unsure_;
  return out;
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
  json::object out = finished();
  const bool merges = now_->known == nullptr || now_->known->contains("repeated");
  if (customers && merges) out["repeated"] = "merge";
  if (!customers) out["unknown"] = "leave_out";
  if (now_->known != nullptr && now_->known->contains("rows")) {
    out["rows"] = now_->known->at("rows");
  }
  return out;
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
                 "no column tells who a customer is: no id, e-mail, phone, or name and birth date"};
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
  print(map, to_.map, 0);
  to_.map += '\n';
  return {};
}

}  // namespace

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
