// What value() of an empty result does where nobody reads an error stream: the core's fault
// handler decides what a till does next.
#include <clientbook/base/result.hpp>

namespace clientbook {

void stop_without_value(const error&) noexcept { __builtin_trap(); }

}  // namespace clientbook
