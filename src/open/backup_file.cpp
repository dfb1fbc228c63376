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

constexpr posix::words said{
    .taken = "a file of that name is there, and stays: name another",
    .full = "no space left for the backup: make room",
    .refused = "the system refuses access to the backup's file",
    .linked = "a link lies in the backup's place, or links form a loop: name the file itself",
    .scarce = "no memory or open files left for the backup",
    .failed = "the backup's storage failed: see the system's log",
};

error system_error(int number) noexcept { return posix::told(number, said); }

// The part of a call that was killed is taken again; one that is written to by somebody is not.
// What does not begin as a backup is none of such a call.
bool begins_as_a_backup(int file, off_t size) noexcept {
  constexpr std::string_view magic = "clntback";
  std::array<char, magic.size()> first{};
  const ssize_t got = ::pread(file, first.data(), first.size(), 0);
  return got >= 0 && std::min<off_t>(size, off_t{magic.size()}) == got &&
         magic.starts_with(std::string_view(first.data(), static_cast<std::size_t>(got)));
}

result<posix::file> open_part(const std::string& part) {
  posix::file file(part, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK);
  if (!file) return system_error(errno);
  struct stat status {};
  const bool plain = ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) &&
                     status.st_nlink == 1 && status.st_uid == ::geteuid() &&
                     begins_as_a_backup(file.get(), status.st_size);
  if (!plain) {
    return error{errc::already_exists,
                 "another file lies under the backup's name with .part, and stays: name another"};
  }
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return error{errc::locked, "another program writes this backup"};
  }
  if (::ftruncate(file.get(), 0) != 0 || ::fchmod(file.get(), 0600) != 0) {
    return system_error(errno);
  }
  return file;
}

}  // namespace

new_backup_file::new_backup_file(std::string path, posix::file part) noexcept
    : path_(std::move(path)), part_(path_ + ".part"), file_(std::move(part)) {}

new_backup_file::~new_backup_file() {
  if (file_) ::unlink(part_.c_str());
}

result<new_backup_file> new_backup_file::begin(std::string_view path) {
  std::string name(path);
  if (name.empty() || name.back() == '/' || name.find('\0') != std::string::npos) {
    return error{errc::invalid_argument, "a backup needs the path of a file"};
  }
  struct stat status {};
  if (::lstat(name.c_str(), &status) == 0) return system_error(EEXIST);
  auto file = open_part(name + ".part");
  if (!file) return file.error();
  return new_backup_file(std::move(name), std::move(*file));
}

result<void> new_backup_file::operator()(byte_view bytes) noexcept {
  return posix::write_all(file_, bytes, said);
}

result<void> new_backup_file::place() noexcept {
  if (auto kept = posix::sync(file_, said); !kept) return kept;
  if (::link(part_.c_str(), path_.c_str()) != 0) {
    // A file system without second names: nothing is there, or the rename would take its place.
    struct stat status {};
    if (errno == EEXIST || ::lstat(path_.c_str(), &status) == 0) return system_error(EEXIST);
    if (::rename(part_.c_str(), path_.c_str()) != 0) return system_error(errno);
  }
  ::unlink(part_.c_str());
  file_ = {};
  return posix::sync_folder(posix::folder_of(path_), said);
}

result<backup_file> backup_file::open(const std::string& path) {
  posix::file file(path, O_RDONLY | O_NONBLOCK);
  if (!file) return system_error(errno);
  struct stat status {};
  if (::fstat(file.get(), &status) == 0 && S_ISDIR(status.st_mode)) return system_error(EISDIR);
  return backup_file(std::move(file));
}

result<std::size_t> backup_file::operator()(byte_span to) noexcept {
  for (;;) {
    const ssize_t got = ::read(file_.get(), to.data(), to.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return system_error(errno);
  }
}

}  // namespace clientbook
