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

// When somebody who is of age at `at` came of it. The clock that says so may be ahead of the true
// one: then they are not yet, so the instant goes into the state. Of an age reached long ago the
// year will do, which no more than a few dozen states can differ in.
timestamp compiler::came_of_age(std::uint8_t below, timestamp at) const noexcept {
  const timestamp reached = birthday(below);
  const date day = date_of(reached);
  const timestamp next_year = start_of({static_cast<std::int16_t>(day.year + 1), 1, 1});
  return next_year <= at ? next_year : reached;
}

timestamp compiler::birthday(std::uint8_t age) const noexcept {
  date day = *subject_.born;
  day.year = static_cast<std::int16_t>(day.year + age);
  // Born on 29 February: on 1 March of a common year (years_between).
  if (!exists(day)) day = {day.year, 3, 1};
  return start_of(day);
}

bool compiler::lacks_transfer_basis(const recipient_party& party) const noexcept {
  if (party.transfer != transfer_basis::none) return false;
  return std::find(profile_.adequate.begin(), profile_.adequate.end(), party.country) ==
         profile_.adequate.end();
}

void compiler::add_prohibition(std::size_t row) noexcept {
  const prohibition_rule& from = profile_.prohibitions[row];
  const bool of_children = from.condition == prohibition_condition::child;
  if (of_children && !subject_.born && !is_child(profile_.child_below, as_of_)) return;
  rule added = denial_of(from.scope);
  if (of_children && subject_.born) {
    const bool child = is_child(profile_.child_below, as_of_);
    added.facts.interval =
        interval_number({.until = (child ? birthday(profile_.child_below)
                                         : came_of_age(profile_.child_below, as_of_))
                                      .seconds});
  }
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
  added.facts.detail = from.needs_assertion ? 1 : 0;
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
