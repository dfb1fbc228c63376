// room: base
// expect: could not convert|no viable conversion|cannot convert
#include <clientbook/base/field_set.hpp>

clientbook::field_set fields_of(std::uint64_t customers) {
#if BAD
  return customers;
#else
  return clientbook::field_set::of_bits(customers);
#endif
}
