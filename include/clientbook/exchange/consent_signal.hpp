// Consent signals: what importers of consent formats have in common.
//
// A signal only tightens unless it is a consent. A deny or an objection holds as it stands; a
// candidate grant opens nothing until somebody shows which notice the customer saw: that
// evidence is asked for when signals become directives. "Did not opt out" is no signal at all.
//
// Thread safety: values; the functions keep no state.
#ifndef CLIENTBOOK_EXCHANGE_CONSENT_SIGNAL_HPP
#define CLIENTBOOK_EXCHANGE_CONSENT_SIGNAL_HPP

#include <clientbook/base/time.hpp>
#include <clientbook/exchange/gpp.hpp>
#include <clientbook/exchange/tcf.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace clientbook {

enum class signal_effect : std::uint8_t {
  deny,             ///< The customer said no, or the signal could not be read.
  objection,        ///< The customer objects (GDPR 21).
  candidate_grant,  ///< The customer said yes; not valid before a notice is shown to exist.
  refusal,          ///< Asked for consent, the customer gave none: reaches what stands on consent.
  withdrawal        ///< A consent that is not given (any more): ends what was granted before.
};

/// In the words of the formats; directives are made from them with the vocabulary's terms.
enum class signal_purpose : std::uint8_t {
  any,
  sale,
  sharing,  ///< For cross-context behavioural advertising.
  targeted_advertising,
  sensitive_data,  ///< Processing the sensitive data in `data`.
  known_child,     ///< Processing data of a known child.
  secondary_use,   ///< Beyond what the data was collected for.
  email_marketing,
  tcf_purpose,         ///< Purpose `tcf_number` of the Transparency and Consent Framework.
  tcf_special_feature  ///< Special feature `tcf_number`.
};

/// Whose processing the signal is about.
enum class signal_recipients : std::uint8_t {
  all,
  others,  ///< All but the business itself and its processors.
  vendors  ///< The vendors of IAB's list in `vendors`.
};

enum class signal_source : std::uint8_t {
  sec_gpc,
  gpp,
  usp,
  tcf,
  tcf_canada,
  shopify,
  mailchimp,
  hubspot,
  iso_27560,
  kantara
};

struct consent_signal {
  signal_effect effect = signal_effect::deny;
  signal_purpose purpose = signal_purpose::any;
  std::uint8_t tcf_number = 0;  ///< For tcf_purpose and tcf_special_feature.
  signal_recipients recipients = signal_recipients::all;
  vendor_range vendors{};  ///< For signal_recipients::vendors.
  std::uint16_t data = 0;  ///< Set of us_data that the signal is about; 0: all data.
  signal_source source = signal_source::gpp;
  std::uint16_t section = 0;  ///< GPP section it came from; 0: none.
  age_range ages{};           ///< It speaks of customers known to be of these ages, of nobody else.
  errc refused = errc::none;  ///< Why the source could not be read, if that is why it denies.
  std::optional<timestamp> at{};  ///< When the customer said so, if the source tells.
  friend bool operator==(const consent_signal&, const consent_signal&) = default;
};

/// Sec-GPC: sale, sharing and targeted advertising are denied to all but the business itself
/// and its processors. Call it when gpc_signal() says so; absence gives no signal.
std::vector<consent_signal> signals_of_gpc();

std::vector<consent_signal> signals_of(const usp_string& usp);
std::vector<consent_signal> signals_of(const us_privacy& privacy);

/// For which purposes IAB's vendor list says that a vendor relies on legitimate interest.
struct tcf_reliance {
  std::uint16_t vendor = 0;
  tcf_numbers purposes{};
};

/// Purpose and vendor consent, both set, of a disclosed vendor: candidate grant; not both set:
/// withdrawal of what was granted before. Vendors not disclosed, and purposes a publisher
/// restriction does not allow: deny. Legitimate interest not set: nothing, except that a vendor
/// of `relied` who was disclosed is objected to. A string of the withdrawn global scope grants
/// nothing.
std::vector<consent_signal> signals_of(const tc_string& tc,
                                       std::span<const tcf_reliance> relied = {});

/// All sections of a GPP string. A section that cannot be read, or that this library does not
/// know, denies sale, sharing, targeted advertising and the use of sensitive data, nothing else;
/// `refused` says why.
/// Errors: those of read_gpp(); then nothing is known of the customer's wish.
result<std::vector<consent_signal>> signals_of_gpp(std::string_view text,
                                                   std::span<const tcf_reliance> relied = {});

}  // namespace clientbook

#endif
