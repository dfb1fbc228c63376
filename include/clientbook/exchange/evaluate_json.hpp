// Evaluate as JSON: a whole case in, every decision with its explanation out.
//
// A document holds profile, registry, notices, fields, directives and requests by name; nothing
// else is looked up, so that a case can be given to another engine and the answers compared.
// docs/evaluate.md says every member, docs/evaluate.schema.json is its schema.
//
// The reader is strict: a name given twice, an unknown member or term, a wrong type, a grant
// without a notice of the document, a permission that is back-dated, a request before what was
// said: each is an error that says where.
//
// Thread safety: a pure function.
#ifndef CLIENTBOOK_EXCHANGE_EVALUATE_JSON_HPP
#define CLIENTBOOK_EXCHANGE_EVALUATE_JSON_HPP

#include <clientbook/base/result.hpp>

#include <string>
#include <string_view>

namespace clientbook {

/// Answers one document; the answer is one JSON object.
///
/// Errors: invalid_encoding (not JSON; `at` is the byte), already_exists (a name twice),
/// wrong_type, missing_field, unknown_field (a member, a term, a party), invalid_value,
/// unknown_notice, back_dated, limit_exceeded. `where` is then a JSON pointer (RFC 6901) to the
/// part that is wrong; it quotes names of members, never values.
result<std::string> evaluate_json(std::string_view document, std::string& where);

}  // namespace clientbook

#endif
