// Recipient needs: what a law profile asks of a party before it gets anything, and nobody does yet.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_RECIPIENT_NEEDS_HPP
#define CLIENTBOOK_TRANSFER_RECIPIENT_NEEDS_HPP

#include <clientbook/consent/obligation.hpp>
#include <clientbook/consent/profile.hpp>
#include <clientbook/consent/registry.hpp>

namespace clientbook {

/// Obligations of the profile's rows for disclosures to this party which neither the book nor what
/// the registry knows of the party discharges: while they are open, it gets nothing of what those
/// rows are about. contract_on_file and no_onward end with another entry in the registry.
obligation_set open_obligations(const law_profile& profile, const recipient_party& party) noexcept;

}  // namespace clientbook

#endif
