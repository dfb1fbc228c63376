// Root cell: where the key of the key tree's root lives, outside the book.
//
// It holds one key, and for the moment of a change a second, staged one. Erasure depends
// on it: when `promote` has returned, the former key is gone and every node that was
// sealed under it is dead, also in copies of the book made earlier. How far a cell can
// promise to forget is said by each implementation.
//
// A change of root runs: stage(new), commit the book at the staged epoch, promote. On open
// a book at the staged epoch means promote, a book at the current epoch means drop.
//
// Thread safety: one caller at a time; several processes may hold the same cell, and the
// book's write lock orders their changes.
#ifndef CLIENTBOOK_ROOT_CELL_HPP
#define CLIENTBOOK_ROOT_CELL_HPP

#include <clientbook/result.hpp>
#include <clientbook/secret.hpp>

#include <cstdint>
#include <optional>

namespace clientbook {

/// A root key and the epoch of the book that it opens. Epochs start at 1 and only grow.
struct root_key {
  std::uint64_t epoch = 0;
  secret<32> key;
};

class root_cell {
 public:
  struct content {
    std::optional<root_key> current;
    std::optional<root_key> staged;  ///< Set only between stage and promote (or drop).
  };

  /// Reads what the cell holds now; an empty cell has neither key.
  /// Errors: key_unavailable (absent, unreadable), permission_denied, damaged.
  virtual result<content> load() noexcept = 0;

  /// Keeps a second key, durable when it returns; replaces one staged before.
  /// Errors: io_error, disk_full; the cell is then as before.
  virtual result<void> stage(const root_key& next) noexcept = 0;

  /// Makes the staged key the only one and forgets the other, durable when it returns.
  /// Errors: invalid_state if nothing is staged; io_error (both keys may still be there:
  /// call again).
  virtual result<void> promote() noexcept = 0;

  /// Forgets the staged key, durable when it returns. Nothing staged is no error.
  virtual result<void> drop() noexcept = 0;

 protected:
  ~root_cell() = default;
};

}  // namespace clientbook

#endif
