// room: book
// expect: deleted
#include <clientbook/book/session.hpp>

#include <utility>

using namespace clientbook;

record_view taken(session& in, const customer_id& id, purpose_id purpose) {
#if BAD
  return (*in.read(id, purpose)).record();
#else
  static const auto seen = in.read(id, purpose);
  return (*seen).record();
#endif
}
