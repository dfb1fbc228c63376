// LMDB backend: a book in a folder, for many reading processes beside one writer.
//
// The folder (mode 0700) holds `data.mdb`, the book, and `lock.mdb`, the table of readers,
// which may be deleted while no process has the book open. A closed book is copied with
// `cp -r`; never copy an open one so. A book is not carried between machines of another
// word size or byte order (unsupported): export it.
//
// Promises:
// - A commit that was acknowledged is there after a kill or a loss of power; one that was
//   not leaves nothing. Only LMDB's default mode of syncing is used.
// - A kill at any point of create_lmdb_backend leaves either no book or one that opens.
// - The folder itself is locked (flock) while a process opens the book, and each write
//   transaction checks that its number follows the last committed one: without both, LMDB
//   can lose acknowledged commits when an opener is killed (docs/format/lmdb.md).
// - What is seen after opening is never overtaken by a commit that was made before.
// - What is not a book is refused before LMDB reads its pages through the map.
// - A full disk is disk_full, nothing is lost, and work goes on once there is room.
// - The map grows by itself. A write transaction that outgrows it gets commit_conflict from
//   put, reserve or erase: run it again, it then has room.
//
// Limits: local file systems only (LMDB maps the file). An I/O error or a damaged page below
// a mapped page can kill the process (SIGBUS). On 32-bit machines a book ends at about 1 GiB.
//
// Thread safety: as backend.hpp says. A read transaction may move between threads, a write
// transaction may not. After fork the child's calls return invalid_state; it opens the book
// anew. A process opens a book once: share the handle between threads.
#ifndef CLIENTBOOK_ADAPTERS_LMDB_BACKEND_HPP
#define CLIENTBOOK_ADAPTERS_LMDB_BACKEND_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/vault/backend.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace clientbook {

struct lmdb_options {
  enum class access : std::uint8_t { read_write, read_only };
  enum class check : std::uint8_t {
    quick,  ///< The header pages and the root: microseconds.
    full,   ///< Every page, about 1 s a GiB: for a book restored or of unknown origin.
  };

  access mode = access::read_write;  ///< read_only: begin_write returns permission_denied.
  check pages = check::quick;  ///< On open, by reading, before a page is used through the map.

  /// Milliseconds to wait while another process opens or closes the book, then `locked`.
  std::uint32_t open_wait_ms = 10'000;

  /// Bytes of address space to begin with; 0: 256 GiB, on 32-bit machines 512 MiB, less
  /// where the system refuses that much. Takes neither memory nor disk.
  std::uint64_t map_bytes = 0;
};

/// Creates the book's folder and opens it. `path` may be an empty folder (it is replaced);
/// the folder above must exist.
///
/// Errors: already_exists (something is there), invalid_argument, permission_denied,
/// disk_full, locked (another process is creating it), io_error.
result<std::unique_ptr<backend>> create_lmdb_backend(std::string_view path,
                                                     const lmdb_options& options = {}) noexcept;

/// Opens a book.
///
/// Errors: not_found (nothing is there), not_a_book (something else is), newer_format,
/// damaged, unsupported (made by a machine of another word size or byte order), locked,
/// invalid_state (open in this process already), permission_denied, disk_full,
/// limit_exceeded (address space, files), io_error.
result<std::unique_ptr<backend>> open_lmdb_backend(std::string_view path,
                                                   const lmdb_options& options = {}) noexcept;

}  // namespace clientbook

#endif
