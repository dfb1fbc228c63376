// Canaries and alarms: who they are, what raises one, and when it is written down.
#include <algorithm>
#include <array>

#include <clientbook/base/bytes.hpp>

#include "disclosing.hpp"
#include "session_state.hpp"

namespace clientbook {

namespace {

bool is_within(const quiet_time& quiet, timestamp at) noexcept {
  const std::int64_t of_day = ((at.seconds % 86'400) + 86'400) % 86'400 / 60;
  const bool after = of_day >= quiet.from;
  const bool before = of_day < quiet.until;
  return quiet.from < quiet.until ? after && before : after || before;
}

}  // namespace

// Durable before anything is shown. Within a change nothing can be that a rollback would not undo:
// it is written with the commit, or right after the rollback, and the host is told now.
result<void> session_state::trip(customer_no number, purpose_id why) {
  const auto is_one = canaries.has(number);
  if (!is_one) return is_one.error();
  const bool quiet = works_in_quiet_hours();
  if (!*is_one && !quiet) return {};
  next_hour(clock_now());
  const bool first_look = *is_one && seen.tripped.insert(number.value).second;
  const bool first_quiet = quiet && raise_once(alarm_kind::quiet_hours, why);
  if (!first_look && !first_quiet) return {};
  if (first_look) raise({.customer = number, .purpose = why});
  if (explicit_change) return {};
  if (auto written = by_itself([]() -> result<void> { return {}; }); !written) {
    if (first_look) seen.tripped.erase(number.value);
    if (first_quiet) forget_raised(alarm_kind::quiet_hours);
    return written;
  }
  return look_again();
}

// What a service does at night is what it is there for. A clock that is behind what the book has
// seen was set back, and the night with it.
bool session_state::works_in_quiet_hours() const {
  const quiet_time& quiet = canaries.limits_read().quiet;
  if (quiet.from == quiet.until || who.role == actor_role::service) return false;
  return is_within(quiet, clock_now()) || is_within(quiet, now());
}

void session_state::raise(canary_store::alarm what) {
  what.who = who;
  what.at = now();
  if (is_raised(what)) return;
  seen.alarms.push_back(what);
  const customer_id canary =
      what.kind == alarm_kind::canary ? core->keys().ids->id(what.customer) : customer_id{};
  tell_auditor({.kind = audit_kind::alarm,
                .at = what.at,
                .customer = canary,
                .purpose = what.purpose,
                .alarm = what.kind,
                .recipient = what.recipient});
  if (listener.raised == nullptr) return;
  listener.raised(listener.context, {.at = what.at,
                                     .who = what.who,
                                     .customer = canary,
                                     .purpose = what.purpose,
                                     .kind = what.kind,
                                     .recipient = what.recipient});
}

// Written down, by whatever session, or waiting to be: what could not be written is the same
// alarm, and not another.
bool session_state::is_raised(const canary_store::alarm& what) {
  const auto same = [&](const canary_store::alarm& one) {
    return one.kind == what.kind && one.customer == what.customer &&
           one.recipient == what.recipient && one.at.seconds / 3600 == what.at.seconds / 3600;
  };
  if (std::ranges::any_of(seen.alarms, same)) return true;
  // One that cannot be read is raised once more than needed.
  const auto known = canaries.knows(what);
  return known && *known;
}

bool session_state::raise_once(alarm_kind kind, purpose_id why) {
  const std::uint32_t bit = 1U << static_cast<unsigned>(kind);
  if ((seen.told_kinds & bit) != 0) return false;
  seen.told_kinds |= bit;
  raise({.purpose = why, .kind = kind});
  return !seen.alarms.empty();
}

void session_state::forget_raised(alarm_kind kind) noexcept {
  seen.told_kinds &= ~(1U << static_cast<unsigned>(kind));
}

error session_state::end_of_budget(const error& why) {
  next_hour(clock_now());
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

// Beyond the limit each one raises it, and raise() knows whether somebody was told in this hour.
result<void> session_state::count_passed_on() {
  if (seen.passed_on.empty()) return {};
  const auto limits = canaries.limits();
  if (!limits) return limits.error();
  // Counted where there is no limit, too: the next one may hold within the same hour.
  const std::uint64_t most = limits->customers_to_one_recipient;
  for (const auto& [to, customers] : seen.passed_on) {
    const auto all = outflow.add(recipient_id(to), clock_now(), customers);
    if (!all) return all.error();
    if (most != 0 && *all > most)
      raise({.kind = alarm_kind::fan_out, .recipient = recipient_id(to)});
  }
  return {};
}

result<void> session_state::write_alarms() {
  if (auto counted = count_passed_on(); !counted) return counted;
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

result<alarm_settings> session::set_alarm_limits(const alarm_changes& what) try {
  session_state& s = *state_;
  constexpr std::uint16_t minutes_a_day = 1440;
  if (what.quiet && (what.quiet->from >= minutes_a_day || what.quiet->until >= minutes_a_day)) {
    return error{errc::invalid_value, "a minute of the day is below 1,440"};
  }
  return s.change(action::set_budgets, [&]() -> result<alarm_settings> {
    const auto before = s.canaries.limits();
    if (!before) return before.error();
    alarm_settings next = *before;
    if (what.customers_to_one_recipient) {
      next.customers_to_one_recipient = *what.customers_to_one_recipient;
    }
    if (what.quiet) next.quiet = *what.quiet;
    if (next == *before) return next;
    if (auto done = s.write_limits(next); !done) {
      s.broken = true;
      return done.error();
    }
    return next;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<void> session_state::write_limits(const alarm_settings& next) {
  if (auto done = canaries.limit(next); !done) return done;
  std::array<std::byte, 8> bytes;
  store_be(bytes.data(), next.customers_to_one_recipient);
  store_be(bytes.data() + 4, next.quiet.from);
  store_be(bytes.data() + 6, next.quiet.until);
  const auto logged =
      ledger.append({.type = ledger_event::policy_change, .commitment = crypto::hash(bytes)}, {},
                    who.id, now(), std::nullopt);
  if (!logged) return logged.error();
  raise({.kind = alarm_kind::limits_changed});
  must_pin = true;
  return {};
}

result<alarm_settings> session::alarm_limits() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::set_budgets); !seen) return seen.error();
  return s.canaries.limits();
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
