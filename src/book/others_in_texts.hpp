// What the texts of a record say of other customers, who do not stand in the copy of the customer
// it is about (GDPR 15(4), 20(4)).
#ifndef CLIENTBOOK_BOOK_OTHERS_IN_TEXTS_HPP
#define CLIENTBOOK_BOOK_OTHERS_IN_TEXTS_HPP

#include <vector>

#include "linked_people.hpp"
#include "session_state.hpp"

namespace clientbook {

/// The customers of the household, of whom a copy for the customer says nothing; for any other
/// recipient nobody. A link to somebody who was erased leads nowhere.
result<std::vector<customer_id>> others_in_copy(session_state& s, customer_no number,
                                                recipient_id to);

/// The value with what `text` knows hidden in each of its texts; empty if nothing was found. In
/// `room`. Precondition: a value of the record, free_text::ready(). Errors: buffer_too_small, those
/// of redact_text().
result<byte_view> hide_in_texts(byte_view value, free_text& text, byte_span room);

/// Whether people write freely into the texts of such a field. The others are the customer's own
/// values, or say by themselves who belongs to the household.
constexpr bool has_free_texts(field_id id, field_type type) noexcept {
  switch (type) {
    case field_type::text:
      return id != field::employer;
    case field_type::special_day:
    case field_type::size:
    case field_type::task:
    case field_type::contact:
    case field_type::wish:
    case field_type::reach:
    case field_type::purchase:
      return true;
    default:
      return false;
  }
}

}  // namespace clientbook

#endif
