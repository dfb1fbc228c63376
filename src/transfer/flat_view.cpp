// Reads a block that may come from anywhere. Values lie in the order of their entries, each
// directly behind the former, so that one walk with a cursor meets every byte once: no two entries
// share bytes, none is hidden, and the walk takes as long as the block.
#include <clientbook/transfer/flat_view.hpp>

#include <algorithm>

#include "flat_format.hpp"

namespace clientbook {
namespace {

using transfer::flat_entry_size;
using transfer::flat_header;
using transfer::flat_padded;
using transfer::load_le;

flat_entry entry_at(const std::byte* from) noexcept {
  flat_entry out;
  out.number = load_le<std::uint16_t>(from);
  out.state = static_cast<field_state>(from[2]);
  out.type = static_cast<field_type>(from[3]);
  out.reason = static_cast<decision_code>(load_le<std::uint16_t>(from + 4));
  out.kind = static_cast<flat_kind>(from[6]);
  if (out.state == field_state::shown) {
    out.left_out = std::to_integer<std::uint8_t>(from[7]);
  } else {
    out.form = static_cast<redaction_operator>(from[7]);
  }
  out.offset = load_le<std::uint32_t>(from + 8);
  out.length = load_le<std::uint32_t>(from + 12);
  return out;
}

// The length that a kind must have; nothing where it may have any.
std::optional<std::uint32_t> length_of(flat_kind kind) noexcept {
  switch (kind) {
    case flat_kind::integer:
    case flat_kind::timestamp:
      return 8;
    case flat_kind::boolean:
      return 1;
    case flat_kind::date:
      return 4;
    default:
      return std::nullopt;
  }
}

constexpr error wrong{errc::invalid_encoding, "a flat view that flatten() does not write"};

class block_check {
 public:
  explicit block_check(byte_view block) noexcept : block_(block) {}

  result<void> run(std::size_t fields) noexcept {
    if (!room(fields * flat_entry_size)) return failed(flat_header);
    if (!entries(flat_header, fields, 0)) return failed(at_);
    if (at_ != block_.size()) return failed(at_);
    return {};
  }

 private:
  static error failed(std::size_t at) noexcept { return {wrong.code, wrong.text, at}; }

  bool room(std::size_t size) const noexcept {
    return at_ <= block_.size() && size <= block_.size() - at_;
  }

  // Entries at `from`, ascending, and then what they hold.
  bool entries(std::size_t from, std::size_t count, unsigned depth) noexcept {
    if (depth > transfer::flat_depth) return false;
    at_ = from + count * flat_entry_size;
    int before = -1;
    for (std::size_t i = 0; i < count; ++i) {
      const flat_entry one = entry_at(&block_[from + i * flat_entry_size]);
      if (one.number <= before) return false;
      before = one.number;
      if (!value(one, depth)) return false;
    }
    return true;
  }

  bool value(const flat_entry& one, unsigned depth) noexcept {
    if (one.kind == flat_kind::none) return one.offset == 0 && one.length == 0;
    if (one.offset != at_ || one.kind > flat_kind::cbor) return false;
    if (const auto must = length_of(one.kind); must && *must != one.length) return false;
    if (one.kind == flat_kind::list || one.kind == flat_kind::structure) {
      if (one.length % flat_entry_size != 0 || !room(one.length)) return false;
      return entries(one.offset, one.length / flat_entry_size, depth + 1);
    }
    const std::size_t with_end = std::size_t{one.length} + (one.kind == flat_kind::text ? 1U : 0U);
    if (!room(flat_padded(with_end))) return false;
    const byte_view behind = block_.subspan(at_ + one.length, flat_padded(with_end) - one.length);
    if (std::any_of(behind.begin(), behind.end(), [](std::byte b) { return b != std::byte{}; })) {
      return false;
    }
    if (one.kind == flat_kind::boolean && block_[at_] > std::byte{1}) return false;
    at_ += flat_padded(with_end);
    return true;
  }

  byte_view block_;
  std::size_t at_ = flat_header;
};

constexpr error other_kind{errc::wrong_type, "an entry of another kind"};

}  // namespace

flat_entry flat_table::at(std::size_t place) const noexcept {
  return entry_at(&entries_[place * flat_entry_size]);
}

std::optional<flat_entry> flat_table::find(std::uint16_t number) const noexcept {
  for (std::size_t i = 0; i < size(); ++i) {
    const flat_entry one = at(i);
    if (one.number == number) return one;
  }
  return std::nullopt;
}

result<flat_view> flat_view::open(byte_view block) noexcept {
  if (block.size() < flat_header) return error{errc::truncated, "a flat view ends too early"};
  if (!same_bytes(block.first(4), transfer::flat_magic)) {
    return error{errc::invalid_encoding, "not a flat view"};
  }
  if (load_le<std::uint16_t>(&block[4]) != flat_view_version) {
    return error{errc::newer_format, "a flat view of another version", 4};
  }
  const auto size = load_le<std::uint32_t>(&block[8]);
  if (size > block.size())
    return error{errc::truncated, "a flat view ends too early", block.size()};
  if (size != block.size() || load_le<std::uint32_t>(&block[12]) != flat_header) {
    return error{wrong.code, wrong.text, 8};
  }
  const auto checked = block_check(block).run(load_le<std::uint16_t>(&block[6]));
  if (!checked) return checked.error();
  return flat_view(block);
}

customer_id flat_view::id() const noexcept {
  customer_id out;
  copy_bytes(out.bytes, block_.subspan(16, out.bytes.size()));
  return out;
}

timestamp flat_view::valid_until() const noexcept { return {load_le<std::int64_t>(&block_[32])}; }

flat_table flat_view::fields() const noexcept {
  const auto count = load_le<std::uint16_t>(&block_[6]);
  return flat_table(block_.subspan(flat_header, count * flat_entry_size));
}

result<personal_text> flat_view::text(const flat_entry& of) const noexcept {
  if (of.kind != flat_kind::text) return other_kind;
  return personal_text(as_text(at(of)));
}

result<std::int64_t> flat_view::integer(const flat_entry& of) const noexcept {
  if (of.kind != flat_kind::integer) return other_kind;
  return load_le<std::int64_t>(at(of).data());
}

result<bool> flat_view::boolean(const flat_entry& of) const noexcept {
  if (of.kind != flat_kind::boolean) return other_kind;
  return at(of).front() == std::byte{1};
}

result<date> flat_view::day(const flat_entry& of) const noexcept {
  if (of.kind != flat_kind::date) return other_kind;
  const byte_view bytes = at(of);
  return date{load_le<std::int16_t>(bytes.data()), std::to_integer<std::uint8_t>(bytes[2]),
              std::to_integer<std::uint8_t>(bytes[3])};
}

result<timestamp> flat_view::instant(const flat_entry& of) const noexcept {
  if (of.kind != flat_kind::timestamp) return other_kind;
  return timestamp{load_le<std::int64_t>(at(of).data())};
}

result<byte_view> flat_view::bytes(const flat_entry& of) const noexcept {
  if (of.kind != flat_kind::bytes && of.kind != flat_kind::cbor) return other_kind;
  return at(of);
}

result<flat_table> flat_view::table(const flat_entry& of) const noexcept {
  if (of.kind != flat_kind::list && of.kind != flat_kind::structure) return other_kind;
  return flat_table(at(of));
}

}  // namespace clientbook
