// The table of roles as it is built in, and cases in the words of their kinds.
#include <clientbook/base/hex.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/transfer/actors_json.hpp>
#include <clientbook/transfer/book_json.hpp>
#include <clientbook/transfer/scope_words.hpp>

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

std::string text_of(timestamp at) {
  char out[20];
  write_timestamp(at, out);
  return {out, sizeof out};
}

// What a role may do in a group, for whom: an object for each that is anything.
void add_cells(actor_role role, purpose_group group, json::array& to) {
  for (const reach whose : {reach::named, reach::one, reach::own, reach::all}) {
    json::array actions;
    for (const action what : all_actions()) {
      if (reach_of(role, what, group) == whose) actions.emplace_back(name_of(what));
    }
    if (actions.empty()) continue;
    to.push_back({{"group", name_of(group)}, {"whose", name_of(whose)}, {"actions", actions}});
  }
}

// Whose customers of these it reaches while portfolios are in force.
json::array portfolios_of(actor_role role) {
  json::array out;
  for (const purpose_group group : all_groups()) {
    for (const portfolio_reach whose : {portfolio_reach::store, portfolio_reach::own}) {
      json::array actions;
      for (const action what : all_actions()) {
        if (portfolio_reach_of(role, what, group) == whose) actions.emplace_back(name_of(what));
      }
      if (actions.empty()) continue;
      out.push_back({{"group", name_of(group)}, {"whose", name_of(whose)}, {"actions", actions}});
    }
  }
  return out;
}

json::object role_of(actor_role role) {
  json::array may;
  for (const purpose_group group : all_groups()) add_cells(role, group, may);
  const budget most = budget_of(role);
  return {{"role", name_of(role)},
          {"number", static_cast<int>(role)},
          {"may", std::move(may)},
          {"portfolios", portfolios_of(role)},
          {"budget",
           {{"customers_an_hour", most.customers_an_hour},
            {"customers_a_day", most.customers_a_day},
            {"look_ups_an_hour", most.look_ups_an_hour},
            {"tables_a_month", most.tables_a_month}}}};
}

template <class Wanted>
json::array purposes_where(Wanted&& wanted) {
  json::array out;
  all_purposes().for_each([&](purpose_id one) {
    if (wanted(one)) out.emplace_back(facts(one)->name);
  });
  return out;
}

json::object to_object(const case_record& one, timestamp now) {
  json::array customers;
  for (const customer_id& id : one.customers) customers.emplace_back(hex<std::string>(id.bytes));
  json::object out{{"number", one.number},
                   {"kind", name_of(one.kind)},
                   {"customers", std::move(customers)},
                   {"opened_by", one.opened_by.id.value},
                   {"role", name_of(one.opened_by.role)},
                   {"opened_at", text_of(one.opened_at)},
                   {"until", text_of(one.until)},
                   {"reference", one.reason.reference.view()},
                   {"in_force", in_force(one, now)}};
  if (one.reason.hash != consent_hash{}) out["hash"] = hex<std::string>(one.reason.hash);
  if (one.confirmed_by != actor_id()) out["confirmed_by"] = one.confirmed_by.value;
  if (one.closed_at != timestamp{}) {
    out["closed_at"] = text_of(one.closed_at);
    if (one.closed_by != actor_id()) out["closed_by"] = one.closed_by.value;
  }
  return out;
}

json::array keys_in(field_set which, const schema& fields) {
  json::array out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    if (which.has(field.number)) out.emplace_back(field.key);
  }
  return out;
}

json::object to_object(const look& one, const schema& fields) {
  json::object times;
  for (std::size_t i = 0; i < look_kinds; ++i) {
    if (one.times[i] != 0) times[name_of(static_cast<look_kind>(i))] = one.times[i];
  }
  json::array roles;
  for (const actor_role role : all_roles()) {
    if (one.roles.has(role)) roles.emplace_back(name_of(role));
  }
  json::object out{{"actor", one.actor.value},
                   {"roles", std::move(roles)},
                   {"day", text_of(one.on)},
                   {"times", std::move(times)},
                   {"fields", keys_in(one.fields, fields)},
                   {"first", text_of(one.first)},
                   {"last", text_of(one.last)}};
  if (const auto why = facts(one.purpose)) out["purpose"] = why->name;
  return out;
}

}  // namespace

result<std::string> roles_to_json() try {
  json::array roles;
  for (const actor_role one : all_roles()) roles.push_back(role_of(one));
  json::object groups;
  for (const purpose_group group : all_groups()) {
    if (group == purpose_group::none || group == purpose_group::of_case) continue;
    groups[name_of(group)] = purposes_where([&](purpose_id one) { return group_of(one) == group; });
  }
  json::object cases;
  for (const case_kind kind : all_case_kinds()) {
    cases[name_of(kind)] = purposes_where([&](purpose_id one) { return case_of(one) == kind; });
  }
  return json::serialize(json::object{{"version", version_of_role_table()},
                                      {"roles", std::move(roles)},
                                      {"groups", std::move(groups)},
                                      {"cases", std::move(cases)},
                                      {"kept_without_a_case", purposes_where([](purpose_id one) {
                                         return keeping_group_of(one) != group_of(one);
                                       })}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> cases_to_json(std::span<const case_record> cases, timestamp now) try {
  json::array out;
  for (const case_record& one : cases) out.push_back(to_object(one, now));
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> customers_to_json(std::span<const customer_id> all) try {
  json::array out;
  for (const customer_id& id : all) out.emplace_back(hex<std::string>(id.bytes));
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::vector<customer_id>> customers_from_json(std::string_view text,
                                                     std::string& where) try {
  const auto value = exchange::read_json(text);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"customers"});
  const json_node customers = from.required("customers");
  // It is canaries that are named so.
  const std::size_t count = customers.size(max_canaries);
  std::vector<customer_id> out;
  for (std::size_t i = 0; i < count && !failure.happened(); ++i) {
    out.push_back(customers.at(i).found(transfer::parse_customer));
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> alarms_to_json(std::span<const security_alarm> all,
                                   const recipient_registry& registry) try {
  json::array out;
  for (const security_alarm& one : all) {
    json::object row{{"kind", name_of(one.kind)},
                     {"at", text_of(one.at)},
                     {"actor", one.who.id.value},
                     {"role", name_of(one.who.role)}};
    if (one.kind == alarm_kind::canary) row["customer"] = hex<std::string>(one.customer.bytes);
    if (const auto why = facts(one.purpose)) row["purpose"] = why->name;
    if (one.kind == alarm_kind::fan_out) row["recipient"] = word_for(one.recipient, registry);
    out.push_back(std::move(row));
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

namespace {

std::string hour_and_minute(std::uint16_t of_day) {
  const auto two = [](unsigned number) {
    return std::string{static_cast<char>('0' + number / 10), static_cast<char>('0' + number % 10)};
  };
  return two(of_day / 60U) + ":" + two(of_day % 60U);
}

result<std::uint16_t> minute_of_day(std::string_view text) noexcept {
  constexpr error malformed{errc::invalid_value, "an hour of the day is written as 06:30"};
  if (text.size() != 5 || text[2] != ':') return malformed;
  unsigned part[2]{};
  for (const std::size_t at : {0U, 1U, 3U, 4U}) {
    if (text[at] < '0' || text[at] > '9') return malformed;
    unsigned& number = part[at / 3];
    number = number * 10 + static_cast<unsigned>(text[at] - '0');
  }
  if (part[0] > 23 || part[1] > 59) return malformed;
  return static_cast<std::uint16_t>(part[0] * 60 + part[1]);
}

}  // namespace

result<std::string> alarm_settings_to_json(const alarm_settings& now) try {
  json::object out{{"customers_to_one_recipient", now.customers_to_one_recipient}};
  if (now.quiet.from != now.quiet.until) {
    out["quiet"] = json::object{{"from", hour_and_minute(now.quiet.from)},
                                {"until", hour_and_minute(now.quiet.until)}};
  }
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<alarm_changes> alarm_changes_from_json(std::string_view text, std::string& where) try {
  const auto value = exchange::read_json(text);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"customers_to_one_recipient", "quiet"});
  alarm_changes out;
  if (const json_node most = from.member("customers_to_one_recipient"); most.there()) {
    out.customers_to_one_recipient =
        static_cast<std::uint32_t>(most.integer(0, std::numeric_limits<std::uint32_t>::max()));
  }
  if (const json_node quiet = from.member("quiet"); quiet.there() && quiet.value()->is_null()) {
    out.quiet = quiet_time{};
  } else if (quiet.there()) {
    quiet.only({"from", "until"});
    out.quiet = quiet_time{.from = quiet.required("from").found(minute_of_day),
                           .until = quiet.required("until").found(minute_of_day)};
    if (out.quiet->from == out.quiet->until) {
      quiet.fail({errc::invalid_value, "hours that begin where they end are none: say null"});
    }
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  return out;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<void> case_from_json(std::string_view text, case_document& out, std::string& where) try {
  const auto value = exchange::read_json(text);
  if (!value) return value.error();
  json_failure failure;
  const json_node from(&*value, "", failure);
  from.only({"kind", "customers", "reference", "evidence", "until"});
  out.request.kind = from.required("kind").found(find_case_kind);
  const json_node customers = from.required("customers");
  const std::size_t count = customers.size(max_case_customers);
  out.customers.clear();
  for (std::size_t i = 0; i < count && !failure.happened(); ++i) {
    out.customers.push_back(customers.at(i).found(transfer::parse_customer));
  }
  const json_node reference = from.required("reference");
  if (short_text<64>::fits(reference.text())) {
    out.request.reason.reference = short_text<64>(reference.text());
  } else {
    reference.fail({errc::limit_exceeded, "a reference has at most 64 bytes", 64});
  }
  if (const json_node evidence = from.member("evidence"); evidence.there()) {
    out.request.reason.hash = crypto::hash(as_bytes(evidence.text()));
  }
  if (const json_node until = from.member("until"); until.there()) {
    out.request.until = until.found([](std::string_view day) -> result<timestamp> {
      const auto end = parse_timestamp(day);
      // To case_request that is no end of its own.
      if (end && *end == timestamp{}) {
        return error{errc::invalid_value, "a case does not end in the past"};
      }
      return end;
    });
  }
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  out.request.customers = out.customers;
  return {};
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> looks_to_json(std::span<const look> looks, const schema& fields) try {
  json::array out;
  for (const look& one : looks) out.push_back(to_object(one, fields));
  return json::serialize(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> report_to_json(const actor_report& told, const schema& fields) try {
  json::array days;
  for (const day_of_looks& one : told.days) {
    json::object row = to_object(one, fields);
    row["customers"] = one.customers;
    row["listed"] = one.listed;
    row["not_found"] = one.not_found;
    days.push_back(std::move(row));
  }
  json::array customers;
  for (const look_at_customer& one : told.customers) {
    json::object row = to_object(one, fields);
    row["customer"] = hex<std::string>(one.customer.bytes);
    customers.push_back(std::move(row));
  }
  json::array tables;
  for (const table_look& one : told.tables) {
    json::object row{
        {"at", text_of(one.at)}, {"columns", keys_in(one.columns, fields)}, {"k", one.k}};
    if (const auto why = facts(one.purpose)) row["purpose"] = why->name;
    tables.push_back(std::move(row));
  }
  return json::serialize(json::object{{"days", std::move(days)},
                                      {"customers", std::move(customers)},
                                      {"tables", std::move(tables)},
                                      {"unnamed", told.unnamed}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::string> budget_to_json(const budget_left& left) try {
  return json::serialize(json::object{{"customers_this_hour", left.customers_this_hour},
                                      {"customers_today", left.customers_today},
                                      {"look_ups_this_hour", left.look_ups_this_hour},
                                      {"tables_this_month", left.tables_this_month}});
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
