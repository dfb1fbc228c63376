// The bytes of sector and frame headers (flash_format.hpp, docs/format/flash.md).
#include <clientbook/internal/adapters/flash_format.hpp>

#include <bit>

namespace clientbook::flash {
namespace {

static_assert(std::endian::native == std::endian::little);

template <class Unsigned>
void put(std::byte* to, Unsigned value) noexcept {
  std::memcpy(to, &value, sizeof value);
}

template <class Unsigned>
Unsigned get(const std::byte* from) noexcept {
  Unsigned value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

constexpr std::uint32_t nibbles[16] = {
    0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
    0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};

std::uint32_t step(std::uint32_t crc, std::uint8_t byte) noexcept {
  crc ^= byte;
  crc = (crc >> 4) ^ nibbles[crc & 15];
  return (crc >> 4) ^ nibbles[crc & 15];
}

}  // namespace

std::uint32_t crc32(std::uint32_t seed, byte_view bytes) noexcept {
  std::uint32_t crc = 0xFFFFFFFF;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    crc = step(crc, static_cast<std::uint8_t>(seed >> shift));
  }
  for (const std::byte each : bytes) crc = step(crc, std::to_integer<std::uint8_t>(each));
  return ~crc;
}

void write(const sector_header& from, std::span<std::byte, sector_header_size> to) noexcept {
  std::byte* at = to.data();
  put(at, magic);
  at[4] = std::byte{version};
  at[5] = static_cast<std::byte>(from.kind);
  put(at + 6, std::uint16_t{0});
  put(at + 8, from.former_end);
  put(at + 12, from.former_count);
  put(at + 16, from.sequence);
  put(at + 24, from.tail.sequence);
  put(at + 32, from.tail.offset);
  put(at + 36, from.next_lsn);
  put(at + 44, from.counter);
  copy_bytes(to.subspan(52, mac_size), from.former_mac);
  copy_bytes(to.subspan(sector_fields, salt_size), from.own_salt);
}

bool read(std::span<const std::byte, sector_header_size> from, sector_header& to) noexcept {
  const std::byte* at = from.data();
  const auto kind = std::to_integer<std::uint8_t>(at[5]);
  if (get<std::uint32_t>(at) != magic || at[4] != std::byte{version}) return false;
  if (kind != 1 && kind != 2) return false;
  to.kind = static_cast<sector_kind>(kind);
  to.former_end = get<std::uint32_t>(at + 8);
  to.former_count = get<std::uint32_t>(at + 12);
  to.sequence = get<std::uint64_t>(at + 16);
  to.tail = {get<std::uint64_t>(at + 24), get<std::uint32_t>(at + 32)};
  to.next_lsn = get<std::uint64_t>(at + 36);
  to.counter = get<std::uint64_t>(at + 44);
  copy_bytes(to.former_mac, from.subspan(52, mac_size));
  copy_bytes(to.own_salt, from.subspan(sector_fields, salt_size));
  return true;
}

void write(const frame_header& from, std::uint64_t sequence,
           std::span<std::byte, frame_header_size> to) noexcept {
  std::byte* at = to.data();
  at[0] = static_cast<std::byte>(from.type);
  at[1] = static_cast<std::byte>((from.position << 4) | (from.group - 1));
  put(at + 2, from.body);
  put(at + 4, from.record);
  put(at + 8, from.lsn);
  put(at + 16, crc32(static_cast<std::uint32_t>(sequence), to.first(frame_fields)));
  put(at + 20, from.body_crc);
}

bool read(std::span<const std::byte, frame_header_size> from, std::uint64_t sequence,
          frame_header& to) noexcept {
  const std::byte* at = from.data();
  const auto type = std::to_integer<std::uint8_t>(at[0]);
  const auto group = std::to_integer<std::uint8_t>(at[1]);
  if (type < 1 || type > 5 || (group & 0x88U) != 0 || (group >> 4) > (group & 15U)) return false;
  if (get<std::uint32_t>(at + 16) !=
      crc32(static_cast<std::uint32_t>(sequence), from.first(frame_fields))) {
    return false;
  }
  to.type = static_cast<frame_type>(type);
  to.position = static_cast<std::uint8_t>(group >> 4);
  to.group = static_cast<std::uint8_t>((group & 15U) + 1);
  to.body = get<std::uint16_t>(at + 2);
  to.record = get<std::uint32_t>(at + 4);
  to.lsn = get<std::uint64_t>(at + 8);
  to.body_crc = get<std::uint32_t>(at + 20);
  return true;
}

}  // namespace clientbook::flash
