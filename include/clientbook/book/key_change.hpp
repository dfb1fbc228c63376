// A change of what opens the book's root cell: who may make it, the ledger's entry about it, and a
// new root key. The slots themselves are the cell's (adapters/file_root_cell.hpp); both at once:
// open/root_keys.hpp.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_KEY_CHANGE_HPP
#define CLIENTBOOK_BOOK_KEY_CHANGE_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <cstdint>

namespace clientbook {

enum class root_after : std::uint8_t {
  kept = 1,     ///< Somebody more opens the book.
  renewed = 2,  ///< Somebody no longer shall: the root gets a new key.
};

struct key_change {
  root_after root = root_after::renewed;
  /// Changes the cell's slots: called once, under the book's write lock, when it is clear that the
  /// actor may. An error of it ends the change, and nothing has happened. The cell stages and
  /// promotes the new root afterwards. Returns what the ledger's entry commits to.
  callback_ref<result<crypto::digest>()> work{};
};

struct key_change_entry {
  std::uint64_t ledger_index = 0;
  entry_id entry{};
  std::uint64_t epoch = 0;  ///< Of the root key that is in force now.
};

}  // namespace clientbook

#endif
