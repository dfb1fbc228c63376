// Recovery: what brings a book back when its disk or its root cell is lost, and never a customer
// who was erased. A recovery key lies with people, in shares; keyring mirrors lie elsewhere and
// follow every erasure; backups hold the rows and no keys. docs/backup.md says how to go about it,
// docs/format/recovery.md has the bytes.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_RECOVERY_HPP
#define CLIENTBOOK_BOOK_RECOVERY_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/crypto/shares.hpp>
#include <clientbook/vault/backup_bytes.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clientbook {

/// The state that is written down outside the store, beside that of the book.
struct pin_state {
  bool kept = false;  ///< Somebody keeps one, and it was set.
  std::uint64_t pinned_version = 0;
  std::uint64_t pinned_ledger_size = 0;
  std::uint64_t version = 0;  ///< Of the newest commit: never below the pinned one.
  std::uint64_t ledger_size = 0;
};

/// How a mirror was found, or what came of refreshing it.
struct mirror_state {
  std::string path{};
  /// It holds the book's epoch of today, and nothing of the one before.
  bool confirmed = false;
  error problem{};          ///< Where it is not, or has not heard of all.
  std::uint64_t epoch = 0;  ///< What it holds; 0: it cannot be reached, or is empty.
  timestamp refreshed{};    ///< When.
  bool heard = false;       ///< Also of whoever has withdrawn, denied, objected or restricted.
  bool holds_all = false;   ///< Also the newest commit: nobody of today would be lost.
};

/// Whether the book has a recovery key before.
enum class recovery_key_use : std::uint8_t { first, instead };

/// A new recovery key. The book keeps no copy of what is in it.
struct recovery_kit {
  std::vector<crypto::share_text> shares{};
  unsigned threshold = 0;
  std::array<std::byte, 4> number{};  ///< Also on every share.
  std::vector<mirror_state> mirrors{};
  error problem{};  ///< The key is in force, and something behind the commit has failed.
};

struct recovery_state {
  bool has_key = false;
  timestamp key_made{};
  unsigned shares = 0;
  unsigned threshold = 0;
  std::array<std::byte, 4> number{};
  std::vector<mirror_state> mirrors{};
  std::optional<timestamp> newest_backup{};
  /// Whose consents a restore has ended, and who has said nothing since: to be asked.
  std::vector<customer_id> to_ask{};
};

struct backup_outcome {
  std::uint64_t customers = 0;  ///< In this stream.
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::uint64_t root_version = 0;
  bool full = true;
  timestamp at{};
  std::vector<mirror_state> mirrors{};  ///< Refreshed before it was written.
};

/// What came out of a restore. Nobody who is counted as lost comes back by another try with the
/// same backups and mirror.
struct restore_outcome {
  std::uint64_t customers = 0;      ///< In the restored book.
  std::uint64_t erased = 0;         ///< In a backup and left out: they were erased since.
  std::uint64_t not_in_mirror = 0;  ///< Lost: in a backup, added after the mirror's newest refresh.
  std::uint64_t not_in_backup = 0;  ///< Lost: in the mirror, added after the newest backup.
  std::uint64_t changed = 0;        ///< As the backup had them; changed since in some way.
  /// Of these, who has said something since (given, refused or withdrawn a consent, objected): what
  /// they said is lost, and may have been a no. So their consents are ended, with an entry of the
  /// ledger each, until they say yes again; an objection or a restriction has to be asked for.
  std::vector<customer_id> unheard{};
  timestamp backup_at{};
  timestamp mirror_at{};
  std::uint64_t ledger_index = 0;
  std::uint64_t epoch = 0;
};

}  // namespace clientbook

#endif
