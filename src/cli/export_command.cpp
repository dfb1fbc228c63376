// export: what a purpose permits to pass on, of everybody, as files; the ledger first
#include <clientbook/transfer/export_customers.hpp>

#include <unistd.h>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "destination.hpp"
#include "program.hpp"
#include "spare_room.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct export_options_given {
  std::string purpose, to, country, form = "csv", out = "-";
  std::vector<std::string> fields;
};

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() > end.size() && text.ends_with(end);
}

std::size_t take(void* context, std::string_view file, std::string_view text) {
  return static_cast<destination*>(context)->write(file, text);
}
bool put_in_place(void* context) { return static_cast<destination*>(context)->finish(); }

export_form form_of(const export_options_given& what) {
  if (what.form == "jsonl") return export_form::json_lines;
  if (what.form == "vcard") return export_form::vcards;
  const bool one = what.out == "-" || ends_with(what.out, ".csv") || what.out.starts_with("/dev/");
  return one ? export_form::one_csv : export_form::csv;
}

json::object told(const customer_export_counts& counts, const schema& fields) {
  json::object by_field;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    const std::uint64_t count = counts.fields[field.number.value];
    if (count != 0) by_field[field.key] = count;
  }
  return {{"customers", counts.customers},
          {"exported", counts.exported},
          {"receipts", counts.receipts},
          {"notes", counts.notes},
          {"fields", by_field},
          {"not_delivered", counts.not_delivered}};
}

void print(const customer_export_counts& counts, const json::object& machine,
           const export_options_given& what) {
  std::printf("of %llu customers %llu went to %s, for %s; each has an entry in the ledger\n",
              static_cast<unsigned long long>(counts.customers),
              static_cast<unsigned long long>(counts.exported), what.to.c_str(),
              what.purpose.c_str());
  for (const auto& field : machine.at("fields").as_object()) {
    std::printf("  %-14s of %llu\n", std::string(field.key()).c_str(),
                static_cast<unsigned long long>(field.value().to_number<std::uint64_t>()));
  }
}

// Where the data itself goes to standard output, what is said of it goes to standard error.
void answer(const program& in, const json::object& machine, const std::function<void()>& human,
            bool data_on_output) {
  if (!data_on_output) return in.answer(machine, human);
  if (in.quiet && !in.json) return;
  const std::string text = in.json ? json::serialize(machine) + "\n" : captured(human);
  write_out(STDERR_FILENO, text);
}

void export_all(program& in, const export_options_given& what) {
  const book opened = in.open();
  session from = in.begin(opened);
  const recipient_registry registry = *need(from.recipients(), "reading the registry");
  customer_export_options options{.request = {.purpose = purpose_from(what.purpose),
                                              .recipient = recipient_from(what.to, registry)},
                                  .form = form_of(what)};
  if (!what.country.empty()) options.request.country = country_from(what.country);
  if (!what.fields.empty()) options.request.fields = fields_from(what.fields, from.fields());
  keep_room(in.book_path, need(from.figures(), "reading the book").customers);
  destination to(what.out, options.form == export_form::csv, in.book_path);
  customer_export_counts counts;
  const export_sink sink{
      .context = &to, .write = take, .finish = to.in_one_piece() ? put_in_place : nullptr};
  const auto done = export_customers(from, options, sink, counts);
  if (!done && counts.exported == 0) fail(done.error(), "exporting; nothing has left");
  if (!done) {
    fail(done.error(), "exporting; of " + std::to_string(counts.exported) + " customers " +
                           std::to_string(counts.not_delivered) + " did not get out");
  }
  const json::object machine = told(counts, from.fields());
  answer(
      in, machine, [&] { print(counts, machine, what); }, what.out == "-");
}

}  // namespace

void add_export_command(command app, program& in) {
  auto command = app.add_command(
      "export", "Pass on what of everybody a purpose permits: the ledger first, then files");
  in.takes_book(command);
  auto what = std::make_shared<export_options_given>();
  command.add_option("-p,--purpose", what->purpose, "Why").required();
  command.add_option("--to", what->to, "Party of the registry").required();
  command.add_option("--as", what->form, "csv, jsonl or vcard")
      .show_default()
      .one_of({"csv", "jsonl", "vcard"});
  command
      .add_option("-o,--out", what->out,
                  "A new file, or for csv a new folder with tables and the map that imports them; "
                  "-: standard output (csv: the customers alone)")
      .show_default();
  command.add_option("--fields", what->fields, "At most these; default: what is permitted")
      .delimiter(',');
  command.add_option("--country", what->country, "Where it goes, if not where the party is");
  command.callback([&in, what] { export_all(in, *what); });
}

}  // namespace clientbook::cli
