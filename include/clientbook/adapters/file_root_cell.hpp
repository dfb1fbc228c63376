// File root cell: the root key in a file of its own, apart from the book.
//
// The file (mode 0600) lies in a folder of its own (mode 0700), never beside or inside the
// book, so that whoever copies the book's folder has not taken the key along. Every change
// writes a new file, syncs it, exchanges it with the old one in one step and syncs the
// folder; the old file is then overwritten and removed, and what a kill left of it is
// overwritten by the next open or change.
//
// What forgetting means here: no file holds the former key any more. Overwriting does not
// reach the spare blocks of flash storage, snapshots and journals of the file system, or
// backups of the folder. Where that matters, use callback_root_cell over a key manager or a
// secure element.
//
// Thread safety: as root_cell.hpp says. Changes by several processes are ordered by a lock
// on the folder.
#ifndef CLIENTBOOK_ADAPTERS_FILE_ROOT_CELL_HPP
#define CLIENTBOOK_ADAPTERS_FILE_ROOT_CELL_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/crypto/root_cell.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace clientbook {

class file_root_cell final : public root_cell {
 public:
  /// Makes an empty cell at `path`, and its folder (0700) if that is absent; the folder
  /// above must exist. `book_path` is the book's folder, which need not exist yet; empty if
  /// the book is not on this machine. Symbolic links are resolved before the two are compared.
  ///
  /// Errors: already_exists, invalid_argument (beside or inside the book), permission_denied
  /// (by the system, or the folder is open to others), disk_full, io_error.
  static result<file_root_cell> create_new(std::string_view path,
                                           std::string_view book_path) noexcept;

  /// The cell for a book that is about to be made: as create_new, or the empty one that an
  /// interrupted call has left. Until its first key is promoted, or this object ends, nobody else
  /// gets it: of two books made at once with one cell, one would be left without its key.
  ///
  /// Errors: as create_new; locked (another book is being made with this cell).
  static result<file_root_cell> claim_new(std::string_view path,
                                          std::string_view book_path) noexcept;

  /// Opens a cell and checks that it can be read.
  ///
  /// Errors: key_unavailable (no such file), permission_denied (by the system, or the file or
  /// its folder is open to others), damaged (not a root cell, or altered), newer_format,
  /// invalid_argument (beside or inside the book), io_error.
  static result<file_root_cell> open(std::string_view path, std::string_view book_path) noexcept;

  /// How long a change waits while another process is in the middle of one: milliseconds, then
  /// `locked` and nothing has changed; below 0, as it begins: as long as it takes.
  void wait_at_most(int milliseconds) noexcept { wait_ms_ = milliseconds; }

  /// Removes the file of a cell that holds no key: what a book that could not be made would leave.
  /// Errors: invalid_state (it holds one, and stays); as open().
  result<void> remove_empty() noexcept;

  file_root_cell(file_root_cell&&) noexcept = default;
  file_root_cell& operator=(file_root_cell&&) noexcept = default;
  ~file_root_cell() = default;

  result<content> load() noexcept override;
  result<void> stage(const root_key& next) noexcept override;
  result<void> promote(std::uint64_t epoch) noexcept override;
  result<void> drop(std::uint64_t epoch) noexcept override;

 private:
  explicit file_root_cell(std::string path) noexcept : path_(std::move(path)) {}
  std::string path_;
  int wait_ms_ = -1;
  std::shared_ptr<const void> claim_;  ///< Of claim_new().
};

}  // namespace clientbook

#endif
