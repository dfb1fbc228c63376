// What a directive did when it was recorded, in words and as JSON: which cells opened and closed,
// and why a permission opens none.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_CONSENT_EFFECT_HPP
#define CLIENTBOOK_TRANSFER_CONSENT_EFFECT_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>

#include <span>
#include <string>
#include <string_view>

namespace clientbook {

/// What makes the rest of a yes count that was recorded on the word of who noted it.
inline constexpr std::string_view how_to_confirm =
    "somebody else confirms it with the document (`clientbook consent confirm`), or the customer "
    "brings back the token that they are sent (`consent ask`)";

/// Why `said`, which was recorded with this effect, opened nothing: "notice \"News\" does not
/// announce client_care", or what stands against it, by number, so that a later act can name it.
/// Empty if something opened, or if it is of a kind that opens nothing.
/// Errors: those of reading the book.
result<std::string> why_nothing_opened(session& in, const customer_id& id, const directive& said,
                                       const consent_effect& effect);

/// `{"sequence": 3, "repeated": false, "kind": "grant", "opened": [{"recipient", "purpose",
/// "operation", "fields"}], "closed": [...], "opens_nothing_because": "..."}`; the last member only
/// where there is a reason. Of a yes that waits (session::confirm()) also `"waiting": ["purpose"],
/// "provisional": ["purpose"], "until": "2027-01-31T00:00:00Z", "how_to_confirm": "..."`. Errors:
/// as why_nothing_opened().
result<std::string> effect_to_json(session& in, const customer_id& id, const directive& said,
                                   const consent_effect& effect);

/// The same of what session::confirm() has recorded. Errors: those of reading the book.
result<std::string> confirmed_to_json(session& in, const customer_id& id,
                                      const consent_effect& effect);

/// `[{"sequence": 1, "noted_at": "...", "noted_by": 30, "until": "...", "asked": false, "purposes":
/// ["purpose"], "recipients": ["recipient"], "notice": "title"}]`: what waits, oldest first.
/// Errors: those of reading the book.
result<std::string> waiting_to_json(session& in, std::span<const waiting_consent> all);
/// `{"token": "64 digits", "until": "..."}`.
result<std::string> opt_in_to_json(const opt_in_token& token);

}  // namespace clientbook

#endif
