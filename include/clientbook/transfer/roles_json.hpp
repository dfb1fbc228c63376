// The table of roles that a book follows, and what somebody proposes in its place, as JSON.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_ROLES_JSON_HPP
#define CLIENTBOOK_TRANSFER_ROLES_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/role_table.hpp>

#include <string>
#include <string_view>

namespace clientbook {

/// `{"roles": {"associate": {"desk": {"one": ["read"]}, "book": {"all": ["find"]}, "portfolios":
/// {"desk": {"store": ["read"]}}}}}`: by role and group, for whom and whose, as in
/// src/book/data/roles.json. What stands nowhere is refused.
result<std::string> role_table_to_json(const role_table& table);
/// Errors: invalid_encoding, unknown_field, wrong_type, invalid_value (an action twice); `where` is
/// a pointer to it. Whether a book may follow it says check_role_table().
result<role_table> role_table_from_json(std::string_view text, std::string& where);
/// `{"number", "by", "role", "at", "changes": [{"role", "group", "action", "from": {"whose", "of"},
/// "to": {...}}]}`: what differs from `now`.
result<std::string> role_proposal_to_json(const role_proposal& made, const role_table& now);

}  // namespace clientbook

#endif
