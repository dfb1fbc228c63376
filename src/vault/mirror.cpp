// The keyring mirror, written and opened. A refresh changes root key and nodes as an erasure does
// in the book: staged in the mirror's cell, committed in its store, promoted
// (docs/format/root_cell.md), so that what was before is forgotten with the former key of the cell.
#include <clientbook/internal/vault/mirror.hpp>

#include <cstring>
#include <optional>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr std::string_view label = "clientbook mirror 1";
constexpr std::size_t boxed_size = 32 + crypto::box_overhead;

key header_key() noexcept { return key(table::meta).add(std::uint8_t{0}); }
key root_row_key() noexcept { return key(table::meta).add(std::uint8_t{1}); }
key node_key(unsigned level, std::uint64_t index) noexcept {
  return key(table::node).add(static_cast<std::uint8_t>(level)).add(index);
}

// What the box in the root row is bound to.
std::array<std::byte, label.size() + 16 + 8 + 32> bound_to(const mirror_header& header) noexcept {
  std::array<std::byte, label.size() + 16 + 8 + 32> out{};
  copy_bytes(byte_span(out), as_bytes(label));
  copy_bytes(byte_span(out).subspan(label.size()), header.book.bytes);
  store_be(out.data() + label.size() + 16, header.epoch);
  copy_bytes(byte_span(out).subspan(label.size() + 24), header.key);
  return out;
}

field_context root_context(const mirror_header& header) noexcept {
  return {.suite = header.suite,
          .book = header.book,
          .table = static_cast<std::uint8_t>(table::meta),
          .field = field_id(3),
          .customer = own_number,
          .record = header.epoch};
}

result<std::optional<mirror_header>> header_in(read_transaction& in) {
  const auto bytes = in.get(header_key());
  if (!bytes) {
    if (bytes.error().code == errc::not_found) return std::optional<mirror_header>();
    return bytes.error();
  }
  const auto header = decode_mirror_header(*bytes);
  if (!header) return header.error();
  return std::optional(*header);
}

// The cell's key of the header's epoch; what a kill has left in it is finished or dropped.
result<void> settle(root_cell& cell, const std::optional<mirror_header>& header) {
  auto held = cell.load();
  if (!held) return held.error();
  if (!header) {
    if (held->current) {
      return error{errc::damaged,
                   "the mirror's cell has a key and its store is empty: remove it, add it anew"};
    }
    return held->staged ? cell.drop(held->staged->epoch) : result<void>();
  }
  const std::uint64_t staged = held->staged ? held->staged->epoch : 0;
  const auto chosen = reconcile(std::move(*held), header->epoch);
  if (!chosen) {
    return error{errc::damaged,
                 "the mirror's store and cell do not belong together: remove it, add it anew"};
  }
  if (chosen->step == root_step::promote) return cell.promote(staged);
  if (chosen->step == root_step::drop) return cell.drop(staged);
  return {};
}

key mark_key(std::uint64_t number) noexcept {
  return key(table::meta).add(std::uint8_t{4}).add(number);
}

book_core::place mark_place(std::uint64_t number) noexcept {
  return {.key = mark_key(number),
          .table = table::meta,
          .kind = 4,
          .customer = own_number,
          .record = number,
          .version = record_version(1)};
}

// The marks that the mirror has not yet, as they lie in the book: a restore from it knows all of
// its line, so that older mirrors may follow the restored book.
result<void> copy_marks(book_core& core, write_transaction& to, std::uint64_t from) {
  result<void> done;
  const auto walked =
      core.read().walk(marks_prefix(), mark_key(from), [&](byte_view at, byte_view value) {
        done = to.put(at, value);
        return done.has_value();
      });
  return done ? walked : done;
}

// Copies the nodes that are other bytes here than there, from the root down. A node's bytes hold
// its children's versions under a fresh nonce, so where they are equal all below is.
class node_copier {
 public:
  node_copier(read_transaction& from, write_transaction& to) noexcept : from_(from), to_(to) {}

  /// Whether it was other bytes.
  bool copy(unsigned level, std::uint64_t index) {
    if (!done_) return false;
    const key at = node_key(level, index);
    const auto wanted = from_.get(at);
    if (!wanted) {
      done_ = wanted.error().code == errc::not_found
                  ? error{errc::row_missing, "a node of the key tree is not there", level}
                  : wanted.error();
      return false;
    }
    const auto there = to_.get(at);
    if (!there && there.error().code != errc::not_found) {
      done_ = there.error();
      return false;
    }
    if (there && same_bytes(*there, *wanted)) return false;
    done_ = to_.put(at, *wanted);
    return done_.has_value();
  }
  const result<void>& done() const noexcept { return done_; }

 private:
  read_transaction& from_;
  write_transaction& to_;
  result<void> done_{};
};

result<void> copy_nodes(book_core& core, write_transaction& to) {
  node_copier copier(core.read(), to);
  if (copier.copy(key_tree::root_level, 0)) {
    auto walked = core.tree().walk([&](unsigned level, std::uint64_t index, std::uint64_t) {
      return copier.copy(level, index);
    });
    if (!walked) return walked;
  }
  return copier.done();
}

// The root key in a new wrapping, under a key that the cell is about to hold.
result<void> write_root(book_core& core, const root_key& root, write_transaction& to,
                        root_cell& cell, const mirror_header& header) {
  auto one_time = crypto::random_key(core.random());
  if (!one_time) return one_time.error();
  std::array<std::byte, boxed_size> boxed{};
  const result<void> sealed = root.key.with_bytes([&](byte_view plain) {
    return crypto::seal_box(header.key, *one_time, bound_to(header), plain, boxed);
  });
  if (!sealed) return sealed;
  auto drawn = crypto::random_key(core.random());
  if (!drawn) return drawn.error();
  const root_key next{header.epoch, std::move(*drawn)};
  std::array<std::byte, sealed_field_size(boxed_size, commitment::included)> row{};
  const auto size =
      seal_field(next.key, root_context(header), boxed, core.random(), row, commitment::included);
  if (!size) return size.error();
  if (auto put = to.put(root_row_key(), byte_view(row).first(*size)); !put) return put;
  return cell.stage(next);
}

book_core::place recovery_place(std::uint32_t version) noexcept {
  return {.key = key(table::meta).add(std::uint8_t{3}),
          .table = table::meta,
          .kind = 3,
          .customer = own_number,
          .version = record_version(version)};
}

// What the book knows of its mirrors goes with each of them: a restore from one knows the others.
// Its version before it, since the book row is not here to say which one it is.
result<void> copy_recovery_row(book_core& core, write_transaction& to) {
  const std::uint32_t version = core.row().recovery;
  const key at = recovery_place(version).key;
  const auto row = core.read().get(at);
  if (!row) return row.error();
  std::vector<std::byte> value(4 + row->size());
  store_be(value.data(), version);
  copy_bytes(byte_span(value).subspan(4), *row);
  return to.put(at, value);
}

// The newest commit with its root key: between the look and the load somebody may erase.
result<root_key> newest_root(book_core& core) {
  constexpr int patience = 100;
  for (int attempt = 0;; ++attempt) {
    if (auto seen = core.look(); !seen) return seen.error();
    auto root = core.root_key_of_today();
    if (root || root.error().code != errc::version_mismatch || attempt == patience) return root;
  }
}

error of_mirror(const error& failure) noexcept {
  if (failure.code == errc::version_mismatch) {
    return {errc::version_mismatch,
            "this mirror is a copy from before its newest refresh: its cell has moved on"};
  }
  if (failure.code == errc::wrong_key) {
    return {errc::wrong_key, "the mirror's cell is another one's, or older than its store"};
  }
  return failure;
}

}  // namespace

key marks_prefix() noexcept { return key(table::meta).add(std::uint8_t{4}); }

bool is_mark(byte_view at) noexcept {
  return at.size() == 10 && same_bytes(at.first(2), marks_prefix());
}

result<mirror_mark> read_mark(book_core& core, std::uint64_t number) {
  private_bytes plain;
  if (auto got = core.get_value(core.keys().rows, mark_place(number), plain); !got) {
    const errc why = got.error().code;
    if (why == errc::io_error) return got.error();
    return error{errc::row_missing,
                 "a mark of the book's own line is gone or damaged: restore the book from a mirror "
                 "and a backup, and remove no mirror before",
                 number};
  }
  if (plain.view().size() != mirror_mark::size) {
    return error{errc::damaged, "a mark of the book's own line is damaged: restore a copy", number};
  }
  mirror_mark out{.number = number};
  copy_bytes(byte_span(out.value), plain.view());
  return out;
}

result<void> verify_marks(book_core& core) {
  const auto row = read_recovery(core);
  if (!row) return row.error();
  if (!*row) return {};
  for (std::uint64_t number = 1; number <= (*row)->mark; ++number) {
    if (const auto mark = read_mark(core, number); !mark) return mark.error();
  }
  return {};
}

result<void> draw_mark(book_core& core, recovery_row& row) {
  mirror_mark next{.number = row.mark + 1};
  if (auto drawn = core.random().fill(next.value); !drawn) return drawn;
  row.mark = next.number;
  row.marked_version = core.header().root_version + 1;
  row.ledger_pruned = core.row().ledger_pruned;
  return core.put_value(core.keys().rows, mark_place(next.number), next.value);
}

result<void> may_follow(book_core& core, const mirror_header& before) {
  const book_header& book = core.header();
  if (before.book != book.id) {
    return error{errc::already_exists, "the mirror of another book lies here: take another place"};
  }
  constexpr error other_line{
      errc::rolled_back,
      "the mirror is newer than the book, or of another branch of it: restore from it, or give it "
      "up with recovery mirror remove, then add"};
  if (before.root_version > book.root_version || before.epoch > book.epoch) return other_line;
  if (before.mark.number == 0) return {};  // Of format 1: versions are all that is known.
  const auto row = read_recovery(core);
  if (!row) return row.error();
  if (!*row || before.mark.number > (*row)->mark) return other_line;
  const auto drawn = read_mark(core, before.mark.number);
  if (!drawn) return drawn.error();
  return drawn->value == before.mark.value ? result<void>() : other_line;
}

result<std::optional<recovery_row>> read_recovery(book_core& core) {
  const std::uint32_t version = core.row().recovery;
  if (version == 0) return std::optional<recovery_row>();
  private_bytes plain;
  if (auto got = core.get_value(core.keys().rows, recovery_place(version), plain); !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "the recovery row is gone: restore a copy"};
  }
  auto row = decode_recovery_row(plain.view());
  if (!row) return row.error();
  return std::optional(std::move(*row));
}

result<std::optional<recovery_row>> recovery_row_in(book_core& core, read_transaction& mirror) {
  const auto held = mirror.get(recovery_place(0).key);
  if (!held) {
    if (held.error().code != errc::not_found) return held.error();
    return std::optional<recovery_row>();  // Not refreshed since mirrors hold it.
  }
  constexpr error damaged{errc::damaged, "the mirror's recovery row is damaged: take another"};
  if (held->size() < 4) return damaged;
  const book_core::place at = recovery_place(load_be<std::uint32_t>(held->data()));
  // Opened where it lies in a book. That of the backup then takes its place.
  if (auto put = core.write().put(at.key, held->subspan(4)); !put) return put.error();
  private_bytes plain;
  if (auto got = core.get_value(core.keys().rows, at, plain); !got) {
    return got.error().code == errc::authentication_failed ? damaged : got.error();
  }
  auto row = decode_recovery_row(plain.view());
  if (!row) return row.error();
  if (auto gone = core.write().erase(at.key); !gone) return gone.error();
  return std::optional(std::move(*row));
}

result<void> write_recovery(book_core& core, const recovery_row& row) {
  std::vector<std::byte> room(recovery_row::max_size);
  const auto bytes = encode(row, room);
  if (!bytes) return bytes.error();
  const std::uint32_t version = ++core.edit_row().recovery;
  return core.put_value(core.keys().rows, recovery_place(version), *bytes);
}

result<mirror_header> refresh_mirror(book_core& core, const mirror_place& to, timestamp now) {
  if (core.changing()) return error{errc::invalid_state, "commit before refreshing a mirror"};
  // The lock first, then the look: whoever comes later writes a later state.
  auto writing = to.store->begin_write();
  if (!writing) return writing.error();
  const auto root = newest_root(core);
  if (!root) return root.error();
  const auto row = read_recovery(core);
  if (!row) return row.error();
  if (!*row) return error{errc::invalid_state, "make a recovery key first: recovery init"};
  const crypto::box_public_key& recovery = (*row)->key;
  const auto before = header_in(**writing);
  if (!before) return before.error();
  if (*before) {
    if (auto right = may_follow(core, **before); !right) return right.error();
  }
  if (auto settled = settle(*to.cell, *before); !settled) return settled.error();
  const auto mark = read_mark(core, (*row)->mark);
  if (!mark) return mark.error();

  const mirror_header header{.book = core.header().id,
                             .suite = core.header().suite,
                             .epoch = core.header().epoch,
                             .root_version = core.header().root_version,
                             .key = recovery,
                             .at = now.seconds,
                             .mark = *mark};
  const bool new_root = !*before || (*before)->epoch != header.epoch;
  if (!new_root && (*before)->key != recovery) {
    return error{errc::invalid_state, "a new recovery key comes with a new root"};
  }
  if (auto copied = copy_nodes(core, **writing); !copied) return copied.error();
  const std::uint64_t had = *before ? (*before)->mark.number : 0;
  if (auto copied = copy_marks(core, **writing, had + 1); !copied) return copied.error();
  if (auto put = (*writing)->put(header_key(), encode(header)); !put) return put.error();
  if (auto told = copy_recovery_row(core, **writing); !told) return told.error();
  if (new_root) {
    if (auto put = write_root(core, *root, **writing, *to.cell, header); !put) return put.error();
  }
  if (auto committed = (*writing)->commit(); !committed) return committed.error();
  if (new_root) {
    if (auto promoted = to.cell->promote(header.epoch); !promoted) return promoted.error();
  }
  return header;
}

result<mirror_header> look_at_mirror(const mirror_place& at) {
  auto reading = at.store->begin_read();
  if (!reading) return reading.error();
  const auto header = header_in(**reading);
  if (!header) return header.error();
  if (!*header) return error{errc::not_a_book, "no keyring mirror lies here"};
  return **header;
}

result<opened_mirror> open_mirror(const mirror_place& at, const crypto::box_key& with) {
  opened_mirror out;
  auto reading = at.store->begin_read();
  if (!reading) return reading.error();
  out.nodes = std::move(*reading);
  const auto header = header_in(*out.nodes);
  if (!header) return header.error();
  if (!*header) return error{errc::not_a_book, "no keyring mirror lies here"};
  out.header = **header;
  if (out.header.key != with.public_key()) {
    return error{errc::wrong_key, "these shares are not of this mirror's recovery key"};
  }
  auto held = at.cell->load();
  if (!held) return held.error();
  const auto chosen = reconcile(std::move(*held), out.header.epoch);
  if (!chosen) return of_mirror(chosen.error());
  const auto row = out.nodes->get(root_row_key());
  if (!row) {
    if (row.error().code != errc::not_found) return row.error();
    return error{errc::row_missing, "the mirror's root row is gone: take another mirror"};
  }
  std::array<std::byte, boxed_size + 128> boxed{};
  if (row->size() > boxed.size()) {
    return error{errc::damaged, "the mirror's root row is damaged: take another mirror"};
  }
  const auto size =
      open_field(chosen->key.key, root_context(out.header), *row, boxed, commitment::included);
  if (!size) return of_mirror(size.error());
  if (*size != boxed_size) {
    return error{errc::damaged, "the mirror's root row is damaged: take another mirror"};
  }
  out.root.epoch = out.header.epoch;
  const result<void> opened = out.root.key.fill_bytes([&](byte_span plain) {
    return crypto::open_box(with, bound_to(out.header), byte_view(boxed).first(boxed_size), plain);
  });
  if (!opened) return opened.error();
  return out;
}

}  // namespace clientbook
