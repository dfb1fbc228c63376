// The ledger of a book: leaves, tiles and sealed payloads, in the transaction that they tell of.
//
// A leaf names nobody; who it is about lies in a payload sealed under a key of that customer, so an
// erasure takes the payload's meaning and leaves the proofs whole. Relies on book_core for the
// transaction: entry and deed are durable together or not at all.
#include "ledger_store.hpp"

#include <algorithm>
#include <functional>

#include "proof_reader.hpp"

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr std::string_view ledger_label = "clientbook ledger";

key leaf_key(std::uint64_t index) noexcept { return key(table::ledger_leaf).add(index); }

// The frontier is bound to the ledger's size, which the book row holds.
book_core::place frontier_place(std::uint64_t size) noexcept {
  return {.key = key(table::meta).add(std::uint8_t{2}),
          .table = table::meta,
          .kind = 2,
          .customer = own_number,
          .record = size};
}

// Built anew from the entries, the tiles are held against those that are stored.
class tiles_as_they_should_be final : public ledger::tile_store {
 public:
  tiles_as_they_should_be(ledger::tile_store& stored, const ledger::frontier& tree) noexcept
      : stored_(stored), tree_(tree) {}

  /// What was before the entries that it is built from, and was pruned: of the stored tile so much.
  result<byte_view> get(unsigned level, std::uint64_t index) noexcept override {
    const auto there = stored_.get(level, index);
    if (!there) return there;
    const std::size_t size = ledger::tile_count(level, index, tree_.size()) * sizeof(ledger::hash);
    return there->first(std::min(size, there->size()));
  }
  result<void> put(unsigned level, std::uint64_t index, byte_view hashes) noexcept override {
    const auto there = stored_.get(level, index);
    if (!there && there.error().code != errc::not_found) return there.error();
    if (there && same_bytes(*there, hashes)) return {};
    return error{errc::damaged, "a tile of the ledger is not what its entries say", index};
  }

 private:
  ledger::tile_store& stored_;
  const ledger::frontier& tree_;
};

}  // namespace

std::string ledger_store::origin() const {
  if (origin_.empty()) {
    std::string hex(32, '0');
    write_hex(core_.header().id.bytes, hex.data());
    origin_ = "clientbook/" + hex;
  }
  return origin_;
}

ledger::log_identity ledger_store::identity() const {
  static_cast<void>(origin());
  return {.origin = origin_, .key = crypto::signing_key(core_.keys().signing_seed).public_key()};
}

book_core::place ledger_store::payload_place(std::uint64_t index, customer_no number,
                                             const manifest& entry,
                                             const ledger::disclosure_entry& leaf) const {
  return {.key = key(table::ledger_payload).add(index),
          .table = table::ledger_payload,
          .customer = number,
          .record = index,
          .key_version = entry.key_version,
          .binding = ledger::payload_binding(origin(), leaf)};
}

result<ledger::frontier> ledger_store::read_frontier() {
  const std::uint64_t size = core_.row().ledger_size;
  if (size == 0) return ledger::frontier();
  if (auto got = core_.get_value(core_.keys().rows, frontier_place(size), plain_); !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "the ledger's frontier is gone: restore a copy"};
  }
  return ledger::frontier::decode(plain_.view());
}

result<ledger_store::appended> ledger_store::append(ledger::disclosure_entry entry,
                                                    ledger::disclosure_payload payload,
                                                    const actor_id& actor, timestamp at,
                                                    const std::optional<subject>& about) {
  if (!pending_) {
    auto tree = read_frontier();
    if (!tree) return tree.error();
    auto fresh = std::make_unique<pending>();
    fresh->tree = *tree;
    pending_ = std::move(fresh);
    pending_->writer.emplace(static_cast<ledger::tile_store&>(*this), pending_->tree,
                             pending_->slots);
  }
  const std::uint64_t index = pending_->tree.size();

  if (auto drawn = core_.random().fill(entry.id.bytes); !drawn) return drawn.error();
  entry.day = date_of(at);
  entry.actor = ledger::actor_tag(core_.keys().actors, actor);
  if (about) {
    auto blinding = crypto::random_key(core_.random());
    if (!blinding) return blinding.error();
    payload.blinding = blinding->duplicate();
    payload.at = at;
    payload.actor = actor;
    payload.customer = core_.keys().ids->id(about->number);
    payload.sequence = about->entry->disclosures + 1;
    if (about->entry->disclosures != 0) payload.previous = about->entry->last_ledger_index;
    const auto text = ledger::encode_payload(payload, plain_.room(ledger::max_payload));
    if (!text) return text.error();
    entry.commitment = ledger::commit(*blinding, *text);
    const secret<32> subject_key = crypto::derive(about->entry->subject_key, ledger_label);
    if (auto put = core_.put_value(
            subject_key, payload_place(index, about->number, *about->entry, entry), *text);
        !put) {
      return put.error();
    }
    about->entry->disclosures += 1;
    about->entry->last_ledger_index = index;
  }
  std::array<std::byte, ledger::max_entry> room{};
  const auto leaf = ledger::encode_entry(entry, room);
  if (!leaf) return leaf.error();
  if (auto put = core_.write().put(leaf_key(index), *leaf); !put) return put.error();
  const auto placed = pending_->writer->append(ledger::leaf_hash(*leaf));
  if (!placed) return placed.error();
  core_.edit_row().ledger_size = pending_->tree.size();
  if (remembers_) {
    noted_.push_back({.index = index,
                      .id = entry.id,
                      .type = entry.type,
                      .purpose = entry.purpose,
                      .recipient_class = entry.recipient_class,
                      .customer = about ? core_.keys().ids->id(about->number) : customer_id{},
                      .at = at});
  }
  return appended{.index = index, .id = entry.id};
}

result<void> ledger_store::flush() {
  if (!pending_) return {};
  if (auto flushed = pending_->writer->flush(); !flushed) return flushed;
  std::array<std::byte, ledger::frontier::max_encoded> room{};
  const auto bytes = pending_->tree.encode(room);
  if (!bytes) return bytes.error();
  auto put = core_.put_value(core_.keys().rows, frontier_place(pending_->tree.size()), *bytes);
  if (put) pending_.reset();
  return put;
}

void ledger_store::forget() noexcept {
  pending_.reset();
  noted_.clear();
}

result<byte_view> ledger_store::entry_bytes(std::uint64_t index) {
  if (auto there = check_not_pruned(index); !there) return there.error();
  const auto bytes = core_.read().get(leaf_key(index));
  if (bytes || bytes.error().code != errc::not_found) return bytes;
  return error{errc::row_missing, "an entry of the ledger is gone: restore a copy", index};
}

result<ledger::disclosure_entry> ledger_store::leaf(std::uint64_t index) {
  const auto bytes = entry_bytes(index);
  if (!bytes) return bytes.error();
  return ledger::decode_entry(*bytes);
}

result<ledger::disclosure_payload> ledger_store::payload(std::uint64_t index, customer_no number,
                                                         const manifest& entry) {
  const auto stored = leaf(index);
  if (!stored) return stored.error();
  const secret<32> subject_key = crypto::derive(entry.subject_key, ledger_label);
  if (auto got = core_.get_value(subject_key, payload_place(index, number, entry, *stored), plain_);
      !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "the payload of a ledger entry is gone: restore a copy", index};
  }
  return ledger::open_payload(*stored, plain_.view(), fields_);
}

result<void> ledger_store::erase_payloads(customer_no number, const manifest& entry) {
  std::uint64_t index = entry.last_ledger_index;
  for (std::uint32_t left = entry.disclosures; left > 0 && index >= pruned(); --left) {
    const auto opened = payload(index, number, entry);
    if (!opened) return opened.error();
    const auto previous = opened->previous;
    const auto gone = core_.write().erase(key(table::ledger_payload).add(index));
    if (!gone) return gone;
    if (!previous) break;
    index = *previous;
  }
  return {};
}

result<ledger::proof> ledger_store::prove(std::uint64_t index) {
  ledger::proof out;
  const auto proved =
      prove_all(std::span(&index, 1), [&](byte_view, const ledger::proof& path) -> result<void> {
        out = path;
        return {};
      });
  if (!proved) return proved.error();
  return out;
}

result<void> ledger_store::prove_all(
    std::span<const std::uint64_t> which,
    callback_ref<result<void>(byte_view, const ledger::proof&)> each) {
  const std::uint64_t size = core_.row().ledger_size;
  const auto head = root();
  if (!head) return head.error();
  proof_reader tree(*this, size);
  for (const std::uint64_t index : which) {
    if (index >= size) return error{errc::not_found, "the ledger has no such entry", index};
    if (auto there = check_not_pruned(index); !there) return there;
    const auto path = ledger::inclusion_proof(tree, index, size);
    if (!path) return path.error();
    const auto bytes = entry_bytes(index);
    if (!bytes) return bytes.error();
    // Tiles are not sealed: what does not lead to the sealed root is never given out.
    const ledger::hash leaf = ledger::leaf_hash(*bytes);
    if (!ledger::verify_inclusion(leaf, index, size, path->view(), *head)) {
      return error{errc::damaged, "the ledger's hashes do not lead to its root: restore a copy",
                   index};
    }
    if (auto done = each(*bytes, *path); !done) return done;
  }
  return {};
}

result<std::string> ledger_store::identity_text() const {
  std::array<char, 512> room{};
  const auto text = ledger::write_log_identity(identity(), room);
  if (!text) return text.error();
  return std::string(*text);
}

result<ledger::hash> ledger_store::root() {
  const auto tree = read_frontier();
  if (!tree) return tree.error();
  return tree->root();
}

// Tiles are not sealed: that they lead from the one root to the sealed other is what is believed.
result<void> ledger_store::goes_on_from(std::uint64_t size, const ledger::hash& before) {
  const std::uint64_t now = core_.row().ledger_size;
  if (auto reaches = check_reaches(size); !reaches) return reaches;
  const auto head = root();
  if (!head) return head.error();
  proof_reader tree(*this, now);
  const auto path = ledger::consistency_proof(tree, size, now);
  if (!path) {
    const errc why = path.error().code;
    if (why == errc::io_error || why == errc::limit_exceeded) return path.error();
    return error{errc::proof_invalid, "the ledger's hashes do not lead back to what it was"};
  }
  return ledger::verify_consistency(size, before, now, *head, path->view());
}

result<ledger::proof> ledger_store::prove_growth(std::uint64_t size) {
  constexpr error damaged{errc::damaged,
                          "the ledger's hashes do not lead to its root: restore a copy"};
  const std::uint64_t now = core_.row().ledger_size;
  if (size > now) {
    return error{errc::rolled_back, "more entries were seen than there are: this is an older copy",
                 size};
  }
  if (auto reaches = check_reaches(size); !reaches) return reaches.error();
  const auto head = root();
  if (!head) return head.error();
  proof_reader tree(*this, now);
  const auto before = ledger::frontier_at(tree, size);
  if (!before) return before.error();
  auto path = ledger::consistency_proof(tree, size, now);
  if (!path) return path.error();
  if (!ledger::verify_consistency(size, before->root(), now, *head, path->view())) return damaged;
  return path;
}

result<std::string> ledger_store::checkpoint() {
  const auto head = root();
  if (!head) return head.error();
  const std::string name = origin();
  std::array<char, ledger::checkpoint_room> room{};
  const auto note =
      ledger::write_checkpoint({.origin = name, .size = core_.row().ledger_size, .root = *head},
                               crypto::signing_key(core_.keys().signing_seed), room);
  if (!note) return note.error();
  return std::string(*note);
}

result<void> ledger_store::verify(callback_ref<bool(std::uint64_t)> progress) {
  const auto stored = read_frontier();
  if (!stored) return stored.error();
  const auto built = std::make_unique<pending>();
  tiles_as_they_should_be tiles(*this, built->tree);
  // What pruning has left of older entries is the hashes of their subtrees: other ones lead to
  // another root.
  ledger::tile_reader left(*this, core_.row().ledger_size);
  const auto before = ledger::frontier_at(left, pruned());
  if (!before) {
    if (before.error().code != errc::not_found) return before.error();
    return error{errc::row_missing, "a tile of the ledger is gone: restore a copy"};
  }
  built->tree = *before;
  ledger::tile_writer writer(tiles, built->tree, built->slots);
  for (std::uint64_t i = pruned(); i < core_.row().ledger_size; ++i) {
    const auto bytes = entry_bytes(i);
    if (!bytes) return bytes.error();
    if (auto added = writer.append(ledger::leaf_hash(*bytes)); !added) return added.error();
    if (progress && !progress(i + 1)) break;
  }
  if (built->tree.size() != stored->size() || built->tree.root() != stored->root()) {
    return error{errc::damaged, "the ledger's entries do not lead to its root"};
  }
  return writer.flush();
}

result<byte_view> ledger_store::get(unsigned level, std::uint64_t index) noexcept {
  return core_.read().get(key(table::ledger_tile).add(static_cast<std::uint8_t>(level)).add(index));
}

result<void> ledger_store::put(unsigned level, std::uint64_t index, byte_view hashes) noexcept {
  return core_.write().put(key(table::ledger_tile).add(static_cast<std::uint8_t>(level)).add(index),
                           hashes);
}

}  // namespace clientbook
