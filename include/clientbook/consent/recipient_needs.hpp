// What a recipient's entry lacks: the law asks for it before anything goes there, and no decision
// of a customer can stand in for it.
//
// To be shown when a recipient is added: who finds out at the first parcel finds out too late.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_CONSENT_RECIPIENT_NEEDS_HPP
#define CLIENTBOOK_CONSENT_RECIPIENT_NEEDS_HPP

#include <clientbook/consent/profile.hpp>
#include <clientbook/consent/registry.hpp>

namespace clientbook {

/// Each is a member of recipient_party that has to be filled in.
struct recipient_needs {
  bool contract = false;
  bool onward = false;    ///< A rule on passing on.
  bool transfer = false;  ///< Safeguards: the country is not adequate.
  constexpr bool nothing() const noexcept { return !contract && !onward && !transfer; }
  friend constexpr bool operator==(const recipient_needs&, const recipient_needs&) = default;
};

/// Looks at the class, the country and what is filled in; whether the party was added does not
/// matter.
[[nodiscard]] recipient_needs needs_of(const law_profile& profile,
                                       const recipient_party& party) noexcept;

}  // namespace clientbook

#endif
