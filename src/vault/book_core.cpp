// Looks at a book's newest commit, or at the change under way: root key, key tree, book row,
// schema. Relies on the order lock, stage, commit, promote (docs/format/root_cell.md) and on the
// store's serialisable transactions; knows bytes and keys, no purpose.
#include <clientbook/internal/vault/book_core.hpp>

#include <array>
#include <memory>
#include <new>
#include <utility>

#include "stoppable.hpp"

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr std::size_t keys_room = (sizeof(book_keys) + 63) / 64 * 64;  ///< The tree is aligned.
constexpr std::uint64_t unseen = ~std::uint64_t{0};

key header_key() noexcept { return key(table::meta).add(std::uint8_t{0}); }

book_core::place book_row_place(std::uint64_t version) noexcept {
  return {.key = key(table::meta).add(std::uint8_t{1}),
          .table = table::meta,
          .customer = own_number,
          .version = record_version(version)};
}

book_core::place schema_place(schema_version version) noexcept {
  return {.key = key(table::schema).add(version.value),
          .table = table::schema,
          .customer = own_number,
          .record = version.value};
}

}  // namespace

byte_span private_bytes::room(std::size_t size) {
  if (bytes_.size() < size) {
    bytes_ = wiped_bytes(size + size / 2);
  }
  size_ = size;
  return byte_span(bytes_).first(size);
}

book_core::book_core(std::shared_ptr<book_shared> shared)
    : shared_(std::move(shared)), pool_(system_), snapshot_(unseen) {}

book_core::~book_core() {
  discard();
  if (keys_ != nullptr) std::destroy_at(keys_);
}

result<std::unique_ptr<book_core>> book_core::open(std::shared_ptr<book_shared> shared) {
  if (auto ready = crypto::init(); !ready) return ready.error();
  std::unique_ptr<book_core> core(new book_core(std::move(shared)));
  if (auto seen = core->look(); !seen) return seen.error();
  if (core->unsettled_) {
    // A change of root was cut off: finished or dropped under the write lock, where no other
    // process can be between stage and commit. A book that may only be read stays as it is.
    const auto begun = core->begin_change();
    if (begun) core->discard();
    if (!begun && begun.error().code != errc::permission_denied) return begun.error();
    // Whoever had the lock has committed: what was read before is of another state of the book.
    if (auto again = core->look(); !again) return again.error();
  }
  return core;
}

result<std::unique_ptr<book_core>> book_core::create(
    std::shared_ptr<book_shared> shared, crypto::suite suite, const schema& fields, timestamp now,
    callback_ref<result<void>(book_core&)> furnish) {
  if (auto ready = crypto::init(); !ready) return ready.error();
  std::unique_ptr<book_core> core(new book_core(shared));

  auto writing = shared->store->begin_write();
  if (!writing) return writing.error();
  core->writing_ = std::move(*writing);
  if (core->writing_->get(header_key())) {
    return error{errc::already_exists, "the store holds a book already"};
  }

  root_key root{.epoch = 1, .key = {}};
  book_header header{.id = {}, .suite = suite, .epoch = 1, .root_version = 0};
  if (auto drawn = core->pool_.fill(header.id.bytes); !drawn) return drawn.error();
  auto key_drawn = crypto::random_key(core->pool_);
  if (!key_drawn) return key_drawn.error();
  root.key = std::move(*key_drawn);
  auto tenant_root = crypto::random_key(core->pool_);
  if (!tenant_root) return tenant_root.error();

  if (auto made = core->make_tree(header); !made) return made.error();
  core->tree_->open(root);
  if (auto begun = core->tree_->begin_write(*core, 0, core->pool_); !begun) return begun.error();
  manifest own;
  own.subject_key = tenant_root->duplicate();
  own.version = record_version(1);
  if (auto added = core->tree_->insert(own_number, std::move(own)); !added) return added.error();
  core->derive_keys(*tenant_root);

  std::vector<std::byte> encoded(16 * 1024);
  const auto text = encode_schema(fields, encoded);
  if (!text) return text.error();
  core->schema_ = fields;
  core->row_.schema = fields.version;
  core->row_.schema_hash = crypto::hash(*text);
  core->row_.created_at = now.seconds;
  if (auto put = core->put_value(core->keys_->rows, schema_place(fields.version), *text); !put) {
    return put.error();
  }
  core->row_changed_ = true;
  if (auto furnished = furnish(*core); !furnished) return furnished.error();

  {
    const std::scoped_lock lock(shared->cell_lock);
    const auto held = shared->cell->load();
    if (!held) return held.error();
    if (held->current) {
      return error{errc::already_exists, "the root cell holds the key of a book: take another"};
    }
    if (auto staged = shared->cell->stage(root); !staged) return staged.error();
  }
  if (auto done = core->commit(); !done) return done.error();
  {
    const std::scoped_lock lock(shared->cell_lock);
    if (auto promoted = core->promote(root.epoch); !promoted) return promoted.error();
  }
  core->snapshot_ = unseen;
  if (auto seen = core->look(); !seen) return seen.error();
  return core;
}

result<void> book_core::make_tree(const book_header& header) {
  if (!crypto::suite_available(header.suite)) {
    return error{errc::unsupported, "the book's cipher suite does not run on this machine",
                 static_cast<std::uint64_t>(header.suite)};
  }
  auto memory = locked_memory::allocate(keys_room + key_tree::memory_for(shared_->key_cache_nodes));
  if (!memory) return memory.error();
  memory_ = std::move(*memory);
  keys_ = ::new (memory_.bytes().data()) book_keys;
  tree_.emplace(memory_.bytes().subspan(keys_room), header.id, header.suite);
  header_ = header;
  return {};
}

void book_core::derive_keys(const secret<32>& tenant_root) {
  keys_->rows = crypto::derive(tenant_root, "clientbook rows");
  keys_->external_ids = crypto::derive(tenant_root, "clientbook external ids");
  keys_->states = crypto::derive(tenant_root, "clientbook consent states");
  keys_->actors = crypto::derive(tenant_root, "clientbook actors");
  keys_->signing_seed = crypto::derive(tenant_root, "clientbook signing");
  keys_->receipt_seed = crypto::derive(tenant_root, "clientbook receipts");
  keys_->pseudonyms = crypto::derive(tenant_root, "clientbook pseudonyms");
  keys_->id_rows = crypto::derive(tenant_root, "clientbook external id rows");
  keys_->ids.emplace(crypto::derive(tenant_root, "clientbook customer ids"));
}

result<void> book_core::look() {
  if (writing_) return {};
  // Between our view of the store and the load of the cell another process may erase and
  // promote: the cell is then ahead of the view. It was promoted after its commit, so there is
  // a newer view; if there is none, the store is a copy from before an erasure.
  std::uint64_t tried = unseen;
  for (;;) {
    if (reading_) {
      if (auto renewed = reading_->renew(); !renewed) return renewed;
    } else {
      auto begun = shared_->store->begin_read();
      if (!begun) return begun.error();
      reading_ = std::make_unique<stoppable_read>(std::move(*begun), stop_);
    }
    const std::uint64_t newest = reading_->snapshot();
    if (newest == snapshot_) return {};
    const auto followed = follow();
    if (followed || followed.error().code != errc::version_mismatch || newest == tried) {
      return followed;
    }
    tried = newest;
  }
}

// Takes notice of a commit by anybody.
result<void> book_core::follow() {
  const std::uint64_t snapshot = read().snapshot();
  snapshot_ = unseen;
  const auto bytes = read().get(header_key());
  if (!bytes) {
    if (bytes.error().code != errc::not_found) return bytes.error();
    return error{errc::not_a_book, "this store holds no client book"};
  }
  const auto header = decode_book_header(*bytes);
  if (!header) return header.error();
  if (header->format != book_header::newest_format && !shared_->upgrading) {
    return error{errc::older_format,
                 "the book is of an older format: clientbook upgrade makes it new", header->format};
  }
  if (!tree_) {
    if (auto made = make_tree(*header); !made) return made;
  } else if (header->id != header_.id || header->suite != header_.suite) {
    return error{errc::damaged, "another book lies where this one was: open it anew"};
  }
  if (tree_->epoch() != header->epoch) {
    if (auto taken = take_root(*header); !taken) return taken;
  }
  if (writing_) {
    if (auto begun = tree_->begin_write(*this, header->root_version, pool_); !begun) return begun;
  } else {
    if (auto begun = tree_->begin(*this, header->root_version); !begun) return begun;
  }
  header_ = *header;
  if (auto row = read_book_row(); !row) return row;
  snapshot_ = snapshot;
  ++generation_;
  return {};
}

result<void> book_core::take_root(const book_header& header) {
  const std::scoped_lock lock(shared_->cell_lock);
  auto held = shared_->cell->load();
  if (!held) return held.error();
  auto chosen = reconcile(std::move(*held), header.epoch);
  if (!chosen) return chosen.error();
  unsettled_ = chosen->step != root_step::none;
  tree_->open(chosen->key);
  return {};
}

result<void> book_core::read_book_row() {
  const auto own = tree_->find(own_number);
  if (!own) {
    if (own.error().code != errc::not_found) return own.error();
    return error{errc::row_missing, "the book's own entry is gone: restore a copy"};
  }
  const std::uint64_t version = (*own)->version.value;
  if (version == row_version_) return {};
  derive_keys((*own)->subject_key);
  private_bytes plain;
  if (auto got = get_value(keys_->rows, book_row_place(version), plain); !got) {
    if (got.error().code != errc::not_found) return got;
    return error{errc::row_missing, "the book row is gone: restore a copy"};
  }
  const auto row = decode_book_row(header_.format, plain.view());
  if (!row) return row.error();
  const bool other_schema = row->schema_hash != row_.schema_hash;
  row_ = *row;
  row_version_ = version;
  if (other_schema) return read_schema();
  return {};
}

result<void> book_core::read_schema() {
  private_bytes plain;
  if (auto got = get_value(keys_->rows, schema_place(row_.schema), plain); !got) return got;
  if (!crypto::equal(crypto::hash(plain.view()), row_.schema_hash)) {
    return error{errc::version_mismatch, "another schema was put in the place of the book's"};
  }
  const auto read = decode_schema(plain.view());
  if (!read) return read.error();
  schema_ = *read;
  return {};
}

result<void> book_core::begin_change() {
  if (writing_) return error{errc::invalid_state, "a change is under way already"};
  auto begun = shared_->store->begin_write();
  if (!begun) return begun.error();
  writing_ = std::make_unique<stoppable_write>(std::move(*begun), stop_);
  row_changed_ = false;
  if (auto followed = follow(); !followed) {
    discard();
    return followed;
  }
  if (unsettled_) {
    const std::scoped_lock lock(shared_->cell_lock);
    if (auto settled = settle(); !settled) {
      discard();
      return settled;
    }
  }
  return {};
}

// Finishes what a change of root left in the cell. Precondition: under the write lock, where
// what is staged is nobody's who could still commit it, and header_ is the newest commit's.
result<void> book_core::settle() {
  auto held = shared_->cell->load();
  if (!held) return held.error();
  const std::uint64_t staged = held->staged ? held->staged->epoch : 0;
  const auto chosen = reconcile(std::move(*held), header_.epoch);
  if (!chosen) return chosen.error();
  if (chosen->step == root_step::promote) {
    if (auto promoted = shared_->cell->promote(staged); !promoted) return promoted;
  }
  if (chosen->step == root_step::drop) {
    if (auto dropped = shared_->cell->drop(staged); !dropped) return dropped;
  }
  unsettled_ = false;
  return {};
}

// After the commit of `epoch`, without the write lock: by now others may have finished it for
// us, and staged a key of their own.
result<void> book_core::promote(std::uint64_t epoch) { return shared_->cell->promote(epoch); }

result<void> book_core::write_book_row() {
  const auto own = tree_->edit(own_number);
  if (!own) return own.error();
  (*own)->version = record_version((*own)->version.value + 1);
  row_version_ = (*own)->version.value;
  std::array<std::byte, book_row::max_size> room;
  return put_value(keys_->rows, book_row_place(row_version_), encode(row_, room));
}

result<void> book_core::commit() {
  if (!writing_) return error{errc::invalid_state, "no change is under way"};
  // A root key is staged before the store commits: what is to stop stops before that.
  const auto done = stop_.stops() ? result<void>(was_cancelled) : finish_commit();
  if (!done && writing_) discard();
  return done;
}

result<void> book_core::finish_commit() {
  if (!row_.external_ids) {
    // Of a book from before there were sums: what lies there by now is taken for its own.
    const auto sum = sum_external_ids();
    if (!sum) return sum.error();
    edit_row().external_ids = *sum;
  }
  if (row_changed_) {
    if (auto written = write_book_row(); !written) return written;
  }
  const auto root_version = tree_->flush();
  if (!root_version) return root_version.error();
  book_header header = header_;
  header.format = book_header::newest_format;
  header.root_version = *root_version;
  const root_key* next = tree_->next_root();
  if (next != nullptr) header.epoch = next->epoch;
  if (auto put = writing_->put(header_key(), encode(header)); !put) return put;

  std::unique_lock<std::mutex> cell;
  if (next != nullptr) {
    cell = std::unique_lock(shared_->cell_lock);
    unsettled_ = true;
    if (auto staged = shared_->cell->stage(*next); !staged) return staged;
  }
  if (auto committed = writing_->commit(); !committed) {
    // Nothing was committed, or nobody knows. The write lock is gone with the transaction, so
    // what is staged may be another's already, of the same epoch: it is left to whoever holds
    // the lock next.
    return committed;
  }
  writing_.reset();
  schema_before_.reset();
  header_ = header;
  snapshot_ = unseen;
  ++generation_;
  const bool new_root = next != nullptr;
  if (auto kept = tree_->commit(); !kept) return kept;
  if (new_root) {
    if (auto promoted = promote(header.epoch); !promoted) {
      const bool held = promoted.error().code == errc::locked;
      return error{held ? errc::locked : errc::io_error,
                   "committed, but the root cell still holds the former key: open the book again"};
    }
    unsettled_ = false;
  }
  return {};
}

void book_core::discard() noexcept {
  if (!writing_) return;
  if (tree_) tree_->discard();
  writing_.reset();
  row_changed_ = false;
  snapshot_ = unseen;
  row_version_ = 0;  // what is in row_ may have been changed
  if (schema_before_) {
    schema_ = schema_before_->fields;
    row_.schema = schema_before_->version;
    row_.schema_hash = schema_before_->hash;
    schema_before_.reset();
    former_schemas_.clear();  // versions that were rolled back may come again as others
  }
}

result<void> book_core::put_value(const secret<32>& key, const place& at, byte_view plaintext) {
  const field_context context{.suite = header_.suite,
                              .book = header_.id,
                              .table = static_cast<std::uint8_t>(at.table),
                              .field = field_id(at.kind),
                              .customer = at.customer,
                              .record = at.record,
                              .version = at.version,
                              .key_version = at.key_version,
                              .schema_hash = at.binding};
  auto room = writing_->reserve(at.key, sealed_field_size(plaintext.size()));
  if (!room) return room.error();
  const auto sealed = seal_field(key, context, plaintext, pool_, *room);
  if (!sealed) return sealed.error();
  return {};
}

result<void> book_core::get_value(const secret<32>& key, const place& at, private_bytes& into) {
  const auto sealed = read().get(at.key);
  if (!sealed) return sealed.error();
  return open_value(key, at, *sealed, into);
}

result<void> book_core::open_value(const secret<32>& key, const place& at, byte_view sealed,
                                   private_bytes& into) const {
  const field_context context{.suite = header_.suite,
                              .book = header_.id,
                              .table = static_cast<std::uint8_t>(at.table),
                              .field = field_id(at.kind),
                              .customer = at.customer,
                              .record = at.record,
                              .version = at.version,
                              .key_version = at.key_version,
                              .schema_hash = at.binding};
  const auto size = open_field(key, context, sealed, into.room(sealed.size()));
  if (!size) return size.error();
  into.shrink(*size);
  return {};
}

result<void> book_core::replace_schema(const schema& fields) {
  std::vector<std::byte> encoded(16 * 1024);
  const auto text = encode_schema(fields, encoded);
  if (!text) return text.error();
  if (auto put = put_value(keys_->rows, schema_place(fields.version), *text); !put) return put;
  if (!schema_before_) {
    schema_before_ = known_schema{schema_, row_.schema, row_.schema_hash};
  }
  former_schemas_.emplace_back(row_.schema, row_.schema_hash);
  row_changed_ = true;
  row_.schema = fields.version;
  row_.schema_hash = crypto::hash(*text);
  schema_ = fields;
  return {};
}

result<root_key> book_core::root_key_of_today() {
  const std::scoped_lock lock(shared_->cell_lock);
  auto held = shared_->cell->load();
  if (!held) return held.error();
  auto chosen = reconcile(std::move(*held), header_.epoch);
  if (!chosen) return chosen.error();
  return std::move(chosen->key);
}

bool book_core::opens_tree_of(read_transaction& other) {
  class nodes_of final : public node_store {
   public:
    explicit nodes_of(read_transaction& from) : from_(from) {}
    result<byte_view> get(std::uint8_t level, std::uint64_t index) noexcept override {
      return from_.get(key(table::node).add(level).add(index));
    }
    result<void> put(std::uint8_t, std::uint64_t, byte_view) noexcept override {
      return error{errc::invalid_state, "a copy is not written"};
    }

   private:
    read_transaction& from_;
  };
  const auto bytes = other.get(header_key());
  if (!bytes) return false;
  const auto header = decode_book_header(*bytes);
  if (!header) return false;
  const std::scoped_lock lock(shared_->cell_lock);
  auto held = shared_->cell->load();
  if (!held) return false;
  auto memory = locked_memory::allocate(key_tree::memory_for(key_tree::least_nodes));
  if (!memory) return false;
  key_tree tree(memory->bytes(), header->id, header->suite);
  nodes_of nodes(other);
  // Whatever the copy says of its epoch: no key of today may open it.
  for (auto* one : {&held->current, &held->staged}) {
    if (!*one) continue;
    tree.open(**one);
    if (tree.begin(nodes, header->root_version) && tree.find(own_number)) return true;
  }
  return false;
}

// Records keep the schema version they were written under.
result<crypto::digest> book_core::schema_hash(schema_version version) {
  if (version == row_.schema) return row_.schema_hash;
  for (const auto& [known, hash] : former_schemas_) {
    if (known == version) return hash;
  }
  private_bytes text;
  if (auto got = get_value(keys_->rows, schema_place(version), text); !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "a former schema is gone: restore a copy", version.value};
  }
  former_schemas_.emplace_back(version, crypto::hash(text.view()));
  return former_schemas_.back().second;
}

result<row_context> book_core::record_context(customer_no number, const manifest& entry) {
  const auto hash = schema_hash(entry.schema);
  if (!hash) return hash.error();
  return row_context{.suite = header_.suite,
                     .book = header_.id,
                     .table = static_cast<std::uint8_t>(table::record),
                     .kind = 0,
                     .customer = number,
                     .record = 0,
                     .version = entry.version,
                     .key_version = entry.key_version,
                     .schema = entry.schema,
                     .schema_hash = *hash};
}

result<byte_view> book_core::get(std::uint8_t level, std::uint64_t index) noexcept {
  return read().get(key(table::node).add(level).add(index));
}

result<void> book_core::put(std::uint8_t level, std::uint64_t index, byte_view node) noexcept {
  return writing_->put(key(table::node).add(level).add(index), node);
}

}  // namespace clientbook
