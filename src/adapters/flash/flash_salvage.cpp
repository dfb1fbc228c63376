// Salvage: what opens of a damaged store is found, and nothing is written. Every frame is opened,
// nothing is believed but its own seal; sectors that are gone are counted.
#include <algorithm>

#include "flash_frame.hpp"

namespace clientbook {

void flash_store::salvage_sector(mounting& what, const flash::sector_header& header) noexcept {
  const std::uint64_t sequence = header.sequence;
  bool copies = header.kind == flash::sector_kind::cleaning;
  bool torn = false;
  what.grouped = 0;
  for (std::uint32_t at = layout_.first(); at < layout_.sector;) {
    frame found;
    const bool whole = read_frame(sequence, at, found);
    if (found.size == 0) {  // No header: on to where the next one begins.
      torn = torn || !is_blank(sequence, at);
      at += layout_.granule;
      continue;
    }
    at += found.size;
    if (!whole || !is_sealed_so(found)) {
      // Values that were replaced look so too: they are no loss, since the newer one follows.
      if (found.header.type == flash::frame_type::put && found.header.record < index_.size()) {
        index_[found.header.record] |= flash::broken;
      }
      what.grouped = 0;
      continue;
    }
    if (sequence == tail_.sequence && found.offset < tail_.offset) continue;
    const bool put = found.header.type == flash::frame_type::put;
    if (!put && found.header.type != flash::frame_type::remove) {
      copies = copies && found.header.type != flash::frame_type::commit;
      continue;
    }
    if (found.header.record >= index_.size()) continue;
    if (copies || found.header.group == 1) {
      index_[found.header.record] = put ? found.location : 0;
      continue;
    }
    if (found.header.position != what.grouped) what.grouped = 0;
    if (found.header.position != what.grouped) continue;
    what.group[what.grouped++] = {found.header.record, put ? found.location : 0U, found.size};
    if (what.grouped < found.header.group) continue;
    for (std::size_t i = 0; i < what.grouped; ++i)
      index_[what.group[i].record] = what.group[i].location;
    what.grouped = 0;
  }
  if (torn) ++what.report.sectors_damaged;
}

result<void> flash_store::salvage(mounting& what) noexcept {
  head_ = what.newest.sequence;
  tail_ = what.newest.tail;
  if (tail_.sequence > head_ || in_use() > layout_.sectors) tail_ = {head_, layout_.first()};
  sealed_ = what.newest.counter;
  end_ = layout_.sector;
  for (std::uint64_t each = tail_.sequence; each <= head_; ++each) {
    flash::sector_header header;
    if (read_sector(each, header) && header.sequence == each) {
      salvage_sector(what, header);
    } else {
      ++what.report.sectors_damaged;
    }
  }
  for (std::uint32_t& each : index_) {
    if ((each & flash::broken) == 0) continue;
    // Its newest value does not open; an older one that does is not what the customer last said.
    each = 0;
    ++what.report.frames_damaged;
  }
  std::uint64_t now = 0;
  if (counter_ != nullptr) {
    what.report.rolled_back =
        counter_->read(counter_->context, &now) != 0 || sealed_ + counter_->max_skip < now;
  }
  return {};
}

}  // namespace clientbook
