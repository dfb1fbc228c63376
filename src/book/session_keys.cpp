// Who may change what opens the book: the role is asked, the ledger told, the root renewed. What
// happens to the cell's slots is the caller's.
#include "session_state.hpp"

namespace clientbook {

result<key_change_entry> session::change_keys(const key_change& what) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a change of keys is a transaction of its own: commit first"};
  }
  auto done = s.change(action::recover, [&]() -> result<key_change_entry> {
    // First, while nothing is written: what fails here has changed neither book nor cell.
    result<crypto::digest> told = crypto::digest{};
    if (what.work) told = what.work();
    if (!told) return told.error();
    s.broken = true;
    const auto logged = s.ledger.append({.type = ledger_event::key_rotation, .commitment = *told},
                                        {}, s.who.id, s.now(), std::nullopt);
    if (!logged) return logged.error();
    if (what.root == root_after::renewed) {
      if (auto renewed = s.core->tree().rotate_root(); !renewed) return renewed.error();
    }
    s.must_pin = true;
    s.broken = false;
    return key_change_entry{.ledger_index = logged->index, .entry = logged->id, .epoch = 0};
  });
  if (done) done->epoch = s.core->header().epoch;
  return done;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
