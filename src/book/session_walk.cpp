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
  out.request_ = s.consent.reading(purpose, s.clock_now());
  out.fields_ = fields;
  out.number_ = first_customer;
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

namespace {
// Drawn and written down at a time: nobody knows how far such a walk will go.
constexpr std::uint64_t block_of_a_walk = 256;

bool is_about_others(errc code) noexcept {
  return code == errc::case_required || code == errc::not_in_portfolio;
}
}  // namespace

result<bool> session::next(customer_walk& at, view& out) try {
  session_state& s = *state_;
  const purpose_id purpose = at.request_.purpose;
  // Another table of roles, or portfolios, hold from the next customer on.
  if (auto seen = s.look(action::list, purpose); !seen) return seen.error();
  const auto whom = s.ask(action::list, purpose);
  if (!whom) return whom.error();
  const auto limited = s.is_limited(action::list, purpose);
  if (!limited) return limited.error();
  const bool one_by_one = *limited || *whom == reach::named;
  at.request_ = s.consent.reading(purpose, s.clock_now());
  const customer_walk before = at;
  // By number, not by row: a row that was removed is an error, not an absence.
  for (customer_no number = std::max(at.number_, first_customer); number < s.core->row().next;
       ++number.value) {
    const customer_id id = s.core->keys().ids->id(number);
    if (one_by_one) {
      const auto asked = s.ask(action::list, purpose, id);
      // A list by a case is of those whom it names, one of a portfolio of those who are in it.
      if (!asked && is_about_others(asked.error().code)) continue;
      if (!asked) return asked.error();
      const auto counted = s.look_at(number, purpose, look_kind::list, at.fields_);
      if (!counted && counted.error().code == errc::key_erased) continue;
      if (!counted) return counted.error();
    } else if (at.of_ != &s || number >= at.ahead_ || number < at.block_) {
      const auto until = s.list_ahead(number, purpose, at.fields_, block_of_a_walk);
      if (!until) return until.error();
      at.of_ = &s;
      at.block_ = number;
      at.ahead_ = customer_no(*until);
    }
    const auto done = s.fill(out, number, id, at.request_, at.fields_);
    if (!done) {
      if (done.error().code == errc::key_erased) continue;
      at.number_ = before.number_;
      return done.error();
    }
    at.number_ = customer_no(number.value + 1);
    if (!one_by_one) s.seen.counted.insert(number.value);  // Drawn with its block.
    return true;
  }
  return false;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
