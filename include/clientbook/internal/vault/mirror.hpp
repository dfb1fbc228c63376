// Keyring mirror: the key tree of today in another place, its root key sealed to the recovery key.
// docs/format/recovery.md has the bytes, the order of a refresh, and what a kill leaves.
#ifndef CLIENTBOOK_INTERNAL_VAULT_MIRROR_HPP
#define CLIENTBOOK_INTERNAL_VAULT_MIRROR_HPP

#include <clientbook/base/time.hpp>
#include <clientbook/internal/vault/book_core.hpp>
#include <clientbook/internal/vault/recovery_format.hpp>
#include <clientbook/vault/mirror_place.hpp>

namespace clientbook {

/// What the book knows of recovery; nothing: no recovery key was ever made. Precondition: look(),
/// or inside a change.
result<std::optional<recovery_row>> read_recovery(book_core& core);
/// Precondition: inside a change.
result<void> write_recovery(book_core& core, const recovery_row& row);

/// The same as a mirror had it at its newest refresh; nothing: one of a version that did not hold
/// it. Precondition: inside the change of a restore, before its rows. Errors: damaged,
/// newer_format.
result<std::optional<recovery_row>> recovery_row_in(book_core& core, read_transaction& mirror);

/// Reads every mark that the recovery row says was drawn, and the row.
/// Errors: row_missing, damaged (`at`: its number).
result<void> verify_marks(book_core& core);

/// Where the marks lie, in the book and in a mirror: rows of its line of commits.
storage::key marks_prefix() noexcept;
/// Whether a row of the store is one.
bool is_mark(byte_view at) noexcept;
/// One that was drawn. Precondition: look(). Errors: not_found, damaged, as get_value.
result<mirror_mark> read_mark(book_core& core, std::uint64_t number);
/// Draws the next mark; the caller writes the row. Precondition: inside a change.
result<void> draw_mark(book_core& core, recovery_row& row);
/// Whether what the mirror holds is an earlier state of this book's own line. Precondition: look().
/// Errors: already_exists (another book's), rolled_back (newer, or of another branch).
result<void> may_follow(book_core& core, const mirror_header& held);

/// Brings the mirror to the book's newest commit, which `core` then sees; writes a new one into an
/// empty place. When it returns, the root key of before opens from it with no share.
///
/// Errors: rolled_back (the mirror is newer than the book, or of another branch of it: it is left
/// as it is), not_found (no mark was drawn: draw_mark()), already_exists (it is another book's),
/// damaged (store and cell do not belong together), invalid_state (`core` is in a change; there is
/// no recovery key); those of book, store and cell.
result<mirror_header> refresh_mirror(book_core& core, const mirror_place& to, timestamp now);

/// What a mirror says of itself. Errors: as decode_mirror_header, as the store.
result<mirror_header> look_at_mirror(const mirror_place& at);

/// A mirror with its root key, and a view of its nodes.
struct opened_mirror {
  mirror_header header{};
  root_key root{};
  std::unique_ptr<read_transaction> nodes;
};

/// Errors: wrong_key (the shares are of another recovery key), version_mismatch (a copy of the
/// mirror's store from before its newest refresh), authentication_failed; as look_at_mirror.
result<opened_mirror> open_mirror(const mirror_place& at, const crypto::box_key& key);

}  // namespace clientbook

#endif
