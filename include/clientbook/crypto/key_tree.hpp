// Key tree: every customer's key and manifest, sealed so that erasing one is complete.
//
// Leaves hold, by customer number, the customer's key and the manifest of what the book must
// hold of them. An inner node holds its children's keys and versions and is sealed under its
// own key; the root's key lies in a root cell outside the book (root_cell.hpp). To erase, the
// leaf entry is dropped and every node on the path gets a new key, the root included: nodes
// that linger in free pages or copies are dead when the old root key is.
// The versions date everything: a replayed row or node, a missing item, a customer rolled
// back or deleted disagrees with its leaf, and the root's version dates the tree.
//
// A change, from begin_write() on, and what the book does in between:
//   begin_write(store, root version, random)   inside the store's write transaction
//   insert(), edit(), erase() ...
//   flush()                                     new root version: keep it in the same transaction
//   if next_root(): root_cell.stage(*next_root())
//   commit of the store
//   commit()                                    then root_cell.promote(its epoch) if one was staged
// If anything fails up to the store's commit: discard(). What was staged is then left to the
// next holder of the write lock: without the lock it may be another's by now.
//
// The tree works in memory that the caller gives (locked_memory.hpp in hosted builds): a cache
// of opened nodes with clock eviction, wiped as it is left. Plain keys are nowhere else.
// A lookup of a cached leaf takes no hashing of bytes, no system call and no cryptography.
//
// Thread safety: one thread at a time. Give each thread a tree of its own, or lock.
#ifndef CLIENTBOOK_CRYPTO_KEY_TREE_HPP
#define CLIENTBOOK_CRYPTO_KEY_TREE_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/crypto/root_cell.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace clientbook {

/// What the book must hold of one customer. A leaf entry is exactly this, sealed.
/// Whether somebody is one customer, alone or with others (book/merge.hpp). Part of the stored
/// format.
enum class standing : std::uint8_t { whole = 0, of_several = 1, part = 2 };

struct manifest {
  secret<32> subject_key{};
  std::uint32_t key_version = 1;
  schema_version schema{};      ///< Of the record.
  record_version version{};     ///< Of the record, 0: there is none.
  std::uint32_t purchases = 0;  ///< Numbered from 1 without a gap; so are the next three.
  std::uint32_t notes = 0;
  std::uint32_t directives = 0;
  std::uint32_t disclosures = 0;
  std::uint32_t consent_state = 0;      ///< Number of the compiled state.
  std::uint32_t notes_version = 0;      ///< How often all notes were sealed anew.
  std::uint64_t last_ledger_index = 0;  ///< Of the customer's newest ledger entry.
  /// The latest birth date that the book was ever told of the customer, in days since
  /// 1800-01-01 plus 1; 0: none. It outlives the field, since consent depends on it.
  std::uint32_t born = 0;
  std::uint32_t customer_row = 0;  ///< Version of the customer's row, 0: there is none.
  standing stands = standing::whole;
};

/// Where sealed nodes are kept. Level 0 are the leaves.
class node_store {
 public:
  /// The view lives until the next call of put.
  /// Errors: not_found; those of the store are handed on.
  virtual result<byte_view> get(std::uint8_t level, std::uint64_t index) noexcept = 0;
  /// Adds or replaces. Errors: those of the store are handed on.
  virtual result<void> put(std::uint8_t level, std::uint64_t index, byte_view node) noexcept = 0;

 protected:
  ~node_store() = default;
};

class key_tree {
 public:
  // Measured (benchmarks/key_tree_bench.cpp, a million customers): 16 and 32 edit fastest of
  // 8x32, 16x16, 16x32, 16x64, 32x32, 64x64; a larger leaf is rewritten whole for one customer
  // and leaves the page of an embedded store.
  static constexpr unsigned leaf_fan_out = 16;
  static constexpr unsigned fan_out = 32;
  static constexpr std::uint8_t root_level = 5;
  /// Customer numbers run from 0 to this, less one (2^29).
  static constexpr std::uint64_t capacity = std::uint64_t{leaf_fan_out} << (5 * root_level);
  /// Largest sealed node.
  static constexpr std::size_t node_limit = 1536;
  static constexpr std::size_t least_nodes = 16;

  /// Bytes for a cache of that many nodes (at least least_nodes); some 1.6 KiB each.
  static std::size_t memory_for(std::size_t nodes) noexcept;

  /// `memory`, aligned to 64, at least memory_for(least_nodes) bytes and outliving the tree,
  /// is used whole and wiped at the end.
  key_tree(byte_span memory, const book_id& book, crypto::suite suite) noexcept;
  ~key_tree();
  key_tree(const key_tree&) = delete;
  key_tree& operator=(const key_tree&) = delete;

  /// Takes the root key and empties the cache. Also to be called when another process has
  /// changed the root (the book's epoch is another), so that what it erased is forgotten here.
  void open(const root_key& root) noexcept;

  /// Looks at the store as of this root version, for reading. `store` must live until the next
  /// begin. Cheap; with the root version of before, all that was checked stays checked.
  /// Errors: invalid_state (not open, or a change is neither committed nor discarded),
  /// limit_exceeded (the tree was given less than memory_for(least_nodes)).
  result<void> begin(node_store& store, std::uint64_t root_version) noexcept;

  /// The same, for a change. Root version 0: the book has no tree yet; an empty one is begun.
  result<void> begin_write(node_store& store, std::uint64_t root_version,
                           random_source& random) noexcept;

  /// The customer's manifest; valid until the next call on the tree, never null.
  ///
  /// Errors: not_found; key_erased; invalid_state (no begin). Of a store that was tampered
  /// with: wrong_key (the root does not open: another root key, or the root was altered),
  /// authentication_failed (a node altered or moved), version_mismatch (an older node put
  /// back), row_missing (a node removed), truncated, suite_mismatch, newer_format. error::at
  /// is then the node's level.
  result<const manifest*> find(customer_no customer) noexcept;

  /// A key derived of the customer's leaf's own. Customers of one leaf share it, and it goes with
  /// whoever of them is erased first: the leaf has another one then, in this change already.
  /// Errors: not_found (there is no such leaf); as find, but for key_erased.
  result<secret<32>> leaf_key(customer_no customer, std::string_view label) noexcept;

  /// Goes down from below the root, parents first: `visit` is told level, index and version of a
  /// node and says whether to go on below it. A node whose version is as before holds what it held
  /// before, and so do all below it. Versions are those of the last flush. Errors: as find.
  result<void> walk(callback_ref<bool(unsigned level, std::uint64_t index, std::uint64_t version)>
                        visit) noexcept;

  /// The same as find(), to be changed in place before the next call on the tree. Needs
  /// begin_write(). The caller must not fail half-way: what was changed is kept by flush().
  result<manifest*> edit(customer_no customer) noexcept;

  /// Adds a customer. Errors: already_exists, key_erased (numbers are not used again),
  /// limit_exceeded (number 0 or not below capacity), randomness_failed; as find.
  result<void> insert(customer_no customer, manifest entry) noexcept;

  /// Destroys the customer's key and manifest, leaves the mark "erased", and gives every node
  /// on the path a new key; next_root() is then set. Errors: as find; randomness_failed.
  result<void> erase(customer_no customer) noexcept;

  /// Seals what changed into the store; returns the root version that belongs to it. The tree
  /// may have written nodes before, when its memory was full of changes.
  /// Errors: randomness_failed, those of the store. Then discard().
  result<std::uint64_t> flush() noexcept;

  /// The root key to stage, after an erasure in this change; else null. Valid until commit()
  /// or discard().
  [[nodiscard]] const root_key* next_root() const noexcept;

  /// Gives the root a new key without erasing anybody (a copied root key becomes useless for
  /// what is written from now on). Needs begin_write(). Errors: as find; randomness_failed.
  result<void> rotate_root() noexcept;

  /// The store has committed. Errors: invalid_state (not flushed).
  result<void> commit() noexcept;

  /// The store has not committed: forgets every change since begin_write(). begin() anew.
  void discard() noexcept;

  /// Wipes every cached node. Errors: invalid_state (inside a change).
  result<void> forget() noexcept;

  [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }

  /// For figures and tests.
  struct counters {
    std::uint64_t opened = 0;  ///< Nodes opened since the start.
    std::uint64_t sealed = 0;
    std::uint64_t evicted = 0;
    std::uint64_t early_flushes = 0;
  };
  [[nodiscard]] const counters& figures() const noexcept { return counters_; }

 private:
  struct slot;
  struct expected;
  struct path;
  struct roots;
  using slot_no = std::uint32_t;
  static constexpr slot_no none = 0xffffffff;

  // Cache.
  slot& at(slot_no number) const noexcept;
  slot_no lookup(unsigned level, std::uint64_t index) const noexcept;
  result<slot_no> take() noexcept;
  slot_no evict() noexcept;
  void attach(slot_no number, unsigned level, std::uint64_t index) noexcept;
  void release(slot_no number) noexcept;
  slot_no& bucket(unsigned level, std::uint64_t index) const noexcept;
  void clear() noexcept;

  // Nodes.
  result<slot_no> node(unsigned level, std::uint64_t index) noexcept;
  result<slot_no> leaf_of(customer_no customer) noexcept;
  result<void> walk_below(
      unsigned level, std::uint64_t index,
      callback_ref<bool(unsigned, std::uint64_t, std::uint64_t)> visit) noexcept;
  result<slot_no> load(unsigned level, std::uint64_t index, const expected& wanted) noexcept;
  result<void> unseal(slot& into, unsigned level, std::uint64_t index, byte_view sealed,
                      const expected& wanted) noexcept;
  result<void> seal(slot& from) noexcept;

  // Changes.
  result<void> hold(customer_no customer, path& held) noexcept;
  result<void> hold_or_make(customer_no customer, path& held) noexcept;
  result<slot_no> make(unsigned level, std::uint64_t index, path& held) noexcept;
  void mark(const path& held) noexcept;
  void mark(slot_no number) noexcept;
  result<void> new_keys(const path& held) noexcept;
  result<void> write_changes() noexcept;
  result<void> check_changing() const noexcept;

  byte_span memory_;
  slot* slots_ = nullptr;
  slot_no* buckets_ = nullptr;
  byte_span scratch_;
  std::uint32_t slot_count_ = 0;
  std::uint32_t bucket_mask_ = 0;
  slot_no free_ = none;
  slot_no hand_ = 0;

  book_id book_;
  crypto::suite suite_;
  roots* roots_ = nullptr;   ///< In memory_, as all keys; null: there is too little of it.
  std::uint64_t epoch_ = 0;  ///< Of the root key.
  std::uint64_t root_version_ = 0;
  std::uint64_t generation_ = 1;  ///< Nodes checked in it belong to root_version_.
  std::uint64_t change_ = 1;
  node_store* store_ = nullptr;
  random_source* random_ = nullptr;
  enum class stage : std::uint8_t { closed, opened, reading, changing, flushed, failed };
  stage stage_ = stage::closed;
  bool changed_ = false;  ///< Since begin_write().
  std::array<slot_no, root_level + 1> dirty_;
  counters counters_;
};

/// What is to be done with the root cell, seen beside a book. Acted on under the write lock
/// only: another process may be between stage and commit.
enum class root_step : std::uint8_t { none, promote, drop };

struct reconciled_root {
  root_key key{};
  root_step step = root_step::none;
};

/// Chooses the root key by the epoch that the book says it has. A book at the staged epoch
/// means promote, at the current one drop.
/// Errors: key_unavailable (the cell is empty), version_mismatch (the book is of an earlier
/// epoch: a copy from before an erasure, which nothing opens any more), wrong_key (the book is
/// of a later epoch than the cell knows).
result<reconciled_root> reconcile(root_cell::content held, std::uint64_t book_epoch) noexcept;

}  // namespace clientbook

#endif
