// The bytes of a root cell's file (cell_format.hpp), written and read; keys pass through no other
// memory than the image, which wipes itself.
#include "cell_format.hpp"

#include <string_view>

namespace clientbook {
namespace {

constexpr std::string_view magic = "clientbook root\n";
constexpr std::uint16_t format = 1;
constexpr std::size_t format_at = 16;
constexpr std::size_t checksum_at = 20;
constexpr std::size_t current_at = 24;
constexpr std::size_t staged_at = 64;
constexpr std::size_t end_at = 104;

using image_view = std::span<const std::byte, cell_image::size>;

// CRC-32 (ISO-HDLC): against accidents; who can write the cell needs no forgery.
std::uint32_t checksum(byte_view bytes) noexcept {
  std::uint32_t value = ~std::uint32_t{0};
  for (const std::byte b : bytes) {
    value ^= static_cast<std::uint32_t>(b);
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320u : 0u);
  }
  return ~value;
}

void encode_key(std::byte* to, const std::optional<root_key>& key) noexcept {
  if (!key) return;
  store_be(to, key->epoch);
  key->key.with_bytes([&](std::span<const std::byte, 32> bytes) {
    copy_bytes(byte_span(to + sizeof key->epoch, bytes.size()), bytes);
  });
}

std::optional<root_key> decode_key(const std::byte* from) noexcept {
  root_key key;
  key.epoch = load_be<std::uint64_t>(from);
  if (key.epoch == 0) return std::nullopt;
  key.key.fill_bytes([&](std::span<std::byte, 32> bytes) {
    copy_bytes(bytes, byte_view(from + sizeof key.epoch, bytes.size()));
  });
  return key;
}

}  // namespace

cell_image encode_cell(const root_cell::content& content) noexcept {
  cell_image image;
  image.fill_bytes([&](std::span<std::byte, cell_image::size> bytes) {
    copy_bytes(bytes, as_bytes(magic));
    store_be(bytes.data() + format_at, format);
    encode_key(bytes.data() + current_at, content.current);
    encode_key(bytes.data() + staged_at, content.staged);
    store_be(bytes.data() + checksum_at, checksum(bytes.subspan(current_at)));
  });
  return image;
}

result<root_cell::content> decode_cell(const cell_image& image) noexcept {
  return image.with_bytes([](image_view bytes) -> result<root_cell::content> {
    if (!same_bytes(bytes.first(magic.size()), as_bytes(magic))) {
      return error{errc::damaged, "this file is not a root cell: check the path to the key"};
    }
    if (load_be<std::uint16_t>(bytes.data() + format_at) != format) {
      return error{errc::newer_format, "written by a newer version of this library: update it"};
    }
    root_cell::content content;
    content.current = decode_key(bytes.data() + current_at);
    content.staged = decode_key(bytes.data() + staged_at);
    const bool in_order =
        !content.staged || !content.current || content.staged->epoch > content.current->epoch;
    if (load_be<std::uint32_t>(bytes.data() + checksum_at) != checksum(bytes.subspan(current_at)) ||
        load_be<std::uint64_t>(bytes.data() + end_at) != 0 || !in_order) {
      return error{errc::damaged, "the root cell's file is damaged: restore it from its mirror"};
    }
    return content;
  });
}

}  // namespace clientbook
