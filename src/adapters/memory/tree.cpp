// The treap of tree.hpp. Its priorities are hashes of the keys, so the same keys make the same tree
// whatever their order.
#include "tree.hpp"

#include <algorithm>
#include <utility>

namespace clientbook::memory {
namespace {

int compare(byte_view a, byte_view b) noexcept {
  const std::size_t common = std::min(a.size(), b.size());
  const int order = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
  if (order != 0) return order;
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

std::uint64_t hash(byte_view key) noexcept {
  std::uint64_t value = 0x9e3779b97f4a7c15;
  for (const std::byte b : key) {
    value = (value ^ static_cast<std::uint64_t>(b)) * 0xbf58476d1ce4e5b9;
    value ^= value >> 29;
  }
  return value;
}

tree make(const node& like, tree left, tree right) {
  return std::make_shared<const node>(
      node{like.item, like.priority, std::move(left), std::move(right)});
}

// Every key of `left` is below every key of `right`.
tree merge(const tree& left, const tree& right) {
  if (!left) return right;
  if (!right) return left;
  if (left->priority > right->priority) return make(*left, left->left, merge(left->right, right));
  return make(*right, merge(left, right->left), right->right);
}

}  // namespace

const entry* find(const tree& root, byte_view key) noexcept {
  for (const node* at = root.get(); at != nullptr;) {
    const int order = compare(key, at->item->key);
    if (order == 0) return at->item.get();
    at = order < 0 ? at->left.get() : at->right.get();
  }
  return nullptr;
}

tree insert(const tree& root, std::shared_ptr<const entry> item) {
  if (!root) {
    const std::uint64_t priority = hash(item->key);
    return std::make_shared<const node>(node{std::move(item), priority, nullptr, nullptr});
  }
  const int order = compare(item->key, root->item->key);
  if (order == 0) {
    return std::make_shared<const node>(
        node{std::move(item), root->priority, root->left, root->right});
  }
  if (order < 0) {
    const tree left = insert(root->left, std::move(item));
    if (left->priority <= root->priority) return make(*root, left, root->right);
    return make(*left, left->left, make(*root, left->right, root->right));
  }
  const tree right = insert(root->right, std::move(item));
  if (right->priority <= root->priority) return make(*root, root->left, right);
  return make(*right, make(*root, root->left, right->left), right->right);
}

tree erase(const tree& root, byte_view key) {
  if (!root) return root;
  const int order = compare(key, root->item->key);
  if (order == 0) return merge(root->left, root->right);
  if (order < 0) return make(*root, erase(root->left, key), root->right);
  return make(*root, root->left, erase(root->right, key));
}

bool walk(const tree& root, byte_view from, callback_ref<bool(const entry&)> visit) {
  if (!root) return true;
  if (compare(root->item->key, from) < 0) return walk(root->right, from, visit);
  return walk(root->left, from, visit) && visit(*root->item) && walk(root->right, from, visit);
}

}  // namespace clientbook::memory
