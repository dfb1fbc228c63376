// Looks at a book's two files before LMDB opens them by name (docs/format/lmdb.md, "Opening").
// Relies on the lock of the folder against other openers, and on LMDB's own lock of the first byte
// of lock.mdb, which everybody holds who has the book open.
#include "book_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace clientbook::lmdb {
namespace {

constexpr off_t table_size = off_t{64} * 1032;  // Of 1022 readers, in lines of a processor's cache.
constexpr off_t largest_table = off_t{1} << 24;
constexpr std::uint32_t table_magic = 0xBEEFC0DE;

constexpr error not_a_table{
    errc::damaged, "the book's lock.mdb is damaged: delete it while no one has the book open"};

result<void> check_owner(const struct stat& file, const struct stat& folder) noexcept {
  if (file.st_uid != ::geteuid() && file.st_uid != folder.st_uid) {
    return error{errc::permission_denied, "a file of the book belongs to somebody else"};
  }
  if (((file.st_mode | folder.st_mode) & S_IWOTH) != 0) {
    return error{errc::permission_denied, "everybody may write the book: chmod 700 its folder"};
  }
  return {};
}

result<file> open_in(const file& folder, const char* name, int flags) noexcept {
  file opened(
      ::openat(folder.get(), name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode_t{0600}));
  if (opened) return opened;
  if (errno == ELOOP) {
    return error{errc::permission_denied,
                 "a file of the book is a link: put the file itself there"};
  }
  return system_error(errno);
}

result<void> check_file(const file& opened, const file& folder, struct stat& status) noexcept {
  struct stat around {};
  if (::fstat(opened.get(), &status) != 0 || ::fstat(folder.get(), &around) != 0) {
    return system_error(errno);
  }
  return check_owner(status, around);
}

// LMDB makes a table of whatever it finds: what is not one, or has a second name, is not ours.
result<void> check_table(const file& table, const struct stat& status) noexcept {
  if (!S_ISREG(status.st_mode) || status.st_size > largest_table) return not_a_table;
  if (status.st_nlink != 1) {
    return error{errc::permission_denied, "the book's lock.mdb has a second name: delete it here"};
  }
  std::array<std::byte, sizeof table_magic> begin{};
  const ssize_t got = ::pread(table.get(), begin.data(), begin.size(), 0);
  if (got < 0) return system_error(errno);
  std::uint32_t magic = 0;
  std::memcpy(&magic, begin.data(), begin.size());
  return magic == table_magic || magic == 0 ? result<void>() : not_a_table;
}

// Held until the file is closed, and by nobody while the book is open anywhere.
result<void> lock_table(const file& table) noexcept {
  struct flock alone {};
  alone.l_type = F_WRLCK;
  alone.l_whence = SEEK_SET;
  alone.l_len = 1;
  if (::fcntl(table.get(), F_SETLK, &alone) == 0) return {};
  if (errno != EACCES && errno != EAGAIN) return system_error(errno);
  return error{errc::locked, "a header page is broken: close the book everywhere, then open it"};
}

}  // namespace

result<file> open_data(const file& folder) noexcept {
  constexpr error none{errc::not_a_book, "the folder holds no book"};
  result<file> data = open_in(folder, "data.mdb", O_RDONLY);
  if (!data) return data.error().code == errc::not_found ? none : data.error();
  struct stat status {};
  if (const result<void> ours = check_file(*data, folder, status); !ours) return ours.error();
  if (!S_ISREG(status.st_mode)) return none;
  return data;
}

// A table that others may have mapped keeps its size.
result<void> prepare_reader_table(const file& folder) noexcept {
  const result<file> table = open_in(folder, "lock.mdb", O_RDWR | O_CREAT);
  if (!table && (errno == EROFS || errno == EACCES)) return {};
  if (!table) return table.error();
  struct stat status {};
  if (const result<void> ours = check_file(*table, folder, status); !ours) return ours.error();
  if (const result<void> good = check_table(*table, status); !good) return good.error();
  const off_t size = status.st_size > 0 ? status.st_size : table_size;
  const int failed = ::posix_fallocate(table->get(), 0, size);
  if (failed != 0 && failed != EOPNOTSUPP && failed != EINVAL) return system_error(failed);
  return {};
}

result<book_pages> read_metas_patiently(const file& data) {
  for (int attempt = 1;; ++attempt) {
    const result<book_pages> pages = read_metas(data);
    const bool whole = pages ? !pages->broken : pages.error().code != errc::damaged;
    if (whole || attempt == 5) return pages;
    std::this_thread::sleep_for(std::chrono::milliseconds(attempt));
  }
}

result<void> repair_header(const file& folder, const file& data, const book_pages& pages) {
  const result<file> table = open_in(folder, "lock.mdb", O_RDWR | O_CREAT);
  if (!table) return table.error();
  if (const result<void> alone = lock_table(*table); !alone) return alone;
  // Nobody else writes now: what is judged is what is repaired.
  const result<book_pages> again = read_metas(data);
  if (!again) return again.error();
  if (!again->broken) return {};
  if (again->newest().transaction != pages.newest().transaction) {
    return error{errc::locked, "the book is being changed: try again"};
  }
  if (auto book = check_pages(data, *again, again->newest(), depth_of_check::header_row); !book) {
    return book;
  }
  const result<file> writable = open_in(folder, "data.mdb", O_RDWR);
  if (!writable) return writable.error();
  return write_header(*writable, *again);
}

}  // namespace clientbook::lmdb
