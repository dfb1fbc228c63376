// Whose customers are whose, as JSON. No value of a record stands in any of it.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_PORTFOLIOS_JSON_HPP
#define CLIENTBOOK_TRANSFER_PORTFOLIOS_JSON_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/book/portfolio.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// `{"store": 3, "associates": [{"actor": 12, "rank": "primary", "since": "2026-11-29"}]}`; of who
/// has no store it is 0.
result<std::string> portfolio_to_json(const portfolio& whose);
/// `[{"customer": "32 digits", "store", "associates"}]`
result<std::string> portfolios_to_json(std::span<const portfolio_entry> all);
/// `{"moved": 2, "left": 0}`
result<std::string> reassigned_to_json(const reassigned& done);
/// `{"in_force": true, "by": 40, "since", "ends": {"by", "role", "at"}, "actors": [{"actor": 12,
/// "stores": [3]}]}`; the three in the middle where there is something to say.
result<std::string> portfolio_rules_to_json(const portfolio_rules& rules);

/// What it says lives as long as this object.
struct assignment_document {
  std::vector<customer_id> customers{};
  std::vector<actor_id> further{};
  assignment what{};  ///< Its further ones are those above once assignment_from_json() returned.
};
/// `{"customers": ["32 digits"], "store": 3, "primary": 12, "further": [14]}`; all but the first
/// may be left out. Errors: invalid_encoding, unknown_field, missing_field, wrong_type,
/// invalid_value; `where` is a pointer to it.
result<void> assignment_from_json(std::string_view text, assignment_document& out,
                                  std::string& where);
/// `{"actor": 12, "stores": [3, 4]}`. Errors: as assignment_from_json().
result<actor_stores> stores_from_json(std::string_view text, std::string& where);

}  // namespace clientbook

#endif
