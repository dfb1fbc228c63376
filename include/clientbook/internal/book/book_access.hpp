// How a session of a book begins, for the book and for what opens a copy of it to check it: that
// knows nobody's passphrase, and reads as an auditor, who sees no field.
#ifndef CLIENTBOOK_INTERNAL_BOOK_BOOK_ACCESS_HPP
#define CLIENTBOOK_INTERNAL_BOOK_BOOK_ACCESS_HPP

#include <clientbook/book/book.hpp>

#include <memory>

namespace clientbook {

struct book_access {
  /// One that needs no credential. Errors: as book::begin_session().
  static result<session> begin_excused(const book& in, const actor& who);

 private:
  friend class book;
  static result<std::unique_ptr<session_state>> state_of(const book& in, const actor& who);
  static result<session> begin(std::unique_ptr<session_state> state);
};

}  // namespace clientbook

#endif
