// Requests as JSON, for the program and for other languages. Members and words are those of
// request.hpp.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_RIGHTS_REQUEST_JSON_HPP
#define CLIENTBOOK_RIGHTS_REQUEST_JSON_HPP

#include <clientbook/book/session.hpp>
#include <clientbook/rights/answer_request.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

// Errors of the readers: invalid_encoding, unknown_field, wrong_type, missing_field, invalid_value;
// `where` is then a JSON pointer. And those of the calls that they make.

/// `{"kind": "erasure", "received": "2026-11-02", "channel": "mail", "reference": "letter 7",
/// "identity": "...", "next_working_day": false}`; channel is `mail` if it is left out.
result<std::uint32_t> open_request_json(std::string_view document, session& in,
                                        const customer_id& id, std::string& where);
/// One step: `{"identity": "passport seen"}`, `{"extend": "reason"}`, `{"refuse": "reason"}`,
/// `{"confirm": true}` (that it came in), `{"withdraw": true}`, `{"close": true}`, `{"list": true}`
/// (recipients, from the ledger), `{"tell": "Parcels Ltd", "state": "told"}` or `{"tell":
/// "Parcels Ltd", "acknowledgement": "the signed notice"}`, both with a `class` where two are of
/// that name. Errors: also invalid_argument (not one of them).
result<void> change_request_json(std::string_view document, session& in, std::uint32_t number,
                                 std::string& where);
/// recipient_notice(): `{"recipient": "Parcels Ltd", "class", "reference"}`.
result<std::string> recipient_notice_json(std::string_view document, session& in,
                                          std::uint32_t number, std::string& where);
/// answer_request(): `{"language", "shop", "contact", "edit": {...}, "corrected": ["emails"],
/// "purposes": ["direct_marketing"], "law_kept": "elsewhere" | "apart" (with
/// "law_kept_years": 10), "mentions": "ignored" | "reported" | "replaced"}`, each of which may be
/// left out, and is refused where it is of another kind of request, unless it says what holds
/// anyway; gives
/// `{"kind", "files": {"page.html": "..."}, "ledger_entries", "before", "after", "directive",
/// "receipt", "to_tell"}`.
result<wiped_text> answer_request_json(std::string_view document, session& in, std::uint32_t number,
                                       std::string& where);

/// The receipt of an erasure, with what was found in notes of others unless that was not asked for
/// (`others`). Errors: not_found (none).
result<std::string> receipt_to_json(const request_answer& answer);

/// With words, if it has any.
result<wiped_text> request_to_json(const request_record& one, const schema& fields,
                                   const date& today);
/// `[...]`, without words.
result<wiped_text> requests_to_json(std::span<const request_record> all, const schema& fields,
                                    const date& today);

/// What is due or overdue: a line each, for people, most urgent first. Nothing of a customer.
std::vector<std::string> request_reminders(std::span<const request_record> all, const date& today,
                                           int within_days = 7);

/// Whole days from today to the last one for the answer, below 0 after it.
[[nodiscard]] std::int64_t days_left(const request_record& of, const date& today) noexcept;

}  // namespace clientbook

#endif
