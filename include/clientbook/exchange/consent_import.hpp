// Consent import and export: signals and records of others become directives, directives
// become records for others.
//
// What comes from outside opens nothing by itself. Denials and objections become directives as
// they stand. A consent becomes a grant only where the importer names the notice that was shown
// (with its hash) and the source tells when the person said so; what does not is counted as
// left out. The directives get random ids; the store fills in subject, sequence and chain.
//
// Thread safety: values; the functions keep no state.
#ifndef CLIENTBOOK_EXCHANGE_CONSENT_IMPORT_HPP
#define CLIENTBOOK_EXCHANGE_CONSENT_IMPORT_HPP

#include <clientbook/base/random.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/privacy_notice.hpp>
#include <clientbook/consent/profile.hpp>
#include <clientbook/consent/registry.hpp>
#include <clientbook/exchange/consent_record_27560.hpp>
#include <clientbook/exchange/consent_signal.hpp>
#include <clientbook/exchange/gpp.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace clientbook {

/// A vendor of IAB's list that the registry of recipients knows.
struct vendor_party {
  std::uint16_t vendor = 0;
  recipient_id party{};
};

/// By the number of the TCF purpose; index 0 is not used.
using tcf_purpose_map = std::array<purpose_set, 12>;

/// The nearest purposes of the vocabulary: advertising for 2 and 7, personalised advertising for 3
/// and 4, personalisation for 5, 6 and 11, statistics for 8 and 9, service optimisation for 10. To
/// store something on a device (1) is no processing of what a book holds.
tcf_purpose_map nearest_tcf_purposes() noexcept;

struct consent_import {
  timestamp now{};  ///< Of denials whose source tells no time.
  actor_id recorder{};
  profile_id jurisdiction{};
  std::uint32_t profile_version = 0;
  /// Rows of its signal table that speak of a signal are added to what its denial covers: they
  /// only tighten. Null: none.
  const law_profile* profile = nullptr;
  std::uint32_t registry_version = 0;  ///< Of the recipients that the notice announced.
  notice_reference notice{};           ///< Without a hash consents are left out.
  consent_evidence evidence{};
  std::span<const vendor_party> vendors{};  ///< Other vendors get nothing, so nothing is denied.
  /// What a consent to TCF purpose n permits, at index n. Default: nothing, since the framework's
  /// purposes are not those of the vocabulary; what the notice said of them decides.
  tcf_purpose_map tcf_purposes{};
};

struct imported_consent {
  std::vector<directive> directives{};
  /// Of whom directives[i] may be recorded: customers who are known to be of these ages.
  std::vector<age_range> ages{};
  std::size_t left_out = 0;  ///< Consents that opened nothing.
};

/// Signals that differ in purposes alone, or in recipients alone, become one directive where that
/// covers no more. Withdrawals come before the grants of the same string.
/// Errors: randomness_failed.
result<imported_consent> directives_of(std::span<const consent_signal> signals,
                                       const consent_import& how, random_source& random);

/// A record of somebody else. A party is found in the registry by its name, the controller is
/// recipient::self. A recipient that the registry lacks is left out of a grant; a denial then
/// covers its whole class. States that decide nothing (unknown, expired: the grant's own end
/// says so) give no directive.
/// Errors: randomness_failed.
result<imported_consent> directives_of(const iso27560::record& record,
                                       const recipient_registry& registry,
                                       const consent_import& how, random_source& random);

/// A section of a GPP string for the United States, as a customer's directives say it. An opt-out
/// that any denial, objection or refusal in force matches is "opted out". "Did not opt out", and
/// that a notice was given, is said only where one of the customer's directives was said under a
/// notice that announces one of the field's purposes; else "not applicable". Sensitive data and
/// children's stay "not applicable": what a consent to them covers is more than a bit can say.
/// `notices`: those of the book. Errors: invalid_argument for a section that is none of 7 to 27.
result<us_privacy> us_privacy_of(gpp_section section, std::span<const directive> said,
                                 std::span<const privacy_notice> notices, timestamp now) noexcept;

/// What a directive does not hold and a record must.
struct record_details {
  iso27560::party controller{};
  std::span<const iso27560::party> parties{};  ///< Found by the registry's name.
  std::string notice_language{};
  std::string notice_url{};
  std::string jurisdiction{};  ///< `loc:EU`
  std::string storage_location{};
  std::string retention{};
  std::string withdrawal_method{};
  bool gdpr = true;
  /// The notice of a grant: what it did not announce was not agreed to, and does not stand in the
  /// record. Null: the scope as it was said.
  const privacy_notice* notice = nullptr;
};

/// The record of one directive, with a process for each purpose and each recipient by name: of
/// a class, the parties it had in the registry version that was shown.
/// Errors: unsupported for a kind that is no state of consent, not_found for a recipient of
/// whom `parties` does not tell, missing_field where nobody is named, or where the notice announced
/// nothing of what was granted.
result<iso27560::record> record_of(const directive& directive, const recipient_registry& registry,
                                   const record_details& details);

}  // namespace clientbook

#endif
