// Portfolios in numbers and days.
#include <clientbook/base/hex.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/transfer/portfolios_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <limits>

#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>

#include "named_customer.hpp"

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;

constexpr std::int64_t most_number = std::numeric_limits<std::uint32_t>::max();

std::string time_of(timestamp at) {
  char out[20];
  write_timestamp(at, out);
  return {out, sizeof out};
}

json::object to_object(const portfolio& whose) {
  json::array associates;
  for (const associate& one : whose.associates) {
    associates.push_back({{"actor", one.who.value},
                          {"rank", one.rank == associate_rank::primary ? "primary" : "further"},
                          {"since", text_of(one.since)}});
  }
  return {{"store", whose.store.value}, {"associates", std::move(associates)}};
}

std::uint32_t number(const json_node& from) {
  return static_cast<std::uint32_t>(from.integer(0, most_number));
}

}  // namespace

result<std::string> portfolio_to_json(const portfolio& whose) try {
  return json::serialize(to_object(whose));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> portfolios_to_json(std::span<const portfolio_entry> all) try {
  json::array out;
  for (const portfolio_entry& one : all) {
    json::object row = to_object(one.whose);
    row["customer"] = hex<std::string>(one.customer.bytes);
    out.push_back(std::move(row));
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> reassigned_to_json(const reassigned& done) try {
  return json::serialize(json::object{{"moved", done.moved}, {"left", done.left}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> portfolio_rules_to_json(const portfolio_rules& rules) try {
  json::array actors;
  for (const actor_stores& one : rules.actors) {
    json::array stores;
    for (const store_id store : one.stores) stores.emplace_back(store.value);
    actors.push_back({{"actor", one.who.value}, {"stores", std::move(stores)}});
  }
  json::object out{{"in_force", rules.use == portfolio_use::in_force}};
  if (rules.since_by != actor_id()) {
    out["by"] = rules.since_by.value;
    out["since"] = time_of(rules.since);
  }
  if (rules.ends) {
    out["ends"] = {{"by", rules.ends->by.id.value},
                   {"role", name_of(rules.ends->by.role)},
                   {"at", time_of(rules.ends->at)}};
  }
  out["actors"] = std::move(actors);
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<void> assignment_from_json(std::string_view text, assignment_document& out,
                                  std::string& where) try {
  const auto value = exchange::read_json(text);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"customers", "store", "primary", "further"});
  const json_node customers = from.required("customers");
  const std::size_t count = customers.size(max_assigned_at_once);
  out.customers.clear();
  for (std::size_t i = 0; i < count && !failure.happened(); ++i) {
    out.customers.push_back(customers.at(i).found(transfer::parse_customer));
  }
  out.what.store = store_id(number(from.member("store")));
  out.what.primary = actor_id(number(from.member("primary")));
  out.further.clear();
  if (const json_node further = from.member("further"); further.there()) {
    const std::size_t others = further.size(max_further_associates);
    for (std::size_t i = 0; i < others && !failure.happened(); ++i) {
      out.further.emplace_back(number(further.at(i)));
    }
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  out.what.further = out.further;
  return {};
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<actor_stores> stores_from_json(std::string_view text, std::string& where) try {
  const auto value = exchange::read_json(text);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"actor", "stores"});
  actor_stores out{.who = actor_id(number(from.required("actor"))), .stores = {}};
  const json_node stores = from.required("stores");
  const std::size_t count = stores.size(max_stores_of_actor);
  for (std::size_t i = 0; i < count && !failure.happened(); ++i) {
    out.stores.emplace_back(number(stores.at(i)));
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
