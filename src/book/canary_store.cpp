// Canaries in the store (docs/format/book.md).
#include "canary_store.hpp"

#include <clientbook/internal/model/cbor.hpp>

#include <algorithm>
#include <limits>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr std::size_t members = 2;
constexpr std::size_t parts_of_alarm = 5;
constexpr error malformed{errc::invalid_encoding,
                          "what the row of canaries says is not as it must be"};

secret<32> key_of(const book_core& core) {
  return crypto::derive(core.keys().actors, "clientbook canaries");
}

std::uint32_t number(cbor::reader& from) noexcept {
  const std::uint64_t value = from.unsigned_integer();
  if (value > std::numeric_limits<std::uint32_t>::max()) from.fail(malformed.code, malformed.text);
  return static_cast<std::uint32_t>(value);
}

}  // namespace

book_core::place canary_store::place_of(std::uint32_t version) const noexcept {
  return {.key = key(table::canaries).add(std::uint32_t{0}),
          .table = table::canaries,
          .customer = own_number,
          .version = record_version(version)};
}

result<void> canary_store::read() {
  cbor::reader from(plain_.view());
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
    one.who.id = actor_id(number(from));
    one.who.role = static_cast<actor_role>(from.unsigned_integer());
    one.purpose = purpose_id(static_cast<std::uint8_t>(from.unsigned_integer()));
    one.at.seconds = from.integer();
    alarms_.push_back(one);
  }
  return from.finish();
}

result<void> canary_store::follow() {
  const std::uint32_t version = core_.row().canaries;
  if (version == read_) return {};
  read_ = unread;
  numbers_.clear();
  alarms_.clear();
  if (version != 0) {
    if (auto got = core_.get_value(key_of(core_), place_of(version), plain_); !got) {
      if (got.error().code != errc::not_found) return got;
      return error{errc::row_missing, "the row of canaries is gone: restore a copy"};
    }
    if (auto done = read(); !done) return done;
  }
  read_ = version;
  return {};
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
  if (!bytes) return bytes.error();
  const std::uint32_t version = core_.row().canaries + 1;
  if (auto put = core_.put_value(key_of(core_), place_of(version), *bytes); !put) return put;
  core_.edit_row().canaries = version;
  read_ = version;
  return {};
}

result<void> canary_store::set(std::vector<std::uint64_t> numbers) {
  if (auto followed = follow(); !followed) return followed;
  numbers_ = std::move(numbers);
  return write();
}

result<void> canary_store::note(std::span<const alarm> more) {
  if (auto followed = follow(); !followed) return followed;
  alarms_.insert(alarms_.end(), more.begin(), more.end());
  if (alarms_.size() > max_alarms_kept) {
    alarms_.erase(alarms_.begin(), alarms_.end() - static_cast<std::ptrdiff_t>(max_alarms_kept));
  }
  return write();
}

}  // namespace clientbook
