// A customer's record as a host builds it: values in wiped memory that grows as needed.
//
// Growing copies plaintext, so the room that is left behind is wiped too.
#include <clientbook/book/customer.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <algorithm>
#include <utility>

namespace clientbook {
namespace {
constexpr std::size_t first_capacity = 1024;
}

customer::customer()
    : bytes_(first_capacity), writer_(std::make_unique<record_writer>(byte_span(bytes_))) {}

result<void> customer::set_raw(field_id id, byte_view value) {
  for (wiped_bytes former;;) {
    const result<void> done = writer_->set_raw(id, value);
    if (done || done.error().code != errc::buffer_too_small) return done;
    auto room = grow(done.error().at);
    if (!room) return room.error();
    former = std::move(*room);
  }
}

void customer::clear() noexcept {
  writer_->clear();
  wipe(bytes_);
}

result<wiped_bytes> customer::grow(std::size_t needed) noexcept try {
  wiped_bytes larger(std::max(needed, bytes_.size() * 2));
  // The new room is larger than the old one, so moving cannot fail.
  static_cast<void>(writer_->move_to(larger));
  std::swap(bytes_, larger);
  return larger;
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
