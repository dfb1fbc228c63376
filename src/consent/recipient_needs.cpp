// What a recipient's entry lacks, as compile_profile.cpp will hold it against the party: the
// obligations that only the registry discharges, the prohibition of a transfer without a basis,
// and the contract without which nobody works for the shop.
#include <clientbook/consent/recipient_needs.hpp>

#include <algorithm>

#include "on_behalf.hpp"

namespace clientbook {
namespace {

bool is_about(const consent_scope& scope, recipient_id party_class) noexcept {
  return scope.recipients.contains(recipient::any) ||
         covered_by_denial(scope.recipients).contains(party_class);
}

}  // namespace

recipient_needs needs_of(const law_profile& profile, const recipient_party& party) noexcept {
  recipient_needs out;
  const bool has_contract = !party.contract.view().empty();
  out.contract = !has_contract && works_for_the_shop(party.party_class);
  for (const obligation_rule& row : profile.obligations) {
    if (!is_about(row.scope, party.party_class)) continue;
    const obligation_set asked = row.required.required;
    if (asked.contains(obligation::contract_on_file) && !has_contract) out.contract = true;
    if (asked.contains(obligation::no_onward) && party.onward == onward_rule::not_agreed) {
      out.onward = true;
    }
  }
  const bool adequate = std::find(profile.adequate.begin(), profile.adequate.end(),
                                  party.country) != profile.adequate.end();
  for (const prohibition_rule& row : profile.prohibitions) {
    if (row.condition == prohibition_condition::transfer_without_basis && !adequate &&
        party.transfer == transfer_basis::none && is_about(row.scope, party.party_class)) {
      out.transfer = true;
    }
  }
  return out;
}

}  // namespace clientbook
