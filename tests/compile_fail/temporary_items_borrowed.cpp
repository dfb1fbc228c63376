// room: book
// expect: no member named .items
#include <clientbook/book/session.hpp>

using namespace clientbook;

std::size_t notes(session& in, const customer_id& id, purpose_id purpose) {
#if BAD
  return in.notes(id, purpose)->items().size();
#else
  return in.notes(id, purpose)->size();
#endif
}
