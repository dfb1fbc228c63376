// What merge() and disclose_many() did, as JSON for other languages.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_MERGE_JSON_HPP
#define CLIENTBOOK_TRANSFER_MERGE_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <span>
#include <string>

namespace clientbook {

/// {"added": [keys], "replaced", "kept", "conflicts", "left_out": {key: reason}, "recorded",
/// "repeated", "back_dated", "not_widened"}: no values.
result<std::string> merged_to_json(const merged& done, const schema& fields);

/// session::disclose_many(), one object a customer, in the order of `ids`: {"customer",
/// "permitted": true, "ledger_index", "entry", "fields": {...}, "purchases": [...], "notes":
/// [...]}, or {"customer", "permitted": false}. Errors: as disclose_many(), invalid_encoding.
result<wiped_text> disclose_many_json(session& from, std::span<const customer_id> ids,
                                      const disclosure_request& what);

}  // namespace clientbook

#endif
