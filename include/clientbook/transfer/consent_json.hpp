// Directives, notices and recipients as JSON, in the words of the vocabulary and of the book: for
// whoever calls from another language, or keeps them in files. docs/transfer.md tells every
// member.
//
//   {"kind": "grant", "purposes": ["direct_marketing"], "recipients": ["self"],
//    "categories": ["email_address"], "notice": "News by mail", "evidence": "form 17"}
//
// Parties and notices are looked up by their names in the book of the session. The reader is
// strict: an unknown member or word, a name given twice, a wrong type: each is an error that says
// where.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_CONSENT_JSON_HPP
#define CLIENTBOOK_TRANSFER_CONSENT_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/recipient_contact.hpp>
#include <clientbook/book/session.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

// Errors of all readers: invalid_encoding (not JSON; `at` is the byte), already_exists (a name
// twice), wrong_type, missing_field, unknown_field (a member, a word, a party), unknown_notice,
// invalid_value, limit_exceeded. `where` is then a JSON pointer (RFC 6901) to the part that is
// wrong; it quotes names of members, never values.

/// One directive, said now unless it says when.
result<directive> directive_from_json(std::string_view document, session& in, std::string& where);
/// An array of them.
result<std::vector<directive>> directives_from_json(std::string_view document, session& in,
                                                    std::string& where);
/// Reads back, but for what the store has filled in. Errors: those of reading the book.
result<std::string> directives_to_json(std::span<const directive> said, session& in);

/// `{"laws": ["us-ca", "gdpr"], "confirmed": "us-ca"}`; nobody has confirmed: null.
result<std::string> jurisdiction_to_json(const jurisdiction& found, session& in);

/// A notice for session::add_notice(): of one that the book holds by that title, the next version.
/// Its `text` and `offer` are hashed; the book keeps the hashes alone.
result<privacy_notice> notice_from_json(std::string_view document, session& in, std::string& where);
result<std::string> notices_to_json(std::span<const privacy_notice> notices, session& in);

/// `{"gpc": "1", "gpp", "tcf", "usp", "record": "...", "notice": "Advertising", "evidence",
/// "vendors": [{"vendor": 28, "recipient": "Example Ads", "legitimate_interests": [2, 7]}]}` for
/// import_consents(), which it calls; gives `{"recorded", "repeated", "not_of_that_age",
/// "left_out", "back_dated", "unreadable"}`. Errors: those of both.
result<std::string> import_consents_json(std::string_view document, session& in,
                                         const customer_id& id, std::string& where);
/// The same for import_noes().
result<std::string> import_noes_json(std::string_view document, session& in,
                                     const external_id& whose, std::string& where);

result<recipient_party> party_from_json(std::string_view document, std::string& where);
/// The registry, with how its parties are reached.
result<std::string> registry_to_json(session& in);
/// `{"contact": "privacy@parcels.example", "acknowledgement_key": "parcels.example+..."}`: what is
/// left out is not known any more.
result<recipient_contact> recipient_contact_from_json(std::string_view document,
                                                      std::string& where);

/// `{"cells": [{"recipient", "purpose", "operation", "fields", "country", "retention_days"}],
/// "hash"}`
result<std::string> preview_to_json(const consent_preview& opens, session& in);

}  // namespace clientbook

#endif
