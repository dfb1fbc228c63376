// What value() of an empty result does on a machine with a standard error stream.
#include <clientbook/result.hpp>

#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace clientbook {

void stop_without_value(const error& failure) noexcept {
  // write() and no stream: this may run in a signal's or a dying thread's context.
  for (const char* part :
       {"clientbook: value() of a result that holds an error: ", failure.text.c_str(), "\n"}) {
    if (::write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
  }
  std::abort();
}

}  // namespace clientbook
