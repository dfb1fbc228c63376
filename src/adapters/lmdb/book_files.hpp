// The two files of a book, before LMDB gets hold of them: LMDB follows links, makes what is not
// there, truncates what it takes for its own, and opens nothing whose two header pages are not
// good.
#ifndef CLIENTBOOK_ADAPTERS_LMDB_BOOK_FILES_HPP
#define CLIENTBOOK_ADAPTERS_LMDB_BOOK_FILES_HPP

#include "page_check.hpp"
#include "posix_file.hpp"

#include <clientbook/base/result.hpp>

#include <string>

namespace clientbook::lmdb {

/// Opens data.mdb for reading, as a file of its own and not through a link, that belongs to us or
/// to the folder's owner and that not everybody may write.
/// Errors: not_a_book, permission_denied, io_error.
result<file> open_data(const file& folder) noexcept;

/// Allocates the blocks of lock.mdb, making it where it is not there: LMDB writes it through a map,
/// and on a full disk a missing block is a SIGBUS. On a file system for reading alone it does
/// nothing. Errors: as open_data; damaged (what lies there is no table of readers: nothing was
/// written).
result<void> prepare_reader_table(const file& folder) noexcept;

/// The header pages. Another process may be in the middle of writing one: looks again before a
/// broken one counts. Errors: as read_metas.
result<book_pages> read_metas_patiently(const file& data);

/// Writes the header page that cannot be used anew, so that LMDB opens at the commit that the other
/// one names. That is the last commit that was acknowledged, unless the page was destroyed later.
/// The folder must be locked against openers.
/// Errors: locked (somebody has the book open), permission_denied, as check_pages.
result<void> repair_header(const file& folder, const file& data, const book_pages& pages);

}  // namespace clientbook::lmdb

#endif
