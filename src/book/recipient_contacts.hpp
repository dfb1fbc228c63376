// How recipients are reached: one sealed row, its version in the book row.
#ifndef CLIENTBOOK_BOOK_RECIPIENT_CONTACTS_HPP
#define CLIENTBOOK_BOOK_RECIPIENT_CONTACTS_HPP

#include <clientbook/book/recipient_contact.hpp>

#include <vector>

#include "versioned_row.hpp"

namespace clientbook {

// Keeps of each party what session::set_recipient_contact() has said of it, ascending by number. A
// retired party's stays: whoever got something before is still to be reached.
class recipient_contacts {
 public:
  explicit recipient_contacts(book_core& core) noexcept
      : row_(core, {.table = storage::table::recipient_contacts,
                    .version = &book_row::recipient_contacts,
                    .key = "clientbook recipient contacts",
                    .gone = "the row of recipients' contacts is gone: restore a copy"}) {}

  /// Valid until the next call. Errors of all: those of the store, row_missing, newer_format,
  /// invalid_encoding.
  result<const std::vector<recipient_contact>*> all();
  /// What is known of a party; empty texts where nothing is.
  result<recipient_contact> of(recipient_id party);
  /// In place of what was known. Precondition: inside a change.
  result<void> set(const recipient_contact& one);
  /// What was read is not what holds any more.
  void forget() noexcept { row_.forget(); }

 private:
  result<void> read(byte_view bytes);
  result<void> write();

  versioned_row row_;
  std::vector<recipient_contact> all_;
};

}  // namespace clientbook

#endif
