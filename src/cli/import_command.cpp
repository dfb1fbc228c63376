// import: customers from CSV files, by a column map, in one transaction
#include <clientbook/exchange/column_map.hpp>
#include <clientbook/transfer/duplicates_json.hpp>
#include <clientbook/transfer/import_customers.hpp>

#include <boost/json/array.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "find_commands.hpp"
#include "printed_json.hpp"
#include "program.hpp"
#include "terms.hpp"
#include "told_columns.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;
using steady_time = std::chrono::steady_clock::time_point;

struct import_options_given {
  std::string map, folder, notice;
  std::vector<std::string> files;
  vcard_source cards;
  std::string lines;  ///< Of JSON, as an export writes them.
  std::string system;
  std::vector<std::string> purposes;
  bool skip_bad_rows = false;
  bool add = false, update = false, skip_known = false, dry_run = false;
  bool label_numbers = false;  ///< Card and identity numbers in notes become labels.
  bool stop_without_basis = false;
  bool take_erased = false;
  bool no_duplicates = false;  ///< Nobody is looked for who may be there twice.
  std::vector<std::string> came_back;
  std::string as_of;  ///< The day that the files are of.
};

customer_import_options options_of(const import_options_given& what,
                                   std::span<const std::string_view> came_back) {
  const number_in_note numbers =
      what.label_numbers ? number_in_note::replaced : number_in_note::refused;
  customer_import_options out;
  out.purposes = purposes_from(what.purposes);
  out.on_bad_row = what.skip_bad_rows ? bad_row::skip : bad_row::stop;
  out.on_missing_basis = what.stop_without_basis ? missing_basis::stop : missing_basis::leave_out;
  out.notice = what.notice;
  if (what.take_erased) out.on_remembered = remembered_person::take;
  out.came_back = came_back;
  if (!what.as_of.empty()) out.as_of = need(parse_date(what.as_of), "--as-of");
  out.dry_run = what.dry_run;
  if (what.no_duplicates) out.duplicates = import_duplicates::not_looked_for;
  if (what.add) out.on_known = known_customer::add;
  if (what.update) out.on_known = known_customer::update;
  if (what.skip_known) out.on_known = known_customer::skip;
  out.notes = {.cards = numbers, .identity_numbers = numbers};
  return out;
}

double seconds_between(steady_time begin, steady_time end) {
  return std::chrono::duration<double>(end - begin).count();
}

// What the import tells while it runs.
struct told {
  const program* in = nullptr;
  bool skips = false;  ///< Bad rows are left out.
  steady_time files_read;
  std::optional<progress_bar> bar;
  json::array skipped;
  json::array remarks;
  json::array erased_before;  ///< Whose erasure the book remembers.
  json::array not_kept;       ///< Customers without anything that names or reaches them.
  json::array changes;        ///< Of customers whom the book had; of a trial all that fit in here.
  json::array conflicts;
  json::array duplicates;  ///< New customers who may be there twice; those that fit in here.
  const schema* fields = nullptr;
  errc first_fault = errc::none;  ///< Of the rows that a trial goes on behind.
  std::string first_place;
  std::string stopped;    ///< Where it was when it failed.
  map_proposal proposed;  ///< Of files that came without a map.
};

// What a row says wrongly, and what leaving it out would mend.
bool is_of_the_row(errc code) {
  return code == errc::already_exists || (code >= errc::invalid_encoding && code < errc::denied) ||
         code == errc::back_dated;
}

std::string failed_at(const customer_import_problem& problem, bool skips) {
  switch (problem.step) {
    case import_step::begin:
      return "beginning the import";
    case import_step::households:
      return "linking households; nothing was imported";
    case import_step::commit:
      return "committing the import; nothing was imported";
    case import_step::files:
    case import_step::customer:
    case import_step::rules:
      break;
  }
  const bool helps = !skips && is_of_the_row(problem.what.code);
  return place_of(problem) + "; nothing was imported" +
         (helps ? " (--skip-bad-rows leaves such rows out)" : "");
}

void take_problem(void* context, const customer_import_problem& problem) {
  told& to = *static_cast<told*>(context);
  if (problem.remark) {
    to.remarks.push_back({{"place", place_of(problem)}, {"why", problem.what.text.c_str()}});
  } else if (problem.skipped && problem.what.code == errc::key_erased) {
    to.erased_before.push_back(json::string(place_of(problem)));
  } else if (problem.skipped && problem.what.code == errc::no_basis) {
    to.not_kept.push_back(json::string(place_of(problem)));
  } else if (problem.skipped) {
    if (to.first_fault == errc::none) {
      to.first_fault = problem.what.code;
      to.first_place = place_of(problem);
    }
    to.skipped.push_back({{"place", place_of(problem)}, {"why", problem.what.text.c_str()}});
  } else {
    to.stopped = failed_at(problem, to.skips);
  }
}

json::array key_list(field_set some, const schema& fields) {
  json::array out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    if (some.has(field.number)) out.push_back(json::string(field.key));
  }
  return out;
}

void take_change(void* context, const customer_import_change& what) {
  constexpr std::size_t most = 1000;
  told& to = *static_cast<told*>(context);
  const std::string place = "line " + std::to_string(what.line);
  if (to.changes.size() < most && !(what.added | what.updated).empty()) {
    to.changes.push_back({{"place", place},
                          {"added", key_list(what.added, *to.fields)},
                          {"updated", key_list(what.updated, *to.fields)}});
  }
  if (to.conflicts.size() < most && !what.conflicts.empty()) {
    to.conflicts.push_back({{"place", place}, {"fields", key_list(what.conflicts, *to.fields)}});
  }
}

void take_duplicate(void* context, const customer_import_duplicate& what) {
  constexpr std::size_t most = 1000;
  told& to = *static_cast<told*>(context);
  if (to.duplicates.size() == most) return;
  json::object one = tree_of(need(duplicate_to_json(what.pair, *to.fields), "a pair")).as_object();
  one["line"] = what.line;
  if (what.other_line != 0) one["other_line"] = what.other_line;
  to.duplicates.push_back(std::move(one));
}

json::object by_field(const std::array<std::uint64_t, max_fields>& counts, const schema& fields) {
  json::object out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    if (counts[field.number.value] != 0) out[field.key] = counts[field.number.value];
  }
  return out;
}

void take_progress(void* context, std::uint64_t done, std::uint64_t total) {
  told& to = *static_cast<told*>(context);
  if (!to.bar) {
    to.files_read = std::chrono::steady_clock::now();
    to.bar.emplace(*to.in, "importing", total);
  }
  to.bar->at(done);
}

struct left_out_report {
  json::object fields;  ///< How many customers, by field,
  json::object why;     ///< and by field and reason.
};

left_out_report left_out_of(const customer_import_counts& counts, const schema& fields) {
  std::map<std::string, field_id> sorted;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    if (counts.left_out[field.number.value] != 0) sorted.emplace(field.key, field.number);
  }
  left_out_report out;
  for (const auto& [key, number] : sorted) {
    out.fields[key] = counts.left_out[number.value];
    json::object reasons;
    for (const left_out_field& one : counts.left_out_why) {
      if (one.field == number) reasons[name_of(one.why)] = one.customers;
    }
    out.why[key] = reasons;
  }
  return out;
}

json::array places_of(const json::array& all) {
  json::array out;
  for (const json::value& each : all) out.push_back(each.at("place"));
  return out;
}

// As a person would say it, for the reasons that an import meets.
std::string_view in_words(std::string_view reason) {
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"NO_BASIS", "neither the customer nor the law permits it for these purposes"},
      {"LEGAL_PROHIBITION", "the law forbids it"},
      {"RESTRICTED", "the customer has it restricted"},
      {"OBJECTED", "the customer objects"},
      {"WITHDRAWN", "the consent was withdrawn"},
      {"DENIED_BY", "the customer said no"}};
  for (const auto& [name, said] : words) {
    if (name == reason) return said;
  }
  return reason;
}

std::string joined(const json::array& words) {
  std::string out;
  for (const json::value& one : words) {
    out.append(out.empty() ? "" : ", ").append(std::string_view(one.as_string()));
  }
  return out;
}

// What became of customers whom the book had: in sum, by field, and in a trial one by one.
void print_known(const customer_import_counts& counts, const told& heard, bool dry_run) {
  const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  std::printf("%llu customers were known: %llu changed, %llu with something added\n",
              number(counts.known), number(counts.changed), number(counts.completed));
  if (counts.matched != 0) {
    std::printf("%llu of them by e-mail, phone, or name and birth date\n", number(counts.matched));
  }
  for (const auto& [word, sums] :
       {std::pair("added", &counts.added_fields), std::pair("updated", &counts.updated_fields),
        std::pair("left as the book has it", &counts.kept_fields)}) {
    for (const auto& field : by_field(*sums, *heard.fields)) {
      std::printf("%s: %s of %llu customers\n", word, std::string(field.key()).c_str(),
                  number(field.value().as_uint64()));
    }
  }
  for (const json::value& one : heard.conflicts) {
    std::printf("changed in the book and in the file, the book's stays: %s: %s\n",
                one.at("place").as_string().c_str(), joined(one.at("fields").as_array()).c_str());
  }
  if (counts.older != 0) {
    std::printf("%llu values were left as the book has them: of a later day than the file's\n",
                number(counts.older));
  }
  if (counts.not_widened != 0) {
    std::printf("%llu permissions were not taken: an update opens nothing (--add records them)\n",
                number(counts.not_widened));
  }
  if (counts.back_dated != 0) {
    std::printf("%llu permissions were not taken: something was said after them\n",
                number(counts.back_dated));
  }
  if (counts.repeated_directives != 0) {
    std::printf(
        "%llu decisions are in the book already; a yes among them may wait to be confirmed "
        "(`clientbook consent pending`, or --add by who may record it in full)\n",
        number(counts.repeated_directives));
  }
  if (dry_run) {
    for (const json::value& one : heard.changes) {
      const std::string added = joined(one.at("added").as_array());
      const std::string updated = joined(one.at("updated").as_array());
      std::printf("%s:%s%s%s%s\n", one.at("place").as_string().c_str(),
                  added.empty() ? "" : " adds ", added.c_str(), updated.empty() ? "" : " updates ",
                  updated.c_str());
    }
  }
  if (counts.customers == 0 && counts.changed == 0 && counts.waiting == 0) {
    if (counts.directives == 0) {
      std::printf("nothing changed\n");
    } else {
      std::printf("%llu decisions were recorded, and nothing else changed\n",
                  number(counts.directives));
    }
  }
}

// Whom somebody may look at: the row, and the row or the customer that it looks like.
void print_duplicates(const customer_import_counts& counts, const told& heard, bool dry_run) {
  for (const json::value& one : heard.duplicates) {
    const auto* row = one.as_object().if_contains("other_line");
    const std::string other = row != nullptr
                                  ? "line " + one_line(*row)
                                  : "customer " + std::string(one.at("first").as_string());
    std::printf("may be there twice: line %s and %s (%s)\n", one_line(one.at("line")).c_str(),
                other.c_str(), why_alike(one.as_object()).c_str());
  }
  if (counts.duplicates > heard.duplicates.size()) {
    std::printf("%llu new customers may be there twice (`clientbook duplicates`)\n",
                static_cast<unsigned long long>(counts.duplicates));
  }
  if (!counts.duplicates_looked_for && !dry_run && counts.customers != 0) {
    std::printf("not all who may be there twice were looked for (`clientbook duplicates`)\n");
  }
}

void print(const customer_import_counts& counts, const left_out_report& left_out, const told& heard,
           bool dry_run) {
  const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  if (dry_run) std::printf("a trial: nothing is kept\n");
  std::printf(
      "imported %llu customers, %llu purchases with %llu lines, %llu notes, "
      "%llu directives\n",
      number(counts.customers), number(counts.receipts), number(counts.lines), number(counts.notes),
      number(counts.directives));
  if (counts.known != 0) print_known(counts, heard, dry_run);
  for (const auto& field : left_out.why) {
    for (const auto& reason : field.value().as_object()) {
      std::printf("not collected: %s of %llu customers, %s\n", std::string(field.key()).c_str(),
                  number(reason.value().as_uint64()), std::string(in_words(reason.key())).c_str());
    }
  }
  for (const json::value& place : heard.erased_before) {
    std::printf(
        "erased before, not taken (if they came back by their own will: --came-back ID or address, "
        "or "
        "--take-erased for all): %s\n",
        place.as_string().c_str());
  }
  if (counts.unsubscribed != 0) {
    std::printf("%llu had unsubscribed before: said for them\n", number(counts.unsubscribed));
  }
  for (const json::value& place : heard.not_kept) {
    std::printf("not kept, since nothing that names or reaches the customer may be: %s\n",
                place.as_string().c_str());
  }
  if (counts.waiting != 0) {
    std::printf(
        "%llu customers whose yes waits: of the file's words alone it counts for care, for 30 days "
        "(`clientbook consent pending`)\n",
        number(counts.waiting));
  }
  if (counts.consents_without_notice != 0) {
    std::printf("%llu consents opened nothing: no notice, or no time (--notice)\n",
                number(counts.consents_without_notice));
  }
  if (counts.undone_orders != 0) {
    std::printf("%llu orders were cancelled or given back: no purchases\n",
                number(counts.undone_orders));
  }
  if (counts.repeated_receipts != 0) {
    std::printf("%llu purchases are there already, by their order and store\n",
                number(counts.repeated_receipts));
  }
  print_duplicates(counts, heard, dry_run);
  const auto list = [](const char* what, const json::array& all) {
    for (const json::value& each : all) {
      std::printf("%s: %s\n  %s\n", what, each.at("place").as_string().c_str(),
                  each.at("why").as_string().c_str());
    }
  };
  for (const map_proposal::file& each : heard.proposed.files) {
    std::fputs(fitted(line_of_not_kept(each)).c_str(), stdout);
  }
  list("skipped", heard.skipped);
  list("note", heard.remarks);
}

// What two commands do where one will not: whoever keeps the book looks at the map in between.
[[noreturn]] void fail_unsure(const error& why, const map_proposal& proposed,
                              const import_options_given& what, const std::string& book) {
  std::string files;
  for (const std::string& each : what.files) files += " " + each;
  fail({why.code, why.text}, std::to_string(proposed.unsure.size()) + " not sure: `clientbook map" +
                                 files + " -o map.json`, then `clientbook import " + book +
                                 " --map map.json`");
}

// What was read of a pipe is gone.
std::string beginning_of(const std::string& path) {
  if (std::error_code unknown; !std::filesystem::is_regular_file(path, unknown)) return {};
  std::ifstream file(path, std::ios::binary);
  std::string begin(15, '\0');
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return begin;
}

bool begins_as_lines(const std::string& path) {
  const std::string begin = beginning_of(path);
  constexpr std::string_view mark = "\xEF\xBB\xBF";  // Of UTF-8, as some programs write it.
  return std::string_view(begin)
      .substr(begin.starts_with(mark) ? mark.size() : 0)
      .starts_with("{\"");
}

bool begins_as_vcards(const std::string& path) {
  const std::string begin = beginning_of(path);
  return begin.find("BEGIN:VCARD") <= 3 || begin.find("begin:vcard") <= 3;
}

// A shop's own files as they are: a known export, or a table that is wholly understood.
result<customer_import_counts> import_as_they_are(session& into, const import_options_given& what,
                                                  const std::string& book, map_proposal& proposed,
                                                  const customer_import_options& options,
                                                  const customer_import_listener& listener) {
  const auto today = std::chrono::year_month_day(
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  std::size_t file = 0;
  auto counts = import_files(
      into, what.files,
      {.system = what.system, .region = what.cards.region, .year = static_cast<int>(today.year())},
      proposed, options, listener, &file);
  if (!counts && !proposed.unsure.empty()) fail_unsure(counts.error(), proposed, what, book);
  if (!counts && proposed.map.empty()) {
    const error& why = counts.error();
    fail({why.code, why.text}, place_in(what.files[file], why));
  }
  return counts;
}

// By a map and its files, from vCards or lines of JSON, or from files as they are.
result<customer_import_counts> import_from(session& into, const import_options_given& what,
                                           const std::string& book, map_proposal& proposed,
                                           const customer_import_options& options,
                                           const customer_import_listener& listener) {
  if (!what.files.empty()) return import_as_they_are(into, what, book, proposed, options, listener);
  if (!what.cards.file.empty()) return import_vcards(into, what.cards, options, listener);
  if (!what.lines.empty()) return import_json_lines(into, what.lines, options, listener);
  std::string where;
  const auto map = column_map::open(what.map, &where);
  if (!map) fail(map.error(), "the column map" + (where.empty() ? "" : " at " + where));
  const std::size_t slash = what.map.rfind('/');
  const std::string beside = slash == std::string::npos ? "." : what.map.substr(0, slash + 1);
  return import_customers(into, map->of_system(what.system.empty() ? map->system() : what.system),
                          what.folder.empty() ? beside : what.folder, options, listener);
}

// What was said and would be overheard is an error: a map tells whose phones they are itself.
import_options_given checked(const import_options_given& what) {
  if (!what.map.empty() && !what.cards.region.empty()) {
    fail({errc::invalid_argument, "the map tells the region: change it there (\"format\")"},
         "--region");
  }
  if (!what.lines.empty() && !(what.system + what.cards.region).empty()) {
    fail({errc::invalid_argument, "lines of JSON tell whose ids and phones they are"},
         what.system.empty() ? "--region" : "--system");
  }
  if (!(what.lines + what.cards.file).empty() && !what.notice.empty()) {
    fail({errc::invalid_argument, "neither vCards nor lines of JSON tell of consent"}, "--notice");
  }
  if (what.map.empty() && !what.folder.empty()) {
    fail({errc::invalid_argument, "only a map needs to be told where its files are"}, "--from");
  }
  return what;
}

// Where customers come from: exactly one of the four.
import_options_given with_one_source(const import_options_given& given) {
  import_options_given what = given;
  if (what.files.size() == 1 && begins_as_vcards(what.files.front())) {
    what.cards.file = what.files.front();
    what.files.clear();
  } else if (what.files.size() == 1 && begins_as_lines(what.files.front())) {
    what.lines = what.files.front();
    what.files.clear();
  }
  if (!what.system.empty()) what.cards.system = what.system;
  const int sources = int{!what.map.empty()} + int{!what.cards.file.empty()} +
                      int{!what.files.empty()} + int{!what.lines.empty()};
  if (sources == 1) return checked(what);
  fail({errc::invalid_argument, "want the files, or --map with a column map of them, or --vcards"},
       "what to import");
}

// By file; nothing of files that came by a map, which is somebody's choice.
json::object columns_not_kept(const map_proposal& proposed) {
  json::object out;
  for (const map_proposal::file& each : proposed.files) {
    if (each.not_kept.empty()) continue;
    json::array names;
    for (const std::string& column : each.not_kept) names.emplace_back(column);
    out[each.name] = names;
  }
  return out;
}

json::object machine_of(const customer_import_counts& counts, const left_out_report& left_out,
                        const told& heard) {
  const schema& fields = *heard.fields;
  return {{"imported_customers", counts.customers},
          {"imported_receipts", counts.receipts},
          {"imported_purchase_lines", counts.lines},
          {"imported_notes", counts.notes},
          {"imported_directives", counts.directives},
          {"known_customers", counts.known},
          {"completed_customers", counts.completed},
          {"matched_customers", counts.matched},
          {"updated_customers", counts.updated},
          {"changed_customers", counts.changed},
          {"added_fields", by_field(counts.added_fields, fields)},
          {"updated_fields", by_field(counts.updated_fields, fields)},
          {"kept_fields", by_field(counts.kept_fields, fields)},
          {"differing_fields", counts.differing},
          {"changes", heard.changes},
          {"conflicts", heard.conflicts},
          {"older_values", counts.older},
          {"not_widened", counts.not_widened},
          {"waiting", counts.waiting},
          {"repeated_directives", counts.repeated_directives},
          {"back_dated", counts.back_dated},
          {"not_collected", left_out.fields},
          {"not_collected_why", left_out.why},
          {"repeated_receipts", counts.repeated_receipts},
          {"duplicates", counts.duplicates},
          {"duplicate_rows", heard.duplicates},
          {"duplicates_purpose", counts.duplicates_purpose == purpose_id()
                                     ? json::value()
                                     : json::value(word_for(counts.duplicates_purpose))},
          {"duplicates_looked_for", counts.duplicates_looked_for},
          {"not_kept", heard.not_kept},
          {"erased_before", heard.erased_before},
          {"unsubscribed_before", counts.unsubscribed},
          {"skipped_rows", counts.skipped},
          {"skipped_places", places_of(heard.skipped)},
          {"skipped", heard.skipped},
          {"remarks", heard.remarks},
          {"left_out_rows", counts.left_out_rows},
          {"undone_orders", counts.undone_orders},
          {"columns_not_kept", columns_not_kept(heard.proposed)},
          {"consents_without_notice", counts.consents_without_notice}};
}

void import(program& in, const import_options_given& given) {
  const import_options_given what = with_one_source(given);
  const book opened = in.open();
  session writer = in.begin(opened);
  const std::vector<std::string_view> came_back(what.came_back.begin(), what.came_back.end());
  const customer_import_options options = options_of(what, came_back);

  const steady_time begin = std::chrono::steady_clock::now();
  told heard;
  heard.in = &in;
  heard.skips = what.skip_bad_rows;
  const schema fields = writer.fields();
  heard.fields = &fields;
  heard.files_read = begin;
  const auto counts = import_from(writer, what, in.book_path, heard.proposed, options,
                                  {.context = &heard,
                                   .problem = take_problem,
                                   .progress = take_progress,
                                   .changed = take_change,
                                   .duplicate = take_duplicate});
  heard.bar.reset();
  if (!counts) {
    if (heard.stopped.empty()) heard.stopped = "reading; nothing was imported";
    fail({counts.error().code, counts.error().text}, heard.stopped);
  }
  const double load_seconds = seconds_between(begin, heard.files_read);
  const double seconds = seconds_between(begin, std::chrono::steady_clock::now());
  const double looked_at = static_cast<double>(counts->customers + counts->known) / seconds;
  const left_out_report left_out = left_out_of(*counts, writer.fields());
  json::object machine = machine_of(*counts, left_out, heard);
  machine["dry_run"] = what.dry_run;
  machine["kept_for"] =
      names_of(options.purposes.named() ? options.purposes.all() : writer.purposes());
  machine["read_files_seconds"] = load_seconds;
  machine["import_seconds"] = seconds;
  machine["import_customers_per_second"] = static_cast<double>(counts->customers) / seconds;
  machine["customers_per_second"] = looked_at;
  in.answer(machine, [&] {
    print(*counts, left_out, heard, what.dry_run);
    std::printf("in %.2f s, %.0f customers/s (%.2f s of it reading the files)\n", seconds,
                looked_at, load_seconds);
  });
  // A trial ends as the import would.
  if (what.dry_run && !what.skip_bad_rows && heard.first_fault != errc::none) {
    fail({heard.first_fault,
          "this row would stop the import (--skip-bad-rows leaves such rows out)"},
         heard.first_place);
  }
}

}  // namespace

void add_import_command(command app, program& in) {
  auto command =
      app.add_command("import", "Import customers from CSV files, all of them in one transaction");
  in.takes_book(command);
  auto what = std::make_shared<import_options_given>();
  command.add_option("FILES", what->files,
                     "A known program's export, vCards, lines of JSON that export wrote, or tables "
                     "that are wholly understood, as they are; else make a map first");
  command.add_option("--map", what->map, "Column map (docs/import.md)");
  command.add_option("--vcards", what->cards.file, "A file of vCards, instead of a map");
  command.add_option("--system", what->system,
                     "Whose ids the files' are; default: the program's they come from, else shop; "
                     "of vCards: vcard");
  command.add_option("--region", what->cards.region,
                     "Country of the shop, two capitals: phones without a code, dates");
  command.add_option("--from", what->folder, "Folder of the files; default: the map's");
  command.add_option("--notice", what->notice,
                     "The notice that people said yes to whose file names none, but tells when");
  command
      .add_option("-p,--purpose", what->purposes,
                  "What the fields are kept for, several: each needs a basis under one of them; "
                  "default: what the book was made for")
      .delimiter(',');
  command.add_flag("--label-numbers", what->label_numbers,
                   "put labels for payment card and identity numbers in notes (else: refuse them)");
  command.add_flag("--skip-bad-rows", what->skip_bad_rows,
                   "Leave out rows that are wrong, and list them; default: import nothing");
  auto add = command.add_flag(
      "--add", what->add,
      "Customers whom the book has: add what it lacks, change nothing; default: import nothing");
  auto update = command
                    .add_flag("--update", what->update,
                              "Customers whom the book has: take what the file says anew; what "
                              "was changed in the book stays, and no consent opens anything")
                    .excludes(add);
  command
      .add_flag("--skip-known", what->skip_known, "Customers whom the book has: leave them alone")
      .excludes(add)
      .excludes(update);
  command.add_option("--as-of", what->as_of,
                     "Day that the files are of (2026-10-31): what the book has of a later one "
                     "stays in an update; default: today");
  command.add_flag("--dry-run", what->dry_run, "Tell every fault and count, and keep nothing");
  command.add_flag("--no-duplicates", what->no_duplicates,
                   "Do not look for new customers who may be there twice");
  command.add_flag("--stop-without-basis", what->stop_without_basis,
                   "Fail on a field without a basis; default: leave it out, and count");
  auto all = command.add_flag("--take-erased", what->take_erased,
                              "Take everybody whose erasure the book remembers: they came back "
                              "by their own will");
  command
      .add_option(
          "--came-back", what->came_back,
          "Id in the files, e-mail address or +phone number of somebody whose erasure the book "
          "remembers, and who came back by their own will; several may be given")
      .delimiter(',')
      .excludes(all);
  command.callback([&in, what] { import(in, *what); });
}

}  // namespace clientbook::cli
