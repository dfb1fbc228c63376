// room: book
// private headers: book
// expect: is private
#include "grant.hpp"

// What was permitted cannot be added to.
clientbook::field_set widen(clientbook::grant& permit) {
#if BAD
  permit.fields_ = clientbook::all_fields;
#endif
  return permit.fields();
}
