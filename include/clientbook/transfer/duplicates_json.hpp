// Who may be in the book twice, as JSON, for whoever calls from another language or prints it.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_DUPLICATES_JSON_HPP
#define CLIENTBOOK_TRANSFER_DUPLICATES_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>

#include <string>
#include <string_view>

namespace clientbook {

/// {"first": "0123...", "second": "4567...", "shared": [{"field": "emails", "in_first": 1,
/// "in_second": 2}], "names": 92, "same_postcode": true, "same_birth_date": false}
result<std::string> duplicate_to_json(const duplicate_pair& pair, const schema& fields);

/// `request`: {"of": ["0123..."], "most": 100}, both may be absent: all pairs of the book, or those
/// with one of these customers, the first `most` of them (0: all). Gives {"pairs": [...], "more":
/// false, "not_same": 0, "crowded": 0, "unreadable": 0}; `more`: there may be others. Errors: those
/// of the text, with `where` a JSON pointer; as session::duplicates().
result<std::string> duplicates_json(std::string_view request, session& in, purpose_id purpose,
                                    std::string& where);

}  // namespace clientbook

#endif
