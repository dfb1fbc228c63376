// The null device, opened the other way round: taking an answer that nobody gets is no success.
#include "standard_files.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>

namespace clientbook::cli {

bool open_standard_files() noexcept {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest number that is free is this one: those below it are open by now.
    const int how = number == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::open("/dev/null", how | O_NOCTTY) != number) return false;
  }
  return true;
}

}  // namespace clientbook::cli
