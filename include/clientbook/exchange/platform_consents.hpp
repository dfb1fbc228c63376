// Consent as marketing systems export it: customer tables of Shopify, member tables of
// Mailchimp, status changes of HubSpot, read by the names of their columns.
//
// The reading is the least permissive one. What is not a known "yes" of the person is a deny:
// never asked, pending, cleaned, set by the business itself, a status nobody knows. A "yes" is
// a candidate grant for e-mail marketing, since no export tells which notice was shown. A
// person with several rows (one address on two lists, an unsubscription in another file) has
// as many signals; the grant among them does not beat the deny.
//
// Thread safety: none; one reader, one thread.
#ifndef CLIENTBOOK_EXCHANGE_PLATFORM_CONSENTS_HPP
#define CLIENTBOOK_EXCHANGE_PLATFORM_CONSENTS_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/exchange/consent_signal.hpp>
#include <clientbook/exchange/csv.hpp>

#include <cstdint>
#include <string_view>

namespace clientbook {

enum class consent_platform : std::uint8_t {
  shopify,                 ///< email_marketing_consent_state
  shopify_legacy,          ///< accepts_marketing
  mailchimp_members,       ///< status
  mailchimp_unsubscribes,  ///< every row is a withdrawal
  hubspot_status_changes   ///< portal_subscription_status
};

/// One row: who, and what they said.
struct platform_consent {
  /// The system's own id of the person (HubSpot: of the event, which its event table ties to a
  /// person); lives until the next row.
  std::string_view subject{};
  std::string_view list{};  ///< Mailing list the signal is about; empty: all.
  consent_signal signal{};
  bool known_status = true;  ///< false: a status this library does not know; denied.
  std::uint64_t line = 0;
};

/// Which export the columns are of. Errors: missing_field if of none, invalid_value if of more
/// than one: the caller has to say which.
result<consent_platform> recognise_consent_platform(const csv_reader& reader);

/// Reads to the end and calls `row` for each row. Errors: those of csv_reader, missing_field
/// for a column that the kind needs or (`at`: the line) a row without the person's id.
result<std::uint64_t> read_platform_consents(csv_reader& reader, consent_platform kind,
                                             callback_ref<void(const platform_consent&)> row);

}  // namespace clientbook

#endif
