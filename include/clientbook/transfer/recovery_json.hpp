// Mirrors, backups and restores of a book as JSON, and what to remind somebody of.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_RECOVERY_JSON_HPP
#define CLIENTBOOK_TRANSFER_RECOVERY_JSON_HPP

#include <clientbook/book/recovery.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// `[{"path", "confirmed", "holds_all", "epoch", "refreshed", "problem": {"code", "text"}}]`; the
/// last three only where they are known, the problem only where there is one.
result<std::string> mirrors_to_json(std::span<const mirror_state> mirrors);
/// `{"number", "needed", "shares": [...], "mirrors"}`. Wiped when it goes.
result<wiped_text> kit_to_json(const recovery_kit& kit);
/// `{"has_key", "number", "key_made", "shares", "needed", "mirrors", "newest_backup", "reminders"}`
result<std::string> recovery_to_json(const recovery_state& state, timestamp now);
/// `{"customers", "rows", "bytes", "full", "at", "mirrors"}`
result<std::string> backup_to_json(const backup_outcome& made);
/// Of a restore or a drill: `{"customers", "erased", "not_in_mirror", "not_in_backup", "changed",
/// "unheard", "backup_at", "mirror_at", "ledger_index", "epoch", "verified": {"customers", "items",
/// "directives", "ledger_entries", "problems"}}`.
result<std::string> restored_to_json(const restore_outcome& done, const verification& found);

/// `{"kept", "pinned_version", "pinned_ledger_size", "version", "ledger_size"}`
result<std::string> pin_to_json(const pin_state& state);

/// What somebody should do so that nobody is lost, in sentences; nothing: all is as it should be.
std::vector<std::string> recovery_reminders(const recovery_state& state, timestamp now);

/// What a restore or a drill needs.
struct restore_document {
  std::string mirror{};
  std::vector<std::string> backups{};
  std::vector<crypto::share> shares{};
  std::string book{};
  std::string key{};
  std::string scratch{};
  actor who{};
};
enum class restore_kind : std::uint8_t { book, drill };
/// `{"mirror", "backups": [...], "shares": [...], "actor": 1, "role": "owner"}` and, beside them,
/// `book` and `key`, or, for a drill, `scratch`. Errors: invalid_encoding, unknown_field,
/// missing_field, wrong_type; `where` is a pointer to it, of a share that is mistyped to that
/// share, and `at` its group.
result<void> restore_from_json(std::string_view text, restore_kind kind, restore_document& out,
                               std::string& where);

}  // namespace clientbook

#endif
