// Epochs of the ledger in the store: table 43, a row for each, and its key in the key tree.
#ifndef CLIENTBOOK_BOOK_EPOCH_STORE_HPP
#define CLIENTBOOK_BOOK_EPOCH_STORE_HPP

#include <clientbook/book/epoch.hpp>

#include <cstdint>
#include <vector>

#include <clientbook/internal/vault/book_core.hpp>

namespace clientbook {

// Rows 0 to the number in the book row are there, no other is. A row is written when its epoch
// begins and once more with its seal: its version says which of the two it must be, so that no seal
// is taken away and none comes back.
class epoch_store {
 public:
  struct row {
    ledger_epoch is{};
    std::uint64_t place = 0;  ///< Of its key in the key tree, from 1; epoch 0 has none.
  };

  explicit epoch_store(book_core& core) noexcept : core_(core) {}

  std::uint32_t newest() const noexcept { return core_.row().epochs; }
  /// Errors: not_found (no such epoch), row_missing, invalid_encoding, those of the store.
  result<row> read(std::uint32_t number);
  /// The key that seals this epoch. Errors: key_erased (it is over, or a restore has lost it).
  result<crypto::signing_key> key_of(const row& one);
  /// Precondition of what writes: inside a change.
  result<void> put(const row& one);
  /// Draws a key for the next epoch, at a place that never had one. Errors: limit_exceeded.
  result<row> begin_next(std::uint64_t from);
  /// Destroys the key of one that is over.
  result<void> destroy_key(const row& one);

 private:
  static customer_no number_of(std::uint64_t place) noexcept;
  book_core::place place_of(std::uint32_t number, std::uint32_t version) const noexcept;
  secret<32> row_key() const;

  book_core& core_;
  private_bytes plain_;
};

}  // namespace clientbook

#endif
