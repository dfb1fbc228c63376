// Canaries and alarms in the store (docs/format/book.md).
#include "canary_store.hpp"

#include <algorithm>
#include <unordered_map>

namespace clientbook {
namespace {

// Where nobody has set limits, canaries and alarms alone.
constexpr std::size_t first_members = 2;
constexpr std::size_t members = 3;
constexpr std::size_t parts_of_canary_alarm = 5;
constexpr std::size_t parts_of_alarm = 7;
constexpr error malformed{errc::invalid_encoding,
                          "what the row of canaries says is not as it must be"};

std::int64_t hour_of(timestamp at) noexcept { return at.seconds / 3600; }

}  // namespace

std::string_view name_of(alarm_kind kind) noexcept {
  switch (kind) {
    case alarm_kind::canary:
      return "canary";
    case alarm_kind::budget_spent:
      return "budget_spent";
    case alarm_kind::fan_out:
      return "fan_out";
    case alarm_kind::quiet_hours:
      return "quiet_hours";
    case alarm_kind::limits_changed:
      return "limits_changed";
    case alarm_kind::wrong_proofs:
      return "wrong_proofs";
  }
  return "";
}

void canary_store::read_alarm(cbor::reader& from) {
  const std::size_t parts = from.array();
  if (parts != parts_of_alarm && parts != parts_of_canary_alarm) {
    from.fail(errc::newer_format, "an alarm of a later version: update clientbook");
  }
  alarm one;
  one.customer.value = from.unsigned_integer();
  one.who.id = actor_id(read_number<std::uint32_t>(from, malformed));
  one.who.role = static_cast<actor_role>(from.unsigned_integer());
  one.purpose = purpose_id(static_cast<std::uint8_t>(from.unsigned_integer()));
  one.at.seconds = from.integer();
  if (parts == parts_of_alarm) {
    one.kind = static_cast<alarm_kind>(read_number<std::uint8_t>(from, malformed));
    if (name_of(one.kind).empty()) {
      from.fail(errc::newer_format, "an alarm of a later version: update clientbook");
    }
    one.recipient = recipient_id(read_number<std::uint8_t>(from, malformed));
  }
  alarms_.push_back(one);
}

result<void> canary_store::read(byte_view bytes) {
  numbers_.clear();
  alarms_.clear();
  limits_ = {};
  if (bytes.empty()) return {};
  cbor::reader from(bytes);
  const std::size_t count = from.array();
  if (count != members && count != first_members && !from.failed()) {
    return error{errc::newer_format, "canaries are of a later version: update clientbook"};
  }
  for (std::size_t left = from.array(); left > 0 && !from.failed(); --left) {
    const std::uint64_t one = from.unsigned_integer();
    if (!numbers_.empty() && one <= numbers_.back()) from.fail(malformed.code, malformed.text);
    numbers_.push_back(one);
  }
  for (std::size_t left = from.array(); left > 0 && !from.failed(); --left) {
    read_alarm(from);
  }
  if (count == first_members) return from.finish();
  if (from.array() != 3) from.fail(malformed.code, malformed.text);
  limits_.customers_to_one_recipient = read_number<std::uint32_t>(from, malformed);
  limits_.quiet.from = read_number<std::uint16_t>(from, malformed);
  limits_.quiet.until = read_number<std::uint16_t>(from, malformed);
  return from.finish();
}

result<void> canary_store::follow() {
  return row_.follow([this](byte_view bytes) { return read(bytes); });
}

result<std::span<const std::uint64_t>> canary_store::all() {
  if (auto followed = follow(); !followed) return followed.error();
  return std::span<const std::uint64_t>(numbers_);
}

result<bool> canary_store::has(customer_no number) {
  if (auto followed = follow(); !followed) return followed.error();
  return std::ranges::binary_search(numbers_, number.value);
}

result<std::span<const canary_store::alarm>> canary_store::alarms() {
  if (auto followed = follow(); !followed) return followed.error();
  return std::span<const alarm>(alarms_);
}

result<alarm_settings> canary_store::limits() {
  if (auto followed = follow(); !followed) return followed.error();
  return limits_;
}

result<bool> canary_store::knows(const alarm& one) {
  if (one.kind == alarm_kind::canary) return false;
  if (auto followed = follow(); !followed) return followed.error();
  return std::ranges::any_of(alarms_, [&](const alarm& other) {
    return other.kind == one.kind && other.who.id == one.who.id &&
           other.recipient == one.recipient && hour_of(other.at) == hour_of(one.at);
  });
}

void canary_store::write_alarm(cbor::writer& to, const alarm& one) const {
  const bool other = one.kind != alarm_kind::canary;
  to.array(other ? parts_of_alarm : parts_of_canary_alarm);
  to.unsigned_integer(one.customer.value);
  to.unsigned_integer(one.who.id.value);
  to.unsigned_integer(static_cast<std::uint64_t>(one.who.role));
  to.unsigned_integer(one.purpose.value);
  to.integer(one.at.seconds);
  if (!other) return;
  to.unsigned_integer(static_cast<std::uint64_t>(one.kind));
  to.unsigned_integer(one.recipient.value);
}

result<void> canary_store::write() {
  const bool more = limits_ != alarm_settings{};
  std::vector<std::byte> room(64 + numbers_.size() * 9 + alarms_.size() * 40);
  cbor::writer to(room);
  to.array(more ? members : first_members);
  to.array(numbers_.size());
  for (const std::uint64_t one : numbers_) to.unsigned_integer(one);
  to.array(alarms_.size());
  for (const alarm& one : alarms_) write_alarm(to, one);
  if (more) {
    to.array(3);
    to.unsigned_integer(limits_.customers_to_one_recipient);
    to.unsigned_integer(limits_.quiet.from);
    to.unsigned_integer(limits_.quiet.until);
  }
  const auto bytes = to.finish();
  return bytes ? row_.write(*bytes) : bytes.error();
}

result<void> canary_store::limit(const alarm_settings& next) {
  if (auto followed = follow(); !followed) return followed;
  limits_ = next;
  return write();
}

result<void> canary_store::set(std::vector<std::uint64_t> numbers) {
  if (auto followed = follow(); !followed) return followed;
  numbers_ = std::move(numbers);
  return write();
}

result<void> canary_store::note(std::span<const alarm> more) {
  if (auto followed = follow(); !followed) return followed;
  alarms_.insert(alarms_.end(), more.begin(), more.end());
  while (alarms_.size() > max_alarms_kept) make_room();
  return write();
}

// The oldest of whoever has raised most: an actor's alarms are pushed out by nobody else's.
void canary_store::make_room() {
  std::unordered_map<std::uint32_t, std::size_t> raised;
  for (const alarm& one : alarms_) ++raised[one.who.id.value];
  std::size_t most = 0;
  for (const auto& [who, times] : raised) most = std::max(most, times);
  alarms_.erase(std::ranges::find_if(
      alarms_, [&](const alarm& one) { return raised[one.who.id.value] == most; }));
}

result<void> canary_store::forget_customer(customer_no number) {
  if (auto followed = follow(); !followed) {
    const errc why = followed.error().code;
    return why == errc::io_error || why == errc::disk_full ? followed : result<void>();
  }
  const bool was_one = std::erase(numbers_, number.value) != 0;
  bool told = false;
  for (alarm& one : alarms_) {
    if (one.customer != number) continue;
    one.customer = {};
    told = true;
  }
  return was_one || told ? write() : result<void>();
}

}  // namespace clientbook
