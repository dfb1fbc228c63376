// Pairs of customers who may be one person: who, and why, without a value.
#include <clientbook/base/hex.hpp>
#include <clientbook/transfer/duplicates_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <vector>

#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include "named_customer.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;

constexpr std::size_t max_asked_at_once = 100'000;

result<json::object> tree_of(const duplicate_pair& pair, const schema& fields) {
  json::array shared;
  for (const shared_point& one : pair.points) {
    const auto known = fields.find(one.field);
    if (!known) return known.error();
    shared.push_back(
        {{"field", known->key}, {"in_first", one.in_first}, {"in_second", one.in_second}});
  }
  return json::object{{"first", hex<std::string>(pair.first.bytes)},
                      {"second", hex<std::string>(pair.second.bytes)},
                      {"shared", std::move(shared)},
                      {"names", pair.names},
                      {"same_postcode", pair.same_postcode},
                      {"same_birth_date", pair.same_birth_date}};
}

}  // namespace

result<std::string> duplicate_to_json(const duplicate_pair& pair, const schema& fields) try {
  const auto tree = tree_of(pair, fields);
  if (!tree) return tree.error();
  return json::serialize(*tree);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> duplicates_json(std::string_view request, session& in, purpose_id purpose,
                                    std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(request);
  if (!tree) return tree.error();
  exchange::json_failure failure;
  const exchange::json_node root(&*tree, "", failure);
  root.only({"of", "most"});
  std::vector<customer_id> of;
  if (const exchange::json_node some = root.member("of"); some.there()) {
    const std::size_t count = some.size(max_asked_at_once);
    for (std::size_t i = 0; i < count && !failure.happened(); ++i) {
      of.push_back(some.at(i).found(transfer::parse_customer));
    }
  }
  const auto most = static_cast<std::size_t>(root.member("most").integer(0, 1'000'000, 0));
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  json::array pairs;
  std::optional<error> failed;
  const auto found = in.duplicates(purpose,
                                   [&](const duplicate_pair& one) {
                                     auto told = tree_of(one, in.fields());
                                     if (!told) {
                                       failed = told.error();
                                       return false;
                                     }
                                     pairs.push_back(std::move(*told));
                                     return most == 0 || pairs.size() < most;
                                   },
                                   {.of = of});
  if (!found) return found.error();
  if (failed) return *failed;
  const bool more = most != 0 && pairs.size() == most;
  return json::serialize(json::object{{"pairs", std::move(pairs)},
                                      {"more", more},
                                      {"not_same", found->not_same},
                                      {"crowded", found->crowded},
                                      {"unreadable", found->unreadable}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
