// What a directive did when it was recorded, in words and as JSON: which cells opened and closed,
// and why a permission opens none.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_CONSENT_EFFECT_HPP
#define CLIENTBOOK_TRANSFER_CONSENT_EFFECT_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>

#include <string>

namespace clientbook {

/// Why `said`, which was recorded with this effect, opened nothing: "notice \"News\" does not
/// announce client_care", or what stands against it, by number, so that a later act can name it.
/// Empty if something opened, or if it is of a kind that opens nothing.
/// Errors: those of reading the book.
result<std::string> why_nothing_opened(session& in, const customer_id& id, const directive& said,
                                       const consent_effect& effect);

/// `{"sequence": 3, "repeated": false, "kind": "grant", "opened": [{"recipient", "purpose",
/// "operation", "fields"}], "closed": [...], "opens_nothing_because": "..."}`; the last member only
/// where there is a reason. Errors: as why_nothing_opened().
result<std::string> effect_to_json(session& in, const customer_id& id, const directive& said,
                                   const consent_effect& effect);

}  // namespace clientbook

#endif
