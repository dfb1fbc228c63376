// Writes the block from front to back: a table, then what its entries hold, one after the other,
// each value directly behind the former. The reader relies on that order (flat_view.cpp): it meets
// every byte once.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/transfer/flat_view.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <vector>

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

/// Where a value was put.
struct placed {
  flat_kind kind = flat_kind::none;
  std::size_t offset = 0;
  std::size_t length = 0;
};

struct member {
  std::uint64_t key;
  byte_view item;
};

class flat_writer {
 public:
  flat_writer(const customer_id& id, timestamp valid_until, std::size_t fields) {
    out_.resize(flat_header);
    std::copy(std::begin(transfer::flat_magic), std::end(transfer::flat_magic), out_.begin());
    store_le(&out_[4], flat_view_version);
    store_le(&out_[6], static_cast<std::uint16_t>(fields));
    store_le(&out_[12], static_cast<std::uint32_t>(flat_header));
    std::copy(id.bytes.begin(), id.bytes.end(), out_.begin() + 16);
    store_le(&out_[32], valid_until.seconds);
    table(fields);
  }

  /// Room for so many entries; returns where.
  std::size_t table(std::size_t entries) {
    const std::size_t at = out_.size();
    out_.resize(at + entries * flat_entry_size);
    return at;
  }

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

  /// One value or a list of them. Precondition: cbor::check(item).
  placed value(const shape& of, byte_view item) {
    cbor::reader in(item);
    if (of.kind == shape_kind::unknown) return put(flat_kind::cbor, item, 0);
    return in.next() == cbor::kind::array ? list(of, item) : element(of, item);
  }

  result<wiped_bytes> finish() {
    if (too_long_) {
      return error{errc::limit_exceeded, "a list has more elements than a flat view may hold",
                   most_entries};
    }
    if (out_.size() > std::numeric_limits<std::uint32_t>::max()) {
      return error{errc::limit_exceeded, "a flat view has at most 4 GiB"};
    }
    store_le(&out_[8], static_cast<std::uint32_t>(out_.size()));
    return std::move(out_);
  }

 private:
  // `spare`: zeros that must follow; up to the next multiple of 8 they follow anyway.
  placed put(flat_kind kind, byte_view bytes, std::size_t spare) {
    const placed at{kind, out_.size(), bytes.size()};
    out_.resize(at.offset + flat_padded(bytes.size() + spare));
    copy_bytes(byte_span(out_).subspan(at.offset), bytes);
    return at;
  }

  placed list(const shape& of, byte_view item) {
    cbor::reader in(item);
    const std::size_t count = in.array();
    if (count > most_entries) {
      too_long_ = true;
      return {};
    }
    const placed at{flat_kind::list, table(count), count * flat_entry_size};
    for (std::size_t i = 0; i < count; ++i) {
      part(at.offset + i * flat_entry_size, i, element(of, in.item()));
    }
    return at;
  }

  placed element(const shape& of, byte_view item) {
    cbor::reader in(item);
    switch (of.kind) {
      case shape_kind::structure:
        if (in.next() == cbor::kind::map) return structure(of, item);
        break;
      case shape_kind::date: {
        date day;
        if (decode_value(item, day)) return put_date(day);
        break;
      }
      case shape_kind::timestamp: {
        timestamp at;
        if (decode_value(item, at)) return integer(flat_kind::timestamp, at.seconds);
        break;
      }
      default:
        break;
    }
    return by_itself(item);
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
    return put(flat_kind::cbor, item, 0);
  }

  placed structure(const shape& of, byte_view item) {
    cbor::reader in(item);
    std::vector<member> members;
    for (std::size_t left = in.map(); left > 0; --left) {
      const std::uint64_t key = in.unsigned_integer();
      const byte_view value = in.item();
      if (in.failed() || key > most_entries) return put(flat_kind::cbor, item, 0);
      members.push_back({key, value});
    }
    const placed at{flat_kind::structure, table(members.size()), members.size() * flat_entry_size};
    for (std::size_t i = 0; i < members.size(); ++i) {
      part(at.offset + i * flat_entry_size, members[i].key, value_of(of, members[i]));
    }
    return at;
  }

  placed value_of(const shape& of, const member& one) {
    for (const transfer::shape_member& known : of.members) {
      if (known.key != one.key) continue;
      const shape inner = shape_of(known);
      return known.kind == shape_kind::lines ? value(inner, one.item) : element(inner, one.item);
    }
    return put(flat_kind::cbor, one.item, 0);
  }

  wiped_bytes out_;
  bool too_long_ = false;
};

struct flat_field {
  flat_entry of;
  byte_view item;  ///< Empty: nothing is shown.
};

result<wiped_bytes> block_of(const customer_id& id, timestamp valid_until,
                             std::span<const flat_field> fields) {
  flat_writer to(id, valid_until, fields.size());
  std::size_t at = flat_header;
  for (const flat_field& one : fields) {
    placed value;
    if (!one.item.empty()) {
      if (!cbor::check(one.item)) {
        return error{errc::invalid_encoding, "a value is not as the format says", one.of.number};
      }
      value = to.value(transfer::shape_of(one.of.type), one.item);
    }
    to.entry(at, one.of, value);
    at += flat_entry_size;
  }
  return to.finish();
}

}  // namespace

result<wiped_bytes> flatten(const view& seen, const schema& fields,
                            const view_reasons& reasons) try {
  std::array<flat_field, max_fields> in_block;
  std::size_t count = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    const field_state state = seen.state(field.number);
    if (state == field_state::not_asked || is_item(field.type)) continue;
    flat_entry of;
    of.number = field.number.value;
    of.state = state;
    of.type = field.type;
    of.reason = reasons[field.number.value];
    if (state == field_state::shown) {
      of.left_out =
          static_cast<std::uint8_t>(std::min<std::size_t>(seen.left_out(field.number), 255));
    }
    if (state == field_state::redacted) of.form = seen.decision().operators[field.number.value];
    in_block[count++] = {of, seen.record().raw(field.number)};
  }
  return block_of(seen.id(), seen.decision().valid_until, std::span(in_block).first(count));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_bytes> flatten(const record_view& record, const schema& fields) try {
  std::array<flat_field, max_fields> in_block;
  std::size_t count = 0;
  int before = -1;
  for (const field_value& one : record.fields()) {
    if (one.id.value <= before || one.id.value >= max_fields) {
      return error{errc::invalid_encoding, "fields are not in ascending order", one.id.value};
    }
    before = one.id.value;
    const auto known = fields.find(one.id);
    flat_entry of;
    of.number = one.id.value;
    of.state = field_state::shown;
    if (known) of.type = known->type;
    in_block[count++] = {of, one.value};
  }
  return block_of({}, end_of_time, std::span(in_block).first(count));
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
  flat_writer to({}, end_of_time, 1);
  flat_entry of;
  of.number = field.number.value;
  of.state = seen.state();
  of.type = field.type;
  of.reason = reason;
  placed whole;
  if (seen.state() != field_state::withheld) {
    whole = {flat_kind::list, to.table(items.size()), items.size() * flat_entry_size};
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!cbor::check(items[i].value)) {
        return error{errc::invalid_encoding, "an item is not as the format says",
                     items[i].sequence};
      }
      const placed pair{flat_kind::structure, to.table(2), 2 * flat_entry_size};
      to.part(pair.offset, 0, to.integer(flat_kind::integer, items[i].sequence));
      to.part(pair.offset + flat_entry_size, 1,
              to.value(transfer::shape_of(field.type), items[i].value));
      to.part(whole.offset + i * flat_entry_size, i, pair);
    }
  }
  to.entry(flat_header, of, whole);
  return to.finish();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
