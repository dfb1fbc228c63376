// The table of roles of a book: proposed by one, approved by another.
#include "session_state.hpp"

namespace clientbook {

result<role_table> session::roles() try {
  session_state& s = *state_;
  if (auto seen = s.look_again(); !seen) return seen.error();
  return s.roles.table();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::optional<role_proposal>> session::proposed_roles() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::approve); !seen) return seen.error();
  return s.roles.proposal();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::uint32_t> session::propose_roles(const role_table& next) try {
  session_state& s = *state_;
  return s.change(action::administer, [&]() -> result<std::uint32_t> {
    if (auto shown = s.one_of_two(); !shown) return shown.error();
    const auto number = s.roles.propose(next, s.who, s.now());
    if (!number) {
      const errc code = number.error().code;
      s.broken = code != errc::invalid_value && code != errc::already_exists;
    }
    s.must_pin = true;
    return number;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<policy_change> session::approve_roles(std::uint32_t number) try {
  session_state& s = *state_;
  return s.change(action::approve, [&]() -> result<policy_change> {
    const timestamp now = s.now();
    if (const auto& waits = s.roles.proposal(); waits && waits->number == number) {
      const auto second = s.second_of_two({.number = number, .by = waits->by.id, .at = waits->at},
                                          s.credentials.before().roles);
      if (!second) return second.error();
      if (auto left = s.credentials.guarded_under(waits->table); !left) return left.error();
    }
    const auto digest = s.roles.approve(number, s.who, now);
    if (!digest) {
      const errc code = digest.error().code;
      s.broken = code != errc::not_found && code != errc::second_person_required &&
                 code != errc::invalid_state;
      return digest.error();
    }
    const auto logged =
        s.ledger.append({.type = ledger_event::policy_change, .commitment = *digest}, {}, s.who.id,
                        now, std::nullopt);
    if (!logged) {
      s.broken = true;
      return logged.error();
    }
    s.must_pin = true;
    return policy_change{.ledger_index = logged->index, .entry = logged->id, .digest = *digest};
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
