// Fields in the order of their numbers, each by write_value() and read_value(). The tree that
// Boost.JSON builds of an incoming text lies in memory that is wiped when it goes.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <boost/json/object.hpp>

#include <bitset>
#include <utility>

#include "record_json_tree.hpp"
#include "value_bytes.hpp"
#include "value_text.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;
using transfer::value_form;

result<json::value> parse(std::string_view text, const record_json_options& options) {
  if (text.size() > options.most_bytes) {
    return error{errc::limit_exceeded, "the JSON text is longer than it may be",
                 options.most_bytes};
  }
  return exchange::read_json(text, transfer::wiped_memory());
}

error told(const json_failure& failure, std::string* where) {
  if (where != nullptr) *where = failure.where;
  return failure.what;
}

// The field that a name of the record means.
result<field_id> field_named(std::string_view name, const schema& fields) {
  if (const auto known = fields.find(name)) return known->number;
  const auto number = transfer::number_of(name);
  if (!number || *number >= max_fields) {
    return error{errc::unknown_field, "the record has a field that the schema does not have"};
  }
  return field_id(static_cast<std::uint8_t>(*number));
}

result<void> check_rules(const schema& fields, field_id id, byte_view value,
                         const record_json_options& options) {
  if (options.rules == value_rules::types) return {};
  return validate(fields, id, value);
}

// By its key a field is read as its type; by its number as bytes, whatever its type.
void read_field(customer& into, const json_node& from, std::string_view name, field_id id,
                const schema& fields, const record_json_options& options) {
  const auto known = fields.find(name);
  const field_type of_bytes{};
  const wiped_bytes value = transfer::read_value(from, known ? known->type : of_bytes);
  if (from.failed()) return;
  if (auto set = into.set_raw(id, value); !set) return from.fail(set.error());
  if (auto ruled = check_rules(fields, id, value, options); !ruled) from.fail(ruled.error());
}

// One field of the standard schema holds items of each type.
result<void> check_item(field_type type, byte_view value, const record_json_options& options) {
  const schema fields = standard_schema();
  const field_id id = type == field_type::note ? field::notes : field::purchases;
  return check_rules(fields, id, value, options);
}

}  // namespace

void transfer::read_record(customer& into, const json_node& from, const schema& fields,
                           const record_json_options& options, field_set left_out) {
  if (!from.is_object()) return from.fail({errc::wrong_type, "a record is an object"});
  const json::object& members = from.value()->get_object();
  std::bitset<max_fields> seen;
  for (std::size_t i = 0; !from.failed() && i < members.size(); ++i) {
    const std::string_view name = (members.begin() + i)->key();
    const auto id = field_named(name, fields);
    if (!id) {
      from.fail(id.error());
    } else if (seen[id->value]) {
      from.member(name).fail({errc::already_exists, "a field by its name and by its number"});
    } else if (seen.set(id->value); !left_out.has(*id)) {
      read_field(into, from.member(name), name, *id, fields, options);
    }
  }
}

result<wiped_text> record_to_json(const record_view& record, const schema& fields) try {
  transfer::json_text out;
  out.begin_object();
  int before = -1;
  for (const field_value& one : record.fields()) {
    const auto number = one.id.value;
    if (number <= before || number >= max_fields || !cbor::check(one.value)) {
      return error{errc::invalid_encoding, "a record's field is not as the format says", number};
    }
    before = number;
    const auto known = fields.find(one.id);
    if (known) {
      out.name(known->key);
    } else {
      out.numbered(number);
    }
    write_value(out, known ? known->type : field_type{}, one.value, value_form::lossless);
  }
  out.end_object();
  return out.take();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<customer> record_from_json(std::string_view text, const schema& fields, std::string* where,
                                  const record_json_options& options) try {
  if (where != nullptr) where->clear();
  const auto tree = parse(text, options);
  if (!tree) return tree.error();
  json_failure failure;
  const json_node root(&*tree, {}, failure);
  customer out;
  transfer::read_record(out, root, fields, options);
  if (failure.happened()) return told(failure, where);
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_text> value_to_json(field_type type, byte_view value) try {
  if (auto whole = cbor::check(value); !whole) return whole.error();
  transfer::json_text out;
  write_value(out, type, value, value_form::lossless);
  return out.take();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_bytes> value_from_json(field_type type, std::string_view text, std::string* where,
                                    const record_json_options& options) try {
  if (where != nullptr) where->clear();
  const auto tree = parse(text, options);
  if (!tree) return tree.error();
  json_failure failure;
  const json_node root(&*tree, {}, failure);
  wiped_bytes out = transfer::read_value(root, type);
  if (!failure.happened() && is_item(type)) {
    if (auto ruled = check_item(type, out, options); !ruled) root.fail(ruled.error());
  }
  if (failure.happened()) return told(failure, where);
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
