// room: book
// expect: no member named .record
#include <clientbook/book/session.hpp>

using namespace clientbook;

// What the first would return views of is gone at its end.
bool shown(session& in, const customer_id& id, purpose_id purpose) {
#if BAD
  return in.read(id, purpose)->record().has(field::name);
#else
  const auto seen = in.read(id, purpose);
  return seen->record().has(field::name) &&
         in.read(id, purpose)->state(field::name) == field_state::shown;
#endif
}
