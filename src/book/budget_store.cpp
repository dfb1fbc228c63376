// Budgets in the store: counts that only grow within an hour and a day, and begin anew with the
// next one that the clock shows.
#include "budget_store.hpp"

#include <algorithm>
#include <limits>

namespace clientbook {
namespace {

// An actor who has asked for no table has the first of them alone.
constexpr std::size_t first_members = 8;
constexpr std::size_t members = 10;
constexpr error malformed{errc::invalid_encoding, "what a budget says is not as it must be"};

std::int64_t hour_of(timestamp now) noexcept { return now.seconds / 3600; }
std::int64_t day_of(timestamp now) noexcept { return now.seconds / 86400; }

std::int64_t month_of(timestamp now) noexcept {
  const date today = date_of(now);
  return std::int64_t{today.year} * 12 + today.month - 1;
}

std::uint32_t sum(std::uint32_t a, std::uint32_t b) noexcept {
  const std::uint64_t out = std::uint64_t{a} + b;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(out, std::numeric_limits<std::uint32_t>::max()));
}
std::uint32_t rest(std::uint32_t most, std::uint32_t used) noexcept {
  return used >= most ? 0 : most - used;
}

}  // namespace

result<void> budget_store::follow() {
  return row_.follow([this](byte_view bytes) { return read(bytes); });
}

result<void> budget_store::read(byte_view bytes) {
  entries_.clear();
  if (bytes.empty()) return {};
  cbor::reader from(bytes);
  for (std::size_t left = from.array(); left > 0 && !from.failed(); --left) {
    const std::size_t count = from.array();
    if (count != members && count != first_members) {
      from.fail(errc::newer_format, "a budget of a later version");
    }
    entry& one = entries_.emplace_back();
    one.who = actor_id(read_number<std::uint32_t>(from, malformed));
    one.day = from.integer();
    one.hour = from.integer();
    one.customers_today = read_number<std::uint32_t>(from, malformed);
    one.customers_this_hour = read_number<std::uint32_t>(from, malformed);
    one.look_ups_this_hour = read_number<std::uint32_t>(from, malformed);
    one.more_today = read_number<std::uint32_t>(from, malformed);
    one.unnamed = read_number<std::uint32_t>(from, malformed);
    if (count != members) continue;
    one.month = from.integer();
    one.tables_this_month = read_number<std::uint32_t>(from, malformed);
  }
  return from.finish();
}

result<void> budget_store::write() {
  std::vector<std::byte> room(16 + entries_.size() * 80);
  cbor::writer to(room);
  to.array(entries_.size());
  for (const entry& one : entries_) {
    to.array(one.month == 0 ? first_members : members);
    to.unsigned_integer(one.who.value);
    to.integer(one.day);
    to.integer(one.hour);
    to.unsigned_integer(one.customers_today);
    to.unsigned_integer(one.customers_this_hour);
    to.unsigned_integer(one.look_ups_this_hour);
    to.unsigned_integer(one.more_today);
    to.unsigned_integer(one.unnamed);
    if (one.month == 0) continue;
    to.integer(one.month);
    to.unsigned_integer(one.tables_this_month);
  }
  const auto bytes = to.finish();
  return bytes ? row_.write(*bytes) : bytes.error();
}

const budget_store::entry* budget_store::find(actor_id who) const noexcept {
  for (const entry& one : entries_) {
    if (one.who == who) return &one;
  }
  return nullptr;
}

// The actor's counts as of now. An hour or a day begins anew only where the clock is past it.
budget_store::entry& budget_store::of(actor_id who, timestamp now) {
  auto found = std::find_if(entries_.begin(), entries_.end(),
                            [who](const entry& one) { return one.who == who; });
  if (found == entries_.end()) {
    entries_.push_back({.who = who});
    found = entries_.end() - 1;
  }
  if (day_of(now) > found->day) {
    found->day = day_of(now);
    found->customers_today = found->more_today = found->unnamed = 0;
  }
  if (hour_of(now) > found->hour) {
    found->hour = hour_of(now);
    found->customers_this_hour = found->look_ups_this_hour = 0;
  }
  return *found;
}

budget_left budget_store::left_of(const entry& one, const budget& most) noexcept {
  const std::uint32_t today = rest(sum(most.customers_a_day, one.more_today), one.customers_today);
  const std::uint32_t hour =
      rest(sum(most.customers_an_hour, one.more_today), one.customers_this_hour);
  return {.customers_this_hour = std::min(hour, today),
          .customers_today = today,
          .look_ups_this_hour = rest(most.look_ups_an_hour, one.look_ups_this_hour),
          .tables_this_month = rest(most.tables_a_month, one.tables_this_month)};
}

result<budget_left> budget_store::left(const actor& who, timestamp now) {
  if (auto followed = follow(); !followed) return followed.error();
  entry as_of{.who = who.id, .day = day_of(now), .hour = hour_of(now)};
  if (const entry* known = find(who.id)) {
    if (known->day >= as_of.day) {
      as_of.customers_today = known->customers_today;
      as_of.more_today = known->more_today;
    }
    if (known->hour >= as_of.hour) {
      as_of.customers_this_hour = known->customers_this_hour;
      as_of.look_ups_this_hour = known->look_ups_this_hour;
    }
    if (known->month >= month_of(now)) as_of.tables_this_month = known->tables_this_month;
  }
  return left_of(as_of, budget_of(who.role));
}

result<budget_store::drawn> budget_store::draw(const actor& who, timestamp now,
                                               const drawn& wanted) {
  if (auto followed = follow(); !followed) return followed.error();
  entry& mine = of(who.id, now);
  const budget_left left = left_of(mine, budget_of(who.role));
  const drawn out{.customers = std::min(wanted.customers, left.customers_this_hour),
                  .look_ups = std::min(wanted.look_ups, left.look_ups_this_hour)};
  mine.customers_this_hour += out.customers;
  mine.customers_today += out.customers;
  mine.look_ups_this_hour += out.look_ups;
  mine.unnamed += out.customers;
  if (auto put = write(); !put) return put.error();
  return out;
}

result<bool> budget_store::draw_table(const actor& who, timestamp now) {
  if (auto followed = follow(); !followed) return followed.error();
  entry& mine = of(who.id, now);
  if (month_of(now) > mine.month) {
    mine.month = month_of(now);
    mine.tables_this_month = 0;
  }
  if (mine.tables_this_month >= budget_of(who.role).tables_a_month) return false;
  ++mine.tables_this_month;
  if (auto put = write(); !put) return put.error();
  return true;
}

result<void> budget_store::settle(const actor& who, timestamp drawn_at, const settled& what) {
  if (auto followed = follow(); !followed) return followed;
  const auto mine = std::find_if(entries_.begin(), entries_.end(),
                                 [&](const entry& one) { return one.who == who.id; });
  if (mine == entries_.end()) return {};
  // What was drawn in an hour or a day that is over is over with it.
  if (day_of(drawn_at) >= mine->day) {
    mine->customers_today =
        rest(mine->customers_today, sum(what.unused.customers, what.again_today));
    const std::int64_t left =
        std::int64_t{mine->unnamed} - std::int64_t{what.unused.customers} - what.named;
    mine->unnamed = static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(left, 0, std::numeric_limits<std::uint32_t>::max()));
  }
  if (hour_of(drawn_at) >= mine->hour) {
    mine->customers_this_hour = rest(mine->customers_this_hour, what.unused.customers);
    mine->look_ups_this_hour = rest(mine->look_ups_this_hour, what.unused.look_ups);
  }
  return write();
}

result<void> budget_store::raise(actor_id whose, timestamp now, std::uint32_t customers) {
  if (auto followed = follow(); !followed) return followed;
  entry& theirs = of(whose, now);
  theirs.more_today = sum(theirs.more_today, customers);
  return write();
}

result<std::uint32_t> budget_store::unnamed(actor_id whose) {
  if (auto followed = follow(); !followed) return followed.error();
  const entry* known = find(whose);
  return known == nullptr ? std::uint32_t{0} : known->unnamed;
}

}  // namespace clientbook
