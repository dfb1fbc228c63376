// Law profiles: what a law says about consent, as data.
//
// A profile is tables of rules. No grant opens what it prohibits; what it permits without
// consent is written in its basis table, row by row, with the reference to the law. A purpose
// has one basis in a profile: where it is not consent, no consent is asked; where it is, no
// other basis can come to the rescue after a withdrawal.
//
// The built-in profiles were written by programmers from the texts of the laws and were not
// verified by a lawyer: `unverified` says so, and whoever shows a profile shows that too.
//
// Thread safety: constants, values.
#ifndef CLIENTBOOK_CONSENT_PROFILE_HPP
#define CLIENTBOOK_CONSENT_PROFILE_HPP

#include <clientbook/consent/directive.hpp>
#include <clientbook/consent/obligation.hpp>
#include <clientbook/consent/registry.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook {

/// When a prohibition applies. Stored.
enum class prohibition_condition : std::uint8_t {
  always = 0,
  transfer_without_basis = 1,  ///< To a country without adequacy and a party without safeguards.
  child = 2,                   ///< The customer is younger than the profile's age.
};

/// Prohibit table: no grant opens this. Covers as a denial does.
struct prohibition_rule {
  consent_scope scope{};
  prohibition_condition condition = prohibition_condition::always;
  std::string_view law{};
};

/// Reach table: an event of this kind covers purposes of these bases, and always those in
/// `always`; never the operations and purposes in `except`. No row: it reaches everything.
struct reach_rule {
  directive_kind kind = directive_kind::deny;
  std::uint8_t by = 0;     ///< Bit n: indicated_by n. 0: by whomever.
  std::uint8_t bases = 0;  ///< Bit n: lawful_basis n.
  purpose_set always{};    ///< And what is below, by any path.
  purpose_set except_purposes{};
  operation_set except_operations{};
  /// What the law calls direct marketing beside the term: an event that covers
  /// purpose::direct_marketing covers these too, and what is below.
  purpose_set direct_marketing{};
  category_set only_categories{};  ///< And what is below. Empty: all.
  std::string_view law{};
};

/// Basis table: permitted without consent. Covers as a grant does, without barriers' passing.
struct basis_rule {
  consent_scope scope{};
  lawful_basis basis = lawful_basis::none;
  bool needs_assertion = false;  ///< Only where a basis_assertion of this basis says so.
  bool sensitive = false;        ///< Covers sensitive categories that it names (GDPR 9(2)(b)-(j)).
  std::string_view law{};
};

/// Obligations table: added to every permit that the scope covers, as a denial covers.
struct obligation_rule {
  consent_scope scope{};
  obligations required{};
  std::string_view law{};
};

/// Sensitive list: these categories, and what is below, need at least this strength.
struct sensitive_rule {
  category_set categories{};
  consent_strength strength = consent_strength::explicit_;
  std::string_view law{};
};

/// Age table: below this age a grant for these purposes counts only from one of `by`. A row with
/// states is about who lived there when it was given, one with services about consents given
/// there; of whom or of which that is not known, every row holds.
struct age_rule {
  static constexpr std::size_t max_states = 16;

  std::uint8_t below = 0;  ///< years
  purpose_set purposes{};  ///< And what is below, by any path.
  std::uint8_t by = 0;     ///< Bit n: indicated_by n.
  consent_strength strength = consent_strength::expressed;
  std::array<country_code, max_states> states{};  ///< Ascending; then empty ones.
  std::uint8_t services = 0;                      ///< Bit n: service_kind n. 0: whatever kind.
  std::string_view law{};
};

/// Where a law would be content with an opt-out: it says that consent is asked there all the same,
/// by clientbook's own rule. Decides nothing.
struct opt_out_rule {
  purpose_set purposes{};  ///< And what is below, by any path.
  std::string_view law{};
};

/// On-behalf table: who works for the shop under its instructions and a contract stands on the
/// shop's ground, and gets what the shop may work with. Only processor, subprocessor, contractor.
struct on_behalf_rule {
  recipient_set recipients{};  ///< Classes, each alone.
  std::string_view law{};
};

enum class deadline_kind : std::uint8_t {
  answer_request = 1,
  extend_request = 2,
  notify_breach = 3,
  honour_opt_out = 4,
  ask_again = 5,        ///< How long not to ask again after an opt-out.
  confirm_request = 6,  ///< That a request has come in.
};
/// One of the three is not 0. What they mean by the calendar: deadline.hpp.
struct deadline_rule {
  deadline_kind kind = deadline_kind::answer_request;
  std::uint32_t hours = 0;
  std::uint32_t months = 0;  ///< Calendar months.
  std::uint32_t working_days = 0;
  std::string_view law{};
};

/// How a signal is read: as a denial of these purposes to these recipients. A row with sections is
/// about those of a GPP string alone, and cites the law of that state.
enum class profile_signal : std::uint8_t {
  gpc = 1,
  sale_opt_out = 2,
  sharing_opt_out = 3,
  targeted_advertising_opt_out = 4,
};
struct signal_rule {
  profile_signal signal = profile_signal::gpc;
  std::uint32_t sections = 0;  ///< Bit n: GPP section n. 0: wherever the signal comes from.
  purpose_set purposes{};
  recipient_set recipients{};
  std::string_view law{};
};

struct law_profile {
  profile_id id{};
  std::uint32_t version = 1;
  std::string_view name{};  ///< gdpr
  std::string_view title{};
  std::string_view unverified{};  ///< What was not verified by a lawyer.
  consent_strength minimum_strength = consent_strength::expressed;
  std::uint8_t child_below = 0;  ///< For prohibition_condition::child; years, 0: no rule.
  std::span<const prohibition_rule> prohibitions{};
  std::span<const reach_rule> reaches{};
  std::span<const basis_rule> bases{};
  std::span<const obligation_rule> obligations{};
  std::span<const sensitive_rule> sensitive{};
  std::span<const age_rule> ages{};
  std::span<const deadline_rule> deadlines{};
  std::span<const signal_rule> signals{};
  std::span<const country_code> adequate{};  ///< Countries that need no transfer basis; ascending.
  std::span<const opt_out_rule> opt_outs{};
  std::span<const on_behalf_rule> on_behalf{};  ///< None: processors have their own rows alone.
};

/// Opt-in to everything.
const law_profile& strict_profile() noexcept;
const law_profile& gdpr_profile() noexcept;
const law_profile& us_profile() noexcept;
const law_profile& us_ca_profile() noexcept;

/// Errors: not_found.
result<const law_profile*> find_profile(profile_id id) noexcept;
result<const law_profile*> find_profile(std::string_view name) noexcept;

/// As in files: "transfer_without_basis". Empty if there is no such value.
std::string_view name_of(prohibition_condition condition) noexcept;
std::string_view name_of(deadline_kind kind) noexcept;
std::string_view name_of(profile_signal signal) noexcept;

/// The basis of a purpose: consent, unless a row of the basis table covers it.
lawful_basis basis_of(const law_profile& profile, purpose_id purpose) noexcept;

/// The law that would be content with an opt-out where this purpose asks for consent. Empty: none.
std::string_view opt_out_law(const law_profile& profile, purpose_id purpose) noexcept;

/// The classes of parties that stand on the shop's ground where they have a contract.
recipient_set on_behalf_of_shop(const law_profile& profile) noexcept;

/// Whether a row of the age table is about somebody who lives there, and consents to a service of
/// that kind; an empty code and 0: not known.
bool applies_in(const law_profile& profile, const age_rule& row, const country_code& residence,
                std::uint8_t service) noexcept;

/// Whether the tables can be used. Errors: missing_field (a row that covers nothing),
/// invalid_value (two bases for one purpose); `at` is the row of its table. What a file must
/// hold beyond that: profile_file.hpp.
result<void> check(const law_profile& profile) noexcept;

}  // namespace clientbook

#endif
