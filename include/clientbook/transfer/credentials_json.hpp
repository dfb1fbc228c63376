// Credentials as JSON: who has which, without anything secret.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_CREDENTIALS_JSON_HPP
#define CLIENTBOOK_TRANSFER_CREDENTIALS_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/credential.hpp>

#include <span>
#include <string>
#include <string_view>

namespace clientbook {

/// `[{"number", "actor", "roles": ["associate"], "name", "kind", "key": "64 digits", "state",
/// "enrolled_by", "enrolled_with", "enrolled_at"}]`, and where they are: `until` (the lease's end),
/// `confirmed_by`, `confirmed_at`, `revoked_by`, `revoked_at`.
result<std::string> credentials_to_json(std::span<const credential_record> all);
/// `{"use"}`, and where they are: `since`, `proposed`: `{"number", "use", "by", "role", "at"}`.
result<std::string> credential_settings_to_json(const credential_settings& what);

/// What is said of a new one; whose secret it is stands elsewhere.
struct credential_document {
  actor_id whose{};
  role_set roles{};
  std::string name{};
  std::uint32_t days = 0;
};
/// `{"actor": 12, "roles": ["associate"], "name": "Vera Holm", "days": 365}`; `days` may be left
/// out. Errors: invalid_encoding, missing_field, unknown_field (also: a role), wrong_type; `where`
/// is a pointer to it.
result<credential_document> credential_from_json(std::string_view text, std::string& where);

}  // namespace clientbook

#endif
