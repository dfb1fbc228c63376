// Export of consents: what a customer of the book said, in forms that others read.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_EXPORT_CONSENTS_HPP
#define CLIENTBOOK_TRANSFER_EXPORT_CONSENTS_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/exchange/consent_record_27560.hpp>
#include <clientbook/exchange/gpp.hpp>
#include <clientbook/exchange/kantara.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace clientbook {

/// A section for the United States by its name: usnat, usca, ... Errors: unknown_field.
result<gpp_section> find_gpp_section(std::string_view name) noexcept;

/// A GPP string of one section, as the customer's directives say it now.
/// Errors: as us_privacy_of() and session::directives().
result<std::string> export_gpp(session& from, const customer_id& id, gpp_section section);

/// What neither a directive nor the book holds and a record must.
struct consent_record_options {
  std::string controller{};             ///< Name of the shop.
  std::string address{};                ///< Its address.
  std::string contact{};                ///< E-mail address for questions.
  std::string notice_language = "en";   ///< BCP 47
  std::string notice_url{};             ///< Where the notice can be read.
  std::string jurisdiction = "loc:EU";  ///< A term of DPV's locations.
  std::string storage_location = "loc:EU";
  std::string retention = "P3Y";    ///< ISO 8601 duration.
  std::string withdrawal_method{};  ///< Where consent is withdrawn.
};

/// The record of one directive by its number (ISO/IEC TS 27560): iso27560::write_record() makes
/// JSON-LD of it. Errors: not_found (no such number), as record_of().
result<iso27560::record> export_consent_record(session& from, const customer_id& id,
                                               std::uint32_t sequence,
                                               const consent_record_options& options);

/// A receipt of it, signed with the book's key (JWS), and the key that checks it.
struct consent_receipt {
  std::string text{};
  crypto::verifying_key key{};
};
/// Errors: as above; as session::receipt_key().
result<consent_receipt> export_consent_receipt(session& from, const customer_id& id,
                                               std::uint32_t sequence,
                                               const consent_record_options& options);

/// The same as a receipt of the Kantara Initiative, 1.1, which kantara::write() makes JSON of: a
/// purpose for each purpose and recipient. Errors: as export_consent_record(); unsupported for a
/// directive that gives no consent.
result<kantara::receipt> export_kantara_receipt(session& from, const customer_id& id,
                                                std::uint32_t sequence,
                                                const consent_record_options& options);

}  // namespace clientbook

#endif
