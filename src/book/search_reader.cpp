// A field is searched by where the purpose may query it as it is; by parts of it where the purpose
// may see it as it is too: what is shown masked would come out piece by piece.
//
// A manifest is looked up again after each decision, since deciding may move the tree under it.
#include "search_reader.hpp"

#include <algorithm>

namespace clientbook {

search_reader::search_reader(session_state& s, purpose_id purpose, reach whom,
                             std::optional<action> how, text_source from)
    : s_(s),
      query_(s.consent.reading(purpose, s.clock_now())),
      use_(s.consent.reading(purpose, query_.now)),
      whom_(whom),
      how_(how),
      from_(from) {
  query_.operation = operation::query;
}

search_reader::~search_reader() {
  if (from_ == text_source::index) s_.at_rest.forget();
}

result<bool> search_reader::may_find(customer_no number) {
  if (!how_) return true;
  auto theirs = s_.in_portfolio(*how_, number);
  if (theirs) theirs = s_.in_portfolio(action::read, group_of(query_.purpose), number);
  if (!theirs && theirs.error().code != errc::not_in_portfolio) return theirs.error();
  return theirs.has_value();
}

result<std::optional<search_reader::permitted>> search_reader::decide(customer_no number,
                                                                      field_set wanted,
                                                                      timestamp& until) {
  const std::optional<permitted> nothing;
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
  auto use = s_.consent.decide(number, **first, use_);
  if (!use) return use.error();
  const auto second = s_.entry(number);
  if (!second) return second.error();
  auto query = s_.consent.decide(number, **second, query_);
  if (!query) return query.error();
  until = std::min(use->decision.valid_until, query->decision.valid_until);
  const field_set whole = query->permit.fields() & ~query->decision.masked & wanted;
  if (whole.empty()) return nothing;
  const field_set parts = use->decision.permitted & ~use->decision.masked;
  return std::optional<permitted>(
      {.use = std::move(*use), .query = std::move(*query), .whole = whole, .parts = parts});
}

result<std::span<const opened_field>> search_reader::open(customer_no number, const permitted& by,
                                                          std::span<opened_field> room) {
  const auto entry = s_.entry(number);
  if (!entry) return entry.error();
  return s_.opener.record(by.query.permit, **entry, by.whole, room, &by.use.permit);
}

result<std::span<const opened_field>> search_reader::open(customer_no number, field_set wanted,
                                                          std::span<opened_field> room,
                                                          timestamp& until) {
  const auto may = decide(number, wanted, until);
  if (!may) return may.error();
  if (!*may) return std::span<const opened_field>();
  return open(number, **may, room);
}

// What the index says of somebody; asked of everybody alike, before it is decided.
result<std::optional<std::string_view>> search_reader::indexed(customer_no number) {
  std::optional<std::string_view> none;
  const auto entry = s_.entry(number);
  if (!entry) return none;  // decide() says why.
  if (from_ == text_source::index) {
    auto kept = s_.at_rest.text_of(number, (*entry)->version);
    if (!kept || *kept) return kept;
  }
  ++scanned_;
  return none;
}

// Most customers share a state with others, and an index is read of everybody at once. What was
// decided of one opens no record of another: a grant is a customer's own.
result<const search_reader::shared*> search_reader::decided_before(customer_no number) {
  constexpr const shared* none = nullptr;
  if (whom_ == reach::named) return none;
  const auto entry = s_.entry(number);
  if (!entry || s_.consent.is_outdated(number, **entry)) return none;
  const auto at = decided_.find((*entry)->consent_state);
  if (at == decided_.end()) return none;
  const auto theirs = may_find(number);
  if (!theirs) return theirs.error();
  return *theirs ? &at->second : none;
}

result<void> search_reader::read(customer_no number, search::text& out, timestamp& until) {
  out.assign(1, search::end_of_text);
  const auto kept = indexed(number);
  if (!kept) return kept.error();
  if (*kept) {
    const auto before = decided_before(number);
    if (!before) return before.error();
    if (*before != nullptr) {
      until = (*before)->until;
      out.clear();
      search::add_permitted(out, **kept, (*before)->whole, (*before)->parts);
      return {};
    }
  }
  const auto may = decide(number, search::fields, until);
  if (!may) return may.error();
  if (!*may) return {};
  const permitted& by = **may;
  // Which contact points of a list are closed, the list itself tells.
  if (*kept && by.query.permit.contacts().empty() && by.use.permit.contacts().empty()) {
    out.clear();
    search::add_permitted(out, **kept, by.whole, by.parts);
    const auto entry = s_.entry(number);
    if (entry && !s_.consent.is_outdated(number, **entry)) {
      decided_[(*entry)->consent_state] = {by.whole, by.parts, until};
    }
    return {};
  }
  std::array<opened_field, max_fields> room;
  const auto record = open(number, by, room);
  if (!record) return record.error();
  if (record->empty()) return {};
  out.clear();
  for (const opened_field& one : *record) {
    search::add_findable(out, one.id, one.plaintext, by.parts.has(one.id));
  }
  out += search::end_of_text;
  return {};
}

}  // namespace clientbook
