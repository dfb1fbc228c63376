// room: base
// expect: no match for|invalid operands
#include <clientbook/base/field_set.hpp>

std::uint64_t number_of(clientbook::field_set fields) {
#if BAD
  return fields + 1;
#else
  return fields.bits() + 1;
#endif
}
