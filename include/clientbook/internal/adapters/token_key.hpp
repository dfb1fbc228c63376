// A key that a PKCS#11 token keeps and never shows: a smart card, a security key, an HSM, a TPM.
//
// Where a key file is asked for, the address of a key in a token may stand (RFC 7512):
//
//   pkcs11:token=Shop;object=clientbook?module-path=/usr/lib/x.so&pin-source=file:/run/pin
//
// The token is asked for what stands in the place of the file's 32 bytes, twice and compared: of a
// secret key HMAC-SHA256 (PKCS#11 v2.40, CKM_SHA256_HMAC) of the text `clientbook token key 1`, of
// an RSA key BLAKE2b-256 of its signature of that text (CKM_SHA256_RSA_PKCS: PKCS#1 v1.5, which
// gives the same each time; RFC 8017, 8.2). Other keys give no same answer twice and are refused.
//
// What the answer opens is opened by whoever can use the key, and by nobody who has copied files
// alone. The answer itself lies in this process's memory while it is used, as a key file's bytes
// would: a token keeps a thief of files out, and not one who reads this process.
//
// Thread safety: functions may be called at once, as the token's module allows.
#ifndef CLIENTBOOK_INTERNAL_ADAPTERS_TOKEN_KEY_HPP
#define CLIENTBOOK_INTERNAL_ADAPTERS_TOKEN_KEY_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>

#include <string_view>

namespace clientbook {

/// Whether it is the address of a token's key and no path.
[[nodiscard]] inline bool names_token_key(std::string_view address) noexcept {
  return address.starts_with("pkcs11:");
}

/// What the token answers. A PIN is asked of the token at most once, and not at all where one wrong
/// one more would lock it.
///
/// Errors: unsupported (built without PKCS#11, no module, a key of another kind), invalid_argument
/// (the address; more than one key has it; a PIN in it), not_found (no such token or key),
/// permission_denied (the PIN is wrong or missing, the token is locked or would be; the file of the
/// PIN is open to others), io_error (the token failed).
[[nodiscard]] result<secret<32>> ask_token_key(std::string_view address) noexcept;

/// Makes a secret key of 32 bytes in the token, which cannot be taken out, and asks it. One that
/// cannot be asked is taken away again. Errors: already_exists; as ask_token_key().
[[nodiscard]] result<secret<32>> make_token_key(std::string_view address) noexcept;

}  // namespace clientbook

#endif
