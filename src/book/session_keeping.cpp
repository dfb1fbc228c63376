// For what fields are kept: the customer's row, and what has outlived its purposes.
//
// The row is written with the record, under the same key: it goes when the customer goes. What it
// says is never a permission: it tells what was one when the field was kept.
#include <algorithm>
#include <map>
#include <optional>

#include "birth_fact.hpp"
#include "due_fields.hpp"
#include "places.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

// Whether a purpose still permits to have a field at all.
constexpr operation_id having[] = {operation::collect, operation::store, operation::use};

}  // namespace

result<const customer_row*> session_state::row_of(customer_no number, const manifest& entry) {
  if (entry.customer_row != 0 && last_row.number == number &&
      last_row.version == entry.customer_row) {
    return &last_row.row;
  }
  last_row = {.number = number, .version = 0, .row = {}};
  if (entry.customer_row == 0) return &last_row.row;
  // Not `plain`: that holds an item while it is asked whose customer that is.
  private_bytes& into = plain_row;
  if (auto got = core->get_value(entry.subject_key, customer_row_place(number, entry), into);
      !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "a customer's row is gone: restore a copy"};
  }
  auto read = decode_customer_row(into.view());
  if (!read) return read.error();
  last_row.row = std::move(*read);
  last_row.version = entry.customer_row;
  return &last_row.row;
}

result<void> session_state::put_row(customer_no number, manifest& entry, customer_row row) {
  ++entry.customer_row;
  last_row.version = 0;
  if (auto put = core->put_value(entry.subject_key, customer_row_place(number, entry), encode(row));
      !put) {
    return put;
  }
  last_row = {.number = number, .version = entry.customer_row, .row = std::move(row)};
  return {};
}

result<void> session_state::keep_fields(customer_no number, manifest& entry,
                                        std::span<const std::pair<purpose_id, field_set>> purposes,
                                        std::span<const file_word> words, field_set given,
                                        field_source source) {
  const auto known = row_of(number, entry);
  if (!known) return known.error();
  bool said = std::ranges::all_of(words, [&](const file_word& one) {
    const file_word* before = (*known)->word_of(one.place);
    return before != nullptr && *before == one;
  });
  for (const auto& [purpose, fields] : purposes) {
    for (const field_id field : fields) {
      said = said && (*known)->purposes_of(field).contains(purpose);
    }
  }
  if (said && given.empty()) return {};
  customer_row next = **known;
  next.hold(given_now(given, source));
  for (const file_word& one : words) next.say(one.place, one.digest);
  if (!said) next.keep(purposes, days_since_epoch(date_of(now())), who.id);
  return put_row(number, entry, std::move(next));
}

value_group session_state::given_now(field_set fields, field_source source) const {
  const bool takes_in = who.role == actor_role::service || who.role == actor_role::owner;
  return {.fields = fields,
          .day = days_since_epoch(date_of(now())),
          .by = who.id,
          .imported = source == field_source::file && takes_in};
}

// Days begin earlier in the East.
result<void> session_state::check_as_of(const collection& why, timestamp now) {
  if (!why.as_of) return {};
  if (why.as_of->year == 0) return error{errc::invalid_value, "values of a day without its year"};
  if (days_since_epoch(*why.as_of) <= days_since_epoch(date_of(now)) + 1) return {};
  return error{errc::invalid_value, "values of a day that is still to come"};
}

result<void> session_state::date_values(customer_no number, manifest& entry, field_set fields,
                                        const std::optional<date>& as_of) {
  value_group group = given_now(fields, field_source::file);
  if (!as_of || !group.imported || fields.empty()) return {};
  group.day = std::min(days_since_epoch(*as_of), group.day);
  const auto known = row_of(number, entry);
  if (!known) return known.error();
  bool said = true;
  for (const field_id each : fields) {
    const value_group* const before = (*known)->value_of(each);
    said = said && before != nullptr && before->day == group.day && before->imported;
  }
  if (said) return {};
  customer_row next = **known;
  next.hold(group);
  return put_row(number, entry, std::move(next));
}

result<field_set> session_state::counting(customer_no number, const manifest& entry,
                                          field_set fields) {
  constexpr std::int64_t young_days = 30;
  const auto row = row_of(number, entry);
  if (!row) return row.error();
  const std::int64_t today = days_since_epoch(date_of(now()));
  const auto says_something = [&](std::int64_t day, actor_id by) {
    return today - day >= young_days && (by != who.id || who.role == actor_role::owner);
  };
  field_set out = fields;
  for (const value_group& one : (*row)->values) {
    if (!one.imported && !says_something(one.day, one.by)) out &= ~one.fields;
  }
  // A row that an older program has written tells since when a field is kept.
  if (!(*row)->values.empty()) return out;
  for (const kept_group& one : (*row)->kept) {
    if (!says_something(one.day, one.by)) out &= ~one.fields;
  }
  return out;
}

result<void> session_state::drop_fields(customer_no number, manifest& entry, field_set fields) {
  const auto known = row_of(number, entry);
  if (!known) return known.error();
  customer_row next = **known;
  next.hold(given_now(fields, field_source::person));
  next.drop(fields);
  for (const field_id field : fields) {
    // Its digest goes with it; that a file had said it is remembered, so that none brings it back.
    const bool said = (*known)->word_of(field.value) != nullptr;
    if (said) next.say(field.value, std::nullopt);
  }
  return put_row(number, entry, std::move(next));
}

namespace {

// When a customer's fields outlive their purposes: asked of days to come, each once.
class ends_of_fields {
 public:
  ends_of_fields(session_state& s, customer_no number)
      : s_(s), number_(number), today_(s.now().seconds / seconds_of_day) {}

  /// The last day on which the field may be kept; none: as far as can be said it may stay.
  result<std::optional<date>> last_day_of(field_id field) {
    // A hundred years: what is permitted then is so until somebody says otherwise.
    constexpr std::int64_t far = 36525;
    std::int64_t permitted = -1;
    std::int64_t due = far;
    for (bool first = true; due - permitted > 1; first = false) {
      const std::int64_t day = first ? far : permitted + (due - permitted) / 2;
      const auto gone = due_after(day);
      if (!gone) return gone.error();
      if (first && !gone->has(field)) return std::optional<date>();
      (gone->has(field) ? due : permitted) = day;
    }
    return std::optional(date_of(timestamp{(today_ + due - 1) * seconds_of_day}));
  }

 private:
  static constexpr std::int64_t seconds_of_day = 86400;

  // At the end of that day, counted from today: what ends within it is due by then.
  result<field_set> due_after(std::int64_t day) {
    const auto known = asked_.find(day);
    if (known != asked_.end()) return known->second;
    const auto own = s_.entry(number_);
    if (!own) return own.error();
    due_fields then(s_, timestamp{(today_ + day + 1) * seconds_of_day - 1});
    const auto answer = then.of(number_, **own);
    if (!answer) return answer.error();
    asked_.emplace(day, answer->due);
    return answer->due;
  }

  session_state& s_;
  customer_no number_;
  std::int64_t today_;
  std::map<std::int64_t, field_set> asked_;
};

void say_source(const customer_row& row, field_keeping& of) {
  const value_group* const value = row.value_of(of.field);
  if (value == nullptr) return;
  of.source = value->imported ? field_source::file : field_source::person;
  of.as_of = date_of(timestamp{value->day * 86400});
}

}  // namespace

result<std::vector<field_keeping>> session::kept_for(const customer_id& id) try {
  session_state& s = *state_;
  if (auto looked = s.look(action::see_consents); !looked) return looked.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto told = s.tell_of(*number, {}, look_kind::consents); !told) return told.error();
  const auto found = s.entry(*number);
  if (!found) return found.error();
  const auto row = s.row_of(*number, **found);
  if (!row) return row.error();
  const customer_row known = **row;
  const auto notes = s.tells_of_notes(*number);
  if (!notes) return notes.error();
  ends_of_fields ends(s, *number);
  std::vector<field_keeping> out;
  for (const kept_group& one : known.kept) {
    for (const field_id field : one.fields) {
      if (field == field::notes && !*notes) continue;
      field_keeping& next =
          out.emplace_back(field_keeping{.field = field,
                                         .purposes = one.purposes,
                                         .since = date_of(timestamp{one.day * 86400}),
                                         .by = one.by});
      say_source(known, next);
      const auto last = ends.last_day_of(field);
      if (!last) return last.error();
      if (*last) next.until = **last;
    }
  }
  std::sort(out.begin(), out.end(),
            [](const field_keeping& a, const field_keeping& b) { return a.field < b.field; });
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

bool due_fields::less_purposes::operator()(const purpose_set& a,
                                           const purpose_set& b) const noexcept {
  unsigned mine = purpose_set::capacity;
  unsigned others = purpose_set::capacity;
  (a - b).for_each([&](purpose_id one) { mine = std::min<unsigned>(mine, one.value); });
  (b - a).for_each([&](purpose_id one) { others = std::min<unsigned>(others, one.value); });
  return mine < others;
}

result<field_set> due_fields::had_for(customer_no number, const manifest& entry,
                                      const purpose_set& purposes) {
  if (!current_) answers_.clear();
  const auto [known, fresh] = answers_[entry.consent_state].try_emplace(purposes);
  if (!fresh) return known->second;
  for (const operation_id how : having) {
    const auto kept = s_.consent.keeping_of(number, entry, purposes, how, at_, all_fields);
    if (!kept) {
      answers_.clear();
      return kept.error();
    }
    known->second |= kept->permitted;
  }
  return known->second;
}

result<due_fields::answer> due_fields::of(customer_no number, const manifest& entry) {
  const auto record = s_.opener.fields_of_record(number, entry);
  if (!record) return record.error();
  answer out{.due = {}, .present = *record};
  if (entry.purchases != 0) out.present.add(field::purchases);
  if (entry.notes != 0) out.present.add(field::notes);
  field_set left = out.present;
  const auto row = s_.row_of(number, entry);
  if (!row) return row.error();
  for (const kept_group& group : (*row)->kept) {
    const auto had = had_for(number, entry, group.purposes);
    if (!had) return had.error();
    out.due |= group.fields & left & ~*had;
    left &= ~group.fields;
  }
  // Of what was kept before there were such rows nobody said for what.
  const auto had = had_for(number, entry, s_.consent.shop_purposes());
  if (!had) return had.error();
  out.due |= left & ~*had;
  return out;
}

result<std::vector<retention_due>> session::due() try {
  session_state& s = *state_;
  if (auto looked = s.look(action::audit); !looked) return looked.error();
  due_fields all(s);
  std::vector<retention_due> out;
  for (customer_no number = first_customer; number < s.core->row().next; ++number.value) {
    if (auto theirs = s.in_portfolio(action::audit, number); !theirs) {
      if (theirs.error().code == errc::not_in_portfolio) continue;
      return theirs.error();
    }
    const auto found = s.entry(number);
    if (!found) {
      if (found.error().code == errc::key_erased) continue;
      return found.error();
    }
    const auto one = all.of(number, **found);
    if (!one) return one.error();
    if (one->due.empty()) continue;
    out.push_back({.customer = s.core->keys().ids->id(number), .fields = one->due});
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<field_set> session::may_collect(const collection& why, const std::optional<date>& born) try {
  session_state& s = *state_;
  // What is compiled on the way is thrown away with the change.
  if (s.explicit_change) {
    return error{errc::invalid_state, "a transaction is under way: ask before it"};
  }
  result<field_set> answer = error{errc::invalid_state, "not decided"};
  if (const auto asked = s.keeps(); !asked) return asked.error();
  if (auto begun = s.core->begin_change(); !begun) return begun.error();
  const auto decide = [&]() -> result<field_set> {
    if (auto followed = s.consent.follow(); !followed) return followed.error();
    if (auto held = s.check_credential(); !held) return held.error();
    const auto purposes = s.ask(action::keep, why.purposes, nullptr);
    if (!purposes) return purposes.error();
    const timestamp now = s.clock_now();
    if (auto lived = plausible_birth(born, now); !lived) return lived.error();
    purpose_set waiting;
    const std::vector<directive> taken = s.as_taken(why.directives, waiting);
    if (auto said = s.consent.check_newcomer(taken, born, now); !said) {
      return said.error();
    }
    const auto kept = s.consent.keeping_of_newcomer(*purposes, now, all_fields);
    if (!kept) return kept.error();
    return kept->permitted;
  };
  answer = decide();
  s.discard_change();
  return answer;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<decision_code> session::why_not_kept(const customer_id& id, field_id field,
                                            const kept_purposes& purposes) try {
  session_state& s = *state_;
  if (const auto asked = s.keeps(); !asked) return asked.error();
  if (auto looked = s.look_again(); !looked) return looked.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto told = s.tell_of(*number, {}, look_kind::consents); !told) return told.error();
  const auto found = s.entry(*number);
  if (!found) return found.error();
  const auto kept = s.consent.keeping_of(*number, **found, purposes, operation::collect,
                                         s.clock_now(), only(field));
  if (!kept) return kept.error();
  return kept->why_not[field.value];
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

purpose_set session::purposes() const noexcept { return state_->consent.shop_purposes(); }

}  // namespace clientbook
