// Frames and sector headers: read, checked, sealed, and made unreadable (docs/format/flash.md).
#include <clientbook/internal/crypto/log_cipher.hpp>

#include <algorithm>

#include "flash_frame.hpp"

namespace clientbook {
namespace {

using nonce = std::array<std::byte, 24>;

// The salt first, so that it enters the derivation of the key: without it there is none.
nonce nonce_of(byte_view salt, std::uint64_t lsn) noexcept {
  nonce out;
  copy_bytes(out, salt);
  std::memcpy(out.data() + flash::salt_size, &lsn, sizeof lsn);
  return out;
}

bool all_zero(byte_view bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

}  // namespace

bool flash_store::read_sector(std::uint64_t sequence, flash::sector_header& to) const noexcept {
  std::array<std::byte, flash::sector_header_size> bytes;
  return read_sector(sequence, to, bytes);
}

bool flash_store::read_sector(
    std::uint64_t sequence, flash::sector_header& to,
    std::span<std::byte, flash::sector_header_size> bytes) const noexcept {
  if (!try_read(base_of(sequence), bytes)) return false;
  if (!flash::read(bytes, to)) return false;
  std::array<std::byte, sizeof(book_id) + flash::sector_fields> ad;
  copy_bytes(ad, store_.bytes);
  copy_bytes(byte_span(ad).subspan(sizeof(book_id)), bytes.first(flash::sector_fields));
  return crypto::open_log(
      key_, nonce_of(to.own_salt, to.sequence), ad, {},
      std::span<const std::byte, flash::sector_header_size>(bytes).last<crypto::log_tag_size>());
}

void flash_store::bind(byte_view header, std::array<std::byte, 32>& ad) const noexcept {
  copy_bytes(ad, store_.bytes);
  copy_bytes(byte_span(ad).subspan(sizeof(book_id)), header.first(flash::frame_fields));
}

// Of a frame that lies whole within its sector.
bool flash_store::read_header(std::uint64_t sequence, std::uint32_t offset,
                              frame& to) const noexcept {
  std::array<std::byte, flash::frame_header_size> bytes;
  return read_header(sequence, offset, to, bytes);
}

bool flash_store::read_header(std::uint64_t sequence, std::uint32_t offset, frame& to,
                              std::span<std::byte, flash::frame_header_size> bytes) const noexcept {
  if (offset > layout_.sector || layout_.sector - offset < layout_.frame(0)) return false;
  if (!try_read(base_of(sequence) + offset, bytes)) return false;
  if (!flash::read(bytes, sequence, to.header)) return false;
  to.sequence = sequence;
  to.offset = offset;
  to.size = layout_.frame(to.header.body);
  to.location = base_of(sequence) + offset;
  return to.size <= layout_.sector - offset;
}

// The whole frame in one look, from which all else is judged: a cell that power left half written
// reads differently each time. True: header and body are as they were written.
bool flash_store::read_frame(std::uint64_t sequence, std::uint32_t offset,
                             frame& to) const noexcept {
  frame first;
  if (!read_header(sequence, offset, first)) return false;
  to = first;
  if (first.size > frame_.size() || !try_read(first.location, frame_.first(first.size))) {
    return false;
  }
  const std::span<const std::byte, flash::frame_header_size> header(frame_.data(),
                                                                    flash::frame_header_size);
  if (!flash::read(header, sequence, to.header) || to.header.body != first.header.body) {
    return false;
  }
  const byte_view body =
      frame_.subspan(layout_.salt_at(), flash::salt_size + to.header.body + flash::tag_size);
  return flash::crc32(0, body) == to.header.body_crc;
}

// Precondition: the frame is in the buffer.
bool flash_store::is_sealed_so(const frame& what) const noexcept {
  std::array<std::byte, 32> ad;
  bind(frame_, ad);
  const byte_view body = frame_.subspan(layout_.body_at(), what.header.body);
  return crypto::check_log(
      key_, nonce_of(frame_.subspan(layout_.salt_at(), flash::salt_size), what.header.lsn), ad,
      body,
      std::span<const std::byte, flash::tag_size>(body.data() + body.size(), flash::tag_size));
}

// The same, and the plaintext to `out`, which has its size.
bool flash_store::open_into(const frame& what, byte_span out) const noexcept {
  std::array<std::byte, 32> ad;
  bind(frame_, ad);
  const byte_view body = frame_.subspan(layout_.body_at(), what.header.body);
  copy_bytes(out, body);
  return crypto::open_log(
      key_, nonce_of(frame_.subspan(layout_.salt_at(), flash::salt_size), what.header.lsn), ad, out,
      std::span<const std::byte, flash::tag_size>(body.data() + body.size(), flash::tag_size));
}

// Over the headers of all frames of a sector up to `end`.
result<flash::mac> flash_store::mac_of(std::uint64_t sequence, std::uint32_t end,
                                       const flash::salt& under,
                                       std::uint32_t& count) const noexcept {
  crypto::log_mac mac(key_, under);
  count = 0;
  std::array<std::byte, flash::frame_header_size> bytes;
  for (std::uint32_t at = layout_.first(); at < end;) {
    flash::frame_header header;
    if (auto done = read(base_of(sequence) + at, bytes); !done) return done.error();
    if (!flash::read(bytes, sequence, header)) {
      return error{errc::damaged, flash::frame_damaged.text, sequence % layout_.sectors};
    }
    mac.update(bytes);
    at += layout_.frame(header.body);
    ++count;
  }
  return mac.finish();
}

// Precondition: it has room. The record's index is the caller's.
result<void> flash_store::write_frame(const flash::frame_header& what, const flash::salt& salt,
                                      byte_view plaintext) noexcept {
  flash::frame_header header = what;
  header.body = static_cast<std::uint16_t>(plaintext.size());
  header.lsn = next_lsn_;
  const std::uint32_t size = layout_.frame(plaintext.size());
  const byte_span bytes = frame_.first(size);
  std::fill(bytes.begin(), bytes.end(), std::byte{0xFF});
  const std::span<std::byte, flash::frame_header_size> front(bytes.data(),
                                                             flash::frame_header_size);
  flash::write(header, head_, front);
  copy_bytes(bytes.subspan(layout_.salt_at()), salt);
  const byte_span body = bytes.subspan(layout_.body_at(), plaintext.size());
  copy_bytes(body, plaintext);
  std::array<std::byte, 32> ad;
  bind(bytes, ad);
  crypto::seal_log(
      key_, nonce_of(salt, header.lsn), ad, body,
      std::span<std::byte, flash::tag_size>(body.data() + body.size(), flash::tag_size));
  header.body_crc = flash::crc32(
      0, bytes.subspan(layout_.salt_at(), flash::salt_size + plaintext.size() + flash::tag_size));
  flash::write(header, head_, front);
  if (auto done = program(base_of(head_) + end_, bytes); !done) return done;
  end_ += size;
  ++next_lsn_;
  written_ = true;
  return {};
}

// A commit, an anchor or an end: they vouch for the headers of all frames before them.
result<void> flash_store::write_mark(flash::frame_type type) noexcept {
  flash::salt salt;
  if (auto drawn = random_->fill(salt); !drawn) return drawn;
  std::uint32_t count = 0;
  const auto mac = mac_of(head_, end_, salt, count);
  if (!mac) return stop(mac.error());
  std::array<std::byte, flash::commit_body> body;
  std::memcpy(body.data(), &sealed_, sizeof sealed_);
  copy_bytes(byte_span(body).subspan(8), *mac);
  std::memcpy(body.data() + 24, &tail_.sequence, sizeof tail_.sequence);
  std::memcpy(body.data() + 32, &tail_.offset, sizeof tail_.offset);
  const bool commit = type == flash::frame_type::commit;
  return write_frame({.type = type}, salt,
                     byte_view(body).first(commit ? flash::commit_body : flash::anchor_body));
}

// Of the header alone.
result<flash_store::frame> flash_store::frame_at(std::uint32_t location) const noexcept {
  const std::uint32_t sector = location / layout_.sector;
  // The newest sector of the log that lies in that sector of the part.
  const std::uint64_t back = (head_ + layout_.sectors - sector) % layout_.sectors;
  frame out;
  if (back > head_ || !read_header(head_ - back, location % layout_.sector, out)) {
    return error{errc::damaged, flash::frame_damaged.text, sector};
  }
  return out;
}

// Rule: the newer value is durable first, then the salt of the old one goes.
result<void> flash_store::scrub(std::uint32_t location) noexcept {
  std::array<std::byte, flash::salt_size> salt;
  const std::uint32_t at = location + layout_.salt_at();
  if (try_read(at, salt) && all_zero(salt)) return {};
  return zero(at, layout_.rounded(flash::salt_size));
}

result<void> flash_store::scrub_frames(std::uint64_t sequence, std::uint32_t from,
                                       std::uint32_t to) noexcept {
  for (std::uint32_t at = from; at < to;) {
    frame found;
    if (!read_header(sequence, at, found)) break;
    if (found.header.type == flash::frame_type::put) {
      if (auto done = scrub(found.location); !done) return done;
    }
    at += found.size;
  }
  return {};
}

result<void> flash_store::forget_value(std::uint32_t location) noexcept {
  if (can(CLIENTBOOK_FLASH_ZERO_OVERWRITE)) return scrub(location);
  const auto where = frame_at(location);
  if (where) pending_through_ = std::max(pending_through_, where->sequence);
  return {};
}

}  // namespace clientbook
