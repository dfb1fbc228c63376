// Canaries and alarms: who they are, what raises one, and when it is written down.
#include <algorithm>

#include "disclosing.hpp"
#include "session_state.hpp"

namespace clientbook {

namespace {

bool is_quiet(const alarm_limits& limits, timestamp at) noexcept {
  if (limits.quiet_from == limits.quiet_until) return false;
  const std::int64_t of_day = ((at.seconds % 86'400) + 86'400) % 86'400 / 60;
  const bool after = of_day >= limits.quiet_from;
  const bool before = of_day < limits.quiet_until;
  return limits.quiet_from < limits.quiet_until ? after && before : after || before;
}

}  // namespace

// Durable before anything is shown. Within a change nothing can be that a rollback would not undo:
// it is written with the commit, or right after the rollback, and the host is told now.
result<void> session_state::trip(customer_no number, purpose_id why) {
  const auto is_one = canaries.has(number);
  if (!is_one) return is_one.error();
  const bool quiet = works_in_quiet_hours();
  if (!*is_one && !quiet) return {};
  next_hour(now());
  const bool first_look = *is_one && seen.tripped.insert(number.value).second;
  const bool first_quiet = quiet && raise_once(alarm_kind::quiet_hours, why);
  if (!first_look && !first_quiet) return {};
  // One that could not be written is written with this one: it is the same look.
  const bool raised = std::ranges::any_of(seen.alarms, [&](const canary_store::alarm& one) {
    return one.kind == alarm_kind::canary && one.customer == number;
  });
  if (first_look && !raised) raise({.customer = number, .purpose = why});
  if (explicit_change) return {};
  if (auto written = by_itself([]() -> result<void> { return {}; }); !written) {
    if (first_look) seen.tripped.erase(number.value);
    if (first_quiet) forget_raised(alarm_kind::quiet_hours);
    return written;
  }
  return look_again();
}

// What a service does at night is what it is there for.
bool session_state::works_in_quiet_hours() const {
  const alarm_limits& limits = canaries.limits_read();
  return limits.quiet_from != limits.quiet_until && who.role != actor_role::service &&
         is_quiet(limits, now());
}

void session_state::raise(canary_store::alarm what) {
  what.who = who;
  what.at = now();
  seen.alarms.push_back(what);
  if (listener.raised == nullptr) return;
  listener.raised(listener.context,
                  {.at = what.at,
                   .who = what.who,
                   .customer = what.kind == alarm_kind::canary ? core->keys().ids->id(what.customer)
                                                               : customer_id{},
                   .purpose = what.purpose,
                   .kind = what.kind,
                   .recipient = what.recipient});
}

bool session_state::raise_once(alarm_kind kind, purpose_id why) {
  const std::uint32_t bit = 1U << static_cast<unsigned>(kind);
  if ((seen.told_kinds & bit) != 0) return false;
  seen.told_kinds |= bit;
  const bool raised = std::ranges::any_of(
      seen.alarms, [&](const canary_store::alarm& one) { return one.kind == kind; });
  if (!raised) raise({.purpose = why, .kind = kind});
  return true;
}

void session_state::forget_raised(alarm_kind kind) noexcept {
  seen.told_kinds &= ~(1U << static_cast<unsigned>(kind));
}

error session_state::end_of_budget(const error& why) {
  next_hour(now());
  const bool first = raise_once(alarm_kind::budget_spent, {});
  // It is refused whether or not that can be written now; the next change writes it else.
  if (first && !core->changing()) write_looks_now();
  return why;
}

result<void> session_state::trip_range(customer_no from, std::uint64_t until, purpose_id why) {
  const auto all = canaries.all();
  if (!all) return all.error();
  const std::vector<std::uint64_t> numbers(all->begin(), all->end());
  for (const std::uint64_t one : numbers) {
    if (one < from.value || one >= until) continue;
    if (seen.tripped.insert(one).second) {
      raise({.customer = customer_no(one), .purpose = why});
    }
  }
  if (works_in_quiet_hours()) raise_once(alarm_kind::quiet_hours, why);
  return {};
}

void session_state::passes_on(recipient_id to) {
  if (!is_the_customers(to)) ++seen.passed_on[to.value];
}

result<void> session_state::write_alarms() {
  for (const auto& [to, customers] : seen.passed_on) {
    const auto beyond = canaries.pass_on(recipient_id(to), now(), customers);
    if (!beyond) return beyond.error();
    if (*beyond) raise({.kind = alarm_kind::fan_out, .recipient = recipient_id(to)});
  }
  std::vector<canary_store::alarm> fresh;
  for (const canary_store::alarm& one : seen.alarms) {
    const auto known = canaries.knows(one);
    if (!known) return known.error();
    if (!*known) fresh.push_back(one);
  }
  if (fresh.empty()) return {};
  if (auto noted = canaries.note(fresh); !noted) return noted;
  for (const canary_store::alarm& one : fresh) {
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

result<std::vector<security_alarm>> session::alarms() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::set_budgets); !seen) return seen.error();
  const auto all = s.canaries.alarms();
  if (!all) return all.error();
  std::vector<security_alarm> out;
  for (const canary_store::alarm& one : *all) {
    out.push_back({.at = one.at,
                   .who = one.who,
                   .customer = one.customer == customer_no{} ? customer_id{}
                                                             : s.core->keys().ids->id(one.customer),
                   .purpose = one.purpose,
                   .kind = one.kind,
                   .recipient = one.recipient});
  }
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session::set_alarm_limits(const clientbook::alarm_limits& next) try {
  session_state& s = *state_;
  constexpr std::uint16_t minutes_a_day = 1440;
  if (next.quiet_from >= minutes_a_day || next.quiet_until >= minutes_a_day) {
    return error{errc::invalid_value, "a minute of the day is below 1,440"};
  }
  return s.change(action::set_budgets, [&]() -> result<void> {
    auto done = s.canaries.limit(next);
    if (done) {
      const auto logged = s.ledger.append({.type = ledger_event::policy_change, .count = 1}, {},
                                          s.who.id, s.now(), std::nullopt);
      if (!logged) done = logged.error();
    }
    if (!done) s.broken = true;
    s.must_pin = true;
    return done;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<alarm_limits> session::alarm_limits() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::set_budgets); !seen) return seen.error();
  return s.canaries.limits();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
