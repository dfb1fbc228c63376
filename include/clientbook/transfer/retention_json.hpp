// Erasing many, and what goes at the end of its time, as JSON. No value of a record stands in any
// of it.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_RETENTION_JSON_HPP
#define CLIENTBOOK_TRANSFER_RETENTION_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// `subject_request`, `retention_end`, `unlawful`, `other`; empty for a number that is none.
std::string_view name_of(erasure_reason reason) noexcept;
/// Errors: invalid_value.
result<erasure_reason> erasure_reason_of(std::string_view word);

/// Whom to erase in one transaction, and how.
struct erasures_document {
  std::vector<customer_id> customers{};
  erasure_reason reason = erasure_reason::subject_request;
  erasure_options options{};
};
/// `{"customers": ["32 digits"], "reason": "retention_end", "mentions": "ignored",
/// "remembered_months": 24, "law_kept": "apart", "law_kept_years": 10}`; all but the first two may
/// be left out. Errors: invalid_encoding, unknown_field, missing_field, wrong_type, invalid_value,
/// limit_exceeded; `where` is a pointer to it.
result<erasures_document> erasures_from_json(std::string_view text, std::string& where);
/// An array of erasure_to_json() with a member `customer` more, in this order. Precondition: as
/// many of both.
result<std::string> erasures_to_json(std::span<const customer_id> whose,
                                     std::span<const erasure> done, mentions_at_erasure mentions);

/// `erased`, `removed`, `held`, `requested`, `kept_by_law`, `in_items`, `no_case`, `damaged`,
/// `law_ended`.
std::string_view name_of(retention_fate fate) noexcept;
/// `{"only_tell": false, "most": 50, "from": 0, "remembered_months": 24}`, each of which may be
/// left out. Errors: as erasures_from_json().
result<retention_run> retention_run_from_json(std::string_view text, std::string& where);
/// `{"items": [{"customer", "fields": ["likes"], "fate": "removed"}], "receipts", "next"}`; the
/// receipts as erasure_to_json(), with `customer`.
result<std::string> retention_to_json(const retention_outcome& done, const schema& fields);

/// `published` lives as long as this object.
struct prune_document {
  date before{0, 0, 0};
  std::string published{};
  retention_mode mode = retention_mode::run;
};
/// `{"before": "2020-01-01", "published": "a checkpoint", "only_tell": false}`; all but the first
/// may be left out. Errors: as erasures_from_json().
result<prune_document> prune_from_json(std::string_view text, std::string& where);
/// `{"from", "until", "first": "2016-01-02", "last", "kept": [{"why": "held", "index"}], "more"}`;
/// first, last: null where nothing goes.
result<std::string> pruning_to_json(const pruning& done);

/// `reason` and `reference` live as long as this object.
struct hold_document {
  std::string reason{};
  std::string reference{};
  timestamp until{};
};
/// `{"reason": "claim announced", "reference": "file 7", "until": "2027-01-31T00:00:00Z"}`; all but
/// the first may be left out. Errors: as erasures_from_json().
result<hold_document> hold_from_json(std::string_view text, std::string& where);
/// `[{"customer", "number", "reason", "reference", "by", "at", "until"}]`; until: null where it is
/// until it is lifted.
result<std::string> holds_to_json(std::span<const held_customer> all);

/// `[{"id", "purpose", "since", "until", "fields": ["name"], "purchases", "directives"}]`
result<std::string> retained_to_json(std::span<const retained_record> all, const schema& fields);
/// The same of one, with its values: `record`, `bought` (items_to_json()), `said`
/// (directives_to_json()), and `ledger_index`. Errors: as record_to_json().
result<wiped_text> retained_to_json(const retained_content& one, session& in);

}  // namespace clientbook

#endif
