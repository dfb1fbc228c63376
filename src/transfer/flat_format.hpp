// The bytes of a flat view (docs/format/flat_view.md), shared by the side that writes and the
// side that reads.
#ifndef CLIENTBOOK_TRANSFER_FLAT_FORMAT_HPP
#define CLIENTBOOK_TRANSFER_FLAT_FORMAT_HPP

#include <clientbook/base/bytes.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace clientbook::transfer {

inline constexpr std::byte flat_magic[4] = {std::byte{'C'}, std::byte{'B'}, std::byte{'F'},
                                            std::byte{'V'}};
inline constexpr std::size_t flat_header = 40;
inline constexpr std::size_t flat_entry_size = 16;
inline constexpr std::size_t flat_alignment = 8;
inline constexpr unsigned flat_depth = 24;  ///< Deeper than any value: CBOR goes 16 deep.

constexpr std::size_t flat_padded(std::size_t size) noexcept {
  return (size + flat_alignment - 1) / flat_alignment * flat_alignment;
}

/// Little-endian, as the machines are that read it in place: there a copy, elsewhere byte by byte.
template <class Integer>
void store_le(std::byte* to, Integer value) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(to, &value, sizeof value);
    return;
  }
  auto rest = static_cast<std::make_unsigned_t<Integer>>(value);
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    to[i] = static_cast<std::byte>(static_cast<std::uint64_t>(rest) >> (8 * i));
  }
}
template <class Integer>
Integer load_le(const std::byte* from) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    Integer out;
    std::memcpy(&out, from, sizeof out);
    return out;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    value |= std::to_integer<std::uint64_t>(from[i]) << (8 * i);
  }
  return static_cast<Integer>(value);
}

}  // namespace clientbook::transfer

#endif
