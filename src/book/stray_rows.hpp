// Rows of the store that no part of the book says are there.
#ifndef CLIENTBOOK_BOOK_STRAY_ROWS_HPP
#define CLIENTBOOK_BOOK_STRAY_ROWS_HPP

#include <clientbook/base/result.hpp>

#include <cstdint>

namespace clientbook {

struct session_state;

/// How many there are, but for nodes of the key tree that nothing leads to.
/// Errors: those of the store and the recovery row.
result<std::uint64_t> stray_rows(session_state& s);

}  // namespace clientbook

#endif
