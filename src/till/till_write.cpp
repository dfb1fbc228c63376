// Customers are put, changed and given purchases: what has no basis is refused before anything is
// written, and the customer's row names every item that belongs to it.
#include <clientbook/internal/model/correction.hpp>

#include <algorithm>

#include "till_rows.hpp"

namespace clientbook {
namespace {

field_set set_of(std::span<const field_value> fields) noexcept {
  field_set out;
  for (const field_value& one : fields) out.add(one.id);
  return out;
}

}  // namespace

// The front of an item, in memory_.item; returns the room behind it.
byte_span till::write_item(rows::kind what, std::uint32_t customer,
                           std::uint32_t sequence) noexcept {
  memory_.item[0] = static_cast<std::byte>(what);
  rows::put(memory_.item, 1, customer);
  rows::put(memory_.item, 5, sequence);
  return memory_.item.subspan(rows::item_head);
}

// The row of a customer with further items, in memory_.scratch, as a part of a change.
result<void> till::put_head(change& what, const head& of, byte_view fields,
                            std::span<const rows::added> more) noexcept {
  const std::size_t size =
      rows::head_size + of.items.size() + more.size() * rows::place_size + fields.size();
  const byte_span to = memory_.scratch;
  if (size > store_.largest_value() || of.count() + more.size() > 0xFFFF) {
    return error{errc::limit_exceeded, "a customer is larger than a frame of the till",
                 store_.largest_value()};
  }
  to[0] = static_cast<std::byte>(of.kind);
  copy_bytes(to.subspan(1), of.id.bytes);
  rows::put(to, 17, of.version);
  rows::put(to, 25, of.directives);
  rows::put(to, 29, of.purchases);
  rows::put(to, 33, of.disclosures);
  rows::put(to, 37, of.last_index);
  rows::put(to, 45, static_cast<std::uint16_t>(of.count() + more.size()));
  std::size_t at = rows::head_size;
  copy_bytes(to.subspan(at), of.items);
  at += of.items.size();
  for (const rows::added& one : more) {
    to[at] = static_cast<std::byte>(one.what);
    rows::put(to, at + 1, one.record);
    at += rows::place_size;
  }
  copy_bytes(to.subspan(at), fields);
  what.put(of.record, to.first(size));
  return {};
}

result<customer_id> till::put(std::span<const field_value> fields, std::span<const directive> said,
                              timestamp now, std::optional<customer_id> id) noexcept {
  const wiped_at_end afterwards(memory_);
  if (auto good = validate(*policy_.fields, fields); !good) return good.error();
  if (said.size() > flash_store::largest_group - 2) {
    return error{errc::limit_exceeded,
                 "at most 6 directives come with a customer: record() others"};
  }
  head fresh;
  if (id) {
    fresh.id = *id;
    if (find_customer(*id)) return error{errc::already_exists, "that customer is on the till"};
  } else if (auto drawn = random_->fill(fresh.id.bytes); !drawn) {
    return drawn.error();
  }
  for (std::size_t i = 0; i < said.size(); ++i) {
    directive next = said[i];
    if (auto taken = take(next, i, fresh.id, now); !taken) return taken.error();
  }
  const auto state = compile_said(said.size(), fields, now);
  if (!state) return state.error();
  if (auto kept = may_keep(*state, set_of(fields), now, {}); !kept) return kept.error();

  auto record = free_record(0);
  if (!record) return record.error();
  fresh.record = *record;
  fresh.directives = static_cast<std::uint32_t>(said.size());
  change what;
  std::array<rows::added, flash_store::largest_group> places;
  byte_span room = memory_.item;
  for (std::size_t i = 0; i < said.size(); ++i) {
    record = free_record(*record);
    if (!record) return record.error();
    if (room.size() < rows::item_head)
      return error{errc::limit_exceeded, "too much is said at once"};
    room[0] = static_cast<std::byte>(rows::kind::directive);
    rows::put(room, 1, fresh.record);
    rows::put(room, 5, static_cast<std::uint32_t>(i + 1));
    const auto bytes = encode_directive(memory_.directives[i], room.subspan(rows::item_head));
    if (!bytes) return error{errc::limit_exceeded, "too much is said at once: record() the rest"};
    what.put(*record, room.first(rows::item_head + bytes->size()));
    places[i] = {rows::kind::directive, *record};
    room = room.subspan(rows::item_head + bytes->size());
  }
  const auto bytes = encode_record(fields, memory_.customer);
  if (!bytes) return error{errc::limit_exceeded, "a customer is larger than a frame of the till"};
  if (auto put = put_head(what, fresh, *bytes, std::span(places).first(said.size())); !put) {
    return put.error();
  }
  if (auto done = commit(what, now); !done) return done.error();
  fresh.fields = *bytes;
  note_prints(fresh);
  return fresh.id;
}

result<void> till::update(const customer_id& id, std::span<const field_value> fields,
                          timestamp now) noexcept {
  const wiped_at_end afterwards(memory_);
  auto known = find_customer(id);
  if (!known) return known.error();
  const auto state = state_of(*known, now);
  if (!state) return state.error();
  std::array<field_value, max_fields> room;
  const auto there = decode_record(known->fields, room);
  if (!there) return there.error();
  // Both ascend: merged, what is given goes before what is there.
  std::array<field_value, max_fields> merged;
  std::size_t count = 0;
  field_set written;
  field_set replaced;
  auto old = there->begin();
  field_id last{};
  for (const field_value& one : fields) {
    if (&one != fields.data() && one.id <= last) {
      return error{errc::invalid_argument, "fields come in the order of their numbers",
                   one.id.value};
    }
    last = one.id;
    while (old != there->end() && old->id < one.id) merged[count++] = *old++;
    byte_view held;
    if (old != there->end() && old->id == one.id) held = (old++)->value;
    if (one.value.empty()) continue;
    written.add(one.id);
    if (!says_more(held, one.value)) replaced.add(one.id);
    merged[count++] = one;
  }
  while (old != there->end()) merged[count++] = *old++;
  const auto all = std::span<const field_value>(merged).first(count);
  if (auto good = validate(*policy_.fields, all); !good) return good;
  if (auto kept = may_keep(*state, written, now, replaced); !kept) return kept;
  const auto bytes = encode_record(all, memory_.item);
  if (!bytes) return error{errc::limit_exceeded, "a customer is larger than a frame of the till"};
  ++known->version;
  change what;
  if (auto put = put_head(what, *known, *bytes, {}); !put) return put;
  if (auto done = commit(what, now); !done) return done;
  known->fields = *bytes;
  note_prints(*known);
  return {};
}

result<std::uint32_t> till::append_purchase(const customer_id& id, byte_view purchase,
                                            timestamp now) noexcept {
  const wiped_at_end afterwards(memory_);
  if (auto good = validate(*policy_.fields, field::purchases, purchase); !good) return good.error();
  auto known = find_customer(id);
  if (!known) return known.error();
  const auto state = state_of(*known, now);
  if (!state) return state.error();
  if (auto kept = may_keep(*state, only(field::purchases), now, {}); !kept) return kept.error();
  const auto record = free_record(0);
  if (!record) return record.error();
  const byte_span item = write_item(rows::kind::purchase, known->record, ++known->purchases);
  if (purchase.size() > item.size() || purchase.size() + rows::item_head > store_.largest_value()) {
    return error{errc::limit_exceeded, "a purchase is larger than a frame of the till",
                 store_.largest_value() - rows::item_head};
  }
  copy_bytes(item, purchase);
  change what;
  what.put(*record, memory_.item.first(rows::item_head + purchase.size()));
  const rows::added place{rows::kind::purchase, *record};
  if (auto put = put_head(what, *known, known->fields, std::span(&place, 1)); !put) {
    return put.error();
  }
  if (auto done = commit(what, now); !done) return done.error();
  return known->purchases;
}

}  // namespace clientbook
