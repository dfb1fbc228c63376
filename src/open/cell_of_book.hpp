// The root cell of a book, as its key's place says.
#ifndef CLIENTBOOK_OPEN_CELL_OF_BOOK_HPP
#define CLIENTBOOK_OPEN_CELL_OF_BOOK_HPP

#include <clientbook/open/open.hpp>

namespace clientbook {

/// Errors: as file_root_cell::open().
result<file_root_cell> opened_cell(const key_place& key, std::string_view book);

/// For a book that is about to be made, sealed as the place says. Errors: as claim_new(), seal()
/// and add_slot(); nothing is left then that was not there before.
result<file_root_cell> claimed_cell(const key_place& key, std::string_view book,
                                    const book_options& options);

/// A slot's day: what it says, or the book's today.
new_slot dated(new_slot slot, timestamp now) noexcept;

}  // namespace clientbook

#endif
