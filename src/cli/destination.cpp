// Files appear whole, under names that nobody has taken, and folders too.
#include "destination.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "program.hpp"
#include "spare_room.hpp"

namespace clientbook::cli {
namespace {

[[noreturn]] void fail_to_write(const std::string& path) {
  const errc code = errno == EEXIST   ? errc::already_exists
                    : errno == EACCES ? errc::permission_denied
                    : errno == ENOENT ? errc::not_found
                    : errno == ENOSPC ? errc::disk_full
                                      : errc::io_error;
  fail({code, code == errc::already_exists ? literal("it is there already: name another")
                                           : literal("it cannot be written there")},
       path);
}

// Who ends the program ends the writing.
volatile std::sig_atomic_t interrupted = 0;
void interrupt(int /*signal*/) { interrupted = 1; }

std::string link_to(int file) { return "/proc/self/fd/" + std::to_string(file); }

// Below 0: not there, or where it could not be given a name.
int nameless_file(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0 || ::access(link_to(file).c_str(), F_OK) == 0) return file;
  ::close(file);
  return -1;
}

bool name_file(int file, const std::string& name) {
  return ::linkat(AT_FDCWD, link_to(file).c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

// Never over what somebody has put there meanwhile; disks without hard links (sticks, cards) can
// do that too.
bool take_name(const std::string& part, const std::string& path) {
  if (::link(part.c_str(), path.c_str()) == 0) {
    ::unlink(part.c_str());
    return true;
  }
#ifdef RENAME_NOREPLACE
  if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) {
    return ::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0;
  }
#endif
  return false;
}

// The empty file or folder of the newest one, until something is written into it.
char begun[4096] = "";

void note_begun(const std::string& path) {
  if (path.size() < sizeof begun) std::memcpy(begun, path.c_str(), path.size() + 1);
}

bool is_within(const std::string& path, const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code unknown;
  const fs::path outer = fs::canonical(folder, unknown);
  if (unknown) return false;
  for (fs::path at = fs::weakly_canonical(fs::absolute(path, unknown), unknown); !unknown;) {
    if (fs::equivalent(at, outer, unknown)) return true;
    unknown.clear();  // It is not there yet.
    if (!at.has_relative_path()) return false;
    at = at.parent_path();
  }
  return false;
}

bool is_pipe(const std::string& path) {
  struct stat there {};
  return ::stat(path.c_str(), &there) == 0 && S_ISFIFO(there.st_mode);
}

// A named pipe has no end to write to until somebody reads: that is waited for, but not in the
// system, where a signal that comes a moment too early would be missed. What else says so (a
// socket, a terminal that is none) never has one.
int open_stream(const std::string& path) {
  constexpr useconds_t a_moment = 20'000;
  for (;;) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    if (file >= 0) {
      const int flags = ::fcntl(file, F_GETFL);
      if (flags >= 0 && ::fcntl(file, F_SETFL, flags & ~O_NONBLOCK) == 0) return file;
      ::close(file);
      return -1;
    }
    if (errno != ENXIO) return -1;
    const bool waits = is_pipe(path);
    errno = interrupted != 0 ? EINTR : ENXIO;
    if (interrupted != 0 || !waits) return -1;
    ::usleep(a_moment);
  }
}

}  // namespace

destination::destination(std::string path, bool folder, const std::string& book)
    : path_(std::move(path)), folder_(folder) {
  if (path_.empty()) fail({errc::invalid_argument, "a file or folder has a name"}, "writing");
  if (!book.empty() && path_ != "-" && is_within(path_, book)) {
    fail({errc::invalid_argument, "it would lie in the book's folder: take another place"}, path_);
  }
  // A reader that went away is an error of writing, and no end.
  std::signal(SIGPIPE, SIG_IGN);
  // Without SA_RESTART: what waits for a reader ends too.
  struct sigaction act {};
  act.sa_handler = interrupt;
  for (const int each : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(each, &act, nullptr);
  struct stat there {};
  const bool leads = path_ != "-" && ::stat(path_.c_str(), &there) == 0;
  stream_ = path_ == "-" || (leads && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode));
  // A link that leads nowhere is in the way too.
  const bool exists = leads || (path_ != "-" && ::lstat(path_.c_str(), &there) == 0);
  errno = EEXIST;
  if (stream_ && folder_) fail_to_write(path_);
  if (stream_) {
    file_ = path_ == "-" ? STDOUT_FILENO : open_stream(path_);
    if (file_ < 0) fail_to_write(path_);
    return;
  }
  errno = EEXIST;
  if (exists) fail_to_write(path_);
  while (path_.size() > 1 && path_.back() == '/') path_.pop_back();
  part_ = path_ + ".part-" + std::to_string(::getpid());
  // A name that can never be taken is told before anything is promised.
  errno = ::lstat(part_.c_str(), &there) == 0 ? EEXIST : errno;
  if (errno != ENOENT) fail_to_write(path_);
  const int first = nameless_file(above());
  nameless_ = first >= 0;
  if (first >= 0) ::close(first);
  if (!nameless_ && folder_ && ::mkdir(part_.c_str(), 0700) != 0) fail_to_write(path_);
  if (!folder_ && !begin(part_)) fail_to_write(path_);
  part_is_ours_ = !nameless_;
  if (!nameless_) note_begun(part_);
}

void destination::abandon() noexcept {
  if (begun[0] != 0 && ::unlink(begun) != 0) ::rmdir(begun);
}

destination::~destination() { take_away(); }

void destination::take_away() {
  give_room_back();
  begun[0] = 0;
  if (stream_ || placed_ || part_.empty()) return;
  close();
  for (const int each : kept_) ::close(each);
  kept_.clear();
  // Somebody else may have such a file: numbers of processes come again.
  if (part_is_ours_ && folder_) {
    for (const std::string& name : written_) ::unlink((part_ + "/" + name).c_str());
    ::rmdir(part_.c_str());
  } else if (part_is_ours_) {
    ::unlink(part_.c_str());
  }
  part_.clear();
}

std::size_t destination::write(std::string_view file, std::string_view text) {
  const std::size_t out = written(file, text);
  // Now: on a full disk the ledger has no room to be told else.
  if (out != text.size()) take_away();
  return out;
}

std::size_t destination::written(std::string_view file, std::string_view text) {
  if (interrupted != 0 || (!stream_ && part_.empty())) return 0;
  if (folder_ && (written_.empty() || written_.back() != file)) {
    if (!close()) return 0;
    if (!begin(part_ + "/" + std::string(file))) return 0;
    written_.emplace_back(file);
  }
  return write_out(file_, text, [] { return interrupted != 0; });
}

bool destination::finish() {
  const bool there = put_in_place();
  if (!there) take_away();
  return there;
}

// A folder of them; each is whole.
bool destination::name_files() {
  if (::mkdir(part_.c_str(), 0700) != 0) return false;
  part_is_ours_ = true;
  for (std::size_t i = 0; i < written_.size(); ++i) {
    if (!name_file(kept_[i], part_ + "/" + written_[i])) return false;
  }
  const int folder = ::open(part_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool durable = folder >= 0 && ::fsync(folder) == 0;
  if (folder >= 0) ::close(folder);
  return durable;
}

bool destination::put_in_place() {
  if (stream_ || part_.empty() || !close() || interrupted != 0) return false;
  if (nameless_ && folder_ && !name_files()) return false;
  const bool moved = folder_     ? ::rename(part_.c_str(), path_.c_str()) == 0
                     : nameless_ ? name_file(kept_.back(), path_)
                                 : take_name(part_, path_);
  if (!moved) return false;
  for (const int each : kept_) ::close(each);
  kept_.clear();
  placed_ = true;
  const int folder = ::open(above().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return true;
}

std::string destination::above() const {
  const std::size_t slash = path_.rfind('/');
  return slash == std::string::npos ? "." : path_.substr(0, slash + 1);
}

bool destination::begin(const std::string& name) {
  file_ = nameless_ ? nameless_file(above())
                    : ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  return file_ >= 0;
}

bool destination::close() {
  if (stream_ || file_ < 0) return true;
  const bool durable = ::fsync(file_) == 0;
  if (nameless_) kept_.push_back(file_);
  const bool closed = nameless_ || ::close(file_) == 0;
  file_ = -1;
  return durable && closed;
}

}  // namespace clientbook::cli
