// The flash store as its user sees it: format, read, seal, forget (docs/format/flash.md). Writing
// is in flash_write.cpp, cleaning in flash_clean.cpp, mounting in flash_mount.cpp.
#include <clientbook/adapters/flash_store.hpp>

#include <algorithm>

#include "flash_frame.hpp"

namespace clientbook {

flash_store::flash_store(const clientbook_flash_part& part, const clientbook_flash_counter* counter,
                         random_source& random, std::span<std::uint32_t> index,
                         byte_span buffer) noexcept
    : part_(&part),
      counter_(counter),
      random_(&random),
      index_(index),
      frame_(buffer),
      layout_{part.granule, part.sector_size, part.sector_count} {}

void flash_store::begin(const secret<32>& key, const book_id& store) noexcept {
  key_ = key.duplicate();
  store_ = store;
  stage_ = stage::closed;
  must_open_ = true;
  written_ = false;
  head_ = 0;
  end_ = 0;
  tail_ = {};
  next_lsn_ = 1;
  sealed_ = 0;
  live_ = 0;
  erased_from_ = never;
  pending_through_ = 0;
  std::fill(index_.begin(), index_.end(), 0U);
}

// The counter goes up, so that copies of what was in the flash before are older than it is.
result<void> flash_store::format(const secret<32>& key, const book_id& store) noexcept {
  if (auto good = check_part(); !good) return good;
  begin(key, store);
  if (counter_ != nullptr) {
    if (counter_->read(counter_->context, &sealed_) != 0) {
      return error{errc::io_error, "the counter could not be read"};
    }
    ++sealed_;
  }
  for (std::uint32_t i = 0; i < layout_.sectors; ++i) {
    if (auto done = erase(i); !done) return done;
  }
  // As if a former round were over: the first sector has a number and no sector before it.
  head_ = layout_.sectors - 1;
  tail_ = {layout_.sectors, layout_.first()};
  erased_from_ = layout_.sectors;
  if (auto opened = open_sector(flash::sector_kind::plain); !opened) return stop(opened.error());
  if (counter_ != nullptr && counter_->increment(counter_->context) != 0) {
    return stop(error{errc::io_error, "the counter could not be incremented: mount again"});
  }
  stage_ = stage::ready;
  return {};
}

result<std::size_t> flash_store::get(std::uint32_t record, byte_span out) noexcept {
  if (stage_ != stage::ready && stage_ != stage::salvaged) {
    return stage_ == stage::stopped ? flash::has_stopped : flash::is_closed;
  }
  if (!has(record)) return error{errc::not_found, "the flash has no such record"};
  const auto where = frame_at(index_[record]);
  if (!where) return where.error();
  const std::size_t size = where->header.body;
  if (out.size() < size) {
    return error{errc::buffer_too_small, "the value is larger than its buffer", size};
  }
  if (where->size > frame_.size()) {
    return error{errc::limit_exceeded, "the frame buffer is smaller than a frame", where->size};
  }
  if (auto done = read(where->location, frame_.first(where->size)); !done) return done.error();
  const std::span<const std::byte, flash::frame_header_size> header(frame_.data(),
                                                                    flash::frame_header_size);
  frame found = *where;
  if (!flash::read(header, found.sequence, found.header) || found.header.body != size ||
      found.header.record != record || found.header.type != flash::frame_type::put ||
      !open_into(found, out.first(size))) {
    return error{errc::authentication_failed, "a record in the flash does not open", record};
  }
  return size;
}

bool flash_store::has(std::uint32_t record) const noexcept {
  return record < index_.size() && index_[record] != 0;
}

result<void> flash_store::seal() noexcept {
  if (counter_ == nullptr) return error{errc::unsupported, "this till has no counter"};
  if (auto good = check_writable(); !good) return good;
  std::uint64_t now = 0;
  if (counter_->read(counter_->context, &now) != 0) {
    return error{errc::io_error, "the counter could not be read"};
  }
  if (auto room = make_room(layout_.frame(flash::anchor_body)); !room) return room;
  const std::uint64_t before = sealed_;
  sealed_ = now + 1;
  if (auto done = write_mark(flash::frame_type::anchor); !done) {
    sealed_ = before;
    return done;
  }
  if (counter_->increment(counter_->context) != 0) {
    return stop(error{errc::io_error, "the counter could not be incremented: mount again"});
  }
  return {};
}

result<void> flash_store::shut_down() noexcept {
  if (auto good = check_writable(); !good) return good;
  // Without room for it the next boot opens a sector, as it would anyway.
  if (written_ && end_ + layout_.frame(flash::anchor_body) <= layout_.sector) {
    if (auto done = write_mark(flash::frame_type::end); !done) return done;
  }
  zeroize();
  return {};
}

void flash_store::zeroize() noexcept {
  key_.clear();
  stage_ = stage::closed;
}

std::size_t flash_store::largest_value() const noexcept {
  const std::size_t largest = frame_.size() & ~std::size_t{layout_.granule - 1};
  return largest - layout_.body_at() - flash::tag_size;
}

std::uint32_t flash_store::free_sectors() const noexcept {
  return layout_.sectors - static_cast<std::uint32_t>(in_use());
}

// Rule 7: with so many bytes one round of cleaning always makes room.
std::uint64_t flash_store::capacity() const noexcept {
  const std::uint64_t largest = frame_.size() & ~std::size_t{layout_.granule - 1};
  return std::uint64_t{layout_.sectors - 4} * (layout_.usable() - largest);
}

}  // namespace clientbook
