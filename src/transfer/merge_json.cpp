// Merging and passing on many at once, for languages that call through C.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/merge_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "export_text.hpp"
#include "json_text.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;

std::string_view key_of(field_id id, const schema& fields) {
  const auto known = fields.find(id);
  return known ? known->key : std::string_view();
}

json::array keys_of(field_set some, const schema& fields) {
  json::array out;
  for (const field_id each : some) {
    const std::string_view key = key_of(each, fields);
    out.emplace_back(json::string_view(key.data(), key.size()));
  }
  return out;
}

}  // namespace

result<std::string> merged_to_json(const merged& done, const schema& fields) try {
  json::object left_out;
  for (const field_id each : done.left_out) {
    const std::string_view key = key_of(each, fields);
    const std::string_view why = name_of(done.why_left_out[each.value]);
    left_out[json::string_view(key.data(), key.size())] = json::string_view(why.data(), why.size());
  }
  return json::serialize(json::object{{"added", keys_of(done.added, fields)},
                                      {"replaced", keys_of(done.replaced, fields)},
                                      {"kept", keys_of(done.kept, fields)},
                                      {"conflicts", keys_of(done.conflicts, fields)},
                                      {"older", keys_of(done.older, fields)},
                                      {"left_out", left_out},
                                      {"recorded", done.recorded},
                                      {"repeated", done.repeated},
                                      {"back_dated", done.back_dated},
                                      {"not_widened", done.not_widened}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_text> disclose_many_json(session& from, std::span<const customer_id> ids,
                                      const disclosure_request& what) try {
  const auto left = from.disclose_many(ids, what);
  if (!left) return left.error();
  const schema fields = from.fields();
  transfer::json_text out;
  out.begin_array();
  for (std::size_t i = 0; i < left->size(); ++i) {
    const exported& one = (*left)[i];
    out.begin_object();
    out.name("customer");
    out.hex(ids[i].bytes);
    out.name("permitted");
    out.boolean(one.permitted);
    if (one.permitted) {
      out.name("ledger_index");
      out.integer(static_cast<std::int64_t>(one.ledger_index));
      out.name("entry");
      out.hex(one.entry.bytes);
      if (auto done = transfer::write_exported(out, one, fields); !done) return done.error();
    }
    out.end_object();
  }
  out.end_array();
  return out.take();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
