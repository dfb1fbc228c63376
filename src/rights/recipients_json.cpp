// What recipients still have, and whom they passed it on to, as JSON.
#include <clientbook/base/hex.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/exchange/json.hpp>
#include <clientbook/internal/exchange/json_node.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/rights/recipients_json.hpp>

#include <boost/json/object.hpp>

#include "json_parts.hpp"

namespace clientbook {

namespace json = boost::json;
using transfer::wiped_memory;

result<wiped_text> expired_to_json(std::span<const expired_disclosure> all,
                                   const schema& fields) try {
  json::array out(wiped_memory());
  for (const expired_disclosure& one : all) {
    const auto party_class = facts(one.party_class);
    const auto why = facts(one.purpose);
    out.push_back({{"customer", hex<std::string>(one.customer.bytes)},
                   {"ledger_index", one.ledger_index},
                   {"recipient", one.recipient},
                   {"recipient_class", party_class ? party_class->name : std::string_view()},
                   {"purpose", why ? why->name : std::string_view()},
                   {"fields", rights::names_of(one.fields, fields)},
                   {"given_at", rights::text_of(one.given_at)},
                   {"until", rights::or_null(one.until)},
                   {"why", name_of(one.why)}});
  }
  return transfer::written(out);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<std::uint64_t> report_onward_json(std::string_view document, session& in,
                                         const customer_id& id, std::string& where) try {
  where.clear();
  const auto tree = exchange::read_json(document, wiped_memory());
  if (!tree) return tree.error();
  exchange::json_failure failure;
  const exchange::json_node root(&*tree, "", failure);
  root.only({"from", "to", "class", "contact", "fields", "on"});
  onward_report what{.from = root.required("from").text(),
                     .to = root.required("to").text(),
                     .contact = root.member("contact").text()};
  if (const auto of = root.member("class"); of.there()) {
    what.party_class = of.found(find_recipient_class);
  } else if (const auto parties = in.recipients(); parties && !(*parties)->find(what.to)) {
    what.party_class = recipient::third_party;
  }
  if (const auto some = root.member("fields"); some.there()) {
    for (std::size_t i = 0; i < some.size(max_fields) && !some.failed(); ++i) {
      what.fields.add(some.at(i).found([&](std::string_view key) -> result<field_id> {
        const auto known = in.fields().find(key);
        if (!known) return known.error();
        return known->number;
      }));
    }
  }
  if (const auto on = root.member("on"); on.there()) what.on = on.found(parse_date);
  if (failure.happened()) {
    where = failure.where;
    return failure.what;
  }
  return in.report_onward(id, what);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
