// Whom a record links in its household is asked for as by a reader: what notes say of them is
// hidden wherever the record's notes are shown, and so which words go tells of them.
#ifndef CLIENTBOOK_BOOK_LINKED_PEOPLE_HPP
#define CLIENTBOOK_BOOK_LINKED_PEOPLE_HPP

#include "session_state.hpp"

namespace clientbook {

/// While portfolios are in force nobody links a customer whom they do not reach. Precondition:
/// look(), or inside a change. Errors: not_in_portfolio.
inline result<void> check_linked(session_state& s, std::span<const field_value> fields) {
  const auto limited = s.is_limited(action::read, purpose_group::desk);
  if (!limited) return limited.error();
  if (!*limited) return {};
  for (const field_value& one : fields) {
    if (one.id != field::household) continue;
    const auto links = list_of<household_link>::of(one.value);
    if (!links) return {};  // validate() tells what is wrong
    for (const household_link& link : *links) {
      if (!link.customer) continue;
      // An id that nobody has is one more that is not theirs.
      const auto whose = s.number(*link.customer);
      const auto theirs =
          s.in_portfolio(action::read, purpose_group::desk, whose ? *whose : s.core->row().next);
      if (!theirs) return theirs;
    }
  }
  return {};
}

}  // namespace clientbook

#endif
