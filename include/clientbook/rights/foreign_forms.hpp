// Requests and the ledger in forms that others read: the state of a request as the Data Rights
// Protocol has it, a deletion request to a partner after IAB Tech Lab's Data Deletion Request
// Framework 1.0, a customer's entries as FHIR AuditEvents (R4).
//
// What these forms cannot say is left out, and nothing is said that the book does not know. The
// transport (endpoints, tokens of a session) is the host's.
//
// Thread safety: as the session; the others are pure functions.
#ifndef CLIENTBOOK_RIGHTS_FOREIGN_FORMS_HPP
#define CLIENTBOOK_RIGHTS_FOREIGN_FORMS_HPP

#include <clientbook/book/session.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <string>
#include <string_view>

namespace clientbook {

/// The Exercise Status object (section 3.03) of a request: `{"request_id", "agent_request_id",
/// "status", "reason", "received_at", "expected_by", "processing_details"}`. `document`:
/// `{"request_id": "what the agent was told", "agent_request_id": "what it said"}`; without the
/// first the number of the request. A reason that was written down is told, where it still is.
/// Errors: not_found; of reading JSON, `where` is then a pointer.
result<wiped_text> drp_status_json(std::string_view document, session& in, std::uint32_t number,
                                   std::string& where);

/// A rqJWT with its idJWT for a recipient on the list of a request of erasure, signed (EdDSA) by
/// the key that signs receipts. `document`: `{"domain": "shop.example", "recipient": "Ads Ltd",
/// "identifier": {"type": "email", "format": "sha256", "value": "..."}}`: the identifier as the
/// recipient knows it. What was asked of whom is told to the ledger by tell_recipient().
/// Errors: not_found (no such request, or no recipient of that name on it), invalid_state (not of
/// erasure), invalid_value (a domain that is none), as session::receipt_key().
result<std::string> deletion_request_jwt(std::string_view document, session& in,
                                         std::uint32_t number, std::string& where);
/// `dsrdelete.json` of a shop that only asks: `{"endpoint", "identifiers": [], "publicKey": [...],
/// "vendorScriptRequirement": false}`, with the key of deletion_request_jwt(). `document`:
/// `{"endpoint": "https://shop.example/deletion"}`.
result<std::string> deletion_resource_json(std::string_view document, session& in,
                                           std::string& where);
/// What a partner has answered, an acJWT to that rqJWT, under the key that it publishes:
/// `{"issuer", "at", "code", "text"}`; code 0: it has taken the request, which says nothing of
/// whether it has deleted anything. Errors: invalid_encoding, signature_invalid, invalid_value (to
/// another request), unsupported (another algorithm than EdDSA).
result<std::string> deletion_answer_json(std::string_view answer, std::string_view request,
                                         const crypto::verifying_key& partner);

/// A Bundle (collection) of AuditEvents, one for each entry of the customer's ledger.
/// Errors: as session::ledger().
result<wiped_text> ledger_to_fhir(session& in, const customer_id& id);

}  // namespace clientbook

#endif
