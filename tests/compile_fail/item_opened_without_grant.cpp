// room: book
// private headers: book
// expect: no matching function
#include "record_opener.hpp"

using namespace clientbook;

bool read(record_opener& opener, const grant& permit, const manifest& entry) {
#if BAD
  return bool(opener.item(permit.customer(), entry, storage::item_kind::note, 1));
#else
  return bool(opener.item(permit, entry, storage::item_kind::note, 1));
#endif
}
