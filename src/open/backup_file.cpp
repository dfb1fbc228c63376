// Files of backups. A new one is written as NAME.part, which is locked while it is, synced, linked
// to its name (which takes nobody else's place) and made durable in its folder.
#include "backup_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace clientbook {
namespace {

error system_error(int number) noexcept {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return {errc::not_found, "no such file or folder"};
    case EEXIST:
      return {errc::already_exists, "a file of that name is there, and stays: name another"};
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return {errc::disk_full, "no space left for the backup: make room"};
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
      return {errc::permission_denied, "the system refuses access to the backup's file"};
    case EISDIR:
      return {errc::invalid_argument, "a folder lies there: name a file"};
    default:
      return {errc::io_error, "the backup's storage failed: see the system's log"};
  }
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

// The part of a call that was killed is taken again; one that is written to by somebody is not.
// What does not begin as a backup is none of such a call.
bool begins_as_a_backup(int file, off_t size) noexcept {
  constexpr std::string_view magic = "clntback";
  std::array<char, magic.size()> first{};
  const ssize_t got = ::pread(file, first.data(), first.size(), 0);
  return got >= 0 && std::min<off_t>(size, off_t{magic.size()}) == got &&
         magic.starts_with(std::string_view(first.data(), static_cast<std::size_t>(got)));
}

result<int> open_part(const std::string& part) {
  const int file =
      ::open(part.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
  if (file < 0) return system_error(errno);
  struct stat status {};
  const bool plain = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
                     status.st_nlink == 1 && status.st_uid == ::geteuid() &&
                     begins_as_a_backup(file, status.st_size);
  error failure{errc::already_exists,
                "another file lies under the backup's name with .part, and stays: name another"};
  bool taken = plain;
  if (plain && ::flock(file, LOCK_EX | LOCK_NB) != 0) {
    failure = {errc::locked, "another program writes this backup"};
    taken = false;
  }
  if (taken && (::ftruncate(file, 0) != 0 || ::fchmod(file, 0600) != 0)) {
    failure = system_error(errno);
    taken = false;
  }
  if (taken) return file;
  ::close(file);
  return failure;
}

}  // namespace

new_backup_file::new_backup_file(std::string path, int descriptor) noexcept
    : path_(std::move(path)), part_(path_ + ".part"), descriptor_(descriptor) {}

new_backup_file::new_backup_file(new_backup_file&& other) noexcept
    : path_(std::move(other.path_)),
      part_(std::move(other.part_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

new_backup_file::~new_backup_file() {
  if (descriptor_ < 0) return;
  ::unlink(part_.c_str());
  ::close(descriptor_);
}

result<new_backup_file> new_backup_file::begin(std::string_view path) {
  std::string name(path);
  if (name.empty() || name.back() == '/' || name.find('\0') != std::string::npos) {
    return error{errc::invalid_argument, "a backup needs the path of a file"};
  }
  struct stat status {};
  if (::lstat(name.c_str(), &status) == 0) return system_error(EEXIST);
  const auto file = open_part(name + ".part");
  if (!file) return file.error();
  return new_backup_file(std::move(name), *file);
}

result<void> new_backup_file::operator()(byte_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(descriptor_, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return system_error(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  return {};
}

result<void> new_backup_file::place() noexcept {
  if (::fsync(descriptor_) != 0) return system_error(errno);
  if (::link(part_.c_str(), path_.c_str()) != 0) {
    // A file system without second names: nothing is there, or the rename would take its place.
    struct stat status {};
    if (errno == EEXIST || ::lstat(path_.c_str(), &status) == 0) return system_error(EEXIST);
    if (::rename(part_.c_str(), path_.c_str()) != 0) return system_error(errno);
  }
  ::unlink(part_.c_str());
  const int folder = ::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool durable = folder >= 0 && ::fsync(folder) == 0;
  const int failure = errno;
  if (folder >= 0) ::close(folder);
  ::close(std::exchange(descriptor_, -1));
  return durable ? result<void>() : system_error(failure);
}

result<backup_file> backup_file::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return system_error(errno);
  struct stat status {};
  if (::fstat(file, &status) == 0 && S_ISDIR(status.st_mode)) {
    ::close(file);
    return system_error(EISDIR);
  }
  return backup_file(file);
}

backup_file::backup_file(backup_file&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

backup_file::~backup_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

result<std::size_t> backup_file::operator()(byte_span to) noexcept {
  for (;;) {
    const ssize_t got = ::read(descriptor_, to.data(), to.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return system_error(errno);
  }
}

}  // namespace clientbook
