// One person twice: who may be, and of whom somebody has said that they are two.
//
// Who is told of is asked as by a search: the table of roles, the portfolio, what the purpose may
// query. "Two people" lies in the row of whoever came first, as a token of their id under a key of
// the other's: it says nothing of anybody once one of them is gone.
#include <algorithm>
#include <array>

#include "damage.hpp"
#include "duplicate_seeker.hpp"
#include "session_state.hpp"

namespace clientbook {
namespace {

using not_same_token = std::array<std::byte, 8>;

struct two_people {
  customer_no first;
  customer_no second;
};

// The one who came first, and the other. Errors: invalid_argument, not_found.
result<two_people> numbers_of(session_state& s, const customer_id& one, const customer_id& other) {
  const auto a = s.number(one);
  if (!a) return a.error();
  const auto b = s.number(other);
  if (!b) return b.error();
  if (*a == *b) {
    return error{errc::invalid_argument, "that is one customer: name another one beside them"};
  }
  return two_people{std::min(*a, *b), std::max(*a, *b)};
}

result<not_same_token> token_of(session_state& s, const two_people& who) {
  const auto other = s.entry_of_part(who.second);
  if (!other) return other.error();
  const secret<32> key = crypto::derive((*other)->subject_key, "clientbook two people");
  const customer_id first = s.core->keys().ids->id(who.first);
  const std::array<byte_view, 1> parts{byte_view(first.bytes)};
  const auto token = crypto::blind_token(key, 64, parts);
  if (!token) return token.error();
  not_same_token out{};
  copy_bytes(byte_span(out), byte_view(*token).first(out.size()));
  return out;
}

result<const customer_row*> row_of_first(session_state& s, const two_people& who) {
  const auto own = s.entry_of_part(who.first);
  if (!own) return own.error();
  return s.row_of(who.first, **own);
}

result<bool> are_two_people(session_state& s, const two_people& who) {
  const auto token = token_of(s, who);
  if (!token) return token.error();
  const auto row = row_of_first(s, who);
  if (!row) return row.error();
  return std::ranges::binary_search((*row)->not_same, *token);
}

// Both are the actor's. Precondition: inside a change.
result<void> reaches_both(session_state& s, const two_people& who) {
  for (const customer_no each : {who.first, who.second}) {
    if (auto theirs = s.in_portfolio(action::merge, each); !theirs) return theirs;
    if (const auto found = s.entry(each); !found) return found.error();
  }
  return {};
}

// Precondition: inside a change.
result<void> write_two_people(session_state& s, const two_people& who,
                              std::vector<not_same_token> all) {
  const auto edited = s.core->tree().edit(who.first);
  if (!edited) return edited.error();
  const auto row = s.row_of(who.first, **edited);
  if (!row) return row.error();
  customer_row next = **row;
  next.not_same = std::move(all);
  if (auto put = s.put_row(who.first, **edited, std::move(next)); !put) {
    s.broken = true;
    return put;
  }
  for (const customer_no each : {who.first, who.second}) {
    s.note_look(each, {}, look_kind::change, {});
  }
  return {};
}

// Before a search of the whole book: a list of everybody, of who reaches not everybody one of each
// whom they do; nobody else is said to have been listed. Durable before anything is opened.
result<void> trace_all(session_state& s, action what, purpose_id why) {
  const auto limited = s.is_limited(what);
  if (!limited) return limited.error();
  const auto limited_there = s.is_limited(action::read, why);
  if (!limited_there) return limited_there.error();
  if (!*limited && !*limited_there) {
    return s.look_over_everybody(why, duplicate_seeker::compared);
  }
  for (customer_no number = first_customer; number < s.core->row().next; ++number.value) {
    if (!s.in_portfolio(what, number)) continue;
    if (const auto asked = s.ask(action::read, why, s.core->keys().ids->id(number)); !asked) {
      continue;
    }
    s.note_look(number, why, look_kind::list, duplicate_seeker::compared);
  }
  return s.by_itself([]() -> result<void> { return {}; });
}

// Whom a search is of, in order; nobody: of everybody. Errors: as session::duplicates().
result<std::vector<customer_no>> asked_of(session_state& s, std::span<const customer_id> of,
                                          action how) {
  std::vector<customer_no> out;
  for (const customer_id& each : of) {
    const auto number = s.number(each);
    if (!number) return number.error();
    if (auto theirs = s.in_portfolio(how, *number); !theirs) return theirs.error();
    if (const auto found = s.entry(*number); !found) return found.error();
    out.push_back(*number);
  }
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Tells of a pair, if it is one that this actor is told of now; false: nobody wants more.
result<bool> tell_pair(session_state& s, duplicate_seeker& seeker, const two_people& who,
                       purpose_id purpose, duplicates_found& told,
                       callback_ref<bool(const duplicate_pair&)> each) {
  const auto alike = seeker.compare(who.first, who.second);
  if (!alike) {
    if (!is_damage(alike.error().code)) return alike.error();
    return true;
  }
  if (!*alike) return true;
  const auto two = s.said_not_same(who.first, who.second);
  if (!two) return two.error();
  if (*two) {
    ++told.not_same;
    return true;
  }
  for (const customer_no one : {who.first, who.second}) {
    const auto place = s.place_among_todays(one, s.clock_now());
    if (!place) return place.error();
    if (*place == session_state::among_todays::too_many) return true;
  }
  for (const customer_no one : {who.first, who.second}) {
    if (auto counted = s.tell_of_theirs(one, purpose, look_kind::find); !counted) {
      return counted.error();
    }
  }
  ++told.pairs;
  return each(**alike);
}

}  // namespace

// What was said of a part holds for the customer.
result<bool> session_state::said_not_same(customer_no one, customer_no other) {
  std::array<std::vector<customer_no>, 2> both{{{one}, {other}}};
  for (auto& all : both) {
    const auto parts = merged_parts(all.front());
    if (!parts) return parts.error();
    for (const merged_part& part : *parts) all.emplace_back(part.number);
  }
  for (const customer_no a : both[0]) {
    for (const customer_no b : both[1]) {
      const auto two = are_two_people(*this, {std::min(a, b), std::max(a, b)});
      if (!two || *two) return two;
    }
  }
  return false;
}

result<void> session_state::note_two_people(customer_no one, customer_no other) {
  const two_people pair{std::min(one, other), std::max(one, other)};
  const auto token = token_of(*this, pair);
  if (!token) return token.error();
  const auto row = row_of_first(*this, pair);
  if (!row) return row.error();
  std::vector<not_same_token> all = (*row)->not_same;
  const auto at = std::ranges::lower_bound(all, *token);
  // With as many as there may be, or where it stands there, nothing is to be said.
  if ((at != all.end() && *at == *token) || all.size() == max_not_same) return {};
  all.insert(at, *token);
  return write_two_people(*this, pair, std::move(all));
}

result<duplicates_found> session::duplicates(purpose_id purpose,
                                             callback_ref<bool(const duplicate_pair&)> each,
                                             const duplicate_search& how) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "who is in the book twice is asked for itself: commit first"};
  }
  // Of one whom somebody serves it is a search, of the whole book it is for who may merge.
  const action what = how.of.empty() ? action::merge : action::search;
  if (auto seen = s.look(what); !seen) return seen.error();
  const auto whom = s.ask(action::read, purpose);
  if (!whom) return whom.error();
  const auto of = asked_of(s, how.of, what);
  if (!of) return of.error();
  for (std::size_t i = 0; i < of->size(); ++i) {
    if (auto counted = s.count_look_up(); !counted) return counted.error();
  }
  if (of->empty()) {
    if (auto traced = trace_all(s, what, purpose); !traced) return traced.error();
    if (auto again = s.look(what); !again) return again.error();
  }
  search_reader from(s, purpose, *whom, what);
  auto seeker = duplicate_seeker::make(s, from);
  if (!seeker) return seeker.error();
  duplicates_found out;
  const auto pairs = seeker->candidates(*of, how.memory, out);
  if (!pairs) return pairs.error();
  for (const auto& [first, second] : *pairs) {
    const auto more =
        tell_pair(s, *seeker, {customer_no(first), customer_no(second)}, purpose, out, each);
    if (!more) return more.error();
    if (!*more) break;
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<duplicate_pair>> session::duplicates_of(const customer_id& id,
                                                           purpose_id purpose) try {
  std::vector<duplicate_pair> out;
  const auto told = duplicates(purpose,
                               [&](const duplicate_pair& one) {
                                 out.push_back(one);
                                 return true;
                               },
                               {.of = std::span(&id, 1)});
  if (!told) return told.error();
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::note_not_same(const customer_id& one, const customer_id& other) try {
  session_state& s = *state_;
  return s.change(action::merge, [&]() -> result<void> {
    const auto who = numbers_of(s, one, other);
    if (!who) return who.error();
    if (auto theirs = reaches_both(s, *who); !theirs) return theirs;
    const auto token = token_of(s, *who);
    if (!token) return token.error();
    const auto row = row_of_first(s, *who);
    if (!row) return row.error();
    std::vector<not_same_token> all = (*row)->not_same;
    const auto at = std::ranges::lower_bound(all, *token);
    if (at != all.end() && *at == *token) {
      return error{errc::already_exists, "somebody has said already that they are two people"};
    }
    if (all.size() == max_not_same) {
      return error{errc::limit_exceeded, "so many are said not to be the same as one customer",
                   max_not_same};
    }
    all.insert(at, *token);
    return write_two_people(s, *who, std::move(all));
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::forget_not_same(const customer_id& one, const customer_id& other) try {
  session_state& s = *state_;
  return s.change(action::merge, [&]() -> result<void> {
    const auto who = numbers_of(s, one, other);
    if (!who) return who.error();
    if (auto theirs = reaches_both(s, *who); !theirs) return theirs;
    const auto token = token_of(s, *who);
    if (!token) return token.error();
    const auto row = row_of_first(s, *who);
    if (!row) return row.error();
    std::vector<not_same_token> all = (*row)->not_same;
    if (std::erase(all, *token) == 0) {
      return error{errc::not_found, "nobody has said that they are two people"};
    }
    return write_two_people(s, *who, std::move(all));
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
