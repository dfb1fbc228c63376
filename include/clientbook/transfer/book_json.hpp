// What a book tells about itself as JSON: its figures, fields and profile, what a check found,
// where a customer's information has gone. No value of a record stands in any of it.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_BOOK_JSON_HPP
#define CLIENTBOOK_TRANSFER_BOOK_JSON_HPP

#include <clientbook/book/session.hpp>
#include <clientbook/ledger/checkpoint.hpp>
#include <clientbook/scanner/scan.hpp>

#include <span>
#include <string>
#include <string_view>

namespace clientbook {

/// `disclosure`, `consent_given`, ...; empty for a number that is none.
std::string_view name_of(ledger_event event) noexcept;

/// `[{"index", "sequence", "event", "at", "purpose", "recipient", "recipient_class", "fields",
/// "actor", "entry"}]`, in the order given; where they say so also "about", "until", "of_both" (true)
/// and of onward "passed_on_by", "contact", "on".
result<std::string> ledger_to_json(std::span<const ledger_record> entries, const schema& fields);
/// `{"index", "size", "origin", "event", "day", "purpose", "recipient_class"}` of an entry that
/// ledger::verify_log_proof() has checked. Errors: as ledger::decode_entry().
result<std::string> proved_entry_to_json(const ledger::proved_entry& proved);

result<std::string> mentions_to_json(const mention_report& told);
/// With what was found in notes of others, where `mentions` is given. `mirrors`: `[{"path",
/// "confirmed"}]`; `retained`, where a law has the shop keep something: `[{"id", "purpose",
/// "until"}]`.
result<std::string> erasure_to_json(const erasure_receipt& receipt, const mention_report* mentions);

/// `{"likes": {"purposes": ["client_care"], "since": "2026-11-29", "by": 7}}`
result<std::string> keeping_to_json(std::span<const field_keeping> kept, const schema& fields);
/// `[{"customer", "fields": ["likes"]}]`
result<std::string> due_to_json(std::span<const retention_due> due, const schema& fields);
/// `[{"kind": "erased", "by": "emails", "on", "until"}]`
result<std::string> refusals_to_json(std::span<const remembered_refusal> known,
                                     const schema& fields);
/// `[{"number", "since", "until", "refusals"}]`
result<std::string> refusal_periods_to_json(std::span<const refusal_period> periods);
/// `erased`, `unsubscribed`
std::string_view name_of(refusal_kind kind) noexcept;
/// `2028-11-29`
std::string text_of(const date& day);

result<std::string> figures_to_json(const book_figures& figures);
result<std::string> verification_to_json(const verification& found);
/// `[{"number", "key", "type", "list", "redaction", "categories"}]`
result<std::string> schema_to_json(const schema& fields);
/// What the profile is called and how far it was checked: `{"name", "title", "version",
/// "unverified"}`.
result<std::string> profile_facts_to_json(const law_profile& profile);

/// The words of the vocabulary: `[{"number", "word", "term", "label"}]`.
enum class term_kind : std::uint8_t { purpose = 1, recipient = 2, category = 3, operation = 4 };
result<std::string> terms_to_json(term_kind kind);

/// `[{"begin", "end", "type", "rule", "score"}]` of what scan() has found, in bytes.
result<std::string> finds_to_json(std::span<const text_entity> found);

}  // namespace clientbook

#endif
