// Whom a record links in its household is asked for as by a reader: what notes say of them is
// hidden wherever the record's notes are shown, and so which words go tells of them.
#ifndef CLIENTBOOK_BOOK_LINKED_PEOPLE_HPP
#define CLIENTBOOK_BOOK_LINKED_PEOPLE_HPP

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "session_state.hpp"

namespace clientbook {

/// Whom a record links now.
inline result<std::vector<customer_id>> linked_by(session_state& s, customer_no number) {
  std::vector<customer_id> out;
  const auto own = s.entry(number);
  if (!own) return own.error();
  std::array<opened_field, max_fields> opened;
  const auto record = s.opener.record(opening::linked_people, number, **own, opened);
  if (!record) return record.error();
  for (const opened_field& one : *record) {
    if (one.id != field::household) continue;
    const auto links = list_of<household_link>::of(one.plaintext);
    if (!links) return links.error();
    for (const household_link& link : *links) {
      if (link.customer) out.push_back(*link.customer);
    }
  }
  return out;
}

/// While portfolios are in force nobody links a customer whom they do not reach; whom the record of
/// `known` links already stays linked. Precondition: look(), or inside a change. Errors:
/// not_in_portfolio, those of the record.
inline result<void> check_linked(session_state& s, std::span<const field_value> fields,
                                 std::optional<customer_no> known = std::nullopt) {
  const auto limited = s.is_limited(action::read, purpose_group::desk);
  if (!limited) return limited.error();
  if (!*limited) return {};
  for (const field_value& one : fields) {
    if (one.id != field::household) continue;
    const auto links = list_of<household_link>::of(one.value);
    if (!links) return {};  // validate() tells what is wrong
    const auto before =
        known ? linked_by(s, *known) : result<std::vector<customer_id>>(std::vector<customer_id>());
    if (!before) return before.error();
    for (const household_link& link : *links) {
      if (!link.customer || std::ranges::find(*before, *link.customer) != before->end()) continue;
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
