// What of a record the customer it is about does not get with it: who of the staff spoke with them,
// or has something to do (CJEU C-579/21). Links of a household stay: by them the notes know whose
// words are hidden.
#ifndef CLIENTBOOK_BOOK_OF_OTHERS_HPP
#define CLIENTBOOK_BOOK_OF_OTHERS_HPP

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "linked_people.hpp"
#include "session_state.hpp"

namespace clientbook {

// Whether a value says nothing.
template <class T>
bool says_nothing(const T& one) {
  std::array<std::byte, 16> none;
  std::array<std::byte, 16> some;
  const T nothing{};
  const auto empty = encode_value(std::span<const T>(&nothing, 1), none);
  const auto full = encode_value(std::span<const T>(&one, 1), some);
  return empty && full && same_bytes(*empty, *full);
}

// Takes of each of a list what is somebody else's; the value grows shorter where it lies.
template <class T, class Take>
result<void> drop_in_list(opened_field& field, byte_span values, Take&& take) {
  const auto list = list_of<T>::of(field.plaintext);
  if (!list) return list.error();
  std::vector<T> left;
  for (T one : *list) {
    take(one);
    if (!says_nothing(one)) left.push_back(one);
  }
  const auto offset = static_cast<std::size_t>(field.plaintext.data() - values.data());
  const byte_span place = values.subspan(offset, field.plaintext.size());
  wiped_bytes room(place.size());
  const auto shorter = encode_value(std::span<const T>(left), room);
  if (!shorter) return shorter.error();
  copy_bytes(place, *shorter);
  wipe(place.subspan(shorter->size()));
  field.plaintext = left.empty() ? byte_view() : byte_view(place.first(shorter->size()));
  return {};
}

// Of the staff, in fields that the customer gets.
inline result<void> drop_staff(std::span<opened_field> opened, byte_span values) {
  result<void> done;
  for (opened_field& one : opened) {
    if (one.id == field::contacts) {
      done = drop_in_list<customer_contact>(one, values, [](auto& each) { each.author = {}; });
    } else if (one.id == field::tasks) {
      done = drop_in_list<task>(one, values, [](auto& each) { each.assigned.reset(); });
    }
    if (!done) return done;
  }
  return {};
}

/// Of fields that were opened into `values` for a recipient: links to who was erased, and for the
/// customer what is of the staff. One of which nothing is left goes out of `opened`.
inline result<void> drop_of_others(session_state& s, recipient_id to,
                                   std::span<opened_field>& opened, byte_span values) {
  if (auto left = drop_erased_links(s, opened, values); !left) return left;
  if (!is_the_customers(to)) return {};
  if (auto left = drop_staff(opened, values); !left) return left;
  const auto gone = std::remove_if(opened.begin(), opened.end(),
                                   [](const opened_field& one) { return one.plaintext.empty(); });
  opened = opened.first(static_cast<std::size_t>(gone - opened.begin()));
  return {};
}

}  // namespace clientbook

#endif
