// Root cell: where the key of the key tree's root lives, outside the book.
//
// It holds one key, and for the moment of a change a second, staged one. Erasure depends
// on it: when `promote` has returned, the former key is gone and every node that was
// sealed under it is dead, also in copies of the book made earlier. How far a cell can
// promise to forget is said by each implementation.
//
// A change of root runs: stage(new) and commit the book at the staged epoch under the book's
// write lock, then promote(that epoch). Whoever holds the write lock next finishes what was
// left: a book at the staged epoch means promote, a book at the current epoch means drop.
// docs/format/root_cell.md has the protocol, who holds what, and why it loses no key.
//
// Thread safety: one caller at a time in a process. Several processes may hold the same cell:
// each call is one step that no other call comes between. The book's write lock orders stage
// and drop; promote runs without it and may come late, which is why it names its epoch.
#ifndef CLIENTBOOK_CRYPTO_ROOT_CELL_HPP
#define CLIENTBOOK_CRYPTO_ROOT_CELL_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/base/secret.hpp>

#include <cstdint>
#include <optional>

namespace clientbook {

/// A root key and the epoch of the book that it opens. Epochs start at 1 and only grow.
struct root_key {
  std::uint64_t epoch = 0;
  secret<32> key{};
};

class root_cell {
 public:
  struct content {
    std::optional<root_key> current{};
    std::optional<root_key> staged{};  ///< Set only between stage and promote (or drop).
  };

  /// Reads what the cell holds now; an empty cell has neither key.
  /// Errors: key_unavailable (absent, unreadable), permission_denied, damaged.
  virtual result<content> load() noexcept = 0;

  /// Keeps a second key, durable when it returns; replaces one staged before for the same
  /// epoch, which nobody committed. Errors: invalid_argument (the epoch is 0 or not later than
  /// the current key's); invalid_state (a key of another epoch is staged: promote or drop it
  /// first); io_error, disk_full. The cell is then as before.
  virtual result<void> stage(const root_key& next) noexcept = 0;

  /// Makes the staged key of this epoch the only one and forgets the other, durable when it
  /// returns. A current key of this epoch or a later one says that somebody did it already:
  /// success, and nothing changes, whatever is staged.
  /// Errors: invalid_argument (epoch 0); invalid_state if the current key is older (or absent)
  /// and no key of this epoch is staged; io_error (both keys may still be there: call again).
  virtual result<void> promote(std::uint64_t epoch) noexcept = 0;

  /// Forgets the staged key if it is of exactly this epoch, durable when it returns. Any other
  /// or none staged is no error, and nothing changes.
  virtual result<void> drop(std::uint64_t epoch) noexcept = 0;

 protected:
  ~root_cell() = default;
};

}  // namespace clientbook

#endif
