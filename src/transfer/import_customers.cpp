// Imports of files: each way to name them (a map and a folder, files without a map, a table of
// consents, vCards) becomes a set of customers, whose faults are told and which the importer
// (customer_importer.cpp) takes.
#include <clientbook/exchange/map_proposal.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/import_customers.hpp>

#include <limits>
#include <span>
#include <string>
#include <utility>

#include "customer_source.hpp"

namespace clientbook {
namespace {

void tell(const customer_import_listener& listener, const column_map& map,
          const import_problem& found, bool skipped, bool remark = false) {
  customer_import_problem problem;
  problem.remark = remark;
  problem.step = import_step::files;
  problem.what = found.what;
  problem.skipped = skipped;
  problem.file = map.files()[found.file];
  problem.line = found.what.at;
  problem.column = found.column;
  problem.column_name = found.column_name;
  listener.problem(listener.context, problem);
}

}  // namespace

std::string place_of(const customer_import_problem& problem) {
  std::string out(problem.file);
  if (problem.line != 0) out += ", line " + std::to_string(problem.line);
  if (problem.column != 0) out += ", column " + std::to_string(problem.column);
  if (!problem.column_name.empty()) out.append(" (").append(problem.column_name).append(")");
  return out;
}

result<customer_import_counts> import_customers(session& into, const column_map& map,
                                                const import_set& set,
                                                const customer_import_options& options,
                                                const customer_import_listener& listener) try {
  const auto each = [&](customer_taker take) {
    return set.for_each(
        [&](const import_customer& one) { return take(one, std::span<const field_value>()); });
  };
  const auto place = [&](const note& text) { return set.place_of(text); };
  return import_source_customers(
      into, map, {.customers = set.customers(), .for_each = each, .place_of = place}, options,
      listener);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

namespace {

import_options reading_of(const customer_import_options& options) {
  import_options out;
  out.on_bad_row = options.on_bad_row;
  if (options.notes.cards == number_in_note::replaced) out.on_note_cards = note_cards::left;
  out.only_consents = options.content == import_content::consents;
  if (options.dry_run) out.reported = std::numeric_limits<std::size_t>::max();
  return out;
}

// Tells what reading found, and imports what it gave.
result<customer_import_counts> import_read(session& into, const column_map& map,
                                           const result<import_set>& set,
                                           const import_report& report,
                                           const customer_import_options& options,
                                           const customer_import_listener& listener) {
  if (listener.problem != nullptr) {
    const import_problem left{{errc::none,
                               "the map names files that it has no place for (\"unsure\"): nothing "
                               "of them is imported by it"}};
    if (map.files_left_out() != 0) tell(listener, map, left, false, true);
    for (std::size_t i = 0; i < report.problems.size(); ++i) {
      const bool last = i + 1 == report.problems.size();
      tell(listener, map, report.problems[i], set.has_value() || !last);
    }
    for (const import_problem& each : report.remarks) tell(listener, map, each, false, true);
    const import_problem more{{errc::limit_exceeded,
                               "more notes and left out rows than are told here: a trial (dry run) "
                               "tells each"}};
    if (report.untold != 0) tell(listener, map, more, false, true);
  }
  if (!set) return set.error();
  auto counts = import_customers(into, map, *set, options, listener);
  if (!counts) return counts;
  for (const auto& file : report.files) counts->skipped += file.skipped;
  counts->left_out_rows = report.left_out;
  counts->undone_orders = report.undone;
  return counts;
}

}  // namespace

result<customer_import_counts> import_customers(session& into, const column_map& map,
                                                const std::string& folder,
                                                const customer_import_options& given,
                                                const customer_import_listener& listener) try {
  const customer_import_options options = as_trial(given);
  import_report report;
  const auto set = import_set::load(map, folder, reading_of(options), report);
  return import_read(into, map, set, report, options, listener);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<customer_import_counts> import_consent_table(session& into, const std::string& file,
                                                    std::string_view system,
                                                    const customer_import_options& given,
                                                    const customer_import_listener& listener) try {
  const auto proposed =
      propose_column_map(std::span(&file, 1), {.system = system, .only_consents = true});
  if (!proposed) return proposed.error();
  if (system.empty() && proposed->files.front().about.empty()) {
    return error{errc::missing_field, "say which system's ids the file holds (--system)"};
  }
  const auto map = column_map::parse(proposed->map);
  if (!map) return map.error();
  customer_import_options options = given;
  options.content = import_content::consents;
  const std::size_t slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
  auto counts = import_customers(into, *map, folder, options, listener);
  if (counts && counts->directives + counts->repeated_directives + counts->back_dated +
                        counts->consents_without_notice + counts->strangers_no ==
                    0) {
    return error{errc::missing_field,
                 "nothing in the file tells of consent: mail that did not arrive is no word of "
                 "anybody"};
  }
  return counts;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<customer_import_counts> import_files(session& into, std::span<const std::string> paths,
                                            const map_request& request, map_proposal& proposed,
                                            const customer_import_options& options,
                                            const customer_import_listener& listener,
                                            std::size_t* where) try {
  auto made = propose_column_map(paths, request, where);
  if (!made) return made.error();
  proposed = std::move(*made);
  if (!proposed.unsure.empty()) {
    return error{errc::missing_field,
                 "not everything in the files is certain: make a map of them, look at it, and "
                 "import by it"};
  }
  const auto map = column_map::parse(proposed.map);
  if (!map) return map.error();
  const std::size_t slash = paths.front().rfind('/');
  const std::string folder = slash == std::string::npos ? "." : paths.front().substr(0, slash + 1);
  return import_customers(into, *map, folder, options, listener);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<customer_import_counts> import_vcards(session& into, const vcard_source& from,
                                             const customer_import_options& given,
                                             const customer_import_listener& listener) try {
  const std::size_t slash = from.file.rfind('/');
  const auto map = column_map::of_vcards(
      from.system, slash == std::string::npos ? from.file : from.file.substr(slash + 1));
  if (!map) return map.error();
  const customer_import_options options = as_trial(given);
  import_report report;
  const auto set = import_set::load_vcards(from.file, from.region, reading_of(options), report);
  return import_read(into, *map, set, report, options, listener);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
