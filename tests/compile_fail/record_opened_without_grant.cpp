// room: book
// private headers: book
// expect: no matching function
#include <array>

#include "record_opener.hpp"

using namespace clientbook;

bool read(record_opener& opener, const grant& permit, const manifest& entry) {
  std::array<opened_field, max_fields> opened;
#if BAD
  return bool(opener.record(permit.customer(), entry, all_fields, opened));
#else
  return bool(opener.record(permit, entry, all_fields, opened));
#endif
}
