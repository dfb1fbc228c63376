// A book's files and the lock of its folder, with the errors of the system in a book's words.
#include "posix_file.hpp"

#include <fcntl.h>

#include <cerrno>

namespace clientbook::lmdb {
namespace {

constexpr posix::words said{
    .absent = "no book at this path",
    .full = "no space left for the book: make room and try again",
    .refused = "the system refuses access to the book's folder",
    .linked = "a link lies in the book's place, or links form a loop: name the folder itself",
    .scarce = "no memory, address space or open files left for the book",
    .locked = "another process is opening this book: try again",
};

}  // namespace

error system_error(int number) noexcept { return posix::told(number, said); }

result<file> open_folder(const std::string& path) noexcept {
  file folder(path, O_RDONLY | O_DIRECTORY);
  if (folder) return folder;
  if (errno == ENOTDIR) return error{errc::not_a_book, "a book is a folder; this is not"};
  return system_error(errno);
}

result<void> sync(const file& opened) noexcept { return posix::sync(opened, said); }

result<void> sync_folder(const std::string& path) noexcept {
  return posix::sync_folder(path, said);
}

result<void> lock_folder(const file& folder, std::uint32_t wait_ms) noexcept {
  return posix::lock(folder, wait_ms, said);
}

}  // namespace clientbook::lmdb
