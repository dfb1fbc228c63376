// Opening a book the usual way: LMDB in a folder, the root key in a file elsewhere.
//
//   auto book = clientbook::open_book("shop.book", "/secure/keys/shop.key");
//
// Other stores and root cells: book::open() with a backend and a root_cell.
//
// Thread safety: as book.hpp.
#ifndef CLIENTBOOK_OPEN_OPEN_HPP
#define CLIENTBOOK_OPEN_OPEN_HPP

#include <clientbook/adapters/file_root_cell.hpp>
#include <clientbook/book/book.hpp>

#include <memory>
#include <span>
#include <string_view>
#include <type_traits>

namespace clientbook {

/// Where the root key lies, and what opens it if it is sealed. Views: they outlive the call alone.
struct key_place {
  std::string_view path{};
  const slot_secret* opens = nullptr;  ///< Not looked at where the key is not sealed.
  /// Of a new book: with what its root key is sealed. None: the file itself is the key. One of them
  /// has its secret here.
  std::span<const new_slot> slots{};
  /// The cell, opened already: whoever changes its slots shares it with the book.
  const file_root_cell* opened = nullptr;

  key_place() noexcept = default;
  /// A path alone, in whatever holds a text.
  template <class Path>
  requires std::is_convertible_v<const Path&, std::string_view> key_place(const Path& at)
  noexcept  // NOLINT(*-explicit-*)
      : path(at) {}
  key_place(std::string_view at, const slot_secret& secret) noexcept : path(at), opens(&secret) {}
  key_place(std::string_view at, std::span<const new_slot> seals) noexcept
      : path(at), slots(seals) {}
  explicit key_place(const file_root_cell& cell) noexcept : path(cell.path()), opened(&cell) {}
};

/// Makes a new book in the folder `path` and its root key in the file `key`, which may
/// not lie in or beside that folder. What an interrupted call left is taken up again.
///
/// Errors: already_exists (a book or a key is there), invalid_argument (key beside the book),
/// as create_lmdb_backend(), file_root_cell::claim_new(), seal() and add_slot(), book::create().
result<book> create_book(std::string_view path, const key_place& key, const new_book& what,
                         const book_options& options = {});

/// Errors: as open_lmdb_backend(), file_root_cell::open() and book::open().
result<book> open_book(std::string_view path, const key_place& key,
                       const book_options& options = {});

/// A book with the cell of its root key, for hosts that change what opens the key while they hold
/// the book (root_keys.hpp): key_place(cell) names it, and the book follows.
class book_with_cell {
 public:
  book opened;
  file_root_cell cell;
};

/// As create_book() and open_book().
result<book_with_cell> create_book_with_cell(std::string_view path, const key_place& key,
                                             const new_book& what,
                                             const book_options& options = {});
result<book_with_cell> open_book_with_cell(std::string_view path, const key_place& key,
                                           const book_options& options = {});

/// The pin as a file beside the root key's, its name with `.pin` (docs/format/pin.md): what
/// create_book() and open_book() use where the host names none.
/// `wait_ms`: how long a move waits for another process that moves it, then `locked`; below 0: as
/// long as it takes.
std::shared_ptr<pin_store> pin_beside(std::string_view key_path, int wait_ms = -1);

/// Takes an older copy that was put in the book's place on purpose: book::accept_pin().
result<book_pin> accept_pin(std::string_view path, const key_place& key, const actor& who,
                            const book_options& options = {});

/// Writes a book of an older format in the newest one (docs/format/book_2.md).
/// Errors: as open_book(), but for older_format.
result<upgrade_outcome> upgrade_book(std::string_view path, const key_place& key,
                                     const book_options& options = {});

}  // namespace clientbook

#endif
