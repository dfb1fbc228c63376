// What the rooms that keep files ask of the system. Relies on open file descriptions: a lock of
// flock() belongs to one, and goes when the last descriptor of it is closed.
#include <clientbook/internal/adapters/posix_file.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace clientbook::posix {
namespace {

struct row {
  int number = 0;
  errc code = errc::io_error;
  literal words::*said = nullptr;
};

// What is not listed is an io_error. A link that is not followed (ELOOP of O_NOFOLLOW) is a
// refusal: whoever put it there chose what would have been written.
constexpr row table[] = {
    {ENOENT, errc::not_found, &words::absent},
    {ENOTDIR, errc::not_found, &words::absent},
    {EEXIST, errc::already_exists, &words::taken},
    {ENOTEMPTY, errc::already_exists, &words::taken},
    {ENOSPC, errc::disk_full, &words::full},
    {EDQUOT, errc::disk_full, &words::full},
    {EFBIG, errc::disk_full, &words::full},
    {EACCES, errc::permission_denied, &words::refused},
    {EPERM, errc::permission_denied, &words::refused},
    {EROFS, errc::permission_denied, &words::refused},
    {ELOOP, errc::permission_denied, &words::linked},
    {EISDIR, errc::invalid_argument, &words::folder},
    {ENAMETOOLONG, errc::invalid_argument, &words::path},
    {ENOMEM, errc::limit_exceeded, &words::scarce},
    {EMFILE, errc::limit_exceeded, &words::scarce},
    {ENFILE, errc::limit_exceeded, &words::scarce},
};
constexpr row anything_else{0, errc::io_error, &words::failed};

constexpr const row& row_of(int number) noexcept {
  for (const row& one : table) {
    if (one.number == number) return one;
  }
  return anything_else;
}

}  // namespace

file::file(const std::string& path, int flags) noexcept
    : descriptor_(::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY, 0600)) {}

file::~file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

errc code_of(int number) noexcept { return row_of(number).code; }

error told(int number, const words& said) noexcept {
  const row& found = row_of(number);
  const errc code = found.said == &words::absent   ? said.absent_is
                    : found.said == &words::folder ? said.folder_is
                                                   : found.code;
  return {code, said.*found.said};
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

result<void> write_all(const file& to, byte_view bytes, const words& said) noexcept {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(to.get(), bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return told(wrote < 0 ? errno : ENOSPC, said);
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  return {};
}

result<void> sync(const file& opened, const words& said) noexcept {
  return ::fsync(opened.get()) == 0 ? result<void>() : told(errno, said);
}

result<void> sync_data(const file& opened, const words& said) noexcept {
  return ::fdatasync(opened.get()) == 0 ? result<void>() : told(errno, said);
}

result<void> sync_folder(const std::string& path, const words& said) noexcept {
  const file folder(path, O_RDONLY | O_DIRECTORY);
  return folder ? sync(folder, said) : told(errno, said);
}

result<void> lock(const file& opened, std::int64_t wait_ms, const words& said) noexcept {
  using clock = std::chrono::steady_clock;
  const clock::time_point end = clock::now() + std::chrono::milliseconds(wait_ms);
  const int how = wait_ms < 0 ? LOCK_EX : LOCK_EX | LOCK_NB;
  while (::flock(opened.get(), how) != 0) {
    if (errno != EINTR && errno != EWOULDBLOCK) return told(errno, said);
    if (wait_ms < 0) continue;
    if (clock::now() >= end) return error{errc::locked, said.locked};
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return {};
}

}  // namespace clientbook::posix
