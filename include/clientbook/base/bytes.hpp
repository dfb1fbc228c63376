// Bytes: views, integers in a fixed byte order, comparison of public bytes.
//
// Thread safety: free functions without state.
#ifndef CLIENTBOOK_BASE_BYTES_HPP
#define CLIENTBOOK_BASE_BYTES_HPP

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace clientbook {

using byte_view = std::span<const std::byte>;
using byte_span = std::span<std::byte>;

/// a == b as words, not byte by byte as arrays of std::byte are compared. Not for secrets.
template <std::size_t Size>
[[nodiscard]] constexpr bool equal_arrays(const std::array<std::byte, Size>& a,
                                          const std::array<std::byte, Size>& b) noexcept {
  if (std::is_constant_evaluated()) return a == b;
  return std::memcmp(a.data(), b.data(), Size) == 0;
}

/// `Size` bytes that mean one kind of thing only: a digest does not pass for a key. Reads and
/// writes like an array, and is a view of its bytes wherever one is asked for.
template <class Tag, std::size_t Size>
struct fixed_bytes {
  std::array<std::byte, Size> bytes{};

  [[nodiscard]] static constexpr std::size_t size() noexcept { return Size; }
  [[nodiscard]] constexpr std::byte* data() noexcept { return bytes.data(); }
  [[nodiscard]] constexpr const std::byte* data() const noexcept { return bytes.data(); }
  constexpr std::byte* begin() noexcept { return bytes.data(); }
  constexpr std::byte* end() noexcept { return bytes.data() + Size; }
  constexpr const std::byte* begin() const noexcept { return bytes.data(); }
  constexpr const std::byte* end() const noexcept { return bytes.data() + Size; }
  constexpr void fill(std::byte with) noexcept { bytes.fill(with); }
  constexpr std::byte& operator[](std::size_t at) noexcept { return bytes[at]; }
  constexpr std::byte operator[](std::size_t at) const noexcept { return bytes[at]; }
  friend constexpr auto operator<=>(const fixed_bytes&, const fixed_bytes&) = default;
  friend constexpr bool operator==(const fixed_bytes& a, const fixed_bytes& b) noexcept {
    return equal_arrays(a.bytes, b.bytes);
  }
};

/// The bytes of a text, without a terminator. Lives as long as the text.
inline byte_view as_bytes(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// The text that lies in the bytes; not checked for UTF-8.
inline std::string_view as_text(byte_view bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// At most `size` characters from `from` on, none behind the end: string_view::substr without
/// its exception, which the core must not have.
constexpr std::string_view slice(std::string_view text, std::size_t from,
                                 std::size_t size = std::string_view::npos) noexcept {
  if (from >= text.size()) return {};
  return {text.data() + from, size < text.size() - from ? size : text.size() - from};
}

/// Big-endian, as in storage keys, CBOR and Merkle leaves.
template <class Unsigned>
constexpr void store_be(std::byte* to, Unsigned value) noexcept {
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
    to[i] = static_cast<std::byte>(value >> (8 * (sizeof(Unsigned) - 1 - i)));
  }
}

template <class Unsigned>
constexpr Unsigned load_be(const std::byte* from) noexcept {
  Unsigned value = 0;
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
    value = static_cast<Unsigned>((value << 8) | static_cast<Unsigned>(from[i]));
  }
  return value;
}
template <>
constexpr std::uint8_t load_be<std::uint8_t>(const std::byte* from) noexcept {
  return static_cast<std::uint8_t>(*from);
}

/// Not for secrets: those are compared by crypto::equal.
inline bool same_bytes(byte_view a, byte_view b) noexcept {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

/// Copies as much as fits; the caller has checked that all does.
inline void copy_bytes(byte_span to, byte_view from) noexcept {
  if (!from.empty()) std::memcpy(to.data(), from.data(), from.size());
}

}  // namespace clientbook

#endif
