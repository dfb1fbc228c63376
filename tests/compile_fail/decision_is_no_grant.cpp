// room: book
// private headers: book
// expect: cannot convert
#include "record_opener.hpp"

using namespace clientbook;

// Anybody can write a record_decision that permits all.
bool read(record_opener& opener, const decided_grant& decided, const manifest& entry) {
#if BAD
  return bool(opener.open(decided.decision, entry));
#else
  return bool(opener.open(decided.permit, entry));
#endif
}
