// A customer's record as a host builds it: values in wiped memory that grows as needed.
//
// Growing copies plaintext, so the room that is left behind is wiped too.
#include <clientbook/book/customer.hpp>

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
    former = grow(done.error().at);
  }
}

void customer::clear() noexcept {
  writer_->clear();
  wipe(bytes_);
}

wiped_bytes customer::grow(std::size_t needed) {
  wiped_bytes larger(std::max(needed, bytes_.size() * 2));
  // The new room is larger than the old one, so moving cannot fail.
  static_cast<void>(writer_->move_to(larger));
  std::swap(bytes_, larger);
  return larger;
}

}  // namespace clientbook
