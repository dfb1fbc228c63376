// Who said no and is no customer: asked at imports, kept at erasures, dropped with a period's key.
#include <algorithm>
#include <array>

#include "session_state.hpp"

#include <clientbook/consent/shop_consent.hpp>

namespace clientbook {

namespace {
constexpr unsigned unsubscribed_months = 24;

bool is_any_of(const refusal_store::value& one, std::span<const refusal_store::value> all) {
  return std::ranges::any_of(all, [&](const refusal_store::value& other) {
    return one.by == other.by && one.system == other.system && one.text == other.text;
  });
}

// Whether somebody whom the actor does not reach has any of these values.
result<bool> is_hidden_one(session_state& s, customer_no number,
                           std::span<const refusal_store::value> values) {
  const auto theirs = s.in_portfolio(action::find, number);
  if (theirs || theirs.error().code != errc::not_in_portfolio) {
    return theirs ? result<bool>(false) : theirs.error();
  }
  const auto found = s.entry(number);
  if (!found && found.error().code == errc::key_erased) return false;
  if (!found) return found.error();
  std::array<opened_field, max_fields> opened;
  const auto record = s.opener.record(opening::refusals, number, **found, opened);
  if (!record) return record.error();
  const auto own = refusal_store::values_of(*record);
  if (!own) return own.error();
  return std::ranges::any_of(
      *own, [&](const refusal_store::value& one) { return is_any_of(one, values); });
}

// Another store's customer is found by nobody, and has said no all the same: it is written down,
// and nobody is told whether there is one.
result<void> close_for_hidden(session_state& s, std::span<const refusal_store::value> values,
                              timestamp when) {
  const auto limited = s.is_limited(action::find);
  if (!limited) return limited.error();
  if (!*limited) return {};
  directive no =
      make_email_promotion(email_promotion::none, {},
                           {.at = when, .channel = consent_channel::import, .recorder = s.who.id});
  const law_profile& law = s.consent.profile();
  no.jurisdiction = law.id;
  no.profile_version = law.version;
  for (customer_no one = first_customer; one < s.core->row().next; ++one.value) {
    const auto hidden = is_hidden_one(s, one, values);
    if (!hidden) return hidden.error();
    if (!*hidden) continue;
    const auto taken = s.append_directive(s.core->keys().ids->id(one), no);
    if (!taken) return taken.error();
  }
  return {};
}

}  // namespace

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
    if (values->empty()) {
      return error{errc::missing_field, "an id, an e-mail address or a phone number is needed"};
    }
    if (when > s.now() || when < timestamp{}) {
      return error{errc::invalid_value, "nobody has unsubscribed on such a day"};
    }
    const auto until = s.refusals.remember(*values, refusal_kind::unsubscribed, when, s.now(),
                                           unsubscribed_months);
    auto closed = until ? close_for_hidden(s, *values, when) : result<void>(until.error());
    if (!closed) {
      s.broken = true;
      return closed.error();
    }
    return **until;
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
