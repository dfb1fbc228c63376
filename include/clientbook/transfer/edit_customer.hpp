// What somebody corrects or completes by hand: parts of a record added to what is there, elements
// dropped, fields replaced or removed, all in one transaction.
//
//   {"add":    {"phones": [{"number": "+1 202 555 0199"}], "name": {"nickname": "Kenny"}},
//    "drop":   {"emails": ["old@example.com"]},
//    "change": {"tasks": [{"seen": {"text": "Call", "due": "2026-12-01"}, "to": {"state":
//    "done"}}]}, "set":    {"likes": ["linen"]}, "remove": ["dislikes"], "make_room": true}
//
// `add` gives a list further elements and a name or the like further members, and replaces a single
// value; `drop` takes elements out of which a text is exactly this. `change` gives an element of a
// list other members (null takes one out): the one that still is what was seen of it, so that two
// who change the same never undo each other. A list holds 256 elements; with `make_room` contacts
// go where a new one would be too much, those with the earliest `at` first, and of tasks those that
// are done or dropped, with the earliest `due` first. What says no time goes last, of equals the
// first in the list goes first, and what this edit adds stays. Nobody completes what they may not
// see: a field that no purpose shows as it is can only be replaced or removed whole.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_EDIT_CUSTOMER_HPP
#define CLIENTBOOK_TRANSFER_EDIT_CUSTOMER_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

struct edited {
  field_set changed{};  ///< Also those that are new.
  field_set removed{};
  std::uint32_t made_room = 0;  ///< Elements that went for new ones.
};

/// Under which purposes to look for a field, until one shows it as it is: those that are named;
/// else of what the book was made for those that it may be kept for, and then those of which this
/// role is not told: nobody looks under a purpose that opens nothing.
std::vector<purpose_id> purposes_to_look_under(session& in, const customer_id& id, field_id field,
                                               const kept_purposes& purposes);

/// Whether a text begins with what somebody typed of it, without case, accents and widths. Nothing
/// typed is the beginning of nothing.
[[nodiscard]] bool begins_as_typed(std::string_view text, std::string_view typed) noexcept;

/// `purposes`: what the fields are kept for, and under which of them they are looked at.
/// Errors: those of record_from_json() and session::update(); denied (`at`: a field that may be
/// kept and that none of the purposes shows as it is), not_found (nothing of the field is what
/// `drop` names or `change` has seen, or there is no field to remove), already_exists (the record
/// has all of it: nothing would change), missing_field (nothing was asked for), invalid_state
/// (inside begin() ... commit()), limit_exceeded (a list would be too long: see make_room). `where`
/// receives the JSON pointer. Nothing has changed then.
result<edited> edit_customer(session& in, const customer_id& id, std::string_view edit,
                             const kept_purposes& purposes, std::string& where);
/// The same inside the caller's begin() ... commit(), to which it belongs: after an error the
/// caller rolls back.
result<edited> edit_customer_within(session& in, const customer_id& id, std::string_view edit,
                                    const kept_purposes& purposes, std::string& where);

}  // namespace clientbook

#endif
