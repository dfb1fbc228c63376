// One look at a book: its newest commit for reading, or a change under way. Knows how
// values are sealed into the store and which keys do it; knows nothing of consent.
#ifndef CLIENTBOOK_INTERNAL_VAULT_BOOK_CORE_HPP
#define CLIENTBOOK_INTERNAL_VAULT_BOOK_CORE_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/crypto/envelope.hpp>
#include <clientbook/crypto/key_tree.hpp>
#include <clientbook/crypto/root_cell.hpp>
#include <clientbook/internal/crypto/locked_memory.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/vault/backend.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <clientbook/internal/vault/book_format.hpp>
#include <clientbook/internal/vault/random_pool.hpp>
#include <clientbook/internal/vault/storage_key.hpp>

namespace clientbook {

/// One value in memory that is used again and wiped at its end.
class private_bytes {
 public:
  /// Makes room; what was in it is lost. Never gives memory back before its end.
  byte_span room(std::size_t size);
  void shrink(std::size_t size) noexcept { size_ = size; }
  byte_view view() const noexcept { return {bytes_.data(), size_}; }

 private:
  wiped_bytes bytes_;
  std::size_t size_ = 0;
};

/// What all sessions of an open book share.
struct book_shared {
  std::shared_ptr<backend> store;
  std::shared_ptr<root_cell> cell;
  std::mutex cell_lock;  ///< A root cell takes one caller at a time.
  std::size_t key_cache_nodes = 0;
  bool upgrading = false;  ///< A book of an older format opens, to be written in the newest.
};

struct restore_source;
struct restored_entries;

/// Keys of the book itself, derived from the tenant root; not from any customer's key.
struct book_keys {
  secret<32> rows;          ///< book row, schema, recipients, notices, states
  secret<32> external_ids;  ///< blind index
  secret<32> states;        ///< index of the compiled states
  secret<32> actors;        ///< actor tags in the ledger
  secret<32> signing_seed;  ///< Ed25519, of the ledger and of erasure receipts
  secret<32> receipt_seed;  ///< Ed25519, of consent receipts
  secret<32> pseudonyms;    ///< hashes, tokens, encrypted numbers
  secret<32> id_rows;       ///< sum of the rows of external ids
  std::optional<crypto::id_permutation> ids;
};

/// Whether the host wants what is under way to stop.
struct stop_sign {
  const std::atomic<bool>* wanted = nullptr;  ///< Null: nothing stops.
  bool seen = false;                          ///< It has stopped, whatever is wanted by now.
  bool held = false;  ///< A change was committed: what follows is not stopped.

  bool stops() noexcept {
    if (held) return false;
    if (!seen && wanted != nullptr) seen = wanted->load(std::memory_order_relaxed);
    return seen;
  }
};

class book_core final : private node_store {
 public:
  /// Errors: as look; not_a_book, newer_format, older_format (`at`: its format), unsupported (the
  /// suite does not run here).
  static result<std::unique_ptr<book_core>> open(std::shared_ptr<book_shared> shared);
  ~book_core();
  book_core(const book_core&) = delete;
  book_core& operator=(const book_core&) = delete;

  /// Writes a new, empty book; the store must hold none, the cell no key.
  /// `furnish` writes what else a book holds from its first day on, in the same transaction.
  static result<std::unique_ptr<book_core>> create(std::shared_ptr<book_shared> shared,
                                                   crypto::suite suite, const schema& fields,
                                                   timestamp now,
                                                   callback_ref<result<void>(book_core&)> furnish);

  /// Writes a book into an empty store from a mirror and backups; the cell must hold no key.
  /// `furnish` puts right what the parts of the book count, in the same transaction. restore.hpp.
  static result<std::unique_ptr<book_core>> restore(std::shared_ptr<book_shared> shared,
                                                    const restore_source& from,
                                                    restored_entries& found,
                                                    callback_ref<result<void>(book_core&)> furnish);

  /// Looks at the newest commit. Inside a change: does nothing, the change is what is seen.
  /// Errors: those of the store, the cell and the key tree; version_mismatch for a copy from
  /// before an erasure.
  result<void> look();

  /// Begins a change at the newest commit. Errors: invalid_state (one is under way), as look.
  result<void> begin_change();
  /// Writes what is pending and commits, root cell included. On error nothing has changed,
  /// but for io_error with the text "committed, but ..." (the root cell failed afterwards).
  result<void> commit();
  void discard() noexcept;
  /// What every read of the store asks first; invalid_state where it stops, also of a commit.
  stop_sign& stop() noexcept { return stop_; }
  bool changing() const noexcept { return writing_ != nullptr; }

  const book_header& header() const noexcept { return header_; }
  const book_row& row() const noexcept { return row_; }
  /// To be changed inside a change only; written by commit.
  book_row& edit_row() noexcept {
    row_changed_ = true;
    return row_;
  }
  const schema& fields() const noexcept { return schema_; }
  /// They lie in locked memory, as all keys do.
  const book_keys& keys() const noexcept { return *keys_; }
  key_tree& tree() noexcept { return *tree_; }
  random_source& random() noexcept { return pool_; }
  /// Grows whenever something else than before is seen.
  std::uint64_t generation() const noexcept { return generation_; }

  read_transaction& read() noexcept { return writing_ ? *writing_ : *reading_; }
  /// Precondition: changing().
  write_transaction& write() noexcept { return *writing_; }

  result<backend_figures> store_figures() { return shared_->store->figures(); }
  /// Stores a further version of the schema. Precondition: changing().
  result<void> replace_schema(const schema& fields);
  /// Another look at the same book, which stands still while this one goes on. Errors: as open.
  result<std::unique_ptr<book_core>> another() { return open(shared_); }
  /// The root key of what is seen. Precondition: look(). Errors: version_mismatch (somebody has
  /// erased since: look again); those of the cell.
  result<root_key> root_key_of_today();
  /// Whether the key tree of another store opens with today's root key.
  bool opens_tree_of(read_transaction& other);

  /// A place in the store together with what its value is bound to.
  struct place {
    storage::key key;
    storage::table table;
    std::uint8_t kind = 0;
    customer_no customer;
    std::uint64_t record = 0;
    record_version version;
    std::uint32_t key_version = 1;
    crypto::digest binding{};  ///< Whatever else the value is bound to.
  };

  /// Seals and writes one value. Precondition: changing().
  result<void> put_value(const secret<32>& key, const place& at, byte_view plaintext);
  /// Reads and opens one value into `into`. Errors: not_found, as open_field.
  result<void> get_value(const secret<32>& key, const place& at, private_bytes& into);
  /// Opens one that lies elsewhere as if it lay there. Errors: as open_field.
  result<void> open_value(const secret<32>& key, const place& at, byte_view sealed,
                          private_bytes& into) const;

  /// Whose external id this is, by the index: which is a hint, the record decides. An id is told
  /// to be nobody's only once the whole index was found to be the one that this book wrote.
  /// Errors: not_found; damaged (a row has another size; or one is gone, added or another).
  result<customer_no> external_id(const crypto::blind_index_token& token);
  /// Precondition of both: changing(). What is to go goes whatever became of its row: an erasure
  /// is not prevented by damage. Errors: as external_id; those of the store.
  result<void> put_external_id(const crypto::blind_index_token& token, customer_no number);
  result<void> erase_external_id(const crypto::blind_index_token& token, customer_no number);
  /// Sums all rows of the index anew and compares. In a book whose row has no sum yet (older than
  /// them, and not written since) nothing is compared. Errors: damaged.
  result<void> check_external_ids();

  /// The context of a customer's record.
  /// Errors: row_missing (its schema is gone), version_mismatch.
  result<row_context> record_context(customer_no number, const manifest& entry);

 private:
  friend class book_restorer;
  result<byte_view> get(std::uint8_t level, std::uint64_t index) noexcept override;
  result<void> put(std::uint8_t level, std::uint64_t index, byte_view node) noexcept override;

  explicit book_core(std::shared_ptr<book_shared> shared);
  result<void> make_tree(const book_header& header);
  result<void> follow();
  result<void> take_root(const book_header& header);
  result<void> read_book_row();
  result<void> write_book_row();
  result<void> read_schema();
  result<crypto::digest> schema_hash(schema_version version);
  result<void> finish_commit();
  result<void> settle();
  result<void> promote(std::uint64_t epoch);
  void derive_keys(const secret<32>& tenant_root);
  result<id_sum> sum_external_ids();
  id_sum id_row_term(byte_view token, std::uint64_t number) const;

  std::shared_ptr<book_shared> shared_;
  crypto::system_random system_;
  random_pool pool_;
  stop_sign stop_;  // before what refers to it
  std::unique_ptr<read_transaction> reading_;
  std::unique_ptr<write_transaction> writing_;
  locked_memory memory_;
  std::optional<key_tree> tree_;
  book_header header_;
  book_row row_;
  bool row_changed_ = false;
  bool ids_checked_ = false;   // all rows of external ids, since this was opened
  bool unsettled_ = false;     // the root cell may hold a key to promote or drop
  book_keys* keys_ = nullptr;  // the first of memory_
  schema schema_;
  std::vector<std::pair<schema_version, crypto::digest>> former_schemas_;
  // What the change under way found.
  struct known_schema {
    schema fields;
    schema_version version;
    crypto::digest hash{};
  };
  std::optional<known_schema> schema_before_;
  std::uint64_t snapshot_ = 0;
  std::uint64_t row_version_ = 0;
  std::uint64_t generation_ = 1;  // 0: what has followed nothing yet
};

}  // namespace clientbook

#endif
