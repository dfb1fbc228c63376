// A walk over all customers that the caller drives.
#include <clientbook/book/session.hpp>

#include <algorithm>

#include "session_state.hpp"

namespace clientbook {

using namespace storage;

result<customer_walk> session::walk(purpose_id purpose, field_set fields) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::list, purpose); !seen) return seen.error();
  customer_walk out;
  out.request_ = s.consent.reading(purpose, s.now());
  out.fields_ = fields;
  out.number_ = first_customer;
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<bool> session::next(customer_walk& at, view& out) try {
  session_state& s = *state_;
  at.request_ = s.consent.reading(at.request_.purpose, s.now());
  // By number, not by row: a row that was removed is an error, not an absence.
  for (customer_no number = std::max(at.number_, first_customer); number < s.core->row().next;
       ++number.value) {
    const customer_id id = s.core->keys().ids->id(number);
    const auto asked = s.ask(action::list, at.request_.purpose, id);
    // A list by a case is of those whom it names.
    if (!asked && asked.error().code == errc::case_required) continue;
    if (!asked) return asked.error();
    const auto done = s.fill(out, number, id, at.request_, at.fields_);
    if (!done) {
      if (done.error().code == errc::key_erased) continue;
      return done.error();
    }
    at.number_ = customer_no(number.value + 1);
    return true;
  }
  return false;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
