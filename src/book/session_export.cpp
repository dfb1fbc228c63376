// Passing on many at once, and what did not get out.
//
// Everybody whose data leaves has an entry of their own, in one commit that is durable before any
// of it is returned. What is said afterwards not to have got out is a further entry: the former one
// was true when it was written, and nothing in the ledger is ever taken back.
#include <algorithm>
#include <string>
#include <tuple>

#include "disclosing.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

using storage::item_kind;

constexpr std::size_t most_at_once = 1000;

// Of purchases and notes the ledger says up to which one they left.
void add_items(const item_list& list, field_id field, const record_decision& decision,
               std::size_t& count, std::array<ledger::disclosed_field, max_fields>& out) {
  if (list.size() == 0) return;
  const bool masked = list.state() == field_state::redacted;
  const ledger::disclosed_field one{
      .field = field,
      .version = record_version(list.items().back().sequence),
      .redaction = masked ? decision.operators[field.value] : redaction_operator::none};
  const auto begin = out.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(count);
  const auto at = std::find_if(begin, end, [&](const auto& other) { return field < other.field; });
  std::copy_backward(at, end, end + 1);
  *at = one;
  ++count;
}

// One export: who gets it, and by which request.
struct recipient_of_many {
  session_state& s;
  const disclosure_request& what;
  decision_request request;
  recipient_id party_class;
  std::string name;

  result<void> read(const customer_id& id, customer_no number, exported& out) {
    const field_set asked = what.fields.empty() ? all_fields : what.fields;
    if (auto filled = s.fill(out.content, number, id, request, asked); !filled) return filled;
    for (const auto& [kind, field, list] :
         {std::tuple(item_kind::purchase, field::purchases, &out.purchases),
          std::tuple(item_kind::note, field::notes, &out.notes)}) {
      if (!asked.has(field) || !out.content.decision().permitted.has(field)) continue;
      auto items = s.items_as(id, kind, field, request, 0);
      if (!items) return items.error();
      *list = std::move(*items);
    }
    return {};
  }

  result<void> log(const customer_id& id, customer_no number, exported& out) {
    const auto edited = s.core->tree().edit(number);
    if (!edited) return edited.error();
    std::array<ledger::disclosed_field, max_fields> fields;
    std::size_t count = fields_of(out.content, **edited, fields);
    add_items(out.purchases, field::purchases, out.content.decision(), count, fields);
    add_items(out.notes, field::notes, out.content.decision(), count, fields);
    if (count == 0) return {};
    const lawful_basis basis = s.basis_of_view(number, request, out.content);
    // The tree may have moved.
    const auto again = s.core->tree().edit(number);
    if (!again) return again.error();
    const auto logged = s.ledger.append(
        {.type = ledger_event::data_export,
         .purpose = what.purpose,
         .legal_basis = static_cast<std::uint8_t>(basis),
         .recipient_class = party_class},
        {.recipient = name, .fields = {fields.data(), count}}, s.who.id, request.now,
        ledger_store::subject{.number = number, .entry = *again, .id = id});
    if (!logged) return logged.error();
    out.permitted = true;
    out.ledger_index = logged->index;
    out.entry = logged->id;
    return {};
  }
};

result<recipient_of_many> prepared(session_state& s, const disclosure_request& what) {
  // What is the customers' own goes to each of them alone.
  const auto party = s.consent.registry().find(what.recipient);
  if (!is_party(what.recipient) || !party) {
    return error{errc::not_found, "no such recipient: add it to the registry first"};
  }
  recipient_of_many out{.s = s,
                        .what = what,
                        .request = s.consent.reading(what.purpose, s.now()),
                        .party_class = class_of(s.consent.registry(), what.recipient),
                        .name = std::string(party->name.view())};
  out.request.recipient = what.recipient;
  out.request.operation = operation::disclose;
  out.request.country = what.country;
  return out;
}

// Tells of one entry that it did not get out.
result<void> mark(session_state& s, const customer_entry& which) {
  const auto number = s.number(which.customer);
  if (!number) return number.error();
  const auto found = s.entry(*number);
  if (!found) return found.error();
  std::uint64_t index = (*found)->last_ledger_index;
  for (std::uint32_t left = (*found)->disclosures; left > 0; --left) {
    const auto leaf = s.ledger.leaf(index);
    if (!leaf) return leaf.error();
    const auto payload = s.ledger.payload(index, *number, **found);
    if (!payload) return payload.error();
    if (payload->about == which.ledger_index) {
      return error{errc::invalid_argument, "the ledger says already that it did not get out"};
    }
    if (index != which.ledger_index) {
      if (!payload->previous) break;
      index = *payload->previous;
      continue;
    }
    if (leaf->type != ledger_event::disclosure && leaf->type != ledger_event::data_export) {
      return error{errc::invalid_argument, "nothing left by this entry"};
    }
    const std::string name(payload->recipient);
    const std::vector<ledger::disclosed_field> fields(payload->fields.begin(),
                                                      payload->fields.end());
    const auto edited = s.core->tree().edit(*number);
    if (!edited) return edited.error();
    if (auto asked = s.ask(action::disclose, leaf->purpose, which.customer); !asked) return asked;
    const auto logged = s.ledger.append(
        {.type = ledger_event::not_delivered,
         .purpose = leaf->purpose,
         .recipient_class = leaf->recipient_class},
        {.recipient = name, .fields = fields, .about = index}, s.who.id, s.now(),
        ledger_store::subject{.number = *number, .entry = *edited, .id = which.customer});
    return logged ? result<void>() : logged.error();
  }
  return error{errc::not_found, "the customer has no such entry", which.ledger_index};
}

}  // namespace

result<std::vector<exported>> session::disclose_many(std::span<const customer_id> ids,
                                                     const disclosure_request& what) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a disclosure is a transaction of its own: commit first"};
  }
  if (ids.size() > most_at_once) {
    return error{errc::limit_exceeded, "at most 1,000 customers at once", most_at_once};
  }
  const auto whom = s.ask(action::disclose, what.purpose);
  if (whom && *whom == reach::one && ids.size() > 1) {
    return error{errc::role_denied, "this role passes on one customer at a time, not many"};
  }
  if (whom) {
    if (auto counted = s.count_customers(ids); !counted) return counted.error();
  }
  return s.change(whom, [&]() -> result<std::vector<exported>> {
    auto to = prepared(s, what);
    if (!to) return to.error();
    std::vector<exported> out(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto number = s.number(ids[i]);
      if (!number) return number.error();
      // An export by a case is of those whom it names.
      const auto asked = s.ask(action::disclose, what.purpose, ids[i]);
      if (!asked && asked.error().code == errc::case_required) continue;
      if (!asked) return asked.error();
      if (auto seen = to->read(ids[i], *number, out[i]); !seen) return seen.error();
      if (auto logged = to->log(ids[i], *number, out[i]); !logged) return logged.error();
    }
    return out;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::not_delivered(std::span<const customer_entry> entries) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "what did not get out is a transaction of its own"};
  }
  return s.change(s.ask_any(action::disclose), [&]() -> result<void> {
    for (const customer_entry& each : entries) {
      if (auto told = mark(s, each); !told) return told;
    }
    return {};
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
