// Who witnesses the ledger: one sealed row, its version in the book row.
#ifndef CLIENTBOOK_BOOK_WITNESS_STORE_HPP
#define CLIENTBOOK_BOOK_WITNESS_STORE_HPP

#include <clientbook/book/witness.hpp>

#include <vector>

#include "versioned_row.hpp"

namespace clientbook {

// Keeps the witnesses in the order in which they were named. What each has cosigned is checked
// before it is kept, and again by verify().
class witness_store {
 public:
  explicit witness_store(book_core& core) noexcept
      : row_(core, {.table = storage::table::witnesses,
                    .version = &book_row::witnesses,
                    .key = "clientbook witnesses",
                    .gone = "the row of witnesses is gone: restore a copy"}) {}

  /// Valid until the next call. Errors of all: those of the store, row_missing, newer_format,
  /// invalid_encoding.
  result<const std::vector<ledger_witness>*> all();
  /// Errors: not_found.
  result<ledger_witness> of(std::string_view name);
  /// In place of the one of that name, or behind the others. Precondition: inside a change.
  result<void> set(ledger_witness one);
  /// Precondition: inside a change. Errors: not_found.
  result<void> remove(std::string_view name);
  /// What was read is not what holds any more.
  void forget() noexcept { row_.forget(); }

 private:
  result<void> read(byte_view bytes);
  result<void> write();

  versioned_row row_;
  std::vector<ledger_witness> all_;
};

}  // namespace clientbook

#endif
