// A view as JSON: per field the value, its redacted form or nothing, and why.
//
//   {"customer": "0123...", "fields": {
//     "name": {"state": "shown", "value": {"given": "Ken"}},
//     "emails": {"state": "redacted", "value": [{"address": "k***@example.com"}]},
//     "likes": {"state": "withheld", "why": "NO_BASIS"}}}
//
// This form is to be read; it does not come back. Values have the names of record_json.hpp, and a
// redacted form is the JSON that is nearest to it.
//
// Thread safety: pure functions; reasons_of() as the session.
#ifndef CLIENTBOOK_TRANSFER_VIEW_JSON_HPP
#define CLIENTBOOK_TRANSFER_VIEW_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/book/view.hpp>
#include <clientbook/consent/evaluate.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace clientbook {

/// `shown`, `redacted`, `withheld`, `absent`, `not asked`.
std::string_view name_of(field_state state) noexcept;

/// By field number: why it came out as it did; none where it was not asked for.
using view_reasons = std::array<decision_code, max_fields>;

/// Of the view's own decision. Where that tells only the stage (what is unknown; restricted or
/// objected) the session is asked; `as` is what the view was made for.
/// Errors: as session::explain().
result<view_reasons> reasons_of(session& from, const view& seen, const decision_request& as);
/// Of what read() gave for a purpose.
result<view_reasons> reasons_of(session& from, const view& seen, purpose_id purpose);

/// Purchases and notes are no part of it: items_to_json().
/// Errors: as record_to_json().
result<wiped_text> view_to_json(const view& seen, const schema& fields,
                                const view_reasons& reasons);

/// `{"state": ..., "value": [...]}`, oldest first; no value where they are withheld.
/// Errors: as record_to_json().
result<wiped_text> items_to_json(const item_list& seen, field_type type);

/// One value as it is shown, such as a column of a tabulation. Errors: as value_to_json().
result<wiped_text> shown_to_json(field_type type, byte_view value);

/// Minor units as people write them: 45200 of GBP is `452.00`.
std::string amount_text(std::int64_t minor, std::string_view currency);

}  // namespace clientbook

#endif
