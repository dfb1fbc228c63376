// Who works for the shop, and what the shop hands them for it.
//
// Shared by the compiler, which lets them stand on the shop's ground, and by previews, which show
// that. A parcel service is none of them: it has rows of its own, which say less.
#ifndef CLIENTBOOK_CONSENT_ON_BEHALF_HPP
#define CLIENTBOOK_CONSENT_ON_BEHALF_HPP

#include <clientbook/model/terms.hpp>

namespace clientbook {

constexpr bool works_for_the_shop(recipient_id party_class) noexcept {
  return party_class == recipient::processor || party_class == recipient::subprocessor ||
         party_class == recipient::contractor;
}

/// Whether somebody who may do this needs to have it.
constexpr bool is_worked_with(const operation_set& operations) noexcept {
  return operations.contains(operation::use) || operations.contains(operation::store);
}

inline constexpr operation_set passed_on_by{operation::disclose, operation::transfer,
                                            operation::cross_border_transfer};

}  // namespace clientbook

#endif
