// A whole backup out of a book, and a book out of backups and a mirror.
// docs/format/recovery.md has the bytes and the rules.
#ifndef CLIENTBOOK_INTERNAL_VAULT_BACKUP_HPP
#define CLIENTBOOK_INTERNAL_VAULT_BACKUP_HPP

#include <clientbook/crypto/sealed_box.hpp>
#include <clientbook/internal/vault/backup_stream.hpp>
#include <clientbook/internal/vault/book_core.hpp>
#include <clientbook/internal/vault/recovery_format.hpp>
#include <clientbook/vault/mirror_place.hpp>

#include <optional>
#include <span>
#include <vector>

namespace clientbook {

struct backup_counts {
  stream_header header{};
  std::uint64_t customers = 0;  ///< In the stream.
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
};

/// Writes a stream of the commit that `core` sees. Precondition: look(). `base`: a full
/// stream, and what is written is what differs from it; nobody: a full one.
/// Errors: invalid_argument (the base is not full), version_mismatch (the base is of another book,
/// or of another branch of it), rolled_back (it is later than the book); as stream_reader; those of
/// store and sink.
result<backup_counts> write_backup(
    book_core& core, backup_source base, backup_sink to, timestamp now,
    callback_ref<void(std::uint64_t done, std::uint64_t all)> progress);

/// The key of what a backup says of an entry of the key tree.
secret<32> backup_key_of(const secret<32>& entry_key) noexcept;
/// Whose key a row of the store lies under, or whose trace it is; false: nobody's.
bool whose_row(byte_view at, customer_no& whose) noexcept;

/// From what a book is restored.
struct restore_source {
  mirror_place mirror;
  const crypto::box_key* recovery = nullptr;
  /// A full stream, and perhaps one that builds on it, in any order.
  std::span<const backup_source> streams;
  callback_ref<void(std::uint64_t done)> progress{};
};

/// What came out.
struct restored_entries {
  std::uint64_t customers = 0;      ///< In the restored book.
  std::uint64_t erased = 0;         ///< In a backup, and left out: erased since.
  std::uint64_t not_in_mirror = 0;  ///< In a backup, and lost: the mirror is older than they are.
  std::uint64_t not_in_backup =
      0;  ///< In the mirror, and lost: the backups are older than they are.
  /// Customers who have said something since the backup that is lost.
  std::vector<customer_no> unheard{};
  std::vector<customer_no> younger{};  ///< Than the backup knew: the mirror does.
  std::uint64_t changed = 0;           ///< Customers changed since the backup in any way.
  std::vector<customer_no> periods{};  ///< In the mirror and in no backup: whose months are new.
  timestamp backup_at{};               ///< Of the newer stream.
  timestamp mirror_at{};
  std::uint64_t mark = 0;  ///< The mirror's: the restored book goes on from it.
  /// What the mirror knew of recovery: perhaps of mirrors that came after the backup.
  std::optional<recovery_row> row_in_mirror{};
};

}  // namespace clientbook

#endif
