// Who said no and is no customer: asked at imports, kept at erasures, dropped with a period's key.
#include "session_state.hpp"

namespace clientbook {

namespace {
constexpr unsigned unsubscribed_months = 24;
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
    if (!until) {
      s.broken = true;
      return until.error();
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
