// Relies on the book row being bound to the header: whoever puts an older row back has to put all
// of the book back.
#include "versioned_row.hpp"

namespace clientbook {

book_core::place versioned_row::place_of(std::uint32_t version) const noexcept {
  return {.key = storage::key(of_.table).add(std::uint32_t{0}),
          .table = of_.table,
          .customer = own_number,
          .version = record_version(version)};
}

result<void> versioned_row::follow(callback_ref<result<void>(byte_view)> take) {
  const std::uint32_t version = core_.row().*of_.version;
  if (version == read_) return {};
  read_ = unread;
  byte_view bytes;
  if (version != 0) {
    if (auto got = core_.get_value(key(), place_of(version), plain_); !got) {
      if (got.error().code != errc::not_found) return got;
      return error{errc::row_missing, of_.gone};
    }
    bytes = plain_.view();
  }
  if (auto taken = take(bytes); !taken) return taken;
  read_ = version;
  return {};
}

result<void> versioned_row::write(byte_view bytes) {
  const std::uint32_t version = core_.row().*of_.version + 1;
  if (auto put = core_.put_value(key(), place_of(version), bytes); !put) return put;
  core_.edit_row().*of_.version = version;
  read_ = version;
  return {};
}

}  // namespace clientbook
