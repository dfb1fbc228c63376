// The bytes of a root cell's file (cell_format.hpp), written and read; keys pass through no other
// memory than the image, which wipes itself.
#include "cell_format.hpp"

#include <clientbook/internal/unicode/name_line.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <string_view>

namespace clientbook {
namespace {

// Less than usable_label() asks: a cell opens whatever somebody called a slot of it.
bool readable_label(std::string_view label) noexcept {
  return !label.empty() && valid_utf8(label) &&
         std::none_of(label.begin(), label.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

constexpr std::string_view magic = "clientbook root\n";
constexpr std::uint16_t plain_format = 1;
constexpr std::uint16_t sealed_format = 2;
constexpr std::size_t format_at = 16;
constexpr std::size_t checksum_at = 20;
constexpr std::size_t summed_at = 24;

// Format 1.
constexpr std::size_t current_at = 24;
constexpr std::size_t staged_at = 64;
constexpr std::size_t end_at = 104;

// Format 2.
constexpr std::size_t slots_at = 18;
constexpr std::size_t id_at = 24;
constexpr std::size_t next_number_at = 40;
constexpr std::size_t exposed_at = 48;
constexpr std::size_t current_epoch_at = 56;
constexpr std::size_t staged_epoch_at = 64;
constexpr std::size_t body_at = 72;
static_assert(body_at + body_size == sealed_cell_front);

// In a slot.
constexpr std::size_t flags_at = 1;
constexpr std::size_t label_size_at = 2;
constexpr std::size_t number_at = 4;
constexpr std::size_t day_at = 8;
constexpr std::size_t kibibytes_at = 12;
constexpr std::size_t passes_at = 16;
constexpr std::size_t salt_at = 24;
constexpr std::size_t key_at = 40;
constexpr std::size_t wrapped_at = 72;
constexpr std::size_t label_at = 152;
constexpr std::byte proven_flag{1};

constexpr error damaged{errc::damaged,
                        "the root cell's file is damaged: restore it from its mirror"};

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

bool all_zero(byte_view bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{}; });
}

bool in_order(std::uint64_t current, std::uint64_t staged) noexcept {
  return staged == 0 || staged > current;
}

result<cell_file> decode_plain(byte_view bytes) noexcept {
  root_cell::content content;
  content.current = decode_key(bytes.data() + current_at);
  content.staged = decode_key(bytes.data() + staged_at);
  const bool ordered = in_order(content.current ? content.current->epoch : 0,
                                content.staged ? content.staged->epoch : 0);
  if (load_be<std::uint64_t>(bytes.data() + end_at) != 0 || !ordered) return damaged;
  return cell_file(std::move(content));
}

// --- format 2 ---------------------------------------------------------------------------

void encode_slot(const slot_record& slot, byte_span to) noexcept {
  const key_slot& said = slot.said;
  to[0] = static_cast<std::byte>(said.kind);
  to[flags_at] = said.proven ? proven_flag : std::byte{};
  to[label_size_at] = static_cast<std::byte>(said.label.size());
  store_be(to.data() + number_at, said.number);
  store_be(to.data() + day_at,
           static_cast<std::uint32_t>(static_cast<std::int32_t>(days_since_epoch(said.added))));
  if (said.kind == slot_kind::passphrase) {
    store_be(to.data() + kibibytes_at, said.cost.kibibytes);
    store_be(to.data() + passes_at, said.cost.passes);
    copy_bytes(to.subspan(salt_at), slot.salt);
  }
  copy_bytes(to.subspan(key_at), said.key);
  copy_bytes(to.subspan(wrapped_at), slot.wrapped);
  copy_bytes(to.subspan(label_at), as_bytes(said.label));
}

// A passphrase's cost is bounded here: no file makes the program take all memory, or hours.
bool read_cost(byte_view from, slot_record& to) noexcept {
  const auto front = from.subspan(kibibytes_at, key_at - kibibytes_at);
  if (to.said.kind != slot_kind::passphrase) return all_zero(front);
  to.said.cost = {.kibibytes = load_be<std::uint32_t>(from.data() + kibibytes_at),
                  .passes = load_be<std::uint32_t>(from.data() + passes_at)};
  copy_bytes(to.salt, from.subspan(salt_at, to.salt.size()));
  return to.said.cost.within_bounds() && load_be<std::uint32_t>(from.data() + passes_at + 4) == 0;
}

std::optional<slot_record> decode_slot(byte_view from) {
  slot_record out;
  const auto kind = std::to_integer<std::uint8_t>(from[0]);
  const auto label_size = std::to_integer<std::size_t>(from[label_size_at]);
  const auto day = static_cast<std::int32_t>(load_be<std::uint32_t>(from.data() + day_at));
  constexpr std::int32_t last_day = 2'932'896;  // 9999-12-31
  if (kind < 1 || kind > 3 || (from[flags_at] & ~proven_flag) != std::byte{} ||
      from[3] != std::byte{} || day < 0 || day > last_day || label_size > longest_slot_label ||
      !all_zero(from.subspan(label_at + label_size))) {
    return std::nullopt;
  }
  out.said.kind = static_cast<slot_kind>(kind);
  out.said.proven = from[flags_at] == proven_flag;
  out.said.number = load_be<std::uint32_t>(from.data() + number_at);
  out.said.added = date_of(timestamp{std::int64_t{day} * 86'400});
  out.said.label = as_text(from.subspan(label_at, label_size));
  copy_bytes(out.said.key, from.subspan(key_at, out.said.key.size()));
  copy_bytes(out.wrapped, from.subspan(wrapped_at, out.wrapped.size()));
  if (!readable_label(out.said.label) || !read_cost(from, out)) return std::nullopt;
  return out;
}

result<cell_file> decode_sealed(byte_view bytes) {
  sealed_cell out;
  copy_bytes(out.id, bytes.subspan(id_at, out.id.size()));
  out.next_number = load_be<std::uint32_t>(bytes.data() + next_number_at);
  out.exposed = load_be<std::uint64_t>(bytes.data() + exposed_at);
  out.current = load_be<std::uint64_t>(bytes.data() + current_epoch_at);
  out.staged = load_be<std::uint64_t>(bytes.data() + staged_epoch_at);
  copy_bytes(out.body, bytes.subspan(body_at, body_size));
  if (load_be<std::uint32_t>(bytes.data() + next_number_at + 4) != 0 ||
      !in_order(out.current, out.staged)) {
    return damaged;
  }
  std::uint32_t last = 0;
  for (byte_view rest = bytes.subspan(sealed_cell_front); !rest.empty();
       rest = rest.subspan(slot_size)) {
    auto slot = decode_slot(rest.first(slot_size));
    if (!slot || slot->said.number <= last || slot->said.number >= out.next_number) return damaged;
    last = slot->said.number;
    out.slots.push_back(std::move(*slot));
  }
  return cell_file(std::move(out));
}

}  // namespace

bool usable_label(std::string_view label) noexcept {
  return label.size() <= longest_slot_label && is_name_line(label);
}

cell_image encode_cell(const root_cell::content& content) noexcept {
  cell_image image;
  image.size = plain_cell_size;
  image.bytes.fill_bytes([&](byte_span whole) {
    const byte_span bytes = whole.first(plain_cell_size);
    copy_bytes(bytes, as_bytes(magic));
    store_be(bytes.data() + format_at, plain_format);
    encode_key(bytes.data() + current_at, content.current);
    encode_key(bytes.data() + staged_at, content.staged);
    store_be(bytes.data() + checksum_at, checksum(bytes.subspan(summed_at)));
  });
  return image;
}

cell_image encode_cell(const sealed_cell& cell) {
  cell_image image;
  image.size = sealed_cell_front + cell.slots.size() * slot_size;
  image.bytes.fill_bytes([&](byte_span whole) {
    const byte_span bytes = whole.first(image.size);
    copy_bytes(bytes, as_bytes(magic));
    store_be(bytes.data() + format_at, sealed_format);
    store_be(bytes.data() + slots_at, static_cast<std::uint16_t>(cell.slots.size()));
    copy_bytes(bytes.subspan(id_at), cell.id);
    store_be(bytes.data() + next_number_at, cell.next_number);
    store_be(bytes.data() + exposed_at, cell.exposed);
    store_be(bytes.data() + current_epoch_at, cell.current);
    store_be(bytes.data() + staged_epoch_at, cell.staged);
    copy_bytes(bytes.subspan(body_at), cell.body);
    for (std::size_t i = 0; i < cell.slots.size(); ++i) {
      encode_slot(cell.slots[i], bytes.subspan(sealed_cell_front + i * slot_size, slot_size));
    }
    store_be(bytes.data() + checksum_at, checksum(bytes.subspan(summed_at)));
  });
  return image;
}

result<cell_file> decode_cell(const cell_image& image) {
  return image.with_bytes([](byte_view bytes) -> result<cell_file> {
    constexpr error wrong_length{errc::damaged,
                                 "the root cell's file has a wrong length: restore it"};
    if (bytes.size() < plain_cell_size) return wrong_length;
    if (!same_bytes(bytes.first(magic.size()), as_bytes(magic))) {
      return error{errc::damaged, "this file is not a root cell: check the path to the key"};
    }
    const auto format = load_be<std::uint16_t>(bytes.data() + format_at);
    const auto slots = load_be<std::uint16_t>(bytes.data() + slots_at);
    if (format != plain_format && format != sealed_format) {
      return error{errc::newer_format, "written by a newer version of this library: update it"};
    }
    const bool sealed = format == sealed_format;
    if (sealed ? slots < 1 || slots > most_slots : slots != 0) return damaged;
    if (bytes.size() != (sealed ? sealed_cell_front + slots * slot_size : plain_cell_size)) {
      return wrong_length;
    }
    if (load_be<std::uint32_t>(bytes.data() + checksum_at) != checksum(bytes.subspan(summed_at))) {
      return damaged;
    }
    return sealed ? decode_sealed(bytes) : decode_plain(bytes);
  });
}

std::vector<std::byte> bound_to_body(const sealed_cell& cell) {
  constexpr std::string_view label = "clientbook root cell 2";
  return encode_cell(cell).with_bytes([&](byte_view bytes) {
    std::vector<std::byte> out;
    out.reserve(label.size() + bytes.size());
    const auto add = [&](byte_view part) { out.insert(out.end(), part.begin(), part.end()); };
    add(as_bytes(label));
    add(bytes.first(checksum_at));
    add(bytes.subspan(summed_at, body_at - summed_at));
    add(bytes.subspan(sealed_cell_front));
    return out;
  });
}

std::vector<std::byte> bound_to_slot(const sealed_cell& cell, const slot_record& slot) {
  constexpr std::string_view label = "clientbook root cell slot 2";
  std::array<std::byte, slot_size> bytes{};
  encode_slot(slot, bytes);
  bytes[flags_at] = std::byte{};
  std::vector<std::byte> out;
  const auto add = [&](byte_view part) { out.insert(out.end(), part.begin(), part.end()); };
  add(as_bytes(label));
  add(cell.id);
  add(byte_view(bytes).first(wrapped_at));
  add(byte_view(bytes).subspan(label_at));
  return out;
}

}  // namespace clientbook
