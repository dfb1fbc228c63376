// What a host is told, in words.
#include <clientbook/base/hex.hpp>
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/transfer/audit_json.hpp>
#include <clientbook/transfer/book_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace clientbook {
namespace {

namespace json = boost::json;

template <class Id>
void put_word(json::object& to, const char* member, Id id) {
  if (id == Id()) return;
  if (const auto known = facts(id)) {
    to[member] = known->name;
  } else {
    to[member] = id.value;
  }
}

json::array keys_of(field_set fields) {
  static const schema built_in = standard_schema();
  json::array out;
  for (const field_id one : fields) {
    const auto known = built_in.find(one);
    out.emplace_back(known ? std::string(known->key) : "#" + std::to_string(one.value));
  }
  return out;
}

void put_look(json::object& to, const audit_event& what) {
  to["look"] = name_of(what.look);
  // Of everything that there is nothing is named.
  if (what.fields != all_fields) to["fields"] = keys_of(what.fields);
  to["customers"] = what.customers;
}

void put_entry(json::object& to, const audit_event& what) {
  to["event"] = name_of(what.event);
  to["ledger_index"] = what.ledger_index;
  to["entry"] = hex<std::string>(what.entry.bytes);
  put_word(to, "recipient_class", what.recipient_class);
}

}  // namespace

std::string event_to_json(const audit_event& what) {
  char at[20];
  write_timestamp(what.at, at);
  json::object out{{"kind", name_of(what.kind)},
                   {"at", std::string(at, sizeof at)},
                   {"actor", what.who.id.value},
                   {"role", name_of(what.who.role)}};
  put_word(out, "purpose", what.purpose);
  if (what.customer != customer_id()) out["customer"] = hex<std::string>(what.customer.bytes);
  if (what.kind == audit_kind::look) put_look(out, what);
  if (what.kind == audit_kind::entry) put_entry(out, what);
  if (what.kind == audit_kind::alarm) {
    out["alarm"] = name_of(what.alarm);
    if (what.recipient != recipient_id()) out["recipient"] = what.recipient.value;
  }
  return json::serialize(out);
}

}  // namespace clientbook
