// Tables of how many share what. Values are as session::tabulate() has redacted them.
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/transfer/tabulation_json.hpp>
#include <clientbook/transfer/view_json.hpp>

#include <array>
#include <vector>

#include "type_names.hpp"

namespace clientbook {
namespace {

using exchange::json_failure;
using exchange::json_node;

result<small_groups> small_groups_of(std::string_view word) {
  if (word == "suppress") return small_groups::suppress;
  if (word == "refuse") return small_groups::refuse;
  return error{errc::invalid_value, "small groups are suppressed (suppress) or refused (refuse)"};
}

struct table_asked {
  std::vector<table_column> columns;
  tabulation_request what;
};

table_asked request_of(const json_node& from, const schema& fields) {
  table_asked out;
  from.only({"purpose", "columns", "k", "small", "noise_scale"});
  out.what.purpose = from.required("purpose").found(find_purpose);
  const json_node columns = from.required("columns");
  const std::size_t count = columns.size(max_table_columns);
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    const json_node one = columns.at(i);
    one.only({"field", "by"});
    table_column column;
    column.field = one.required("field").found([&](std::string_view key) -> result<field_id> {
      const auto found = fields.find(key);
      if (!found) return found.error();
      return found->number;
    });
    if (const json_node by = one.member("by"); by.there())
      column.form = by.found(transfer::find_operator);
    out.columns.push_back(column);
  }
  out.what.k = static_cast<unsigned>(from.member("k").integer(0, 1'000'000, out.what.k));
  if (const json_node small = from.member("small"); small.there()) {
    out.what.small = small.found(small_groups_of);
  }
  out.what.noise_scale = static_cast<std::uint32_t>(
      from.member("noise_scale").integer(0, 1'000'000, out.what.noise_scale));
  return out;
}

result<void> write_row(wiped_text& to, const tabulation::row& row,
                       std::span<const table_column> columns, const schema& fields) {
  to += "{\"values\":{";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto field = fields.find(columns[i].field);
    if (!field) return field.error();
    if (i != 0) to += ',';
    to.append("\"").append(field->key).append("\":");
    if (row.values[i].empty()) {
      to += "null";
      continue;
    }
    const auto value = shown_to_json(field->type, row.values[i]);
    if (!value) return value.error();
    to += *value;
  }
  to.append("},\"people\":").append(std::to_string(row.people)).append("}");
  return {};
}

}  // namespace

result<wiped_text> tabulate_json(std::string_view request, session& in, std::string& where) try {
  where.clear();
  const auto value = exchange::read_json(request);
  if (!value) return value.error();
  json_failure failure;
  table_asked asked = request_of(json_node(&*value, "", failure), in.fields());
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  asked.what.columns = asked.columns;
  const auto table = in.tabulate(asked.what);
  if (!table) return table.error();
  wiped_text out = "{\"rows\":[";
  for (const tabulation::row& row : table->rows()) {
    if (out.back() != '[') out += ',';
    if (auto done = write_row(out, row, asked.columns, in.fields()); !done) return done.error();
  }
  out.append("],\"suppressed\":").append(table->suppressed() ? "true" : "false");
  out.append(",\"ledger_index\":").append(std::to_string(table->ledger_index())).append("}");
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
