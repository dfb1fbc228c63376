// Privacy notices: added, withdrawn, and how many consents rest on one.
#include "session_state.hpp"

#include <clientbook/internal/unicode/name_line.hpp>

namespace clientbook {

result<std::vector<privacy_notice>> session::notices() try {
  session_state& s = *state_;
  if (auto seen = s.core->look(); !seen) return seen.error();
  if (auto held = s.check_credential(); !held) return held.error();
  if (auto followed = s.consent.follow(); !followed) return followed.error();
  return s.consent.notices();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<privacy_notice> session::add_notice(const privacy_notice& notice) try {
  session_state& s = *state_;
  return s.change(action::administer, [&]() -> result<privacy_notice> {
    if (!is_name_line(notice.title.view())) {
      return error{errc::invalid_value,
                   "a notice's title is one line without controls or unseen signs"};
    }
    if (is_withdrawal(notice)) {
      return error{errc::missing_field,
                   "a notice announces something: purposes, recipients, categories, operations"};
    }
    privacy_notice shown = notice;
    if (shown.cells == consent_hash{}) {
      const auto opens = preview_notice(shown);
      if (!opens) return opens.error();
      shown.cells = opens->hash;
    }
    return s.consent.add_notice(shown);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<privacy_notice> session::withdraw_notice(notice_id which) try {
  session_state& s = *state_;
  return s.change(action::administer, [&]() -> result<privacy_notice> {
    s.must_pin = true;
    return s.consent.withdraw_notice(which, s.clock_now());
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<customer_count> session::consents_under(notice_id which) try {
  session_state& s = *state_;
  if (auto seen = s.look(action::administer); !seen) return seen.error();
  const auto counted = s.consent.consents_under(which);
  if (!counted) return counted.error();
  const bool few = *counted != 0 && *counted < customer_count::least_told;
  return customer_count{.customers = few ? 0 : *counted, .few = few};
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
