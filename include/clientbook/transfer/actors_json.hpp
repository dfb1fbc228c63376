// The table of roles and the cases of a book as JSON. No value of a record stands in any of it.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_ACTORS_JSON_HPP
#define CLIENTBOOK_TRANSFER_ACTORS_JSON_HPP

#include <clientbook/book/case.hpp>
#include <clientbook/book/session.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// `{"version", "roles": [{"role", "number", "may": [{"group", "whose", "actions"}],
/// "portfolios": [{"group", "whose", "actions"}], "budget"}],
/// "groups": {"desk": [purposes]}, "cases": {"rights": [purposes]}, "kept_without_a_case": [...]}`
result<std::string> roles_to_json();

/// `[{"number", "kind", "customers", "opened_by", "role", "opened_at", "until", "reference",
/// "hash", "confirmed_by", "closed_by", "closed_at", "in_force"}]`
result<std::string> cases_to_json(std::span<const case_record> cases, timestamp now);

/// `[{"actor", "roles": ["associate"], "day", "purpose", "times": {"read": 3}, "fields", "first",
/// "last"}]`; of a look-up no purpose.
result<std::string> looks_to_json(std::span<const look> looks, const schema& fields);
/// `{"days": [... and "customers", "listed", "not_found"], "customers": [... and "customer"],
/// "tables": [{"at", "purpose", "columns", "k"}], "unnamed"}`
result<std::string> report_to_json(const actor_report& told, const schema& fields);
/// `{"customers_this_hour", "customers_today", "look_ups_this_hour", "tables_this_month"}`
result<std::string> budget_to_json(const budget_left& left);

/// `["32 digits"]`
result<std::string> customers_to_json(std::span<const customer_id> all);
/// `{"customers": ["32 digits"]}`, at most max_canaries. Errors: as case_from_json(),
/// invalid_value.
result<std::vector<customer_id>> customers_from_json(std::string_view text, std::string& where);
/// `[{"kind", "at", "actor", "role", "customer", "purpose", "recipient"}]`: a customer of a canary
/// alone, a recipient of fan_out; of a call that has none no purpose.
result<std::string> alarms_to_json(std::span<const security_alarm> all,
                                   const recipient_registry& registry);
/// `{"customers_to_one_recipient": 20, "quiet": {"from": "22:00", "until": "06:00"}}`, UTC; without
/// quiet hours no such member.
result<std::string> alarm_settings_to_json(const alarm_settings& now);
/// Of these members those that are to change; `"quiet": null` ends quiet hours. Errors: as
/// case_from_json(), invalid_value (an hour, or hours that begin where they end).
result<alarm_changes> alarm_changes_from_json(std::string_view text, std::string& where);

/// A case to be opened: what it says lives as long as this object.
struct case_document {
  std::vector<customer_id> customers{};
  case_request request{};  ///< Its customers are those above once case_from_json() has returned.
};
/// `{"kind": "rights", "customers": ["32 digits"], "reference": "letter 7", "evidence": "its text",
/// "until": "2026-12-31T00:00:00Z"}`; the last two may be left out. Errors: invalid_encoding,
/// unknown_field, missing_field, wrong_type; `where` is a pointer to it.
result<void> case_from_json(std::string_view text, case_document& out, std::string& where);

}  // namespace clientbook

#endif
