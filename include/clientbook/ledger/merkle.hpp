// Merkle tree: the append-only tree of the ledger (RFC 6962 section 2.1, RFC 9162), SHA-256.
//
// A proof holds at most 64 hashes, in the caller's memory. Verifying is pure: it needs no
// store and believes nothing but the root it is given. Where the tree's hashes are kept is
// behind the port hash_source; tiles.hpp has the one that books use.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_LEDGER_MERKLE_HPP
#define CLIENTBOOK_LEDGER_MERKLE_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace clientbook::ledger {

using hash = crypto::digest;

/// Entries that one tree can take; its proofs then have at most 63 hashes.
inline constexpr std::uint64_t max_tree_size = std::uint64_t{1} << 62;

[[nodiscard]] hash leaf_hash(byte_view entry) noexcept;  ///< SHA-256(00 | entry)
[[nodiscard]] hash node_hash(const hash& left, const hash& right) noexcept;
[[nodiscard]] hash empty_root() noexcept;  ///< SHA-256 of nothing.

/// What is needed to append and to know the root: the roots of the perfect subtrees that
/// the tree consists of, largest first. 2 KiB; stored it takes 8 bytes and 32 a subtree.
class frontier {
 public:
  static constexpr std::size_t max_encoded = 8 + 62 * sizeof(hash);

  std::uint64_t size() const noexcept { return size_; }
  std::span<const hash> subtrees() const noexcept { return {nodes_.data(), count_}; }

  /// Root at this size; one hash for each subtree but the first.
  [[nodiscard]] hash root() const noexcept;

  /// Amortised one node hash. Errors: limit_exceeded.
  result<void> append(const hash& leaf) noexcept;

  /// Errors: buffer_too_small (`at`: bytes needed).
  result<byte_view> encode(byte_span out) const noexcept;
  /// Errors: truncated, invalid_encoding, limit_exceeded.
  static result<frontier> decode(byte_view bytes) noexcept;

 private:
  friend class tile_writer;
  friend result<frontier> frontier_at(class hash_source& tree, std::uint64_t size) noexcept;
  void place(const hash& node, unsigned merged) noexcept;

  std::uint64_t size_ = 0;
  std::size_t count_ = 0;
  std::array<hash, 62> nodes_{};
};

/// Port to a tree's hashes: node `index` of `level` is the root over the leaves
/// [index * 2^level, (index + 1) * 2^level), all of which are in the tree.
class hash_source {
 public:
  /// Errors: not_found; those of the store.
  virtual result<hash> get(unsigned level, std::uint64_t index) noexcept = 0;

 protected:
  ~hash_source() = default;
};

struct proof {
  std::array<hash, 64> hashes;
  std::size_t count = 0;

  std::span<const hash> view() const noexcept { return {hashes.data(), count}; }
};

/// Root, and what append() needs, of the first `size` leaves.
/// Errors: limit_exceeded, as hash_source::get.
result<frontier> frontier_at(hash_source& tree, std::uint64_t size) noexcept;

/// That leaf `index` is in the tree of `size` leaves. Leaf's sibling first.
/// Errors: invalid_argument unless index < size <= max_tree_size; as hash_source::get.
result<proof> inclusion_proof(hash_source& tree, std::uint64_t index, std::uint64_t size) noexcept;

/// That the tree of `old_size` leaves is a beginning of that of `new_size`.
/// Errors: invalid_argument unless old_size <= new_size <= max_tree_size; as hash_source::get.
result<proof> consistency_proof(hash_source& tree, std::uint64_t old_size,
                                std::uint64_t new_size) noexcept;

/// Errors: proof_invalid: index outside, too few or too many hashes, another root.
result<void> verify_inclusion(const hash& leaf, std::uint64_t index, std::uint64_t size,
                              std::span<const hash> path, const hash& root) noexcept;

/// An old tree of no leaves must have the empty root; the proof is then empty, as it is when
/// both sizes are equal. Errors: proof_invalid.
result<void> verify_consistency(std::uint64_t old_size, const hash& old_root,
                                std::uint64_t new_size, const hash& new_root,
                                std::span<const hash> path) noexcept;

}  // namespace clientbook::ledger

#endif
