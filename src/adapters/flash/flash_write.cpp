// Writing: a group of changes is whole or not there, the newest sector is closed and another one
// opened, and what was replaced is made unreadable (rules 2 to 4, 6 and 7 of
// docs/format/flash.md).
#include <clientbook/internal/crypto/log_cipher.hpp>

#include <algorithm>

#include "flash_frame.hpp"

namespace clientbook {

result<void> flash_store::check_writable() const noexcept {
  if (stage_ == stage::ready) return {};
  if (stage_ == stage::salvaged) {
    return error{errc::invalid_state, "a salvaged flash store is only read: format another one"};
  }
  return stage_ == stage::stopped ? flash::has_stopped : flash::is_closed;
}

// Returns the bytes that the group takes; `live`: of all records when it is done.
result<std::uint32_t> flash_store::check_group(std::span<const flash_change> group,
                                               std::uint64_t& live) const noexcept {
  if (group.empty() || group.size() > largest_group) {
    return error{errc::invalid_argument, "a group has 1 to 8 changes"};
  }
  std::uint32_t total = 0;
  std::uint64_t added = 0;
  live = live_;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const flash_change& one = group[i];
    if (one.record >= index_.size()) {
      return error{errc::invalid_argument, "a record's number is above the index", i};
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (group[j].record == one.record) {
        return error{errc::invalid_argument, "a group changes a record once", i};
      }
    }
    const bool put = one.what == flash_change::kind::put;
    if (!put && !has(one.record)) return error{errc::not_found, "the flash has no such record", i};
    if (put && one.value.size() > largest_value()) {
      return error{errc::limit_exceeded, "a value is larger than the store takes", largest_value()};
    }
    if (has(one.record)) {
      const auto former = frame_at(index_[one.record]);
      if (!former) return former.error();
      live -= former->size;
    }
    const std::uint32_t size = layout_.frame(put ? one.value.size() : 0);
    total += size;
    if (put) added += size;
  }
  live += added;
  if (total > layout_.usable()) {
    return error{errc::limit_exceeded, "a group fits into one sector", layout_.usable()};
  }
  if (live > capacity() && live > live_) {
    return error{errc::disk_full, "the flash is full: remove records, nothing was changed"};
  }
  return total;
}

result<flash_erasure> flash_store::apply(std::span<const flash_change> group) noexcept {
  if (auto good = check_writable(); !good) return good.error();
  std::uint64_t live = 0;
  const auto size = check_group(group, live);
  if (!size) return size.error();
  // All that can be refused is refused before the first byte is written.
  std::array<flash::salt, largest_group> salts;
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (auto drawn = random_->fill(salts[i]); !drawn) return drawn.error();
  }
  if (auto room = make_room(*size); !room) return room.error();

  std::array<std::uint32_t, largest_group> places{};
  for (std::size_t i = 0; i < group.size(); ++i) {
    const bool put = group[i].what == flash_change::kind::put;
    if (put) places[i] = base_of(head_) + end_;
    const flash::frame_header header{
        .type = put ? flash::frame_type::put : flash::frame_type::remove,
        .position = static_cast<std::uint8_t>(i),
        .group = static_cast<std::uint8_t>(group.size()),
        .record = group[i].record};
    if (auto done = write_frame(header, salts[i], put ? group[i].value : byte_view{}); !done) {
      return done.error();
    }
  }
  live_ = live;
  bool replaced = false;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const std::uint32_t former = index_[group[i].record];
    index_[group[i].record] = places[i];
    if (former == 0) continue;
    replaced = true;
    if (auto gone = forget_value(former); !gone) return gone.error();
  }
  return replaced && !can(CLIENTBOOK_FLASH_ZERO_OVERWRITE) ? flash_erasure::pending
                                                           : flash_erasure::done;
}

result<flash_erasure> flash_store::put(std::uint32_t record, byte_view value) noexcept {
  const flash_change one{flash_change::kind::put, record, value};
  return apply(std::span(&one, 1));
}

result<flash_erasure> flash_store::remove(std::uint32_t record) noexcept {
  const flash_change one{flash_change::kind::remove, record, {}};
  return apply(std::span(&one, 1));
}

// After it the newest sector has room for so many bytes.
result<void> flash_store::make_room(std::uint32_t bytes) noexcept {
  // One round of cleaning is enough (rule 7); a second one only ends a loop that a fault made.
  for (std::uint32_t steps = 0; steps < 2 * layout_.sectors; ++steps) {
    if (!must_open_ && end_ + bytes <= layout_.limit()) return {};
    // Rule 6: one free sector remains for cleaning, whatever happens.
    const auto done = free_sectors() >= 3 ? open_sector(flash::sector_kind::plain) : clean();
    if (!done) return done;
  }
  return error{errc::disk_full, "the flash is full: remove records, nothing was changed"};
}

result<void> flash_store::open_sector(flash::sector_kind kind) noexcept {
  flash::sector_header header;
  if (auto drawn = random_->fill(header.own_salt); !drawn) return drawn;
  header.kind = kind;
  header.sequence = head_ + 1;
  header.tail = tail_;
  header.next_lsn = next_lsn_;
  header.counter = sealed_;
  if (end_ != 0) {
    const auto mac = mac_of(head_, end_, header.own_salt, header.former_count);
    if (!mac) return stop(mac.error());
    header.former_mac = *mac;
    header.former_end = end_;
  }
  // Rule 4: what looks blank may be half erased, unless this boot erased it.
  if (header.sequence < erased_from_) {
    if (auto done = erase(header.sequence); !done) return done;
  }
  std::array<std::byte, flash::sector_header_size + 32> bytes;
  bytes.fill(std::byte{0xFF});
  const std::span<std::byte, flash::sector_header_size> front(bytes.data(),
                                                              flash::sector_header_size);
  flash::write(header, front);
  std::array<std::byte, sizeof(book_id) + flash::sector_fields> ad;
  copy_bytes(ad, store_.bytes);
  copy_bytes(byte_span(ad).subspan(sizeof(book_id)), front.first(flash::sector_fields));
  std::array<std::byte, 24> nonce;
  copy_bytes(nonce, header.own_salt);
  std::memcpy(nonce.data() + flash::salt_size, &header.sequence, sizeof header.sequence);
  crypto::seal_log(key_, nonce, ad, {}, front.last<crypto::log_tag_size>());
  if (auto done = program(base_of(header.sequence), byte_view(bytes).first(layout_.first()));
      !done) {
    return done;
  }
  head_ = header.sequence;
  end_ = layout_.first();
  must_open_ = false;
  written_ = true;
  return {};
}

}  // namespace clientbook
