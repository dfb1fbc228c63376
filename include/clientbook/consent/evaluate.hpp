// Evaluate: may this purpose have these fields of this customer, for this recipient, now?
//
// One call decides a whole record. A decision is a pure function of its arguments: no clock, no
// allocation, no I/O; it can be replayed, and it runs in the firmware core. Stages, in order; the
// first that applies to a field decides it:
//   0 something is unknown           deny     5 a valid grant           permit
//   1 the profile prohibits it       deny     6 a basis of the profile  permit
//   2 restricted or objected         deny     7 nothing                 deny
//   3 withdrawn after the last grant deny     8 an obligation of the permit that the
//   4 denied                         deny       caller cannot discharge  deny
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_CONSENT_EVALUATE_HPP
#define CLIENTBOOK_CONSENT_EVALUATE_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/consent/compiled_state.hpp>
#include <clientbook/consent/obligation.hpp>
#include <clientbook/model/terms.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

namespace clientbook {

inline constexpr std::size_t consent_stages = 9;

/// Later than every instant that matters.
inline constexpr timestamp end_of_time{std::numeric_limits<std::int64_t>::max()};

struct decision_request {
  purpose_id purpose{};
  recipient_id recipient = recipient::self;  ///< A named party, or a class.
  operation_id operation = operation::use;
  field_set fields = all_fields;  ///< Those that the state does not know are denied.
  country_code country{};         ///< Where the data goes; none: where the registry says.
  timestamp now{};
  clock_confidence clock = clock_confidence::trusted;
  /// What the caller promises to do; a permit that asks for more is a denial. A session of a book
  /// adds what the book does itself.
  obligation_set discharges{};
};

struct record_decision {
  field_set asked{};      ///< The fields that were asked for and that the state knows.
  field_set permitted{};  ///< Everything else is denied.
  field_set masked{};     ///< Permitted, in the form that `operators` gives.
  /// decided[s]: the fields asked for that stage s decided.
  std::array<field_set, consent_stages> decided{};
  /// By field number; none where it is not masked.
  std::array<redaction_operator, 64> operators{};
  obligations required{};  ///< Of all permitted fields together; `mask` is in `operators`.
  /// The decision holds until then: the next instant at which a rule that matters to it begins
  /// or ends.
  timestamp valid_until = end_of_time;
};

/// Why. Kept in the ledger: append, never renumber.
enum class decision_code : std::uint8_t {
  none = 0,  ///< Not asked for.
  unknown_subject = 1,
  unknown_purpose = 2,
  unknown_recipient = 3,
  unknown_operation = 4,
  unknown_field = 5,
  unknown_country = 6,  ///< Not where the registry says that the recipient is.
  unknown_clock = 7,    ///< A permit with a time limit, and no clock to judge it by.
  legal_prohibition = 16,
  restricted = 32,
  objected = 33,
  withdrawn = 48,
  denied_by = 64,
  granted_by = 80,
  basis = 96,
  no_basis = 112,
  obligation_unsupported = 128,
};

/// Which rule decided.
enum class rule_source : std::uint8_t { none = 0, directive = 1, profile = 2 };

struct explanation {
  field_id field{};
  bool permitted = false;
  std::uint8_t stage = 0;
  decision_code code = decision_code::none;
  /// Of several categories of a field, the one that decided.
  category_id category{};
  rule_source source = rule_source::none;
  directive_kind kind = directive_kind::deny;  ///< With rule_source::directive.
  std::uint16_t sequence = 0;                  ///< With rule_source::directive: which one.
  std::uint16_t row = 0;  ///< With rule_source::profile: place in the table that the code names.
  lawful_basis basis = lawful_basis::none;  ///< With rule_source::profile at stage 6.
  /// Obligations of a permit, and of a denial at stage 8.
  obligations required{};
  timestamp valid_until = end_of_time;  ///< Of the rule that decided.
  /// Under which law it was decided; with several, whose rule decided. 0: none was there.
  profile_id profile{};
  std::uint32_t profile_version = 0;
};

/// Decides about all fields asked for.
[[nodiscard]] record_decision evaluate(const compiled_state_view& state,
                                       const decision_request& request) noexcept;

/// Whether a law or the customer demands obligation::pseudonymise for that purpose, recipient and
/// operation, of whichever field and whether or not that field is permitted: identities are then to
/// be replaced in all that is shown, so that a denial of one field uncovers no other.
[[nodiscard]] bool demands_pseudonyms(const compiled_state_view& state,
                                      const decision_request& request) noexcept;

/// Why evaluate() decides about one field as it does: from the same rules in the same order.
[[nodiscard]] explanation explain(const compiled_state_view& state, const decision_request& request,
                                  field_id field) noexcept;

/// Of two explanations of one question under two laws, whether the first is the one that decides: a
/// denial before a permit, an earlier stage before a later one.
[[nodiscard]] bool goes_before(const explanation& a, const explanation& b) noexcept;

/// Canonical bytes of a request, for the digest of a decision's inputs: deterministic CBOR.
/// Errors: buffer_too_small (64 bytes suffice).
result<byte_view> encode_request(const decision_request& request, byte_span out) noexcept;

/// "GRANTED_BY", "UNKNOWN_PURPOSE". Empty if there is no such code.
std::string_view name_of(decision_code code) noexcept;

}  // namespace clientbook

#endif
