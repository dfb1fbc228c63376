// Times of which the book knows nothing: it was restored from a backup, or an older copy of it was
// accepted.
#ifndef CLIENTBOOK_BOOK_GAPS_HPP
#define CLIENTBOOK_BOOK_GAPS_HPP

#include <clientbook/book/figures.hpp>
#include <clientbook/internal/vault/book_core.hpp>

#include <vector>

namespace clientbook {

/// Oldest first. Precondition: look(). Errors: those of the rows.
result<std::vector<book_gap>> gaps_of(book_core& core);
/// Precondition: inside a change.
result<void> add_gap(book_core& core, const book_gap& gap);

}  // namespace clientbook

#endif
