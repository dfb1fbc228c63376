// Proofs of age as JSON.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_AGE_PROOF_JSON_HPP
#define CLIENTBOOK_TRANSFER_AGE_PROOF_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/age_proof.hpp>

#include <span>
#include <string>
#include <string_view>

namespace clientbook {

/// `{"document": "passport", "born": "1980-02-29", "reference": "desk 3", "hash": "64 digits"}`, or
/// `"at_least": 18` in place of `born`; the last two may be left out. Errors: invalid_encoding,
/// unknown_field, missing_field, wrong_type, invalid_value, limit_exceeded; `where` is a pointer to
/// it.
result<age_proof> age_proof_from_json(std::string_view document, std::string& where);

/// `[{"sequence": 1, "document": "passport", "noted_by": 30, "noted_at": "...", "until": "..."}]`.
result<std::string> age_proofs_to_json(std::span<const waiting_age_proof> all);

}  // namespace clientbook

#endif
