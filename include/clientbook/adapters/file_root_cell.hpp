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
// The file is the key itself (format 1), or it is sealed and opened through slots (format 2): by a
// passphrase, a key file, the secret key of a recipient (key_slots.hpp). What the protocol of
// root_cell.hpp asks is the same for both.
//
// Thread safety: as root_cell.hpp says. Changes by several processes are ordered by a lock
// on the folder.
#ifndef CLIENTBOOK_ADAPTERS_FILE_ROOT_CELL_HPP
#define CLIENTBOOK_ADAPTERS_FILE_ROOT_CELL_HPP

#include <clientbook/adapters/key_slots.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/crypto/root_cell.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace clientbook {

class cell_access;
class cell_keys;
struct sealed_cell;

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
  /// `with`: opens what an interrupted call has left, if that was sealed and holds a staged key.
  ///
  /// Errors: as create_new; locked (another book is being made with this cell); as open() of what
  /// was left.
  static result<file_root_cell> claim_new(std::string_view path, std::string_view book_path,
                                          const slot_secret* with = nullptr) noexcept;

  /// Opens a cell and checks that it can be read. `with` opens a sealed one, and is not looked at
  /// where it is not sealed; a passphrase takes as long as its slots' costs say.
  ///
  /// Errors: key_unavailable (no such file; it is sealed, and nothing was given to open it with:
  /// look() tells the two apart), permission_denied (by the system, or the file or its folder is
  /// open to others), damaged (not a root cell, or altered), newer_format, invalid_argument (beside
  /// or inside the book), io_error; wrong_key (what was given opens no slot, whichever it was
  /// near), limit_exceeded (no memory for the passphrase).
  static result<file_root_cell> open(std::string_view path, std::string_view book_path,
                                     const slot_secret* with = nullptr) noexcept;

  // --- slots: each call is one step that no other process comes between ---------------------

  /// What a cell is opened with, for who has no secret. Errors: as open() without what a secret
  /// adds.
  static result<cell_look> look(std::string_view path) noexcept;

  /// Seals a cell of format 1, and makes its first slot, which must have its secret here. What the
  /// file held in clear is due to be renewed. Returns the slot's number.
  /// Errors: invalid_state (sealed already; the slot would not be proven), as add_slot().
  result<std::uint32_t> seal(const new_slot& first) noexcept;

  /// Errors: invalid_state (not sealed), invalid_argument (label, secret, cost, day),
  /// limit_exceeded (16 slots), already_exists (a slot opens with the same), randomness_failed; as
  /// stage().
  result<std::uint32_t> add_slot(const new_slot& what) noexcept;

  /// Takes a slot away: the cell gets another key, sealed to all others. Its secret opens this file
  /// no more; what it opened before is known to whoever had it until there is a new root key
  /// (open/root_keys.hpp does both), which `look` tells as renewal_due.
  /// Errors: not_found; invalid_state (the last one; no other was ever proven; not sealed); as
  /// stage().
  result<void> remove_slot(std::uint32_t number) noexcept;

  /// Both in one step. Errors: of both.
  result<std::uint32_t> change_slot(std::uint32_t number, const new_slot& instead) noexcept;

  /// Back to format 1: the file is the key. Errors: invalid_state (not sealed; a renewal is due).
  result<void> unseal() noexcept;

  /// The slot that opened it, 0 if it is not sealed.
  [[nodiscard]] std::uint32_t opened_by() const noexcept;

  /// A second object for the same opened cell, which follows when it or its slots are changed by
  /// the other, also in another thread. Sealed or unsealed by others: key_unavailable, open again.
  [[nodiscard]] file_root_cell same() const;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }

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
  explicit file_root_cell(std::string path);
  static result<file_root_cell> take_over(std::string_view path, std::string_view book_path,
                                          const slot_secret* with);
  void prove(const sealed_cell& seen);
  template <class Edit>
  result<void> change_slots(Edit&& edit);

  std::string path_;
  int wait_ms_ = -1;
  std::shared_ptr<cell_access> access_;
  std::shared_ptr<const void> claim_;  ///< Of claim_new().
};

}  // namespace clientbook

#endif
