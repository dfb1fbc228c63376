// The rules of the law profile: what no grant opens, what needs no consent, what a permit asks for.
//
// A row becomes a line, with its place in the table of the profile, so that an explanation can name
// it. Conditions are decided here and not when a decision is taken (whether the customer is a
// child, whether a party's country is adequate): states are compiled anew when one of them changes.
#include <algorithm>

#include "compiler.hpp"

namespace clientbook::compiling {
namespace {

timestamp birthday(const date& born, std::uint8_t age) noexcept {
  date day = born;
  day.year = static_cast<std::int16_t>(day.year + age);
  // Born on 29 February: on 1 March of a common year (years_between).
  if (!exists(day)) day = {day.year, 3, 1};
  return start_of(day);
}

}  // namespace

// When somebody who is of age at `at` came of it. The clock that says so may be ahead of the true
// one: then they are not yet, so the instant goes into the state. Of an age reached long ago the
// year will do, which no more than a few dozen states can differ in.
timestamp came_of_age(const date& born, std::uint8_t below, timestamp at) noexcept {
  const timestamp reached = birthday(born, below);
  const date day = date_of(reached);
  const timestamp next_year = start_of({static_cast<std::int16_t>(day.year + 1), 1, 1});
  return next_year <= at ? next_year : reached;
}

std::optional<date> compiler::born_for(std::uint32_t sequence, timestamp at) const noexcept {
  if (!proven_) return subject_.born;
  return clientbook::born_for(directives_, sequence, at, subject_.born);
}

// Not yet born counts as younger: what cannot be must not make an adult.
bool compiler::is_child(std::uint8_t below, timestamp at, std::uint32_t sequence) const noexcept {
  const std::optional<date> born = born_for(sequence, at);
  if (born && years_between(*born, date_of(at)) < below) return true;
  return !subject_.born && subject_.age && *subject_.age < below;
}

compiler::overruled compiler::overruled_birth() const noexcept {
  overruled out;
  if (!proven_) return out;
  for (const std::uint16_t place : std::span(scratch_.order).first(directives_.size())) {
    const directive& one = directives_[place];
    const date& believed = one.age.believed;
    if (!proves_age(one) || believed.year == 0) continue;
    if (subject_.born && !(*subject_.born < believed)) continue;
    out = {std::max(out.born, believed), place};
  }
  return out;
}

bool compiler::lacks_transfer_basis(const recipient_party& party) const noexcept {
  if (party.transfer != transfer_basis::none) return false;
  return std::find(profile_.adequate.begin(), profile_.adequate.end(), party.country) ==
         profile_.adequate.end();
}

void compiler::add_prohibition(std::size_t row) noexcept {
  const prohibition_rule& from = profile_.prohibitions[row];
  rule added = denial_of(from.scope);
  added.facts.kind = line_kind::prohibition;
  added.facts.origin = static_cast<std::uint16_t>(row);
  if (from.condition == prohibition_condition::child) return add_children_rule(added);
  if (from.condition == prohibition_condition::transfer_without_basis) {
    recipient_set abroad;
    for (const recipient_party& party : parties()) {
      if (lacks_transfer_basis(party)) abroad.add(party.id);
    }
    added.recipients &= abroad;
  }
  push(added);
}

// Holds until the birthday. Of whom the book took for a child until a proof of age it holds as long
// all the same, but for what they agree to after it: a proof opens nothing by itself.
void compiler::add_children_rule(rule added) noexcept {
  const std::uint8_t below = profile_.child_below;
  const auto until = [&](const date& born) {
    const bool child = years_between(born, date_of(as_of_)) < below;
    return interval_number(
        {.until = (child ? birthday(born, below) : came_of_age(born, below, as_of_)).seconds});
  };
  if (subject_.born) {
    added.facts.interval = until(*subject_.born);
    push(added);
  } else if (subject_.age && *subject_.age < below) {
    push(added);
  }
  const overruled before = overruled_birth();
  if (before.proof == no_directive) return;
  added.facts.interval = until(before.born);
  added.directive = before.proof;
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
