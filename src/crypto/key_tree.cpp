// The tree of customers' keys: a node is sealed under a key that its parent holds, the root's key
// lies in a cell outside the book.
//
// Erasing is forgetting: the leaf's entry goes, every node on the way up gets a new key, and with
// the old root key all older copies of the path are noise. Nodes carry versions that their parents
// hold too, so a node put back from a backup is noticed. Opened nodes are kept in a cache of the
// caller's memory; what is evicted is wiped. Relies on its store to keep what was written until the
// change is committed, and on its root cell as format/root_cell.md says.
#include <clientbook/crypto/key_tree.hpp>
#include <clientbook/internal/crypto/manifest_format.hpp>

#include <algorithm>
#include <bit>
#include <cassert>
#include <memory>
#include <new>
#include <utility>

#include "aead.hpp"

namespace clientbook {
namespace {

// A node: header, ciphertext of (present, erased, entries), tag. All numbers big-endian.
constexpr std::uint8_t node_format = 1;
constexpr std::size_t nonce_at = 20;
constexpr std::size_t header_size = nonce_at + crypto::nonce_size;
constexpr std::size_t masks_size = 8;
constexpr std::size_t inner_entry_size = 8 + 32;
constexpr std::size_t leaf_entry_size = 88;
constexpr std::size_t roots_room = 128;  ///< Whole lines: the nodes behind them are aligned.
constexpr std::string_view label = "clientbook nod 1";
static_assert(label.size() == 16);

constexpr std::uint32_t bit(unsigned position) noexcept { return std::uint32_t{1} << position; }

struct inner_entry {
  secret<32> key;
  std::uint64_t version = 0;
};

void put_key(std::byte* to, const secret<32>& key) noexcept {
  key.with_bytes([&](crypto::key_view k) { copy_bytes(byte_span(to, 32), k); });
}
void get_key(secret<32>& key, const std::byte* from) noexcept {
  key.fill_bytes([&](std::span<std::byte, 32> k) { copy_bytes(k, byte_view(from, 32)); });
}

void encode(std::byte* to, const manifest& entry) noexcept {
  encode_manifest(std::span<std::byte, manifest_bytes>(to, manifest_bytes), entry);
  put_key(to + manifest_bytes, entry.subject_key);
}
void decode(manifest& entry, const std::byte* from) noexcept {
  decode_manifest(entry, std::span<const std::byte, manifest_bytes>(from, manifest_bytes));
  get_key(entry.subject_key, from + manifest_bytes);
}
static_assert(manifest_bytes + 32 == leaf_entry_size);

void encode(std::byte* to, const inner_entry& entry) noexcept {
  store_be(to, entry.version);
  put_key(to + 8, entry.key);
}
void decode(inner_entry& entry, const std::byte* from) noexcept {
  entry.version = load_be<std::uint64_t>(from);
  get_key(entry.key, from + 8);
}
static_assert(8 + 32 == inner_entry_size);

constexpr std::uint64_t leaf_index(customer_no customer) noexcept {
  return customer.value / key_tree::leaf_fan_out;
}
constexpr unsigned leaf_position(customer_no customer) noexcept {
  return static_cast<unsigned>(customer.value % key_tree::leaf_fan_out);
}
constexpr unsigned inner_position(std::uint64_t child_index) noexcept {
  return static_cast<unsigned>(child_index % key_tree::fan_out);
}

error at_level(const error& failure, unsigned level) noexcept {
  return {failure.code, failure.text, level};
}

crypto::writer<16 + header_size + 16> bound_to(const std::byte* header,
                                               const book_id& book) noexcept {
  crypto::writer<16 + header_size + 16> bound;
  bound.add(label).add(byte_view(header, header_size)).add(book.bytes);
  return bound;
}

}  // namespace

void encode_manifest(std::span<std::byte, manifest_bytes> out, const manifest& entry) noexcept {
  std::byte* to = out.data();
  // Versions of keys end far below the byte in front of them.
  store_be(to, static_cast<std::uint32_t>(entry.key_version & 0xffffffU) |
                   static_cast<std::uint32_t>(entry.stands) << 24U);
  store_be(to + 4, entry.schema.value);
  store_be(to + 8, entry.version.value);
  store_be(to + 16, entry.purchases);
  store_be(to + 20, entry.notes);
  store_be(to + 24, entry.directives);
  store_be(to + 28, entry.disclosures);
  store_be(to + 32, entry.consent_state);
  store_be(to + 36, entry.notes_version);
  store_be(to + 40, entry.last_ledger_index);
  store_be(to + 48, entry.born);
  store_be(to + 52, entry.customer_row);
}

void decode_manifest(manifest& entry, std::span<const std::byte, manifest_bytes> bytes) noexcept {
  const std::byte* from = bytes.data();
  const auto first = load_be<std::uint32_t>(from);
  entry.key_version = first & 0xffffffU;
  entry.stands = static_cast<standing>(first >> 24U);
  entry.schema = schema_version(load_be<std::uint32_t>(from + 4));
  entry.version = record_version(load_be<std::uint64_t>(from + 8));
  entry.purchases = load_be<std::uint32_t>(from + 16);
  entry.notes = load_be<std::uint32_t>(from + 20);
  entry.directives = load_be<std::uint32_t>(from + 24);
  entry.disclosures = load_be<std::uint32_t>(from + 28);
  entry.consent_state = load_be<std::uint32_t>(from + 32);
  entry.notes_version = load_be<std::uint32_t>(from + 36);
  entry.last_ledger_index = load_be<std::uint64_t>(from + 40);
  entry.born = load_be<std::uint32_t>(from + 48);
  entry.customer_row = load_be<std::uint32_t>(from + 52);
}

static_assert(std::has_single_bit(key_tree::fan_out) && key_tree::fan_out <= 32);
static_assert(key_tree::leaf_fan_out <= 32);
static_assert(key_tree::capacity >= std::uint64_t{1} << 28U);

// An opened node in the cache.
struct alignas(64) key_tree::slot {
  std::uint64_t index = 0;
  std::uint64_t version = 0;  ///< As in the store; 0 if it was never there.
  std::uint64_t checked = 0;  ///< Generation in which it is known to be current.
  std::uint64_t change = 0;   ///< Change that last touched it.
  slot_no next = none;        ///< In its bucket, or among the free.
  slot_no next_dirty = none;
  std::uint32_t present = 0;
  std::uint32_t erased = 0;  ///< Leaves only.
  std::uint8_t level = 0;
  bool used = false;
  bool dirty = false;
  bool held = false;  ///< Must stay while a path is built.
  bool recent = false;
  secret<32> key;  ///< Its own.
  union {
    inner_entry inner[fan_out];
    manifest leaf[leaf_fan_out];
  };

  slot() noexcept {}
  ~slot() {}
  slot(const slot&) = delete;
  slot& operator=(const slot&) = delete;

  static constexpr std::size_t payload_size =
      std::max(fan_out * sizeof(inner_entry), leaf_fan_out * sizeof(manifest));

  void start(unsigned at_level) noexcept {
    level = static_cast<std::uint8_t>(at_level);
    present = erased = 0;
    version = checked = change = 0;
    dirty = false;
    if (level == 0) {
      for (manifest& entry : leaf) std::construct_at(&entry);
    } else {
      for (inner_entry& entry : inner) std::construct_at(&entry);
    }
  }
  void leave() noexcept {
    key.clear();
    wipe(byte_span(reinterpret_cast<std::byte*>(&inner), payload_size));
    used = dirty = false;
    change = checked = 0;
  }
};

struct key_tree::roots {
  root_key current;
  std::optional<root_key> next;
};

struct key_tree::expected {
  secret<32> key;
  std::uint64_t version = 0;
};

// The nodes from the root to a leaf, kept in the cache while this lives.
struct key_tree::path {
  explicit path(const key_tree& its_tree) noexcept : tree(its_tree) { nodes.fill(none); }
  ~path() {
    for (const slot_no number : nodes) {
      if (number != none) tree.at(number).held = false;
    }
  }
  path(const path&) = delete;
  path& operator=(const path&) = delete;
  void hold(unsigned level, slot_no number) noexcept {
    nodes[level] = number;
    tree.at(number).held = true;
  }

  const key_tree& tree;
  std::array<slot_no, root_level + 1> nodes;
};

// --- cache --------------------------------------------------------------------------------

std::size_t key_tree::memory_for(std::size_t nodes) noexcept {
  // At most two buckets a node.
  return node_limit + roots_room + nodes * (sizeof(slot) + 2 * sizeof(slot_no));
}

key_tree::key_tree(byte_span memory, const book_id& book, crypto::suite suite) noexcept
    : memory_(memory), book_(book), suite_(suite) {
  static_assert((node_limit + roots_room) % alignof(slot) == 0);
  static_assert(node_limit % alignof(roots) == 0 && sizeof(roots) <= roots_room);
  static_assert(header_size + masks_size + leaf_fan_out * leaf_entry_size + crypto::tag_size <=
                node_limit);
  static_assert(header_size + masks_size + fan_out * inner_entry_size + crypto::tag_size <=
                node_limit);
  dirty_.fill(none);
  if (memory.size() < memory_for(least_nodes)) return;
  const std::size_t count =
      (memory.size() - node_limit - roots_room) / (sizeof(slot) + 2 * sizeof(slot_no));
  slot_count_ = static_cast<std::uint32_t>(std::min<std::size_t>(count, none - 1));
  bucket_mask_ = std::bit_ceil(slot_count_) - 1;
  scratch_ = memory.first(node_limit);
  std::byte* next = memory.data() + node_limit;
  roots_ = ::new (next) roots;
  next += roots_room;
  slots_ = static_cast<slot*>(static_cast<void*>(next));
  for (slot_no i = 0; i < slot_count_; ++i) ::new (next + i * sizeof(slot)) slot;
  next += slot_count_ * sizeof(slot);
  buckets_ = static_cast<slot_no*>(static_cast<void*>(next));
  for (std::size_t i = 0; i <= bucket_mask_; ++i) ::new (next + i * sizeof(slot_no)) slot_no(none);
  clear();
}

key_tree::~key_tree() { wipe(memory_); }

key_tree::slot& key_tree::at(slot_no number) const noexcept { return slots_[number]; }

key_tree::slot_no& key_tree::bucket(unsigned level, std::uint64_t index) const noexcept {
  const std::uint64_t mixed = (index * 8 + level) * 0x9e3779b97f4a7c15U;
  return buckets_[(mixed >> 32U) & bucket_mask_];
}

key_tree::slot_no key_tree::lookup(unsigned level, std::uint64_t index) const noexcept {
  slot_no number = bucket(level, index);
  while (number != none && (at(number).index != index || at(number).level != level)) {
    number = at(number).next;
  }
  return number;
}

void key_tree::attach(slot_no number, unsigned level, std::uint64_t index) noexcept {
  slot& one = at(number);
  one.used = true;
  one.recent = true;
  one.index = index;
  slot_no& first = bucket(level, index);
  one.next = first;
  first = number;
}

void key_tree::release(slot_no number) noexcept {
  slot& one = at(number);
  if (one.used) {
    slot_no* link = &bucket(one.level, one.index);
    while (*link != number) link = &at(*link).next;
    *link = one.next;
  }
  one.leave();
  one.next = free_;
  free_ = number;
}

void key_tree::clear() noexcept {
  free_ = none;
  for (std::size_t i = 0; i <= bucket_mask_ && slot_count_ != 0; ++i) buckets_[i] = none;
  for (slot_no i = slot_count_; i-- > 0;) {
    at(i).leave();
    at(i).next = free_;
    free_ = i;
  }
  dirty_.fill(none);
}

// Clock: what was not used since the hand came by last; never what is held or changed.
key_tree::slot_no key_tree::evict() noexcept {
  for (std::uint64_t steps = 0; steps < std::uint64_t{2} * slot_count_; ++steps) {
    const slot_no number = hand_;
    hand_ = hand_ + 1 == slot_count_ ? 0 : hand_ + 1;
    slot& one = at(number);
    if (!one.used || one.held || one.dirty) continue;
    if (std::exchange(one.recent, false)) continue;
    ++counters_.evicted;
    release(number);
    return number;
  }
  return none;
}

// A free slot, taken off the free list.
result<key_tree::slot_no> key_tree::take() noexcept {
  if (free_ == none && evict() == none) {
    ++counters_.early_flushes;
    if (const result<void> written = write_changes(); !written) return written.error();
    if (evict() == none) return error{errc::limit_exceeded, "the key tree's memory is too small"};
  }
  return std::exchange(free_, at(free_).next);
}

// --- nodes --------------------------------------------------------------------------------

result<void> key_tree::unseal(slot& into, unsigned level, std::uint64_t index, byte_view sealed,
                              const expected& wanted) noexcept {
  if (sealed.empty()) return error{errc::truncated, "a node of the key tree is empty"};
  const std::byte* header = sealed.data();
  if (load_be<std::uint8_t>(header) > node_format) {
    return error{errc::newer_format, "the key tree was written by a newer version of this library"};
  }
  if (sealed.size() < header_size + masks_size + crypto::tag_size) {
    return error{errc::truncated, "a node of the key tree ends too early"};
  }
  if (static_cast<crypto::suite>(header[1]) != suite_) {
    return error{errc::suite_mismatch, "the key tree has another cipher suite than the book"};
  }
  const bool moved = load_be<std::uint8_t>(header) == 0 ||
                     load_be<std::uint8_t>(header + 2) != level ||
                     load_be<std::uint64_t>(header + 4) != index;
  if (moved || sealed.size() > node_limit) {
    return error{errc::authentication_failed, "a node of the key tree was moved or altered"};
  }
  if (load_be<std::uint64_t>(header + 12) != wanted.version) {
    return error{errc::version_mismatch, "an older node of the key tree was put back"};
  }
  const std::span<const std::byte, crypto::nonce_size> nonce(header + nonce_at, crypto::nonce_size);
  const byte_view body = sealed.subspan(header_size);
  const result<void> opened = crypto::open_value(
      suite_, wanted.key, nonce, bound_to(header, book_).view(), body, scratch_.data());
  if (!opened) {
    const error altered{errc::authentication_failed, "a node of the key tree was moved or altered"};
    const error other_root{
        errc::wrong_key,
        "this root key is another book's, or older than the last erasure: name the key file of "
        "this book"};
    return crypto::not_opened(opened.error(), level == root_level ? other_root : altered);
  }
  ++counters_.opened;

  const byte_span plain = scratch_.first(body.size() - crypto::tag_size);
  into.start(level);
  into.version = load_be<std::uint64_t>(header + 12);
  into.present = load_be<std::uint32_t>(plain.data());
  into.erased = load_be<std::uint32_t>(plain.data() + 4);
  into.key = wanted.key.duplicate();
  const std::size_t entry_size = level == 0 ? leaf_entry_size : inner_entry_size;
  const unsigned entries = level == 0 ? leaf_fan_out : fan_out;
  const bool whole = plain.size() == masks_size + entry_size * static_cast<std::size_t>(
                                                                   std::popcount(into.present)) &&
                     ((into.present | into.erased) >> (entries - 1) >> 1U) == 0;
  const std::byte* from = plain.data() + masks_size;
  for (unsigned i = 0; whole && i < entries; ++i) {
    if ((into.present & bit(i)) == 0) continue;
    if (level == 0) {
      decode(into.leaf[i], from);
    } else {
      decode(into.inner[i], from);
    }
    from += entry_size;
  }
  wipe(plain);
  if (!whole) return error{errc::damaged, "a node of the key tree holds something impossible"};
  return {};
}

result<void> key_tree::seal(slot& from) noexcept {
  std::byte* header = scratch_.data();
  header[0] = std::byte{node_format};
  header[1] = static_cast<std::byte>(suite_);
  header[2] = std::byte{from.level};
  header[3] = std::byte{0};
  store_be(header + 4, from.index);
  store_be(header + 12, from.version + 1);
  const std::span<std::byte, crypto::nonce_size> nonce(header + nonce_at, crypto::nonce_size);
  if (const result<void> drawn = random_->fill(nonce); !drawn) return drawn;

  std::byte* const plain = header + header_size;
  store_be(plain, from.present);
  store_be(plain + 4, from.erased);
  std::byte* to = plain + masks_size;
  for (unsigned i = 0; i < 32; ++i) {
    if ((from.present & bit(i)) == 0) continue;
    if (from.level == 0) {
      encode(to, from.leaf[i]);
      to += leaf_entry_size;
    } else {
      encode(to, from.inner[i]);
      to += inner_entry_size;
    }
  }
  // What unseal() demands of a node.
  assert(((from.present | from.erased) >> (from.level == 0 ? leaf_fan_out - 1 : fan_out - 1) >>
          1U) == 0);
  assert((from.present & from.erased) == 0);
  const byte_view plaintext(plain, to);
  assert(header_size + plaintext.size() + crypto::tag_size <= node_limit);
  const result<void> sealed =
      crypto::seal_value(suite_, from.key, nonce, bound_to(header, book_).view(), plaintext, plain);
  if (!sealed) {
    wipe(scratch_);
    return sealed;
  }
  const byte_view node = scratch_.first(header_size + plaintext.size() + crypto::tag_size);
  ++counters_.sealed;
  if (const result<void> put = store_->put(from.level, from.index, node); !put) return put;
  ++from.version;
  return {};
}

// The node of this version: from the cache, else opened from the store.
result<key_tree::slot_no> key_tree::load(unsigned level, std::uint64_t index,
                                         const expected& wanted) noexcept {
  const slot_no cached = lookup(level, index);
  if (cached != none) {
    if (at(cached).version == wanted.version) {
      at(cached).checked = generation_;
      return cached;
    }
    release(cached);
  }
  const result<slot_no> taken = take();  // May write, so before the store's view is taken.
  if (!taken) return taken.error();
  const result<byte_view> sealed = store_->get(static_cast<std::uint8_t>(level), index);
  if (!sealed) {
    release(*taken);
    if (sealed.error().code != errc::not_found) return sealed.error();
    return error{errc::row_missing, "a node of the key tree is not there", level};
  }
  slot& fresh = at(*taken);
  if (const result<void> opened = unseal(fresh, level, index, *sealed, wanted); !opened) {
    release(*taken);
    return at_level(opened.error(), level);
  }
  attach(*taken, level, index);
  fresh.checked = generation_;
  return *taken;
}

// The current node, checked from the lowest ancestor on that was checked already.
// not_found: its parent has no such child.
result<key_tree::slot_no> key_tree::node(unsigned level, std::uint64_t index) noexcept {
  const auto index_at = [&](unsigned l) { return index >> (5U * (l - level)); };
  unsigned reached = level;
  slot_no number = none;
  for (;; ++reached) {
    number = lookup(reached, index_at(reached));
    if (number != none && at(number).checked == generation_) break;
    if (reached == root_level) {
      if (root_version_ == 0) return error{errc::not_found, "no such customer"};
      const root_key& key = roots_->next ? *roots_->next : roots_->current;
      const expected wanted{key.key.duplicate(), root_version_};
      const result<slot_no> root = load(root_level, 0, wanted);
      if (!root) return root;
      number = *root;
      break;
    }
  }
  while (reached > level) {
    --reached;
    slot& parent = at(number);
    const unsigned position = inner_position(index_at(reached));
    parent.recent = true;
    if ((parent.present & bit(position)) == 0) return error{errc::not_found, "no such customer"};
    const expected wanted{parent.inner[position].key.duplicate(), parent.inner[position].version};
    const result<slot_no> child = load(reached, index_at(reached), wanted);
    if (!child) return child;
    number = *child;
  }
  at(number).recent = true;
  return number;
}

// --- reading ------------------------------------------------------------------------------

void key_tree::open(const root_key& root) noexcept {
  epoch_ = root.epoch;
  if (roots_ != nullptr) {
    roots_->current = {root.epoch, root.key.duplicate()};
    roots_->next.reset();
  }
  clear();
  ++generation_;
  ++change_;
  changed_ = false;
  stage_ = stage::opened;
}

result<void> key_tree::begin(node_store& store, std::uint64_t root_version) noexcept {
  if (stage_ == stage::closed || (changed_ && stage_ >= stage::changing)) {
    return error{errc::invalid_state, "open the key tree, and commit or discard its changes first"};
  }
  if (slot_count_ == 0) return error{errc::limit_exceeded, "the key tree has no memory"};
  if (const result<void> usable = crypto::check_suite(suite_); !usable) return usable;
  store_ = &store;
  random_ = nullptr;
  if (root_version != root_version_) ++generation_;
  root_version_ = root_version;
  stage_ = stage::reading;
  return {};
}

result<key_tree::slot_no> key_tree::leaf_of(customer_no customer) noexcept {
  if (stage_ < stage::reading || stage_ == stage::failed) {
    return error{errc::invalid_state, "begin before looking into the key tree"};
  }
  if (customer.value >= capacity) return error{errc::not_found, "no such customer"};
  const std::uint64_t index = leaf_index(customer);
  const slot_no cached = lookup(0, index);
  if (cached != none && at(cached).checked == generation_) {
    at(cached).recent = true;
    return cached;
  }
  return node(0, index);
}

result<const manifest*> key_tree::find(customer_no customer) noexcept {
  const result<slot_no> number = leaf_of(customer);
  if (!number) return number.error();
  const slot& leaf = at(*number);
  const unsigned position = leaf_position(customer);
  if ((leaf.erased & bit(position)) != 0) {
    return error{errc::key_erased, "the customer was erased"};
  }
  if ((leaf.present & bit(position)) == 0) return error{errc::not_found, "no such customer"};
  return &leaf.leaf[position];
}

result<secret<32>> key_tree::leaf_key(customer_no customer, std::string_view label) noexcept {
  const result<slot_no> number = leaf_of(customer);
  if (!number) return number.error();
  return crypto::derive(at(*number).key, label);
}

// A visit may use the tree, and so move the node: its children's versions are copied first.
result<void> key_tree::walk_below(
    unsigned level, std::uint64_t index,
    callback_ref<bool(unsigned, std::uint64_t, std::uint64_t)> visit) noexcept {
  const result<slot_no> number = node(level, index);
  if (!number) return number.error();
  const std::uint32_t present = at(*number).present;
  std::array<std::uint64_t, fan_out> versions{};
  for (unsigned i = 0; i < fan_out; ++i) {
    if ((present & bit(i)) != 0) versions[i] = at(*number).inner[i].version;
  }
  for (unsigned i = 0; i < fan_out; ++i) {
    if ((present & bit(i)) == 0) continue;
    const std::uint64_t child = index * fan_out + i;
    if (!visit(level - 1, child, versions[i]) || level == 1) continue;
    if (const result<void> done = walk_below(level - 1, child, visit); !done) return done;
  }
  return {};
}

result<void> key_tree::walk(
    callback_ref<bool(unsigned, std::uint64_t, std::uint64_t)> visit) noexcept {
  if (stage_ < stage::reading || stage_ == stage::failed) {
    return error{errc::invalid_state, "begin before looking into the key tree"};
  }
  return walk_below(root_level, 0, visit);
}

// --- changing -----------------------------------------------------------------------------

result<void> key_tree::begin_write(node_store& store, std::uint64_t root_version,
                                   random_source& random) noexcept {
  if (const result<void> begun = begin(store, root_version); !begun) return begun;
  random_ = &random;
  stage_ = stage::changing;
  changed_ = false;
  if (root_version != 0) return {};
  if (const slot_no stale = lookup(root_level, 0); stale != none) release(stale);
  const result<slot_no> root = take();
  if (!root) return root.error();
  at(*root).start(root_level);
  attach(*root, root_level, 0);
  at(*root).key = roots_->current.key.duplicate();
  at(*root).checked = generation_;
  mark(*root);
  return {};
}

result<void> key_tree::check_changing() const noexcept {
  if (stage_ == stage::changing || stage_ == stage::flushed) return {};
  return error{errc::invalid_state, "the key tree is changed between begin_write and commit"};
}

void key_tree::mark(slot_no number) noexcept {
  slot& one = at(number);
  one.change = change_;
  changed_ = true;
  stage_ = stage::changing;
  if (std::exchange(one.dirty, true)) return;
  one.next_dirty = dirty_[one.level];
  dirty_[one.level] = number;
}

void key_tree::mark(const path& held) noexcept {
  for (const slot_no number : held.nodes) {
    if (number != none) mark(number);
  }
}

result<void> key_tree::hold(customer_no customer, path& held) noexcept {
  for (unsigned level = root_level + 1; level-- > 0;) {
    const result<slot_no> number = node(level, leaf_index(customer) >> (5U * level));
    if (!number) return number.error();
    held.hold(level, *number);
  }
  return {};
}

result<key_tree::slot_no> key_tree::make(unsigned level, std::uint64_t index, path& held) noexcept {
  const result<slot_no> taken = take();
  if (!taken) return taken.error();
  result<secret<32>> key = crypto::random_key(*random_);
  if (!key) {
    release(*taken);
    return key.error();
  }
  mark(held);
  slot& fresh = at(*taken);
  fresh.start(level);
  attach(*taken, level, index);
  slot& parent = at(held.nodes[level + 1]);
  const unsigned position = inner_position(index);
  parent.present |= bit(position);
  parent.inner[position].key = key->duplicate();
  parent.inner[position].version = 0;
  fresh.key = std::move(*key);
  fresh.checked = generation_;
  mark(*taken);
  return *taken;
}

result<void> key_tree::hold_or_make(customer_no customer, path& held) noexcept {
  for (unsigned level = root_level + 1; level-- > 0;) {
    const std::uint64_t index = leaf_index(customer) >> (5U * level);
    result<slot_no> number = node(level, index);
    if (!number && number.error().code == errc::not_found && level < root_level) {
      number = make(level, index, held);
    }
    if (!number) return number.error();
    held.hold(level, *number);
  }
  return {};
}

result<manifest*> key_tree::edit(customer_no customer) noexcept {
  if (const result<void> changing = check_changing(); !changing) return changing.error();
  const result<const manifest*> found = find(customer);
  if (!found) return found.error();
  const slot_no leaf = lookup(0, leaf_index(customer));
  if (!at(leaf).dirty) {  // A changed leaf's path is marked already.
    path held(*this);
    if (const result<void> all = hold(customer, held); !all) return all.error();
    mark(held);
    return &at(held.nodes[0]).leaf[leaf_position(customer)];
  }
  return &at(leaf).leaf[leaf_position(customer)];
}

result<void> key_tree::insert(customer_no customer, manifest entry) noexcept {
  if (const result<void> changing = check_changing(); !changing) return changing;
  if (customer.value == 0 || customer.value >= capacity) {
    return error{errc::limit_exceeded, "customer numbers run from 1 to 536870911"};
  }
  const result<const manifest*> found = find(customer);
  if (found) return error{errc::already_exists, "the customer number is taken"};
  if (found.error().code != errc::not_found) return found.error();
  path held(*this);
  if (const result<void> all = hold_or_make(customer, held); !all) return all;
  mark(held);
  slot& leaf = at(held.nodes[0]);
  leaf.present |= bit(leaf_position(customer));
  leaf.leaf[leaf_position(customer)] = std::move(entry);
  return {};
}

// Every node of the path under a new key: what was sealed under the old ones is dead with
// the root's.
result<void> key_tree::new_keys(const path& held) noexcept {
  std::array<secret<32>, root_level + 1> keys;
  for (secret<32>& key : keys) {
    result<secret<32>> drawn = crypto::random_key(*random_);
    if (!drawn) return drawn.error();
    key = std::move(*drawn);
  }
  for (unsigned level = 0; level <= root_level; ++level) {
    if (held.nodes[level] == none) continue;
    slot& one = at(held.nodes[level]);
    one.key = keys[level].duplicate();
    if (level < root_level) {
      at(held.nodes[level + 1]).inner[inner_position(one.index)].key = std::move(keys[level]);
    }
  }
  roots_->next.emplace();
  roots_->next->epoch = epoch_ + 1;
  roots_->next->key = std::move(keys[root_level]);
  return {};
}

result<void> key_tree::erase(customer_no customer) noexcept {
  if (const result<void> changing = check_changing(); !changing) return changing;
  const result<const manifest*> found = find(customer);
  if (!found) return found.error();
  path held(*this);
  if (const result<void> all = hold(customer, held); !all) return all;
  if (const result<void> changed = new_keys(held); !changed) return changed;
  mark(held);
  slot& leaf = at(held.nodes[0]);
  const unsigned position = leaf_position(customer);
  leaf.leaf[position] = manifest{};
  leaf.present &= ~bit(position);
  leaf.erased |= bit(position);
  return {};
}

result<void> key_tree::rotate_root() noexcept {
  if (const result<void> changing = check_changing(); !changing) return changing;
  path held(*this);
  const result<slot_no> root = node(root_level, 0);
  if (!root) return root.error();
  held.hold(root_level, *root);
  if (const result<void> changed = new_keys(held); !changed) return changed;
  mark(held);
  return {};
}

// From the leaves up, so that a parent takes its children's new versions.
result<void> key_tree::write_changes() noexcept {
  for (unsigned level = 0; level <= root_level; ++level) {
    while (dirty_[level] != none) {
      slot& one = at(dirty_[level]);
      if (const result<void> sealed = seal(one); !sealed) {
        stage_ = stage::failed;
        return sealed;
      }
      dirty_[level] = one.next_dirty;
      one.dirty = false;
      if (level < root_level) {
        // A changed node's parent is changed too, hence in the cache.
        const slot_no parent = lookup(level + 1, one.index / fan_out);
        at(parent).inner[inner_position(one.index)].version = one.version;
      } else {
        root_version_ = one.version;
      }
    }
  }
  return {};
}

result<std::uint64_t> key_tree::flush() noexcept {
  if (const result<void> changing = check_changing(); !changing) return changing.error();
  if (const result<void> written = write_changes(); !written) return written.error();
  stage_ = stage::flushed;
  return root_version_;
}

const root_key* key_tree::next_root() const noexcept {
  return roots_ != nullptr && roots_->next ? &*roots_->next : nullptr;
}

result<void> key_tree::commit() noexcept {
  if (stage_ != stage::flushed) {
    return error{errc::invalid_state, "flush the key tree before its commit"};
  }
  if (roots_->next) {
    epoch_ = roots_->next->epoch;
    roots_->current = std::move(*roots_->next);
    roots_->next.reset();
  }
  ++change_;
  changed_ = false;
  stage_ = stage::opened;
  return {};
}

void key_tree::discard() noexcept {
  if (stage_ < stage::changing) return;
  for (slot_no i = 0; i < slot_count_; ++i) {
    if (at(i).used && at(i).change == change_) release(i);
  }
  dirty_.fill(none);
  roots_->next.reset();
  root_version_ = 0;
  ++generation_;
  ++change_;
  changed_ = false;
  stage_ = stage::opened;
}

result<void> key_tree::forget() noexcept {
  if (changed_) return error{errc::invalid_state, "commit or discard the changes first"};
  clear();
  return {};
}

// --- root cell ----------------------------------------------------------------------------

result<reconciled_root> reconcile(root_cell::content held, std::uint64_t book_epoch) noexcept {
  if (!held.current && !held.staged) {
    return error{errc::key_unavailable, "the root cell is empty"};
  }
  if (held.current && held.current->epoch == book_epoch) {
    return reconciled_root{std::move(*held.current),
                           held.staged ? root_step::drop : root_step::none};
  }
  if (held.staged && held.staged->epoch == book_epoch) {
    return reconciled_root{std::move(*held.staged), root_step::promote};
  }
  const std::uint64_t oldest = held.current ? held.current->epoch : held.staged->epoch;
  if (book_epoch < oldest) {
    return error{errc::version_mismatch,
                 "the book is a copy from before an erasure: its root key no longer exists"};
  }
  return error{errc::wrong_key, "the root cell is older than the book, or of another book"};
}

}  // namespace clientbook
