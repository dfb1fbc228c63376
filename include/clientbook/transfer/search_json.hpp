// Answers of a search and of lists as JSON, for whoever calls from another language or prints them.
//
//   {"hits": [{"why": [{"field": "name", "match": "beginning"}], "customer": "0123...",
//              "fields": {"name": {"state": "shown", "value": {...}}}}],
//    "matches": 1, "path": "memory", "scanned": 0, "unreadable": 0}
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_SEARCH_JSON_HPP
#define CLIENTBOOK_TRANSFER_SEARCH_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <string>
#include <string_view>

namespace clientbook {

/// Each hit with what its pinned notes warn of, under the same purpose, as `pinned_notes`: looked
/// at like the customer's notes. Errors: as view_to_json(), as session::pinned_notes().
result<wiped_text> search_to_json(session& in, const search_answer& answer, purpose_id purpose);

/// A list, sorted, counted and a page of it. `request`: {"days": {"first": "2026-11-29", "days":
/// 14, "kind": "birthday"}, "likes", "size", "size_kind", "bought", "bought_since",
/// "bought_category", "brand", "no_purchase_for_days", "consent_ends_within_days",
/// "tasks_due_within_days", "assigned": 7, "no_contact_for_days", "tag", "tier", "skip": 0, "most":
/// 100}; `first` may be absent: today. With days the first to come is first, with tasks the first
/// due, else the order is that of the customers. Gives {"count", "customers": [{"day", "kind",
/// "years", "last_purchase", "consent_ends", "task", "task_due", "last_contact", "customer",
/// "fields"}]}; what does not concern the list is absent.
/// Errors: those of the text, with `where` a JSON pointer; as session::list_customers().
result<wiped_text> list_json(std::string_view request, session& in, purpose_id purpose,
                             field_set fields, std::string& where);

}  // namespace clientbook

#endif
