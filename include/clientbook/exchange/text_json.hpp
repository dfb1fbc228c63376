// Text as JSON: one note in, its finds or its redacted text with a receipt out.
//
// A document is an object of `id` (a text or a whole number, given back as it is), `text`, and
// where needed `regions` (ISO 3166-1), `form` (how the text is written down; sniffed without) and
// `known` (objects of `kind` and `value`: what the customer's own record says). docs/text.md says
// every member.
//
// The reader is strict, as in evaluate_json.hpp. An answer holds no value of the note but what
// the redacted text still shows.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_EXCHANGE_TEXT_JSON_HPP
#define CLIENTBOOK_EXCHANGE_TEXT_JSON_HPP

#include <clientbook/crypto/crypto.hpp>
#include <clientbook/forms/form_redactor.hpp>
#include <clientbook/scanner/text_redactor.hpp>

#include <string>
#include <string_view>

namespace clientbook {

/// `{"id", "spans": [{"begin", "end", "type", "score", "rule"}]}`; begin and end are bytes of
/// the text in UTF-8. `known_refused` lists, from 0, the known values that nobody can look for
/// (too short or too long); it is absent if there are none. `options` gives the regions of a
/// note that has none of its own; its `known` is not used.
///
/// Errors: invalid_encoding (not JSON, not UTF-8; `at` is the byte), already_exists (a name
/// twice), wrong_type, missing_field, unknown_field (a member, a kind), invalid_value (a
/// region), limit_exceeded; those of scan(). `where` is then a JSON pointer (RFC 6901) to the
/// part that is wrong; it quotes names of members, never values.
result<std::string> scan_json(std::string_view document, const scan_options& options,
                              std::string& where);

/// `{"id", "text", "receipt"}`, and `known_refused` as above. Errors: as scan_json.
result<std::string> redact_json(std::string_view document, const text_redaction_options& options,
                                std::string& where);

/// `{"begin", "end", "type", "score", "rule"}`; `goes_on` only where it is a further piece of a
/// value.
std::string find_json(const form_find& found);

/// `{"rules", "policy", "hidden": {type: count}, "bytes_in", "bytes_hidden"}`, where `policy` is
/// the digest in hexadecimal.
std::string receipt_json(const redaction_receipt& receipt, const text_redaction_options& options);

/// What was to be hidden and how, in one spelling (docs/text.md). Known values are not part of it.
std::string policy_text(const text_redaction_options& options);
/// BLAKE2b-256 of policy_text().
crypto::digest policy_digest(const text_redaction_options& options);

}  // namespace clientbook

#endif
