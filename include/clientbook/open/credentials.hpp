// What somebody types, or keeps in a file, as the secret of a credential (book/credential.hpp).
//
//   auto typed = slot_secret::passphrase(line);
//   auto session = book->begin_session(who, credential_of(*typed));
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_OPEN_CREDENTIALS_HPP
#define CLIENTBOOK_OPEN_CREDENTIALS_HPP

#include <clientbook/adapters/key_slots.hpp>
#include <clientbook/book/credential.hpp>

namespace clientbook {

/// Of a key file, or an identity of age, the key in it.
[[nodiscard]] credential_secret credential_of(const slot_secret& from) noexcept;

/// The public half of a new one. Errors: invalid_argument (a passphrase that is not good enough:
/// slot_secret::good_enough()), as public_half().
result<credential_key> new_credential_key(const slot_secret& from, const credential_terms& terms);

}  // namespace clientbook

#endif
