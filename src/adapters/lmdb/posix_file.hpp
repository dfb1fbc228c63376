// What this adapter asks of the file system, in its words.
#ifndef CLIENTBOOK_ADAPTERS_LMDB_POSIX_FILE_HPP
#define CLIENTBOOK_ADAPTERS_LMDB_POSIX_FILE_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/internal/adapters/posix_file.hpp>

#include <cstdint>
#include <string>

namespace clientbook::lmdb {

using posix::file;

/// What errno says of a book's files; io_error when it says nothing more precise.
error system_error(int number) noexcept;

/// Opens a folder. Errors: not_found, not_a_book (no folder), permission_denied, io_error.
result<file> open_folder(const std::string& path) noexcept;

result<void> sync(const file& opened) noexcept;
result<void> sync_folder(const std::string& path) noexcept;

/// Locks the folder against other openers until it is closed; the lock dies with the process.
/// Errors: locked after `wait_ms`.
result<void> lock_folder(const file& folder, std::uint32_t wait_ms) noexcept;

}  // namespace clientbook::lmdb

#endif
