#include "system_calls.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace clientbook::testing {
namespace {

fault planned_fault;
std::atomic<int> counted{0};
std::atomic<bool> kill_when_done{false};
std::atomic<bool> cut_now{false};
bool no_exchange = false;
std::array<char, 64> order{};
std::size_t order_length = 0;

// True if the call must fail.
bool strikes(const char* name) noexcept {
  if (planned_fault.only != nullptr && std::strcmp(planned_fault.only, name) != 0) return false;
  const int number = ++counted;
  const bool now = planned_fault.at != 0 && (number == planned_fault.at ||
                                             (planned_fault.sticky && number > planned_fault.at));
  if (!now) return false;
  switch (planned_fault.what) {
    case fault::action::none:
      return false;
    case fault::action::kill:
      ::kill(::getpid(), SIGKILL);
      return false;
    case fault::action::kill_after:
      kill_when_done = true;
      return false;
    case fault::action::stop:
      ::kill(::getpid(), SIGSTOP);
      return false;
    case fault::action::fail:
      errno = planned_fault.error;
      return true;
    case fault::action::cut:
      cut_now = true;
      return false;
  }
  return false;
}

}  // namespace

void done() noexcept {
  if (kill_when_done) ::kill(::getpid(), SIGKILL);
}

void inject(const fault& planned) noexcept {
  planned_fault = planned;
  counted = 0;
  order_length = 0;
}
void without_exchange(bool so) noexcept { no_exchange = so; }
const char* order_of_calls() noexcept {
  order[order_length] = '\0';
  return order.data();
}

// Of one thread: the calls of root cells.
void note(char letter) noexcept {
  if (order_length + 1 < order.size()) order[order_length++] = letter;
}
bool cannot_exchange(unsigned flags) noexcept {
  if (!no_exchange || flags == 0) return false;
  errno = EINVAL;
  return true;
}
int calls_counted() noexcept { return counted; }

}  // namespace clientbook::testing

#define INTERPOSE(result_type, name, parameters, ...)                       \
  extern "C" result_type name parameters {                                  \
    if (clientbook::testing::strikes(#name)) return -1;                     \
    const auto returned = static_cast<result_type>(::syscall(__VA_ARGS__)); \
    clientbook::testing::done();                                            \
    return returned;                                                        \
  }

INTERPOSE(int, mkdir, (const char* path, mode_t mode) noexcept, SYS_mkdirat, AT_FDCWD, path, mode)
INTERPOSE(int, flock, (int file, int operation) noexcept, SYS_flock, file, operation)
INTERPOSE(int, ftruncate, (int file, off_t size) noexcept, SYS_ftruncate, file, size)
extern "C" int fsync(int file) {
  if (clientbook::testing::strikes("fsync")) return -1;
  const int returned = static_cast<int>(::syscall(SYS_fsync, file));
  struct stat status {};
  if (returned == 0 && ::fstat(file, &status) == 0) {
    clientbook::testing::note(S_ISDIR(status.st_mode) ? 'd' : 'f');
  }
  clientbook::testing::done();
  return returned;
}
INTERPOSE(int, fdatasync, (int file), SYS_fdatasync, file)
INTERPOSE(int, unlink, (const char* path) noexcept, SYS_unlinkat, AT_FDCWD, path, 0)
extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to,
                         unsigned flags) noexcept {
  if (clientbook::testing::cannot_exchange(flags)) return -1;
  if (clientbook::testing::strikes(flags == 0 ? "rename" : "renameat2")) return -1;
  const int returned =
      static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
  if (returned == 0) clientbook::testing::note('r');
  clientbook::testing::done();
  return returned;
}
extern "C" int rename(const char* from, const char* to) noexcept {
  return ::renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}
INTERPOSE(int, link, (const char* from, const char* to) noexcept, SYS_linkat, AT_FDCWD, from,
          AT_FDCWD, to, 0)
INTERPOSE(ssize_t, pwrite, (int file, const void* bytes, size_t size, off_t at), SYS_pwrite64, file,
          bytes, clientbook::testing::cut_now.exchange(false) ? size / 2 : size, at)
INTERPOSE(ssize_t, pread, (int file, void* bytes, size_t size, off_t at), SYS_pread64, file, bytes,
          size, at)
INTERPOSE(ssize_t, writev, (int file, const iovec* pieces, int count), SYS_writev, file, pieces,
          count)

// write() prints the verdict, too: only files count.
extern "C" ssize_t write(int file, const void* bytes, size_t size) {
  if (file > 2 && clientbook::testing::strikes("write")) return -1;
  if (file > 2) clientbook::testing::note('w');
  return static_cast<ssize_t>(::syscall(SYS_write, file, bytes, size));
}

// Of reads only those that a test asks for by name: they change nothing, so a kill at one is
// a kill at the next change.
extern "C" ssize_t read(int file, void* bytes, size_t size) {
  using clientbook::testing::planned_fault;
  if (planned_fault.only != nullptr && std::strcmp(planned_fault.only, "read") == 0 &&
      clientbook::testing::strikes("read")) {
    return -1;
  }
  return static_cast<ssize_t>(::syscall(SYS_read, file, bytes, size));
}
