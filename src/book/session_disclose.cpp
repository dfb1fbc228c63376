// Passing on to a recipient.
//
// disclose() writes the ledger's entry in the change that it reads in, and returns the view only
// once that is durable. A refusal is an entry too, so it does not undo the change.
#include "disclosing.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

// Of fields that were asked for by name all leave, or none; an empty set stands for whatever is
// permitted.
std::optional<error> refusal_of(const record_decision& decision, field_set fields) {
  const field_set denied = fields & ~decision.permitted;
  if (denied.empty() && decision.permitted) return std::nullopt;
  const bool unsupported = !(decision.decided[8] & (fields.empty() ? all_fields : denied)).empty();
  return error{unsupported ? errc::obligation_unsupported : errc::denied,
               unsupported ? literal("the permit has an obligation nobody said to discharge")
                           : literal("this recipient may not have this for that purpose"),
               denied.empty() ? std::uint64_t{0} : (*denied.begin()).value};
}

// What nobody else would be given whole goes to the customer alone: for who answers requests, not
// for who wants a copy.
result<void> may_disclose(session_state& s, const disclosure_request& what, const customer_id& id) {
  if (auto asked = s.ask(action::disclose, what.purpose, id); !asked) return asked;
  if (!is_the_customers(what.recipient)) return {};
  if (auto asked = s.ask(action::hand_over, case_kind::rights, id); !asked) return asked;
  const auto number = s.number(id);
  return number ? s.check_identity_of(*number, id) : result<void>(number.error());
}

}  // namespace

result<disclosure> session::disclose(const customer_id& id, const disclosure_request& what) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a disclosure is a transaction of its own: commit first"};
  }
  // A refusal is written too, so it must not undo the change that writes it.
  std::optional<error> refused;
  std::optional<customer_entry> given;
  const bool their_own = is_the_customers(what.recipient);
  if (auto looked = s.look(action::disclose, what.purpose); !looked) return looked.error();
  if (const auto known = s.number(id); known && s.ask(action::disclose, what.purpose, id)) {
    if (auto told = s.trip(*known, what.purpose); !told) return told.error();
    if (auto counted = s.count_to_pass_on(*known); !counted) return counted.error();
  }
  auto done = s.change(s.ask(action::disclose, what.purpose), [&]() -> result<disclosure> {
    const auto party = s.consent.registry().find(what.recipient);
    if (!their_own && (!is_party(what.recipient) || !party)) {
      return error{errc::not_found, "no such recipient: add it to the registry first"};
    }
    const auto number = s.number(id);
    if (!number) return number.error();
    if (auto asked = may_disclose(s, what, id); !asked) return asked.error();
    const timestamp now = s.now();
    decision_request request = s.consent.reading(what.purpose, s.clock_now());
    request.recipient = what.recipient;
    request.operation = operation::disclose;
    request.country = what.country;
    disclosure out;
    if (auto filled = s.fill(out.content, *number, id, request,
                             what.fields.empty() ? all_fields : what.fields);
        !filled) {
      return filled.error();
    }
    const record_decision& decision = out.content.decision();
    refused = refusal_of(decision, what.fields);

    const auto edited = s.core->tree().edit(*number);
    if (!edited) return edited.error();
    std::array<ledger::disclosed_field, max_fields> fields;
    const std::size_t count = refused ? 0 : fields_of(out.content, **edited, fields);
    ledger::disclosure_entry entry{
        .type = refused ? ledger_event::refusal : ledger_event::disclosure,
        .purpose = what.purpose,
        .legal_basis = static_cast<std::uint8_t>(
            refused ? lawful_basis::none : s.basis_of_view(*number, request, out.content)),
        .recipient_class = class_of(s.consent.registry(), what.recipient)};
    ledger::disclosure_payload payload{
        .recipient = their_own ? facts(what.recipient)->label : party->name.view(),
        .fields = {fields.data(), count}};
    if (!refused && !their_own) payload.until = kept_until(decision, now);
    const auto logged =
        s.ledger.append(entry, std::move(payload), s.who.id, now,
                        ledger_store::subject{.number = *number, .entry = *edited, .id = id});
    if (!logged) return logged.error();
    out.ledger_index = logged->index;
    out.entry = logged->id;
    if (!refused) {
      given = customer_entry{id, logged->index};
      s.passes_on(what.recipient);
    }
    return out;
  });
  // Nothing leaves before the entry is durable: change() has committed by now.
  if (!done && given && s.unpinned) return s.not_handed_over(done.error(), {&*given, 1});
  if (!done) return done;
  if (refused) return *refused;
  return done;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

lawful_basis session_state::basis_of_view(customer_no number, const decision_request& request,
                                          const view& content) {
  const auto fields = content.record().fields();
  if (fields.empty()) return lawful_basis::none;
  const auto known = entry(number);
  if (!known) return lawful_basis::none;
  const auto why = consent.explain(number, **known, request, {.field = fields.front().id});
  if (!why) return lawful_basis::none;
  return why->stage == 5 ? lawful_basis::consent : why->basis;
}

}  // namespace clientbook
