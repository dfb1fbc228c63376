// What value() of an empty result does on a machine with a standard error stream.
#include <clientbook/base/result.hpp>

#include <cstdio>
#include <cstdlib>

namespace clientbook {

void stop_without_value(const error& failure) noexcept {
  std::fputs("clientbook: value() of a result that holds an error: ", stderr);
  std::fputs(failure.text.c_str(), stderr);
  std::fputs("\n", stderr);
  std::abort();
}

}  // namespace clientbook
