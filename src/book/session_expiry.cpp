// What recipients still have and may not: data whose time is over or whose consent was taken back,
// and what they say of whom they passed it on to. All of it is in the ledger, and so is that they
// were told.
#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "disclosing.hpp"
#include "session_state.hpp"

#include <clientbook/internal/model/card_data.hpp>
#include <clientbook/internal/unicode/name_line.hpp>

namespace clientbook {
namespace {

field_set fields_of(const ledger::disclosure_payload& of) noexcept {
  field_set out;
  for (const ledger::disclosed_field& one : of.fields) out.add(one.field);
  return out;
}

bool left_the_house(const ledger::disclosure_entry& leaf) noexcept {
  return (leaf.type == ledger_event::disclosure || leaf.type == ledger_event::data_export) &&
         leaf.recipient_class != recipient::self && !is_the_customers(leaf.recipient_class);
}

// Reads one customer's entries, the newest first: what is newer says what still holds of an older
// one.
class expiry_reader {
 public:
  expiry_reader(session_state& s, customer_no number, const customer_id& id) noexcept
      : s_(s), number_(number), id_(id), now_(s.consent.as_of(s.now())) {}

  result<std::vector<expired_disclosure>> read() {
    const auto done = s_.each_entry(id_, [&](const entry_seen& one) { return look_at(one); });
    if (!done) return done.error();
    // Of a consent that holds no more: the entries are read, and what was said can be.
    for (gone& one : given_under_consent_) {
      if (auto judged = judge(one); !judged) return judged.error();
    }
    // Of those who got it from a further recipient too: what is added is gone over as well.
    for (std::size_t i = 0; i < gone_.size(); ++i) add_further(gone_[i]);
    std::vector<expired_disclosure> out;
    for (gone& one : gone_) {
      one.what.fields &= ~one.told;
      if (!one.what.fields.empty()) out.push_back(std::move(one.what));
    }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
      return std::tie(a.ledger_index, a.purpose.value) < std::tie(b.ledger_index, b.purpose.value);
    });
    return out;
  }

 private:
  using by_purpose = std::map<std::uint8_t, field_set>;
  // What somebody may keep no more, and of which of it they were told.
  struct gone {
    expired_disclosure what;
    field_set told;
  };
  // What a recipient has reported to have passed on.
  struct passed {
    std::string from, to;
    recipient_id party_class{};
    field_set fields;
    std::uint64_t index = 0;
    timestamp at{};
    by_purpose told;  ///< Of `to`, behind it.
  };

  result<void> look_at(const entry_seen& one) {
    if (one.payload.about) never_got_.push_back(*one.payload.about);
    const std::string name(one.payload.recipient);
    if (one.leaf.type == ledger_event::recipient_told) {
      told_[name][one.leaf.purpose.value] |= fields_of(one.payload);
      return {};
    }
    if (one.payload.passed) {
      reports_.push_back({.from = std::string(one.payload.passed->from),
                          .to = name,
                          .party_class = one.leaf.recipient_class,
                          .fields = fields_of(one.payload),
                          .index = one.index,
                          .at = one.payload.at,
                          .told = told_[name]});
      return {};
    }
    const bool stayed = std::ranges::find(never_got_, one.index) != never_got_.end();
    if (!left_the_house(one.leaf) || stayed) return {};
    const gone made{.what = {.customer = id_,
                             .ledger_index = one.index,
                             .recipient = name,
                             .party_class = one.leaf.recipient_class,
                             .purpose = one.leaf.purpose,
                             .fields = fields_of(one.payload),
                             .given_at = one.payload.at,
                             .until = one.payload.until.value_or(timestamp{})},
                    .told = told_[name][one.leaf.purpose.value]};
    field_set& held = held_[{name, one.leaf.purpose.value}];
    if (one.payload.until && *one.payload.until <= now_) {
      // What they got again since, and may still have, they need not delete.
      gone_.push_back(made);
      gone_.back().what.fields &= ~held;
      return {};
    }
    if (one.leaf.legal_basis == static_cast<std::uint8_t>(lawful_basis::consent)) {
      given_under_consent_.push_back(made);
    }
    held |= made.what.fields & ~made.told;
    return {};
  }

  // What would not be passed on now, because of what the customer has said or says no more.
  result<void> judge(gone& given) {
    expired_disclosure& one = given.what;
    const auto party = s_.consent.registry().find(one.recipient);
    if (!party || party->removed != 0) return {};
    decision_request request = s_.consent.reading(one.purpose, now_);
    request.recipient = party->id;
    request.operation = operation::disclose;
    field_set closed;
    for (const field_id each : one.fields) {
      const auto own = s_.entry(number_);
      if (!own) return own.error();
      const auto why = s_.consent.explain(number_, **own, request, {.field = each});
      if (!why) return why.error();
      if (why->permitted) continue;
      if (why->code == decision_code::withdrawn || why->code == decision_code::objected ||
          why->code == decision_code::denied_by || why->code == decision_code::no_basis) {
        closed.add(each);
      }
    }
    if (closed.empty()) return {};
    one.fields = closed;
    one.why = expiry_reason::withdrawn;
    gone_.push_back(std::move(given));
    return {};
  }

  // They have what its source may keep no more, unless they got it otherwise too, and may keep it.
  void add_further(const gone& from) {
    const expired_disclosure source = from.what;
    for (const passed& one : reports_) {
      if (one.from != source.recipient) continue;
      const field_set fields = one.fields & source.fields & ~held_[{one.to, source.purpose.value}];
      const bool known = std::ranges::any_of(gone_, [&](const gone& each) {
        return each.what.ledger_index == one.index && each.what.purpose == source.purpose &&
               (fields & ~each.what.fields).empty();
      });
      if (fields.empty() || known) continue;
      const auto told = one.told.find(source.purpose.value);
      gone_.push_back({.what = {.customer = id_,
                                .ledger_index = one.index,
                                .recipient = one.to,
                                .party_class = one.party_class,
                                .purpose = source.purpose,
                                .fields = fields,
                                .given_at = one.at,
                                .until = source.until,
                                .why = source.why},
                       .told = told == one.told.end() ? field_set() : told->second});
    }
  }

  session_state& s_;
  customer_no number_;
  const customer_id& id_;
  timestamp now_;
  std::vector<std::uint64_t> never_got_;
  // By recipient and purpose: what they were told of one says nothing of another.
  std::map<std::string, by_purpose> told_;
  std::map<std::pair<std::string, std::uint8_t>, field_set> held_;
  std::vector<passed> reports_;
  std::vector<gone> given_under_consent_;
  std::vector<gone> gone_;
};

// The customer, for who writes about them. Precondition: inside a change.
result<customer_no> reached(session_state& s, const customer_id& id) {
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto mine = s.in_portfolio(action::open_case, *number); !mine) return mine.error();
  if (const auto own = s.entry(*number); !own) return own.error();
  return *number;
}

// An entry about them. Precondition: inside a change.
result<std::uint64_t> log(session_state& s, customer_no number, const customer_id& id,
                          ledger_event event, purpose_id why, recipient_id party_class,
                          ledger::disclosure_payload what) {
  const auto edited = s.core->tree().edit(number);
  if (!edited) return edited.error();
  const auto logged = s.ledger.append(
      {.type = event, .purpose = why, .recipient_class = party_class}, std::move(what), s.who.id,
      s.now(), ledger_store::subject{.number = number, .entry = *edited, .id = id});
  if (!logged) {
    s.broken = true;
    return logged.error();
  }
  return logged->index;
}

std::vector<ledger::disclosed_field> given_of(field_set fields) {
  std::vector<ledger::disclosed_field> out;
  for (const field_id one : fields) out.push_back({.field = one});
  return out;
}

// --- the onward chain -----------------------------------------------------------------------

result<void> check_line(std::string_view text, std::size_t most) noexcept {
  if (text.size() > most) {
    return error{errc::limit_exceeded,
                 "a name or contact of an onward report has at most 100 bytes", most};
  }
  if (!is_name_line(text)) {
    return error{errc::invalid_value, "a name or contact is one line that shows what it is"};
  }
  if (find_card_number(text)) {
    return error{errc::card_data_refused, "the number of a payment card is kept nowhere"};
  }
  return {};
}

// As the ledger names the customer's own copies.
bool is_name_of_the_customer(std::string_view name) noexcept {
  return name == facts(recipient::data_subject)->label ||
         name == facts(recipient::representative_of_subject)->label;
}

result<void> check_report(const onward_report& what, timestamp now) noexcept {
  if (what.from.empty() || what.to.empty()) {
    return error{errc::missing_field, "an onward report names who passed it on, and to whom"};
  }
  if (auto good = check_line(what.to, max_onward_name); !good) return good;
  if (!what.contact.empty()) {
    if (auto good = check_line(what.contact, max_onward_contact); !good) return good;
  }
  if (is_name_of_the_customer(what.to)) {
    return error{errc::invalid_argument, "the customer is no further recipient"};
  }
  if (what.to == what.from) {
    return error{errc::invalid_argument, "a recipient does not pass on to itself"};
  }
  if (!facts(what.party_class) || what.party_class == recipient::any ||
      what.party_class == recipient::self || is_the_customers(what.party_class)) {
    return error{errc::invalid_argument,
                 "a further recipient is of a class of the vocabulary, and "
                 "neither the shop nor the customer"};
  }
  if (what.on.month != 0 && (!exists(what.on) || what.on.year == 0)) {
    return error{errc::invalid_value, "a day of the calendar, with its year, is needed"};
  }
  if (what.on.month != 0 && date_of(now) < what.on) {
    return error{errc::invalid_value, "what was passed on was so today (UTC) at the latest"};
  }
  return {};
}

// What `from` has got, since when, and whether the report is there.
struct got_before {
  field_set fields;
  std::optional<date> first;
  bool reported = false;
};

result<got_before> got_by(session_state& s, const customer_id& id, const onward_report& what) {
  got_before out;
  std::vector<std::uint64_t> never_got;
  std::vector<std::pair<field_set, std::optional<date>>> same;
  const auto read = s.each_entry(id, [&](const entry_seen& one) -> result<void> {
    if (one.payload.about) never_got.push_back(*one.payload.about);
    if (std::ranges::find(never_got, one.index) != never_got.end()) return {};
    if (one.payload.passed && one.payload.passed->from == what.from &&
        one.payload.recipient == what.to) {
      same.emplace_back(fields_of(one.payload), one.payload.passed->on);
    }
    const bool got = left_the_house(one.leaf) || one.leaf.type == ledger_event::onward;
    if (!got || one.payload.recipient != what.from) return {};
    out.fields |= fields_of(one.payload);
    out.first = date_of(one.payload.at);
    if (one.payload.passed && one.payload.passed->on) out.first = *one.payload.passed->on;
    return {};
  });
  if (!read) return read.error();
  const field_set wanted = what.fields.empty() ? out.fields : what.fields;
  const std::optional<date> on = what.on.month == 0 ? std::nullopt : std::optional(what.on);
  out.reported = std::ranges::find(same, std::pair(wanted, on)) != same.end();
  return out;
}

}  // namespace

std::string_view name_of(expiry_reason why) noexcept {
  switch (why) {
    case expiry_reason::time_over:
      return "time_over";
    case expiry_reason::withdrawn:
      return "withdrawn";
  }
  return {};
}

result<std::vector<expired_disclosure>> session::expired_disclosures() try {
  session_state& s = *state_;
  if (auto may = s.may_go_over_everybody(); !may) return may.error();
  if (auto written = s.look_over_everybody(purpose::rights_fulfilment, {}); !written) {
    return written.error();
  }
  if (auto again = s.look_again(); !again) return again.error();
  std::vector<expired_disclosure> out;
  for (customer_no number = first_customer; number < s.core->row().next; ++number.value) {
    const auto own = s.entry(number);
    if (!own && own.error().code == errc::key_erased) continue;
    if (!own) return own.error();
    const customer_id id = s.core->keys().ids->id(number);
    auto theirs = expiry_reader(s, number, id).read();
    if (!theirs) return theirs.error();
    std::move(theirs->begin(), theirs->end(), std::back_inserter(out));
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::uint32_t> session::tell_expired(const customer_id& id, std::string_view recipient) try {
  session_state& s = *state_;
  return s.change(action::open_case, [&]() -> result<std::uint32_t> {
    const auto number = reached(s, id);
    if (!number) return number.error();
    const auto all = expiry_reader(s, *number, id).read();
    if (!all) return all.error();
    std::uint32_t count = 0;
    std::map<std::uint8_t, expired_disclosure> by_purpose;
    for (const expired_disclosure& one : *all) {
      if (one.recipient != recipient) continue;
      ++count;
      auto& of_purpose = by_purpose.try_emplace(one.purpose.value, one).first->second;
      of_purpose.fields |= one.fields;
    }
    if (count == 0) {
      return error{errc::not_found,
                   "nothing of this customer has expired there, or they were told"};
    }
    for (const auto& [number_of, one] : by_purpose) {
      const auto gone = given_of(one.fields);
      const auto logged = log(s, *number, id, ledger_event::recipient_told, one.purpose,
                              one.party_class, {.recipient = recipient, .fields = gone});
      if (!logged) return logged.error();
    }
    return count;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::uint64_t> session::report_onward(const customer_id& id, const onward_report& said) try {
  session_state& s = *state_;
  return s.change(action::open_case, [&]() -> result<std::uint64_t> {
    onward_report what = said;
    // A name is one recipient's, and its class is that one's.
    const auto known = s.consent.registry().find(what.to);
    if (known && what.party_class == recipient_id()) what.party_class = known->party_class;
    if (auto good = check_report(what, s.now()); !good) return good.error();
    const auto number = reached(s, id);
    if (!number) return number.error();
    if (known && known->party_class != what.party_class) {
      return error{errc::invalid_argument, "the registry has this recipient under another class",
                   known->party_class.value};
    }
    const auto before = got_by(s, id, what);
    if (!before) return before.error();
    if (!before->first) {
      return error{errc::not_found, "the ledger names no such recipient of this customer's data"};
    }
    const field_set more = what.fields & ~before->fields;
    if (!more.empty()) {
      return error{errc::invalid_value, "who passed it on has never got that field",
                   (*more.begin()).value};
    }
    if (what.on.month != 0 && what.on < *before->first) {
      return error{errc::invalid_value, "they had not got anything by that day"};
    }
    if (before->reported) return error{errc::already_exists, "the report is in the ledger"};
    const auto fields = given_of(what.fields.empty() ? before->fields : what.fields);
    ledger::onward_words passed{.from = what.from, .contact = what.contact};
    if (what.on.month != 0) passed.on = what.on;
    return log(s, *number, id, ledger_event::onward, purpose::rights_fulfilment, what.party_class,
               {.recipient = what.to, .fields = fields, .passed = passed});
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
