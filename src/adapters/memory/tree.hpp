// An ordered map that never changes: insert and erase return a new one that shares all but
// the path to the change (a treap whose priorities are hashes of the keys).
#ifndef CLIENTBOOK_ADAPTERS_MEMORY_TREE_HPP
#define CLIENTBOOK_ADAPTERS_MEMORY_TREE_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/callback_ref.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace clientbook::memory {

struct entry {
  std::vector<std::byte> key;
  std::vector<std::byte> value;
};

struct node;
using tree = std::shared_ptr<const node>;

struct node {
  std::shared_ptr<const entry> item;
  std::uint64_t priority = 0;
  tree left;
  tree right;
};

/// Null if there is none.
const entry* find(const tree& root, byte_view key) noexcept;
/// Replaces an entry of the same key.
tree insert(const tree& root, std::shared_ptr<const entry> item);
tree erase(const tree& root, byte_view key);
/// In order, for keys >= from, until `visit` returns false; then returns false.
bool walk(const tree& root, byte_view from, callback_ref<bool(const entry&)> visit);

}  // namespace clientbook::memory

#endif
