// Canaries: who they are, and what happens when somebody looks at one.
#include <algorithm>

#include "session_state.hpp"

namespace clientbook {

// Durable before anything is shown. Within a change nothing can be that a rollback would not undo:
// it is written with the commit, or right after the rollback, and the host is told now.
result<void> session_state::trip(customer_no number, purpose_id why) {
  const auto is_one = canaries.has(number);
  if (!is_one) return is_one.error();
  if (!*is_one) return {};
  next_hour(now());
  if (!seen.tripped.insert(number.value).second) return {};
  // One that could not be written is written with this one: it is the same look.
  const bool raised = std::ranges::any_of(
      seen.alarms, [&](const canary_store::alarm& one) { return one.customer == number; });
  if (!raised) raise(number, why);
  if (explicit_change) return {};
  if (auto written = by_itself([]() -> result<void> { return {}; }); !written) {
    seen.tripped.erase(number.value);
    return written;
  }
  return look_again();
}

void session_state::raise(customer_no number, purpose_id why) {
  const canary_store::alarm one{.customer = number, .who = who, .purpose = why, .at = now()};
  seen.alarms.push_back(one);
  if (listener.raised == nullptr) return;
  listener.raised(
      listener.context,
      {.at = one.at, .who = one.who, .customer = core->keys().ids->id(number), .purpose = why});
}

result<void> session_state::trip_range(customer_no from, std::uint64_t until, purpose_id why) {
  const auto all = canaries.all();
  if (!all) return all.error();
  const std::vector<std::uint64_t> numbers(all->begin(), all->end());
  for (const std::uint64_t one : numbers) {
    if (one < from.value || one >= until) continue;
    if (seen.tripped.insert(one).second) raise(customer_no(one), why);
  }
  return {};
}

result<void> session_state::write_alarms() {
  if (seen.alarms.empty()) return {};
  if (auto noted = canaries.note(seen.alarms); !noted) return noted;
  for (const canary_store::alarm& one : seen.alarms) {
    const auto logged =
        ledger.append({.type = ledger_event::alarm, .purpose = one.purpose, .count = 1}, {}, who.id,
                      one.at, std::nullopt);
    if (!logged) return logged.error();
  }
  must_pin = true;
  return {};
}

result<void> session::set_canaries(std::span<const customer_id> which) try {
  session_state& s = *state_;
  if (which.size() > max_canaries) {
    return error{errc::limit_exceeded, "at most 1,000 canaries", max_canaries};
  }
  return s.change(action::set_budgets, [&]() -> result<void> {
    std::vector<std::uint64_t> numbers;
    for (const customer_id& id : which) {
      const auto number = s.number(id);
      if (!number) return number.error();
      if (const auto found = s.entry(*number); !found) return found.error();
      numbers.push_back(number->value);
    }
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    const auto done = s.canaries.set(std::move(numbers));
    if (!done) s.broken = true;
    s.must_pin = true;
    return done;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<customer_id>> session::canaries() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::set_budgets); !seen) return seen.error();
  const auto all = s.canaries.all();
  if (!all) return all.error();
  std::vector<customer_id> out;
  for (const std::uint64_t one : *all) out.push_back(s.core->keys().ids->id(customer_no(one)));
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<std::vector<canary_alarm>> session::alarms() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::set_budgets); !seen) return seen.error();
  const auto all = s.canaries.alarms();
  if (!all) return all.error();
  std::vector<canary_alarm> out;
  for (const canary_store::alarm& one : *all) {
    out.push_back({.at = one.at,
                   .who = one.who,
                   .customer = one.customer == customer_no{} ? customer_id{}
                                                             : s.core->keys().ids->id(one.customer),
                   .purpose = one.purpose});
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
