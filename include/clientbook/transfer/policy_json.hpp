// Which laws a book follows, what is proposed, and what a profile would change, as JSON.
//
// Thread safety: as the session.
#ifndef CLIENTBOOK_TRANSFER_POLICY_JSON_HPP
#define CLIENTBOOK_TRANSFER_POLICY_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/session.hpp>

#include <string>
#include <string_view>

namespace clientbook {

/// `profile`, `trust_key`, `distrust_key`, `add_profile`; empty for a number that is none.
std::string_view word_of(policy_kind kind) noexcept;

/// `{"profiles": [{"name", "id", "version", "title", "unverified", "digest"}], "trusted_keys":
/// ["64 digits"], "proposal": {"number", "kind", "by", "at", and of a key "key", of a profile
/// "profile", "signed_by" and "effect"}}`; the proposal is null where nothing is proposed. Errors:
/// as session::proposal() and effect_of().
result<std::string> policy_to_json(session& in);

/// `{"newcomers": [{"recipient", "purpose", "operation", "opened": [keys], "closed": [keys]}],
/// "customers": the same, "customers_opened", "customers_closed"}`
result<std::string> effect_to_json(session& in, const profile_effect& effect);

}  // namespace clientbook

#endif
