// Time that this process has spent on a processor: what a test may hold of speed on a machine
// that has other work too.
#ifndef CLIENTBOOK_TESTS_SUPPORT_PROCESSOR_TIME_HPP
#define CLIENTBOOK_TESTS_SUPPORT_PROCESSOR_TIME_HPP

#include <ctime>

namespace clientbook::testing {

/// Seconds since the process began to run, all its threads together.
inline double processor_seconds() {
  return static_cast<double>(std::clock()) / static_cast<double>(CLOCKS_PER_SEC);
}

}  // namespace clientbook::testing

#endif
