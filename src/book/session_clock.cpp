// A clock that is far ahead: nothing is written under it until somebody confirms it.
#include "session_state.hpp"

namespace clientbook {

result<void> session_state::check_clock() {
  const timestamp at = clock_now();
  if (consent.is_ahead(at)) {
    return error{errc::clock_ahead,
                 "the clock is further ahead than the book was ever left alone: put it right, or "
                 "confirm it (confirm_clock, `clientbook clock confirm`)"};
  }
  consent.saw_a_day(at);
  return {};
}

result<timestamp> session::confirm_clock() try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "the clock is confirmed by itself: commit first"};
  }
  if (const auto asked = s.ask(action::confirm_clock); !asked) return asked.error();
  if (auto begun = s.core->begin_change(); !begun) return begun.error();
  const timestamp now = s.clock_now();
  auto done = s.consent.follow();
  if (done) done = s.check_credential();
  if (done) {
    s.consent.confirm(now);
    done = s.commit_change();
  } else {
    s.discard_change();
  }
  if (!done) return done.error();
  return now;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
