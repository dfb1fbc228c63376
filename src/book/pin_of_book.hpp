// A book held against its pin (docs/format/pin.md).
#ifndef CLIENTBOOK_BOOK_PIN_OF_BOOK_HPP
#define CLIENTBOOK_BOOK_PIN_OF_BOOK_HPP

#include <clientbook/internal/vault/book_core.hpp>
#include <clientbook/vault/pin_store.hpp>

#include <memory>

namespace clientbook {

/// Of the newest commit. Errors: as look; those of the ledger.
result<book_pin> pin_of(book_core& core);

/// Whether what is seen is the pinned commit or comes after it.
/// Errors: version_mismatch (another book's pin); rolled_back (an older copy, or one of a branch
/// that left the pinned commit out); those of the store.
result<void> check_against(const book_pin& pin, book_core& core);

/// In the place of whatever is there. Nothing: the book has none.
result<void> set_pin(book_core& core, const std::shared_ptr<pin_store>& pin);

}  // namespace clientbook

#endif
