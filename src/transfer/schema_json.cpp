// Fields that a shop declares, in the words of the schema.
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/transfer/schema_json.hpp>

#include <algorithm>

#include "type_names.hpp"

namespace clientbook {
namespace {

using exchange::json_failure;
using exchange::json_node;

constexpr std::int64_t last_field = 63;

result<field_type> type_of(std::string_view name) {
  for (const auto& [type, known] : transfer::type_names) {
    if (known == name) return type;
  }
  return error{errc::unknown_field, "no such type of a field"};
}

field_definition definition_of(const json_node& from) {
  from.only({"number", "key", "type", "list", "redaction", "categories"});
  field_definition out;
  out.number = field_id(static_cast<std::uint8_t>(from.required("number").integer(0, last_field)));
  out.key = from.required("key").text();
  out.type = from.required("type").found(type_of);
  out.count = from.member("list").boolean(false) ? cardinality::many : cardinality::one;
  if (const json_node by = from.member("redaction"); by.there()) {
    out.redaction = by.found(transfer::find_operator);
  }
  const json_node categories = from.required("categories");
  const std::size_t count = categories.size(out.categories.size());
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    out.categories[i] = categories.at(i).found(find_category);
  }
  return out;
}

}  // namespace

result<schema> with_fields(std::string_view fields, const schema& known, std::string& where) try {
  where.clear();
  const auto value = exchange::read_json(fields);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  schema out = known;
  const std::size_t count = from.size(schema::max_fields);
  for (std::size_t i = 0; i < count && !failure.happened(); ++i) {
    const field_definition one = definition_of(from.at(i));
    if (failure.happened()) break;
    if (auto added = out.add(one); !added) from.at(i).fail(added.error());
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  if (count == 0) return error{errc::invalid_argument, "no field is given"};
  out.version = schema_version(static_cast<decltype(out.version.value)>(known.version.value + 1));
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
