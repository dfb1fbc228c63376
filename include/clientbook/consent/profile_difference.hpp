// Profile difference: what another law profile would newly permit, before anybody adopts it.
//
// The same history is decided under both profiles, cell by cell. A cell that opens is a reason
// to look twice: whoever changes a profile approves it. Nothing said gives the difference of the
// laws themselves.
//
// Thread safety: needs its workspace alone.
#ifndef CLIENTBOOK_CONSENT_PROFILE_DIFFERENCE_HPP
#define CLIENTBOOK_CONSENT_PROFILE_DIFFERENCE_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/consent/preview.hpp>

namespace clientbook {

/// One purpose, recipient and operation that the two profiles decide differently.
struct profile_change {
  recipient_id recipient{};  ///< A class or a party.
  purpose_id purpose{};
  operation_id operation{};
  field_set opened{};  ///< Fields permitted by `after` alone.
  field_set closed{};  ///< Fields permitted by `before` alone.
  friend bool operator==(const profile_change&, const profile_change&) = default;
};

/// Gets the changes in ascending order of recipient, purpose, operation.
class profile_change_sink {
 public:
  virtual void change(const profile_change& found) noexcept = 0;

 protected:
  ~profile_change_sink() = default;
};

struct profile_difference {
  std::size_t opened = 0;  ///< Changes that open something.
  std::size_t closed = 0;  ///< Changes that close something; one may do both.
};

/// Compares environment.profile with `after`, for every class, every party that is there, every
/// purpose and operation. Whoever asks is taken to discharge every obligation, so that the
/// difference is one of permission.
/// Errors: as compile(), of either profile.
result<profile_difference> compare_profiles(std::span<const directive> directives,
                                            const consent_environment& environment,
                                            const law_profile& after, const subject_facts& subject,
                                            timestamp now, preview_workspace& workspace,
                                            profile_change_sink& sink) noexcept;

/// The same for whatever decides before and after.
profile_difference compare_decisions(permitted_fields before, permitted_fields after,
                                     const recipient_registry* registry, timestamp now,
                                     profile_change_sink& sink) noexcept;

}  // namespace clientbook

#endif
