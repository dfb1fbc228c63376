// Writes the block from front to back: a table, then what its entries hold, one after the other,
// each value directly behind the former. The reader relies on that order (flat_view.cpp): it meets
// every byte once.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/transfer/flat_view.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "flat_format.hpp"
#include "shapes.hpp"

namespace clientbook {
namespace {

using transfer::flat_entry_size;
using transfer::flat_header;
using transfer::flat_padded;
using transfer::shape;
using transfer::shape_kind;
using transfer::store_le;

constexpr std::size_t most_entries = std::numeric_limits<std::uint16_t>::max();

/// What a value is likely to take: a short text has an entry and the zeros behind it.
constexpr std::size_t likely_size(byte_view item) noexcept {
  return flat_entry_size + 4 * item.size();
}

/// Where a value was put.
struct placed {
  flat_kind kind = flat_kind::none;
  std::size_t offset = 0;
  std::size_t length = 0;
};

class flat_writer {
 public:
  /// `likely`: bytes that the values may take; what is more costs a copy.
  flat_writer(const customer_id& id, timestamp valid_until, std::size_t fields, std::size_t likely)
      : out_(flat_header + fields * flat_entry_size + likely), size_(flat_header) {
    std::copy(std::begin(transfer::flat_magic), std::end(transfer::flat_magic), out_.begin());
    store_le(&out_[4], flat_view_version);
    store_le(&out_[6], static_cast<std::uint16_t>(fields));
    store_le(&out_[12], static_cast<std::uint32_t>(flat_header));
    std::copy(id.bytes.begin(), id.bytes.end(), out_.begin() + 16);
    store_le(&out_[32], valid_until.seconds);
    table(fields);
  }

  /// Room for so many entries; returns where.
  std::size_t table(std::size_t entries) { return more(entries * flat_entry_size); }

  void entry(std::size_t at, const flat_entry& of, const placed& value) {
    std::byte* to = &out_[at];
    store_le(to, of.number);
    to[2] = static_cast<std::byte>(of.state);
    to[3] = static_cast<std::byte>(of.type);
    store_le(to + 4, static_cast<std::uint16_t>(of.reason));
    to[6] = static_cast<std::byte>(value.kind);
    to[7] =
        of.state == field_state::shown ? std::byte{of.left_out} : static_cast<std::byte>(of.form);
    store_le(to + 8, static_cast<std::uint32_t>(value.offset));
    store_le(to + 12, static_cast<std::uint32_t>(value.length));
  }
  void part(std::size_t at, std::uint64_t number, const placed& value) {
    flat_entry of;
    of.number = static_cast<std::uint16_t>(number);
    of.state = field_state::shown;
    entry(at, of, value);
  }

  placed integer(flat_kind kind, std::int64_t value) {
    std::byte bytes[8];
    store_le(bytes, value);
    return put(kind, bytes, 0);
  }

  /// One value or a list of them. What is not in the one form of CBOR fails `in`.
  placed value(const shape& of, cbor::reader& in) {
    if (of.kind == shape_kind::unknown) return put(flat_kind::cbor, in.item(), 0);
    return in.next() == cbor::kind::array ? list(of, in) : element(of, in);
  }

  result<wiped_bytes> finish() {
    if (too_long_) {
      return error{errc::limit_exceeded, "a list has more elements than a flat view may hold",
                   most_entries};
    }
    if (size_ > std::numeric_limits<std::uint32_t>::max()) {
      return error{errc::limit_exceeded, "a flat view has at most 4 GiB"};
    }
    store_le(&out_[8], static_cast<std::uint32_t>(size_));
    out_.resize(size_);
    return std::move(out_);
  }

 private:
  // So many more bytes, all zero; returns where.
  std::size_t more(std::size_t bytes) {
    const std::size_t at = size_;
    size_ += bytes;
    if (size_ > out_.size()) out_.resize(2 * size_);
    return at;
  }
  void back_to(std::size_t at) {
    std::fill(out_.data() + at, out_.data() + size_, std::byte{});
    size_ = at;
  }

  // `spare`: zeros that must follow; up to the next multiple of 8 they follow anyway.
  placed put(flat_kind kind, byte_view bytes, std::size_t spare) {
    const placed at{kind, more(flat_padded(bytes.size() + spare)), bytes.size()};
    if (!bytes.empty()) std::memcpy(out_.data() + at.offset, bytes.data(), bytes.size());
    return at;
  }

  placed list(const shape& of, cbor::reader& in) {
    const cbor::reader begin = in;
    const std::size_t count = in.array();
    if (count > most_entries) {
      too_long_ = true;
      in = begin;
      in.item();
      return {};
    }
    const placed at{flat_kind::list, table(count), count * flat_entry_size};
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
      part(at.offset + i * flat_entry_size, i, element(of, in));
    }
    return at;
  }

  placed element(const shape& of, cbor::reader& in) {
    switch (of.kind) {
      case shape_kind::structure:
        if (in.next() == cbor::kind::map) return structure(of, in);
        break;
      case shape_kind::date: {
        const byte_view item = in.item();
        date day;
        if (decode_value(item, day)) return put_date(day);
        return by_itself(item);
      }
      case shape_kind::timestamp: {
        const byte_view item = in.item();
        timestamp at;
        if (decode_value(item, at)) return integer(flat_kind::timestamp, at.seconds);
        return by_itself(item);
      }
      default:
        break;
    }
    return by_itself(in);
  }

  placed put_date(const date& day) {
    std::byte bytes[4];
    store_le(bytes, day.year);
    bytes[2] = static_cast<std::byte>(day.month);
    bytes[3] = static_cast<std::byte>(day.day);
    return put(flat_kind::date, bytes, 0);
  }

  // By what the item says of itself: texts and numbers, and whatever has another shape than the
  // schema says, as redacted forms have.
  placed by_itself(byte_view item) {
    cbor::reader in(item);
    return by_itself(in);
  }
  placed by_itself(cbor::reader& in) {
    const cbor::reader begin = in;
    switch (in.next()) {
      case cbor::kind::text:
        return put(flat_kind::text, as_bytes(in.text()), 1);
      case cbor::kind::bytes:
        return put(flat_kind::bytes, in.bytes(), 0);
      case cbor::kind::unsigned_integer:
      case cbor::kind::negative_integer: {
        const std::int64_t number = in.integer();
        if (!in.failed()) return integer(flat_kind::integer, number);
        break;
      }
      case cbor::kind::simple: {
        const std::byte truth[] = {in.boolean() ? std::byte{1} : std::byte{0}};
        if (!in.failed()) return put(flat_kind::boolean, truth, 0);
        break;
      }
      default:
        break;
    }
    in = begin;
    return put(flat_kind::cbor, in.item(), 0);
  }

  // Keys ascend, as the one form of CBOR has them; a map with other keys than numbers is given as
  // it is.
  placed structure(const shape& of, cbor::reader& in) {
    const cbor::reader begin = in;
    const std::size_t count = in.map();
    const placed at{flat_kind::structure, table(count), count * flat_entry_size};
    std::uint64_t least = 0;
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
      const bool number = in.next() == cbor::kind::unsigned_integer;
      const std::uint64_t key = in.unsigned_integer();
      if (!number || key < least || key > most_entries) {
        back_to(at.offset);
        in = begin;
        return put(flat_kind::cbor, in.item(), 0);
      }
      least = key + 1;
      part(at.offset + i * flat_entry_size, key, member(of, key, in));
    }
    return at;
  }

  placed member(const shape& of, std::uint64_t key, cbor::reader& in) {
    for (const transfer::shape_member& known : of.members) {
      if (known.key != key) continue;
      const shape inner = shape_of(known);
      return known.kind == shape_kind::lines ? value(inner, in) : element(inner, in);
    }
    return put(flat_kind::cbor, in.item(), 0);
  }

  wiped_bytes out_;  // Zeros from size_ on.
  std::size_t size_;
  bool too_long_ = false;
};

// What a field's value, empty where nothing is shown, is in a block.
result<void> add_field(flat_writer& to, std::size_t at, const flat_entry& of, byte_view item) {
  placed value;
  if (!item.empty()) {
    cbor::reader in(item);
    value = to.value(transfer::shape_of(of.type), in);
    if (!in.finish()) {
      return error{errc::invalid_encoding, "a value is not as the format says", of.number};
    }
  }
  to.entry(at, of, value);
  return {};
}

flat_entry entry_of(const view& seen, const field_definition& field, decision_code reason) {
  flat_entry out;
  out.number = field.number.value;
  out.state = seen.state(field.number);
  out.type = field.type;
  out.reason = reason;
  if (out.state == field_state::shown) {
    out.left_out =
        static_cast<std::uint8_t>(std::min<std::size_t>(seen.left_out(field.number), 255));
  }
  if (out.state == field_state::redacted) out.form = seen.decision().operators[out.number];
  return out;
}

}  // namespace

result<wiped_bytes> flatten(const view& seen, const schema& fields,
                            const view_reasons& reasons) try {
  std::array<std::uint8_t, max_fields> asked;
  std::size_t count = 0;
  std::size_t likely = 0;
  for (const field_id field : seen.asked()) {
    const auto known = fields.find(field);
    if (!known || is_item(known->type)) continue;
    asked[count++] = field.value;
    likely += likely_size(seen.record().raw(field));
  }
  flat_writer to(seen.id(), seen.decision().valid_until, count, likely);
  for (std::size_t i = 0; i < count; ++i) {
    const field_id field(asked[i]);
    const flat_entry of = entry_of(seen, *fields.find(field), reasons[asked[i]]);
    const std::size_t at = flat_header + i * flat_entry_size;
    if (auto done = add_field(to, at, of, seen.record().raw(field)); !done) return done.error();
  }
  return to.finish();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_bytes> flatten(const record_view& record, const schema& fields) try {
  std::size_t likely = 0;
  int before = -1;
  for (const field_value& one : record.fields()) {
    if (one.id.value <= before || one.id.value >= max_fields) {
      return error{errc::invalid_encoding, "fields are not in ascending order", one.id.value};
    }
    before = one.id.value;
    likely += likely_size(one.value);
  }
  flat_writer to({}, end_of_time, record.fields().size(), likely);
  std::size_t at = flat_header;
  for (const field_value& one : record.fields()) {
    flat_entry of;
    of.number = one.id.value;
    of.state = field_state::shown;
    if (const auto known = fields.find(one.id)) of.type = known->type;
    if (auto done = add_field(to, at, of, one.value); !done) return done.error();
    at += flat_entry_size;
  }
  return to.finish();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_bytes> flatten(const item_list& seen, const field_definition& field,
                            decision_code reason) try {
  const auto& items = seen.items();
  if (items.size() > most_entries) {
    return error{errc::limit_exceeded, "a list has more elements than a flat view may hold",
                 most_entries};
  }
  std::size_t likely = 0;
  for (const auto& one : items) likely += likely_size(one.value) + 5 * flat_entry_size;
  flat_writer to({}, end_of_time, 1, likely);
  flat_entry of;
  of.number = field.number.value;
  of.state = seen.state();
  of.type = field.type;
  of.reason = reason;
  placed whole;
  if (seen.state() != field_state::withheld) {
    whole = {flat_kind::list, to.table(items.size()), items.size() * flat_entry_size};
    for (std::size_t i = 0; i < items.size(); ++i) {
      const placed pair{flat_kind::structure, to.table(2), 2 * flat_entry_size};
      to.part(pair.offset, 0, to.integer(flat_kind::integer, items[i].sequence));
      cbor::reader in(items[i].value);
      to.part(pair.offset + flat_entry_size, 1, to.value(transfer::shape_of(field.type), in));
      if (!in.finish()) {
        return error{errc::invalid_encoding, "an item is not as the format says",
                     items[i].sequence};
      }
      to.part(whole.offset + i * flat_entry_size, i, pair);
    }
  }
  to.entry(flat_header, of, whole);
  return to.finish();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
