// Who said no and is no customer: asked at imports, kept at erasures, dropped with a period's key.
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "session_state.hpp"

#include <clientbook/consent/shop_consent.hpp>
#include <clientbook/internal/crypto/short_hash.hpp>

namespace clientbook {

namespace {
constexpr unsigned unsubscribed_months = 24;

bool is_any_of(const refusal_store::value& one, std::span<const refusal_store::value> all) {
  return std::ranges::any_of(all, [&](const refusal_store::value& other) {
    return one.by == other.by && one.system == other.system && one.text == other.text;
  });
}

// What somebody is known by; nothing of who was erased.
result<std::vector<refusal_store::value>> values_of(session_state& s, customer_no number) {
  const auto found = s.entry(number);
  if (!found && found.error().code == errc::key_erased) return std::vector<refusal_store::value>();
  if (!found) return found.error();
  std::array<opened_field, max_fields> opened;
  const auto record = s.opener.record(opening::refusals, number, **found, opened);
  if (!record) return record.error();
  return refusal_store::values_of(*record);
}

std::uint64_t place_of(const people_by_value& in, const refusal_store::value& one) {
  const std::array<std::byte, 1> field{static_cast<std::byte>(one.by.value)};
  const std::array<byte_view, 3> parts{byte_view(field), byte_view(one.system),
                                       byte_view(one.text)};
  return crypto::short_hash(*in.key, parts);
}

void add_by_value(session_state& s, customer_no number,
                  std::span<const refusal_store::value> values) {
  if (values.empty()) return;
  const people_by_value::who theirs{number, s.id_of(number)};
  for (const refusal_store::value& one : values) {
    s.by_value.by[place_of(s.by_value, one)].push_back(theirs);
  }
}

// Everybody who may have one of these values. Precondition: an explicit change.
result<std::vector<people_by_value::who>> who_may_have(
    session_state& s, std::span<const refusal_store::value> values) {
  people_by_value& all = s.by_value;
  if (!all.key) {
    auto drawn = crypto::random_key(s.core->random());
    if (!drawn) return drawn.error();
    all.key = std::move(*drawn);
  }
  for (; all.next < s.core->row().next; ++all.next.value) {
    const auto own = values_of(s, all.next);
    if (!own) return own.error();
    add_by_value(s, all.next, *own);
  }
  std::vector<people_by_value::who> out;
  for (const refusal_store::value& one : values) {
    const auto theirs = all.by.find(place_of(all, one));
    if (theirs == all.by.end()) continue;
    out.insert(out.end(), theirs->second.begin(), theirs->second.end());
  }
  std::ranges::sort(out, {}, &people_by_value::who::number);
  const auto repeated = std::ranges::unique(out, {}, &people_by_value::who::number);
  out.erase(repeated.begin(), repeated.end());
  return out;
}

directive no_to_email(const session_state& s, timestamp when) {
  directive no =
      make_email_promotion(email_promotion::none, {},
                           {.at = when, .channel = consent_channel::import, .recorder = s.who.id});
  const law_profile& law = s.consent.profile();
  no.jurisdiction = law.id;
  no.profile_version = law.version;
  return no;
}

// What a no says of whoever has these of the values it names. Of somebody else's customer all of
// it, since nobody finds them by anything; else what it closes of the ways to those addresses and
// numbers: who has the id was found.
result<std::vector<directive>> words_for(session_state& s, customer_no number, const directive& no,
                                         std::span<const refusal_store::value> theirs) {
  const auto reached = s.in_portfolio(action::find, number);
  if (!reached && reached.error().code != errc::not_in_portfolio) return reached.error();
  if (!reached) return std::vector<directive>{no};
  std::vector<directive> out;
  for (const refusal_store::value& one : theirs) {
    directive of_way = no;
    of_way.scope.purposes = covered_by_denial(no.scope.purposes) & marketing_by(one.by);
    if (of_way.scope.purposes.empty()) continue;
    const auto point = s.consent.contact_of(one.by, as_text(byte_view(one.text)));
    // Nothing in it that could be told apart: the way as a whole.
    if (point) of_way.contacts[0] = *point;
    out.push_back(of_way);
  }
  return out;
}

// Of what a no names the values that may close anything of somebody: all of it, where there may be
// another store's customers; else the addresses and numbers that it is about.
result<std::vector<refusal_store::value>> telling_of(session_state& s,
                                                     std::span<const refusal_store::value> values,
                                                     const directive& no) {
  const auto limited = s.is_limited(action::find);
  if (!limited) return limited.error();
  std::vector<refusal_store::value> out(values.begin(), values.end());
  if (*limited) return out;
  const purpose_set closed = covered_by_denial(no.scope.purposes);
  std::erase_if(out, [&](const auto& one) { return (closed & marketing_by(one.by)).empty(); });
  return out;
}

// Another store's customer is found by nobody, nor is one whose addresses no purpose of the actor
// opens, and they have said no all the same: it is written down, and nobody is told whether there
// is one. Of those whom the caller has found the no is the caller's to record.
result<void> close_for_unseen(session_state& s, std::span<const refusal_store::value> named,
                              const directive& no, std::span<const customer_id> found = {}) {
  const auto telling = telling_of(s, named, no);
  if (!telling) return telling.error();
  if (telling->empty()) return {};
  const std::span<const refusal_store::value> values = *telling;
  // A shop's number may be a hundred customers': half of a random id tells nearly all apart.
  const auto half_of = [](const customer_id& id) {
    return load_be<std::uint64_t>(id.bytes.data());
  };
  std::vector<customer_id> seen(found.begin(), found.end());
  std::ranges::sort(seen, {}, half_of);
  const auto close = [&](customer_no one, const customer_id& id) -> result<void> {
    const auto same = std::ranges::equal_range(seen, half_of(id), {}, half_of);
    if (std::ranges::find(same, id) != same.end()) return {};
    auto theirs = values_of(s, one);
    if (!theirs) return theirs.error();
    std::erase_if(*theirs, [&](const auto& value) { return !is_any_of(value, values); });
    if (theirs->empty()) return {};
    const auto all = words_for(s, one, no, *theirs);
    if (!all) return all.error();
    for (const directive& each : *all) {
      const auto taken = s.append_directive(id, each);
      if (!taken && taken.error().code != errc::back_dated) return taken.error();
    }
    return {};
  };
  if (s.explicit_change) {
    const auto candidates = who_may_have(s, values);
    if (!candidates) return candidates.error();
    for (const people_by_value::who& one : *candidates) {
      if (auto closed = close(one.number, one.id); !closed) return closed;
    }
    return {};
  }
  for (customer_no one = first_customer; one < s.core->row().next; ++one.value) {
    if (auto closed = close(one, s.core->keys().ids->id(one)); !closed) return closed;
  }
  return {};
}

// Whether the tokens can hold all of it: a no to e-mail and to nothing else.
bool is_to_email_alone(const directive& no) noexcept {
  return (no.scope.purposes - purpose_set{purpose::email_marketing}).empty();
}

constexpr error no_values{errc::missing_field,
                          "an id, an e-mail address or a phone number is needed"};

}  // namespace

result<void> session_state::know_by_value(customer_no number, std::span<const field_value> fields) {
  const auto values = refusal_store::values_of(fields);
  if (!values) return values.error();
  add_by_value(*this, number, *values);
  if (number == by_value.next) ++by_value.next.value;
  return {};
}

result<std::vector<remembered_refusal>> session::remembered(
    std::span<const field_value> record) try {
  session_state& s = *state_;
  if (auto looked = s.look(action::ask_refusals); !looked) return looked.error();
  if (s.core->row().refusal_periods == 0) return std::vector<remembered_refusal>();
  const auto values = refusal_store::values_of(record);
  if (!values) return values.error();
  return s.refusals.find(*values, s.now());
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<date> session::remember_unsubscribed(std::span<const field_value> who, timestamp when) try {
  session_state& s = *state_;
  return s.change(action::ask_refusals, [&]() -> result<date> {
    const auto values = refusal_store::values_of(who);
    if (!values) return values.error();
    if (values->empty()) return no_values;
    if (when > s.now() || when < timestamp{}) {
      return error{errc::invalid_value, "nobody has unsubscribed on such a day"};
    }
    const auto until = s.refusals.remember(*values, refusal_kind::unsubscribed, when, s.now(),
                                           unsubscribed_months);
    auto closed =
        until ? close_for_unseen(s, *values, no_to_email(s, when)) : result<void>(until.error());
    if (!closed) {
      s.broken = true;
      return closed.error();
    }
    return **until;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<date> session::remember_no(std::span<const field_value> who, const directive& no) try {
  session_state& s = *state_;
  if (widens(no.kind) || no.kind == directive_kind::move) {
    return error{errc::invalid_argument, "that is no plain no"};
  }
  return s.change(action::ask_refusals, [&]() -> result<date> {
    const auto values = refusal_store::values_of(who);
    if (!values) return values.error();
    if (values->empty()) return no_values;
    const auto kind =
        is_to_email_alone(no) ? refusal_kind::unsubscribed : refusal_kind::no_marketing;
    const timestamp when = std::clamp(no.event_at, timestamp{}, s.now());
    const auto until = s.refusals.remember(*values, kind, when, s.now(), unsubscribed_months);
    if (until) return **until;
    s.broken = true;
    return until.error();
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::record_no(std::span<const field_value> who, const directive& no,
                                std::span<const customer_id> found) try {
  session_state& s = *state_;
  if (widens(no.kind) || no.kind == directive_kind::move) {
    return error{errc::invalid_argument, "that is no plain no"};
  }
  if (const auto asked = s.asked_to_record(no); !asked) return asked.error();
  const auto values = refusal_store::values_of(who);
  if (!values) return values.error();
  if (values->empty()) return no_values;
  if (auto seen = s.look_again(); !seen) return seen;
  directive plain = no;
  plain.id = {};
  plain.supersedes = {};
  plain.contacts = {};
  return s.change_asking([&] { return s.asked_to_record(plain); },
                         [&] {
                           auto closed = close_for_unseen(s, *values, plain, found);
                           // Half of them may be closed by then.
                           if (!closed) s.broken = true;
                           return closed;
                         });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::uint32_t> session::forget_remembered(std::span<const field_value> who,
                                                 std::optional<refusal_kind> kind) try {
  session_state& s = *state_;
  // Who heeds an unsubscription has recorded it; what an erasure left goes at the person's wish.
  const bool heeded = kind == refusal_kind::unsubscribed;
  return s.change(heeded ? action::ask_refusals : action::forget_refusals,
                  [&]() -> result<std::uint32_t> {
                    const auto values = refusal_store::values_of(who);
                    if (!values) return values.error();
                    auto gone = s.refusals.forget_values(*values, kind);
                    if (!gone) s.broken = true;
                    return gone;
                  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<refusal_period>> session::refusal_periods() try {
  session_state& s = *state_;
  if (auto looked = s.look(action::audit); !looked) return looked.error();
  return s.refusals.periods();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::uint64_t> session::drop_refusals(std::uint32_t period) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "dropping a key is a transaction of its own: commit first"};
  }
  return s.change(action::forget_refusals, [&]() { return s.refusals.drop(period); });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
