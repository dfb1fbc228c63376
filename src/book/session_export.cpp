// Passing on purchases and notes too: of many at once, or to the customers what is theirs; and what
// did not get out.
//
// Everybody whose data leaves has an entry of their own, in one commit that is durable before any
// of it is returned. What is said afterwards not to have got out is a further entry: the former one
// was true when it was written, and nothing in the ledger is ever taken back.
#include <algorithm>
#include <string>
#include <tuple>

#include "disclosing.hpp"
#include "others_in_texts.hpp"
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

// Who gets it, and by which request.
class giving {
 public:
  giving(session_state& s, const disclosure_request& what, std::string_view name)
      : s_(s),
        what_(what),
        request_(s.consent.reading(what.purpose, s.clock_now())),
        party_class_(class_of(s.consent.registry(), what.recipient)),
        name_(name) {
    request_.recipient = what.recipient;
    request_.operation = operation::disclose;
    request_.country = what.country;
  }

  result<void> read(const customer_id& id, customer_no number, exported& out) {
    const field_set asked = what_.fields.empty() ? all_fields : what_.fields;
    const auto others = others_in_copy(s_, number, what_.recipient);
    if (!others) return others.error();
    if (auto filled = s_.fill(out.content, number, id, request_, asked); !filled) return filled;
    for (const auto& [kind, field, list] :
         {std::tuple(item_kind::purchase, field::purchases, &out.purchases),
          std::tuple(item_kind::note, field::notes, &out.notes)}) {
      if (!asked.has(field) || !out.content.decision().permitted.has(field)) continue;
      auto items = s_.items_as(id, {.kind = kind, .hidden = *others}, request_);
      if (!items) return items.error();
      *list = std::move(*items);
    }
    return {};
  }

  result<void> log(const customer_id& id, customer_no number, exported& out) {
    const auto edited = s_.core->tree().edit(number);
    if (!edited) return edited.error();
    std::array<ledger::disclosed_field, max_fields> fields;
    std::size_t count = fields_of(out.content, **edited, fields);
    add_items(out.purchases, field::purchases, out.content.decision(), count, fields);
    add_items(out.notes, field::notes, out.content.decision(), count, fields);
    if (count == 0) return {};
    const lawful_basis basis = s_.basis_of_view(number, request_, out.content);
    // The tree may have moved.
    const auto again = s_.core->tree().edit(number);
    if (!again) return again.error();
    const bool their_own = is_the_customers(what_.recipient);
    const auto logged = s_.ledger.append(
        {.type = their_own ? ledger_event::disclosure : ledger_event::data_export,
         .purpose = what_.purpose,
         .legal_basis = static_cast<std::uint8_t>(basis),
         .recipient_class = party_class_},
        {.recipient = name_,
         .fields = {fields.data(), count},
         .until = their_own ? std::nullopt : kept_until(out.content.decision(), request_.now)},
        s_.who.id, request_.now,
        ledger_store::subject{.number = number, .entry = *again, .id = id});
    if (!logged) return logged.error();
    s_.passes_on(what_.recipient);
    out.permitted = true;
    out.ledger_index = logged->index;
    out.entry = logged->id;
    return {};
  }

 private:
  session_state& s_;
  const disclosure_request& what_;
  decision_request request_;
  recipient_id party_class_;
  std::string name_;
};

result<giving> prepared(session_state& s, const disclosure_request& what) {
  // What is the customers' own goes to each of them alone.
  const auto party = s.consent.registry().find(what.recipient);
  if (!is_party(what.recipient) || !party) {
    return error{errc::not_found, "no such recipient: add it to the registry first"};
  }
  return giving(s, what, party->name.view());
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
    const timestamp payload_at = payload->at;
    const std::string name(payload->recipient);
    const std::vector<ledger::disclosed_field> fields(payload->fields.begin(),
                                                      payload->fields.end());
    if (auto asked = s.ask(action::disclose, leaf->purpose, which.customer); !asked) return asked;
    const auto edited = s.core->tree().edit(*number);
    if (!edited) return edited.error();
    const auto logged = s.ledger.append(
        {.type = ledger_event::not_delivered,
         .purpose = leaf->purpose,
         .recipient_class = leaf->recipient_class},
        {.recipient = name, .fields = fields, .about = index}, s.who.id, s.now(),
        ledger_store::subject{.number = *number, .entry = *edited, .id = which.customer});
    if (!logged) return logged.error();
    if (!is_the_customers(leaf->recipient_class)) return {};
    return s.reopen_request(which.customer, index, payload_at);
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
    if (auto counted = s.count_customers(ids, what.purpose); !counted) return counted.error();
  }
  s.unpinned = false;
  std::vector<customer_entry> given;
  auto done = s.change(whom, [&]() -> result<std::vector<exported>> {
    auto to = prepared(s, what);
    if (!to) return to.error();
    std::vector<exported> out(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto number = s.number(ids[i]);
      if (!number) return number.error();
      // An export by a case is of those whom it names, one of a portfolio of those who are in it.
      const auto asked = s.ask(action::disclose, what.purpose, ids[i]);
      if (!asked && (asked.error().code == errc::case_required ||
                     asked.error().code == errc::not_in_portfolio)) {
        continue;
      }
      if (!asked) return asked.error();
      if (auto seen = to->read(ids[i], *number, out[i]); !seen) return seen.error();
      if (auto logged = to->log(ids[i], *number, out[i]); !logged) return logged.error();
      if (out[i].permitted) given.push_back({ids[i], out[i].ledger_index});
    }
    return out;
  });
  if (!done && s.unpinned) return s.not_handed_over(done.error(), given);
  return done;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<exported> session::hand_over(const customer_id& id, purpose_id purpose,
                                    recipient_id to) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a disclosure is a transaction of its own: commit first"};
  }
  if (!is_the_customers(to)) {
    return error{errc::invalid_argument, "handed over is to customers, or to who represents them"};
  }
  const disclosure_request what{.purpose = purpose, .recipient = to};
  if (auto looked = s.look(action::disclose, purpose); !looked) return looked.error();
  if (const auto known = s.number(id); known && s.ask(action::disclose, purpose, id)) {
    if (auto told = s.trip(*known, purpose); !told) return told.error();
    if (auto counted = s.count_to_pass_on(*known); !counted) return counted.error();
  }
  std::optional<customer_entry> given;
  auto done = s.change(s.ask(action::disclose, purpose), [&]() -> result<exported> {
    const auto number = s.number(id);
    if (!number) return number.error();
    if (auto asked = s.ask(action::disclose, purpose, id); !asked) return asked.error();
    if (auto asked = s.ask(action::hand_over, case_kind::rights, id); !asked) return asked.error();
    if (auto known = s.check_identity_of(*number, id); !known) return known.error();
    giving theirs(s, what, facts(to)->label);
    exported out;
    if (auto read = theirs.read(id, *number, out); !read) return read.error();
    if (auto logged = theirs.log(id, *number, out); !logged) return logged.error();
    if (out.permitted) given = customer_entry{id, out.ledger_index};
    return out;
  });
  if (!done && given && s.unpinned) return s.not_handed_over(done.error(), {&*given, 1});
  return done;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

error session_state::not_handed_over(const error& why, std::span<const customer_entry> entries) {
  unpinned = false;
  const auto told = change_asking([&] { return ask_any(action::disclose); },
                                  [&]() -> result<void> {
                                    takes_back = true;
                                    for (const customer_entry& each : entries) {
                                      if (auto marked = mark(*this, each); !marked) return marked;
                                    }
                                    return {};
                                  });
  if (told || unpinned) {
    return {why.code,
            "nothing is handed over, and the ledger says that it did not get out: the pin beside "
            "the key could not be moved"};
  }
  return {why.code,
          "nothing is handed over, but the ledger names it as given and could not be told: the pin "
          "beside the key could not be moved"};
}

result<void> session::not_delivered(std::span<const customer_entry> entries) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "what did not get out is a transaction of its own"};
  }
  s.unpinned = false;
  const auto told = s.change_asking([&] { return s.ask_any(action::disclose); },
                                    [&]() -> result<void> {
                                      s.takes_back = true;
                                      for (const customer_entry& each : entries) {
                                        if (auto marked = mark(s, each); !marked) return marked;
                                      }
                                      return {};
                                    });
  // The ledger says it, and that is what was asked for. An old copy without it says too much, and
  // not too little; the next change that needs the pin tells of it.
  return s.unpinned ? result<void>() : told;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
