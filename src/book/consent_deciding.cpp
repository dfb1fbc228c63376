// Decisions: decide() is the only maker of grants.
#include "consent_store.hpp"

#include "places.hpp"
#include "pseudonym_keys.hpp"

namespace clientbook {

using storage::key;
using storage::table;

decision_request consent_store::reading(purpose_id purpose, timestamp now) const noexcept {
  // A clock behind what one has told already was set back, one far ahead of it was set forward: no
  // permit may rest on either.
  const bool wrong = now < newest_time() || is_ahead(now);
  return {.purpose = purpose,
          .recipient = recipient::self,
          .operation = operation::use,
          .now = now,
          .clock = wrong ? clock_confidence::none : clock_confidence::trusted,
          .discharges = discharged_by_book | host_discharges_};
}

result<const consent_store::known_state*> consent_store::state(std::uint32_t number) {
  if (number < states_.size() && states_[number]) return states_[number].get();
  auto fresh = std::make_unique<known_state>();
  std::vector<std::byte> bytes;
  if (number == 0) {
    // Nobody said anything: made for the book's first instant, so that it holds at all later.
    auto compiled = compile_now({}, timestamp{core_.row().created_at});
    if (!compiled) return compiled.error();
    bytes = std::move(*compiled);
  } else {
    if (auto got = core_.get_value(core_.keys().rows, own_place(table::state, number), plain_);
        !got) {
      if (got.error().code != errc::not_found) return got.error();
      return error{errc::row_missing, "a compiled consent state is gone: restore a copy", number};
    }
    bytes.assign(plain_.view().begin(), plain_.view().end());
  }
  auto opened = known_state::open(bytes);
  if (!opened) return opened.error();
  *fresh = std::move(*opened);
  if (states_.size() <= number) states_.resize(number + 1);
  states_[number] = std::move(fresh);
  return states_[number].get();
}

result<void> consent_store::verify_state(std::uint32_t number) {
  if (auto got = core_.get_value(core_.keys().rows, own_place(table::state, number), plain_);
      !got) {
    if (got.error().code != errc::not_found) return got;
    return error{errc::row_missing, "a compiled consent state is gone: restore a copy", number};
  }
  // One that is out of date is compiled anew before anybody is asked by it.
  if (number <= core_.row().states_outdated) return {};
  const std::vector<std::byte> bytes(plain_.view().begin(), plain_.view().end());
  const auto opened = known_state::open(bytes);
  if (!opened) return opened.error();
  return verify_index(number, bytes);
}

// What is compiled again finds its state by the index; one made since may have taken its place.
result<void> consent_store::verify_index(std::uint32_t number, byte_view compiled) {
  const std::array<byte_view, 1> parts{compiled};
  const auto token = crypto::blind_token(core_.keys().states, 128, parts);
  if (!token) return token.error();
  const auto held = core_.read().get(key(table::state_index).add(byte_view(*token)));
  if (!held) {
    if (held.error().code != errc::not_found) return held.error();
    return error{errc::row_missing, "the index of consent states lacks one of them", number};
  }
  const std::uint32_t leads_to = held->size() == 4 ? load_be<std::uint32_t>(held->data()) : 0;
  if (leads_to == number) return {};
  constexpr error astray{errc::damaged, "the index of consent states leads to another state"};
  if (leads_to < number || leads_to > core_.row().states) return astray;
  auto got = core_.get_value(core_.keys().rows, own_place(table::state, leads_to), plain_);
  if (!got) return got.error().code == errc::not_found ? result<void>(astray) : got;
  return same_bytes(plain_.view(), compiled) ? result<void>() : result<void>(astray);
}

decision_request consent_store::with_discharges(decision_request request) const noexcept {
  constexpr obligation_set of_contracts{obligation::contract_on_file, obligation::no_onward};
  request.discharges = obligation_set::of_bits(static_cast<std::uint16_t>(
                           request.discharges.bits() & ~of_contracts.bits())) |
                       discharged_by_book;
  if (!is_party(request.recipient)) return request;
  const auto party = registry_->find(request.recipient);
  if (party) request.discharges = request.discharges | discharged_by_contract(*party);
  return request;
}

result<decided_grant> consent_store::decide(customer_no number, const manifest& entry,
                                            const decision_request& request) {
  const auto named = contacts_told_apart(number, entry, request.now);
  if (!named) return named.error();
  return decide(number, entry, request, *named);
}

result<std::vector<contact_point>> consent_store::contacts_told_apart(customer_no number,
                                                                      const manifest& entry,
                                                                      timestamp now) {
  const auto known = state_of(number, entry, now);
  if (!known) return known.error();
  if (!(*known)->has_contacts()) return std::vector<contact_point>();
  const auto said = directives(entry, number);
  if (!said) return said.error();
  return named_contacts(*said);
}

result<decided_grant> consent_store::decide(customer_no number, const manifest& entry,
                                            const decision_request& request,
                                            std::span<const contact_point> named) {
  const auto known = state_of(number, entry, request.now);
  if (!known) return known.error();
  decided_grant out{.decision = {}, .permit = grant(number, entry.consent_state, request)};
  if ((*known)->has_contacts()) {
    const known_state& state = **known;
    const decision_request asked = with_discharges(request);
    const state_decision each = state.decide_each(asked);
    out.decision = with_pseudonyms(state, asked, each.whole);
    if (named.size() < each.open.size()) {
      return error{errc::damaged, "a customer's consents are of contact points that nobody named"};
    }
    contact_limits& limits = out.permit.contacts_;
    limits.others = each.others.permitted;
    for (std::size_t i = 0; i < contact_fields.size(); ++i) {
      limits.forms_of_others[i] = each.others.operators[contact_fields[i].value];
      limits.stages_of_others[i] = stage_of(each.others, contact_fields[i]);
    }
    for (std::size_t i = 0; i < each.open.size(); ++i) {
      limits.named.push_back({named[i], each.open[i], each.forms[i], each.stages[i]});
    }
  } else {
    out.decision = decided(**known, request);
  }
  out.permit.fields_ = out.decision.permitted;
  return out;
}

result<record_decision> consent_store::judge(customer_no number, const manifest& entry,
                                             const decision_request& request) {
  const auto known = state_of(number, entry, request.now);
  if (!known) return known.error();
  return decided(**known, request);
}

record_decision consent_store::decided(const known_state& state,
                                       const decision_request& request) const {
  const decision_request asked = with_discharges(request);
  return with_pseudonyms(state, asked, state.decide(asked));
}

record_decision consent_store::with_pseudonyms(const known_state& state,
                                               const decision_request& asked,
                                               record_decision out) const {
  if (!out.permitted.empty() && state.demands_pseudonyms(asked)) {
    pseudonymise(core_.fields(), out);
    out.required.required.add(obligation::pseudonymise);
  }
  return out;
}

}  // namespace clientbook
