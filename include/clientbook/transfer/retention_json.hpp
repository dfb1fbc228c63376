// Erasing many, and what goes at the end of its time, as JSON. No value of a record stands in any
// of it.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_RETENTION_JSON_HPP
#define CLIENTBOOK_TRANSFER_RETENTION_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// `subject_request`, `retention_end`, `unlawful`, `other`; empty for a number that is none.
std::string_view name_of(erasure_reason reason) noexcept;
/// Errors: invalid_value.
result<erasure_reason> erasure_reason_of(std::string_view word);

/// Whom to erase in one transaction, and how.
struct erasures_document {
  std::vector<customer_id> customers{};
  erasure_reason reason = erasure_reason::subject_request;
  erasure_options options{};
};
/// `{"customers": ["32 digits"], "reason": "retention_end", "mentions": "ignored",
/// "remembered_months": 24}`; all but the first two may be left out. Errors: invalid_encoding,
/// unknown_field, missing_field, wrong_type, invalid_value, limit_exceeded; `where` is a pointer to
/// it.
result<erasures_document> erasures_from_json(std::string_view text, std::string& where);
/// An array of erasure_to_json() with a member `customer` more, in this order. Precondition: as
/// many of both.
result<std::string> erasures_to_json(std::span<const customer_id> whose,
                                     std::span<const erasure> done, mentions_at_erasure mentions);

}  // namespace clientbook

#endif
