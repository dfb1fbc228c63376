// What the bindings say and hear of witnesses.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/rights/witness_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <vector>

#include "json_parts.hpp"

namespace clientbook {

namespace json = boost::json;
using transfer::wiped_memory;

namespace {

// Nobody's data is in it: neither names nor times of customers.
json::value time_or_null(timestamp at) {
  if (at == timestamp{}) return nullptr;
  char text[20];
  write_timestamp(at, text);
  return json::string(std::string_view(text, sizeof text));
}

}  // namespace

result<std::string> witnesses_to_json(session& in) try {
  const auto all = in.witnesses();
  if (!all) return all.error();
  json::array out;
  for (const ledger_witness& one : *all) {
    out.push_back({{"name", one.name()},
                   {"key", one.key},
                   {"seen", one.seen},
                   {"size", one.size},
                   {"at", time_or_null(one.at)},
                   {"note", one.note}});
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> take_witness_answer_json(std::string_view document, session& in,
                                             std::string_view name, std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(document, wiped_memory());
  if (!tree) return tree.error();
  exchange::json_failure failure;
  const exchange::json_node root(&*tree, "", failure);
  root.only({"request", "status", "answer"});
  const std::string_view request = root.required("request").text();
  witness_answer answer{.status = 200, .body = root.member("answer").text()};
  if (const auto status = root.member("status"); status.there()) {
    answer.status = static_cast<unsigned>(status.integer(100, 599));
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  const auto out = in.take_witness_answer(name, request, answer);
  if (!out) return out.error();
  return json::serialize(json::object{
      {"cosigned", out->cosigned}, {"size", out->size}, {"at", time_or_null(out->at)}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<proved_evidence> check_evidence_json(std::string_view evidence,
                                            const ledger::log_identity& log,
                                            std::string_view policy) try {
  const auto tree = exchange::read_json(policy, wiped_memory());
  if (!tree) return tree.error();
  exchange::json_failure failure;
  const exchange::json_node root(&*tree, "", failure);
  root.only({"witnesses", "required"});
  std::vector<std::string_view> keys;
  const auto all = root.required("witnesses");
  for (std::size_t i = 0; i < all.size(max_witnesses) && !all.failed(); ++i) {
    keys.push_back(all.at(i).text());
  }
  std::size_t required = keys.size();
  if (const auto some = root.member("required"); some.there()) {
    required = static_cast<std::size_t>(some.integer(0, max_witnesses));
  }
  if (failure.happened()) return failure.what;
  return check_evidence(evidence, log, {.keys = keys, .required = required});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
