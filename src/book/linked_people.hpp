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

/// Takes those who were erased out of a household that was opened into `values`, and the field out
/// of `opened` where nobody is left: neither their number nor what they are called there is
/// anybody's.
inline result<void> drop_erased_links(session_state& s, std::span<opened_field>& opened,
                                      byte_span values) {
  const auto at = std::ranges::find(opened, field_id(field::household), &opened_field::id);
  if (at == opened.end()) return {};
  const auto links = list_of<household_link>::of(at->plaintext);
  if (!links) return links.error();
  std::vector<household_link> left;
  std::size_t all = 0;
  for (const household_link& link : *links) {
    ++all;
    const auto whose = link.customer ? s.number(*link.customer)
                                     : result<customer_no>(error{errc::not_found, "nobody"});
    const auto known = whose ? s.entry(*whose) : result<const manifest*>(whose.error());
    const bool gone = whose && !known && known.error().code == errc::key_erased;
    if (!gone) left.push_back(link);
  }
  if (left.size() == all) return {};
  const auto offset = static_cast<std::size_t>(at->plaintext.data() - values.data());
  const byte_span place = values.subspan(offset, at->plaintext.size());
  wiped_bytes room(place.size());
  const auto shorter = encode_value(std::span<const household_link>(left), room);
  if (!shorter) return shorter.error();
  copy_bytes(place, *shorter);
  wipe(place.subspan(shorter->size()));
  at->plaintext = place.first(shorter->size());
  if (!left.empty()) return {};
  std::move(at + 1, opened.end(), at);
  opened = opened.first(opened.size() - 1);
  return {};
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
