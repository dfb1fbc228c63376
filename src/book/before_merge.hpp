// What was before two customers became one, kept with the one who went, under their key: the row
// of the one who stayed, and of each field of theirs that changed what it was.
//
// Read by an unmerge alone; a retention run removes it once nobody can be taken out any more.
#ifndef CLIENTBOOK_BOOK_BEFORE_MERGE_HPP
#define CLIENTBOOK_BOOK_BEFORE_MERGE_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/book/customer.hpp>

#include <cstdint>
#include <optional>
#include <vector>

#include <clientbook/internal/vault/book_core.hpp>
#include "customer_row.hpp"
#include "record_opener.hpp"

namespace clientbook {

struct before_merge {
  std::uint32_t born = 0;   ///< Of the one who stayed, as manifest::born,
  std::uint32_t since = 0;  ///< and as it was once they were one.
  customer_row row{};
  field_set fields{};  ///< Of which there is a row.
};

struct field_before {
  std::uint64_t after = 0;  ///< Digest (digest_of_word) of what the merge made of it; 0: nothing.
  wiped_bytes value{};      ///< Empty: there was none.
};

/// All that is held of one of the two, to be sealed again. Errors: as record_opener::record().
result<customer> held_record(record_opener& opener, customer_no number, const manifest& entry);

/// Precondition of what writes: inside a change. `part`: a copy of the manifest, with the version
/// of the row that it keeps while it is a part.
result<void> put_before_merge(book_core& core, customer_no number, const manifest& part,
                              const before_merge& what);
result<void> put_field_before(book_core& core, customer_no number, const manifest& part,
                              field_id field, const field_before& what);
/// Errors: row_missing, invalid_encoding, newer_format.
result<before_merge> read_before_merge(book_core& core, customer_no number, const manifest& part);
result<field_before> read_field_before(book_core& core, customer_no number, const manifest& part,
                                       field_id field);

}  // namespace clientbook

#endif
