// Files and their locks, with the errors of the system in clientbook's codes.
#include "posix_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace clientbook::lmdb {

file::~file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

error system_error(int number) noexcept {
  switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return {errc::disk_full, "no space left for the book: make room and try again"};
    case EACCES:
    case EPERM:
    case EROFS:
      return {errc::permission_denied, "the system refuses access to the book's folder"};
    case ENOENT:
      return {errc::not_found, "no book at this path"};
    case ENOTDIR:
      return {errc::not_a_book, "a book is a folder; this is not"};
    case ENOMEM:
    case EMFILE:
    case ENFILE:
      return {errc::limit_exceeded, "no memory, address space or open files left for the book"};
    case ENAMETOOLONG:
    case ELOOP:
      return {errc::invalid_argument, "the path is too long or its links form a loop"};
    default:
      return {errc::io_error, "the storage failed: see the system's log"};
  }
}

result<file> open_folder(const std::string& path) noexcept {
  file folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return system_error(errno);
  return folder;
}

result<void> sync(const file& opened) noexcept {
  if (::fsync(opened.descriptor()) != 0) return system_error(errno);
  return {};
}

result<void> sync_folder(const std::string& path) noexcept {
  const result<file> folder = open_folder(path);
  if (!folder) return folder.error();
  return sync(*folder);
}

result<void> lock_folder(const file& folder, std::uint32_t wait_ms) noexcept {
  using clock = std::chrono::steady_clock;
  const clock::time_point end = clock::now() + std::chrono::milliseconds(wait_ms);
  while (::flock(folder.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return system_error(errno);
    if (clock::now() >= end) {
      return error{errc::locked, "another process is opening this book: try again"};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return {};
}

}  // namespace clientbook::lmdb
