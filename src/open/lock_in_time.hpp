// A lock of a file or folder that is waited for, but not for ever: whoever holds it may have been
// stopped.
#ifndef CLIENTBOOK_OPEN_LOCK_IN_TIME_HPP
#define CLIENTBOOK_OPEN_LOCK_IN_TIME_HPP

#include <clientbook/base/result.hpp>

#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace clientbook {

/// `wait_ms` below 0: as long as it takes. Errors: locked, io_error.
inline result<void> lock_in_time(int file, int wait_ms) noexcept {
  using clock = std::chrono::steady_clock;
  const auto end = clock::now() + std::chrono::milliseconds(wait_ms);
  const int how = wait_ms < 0 ? LOCK_EX : LOCK_EX | LOCK_NB;
  while (::flock(file, how) != 0) {
    if (errno != EINTR && errno != EWOULDBLOCK) {
      return error{errc::io_error, "the file system has no locks here: see the system's log"};
    }
    if (wait_ms < 0) continue;
    if (clock::now() >= end) {
      return error{
          errc::locked,
          "another program is writing there, and did not end in time: try again, or end it"};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return {};
}

}  // namespace clientbook

#endif
