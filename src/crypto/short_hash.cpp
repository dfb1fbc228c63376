// SipHash over parts that are laid behind one another.
#include <clientbook/internal/crypto/short_hash.hpp>

#include <array>
#include <cstddef>
#include <vector>

#include "aead.hpp"

namespace clientbook::crypto {
namespace {

constexpr std::size_t length_size = 4;
constexpr std::size_t at_hand = 256;

std::uint64_t hash_in(const secret<32>& key, std::span<const byte_view> parts, byte_span room) {
  std::byte* to = room.data();
  for (const byte_view part : parts) {
    store_be(to, static_cast<std::uint32_t>(part.size()));
    to += length_size;
    copy_bytes(byte_span(to, part.size()), part);
    to += part.size();
  }
  const std::uint64_t out = key.with_bytes(
      [&](std::span<const std::byte, 32> k) { return siphash(k.first<16>(), room); });
  wipe(room);
  return out;
}

}  // namespace

std::uint64_t short_hash(const secret<32>& key, std::span<const byte_view> parts) {
  std::size_t size = 0;
  for (const byte_view part : parts) size += length_size + part.size();
  std::array<std::byte, at_hand> room;
  if (size <= room.size()) return hash_in(key, parts, byte_span(room).first(size));
  std::vector<std::byte> more(size);
  return hash_in(key, parts, more);
}

}  // namespace clientbook::crypto
