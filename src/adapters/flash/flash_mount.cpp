// Mounting: the newest sector is found, its end judged, the log replayed from its tail, everything
// held against what the headers vouch for, and only then is finished what power interrupted
// (rules 8 and 9 of docs/format/flash.md). Until finish() nothing is changed but that what was
// accepted last is written again as it was read.
#include <clientbook/internal/crypto/log_cipher.hpp>

#include <algorithm>

#include "flash_frame.hpp"

namespace clientbook {
namespace {

error damaged(std::uint64_t sector) noexcept {
  return {errc::damaged, flash::frame_damaged.text, sector};
}

}  // namespace

result<flash_report> flash_store::mount(const secret<32>& key, const book_id& store,
                                        flash_mount how) noexcept {
  if (auto good = check_part(); !good) return good.error();
  begin(key, store);
  mounting what;
  const auto run = [&]() -> result<void> {
    if (auto found = find_newest(what); !found) return found;
    if (how == flash_mount::salvage) return salvage(what);
    if (auto done = settle_newest(what); !done) return done;
    if (auto done = replay_closed(); !done) return done;
    if (auto done = walk_newest(what, true); !done) return done;
    // In a cleaning that is thrown away that was done already, from one reading of its end.
    if (what.discarded_at == 0) {
      if (auto done = look_behind(head_ + 1, layout_.first()); !done) return done;
    }
    if (auto done = check_index(); !done) return done;
    if (auto done = check_counter(what); !done) return done;
    return finish(what);
  };
  if (auto done = run(); !done) {
    zeroize();
    std::fill(index_.begin(), index_.end(), 0U);
    return done.error();
  }
  stage_ = how == flash_mount::salvage ? stage::salvaged : stage::ready;
  what.report.sectors_in_use = static_cast<std::uint32_t>(in_use());
  what.report.records = static_cast<std::uint32_t>(
      std::count_if(index_.begin(), index_.end(), [](std::uint32_t at) { return at != 0; }));
  return what.report;
}

result<void> flash_store::find_newest(mounting& what) noexcept {
  bool found = false;
  bool ours = false;
  bool newer = false;
  for (std::uint32_t i = 0; i < layout_.sectors; ++i) {
    flash::sector_header header;
    std::array<std::byte, flash::sector_header_size> as_read;
    if (read_sector(i, header, as_read) && header.sequence % layout_.sectors == i) {
      if (!found || header.sequence > what.newest.sequence) {
        what.newest = header;
        what.as_read = as_read;
      }
      found = true;
      continue;
    }
    std::array<std::byte, 5> front;
    std::uint32_t word = 0;
    if (!try_read(base_of(i), front)) continue;
    std::memcpy(&word, front.data(), sizeof word);
    ours = ours || word == flash::magic;
    newer = newer || (word == flash::magic && front[4] > std::byte{flash::version} &&
                      front[4] != std::byte{0xFF});
  }
  if (found) return {};
  if (newer) {
    return error{errc::newer_format, "the flash was written by a later version: update the till"};
  }
  if (ours) {
    return error{errc::wrong_key, "the flash is of another device or was sealed under another key"};
  }
  return error{errc::not_a_book, "the flash holds no store: format it"};
}

// A cleaning without its commit is thrown away: the sector before it is the newest.
result<void> flash_store::settle_newest(mounting& what) noexcept {
  head_ = what.newest.sequence;
  tail_ = what.newest.tail;
  // Before it is looked at again: power may have cut it.
  what.at = layout_.first();
  if (auto firm = make_firm(what, nullptr); !firm) return firm;
  if (what.newest.kind == flash::sector_kind::plain) return {};
  if (auto walked = walk_newest(what, false); !walked) return walked;
  if (what.committed) return {};
  if (what.newest.sequence == 0) return damaged(0);
  flash::sector_header former;
  if (!read_sector(head_ - 1, former, what.as_read) || former.sequence != head_ - 1) {
    return damaged((head_ - 1) % layout_.sectors);
  }
  // It vouched for the sector before it; that it is thrown away must hide nothing of that one.
  std::uint32_t count = 0;
  const auto mac = mac_of(former.sequence, what.newest.former_end, what.newest.own_salt, count);
  if (!mac) return mac.error();
  if (*mac != what.newest.former_mac || count != what.newest.former_count) return flash::spliced;
  what.vouched_end = what.newest.former_end;
  what.newest = former;
  what.discarded_at = what.at;
  ++what.report.cleanings_discarded;
  head_ = former.sequence;
  tail_ = former.tail;
  if (former.kind == flash::sector_kind::cleaning) {
    if (auto walked = walk_newest(what, false); !walked) return walked;
    if (!what.committed) return damaged(head_ % layout_.sectors);
  }
  return {};
}

// Its newest value, or location 0: it was removed.
result<void> flash_store::set_record(std::uint32_t record, std::uint32_t location,
                                     std::uint32_t size) noexcept {
  if (record >= index_.size()) {
    return error{errc::limit_exceeded, "the flash has more records than the index", record};
  }
  const std::uint32_t former = index_[record] & ~flash::broken;
  index_[record] = location;
  if (former != 0) {
    const auto gone = frame_at(former);
    if (!gone) return gone.error();
    live_ -= gone->size;
    if (!can(CLIENTBOOK_FLASH_ZERO_OVERWRITE)) {
      pending_through_ = std::max(pending_through_, gone->sequence);
    }
  }
  if (location != 0) live_ += size;
  return {};
}

// Every sector from the tail on must be there, in sequence, and be what the next one says.
result<void> flash_store::replay_closed() noexcept {
  if (tail_.sequence > head_ || in_use() > layout_.sectors) return flash::spliced;
  for (std::uint64_t each = tail_.sequence; each < head_; ++each) {
    flash::sector_header here;
    flash::sector_header next;
    if (!read_sector(each, here) || here.sequence != each) return damaged(each % layout_.sectors);
    if (!read_sector(each + 1, next) || next.sequence != each + 1) {
      return damaged((each + 1) % layout_.sectors);
    }
    if (next.former_end > layout_.sector) return flash::spliced;
    // A write that was refused lies behind the end, and could not be made unreadable.
    if (!can(CLIENTBOOK_FLASH_ZERO_OVERWRITE) && !is_blank(each, next.former_end)) {
      pending_through_ = std::max(pending_through_, each);
    }
    crypto::log_mac mac(key_, next.own_salt);
    std::uint32_t count = 0;
    for (std::uint32_t at = layout_.first(); at < next.former_end; ++count) {
      frame found;
      std::array<std::byte, flash::frame_header_size> as_read;
      if (!read_header(each, at, found, as_read)) return damaged(each % layout_.sectors);
      mac.update(as_read);
      at += found.size;
      if (each == tail_.sequence && found.offset < tail_.offset) continue;
      const bool put = found.header.type == flash::frame_type::put;
      if (!put && found.header.type != flash::frame_type::remove) continue;
      const auto set =
          set_record(found.header.record, put ? found.location : 0, put ? found.size : 0);
      if (!set) return set;
    }
    if (mac.finish() != next.former_mac || count != next.former_count) return flash::spliced;
  }
  return {};
}

// The newest sector, whose end nobody vouches for: every frame is opened. `applying`: else it is
// only looked at, whether a cleaning has its commit.
result<void> flash_store::walk_newest(mounting& what, bool applying) noexcept {
  what.committed = what.newest.kind == flash::sector_kind::plain;
  what.ended = false;
  what.at = what.end = layout_.first();
  what.own_lsn = what.newest.next_lsn;
  what.grouped = what.formers = 0;
  sealed_ = what.newest.counter;
  while (true) {
    frame found;
    frame behind;
    const bool whole = read_frame(head_, what.at, found);
    if (!whole && found.size > frame_.size()) {
      return error{errc::limit_exceeded, "the frame buffer is smaller than a frame", found.size};
    }
    if (!whole || !is_sealed_so(found)) {
      // A value that was replaced has lost its salt, and something was written behind it.
      const bool scrubbed = found.size != 0 && found.header.type == flash::frame_type::put &&
                            read_header(head_, found.offset + found.size, behind);
      if (!scrubbed) break;
      found.location |= flash::broken;
    }
    if (auto taken = take_frame(what, found, applying); !taken) return taken;
    what.at += found.size;
    if (what.grouped == 0) {
      what.end = what.at;
      if (auto done = make_firm(what, &found); !done) return done;
    }
  }
  if (what.end < what.vouched_end) return damaged(head_ % layout_.sectors);
  next_lsn_ = what.own_lsn;
  end_ = what.end;
  return look_behind(head_, what.at + layout_.granule);
}

// What power may have cut is written again as it was read, so that it reads so next time too.
// Something whole behind it says that it was not cut.
result<void> flash_store::make_firm(mounting& what, const frame* last) noexcept {
  frame behind;
  if (!can(CLIENTBOOK_FLASH_REPROGRAM_SAME) || read_header(head_, what.at, behind)) return {};
  if (last != nullptr) {
    if ((last->location & flash::broken) != 0) return {};
    return program(last->location, frame_.first(last->size));
  }
  std::array<std::byte, flash::sector_header_size + 32> bytes;
  const byte_span front = byte_span(bytes).first(layout_.first());
  // What follows the header in its last granule is padding.
  std::fill(front.begin(), front.end(), std::byte{0xFF});
  copy_bytes(front, what.as_read);
  return program(base_of(head_), front);
}

result<void> flash_store::take_mark(mounting& what, const frame& found) noexcept {
  std::array<std::byte, flash::commit_body> body;
  const bool commit = found.header.type == flash::frame_type::commit;
  const std::size_t size = commit ? flash::commit_body : flash::anchor_body;
  if (found.header.body != size || commit == what.committed) return flash::spliced;
  if (!open_into(found, byte_span(body).first(size))) return flash::spliced;
  flash::salt under;
  copy_bytes(under, frame_.subspan(layout_.salt_at(), flash::salt_size));
  std::uint32_t count = 0;
  const auto mac = mac_of(head_, found.offset, under, count);
  if (!mac) return mac.error();
  if (!same_bytes(*mac, byte_view(body).subspan(8, flash::mac_size))) return flash::spliced;
  std::memcpy(&sealed_, body.data(), sizeof sealed_);
  if (commit) {
    what.committed = true;
    std::memcpy(&tail_.sequence, body.data() + 24, sizeof tail_.sequence);
    std::memcpy(&tail_.offset, body.data() + 32, sizeof tail_.offset);
  }
  what.ended = found.header.type == flash::frame_type::end;
  what.formers = 0;
  return {};
}

// Rule 2: a group counts when its last frame is whole. Copies before a commit are no group.
result<void> flash_store::take_frame(mounting& what, const frame& found, bool applying) noexcept {
  const bool change =
      found.header.type == flash::frame_type::put || found.header.type == flash::frame_type::remove;
  const bool copy = !what.committed && change;
  if (!copy && found.header.lsn != what.own_lsn) return flash::spliced;
  if (copy ? found.header.lsn >= what.own_lsn : found.header.position != what.grouped) {
    return flash::spliced;
  }
  if (!copy) ++what.own_lsn;
  if (!change) return take_mark(what, found);
  what.ended = false;
  const std::uint32_t location = found.header.type == flash::frame_type::put ? found.location : 0U;
  if (copy) {
    return applying ? set_record(found.header.record, location, found.size) : result<void>();
  }
  what.group[what.grouped++] = {found.header.record, location, found.size};
  if (what.grouped < found.header.group) return {};
  what.formers = 0;
  for (std::size_t i = 0; i < what.grouped && applying; ++i) {
    const auto [record, to, size] = what.group[i];
    if (record < index_.size() && index_[record] != 0) {
      what.former[what.formers++] = index_[record] & ~flash::broken;
    }
    if (auto set = set_record(record, to, size); !set) return set;
  }
  what.grouped = 0;
  return {};
}

// What power cuts is the last thing in a sector, and the newest sector the last one. Something
// whole behind the end, newer than what is before it, says that it is no end but damage, and what
// was acknowledged would be lost quietly. (Copies that a cleaning left without a commit are older.)
result<void> flash_store::look_behind(std::uint64_t sequence, std::uint32_t from) noexcept {
  if (is_blank(sequence, from)) return {};
  for (std::uint32_t at = from; at < layout_.sector; at += layout_.granule) {
    std::array<std::byte, 1> first;
    if (try_read(base_of(sequence) + at, first) &&
        (first[0] < std::byte{1} || first[0] > std::byte{5})) {
      continue;
    }
    frame found;
    if (read_frame(sequence, at, found) && found.header.lsn >= next_lsn_ && is_sealed_so(found)) {
      return damaged(sequence % layout_.sectors);
    }
  }
  return {};
}

// A record whose newest value has lost its salt was not replaced: somebody took it away.
result<void> flash_store::check_index() const noexcept {
  for (const std::uint32_t each : index_) {
    if ((each & flash::broken) != 0) return flash::spliced;
  }
  return {};
}

result<void> flash_store::check_counter(mounting& what) noexcept {
  if (counter_ == nullptr) return {};
  std::uint64_t now = 0;
  if (counter_->read(counter_->context, &now) != 0) {
    return error{errc::io_error, "the counter could not be read"};
  }
  if (sealed_ == now + 1) {
    // Power failed between anchor and counter.
    if (counter_->increment(counter_->context) != 0) {
      return error{errc::io_error, "the counter could not be incremented"};
    }
    return {};
  }
  if (sealed_ > now) {
    return error{
        errc::version_mismatch,
        "the counter is behind the flash: it was replaced, or the flash is of another one"};
  }
  if (sealed_ + counter_->max_skip < now) {
    what.report.rolled_back = true;
    return error{errc::rolled_back, "the flash is an older copy: records may be missing from it"};
  }
  sealed_ = now;
  return {};
}

// Values before the tail, in its own sector, that no copy stands for any more.
void flash_store::note_leftovers() noexcept {
  for (std::uint32_t at = layout_.first(); tail_.sequence < head_ && at < tail_.offset;) {
    frame found;
    if (!read_header(tail_.sequence, at, found)) break;
    at += found.size;
    if (found.header.type != flash::frame_type::put || found.header.record >= index_.size())
      continue;
    const std::uint32_t copied = index_[found.header.record];
    const auto copy = copied == 0 ? result<frame>(flash::frame_damaged) : frame_at(copied);
    if (!copy || copy->header.lsn != found.header.lsn) {
      pending_through_ = std::max(pending_through_, tail_.sequence);
    }
  }
}

// Header and salt of what was refused.
result<void> flash_store::blot(std::uint64_t sequence, std::uint32_t offset) noexcept {
  const std::uint32_t front = layout_.rounded(layout_.body_at());
  return zero(base_of(sequence) + offset, std::min(front, layout_.sector - offset));
}

// From here on all is judged; every step can be cut and is taken again by the next mount().
result<void> flash_store::finish(mounting& what) noexcept {
  const bool zeroing = can(CLIENTBOOK_FLASH_ZERO_OVERWRITE);
  const bool refused = what.at != what.end || !is_blank(head_, what.at);
  if (refused) {
    ++what.report.writes_refused;
    if (!zeroing) pending_through_ = std::max(pending_through_, head_);
  }
  if (!zeroing) note_leftovers();
  // First what a refusal rests on, so that it stands: a commit that power left half written, too,
  // which must not be found whole when the erase of its sector is cut. Then what is left of a
  // group.
  if (what.discarded_at != 0 && zeroing) {
    if (auto done = blot(head_ + 1, what.discarded_at); !done) return done;
  }
  if (refused && zeroing) {
    if (auto done = blot(head_, what.at); !done) return done;
    if (auto done = scrub_frames(head_, what.end, what.at); !done) return done;
  }
  for (std::size_t i = 0; i < what.formers && zeroing; ++i) {
    if (auto done = scrub(what.former[i]); !done) return done;
  }
  if (zeroing && tail_.sequence < head_) {
    if (auto done = scrub_frames(tail_.sequence, layout_.first(), tail_.offset); !done) return done;
  }
  for (std::uint64_t each = head_ + 1; each < tail_.sequence + layout_.sectors; ++each) {
    if (is_blank(each, 0)) continue;
    if (auto done = erase(each); !done) return done;
  }
  // A boot that ended in good order goes on where it was; after a cut nothing is appended to what
  // an earlier boot has written (rule 3).
  must_open_ = !what.ended || refused;
  return {};
}

}  // namespace clientbook
