// What opens a book, changed as it is to be: the slots of its root cell, the ledger's entry, and a
// new root key where somebody no longer shall open it.
//
//   auto cell = file_root_cell::open("/secure/keys/shop.key", "shop.book", &secret);
//   auto book = open_book("shop.book", key_place(*cell));
//   auto session = book->begin_session(officer);
//   add_key_slot(*session, *cell, {.label = "till 2", .secret = &key_file});
//   remove_key_slot(*session, *cell, 1);
//
// It takes the right to `recover`: a security officer or an owner, as the book's table of roles has
// it. The cell is the one that the book was opened with. file_root_cell::look() lists the slots.
//
// Where a slot was changed and the book could not be written behind it, the error says so (after a
// kill nobody does, nor the ledger), and where one is gone cell_look::renewal_due stays until
// renew_root_key(): what was removed opens no file of the cell, the root that it knew is in force.
//
// Thread safety: as book.hpp.
#ifndef CLIENTBOOK_OPEN_ROOT_KEYS_HPP
#define CLIENTBOOK_OPEN_ROOT_KEYS_HPP

#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/book/book.hpp>

#include <cstdint>

namespace clientbook {

struct slot_change {
  std::uint32_t number = 0;  ///< Of the slot that was made; 0: none was.
  key_change_entry entry{};
};

/// The first slot of a root key in clear seals it, with a new root: whoever had the file had the
/// key. Errors: role_denied; as file_root_cell::seal() and add_slot(), session::change_keys().
result<slot_change> add_key_slot(session& by, file_root_cell& cell, const new_slot& what);

/// Errors: role_denied; as file_root_cell::remove_slot(), session::change_keys().
result<slot_change> remove_key_slot(session& by, file_root_cell& cell, std::uint32_t number);

/// Another secret in a slot's place, under another number. Errors: as both.
result<slot_change> change_key_slot(session& by, file_root_cell& cell, std::uint32_t number,
                                    const new_slot& instead);

/// Back to a file that is the key itself. Errors: role_denied; as file_root_cell::unseal().
result<slot_change> unseal_root_key(session& by, file_root_cell& cell);

/// A new root key, whatever opens it. Errors: role_denied; as session::change_keys().
result<slot_change> renew_root_key(session& by);

}  // namespace clientbook

#endif
