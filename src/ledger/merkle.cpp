// The Merkle tree of RFC 9162: appending, proofs and their verification.
//
// Appending needs the frontier alone (the roots of the perfect subtrees), so a till can append to a
// log of millions. Verification follows the RFC's text step by step and asks nothing of who proves.
#include <clientbook/ledger/merkle.hpp>

#include <algorithm>
#include <bit>
#include <cassert>

namespace clientbook::ledger {
namespace {

constexpr error lies{errc::proof_invalid, "the proof does not lead to the root"};

bool odd(std::uint64_t number) noexcept { return (number & 1) != 0; }

// Root over the leaves [begin, begin + count), where `begin` is a multiple of every power of
// two in `count`: its perfect subtrees, joined from the smallest, which is the last.
result<hash> range_root(hash_source& tree, std::uint64_t begin, std::uint64_t count) noexcept {
  hash root{};
  bool first = true;
  std::uint64_t end = begin + count;
  for (std::uint64_t left = count; left != 0; left &= left - 1) {
    const auto level = static_cast<unsigned>(std::countr_zero(left));
    end -= std::uint64_t{1} << level;
    const result<hash> node = tree.get(level, end >> level);
    if (!node) return node.error();
    root = first ? *node : node_hash(*node, root);
    first = false;
  }
  return root;
}

// Adds the siblings on the way up from a node at `level` to the root of `size` leaves.
result<void> add_siblings(hash_source& tree, unsigned level, std::uint64_t node, std::uint64_t size,
                          proof& out) noexcept {
  for (std::uint64_t last = (size - 1) >> level; last != 0; ++level, node >>= 1, last >>= 1) {
    if (!odd(node) && node == last) continue;  // Nothing to its right: it goes up as it is.
    const std::uint64_t begin = (odd(node) ? node - 1 : node + 1) << level;
    const result<hash> sibling =
        range_root(tree, begin, std::min(std::uint64_t{1} << level, size - begin));
    if (!sibling) return sibling.error();
    out.hashes[out.count++] = *sibling;
  }
  return {};
}

}  // namespace

hash leaf_hash(byte_view entry) noexcept {
  crypto::sha256_hasher hasher;
  constexpr std::byte prefix{0};
  hasher.update({&prefix, 1});
  return hasher.update(entry).finish();
}

hash node_hash(const hash& left, const hash& right) noexcept {
  std::array<std::byte, 1 + 2 * sizeof(hash)> bytes;
  bytes[0] = std::byte{1};
  copy_bytes(byte_span(bytes).subspan(1), left);
  copy_bytes(byte_span(bytes).subspan(1 + sizeof(hash)), right);
  return crypto::sha256(bytes);
}

hash empty_root() noexcept { return crypto::sha256({}); }

hash frontier::root() const noexcept {
  if (count_ == 0) return empty_root();
  hash root = nodes_[count_ - 1];
  for (std::size_t i = count_ - 1; i-- > 0;) root = node_hash(nodes_[i], root);
  return root;
}

result<void> frontier::append(const hash& leaf) noexcept {
  if (size_ >= max_tree_size) return error{errc::limit_exceeded, "the ledger's tree is full"};
  const auto merged = static_cast<unsigned>(std::countr_one(size_));
  hash node = leaf;
  for (unsigned i = 0; i < merged; ++i) node = node_hash(nodes_[count_ - 1 - i], node);
  place(node, merged);
  return {};
}

// `node` stands for the new leaf and the last `merged` subtrees.
void frontier::place(const hash& node, unsigned merged) noexcept {
  count_ -= merged;
  nodes_[count_++] = node;
  ++size_;
  assert(count_ == static_cast<std::size_t>(std::popcount(size_)) && "a perfect subtree a bit");
}

result<byte_view> frontier::encode(byte_span out) const noexcept {
  const std::size_t needed = 8 + count_ * sizeof(hash);
  if (out.size() < needed) {
    return error{errc::buffer_too_small, "a ledger's frontier needs a larger buffer", needed};
  }
  assert(count_ == static_cast<std::size_t>(std::popcount(size_)));
  store_be(out.data(), size_);
  for (std::size_t i = 0; i < count_; ++i) copy_bytes(out.subspan(8 + i * sizeof(hash)), nodes_[i]);
  return byte_view(out.first(needed));
}

result<frontier> frontier::decode(byte_view bytes) noexcept {
  if (bytes.size() < 8) return error{errc::truncated, "a ledger's frontier ends early"};
  frontier out;
  out.size_ = load_be<std::uint64_t>(bytes.data());
  if (out.size_ > max_tree_size) {
    return error{errc::limit_exceeded, "a ledger's frontier says more entries than there can be"};
  }
  out.count_ = static_cast<std::size_t>(std::popcount(out.size_));
  const byte_view nodes = bytes.subspan(8);
  if (nodes.size() < out.count_ * sizeof(hash)) {
    return error{errc::truncated, "a ledger's frontier ends early"};
  }
  if (nodes.size() > out.count_ * sizeof(hash)) {
    return error{errc::invalid_encoding, "bytes follow a ledger's frontier"};
  }
  for (std::size_t i = 0; i < out.count_; ++i) {
    copy_bytes(out.nodes_[i], nodes.subspan(i * sizeof(hash), sizeof(hash)));
  }
  return out;
}

result<frontier> frontier_at(hash_source& tree, std::uint64_t size) noexcept {
  if (size > max_tree_size) return error{errc::limit_exceeded, "the ledger's tree is full"};
  frontier out;
  for (unsigned level = 63; level-- > 0;) {
    if (((size >> level) & 1) == 0) continue;
    const result<hash> node = tree.get(level, out.size_ >> level);
    if (!node) return node.error();
    out.nodes_[out.count_++] = *node;
    out.size_ += std::uint64_t{1} << level;
  }
  return out;
}

result<proof> inclusion_proof(hash_source& tree, std::uint64_t index, std::uint64_t size) noexcept {
  if (index >= size || size > max_tree_size) {
    return error{errc::invalid_argument, "the entry is not in a tree of that size", index};
  }
  proof out;
  if (const auto done = add_siblings(tree, 0, index, size, out); !done) return done.error();
  return out;
}

result<proof> consistency_proof(hash_source& tree, std::uint64_t old_size,
                                std::uint64_t new_size) noexcept {
  if (old_size > new_size || new_size > max_tree_size) {
    return error{errc::invalid_argument, "the older tree is larger than the newer", old_size};
  }
  proof out;
  if (old_size == 0 || old_size == new_size) return out;
  // The last perfect subtree of the old tree; when it is the whole of it, its root is known.
  const auto level = static_cast<unsigned>(std::countr_zero(old_size));
  const std::uint64_t node = (old_size - 1) >> level;
  if (node != 0) {
    const result<hash> last = tree.get(level, node);
    if (!last) return last.error();
    out.hashes[out.count++] = *last;
  }
  if (const auto done = add_siblings(tree, level, node, new_size, out); !done) return done.error();
  return out;
}

// RFC 9162 section 2.1.3.2.
result<void> verify_inclusion(const hash& leaf, std::uint64_t index, std::uint64_t size,
                              std::span<const hash> path, const hash& root) noexcept {
  if (index >= size) return lies;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  hash found = leaf;
  for (const hash& sibling : path) {
    if (last == 0) return lies;
    if (odd(node) || node == last) {
      found = node_hash(sibling, found);
      for (; !odd(node) && node != 0; node >>= 1) last >>= 1;
    } else {
      found = node_hash(found, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return lies;
  if (found != root) return lies;
  return {};
}

// RFC 9162 section 2.1.4.2.
result<void> verify_consistency(std::uint64_t old_size, const hash& old_root,
                                std::uint64_t new_size, const hash& new_root,
                                std::span<const hash> path) noexcept {
  if (old_size > new_size) return lies;
  if (old_size == 0 || old_size == new_size) {
    const hash& expected = old_size == 0 ? empty_root() : new_root;
    if (!path.empty() || old_root != expected) return lies;
    return {};
  }
  const auto level = static_cast<unsigned>(std::countr_zero(old_size));
  std::uint64_t node = (old_size - 1) >> level;
  std::uint64_t last = (new_size - 1) >> level;
  if (node != 0 && path.empty()) return lies;
  hash old_found = node == 0 ? old_root : path.front();
  if (node != 0) path = path.subspan(1);
  hash new_found = old_found;
  for (const hash& sibling : path) {
    if (last == 0) return lies;
    if (odd(node) || node == last) {
      old_found = node_hash(sibling, old_found);
      new_found = node_hash(sibling, new_found);
      for (; !odd(node) && node != 0; node >>= 1) last >>= 1;
    } else {
      new_found = node_hash(new_found, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0 || old_found != old_root || new_found != new_root) return lies;
  return {};
}

}  // namespace clientbook::ledger
