// tabulate
#include <boost/json/array.hpp>
#include <cstdio>
#include <functional>
#include <memory>
#include <vector>

#include "printed_json.hpp"
#include "program.hpp"
#include "terms.hpp"

namespace clientbook::cli {
namespace {

namespace json = boost::json;

struct table_options {
  std::string purpose;
  std::vector<std::string> columns;  ///< FIELD or FIELD:OPERATOR
  unsigned k = tabulation_request{}.k;
  std::string small = "suppress";
  std::uint32_t noise = tabulation_request{}.noise_scale;
};

redaction_operator operator_from(const std::string& name) {
  for (unsigned number = 0; number < 256; ++number) {
    const auto op = static_cast<redaction_operator>(number);
    if (!name.empty() && name_of(op) == name) return op;
  }
  fail({errc::unknown_field, "no such operator: see docs/redaction.md"}, "--by");
}

table_column column_from(const std::string& text, const schema& fields) {
  const std::size_t colon = text.find(':');
  table_column out{.field = need(fields.find(text.substr(0, colon)), "--by").number};
  if (colon != std::string::npos) out.form = operator_from(text.substr(colon + 1));
  return out;
}

void tabulate(program& in, const table_options& what) {
  const book opened = in.open();
  session reader = in.begin(opened);
  std::vector<table_column> columns;
  for (const std::string& text : what.columns) {
    columns.push_back(column_from(text, reader.fields()));
  }
  const tabulation table =
      need(reader.tabulate(
               {.purpose = purpose_from(what.purpose),
                .columns = columns,
                .k = what.k,
                .small = what.small == "refuse" ? small_groups::refuse : small_groups::suppress,
                .noise_scale = what.noise}),
           "tabulating");
  json::array rows;
  for (const tabulation::row& one : table.rows()) {
    json::object values;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const field_definition field = need(reader.fields().find(columns[i].field), "the schema");
      values[field.key] =
          one.values[i].empty() ? json::value(nullptr) : shown(field.type, one.values[i]);
    }
    rows.push_back({{"values", values}, {"people", one.people}});
  }
  // An entry about a table names nobody: there is none to whom another one could be added.
  const auto told = [&](const json::object& machine, const std::function<void()>& human) {
    try {
      in.answer(machine, human);
    } catch (const failure&) {
      fail({errc::not_delivered, "not all could be written: the ledger names it as given"},
           "tabulating");
    }
  };
  told(
      {{"purpose", what.purpose},
       {"k", what.k},
       {"noise_scale", what.noise},
       {"rows", rows},
       {"suppressed", table.suppressed()},
       {"ledger_index", table.ledger_index()}},
      [&] {
        for (const json::value& row : rows) {
          std::printf("%10llu  ",
                      static_cast<unsigned long long>(row.at("people").to_number<std::uint64_t>()));
          for (const auto& member : row.at("values").as_object()) {
            std::printf("  %s",
                        member.value().is_null() ? "(none)" : one_line(member.value()).c_str());
          }
          std::printf("\n");
        }
        std::printf("%s fewer than %u people; noise of scale %lu; ledger entry %llu\n",
                    table.suppressed() ? "left out: combinations of" : "there is no combination of",
                    what.k, static_cast<unsigned long>(what.noise),
                    static_cast<unsigned long long>(table.ledger_index()));
      });
}

}  // namespace

void add_table_command(command app, program& in) {
  auto command = app.add_command(
      "tabulate", "How many customers share what: k people at least, with noise, as an export");
  in.takes_book(command);
  auto what = std::make_shared<table_options>();
  command.add_option("-p,--purpose", what->purpose, "Why: it must be permitted to analyse")
      .required();
  command.add_option("--by", what->columns, "FIELD or FIELD:OPERATOR, up to 8")
      .required()
      .delimiter(',');
  command.add_option("--k", what->k, "People of a combination at least; 5 or more").show_default();
  command.add_option("--small", what->small, "Combinations of fewer: suppress them, or refuse")
      .show_default()
      .one_of({"suppress", "refuse"});
  command.add_option("--noise", what->noise, "Scale of the noise, from 1").show_default();
  command.callback([&in, what] { tabulate(in, *what); });
}

}  // namespace clientbook::cli
