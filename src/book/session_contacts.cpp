// Contact points that somebody names: is it one of the customer's?
#include <algorithm>

#include "session_state.hpp"

namespace clientbook {

// Whether the customer has it is an answer to whoever guesses, for each of those that are named.
result<void> session_state::count_contacts(const directive& said) {
  if (!is_about_contacts(said)) return {};
  for (const contact_point& named : said.contacts) {
    if (named.field == field_id{}) break;
    if (auto counted = count_look_up(); !counted) return counted;
  }
  return {};
}

// A contact point that somebody names by hand is one that the customer has, or that was named
// before: a number with a slip in it would be written down and close nothing.
result<void> session_state::check_contacts(const customer_id& id, const directive& said) {
  if (!is_about_contacts(said)) return {};
  const auto whose = number(id);
  if (!whose) return whose.error();
  const auto found = entry(*whose);
  if (!found) return found.error();
  const auto before = consent.directives(**found, *whose);
  if (!before) return before.error();
  const auto again = entry(*whose);
  if (!again) return again.error();
  std::array<opened_field, max_fields> opened;
  const auto fields = opener.record(opening::contact_points, *whose, **again, opened);
  if (!fields) return fields.error();
  std::vector<contact_point> theirs = named_contacts(*before);
  for (const opened_field& one : *fields) {
    const auto points = contact_points_of(core->keys().external_ids, one.id, one.plaintext);
    if (!points) return points.error();
    theirs.insert(theirs.end(), points->begin(), points->end());
  }
  for (const contact_point& one : said.contacts) {
    if (!with_contact_points.has(one.field)) break;  // check() tells what is wrong
    note_look(*whose, {}, look_kind::find, only(one.field));
    if (std::find(theirs.begin(), theirs.end(), one) != theirs.end()) continue;
    return error{errc::not_found, "the customer has no such e-mail address, phone or address",
                 one.field.value};
  }
  return {};
}

result<contact_point> session::contact_of(field_id field, std::string_view value) try {
  return state_->consent.contact_of(field, value);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<contact_point> session::contact(const customer_id& id, field_id field,
                                       std::string_view value) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::say_no); !seen) return seen.error();
  const auto wanted = s.consent.contact_of(field, value);
  if (!wanted) return wanted.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto counted = s.count_look_up(); !counted) return counted.error();
  if (auto theirs = s.in_portfolio(action::see_consents, *number); !theirs) return theirs.error();
  s.note_look(*number, {}, look_kind::find, only(field));
  const auto found = s.entry(*number);
  if (!found) return found.error();
  std::array<opened_field, max_fields> opened;
  const auto fields = s.opener.record(opening::contact_points, *number, **found, opened);
  if (!fields) return fields.error();
  for (const opened_field& one : *fields) {
    if (one.id != field) continue;
    const auto theirs = contact_points_of(s.core->keys().external_ids, field, one.plaintext);
    if (!theirs) return theirs.error();
    if (std::find(theirs->begin(), theirs->end(), *wanted) != theirs->end()) return *wanted;
  }
  return error{errc::not_found, "the customer has no such e-mail address, phone or address"};
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
