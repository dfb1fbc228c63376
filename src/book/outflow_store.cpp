// What goes out, by recipient and hour (docs/format/book.md).
#include "outflow_store.hpp"

#include <algorithm>
#include <cstdlib>

namespace clientbook {
namespace {

constexpr std::size_t parts = 3;
// Of one recipient: this one, those around it that clocks of other tills show, and one that was
// wrong.
constexpr std::ptrdiff_t most_hours = 6;
constexpr error malformed{errc::invalid_encoding,
                          "what the row of what was passed on says is not as it must be"};

}  // namespace

result<void> outflow_store::read(byte_view bytes) {
  passed_.clear();
  if (bytes.empty()) return {};
  cbor::reader from(bytes);
  for (std::size_t left = from.array(); left > 0 && !from.failed(); --left) {
    if (from.array() != parts && !from.failed()) {
      return error{errc::newer_format,
                   "what was passed on is of a later version: update clientbook"};
    }
    passed one;
    one.to = recipient_id(read_number<std::uint8_t>(from, malformed));
    one.hour = from.integer();
    one.customers = from.unsigned_integer();
    passed_.push_back(one);
  }
  return from.finish();
}

result<void> outflow_store::follow() {
  return row_.follow([this](byte_view bytes) { return read(bytes); });
}

result<void> outflow_store::write() {
  std::vector<std::byte> room(16 + passed_.size() * 24);
  cbor::writer to(room);
  to.array(passed_.size());
  for (const passed& one : passed_) {
    to.array(parts);
    to.unsigned_integer(one.to.value);
    to.integer(one.hour);
    to.unsigned_integer(one.customers);
  }
  const auto bytes = to.finish();
  return bytes ? row_.write(*bytes) : bytes.error();
}

// Goes: the hour of that recipient that is farthest from now.
void outflow_store::make_room(recipient_id to, std::int64_t hour) {
  const auto theirs = [&](const passed& one) { return one.to == to; };
  if (std::ranges::count_if(passed_, theirs) < most_hours) return;
  auto farthest = std::ranges::find_if(passed_, theirs);
  for (auto at = farthest; at != passed_.end(); ++at) {
    if (theirs(*at) && std::abs(at->hour - hour) > std::abs(farthest->hour - hour)) farthest = at;
  }
  passed_.erase(farthest);
}

result<std::uint64_t> outflow_store::add(recipient_id to, timestamp now, std::uint64_t customers) {
  if (auto followed = follow(); !followed) return followed.error();
  const std::int64_t hour = now.seconds / 3600;
  auto mine = std::ranges::find_if(
      passed_, [&](const passed& one) { return one.to == to && one.hour == hour; });
  if (mine == passed_.end()) {
    make_room(to, hour);
    passed_.push_back({.to = to, .hour = hour});
    mine = passed_.end() - 1;
  }
  const std::uint64_t all = mine->customers += customers;
  if (auto written = write(); !written) return written.error();
  return all;
}

}  // namespace clientbook
