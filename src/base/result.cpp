#include <clientbook/result.hpp>

namespace clientbook {

void throw_exception_from_error(const error&, const boost::source_location&) noexcept {
  __builtin_trap();
}

}  // namespace clientbook
