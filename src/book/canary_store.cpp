// Canaries in the store (docs/format/book.md).
#include "canary_store.hpp"

#include <algorithm>
#include <unordered_map>

namespace clientbook {
namespace {

constexpr std::size_t members = 2;
constexpr std::size_t parts_of_alarm = 5;
constexpr error malformed{errc::invalid_encoding,
                          "what the row of canaries says is not as it must be"};

}  // namespace

result<void> canary_store::read(byte_view bytes) {
  numbers_.clear();
  alarms_.clear();
  if (bytes.empty()) return {};
  cbor::reader from(bytes);
  if (from.array() != members && !from.failed()) {
    return error{errc::newer_format, "canaries are of a later version: update clientbook"};
  }
  for (std::size_t left = from.array(); left > 0 && !from.failed(); --left) {
    const std::uint64_t one = from.unsigned_integer();
    if (!numbers_.empty() && one <= numbers_.back()) from.fail(malformed.code, malformed.text);
    numbers_.push_back(one);
  }
  for (std::size_t left = from.array(); left > 0 && !from.failed(); --left) {
    if (from.array() != parts_of_alarm) from.fail(malformed.code, malformed.text);
    alarm one;
    one.customer.value = from.unsigned_integer();
    one.who.id = actor_id(read_number<std::uint32_t>(from, malformed));
    one.who.role = static_cast<actor_role>(from.unsigned_integer());
    one.purpose = purpose_id(static_cast<std::uint8_t>(from.unsigned_integer()));
    one.at.seconds = from.integer();
    alarms_.push_back(one);
  }
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

result<void> canary_store::write() {
  std::vector<std::byte> room(32 + numbers_.size() * 9 + alarms_.size() * 32);
  cbor::writer to(room);
  to.array(members);
  to.array(numbers_.size());
  for (const std::uint64_t one : numbers_) to.unsigned_integer(one);
  to.array(alarms_.size());
  for (const alarm& one : alarms_) {
    to.array(parts_of_alarm);
    to.unsigned_integer(one.customer.value);
    to.unsigned_integer(one.who.id.value);
    to.unsigned_integer(static_cast<std::uint64_t>(one.who.role));
    to.unsigned_integer(one.purpose.value);
    to.integer(one.at.seconds);
  }
  const auto bytes = to.finish();
  return bytes ? row_.write(*bytes) : bytes.error();
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
