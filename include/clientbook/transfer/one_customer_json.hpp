// Two customers made one, and two again, as JSON: what was asked, and what became of it. No value
// of anybody's is in it.
//
// Thread safety: as the session's.
#ifndef CLIENTBOOK_TRANSFER_ONE_CUSTOMER_JSON_HPP
#define CLIENTBOOK_TRANSFER_ONE_CUSTOMER_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>

#include <string>
#include <string_view>

namespace clientbook {

/// `request`: {"take": ["name"], "only_tell": true}, both may be absent. Gives {"fields":
/// [{"field": "emails", "fate": "united", "added": 1, "alike": 0, "why": null}], "directives": 2,
/// "waiting": 0, "associates": 0, "closed": 14, "receipt": null}; the receipt as unmerge_json() has
/// it where it was done. Errors: those of the text, with `where` a JSON pointer; as
/// session::merge_customers().
result<std::string> merge_customers_json(std::string_view request, session& in,
                                         const customer_id& stays, const customer_id& goes,
                                         std::string& where);

/// {"restored": ["emails"], "as_they_are": [], "purchases": 1, "notes": 0, "noes": 0, "receipt":
/// {"undone": true, "stays": "0123...", "goes": "4567...", "ledger_index": 7, "at":
/// "2026-11-30T...Z", "until": null, "signature": "..."}}. Errors: as session::unmerge().
result<std::string> unmerge_json(session& in, const customer_id& part);

/// {"customer": "0123...", "parts": [{"id": "4567...", "since": "2026-11-30T...Z", "by": 7,
/// "until": null}]}: whose id that is now, and who is a part of them. Errors: as session::parts().
result<std::string> parts_json(session& in, const customer_id& id);

}  // namespace clientbook

#endif
