// A field is searched by where the purpose may query it as it is; by parts of it where the purpose
// may see it as it is too: what is shown masked would come out piece by piece.
//
// A manifest is looked up again after each decision, since deciding may move the tree under it.
#include "search_reader.hpp"

#include <algorithm>

namespace clientbook {

search_reader::search_reader(session_state& s, purpose_id purpose, reach whom,
                             std::optional<action> how)
    : s_(s),
      query_(s.consent.reading(purpose, s.clock_now())),
      use_(s.consent.reading(purpose, query_.now)),
      whom_(whom),
      how_(how) {
  query_.operation = operation::query;
}

result<bool> search_reader::may_find(customer_no number) {
  if (!how_) return true;
  auto theirs = s_.in_portfolio(*how_, number);
  if (theirs) theirs = s_.in_portfolio(action::read, group_of(query_.purpose), number);
  if (!theirs && theirs.error().code != errc::not_in_portfolio) return theirs.error();
  return theirs.has_value();
}

result<std::span<const opened_field>> search_reader::open(customer_no number, field_set wanted,
                                                          std::span<opened_field> room,
                                                          timestamp& until, field_set* parts) {
  constexpr std::span<const opened_field> nothing;
  until = end_of_time;
  if (whom_ == reach::named) {
    const auto asked = s_.ask(action::read, query_.purpose, s_.core->keys().ids->id(number));
    if (!asked && asked.error().code != errc::case_required) return asked.error();
    if (!asked) return nothing;
  }
  const auto theirs = may_find(number);
  if (!theirs) return theirs.error();
  if (!*theirs) return nothing;
  const auto first = s_.entry(number);
  if (!first) {
    if (first.error().code == errc::key_erased) return nothing;
    return first.error();
  }
  const auto use = s_.consent.decide(number, **first, use_);
  if (!use) return use.error();
  const auto second = s_.entry(number);
  if (!second) return second.error();
  const auto query = s_.consent.decide(number, **second, query_);
  if (!query) return query.error();
  until = std::min(use->decision.valid_until, query->decision.valid_until);
  const field_set whole = query->permit.fields() & ~query->decision.masked & wanted;
  if (parts != nullptr) *parts = use->decision.permitted & ~use->decision.masked;
  if (whole.empty()) return nothing;
  const auto third = s_.entry(number);
  if (!third) return third.error();
  const auto record = s_.opener.record(query->permit, **third, whole, room, &use->permit);
  if (!record) return record.error();
  return std::span<const opened_field>(*record);
}

result<void> search_reader::read(customer_no number, search::text& out, timestamp& until) {
  out.assign(1, search::end_of_text);
  std::array<opened_field, max_fields> opened;
  field_set parts;
  const auto record = open(number, search::fields, opened, until, &parts);
  if (!record) return record.error();
  if (record->empty()) return {};
  out.clear();
  for (const opened_field& one : *record) {
    search::add_findable(out, one.id, one.plaintext, parts.has(one.id));
  }
  out += search::end_of_text;
  return {};
}

}  // namespace clientbook
