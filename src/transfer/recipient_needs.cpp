// A party without a contract is in the registry and gets nothing, which nobody understands who does
// not hear it when the party is added.
#include <clientbook/consent/vocabulary.hpp>
#include <clientbook/model/terms.hpp>
#include <clientbook/transfer/recipient_needs.hpp>

namespace clientbook {

obligation_set open_obligations(const law_profile& profile, const recipient_party& party) noexcept {
  const recipient_set reached = denied_through(party.party_class);
  obligation_set out;
  for (const obligation_rule& row : profile.obligations) {
    const bool discloses = covered_by_denial(row.scope.operations).contains(operation::disclose);
    if (!discloses || (row.scope.recipients & reached).empty()) continue;
    out = out | row.required.required;
  }
  const obligation_set done = discharged_by_book | discharged_by_contract(party);
  return obligation_set::of_bits(static_cast<std::uint16_t>(out.bits() & ~done.bits()));
}

}  // namespace clientbook
