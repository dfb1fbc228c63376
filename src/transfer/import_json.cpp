// Imports as JSON, for languages that call through C: what to import, and what came of it.
#include <clientbook/base/hex.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/transfer/import_customers.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace clientbook {

using namespace exchange;

namespace {

namespace json = boost::json;

constexpr std::size_t max_named = 256;

struct told {
  json::array skipped;
  json::array remarks;
  json::array duplicates;
  std::string stopped;
};

constexpr std::size_t most_duplicates = 1000;

// By line; who was in the book before, by id.
void take_duplicate(void* context, const customer_import_duplicate& what) {
  told& to = *static_cast<told*>(context);
  if (to.duplicates.size() == most_duplicates) return;
  json::object one{{"line", what.line}, {"customer", hex<std::string>(what.pair.second.bytes)}};
  if (what.other_line != 0) one["other_line"] = what.other_line;
  one["other"] = hex<std::string>(what.pair.first.bytes);
  to.duplicates.push_back(std::move(one));
}

void take_problem(void* context, const customer_import_problem& problem) {
  told& to = *static_cast<told*>(context);
  if (!problem.skipped && !problem.remark) {
    to.stopped = place_of(problem);
    return;
  }
  (problem.remark ? to.remarks : to.skipped)
      .push_back({{"place", place_of(problem)}, {"why", problem.what.text.c_str()}});
}

known_customer known_of(const json_node& from) {
  if (!from.there()) return known_customer::stop;
  const std::string_view word = from.text();
  if (word == "skip") return known_customer::skip;
  if (word == "add") return known_customer::add;
  if (word == "update") return known_customer::update;
  if (word != "stop") from.fail({errc::invalid_value, "want stop, skip, add or update"});
  return known_customer::stop;
}

json::object by_field(const std::array<std::uint64_t, max_fields>& counts, const schema& fields) {
  json::object out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    if (counts[field.number.value] != 0) out[field.key] = counts[field.number.value];
  }
  return out;
}

json::value looked_for_under(const customer_import_counts& counts) {
  if (counts.duplicates_purpose == purpose_id()) return {};
  const auto known = facts(counts.duplicates_purpose);
  return known ? json::value(known->name) : json::value();
}

std::string answer(const customer_import_counts& counts, const told& heard, const schema& fields) {
  return json::serialize(json::object{{"customers", counts.customers},
                                      {"known", counts.known},
                                      {"completed", counts.completed},
                                      {"matched", counts.matched},
                                      {"updated", counts.updated},
                                      {"changed", counts.changed},
                                      {"added_fields", by_field(counts.added_fields, fields)},
                                      {"updated_fields", by_field(counts.updated_fields, fields)},
                                      {"kept_fields", by_field(counts.kept_fields, fields)},
                                      {"differing", counts.differing},
                                      {"conflicts", counts.conflicts},
                                      {"older", counts.older},
                                      {"not_widened", counts.not_widened},
                                      {"receipts", counts.receipts},
                                      {"lines", counts.lines},
                                      {"notes", counts.notes},
                                      {"directives", counts.directives},
                                      {"waiting", counts.waiting},
                                      {"repeated_directives", counts.repeated_directives},
                                      {"back_dated", counts.back_dated},
                                      {"consents_without_notice", counts.consents_without_notice},
                                      {"repeated_receipts", counts.repeated_receipts},
                                      {"duplicates", counts.duplicates},
                                      {"duplicate_rows", heard.duplicates},
                                      {"duplicates_purpose", looked_for_under(counts)},
                                      {"duplicates_looked_for", counts.duplicates_looked_for},
                                      {"not_kept", counts.not_kept},
                                      {"not_collected", by_field(counts.left_out, fields)},
                                      {"erased_before", counts.remembered},
                                      {"unsubscribed_before", counts.unsubscribed},
                                      {"skipped_rows", counts.skipped},
                                      {"left_out_rows", counts.left_out_rows},
                                      {"undone_orders", counts.undone_orders},
                                      {"skipped", heard.skipped},
                                      {"remarks", heard.remarks}});
}

// Where customers come from: one of the four.
struct import_source {
  std::string_view map{}, folder{}, system{}, region{};
  std::string vcards{}, json_lines{};
  std::vector<std::string> files{};
  int year = map_request{}.year;
};

import_source source_of(const json_node& from) {
  import_source out{.map = from.member("map").text(),
                    .folder = from.member("folder").text(),
                    .system = from.member("system").text(),
                    .region = from.member("region").text(),
                    .vcards = std::string(from.member("vcards").text()),
                    .json_lines = std::string(from.member("json_lines").text())};
  const json_node files = from.member("files");
  for (std::size_t i = 0; i < files.size(max_named); ++i) {
    out.files.emplace_back(files.at(i).text());
  }
  out.year = static_cast<int>(from.member("year").integer(1900, 2200, out.year));
  const int given = int{!out.map.empty()} + int{!out.vcards.empty()} + int{!out.files.empty()} +
                    int{!out.json_lines.empty()};
  if (given != 1) {
    from.fail({errc::missing_field,
               "want a map with the folder of its files, files, vcards, or json_lines"});
  }
  // What would be overheard is an error: a map tells whose phones they are, and lines of JSON tell
  // whose their ids are.
  const error other{errc::invalid_argument, "this source has no use for it"};
  if ((!out.map.empty() || !out.json_lines.empty()) && !out.region.empty()) {
    from.member("region").fail(other);
  }
  if (!out.json_lines.empty() && !out.system.empty()) from.member("system").fail(other);
  // Only a map that is being made asks for the year, and only tables tell of consent.
  if (out.files.empty() && from.member("year").there()) from.member("year").fail(other);
  if (out.files.empty() && out.map.empty() && from.member("notice").there()) {
    from.member("notice").fail(other);
  }
  if (out.map.empty() && from.member("folder").there()) from.member("folder").fail(other);
  return out;
}

result<customer_import_counts> import_from(session& into, const import_source& source,
                                           const customer_import_options& options, told& heard,
                                           std::string& where) {
  const customer_import_listener listener{
      .context = &heard, .problem = take_problem, .duplicate = take_duplicate};
  if (!source.files.empty()) {
    map_proposal proposed;
    std::size_t file = 0;
    const map_request request{
        .system = source.system, .region = source.region, .year = source.year};
    auto counts = import_files(into, source.files, request, proposed, options, listener, &file);
    where = !heard.stopped.empty() ? heard.stopped : counts ? "" : source.files[file];
    return counts;
  }
  if (!source.json_lines.empty()) {
    auto counts = import_json_lines(into, source.json_lines, options, listener);
    where = heard.stopped;
    return counts;
  }
  if (source.map.empty()) {
    vcard_source cards{.file = source.vcards};
    if (!source.system.empty()) cards.system = source.system;
    cards.region = source.region;
    auto counts = import_vcards(into, cards, options, listener);
    where = heard.stopped;
    return counts;
  }
  std::string pointer;
  const auto map = column_map::parse(source.map, &pointer);
  if (!map) {
    where = "/map" + pointer;
    return map.error();
  }
  const std::string_view system = source.system.empty() ? map->system() : source.system;
  auto counts =
      import_customers(into, map->of_system(system), std::string(source.folder), options, listener);
  where = heard.stopped;
  return counts;
}

constexpr std::size_t most_came_back = 4096;

}  // namespace

result<std::string> import_customers_json(std::string_view request, session& into,
                                          std::string& where) try {
  where.clear();
  const auto value = read_json(request);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"map", "folder", "vcards", "system", "region", "purposes", "skip_bad_rows", "known",
             "dry_run", "notice", "files", "year", "json_lines", "take_erased", "came_back",
             "as_of"});
  purpose_set purposes;
  const json_node named = from.member("purposes");
  for (std::size_t i = 0; i < named.size(max_named); ++i) {
    purposes.add(named.at(i).found(find_purpose));
  }
  customer_import_options options;
  if (!purposes.empty()) options.purposes = purposes;
  options.on_bad_row = from.member("skip_bad_rows").boolean(false) ? bad_row::skip : bad_row::stop;
  options.on_known = known_of(from.member("known"));
  options.dry_run = from.member("dry_run").boolean(false);
  options.notice = from.member("notice").text();
  if (const json_node day = from.member("as_of"); day.there()) {
    const auto read = parse_date(day.text());
    if (!read) day.fail(read.error());
    if (read) options.as_of = *read;
  }
  if (from.member("take_erased").boolean(false)) options.on_remembered = remembered_person::take;
  std::vector<std::string_view> came_back;
  const json_node back = from.member("came_back");
  for (std::size_t i = 0; i < back.size(most_came_back); ++i) {
    came_back.push_back(back.at(i).text());
  }
  options.came_back = came_back;
  const import_source source = source_of(from);
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  told heard;
  const auto counts = import_from(into, source, options, heard, where);
  if (!counts) return counts.error();
  return answer(*counts, heard, into.fields());
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
