// What would change a denial: the one decision that would permit a field, if there is one.
//
// Nothing is guessed. Every candidate is compiled as if it had been said last, and the same
// evaluator decides; what is named here, permits when it is done. Candidates are the narrowest of
// their kind, for just what was asked: a consent of each strength by each of those who may give
// one, the lifting of what stands in the way, an assertion of a basis that the law knows. One
// decision is looked for, never two.
//
// Thread safety: pure functions; a workspace belongs to one thread at a time.
#ifndef CLIENTBOOK_CONSENT_REMEDY_HPP
#define CLIENTBOOK_CONSENT_REMEDY_HPP

#include <clientbook/consent/compiled_state.hpp>
#include <clientbook/consent/evaluate.hpp>

#include <array>
#include <cstdint>
#include <span>

namespace clientbook {

enum class remedy_kind : std::uint8_t {
  none = 0,       ///< No single decision of anybody permits it; see `obstacle`.
  consent = 1,    ///< A grant.
  lift = 2,       ///< What is named in `overrides` is lifted.
  assertion = 3,  ///< With evidence, that it rests on `basis`.
};

/// What stands in the way where no decision helps.
enum class remedy_obstacle : std::uint8_t {
  other = 0,        ///< What the explanation says.
  no_contract = 1,  ///< The registry has no contract with the recipient.
  no_rule_on_passing_on = 2,
  caller = 3,  ///< Whoever asks does not fulfil what the permit demands.
};

struct remedy {
  remedy_kind kind = remedy_kind::none;
  remedy_obstacle obstacle = remedy_obstacle::other;
  indicated_by by = indicated_by::subject;  ///< Who decides.
  consent_strength strength = consent_strength::none;
  lawful_basis basis = lawful_basis::none;
  std::uint16_t basis_row = 0;  ///< Of the profile's basis table, for an assertion,
  profile_id profile{};         ///< and whose.
  bool evidenced = false;       ///< Whether it counts with evidence alone.
  /// Whether a notice that is known announces what is asked; a consent needs one that does.
  bool announced = false;
  /// Sequences of directives that it has to name, from the front; zero ends it.
  std::array<std::uint32_t, directive::max_supersedes> overrides{};
  /// The decision itself, with no id, evidence or notice of anybody's. Its `event_at` is the
  /// instant for which it was tried.
  directive said{};
};

struct remedy_workspace {
  compile_workspace compiling;
  std::array<std::byte, max_compiled_state> state;
};

/// Looks for what would permit this field, which is denied. Its cost is that of a few compilations,
/// of some thirty at most.
///
/// Errors: as compile().
result<remedy> find_remedy(std::span<const directive> directives,
                           const consent_environment& environment, const subject_facts& subject,
                           const decision_request& request, field_id field, timestamp as_of,
                           remedy_workspace& workspace) noexcept;

/// What permits it under several laws at once, which differ in nothing but the profile.
result<remedy> find_remedy(std::span<const directive> directives,
                           std::span<const consent_environment> laws, const subject_facts& subject,
                           const decision_request& request, field_id field, timestamp as_of,
                           remedy_workspace& workspace) noexcept;

}  // namespace clientbook

#endif
