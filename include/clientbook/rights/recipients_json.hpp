// What recipients still have, and whom they passed it on to, as JSON. Members and words are those
// of expiry.hpp and onward.hpp.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_RIGHTS_RECIPIENTS_JSON_HPP
#define CLIENTBOOK_RIGHTS_RECIPIENTS_JSON_HPP

#include <clientbook/book/session.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace clientbook {

/// `[{"customer", "ledger_index", "recipient", "recipient_class", "purpose", "fields", "given_at",
/// "until", "why": "time_over" | "withdrawn"}]`; until is null where nothing was said.
result<wiped_text> expired_to_json(std::span<const expired_disclosure> all, const schema& fields);

/// `{"from": "Parcels Ltd", "to": "Bikes & Co", "class": "third_party", "contact", "fields":
/// ["addresses"], "on": "2026-11-02"}`, of which the last three may be left out; the index of its
/// entry. Errors: those of session::report_onward() and of reading JSON; `where` is then a pointer.
result<std::uint64_t> report_onward_json(std::string_view document, session& in,
                                         const customer_id& id, std::string& where);

}  // namespace clientbook

#endif
