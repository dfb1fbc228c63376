// The bytes of the flash store: headers of sectors and frames, and how large they are on a part of
// a given granule (docs/format/flash.md). Little endian, since flash of tills is. Knows no port.
#ifndef CLIENTBOOK_INTERNAL_ADAPTERS_FLASH_FORMAT_HPP
#define CLIENTBOOK_INTERNAL_ADAPTERS_FLASH_FORMAT_HPP

#include <clientbook/base/bytes.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace clientbook::flash {

inline constexpr std::uint32_t magic = 0x4C464243;  // "CBFL"
inline constexpr std::uint8_t version = 1;
inline constexpr std::size_t salt_size = 16;
inline constexpr std::size_t tag_size = 16;
inline constexpr std::size_t mac_size = 16;
inline constexpr std::size_t sector_header_size = 100;
inline constexpr std::size_t sector_fields = 68;  // What the tag is over.
inline constexpr std::size_t frame_header_size = 24;
inline constexpr std::size_t frame_fields = 16;  // What a frame's seal is bound to.

using salt = std::array<std::byte, salt_size>;
using mac = std::array<std::byte, mac_size>;

enum class sector_kind : std::uint8_t { plain = 1, cleaning = 2 };

enum class frame_type : std::uint8_t {
  put = 1,
  remove = 2,
  commit = 3,  // A cleaning is done: tail, counter, MAC of the headers before it.
  anchor = 4,  // seal(): counter, MAC of the headers before it.
  end = 5,     // Power went off in good order: the same.
};

/// Where something is in the log. Sectors are numbered without end; sector n of the log lies in
/// sector n mod N of the part.
struct place {
  std::uint64_t sequence = 0;
  std::uint32_t offset = 0;
};

struct sector_header {
  sector_kind kind = sector_kind::plain;
  std::uint32_t former_end = 0;    // Of the sector before: where its frames end,
  std::uint32_t former_count = 0;  // how many there are,
  mac former_mac{};                // and what all their headers are.
  std::uint64_t sequence = 0;
  place tail{};
  std::uint64_t next_lsn = 0;
  std::uint64_t counter = 0;
  salt own_salt{};
};

struct frame_header {
  frame_type type = frame_type::put;
  std::uint8_t position = 0;  // In its group, from 0.
  std::uint8_t group = 1;     // How many its group has.
  std::uint16_t body = 0;     // Bytes of ciphertext.
  std::uint32_t record = 0;
  std::uint64_t lsn = 0;
  std::uint32_t body_crc = 0;  // Over salt, ciphertext and tag.
};

/// Body of a commit, and the shorter one of an anchor or an end.
inline constexpr std::size_t commit_body = 36;
inline constexpr std::size_t anchor_body = 24;

/// Sizes on a part.
struct layout {
  std::uint32_t granule = 1;
  std::uint32_t sector = 0;
  std::uint32_t sectors = 0;

  [[nodiscard]] std::uint32_t rounded(std::size_t size) const noexcept {
    return static_cast<std::uint32_t>((size + granule - 1) & ~std::size_t{granule - 1});
  }
  /// Where the first frame begins.
  [[nodiscard]] std::uint32_t first() const noexcept { return rounded(sector_header_size); }
  /// The salt begins a granule, so that it can be zeroed and leave the header as it is.
  [[nodiscard]] std::uint32_t salt_at() const noexcept { return granule <= 8 ? 24 : 32; }
  [[nodiscard]] std::uint32_t body_at() const noexcept {
    return salt_at() + static_cast<std::uint32_t>(salt_size);
  }
  [[nodiscard]] std::uint32_t frame(std::size_t body) const noexcept {
    return rounded(body_at() + body + tag_size);
  }
  /// Where records end in a sector: a commit always has room behind them.
  [[nodiscard]] std::uint32_t limit() const noexcept { return sector - frame(commit_body); }
  [[nodiscard]] std::uint32_t usable() const noexcept { return limit() - first(); }
};

/// CRC-32 (IEEE 802.3) with a table of 64 bytes; begun with `seed` in front of the bytes.
[[nodiscard]] std::uint32_t crc32(std::uint32_t seed, byte_view bytes) noexcept;

/// All but the tag, which is over the first `sector_fields` bytes.
void write(const sector_header& from, std::span<std::byte, sector_header_size> to) noexcept;
/// False: not a header of this version. Says nothing of who wrote it.
[[nodiscard]] bool read(std::span<const std::byte, sector_header_size> from,
                        sector_header& to) noexcept;

/// `sequence`: of the sector, so that a frame of another place or time is none.
void write(const frame_header& from, std::uint64_t sequence,
           std::span<std::byte, frame_header_size> to) noexcept;
[[nodiscard]] bool read(std::span<const std::byte, frame_header_size> from, std::uint64_t sequence,
                        frame_header& to) noexcept;

}  // namespace clientbook::flash

#endif
