// The bytes of a root cell's file, big-endian. docs/format/root_cell.md has both formats.
//
// Format 1, 112 bytes: the keys as they are.
//
//   0  16  "clientbook root\n"
//  16   2  format, 1
//  18   2  0
//  20   4  CRC-32 of bytes 24 to 111
//  24   8  epoch of the current key, 0 if there is none
//  32  32  the current key, zeros if there is none
//  64   8  epoch of the staged key, 0 if there is none
//  72  32  the staged key, zeros if there is none
// 104   8  0
//
// Format 2, 176 bytes and 256 a slot: the keys sealed under the cell's key, that key once a slot.
#ifndef CLIENTBOOK_ADAPTERS_ROOT_CELL_CELL_FORMAT_HPP
#define CLIENTBOOK_ADAPTERS_ROOT_CELL_CELL_FORMAT_HPP

#include <clientbook/adapters/key_slots.hpp>
#include <clientbook/crypto/root_cell.hpp>

#include <array>
#include <optional>
#include <variant>
#include <vector>

namespace clientbook {

inline constexpr std::size_t plain_cell_size = 112;
inline constexpr std::size_t slot_size = 256;
inline constexpr std::size_t sealed_cell_front = 176;
inline constexpr std::size_t largest_cell = sealed_cell_front + most_slots * slot_size;

/// A file's bytes. Wipes itself: those of format 1 are keys.
struct cell_image {
  secret<largest_cell> bytes{};
  std::size_t size = 0;

  template <class Use>
  decltype(auto) with_bytes(Use&& use) const {
    return bytes.with_bytes([&](byte_view whole) { return use(whole.first(size)); });
  }
};

inline constexpr std::size_t wrapped_size = 32 + crypto::box_overhead;
inline constexpr std::size_t body_plain_size = 64;
inline constexpr std::size_t body_size = body_plain_size + crypto::sealed_overhead;

struct slot_record {
  key_slot said{};
  crypto::stretch_salt salt{};
  std::array<std::byte, wrapped_size> wrapped{};  ///< The cell's key.
};

struct sealed_cell {
  std::array<std::byte, 16> id{};
  std::uint32_t next_number = 1;
  /// The newest epoch whose key a removed slot may have shown; 0: none.
  std::uint64_t exposed = 0;
  std::uint64_t current = 0;  ///< Epoch; 0: no key.
  std::uint64_t staged = 0;
  std::array<std::byte, body_size> body{};
  std::vector<slot_record> slots{};

  [[nodiscard]] bool renewal_due() const noexcept { return exposed != 0 && current <= exposed; }
};

using cell_file = std::variant<root_cell::content, sealed_cell>;

cell_image encode_cell(const root_cell::content& content) noexcept;
cell_image encode_cell(const sealed_cell& cell);
/// Errors: damaged, newer_format.
result<cell_file> decode_cell(const cell_image& image);

/// What the seal of the keys binds: all of the file but the checksum and itself.
std::vector<std::byte> bound_to_body(const sealed_cell& cell);
/// What the wrap of a slot binds: all of the slot but itself and whether it is proven.
std::vector<std::byte> bound_to_slot(const sealed_cell& cell, const slot_record& slot);

/// What a new slot may be called: 1 to 64 bytes, a line that shows what it is (is_name_line()).
[[nodiscard]] bool usable_label(std::string_view label) noexcept;

}  // namespace clientbook

#endif
