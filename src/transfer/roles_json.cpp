// Tables of roles in the words of the roles, groups and actions.
#include <clientbook/base/time.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/model/values.hpp>
#include <clientbook/transfer/roles_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <vector>

#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>

namespace clientbook {
namespace {

namespace json = boost::json;
using exchange::json_failure;
using exchange::json_node;

constexpr reach reaches[] = {reach::named, reach::one, reach::own, reach::all};
constexpr portfolio_reach portfolios[] = {portfolio_reach::store, portfolio_reach::own};

template <class All>
std::vector<std::string_view> names_of(const All& all) {
  std::vector<std::string_view> out;
  for (const auto& each : all) out.push_back(name_of(each));
  return out;
}

template <class Wanted>
void add_actions(json::object& to, std::string_view name, Wanted&& wanted) {
  json::array out;
  for (const action what : all_actions()) {
    if (wanted(what)) out.emplace_back(name_of(what));
  }
  if (!out.empty()) to[name] = std::move(out);
}

json::object cells_of(const role_table& table, actor_role role) {
  json::object out;
  json::object limits;
  for (const purpose_group group : all_groups()) {
    json::object may;
    json::object limited;
    for (const reach whose : reaches) {
      add_actions(may, name_of(whose),
                  [&](action what) { return table.at(role, what, group).whose == whose; });
    }
    for (const portfolio_reach whose : portfolios) {
      add_actions(limited, name_of(whose),
                  [&](action what) { return table.at(role, what, group).of == whose; });
    }
    if (!may.empty()) out[name_of(group)] = std::move(may);
    if (!limited.empty()) limits[name_of(group)] = std::move(limited);
  }
  if (!limits.empty()) out["portfolios"] = std::move(limits);
  return out;
}

json::object rule_of(const role_rule& rule) {
  json::object out{{"whose", name_of(rule.whose)}};
  if (rule.of != portfolio_reach::everybody) out["of"] = name_of(rule.of);
  return out;
}

result<action> find_action(std::string_view name) {
  for (const action what : all_actions()) {
    if (name_of(what) == name) return what;
  }
  return error{errc::unknown_field, "no such action"};
}

// The actions of a list, each once, put where `put` says.
template <class Put>
void each_action(const json_node& list, Put&& put) {
  if (!list.there()) return;
  const std::size_t count = list.size(all_actions().size());
  for (std::size_t i = 0; i < count && !list.failed(); ++i) {
    const json_node one = list.at(i);
    const action what = one.found(find_action);
    if (!one.failed() && !put(what)) {
      one.fail({errc::invalid_value, "an action stands once, and is limited where it may be done"});
    }
  }
}

void read_role(const json_node& from, actor_role role, role_table& out) {
  std::vector<std::string_view> members = names_of(all_groups());
  members.push_back("portfolios");
  from.only(members);
  for (const purpose_group group : all_groups()) {
    const json_node cells = from.member(name_of(group));
    if (!cells.there()) continue;
    cells.only(names_of(reaches));
    for (const reach whose : reaches) {
      each_action(cells.member(name_of(whose)), [&](action what) {
        const bool fresh = out.at(role, what, group) == role_rule();
        out.set(role, what, group, {.whose = whose});
        return fresh;
      });
    }
  }
  const json_node limits = from.member("portfolios");
  if (!limits.there()) return;
  limits.only(names_of(all_groups()));
  for (const purpose_group group : all_groups()) {
    const json_node cells = limits.member(name_of(group));
    if (!cells.there()) continue;
    cells.only(names_of(portfolios));
    for (const portfolio_reach whose : portfolios) {
      each_action(cells.member(name_of(whose)), [&](action what) {
        const role_rule before = out.at(role, what, group);
        out.set(role, what, group, {.whose = before.whose, .of = whose});
        return before.whose != reach::nobody && before.of == portfolio_reach::everybody;
      });
    }
  }
}

}  // namespace

result<std::string> role_table_to_json(const role_table& table) try {
  json::object roles;
  for (const actor_role role : all_roles()) roles[name_of(role)] = cells_of(table, role);
  return json::serialize(json::object{{"roles", std::move(roles)}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<role_table> role_table_from_json(std::string_view text, std::string& where) try {
  const auto value = exchange::read_json(text);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"roles"});
  const json_node roles = from.required("roles");
  roles.only(names_of(all_roles()));
  role_table out;
  for (const actor_role role : all_roles()) {
    const json_node one = roles.member(name_of(role));
    if (one.there()) read_role(one, role, out);
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> role_proposal_to_json(const role_proposal& made, const role_table& now) try {
  json::array changes;
  for (const role_change& one : changes_between(now, made.table)) {
    changes.push_back({{"role", name_of(one.role)},
                       {"group", name_of(one.group)},
                       {"action", name_of(one.what)},
                       {"from", rule_of(one.before)},
                       {"to", rule_of(one.after)}});
  }
  char at[20];
  write_timestamp(made.at, at);
  return json::serialize(json::object{{"number", made.number},
                                      {"by", made.by.id.value},
                                      {"role", name_of(made.by.role)},
                                      {"at", std::string_view(at, sizeof at)},
                                      {"changes", std::move(changes)}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
