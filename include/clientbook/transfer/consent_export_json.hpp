// Export of consents by a request in JSON.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_CONSENT_EXPORT_JSON_HPP
#define CLIENTBOOK_TRANSFER_CONSENT_EXPORT_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>

#include <string>
#include <string_view>

namespace clientbook {

/// What a customer said, in a form that others read: `{"format": "27560" | "receipt" | "kantara" |
/// "gpp", "directive": 1, "section": "usnat", "controller", "address", "contact",
/// "notice_language", "notice_url", "jurisdiction", "storage_location", "retention",
/// "withdrawal_method"}`; all but the format may be left out. Gives `{"format", "text"}`, of a
/// receipt also `key` (64 digits), which checks it. `where`, if it fails, is the member. Errors:
/// those of the text, as export_consents.hpp.
result<std::string> export_consent_json(std::string_view request, session& from,
                                        const customer_id& id, std::string& where);

}  // namespace clientbook

#endif
