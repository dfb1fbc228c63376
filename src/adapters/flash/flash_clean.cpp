// Cleaning: what still counts is copied from the oldest sectors into a fresh one, byte for byte, a
// commit makes the copies count, and only then the originals go (rule 5 of docs/format/flash.md).
// A cut before the commit leaves a sector that mount() throws away.
#include <algorithm>

#include "flash_frame.hpp"

namespace clientbook {

// Copies what counts of one sector, from `at` on; false: there is no more room.
result<bool> flash_store::copy_live(std::uint64_t sequence, std::uint32_t end,
                                    flash::place& at) noexcept {
  while (at.offset < end) {
    frame found;
    if (!read_header(sequence, at.offset, found)) {
      return stop({errc::damaged, flash::frame_damaged.text, sequence % layout_.sectors});
    }
    const bool live = found.header.type == flash::frame_type::put &&
                      found.header.record < index_.size() &&
                      index_[found.header.record] == found.location;
    if (live) {
      if (end_ + found.size > layout_.limit()) return false;
      frame whole;
      if (!read_frame(sequence, at.offset, whole)) {
        return stop({errc::damaged, "a record in the flash is damaged: mount it for salvage",
                     found.header.record});
      }
      // Its seal is bound to neither place nor sector: only the check word is new.
      flash::write(
          whole.header, head_,
          std::span<std::byte, flash::frame_header_size>(frame_.data(), flash::frame_header_size));
      if (auto done = program(base_of(head_) + end_, frame_.first(whole.size)); !done) {
        return done.error();
      }
      index_[whole.header.record] = base_of(head_) + end_;
      end_ += whole.size;
    }
    at.offset += found.size;
  }
  at = {sequence + 1, layout_.first()};
  return true;
}

result<void> flash_store::clean() noexcept {
  const flash::place former = tail_;
  if (auto opened = open_sector(flash::sector_kind::cleaning); !opened) return opened;
  flash::place at = former;
  while (at.sequence < head_) {
    flash::sector_header next;
    if (!read_sector(at.sequence + 1, next) || next.sequence != at.sequence + 1) {
      return stop({errc::damaged, flash::frame_damaged.text, (at.sequence + 1) % layout_.sectors});
    }
    const auto all = copy_live(at.sequence, next.former_end, at);
    if (!all) return all.error();
    if (!*all) break;
  }
  tail_ = at;
  if (auto done = write_mark(flash::frame_type::commit); !done) return stop(done.error());

  // Originals of a sector that is not done yet: what they hold opens from the copy alone.
  if (at.sequence < head_ && can(CLIENTBOOK_FLASH_ZERO_OVERWRITE)) {
    const std::uint32_t from = at.sequence == former.sequence ? former.offset : layout_.first();
    if (auto done = scrub_frames(at.sequence, from, at.offset); !done) return done;
  }
  for (std::uint64_t each = former.sequence; each < at.sequence; ++each) {
    if (auto done = erase(each); !done) return done;
  }
  if (erased_from_ == never) erased_from_ = former.sequence + layout_.sectors;
  return {};
}

bool flash_store::erasure_pending() const noexcept { return pending_through_ >= tail_.sequence; }

result<bool> flash_store::finish_erasure() noexcept {
  if (auto good = check_writable(); !good) return good.error();
  if (!erasure_pending()) return false;
  if (auto done = clean(); !done) return done.error();
  return erasure_pending();
}

result<bool> flash_store::clean_ahead(std::uint32_t free_wanted) noexcept {
  if (auto good = check_writable(); !good) return good.error();
  if (free_sectors() >= std::min(free_wanted, layout_.sectors - 2)) return false;
  // A cleaning closes the newest sector: not while that has room. And only where it gains a sector,
  // since flash wears.
  if (!must_open_ && layout_.limit() - end_ > layout_.usable() / 4) return false;
  const std::uint64_t largest = frame_.size() & ~std::size_t{layout_.granule - 1};
  const std::uint64_t needed = live_ / (layout_.usable() - largest) + 2;
  if (in_use() <= needed) return false;
  if (auto done = clean(); !done) return done.error();
  return true;
}

}  // namespace clientbook
