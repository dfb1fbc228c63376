// What becomes of two customers who are one person, as JSON.
#include <clientbook/base/hex.hpp>
#include <clientbook/transfer/one_customer_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>

namespace clientbook {
namespace {

namespace json = boost::json;

json::value time_of(timestamp at) {
  if (at == timestamp{}) return nullptr;
  char out[20];
  write_timestamp(at, out);
  return json::value(std::string_view(out, sizeof out));
}

json::value key_of(field_id field, const schema& fields) {
  const auto known = fields.find(field);
  if (known) return json::value(known->key);
  return json::value("#" + std::to_string(field.value));
}

json::array keys_of(field_set which, const schema& fields) {
  json::array out;
  for (const field_id field : which) out.push_back(key_of(field, fields));
  return out;
}

json::object tree_of(const merge_receipt& receipt) {
  return {{"undone", receipt.undone},
          {"stays", hex<std::string>(receipt.stays.bytes)},
          {"goes", hex<std::string>(receipt.goes.bytes)},
          {"ledger_index", receipt.ledger_index},
          {"at", time_of(receipt.at)},
          {"until", time_of(receipt.until)},
          {"signature", hex<std::string>(receipt.signature)}};
}

}  // namespace

result<std::string> merge_customers_json(std::string_view request, session& in,
                                         const customer_id& stays, const customer_id& goes,
                                         std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(request);
  if (!tree) return tree.error();
  exchange::json_failure failure;
  const exchange::json_node root(&*tree, "", failure);
  root.only({"take", "only_tell"});
  merge_options how;
  if (const exchange::json_node take = root.member("take"); take.there()) {
    const std::size_t count = take.size(max_fields);
    for (std::size_t i = 0; i < count && !failure.happened(); ++i) {
      how.take.add(
          take.at(i).found([&](std::string_view key) { return in.fields().find(key); }).number);
    }
  }
  if (const exchange::json_node trial = root.member("only_tell"); trial.there()) {
    if (trial.boolean(false)) how.mode = merge_mode::only_tell;
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  const auto done = in.merge_customers(stays, goes, how);
  if (!done) return done.error();
  json::array fields;
  for (const merged_field& one : done->fields) {
    const bool left_out = one.fate == merge_fate::left_out;
    fields.push_back({{"field", key_of(one.field, in.fields())},
                      {"fate", name_of(one.fate)},
                      {"added", one.added},
                      {"alike", one.alike},
                      {"why", left_out ? json::value(name_of(one.why)) : json::value(nullptr)}});
  }
  json::object out{{"fields", std::move(fields)}, {"directives", done->directives},
                   {"waiting", done->waiting},    {"associates", done->associates},
                   {"closed", done->closed},      {"receipt", nullptr}};
  if (how.mode == merge_mode::merge) out["receipt"] = tree_of(done->receipt);
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> unmerge_json(session& in, const customer_id& part) try {
  const auto done = in.unmerge(part);
  if (!done) return done.error();
  return json::serialize(json::object{{"restored", keys_of(done->restored, in.fields())},
                                      {"as_they_are", keys_of(done->as_they_are, in.fields())},
                                      {"purchases", done->purchases},
                                      {"notes", done->notes},
                                      {"noes", done->noes},
                                      {"receipt", tree_of(done->receipt)}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> parts_json(session& in, const customer_id& id) try {
  const auto all = in.parts(id);
  if (!all) return all.error();
  const auto whole = in.whole(id);
  if (!whole) return whole.error();
  json::array parts;
  for (const customer_part& one : *all) {
    parts.push_back({{"id", hex<std::string>(one.id.bytes)},
                     {"since", time_of(one.since)},
                     {"by", one.by},
                     {"until", time_of(one.until)}});
  }
  return json::serialize(
      json::object{{"customer", hex<std::string>(whole->bytes)}, {"parts", std::move(parts)}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
