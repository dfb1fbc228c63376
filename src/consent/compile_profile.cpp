// The rules of the law profile: what no grant opens, what needs no consent, what a permit asks for.
//
// A row becomes a line, with its place in the table of the profile, so that an explanation can name
// it. Conditions are decided here and not when a decision is taken (whether the customer is a
// child, whether a party's country is adequate): states are compiled anew when one of them changes.
#include <algorithm>

#include "compiler.hpp"

namespace clientbook::compiling {

// Not yet born counts as younger: what cannot be must not make an adult.
bool compiler::is_child(std::uint8_t below, timestamp at) const noexcept {
  if (subject_.born) return years_between(*subject_.born, date_of(at)) < below;
  return subject_.age && *subject_.age < below;
}

bool compiler::lacks_transfer_basis(const recipient_party& party) const noexcept {
  if (party.transfer != transfer_basis::none) return false;
  return std::find(profile_.adequate.begin(), profile_.adequate.end(), party.country) ==
         profile_.adequate.end();
}

void compiler::add_prohibition(std::size_t row) noexcept {
  const prohibition_rule& from = profile_.prohibitions[row];
  if (from.condition == prohibition_condition::child && !is_child(profile_.child_below, as_of_)) {
    return;
  }
  rule added = denial_of(from.scope);
  if (from.condition == prohibition_condition::transfer_without_basis) {
    recipient_set abroad;
    for (const recipient_party& party : parties()) {
      if (lacks_transfer_basis(party)) abroad.add(party.id);
    }
    added.recipients &= abroad;
  }
  added.facts.kind = line_kind::prohibition;
  added.facts.origin = static_cast<std::uint16_t>(row);
  push(added);
}

void compiler::add_basis(std::size_t row) noexcept {
  const basis_rule& from = profile_.bases[row];
  rule added;
  added.purposes = covered_by_grant(from.scope.purposes);
  added.recipients = granted_recipients(from.scope.recipients, registry_version());
  added.operations = covered_by_grant(from.scope.operations);
  const category_set covered = covered_by_grant(from.scope.categories);
  added.masks = masks_where([&](category_id each) {
    return covered.contains(each) && (from.sensitive || !needs_more(each, consent_strength::none));
  });
  added.facts.kind = line_kind::basis;
  added.facts.origin = static_cast<std::uint16_t>(row);
  added.facts.what = static_cast<std::uint8_t>(from.basis);
  added.facts.needs_assertion = from.needs_assertion ? 1 : 0;
  push(added);
  push(on_behalf(added, registry_version()));
}

void compiler::add_obligation(std::size_t row) noexcept {
  const obligation_rule& from = profile_.obligations[row];
  const obligation_set on_file{obligation::contract_on_file};
  const obligation_set no_onward{obligation::no_onward};
  const std::uint16_t apart = on_file.bits() | no_onward.bits();

  rule added = denial_of(from.scope);
  added.facts.kind = line_kind::obligation;
  added.facts.origin = static_cast<std::uint16_t>(row);
  obligations rest = from.required;
  rest.required =
      obligation_set::of_bits(static_cast<std::uint16_t>(from.required.required.bits() & ~apart));
  if (rest != obligations{}) {
    added.facts.obligations = obligations_of(rest);
    push(added);
  }
  // These two bind parties, and what the registry says of a party discharges them.
  const auto add_unless = [&](obligation_set one, auto&& discharged) {
    if (!from.required.required.includes(one)) return;
    rule part = added;
    part.recipients = recipient_set();
    for (const recipient_party& party : parties()) {
      if (added.recipients.contains(party.id) && !discharged(party)) {
        part.recipients.add(party.id);
      }
    }
    obligations only;
    only.required = one;
    part.facts.obligations = obligations_of(only);
    push(part);
  };
  add_unless(on_file, [](const recipient_party& party) { return !party.contract.view().empty(); });
  add_unless(no_onward,
             [](const recipient_party& party) { return party.onward != onward_rule::not_agreed; });
}

}  // namespace clientbook::compiling
