// Credentials: a person is what they know or have, not a number that somebody names.
//
// The book keeps an Ed25519 public key for each, made of a passphrase (Argon2id) or of a key file,
// or given by whoever keeps the private half elsewhere. What proves it is a signature over a
// challenge that the opened book has drawn a moment ago and takes once, bound to the book, the
// actor and the role: nothing of it passes a second time. Nothing that the book stores acts as
// anybody. docs/actors.md tells who enrols whom and what takes a credential, docs/threat_model.md
// what none of it stops; docs/format/credentials.md has the bytes.
//
// Thread safety: values and pure functions; a credential_secret belongs to one thread at a time.
#ifndef CLIENTBOOK_BOOK_CREDENTIAL_HPP
#define CLIENTBOOK_BOOK_CREDENTIAL_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/actor.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/crypto/recipient.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace clientbook {

/// Stored: append, never renumber.
enum class credential_kind : std::uint8_t {
  passphrase = 1,  ///< Stretched by Argon2id.
  key_file = 2,    ///< 32 random bytes in a file of its owner's.
  key_pair = 3,    ///< An Ed25519 pair whose private half somebody else keeps, such as a token.
};
/// "passphrase", "key_file", "key_pair"; empty if there is none.
[[nodiscard]] std::string_view name_of(credential_kind kind) noexcept;

/// What takes a credential. Stored: append, never renumber.
enum class credential_use : std::uint8_t {
  none = 0,            ///< Nothing: who acts, the host says.
  second_persons = 1,  ///< What takes two persons takes two credentials of two people.
  everybody = 2,       ///< And every session takes one.
};
/// "none", "second_persons", "everybody"; empty if there is none.
[[nodiscard]] std::string_view name_of(credential_use use) noexcept;

/// What public keys of one book are made with. No secret.
struct credential_terms {
  book_id book{};
  crypto::stretch_salt salt{};
  crypto::stretch_cost cost{.kibibytes = 64 * 1024, .passes = 3};
};

/// What a person knows or has. Wiped at its end.
class credential_secret {
 public:
  static constexpr std::size_t longest = 512;

  /// A passphrase in NFC: credential_of() of open/credentials.hpp makes it of what somebody typed.
  /// Errors: invalid_argument (empty, too long).
  static result<credential_secret> of_passphrase(byte_view normalised) noexcept;
  static credential_secret of_key(const secret<32>& key) noexcept;

  [[nodiscard]] credential_kind kind() const noexcept { return kind_; }
  template <class Use>
  decltype(auto) with_bytes(Use&& use) const {
    return bytes_.with_bytes([&](byte_view whole) { return use(whole.first(size_)); });
  }

 private:
  credential_secret(credential_kind kind, byte_view bytes) noexcept;
  credential_kind kind_;
  std::size_t size_ = 0;
  secret<longest> bytes_{};
};

/// The public half, as a book keeps it.
struct credential_key {
  credential_kind kind = credential_kind::key_pair;
  crypto::verifying_key key{};
  friend bool operator==(const credential_key&, const credential_key&) = default;
};
/// Of a passphrase it takes as long as `terms` say. The same secret gives the same key in one book,
/// whoever has it, and another in another book. Errors: limit_exceeded (no memory to stretch it).
result<credential_key> public_half(const credential_secret& secret, const credential_terms& terms);

/// What book::challenge() has drawn.
struct credential_challenge {
  credential_terms terms{};
  actor who{};
  std::array<std::byte, 32> drawn{};
};
/// The bytes that a proof signs, for whoever signs elsewhere.
inline constexpr std::size_t size_of_signed_challenge = 16 + 16 + 4 + 1 + 32;
[[nodiscard]] std::array<std::byte, size_of_signed_challenge> signed_bytes(
    const credential_challenge& challenge) noexcept;

/// The answer to one, good once.
struct credential_proof {
  std::array<std::byte, 32> drawn{};  ///< The challenge's.
  crypto::verifying_key key{};        ///< Whose private half has signed.
  crypto::signature signature{};
};
/// Errors: as public_half().
result<credential_proof> prove(const credential_challenge& challenge,
                               const credential_secret& secret);

/// A challenge is answered within this time.
inline constexpr std::int64_t challenge_lasts_seconds = 120;
/// So many wrong proofs of an actor within this time, and none of theirs is taken until it is over.
inline constexpr std::uint32_t most_wrong_proofs = 5;
inline constexpr std::int64_t wrong_proofs_last_seconds = 3600;
/// A credential is confirmed within this time, or enrolled again; a change of what takes one too.
inline constexpr std::int64_t credential_waits_seconds = 7 * 86400;
/// Of who has nobody else to confirm: they wait so long.
inline constexpr std::int64_t credential_alone_seconds = 86400;
inline constexpr std::size_t max_credentials = 4000;       ///< With those that were revoked.
inline constexpr std::uint32_t longest_lease_days = 3660;  ///< Ten years.

struct new_credential {
  actor_id whose{};
  role_set roles{};
  std::string_view name{};  ///< Who it is: one readable line, 1 to 64 bytes.
  credential_key key{};
  std::uint32_t days = 0;  ///< Its lease; 0: without an end.
};

enum class credential_state : std::uint8_t {
  waits = 0,     ///< Nobody has confirmed it yet.
  in_force = 1,  ///< As long as its lease.
  revoked = 2,   ///< For good.
};

/// One of the book's.
struct credential_record {
  std::uint32_t number = 0;  ///< From 1, never given out twice.
  actor_id whose{};
  role_set roles{};
  std::string name{};
  credential_key key{};
  credential_state state = credential_state::waits;
  actor_id enrolled_by{};
  std::uint32_t enrolled_with = 0;  ///< The credential of who enrolled it; 0: there was none yet.
  timestamp enrolled_at{};
  actor_id confirmed_by{};  ///< 0: nobody did, since there were no two people with one yet.
  timestamp confirmed_at{};
  timestamp until{};  ///< The lease's end, not included; 0: none.
  actor_id revoked_by{};
  timestamp revoked_at{};
};

/// Somebody wants something else to take a credential.
struct credential_use_proposal {
  std::uint32_t number = 0;
  credential_use wanted = credential_use::none;
  actor by{};
  timestamp at{};
};

struct credential_settings {
  credential_use use = credential_use::none;
  timestamp since{};  ///< When that came in force; 0: it was never said.
  std::optional<credential_use_proposal> proposed{};
};

}  // namespace clientbook

#endif
