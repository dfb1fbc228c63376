// Columns: values that lie in the host's own tables, sealed by a book that holds the keys.
//
// For a shop that keeps its customers where they are. The book knows who they are (an external id),
// what they have said, and where their data went; their values stay in the shop's table, each
// sealed under the customer's key, as opaque bytes of a column. session::seal_column() makes them,
// session::read_columns() shows what a purpose shows of them, redacted as a record's would be, and
// session::disclose_columns() writes the ledger first. An erasure in the book destroys the key:
// what is left in the table, and in every copy of it, opens no more.
//
// The host's table is trusted with nothing but keeping: a value that was changed, or moved to
// another customer or field, does not open. An older value of the same place does, since the book
// does not know which one is the newest; and what a field is kept for is not written down.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_COLUMNS_HPP
#define CLIENTBOOK_BOOK_COLUMNS_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>

namespace clientbook {

/// A cell of the host's table. docs/format/sealing.md has the bytes.
struct sealed_column {
  field_id field{};
  byte_view sealed{};
};

}  // namespace clientbook

#endif
