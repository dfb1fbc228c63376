// The till's rows in its flash, opening them, and changing them as one group (docs/format/till.md).
#include <clientbook/till/till.hpp>

#include <algorithm>

#include "till_rows.hpp"

namespace clientbook {

till::till(const clientbook_flash_part& part, const clientbook_flash_counter* counter,
           random_source& random, const till_memory& memory, const till_policy& policy) noexcept
    : store_(part, counter, random, memory.index, memory.frame),
      random_(&random),
      memory_(memory),
      policy_(policy),
      has_counter_(counter != nullptr) {}

result<void> till::check_memory() const noexcept {
  const till_memory& m = memory_;
  if (policy_.fields == nullptr || policy_.profile == nullptr || policy_.registry == nullptr) {
    return error{errc::invalid_argument, "a till has fields, a law and a registry"};
  }
  if (m.index.size() < 3 || m.prints.size() < m.index.size() ||
      m.prints.size() % m.index.size() != 0) {
    return error{errc::invalid_argument, "prints are as many as the index has, or a multiple"};
  }
  if (m.compiling == nullptr || m.directives.size() < 4 || m.state.size() < 512) {
    return error{errc::invalid_argument, "a till needs room for directives and their state"};
  }
  const std::size_t needed = std::max(store_.largest_value(), max_directive_bytes) + 64;
  for (const byte_span each : {m.customer, m.item, m.scratch}) {
    if (each.size() < needed) {
      return error{errc::invalid_argument, "a buffer of the till is too small", needed};
    }
  }
  return {};
}

// One key of the device, and of it one for each use.
void till::begin(const secret<32>& key, actor_id who) noexcept {
  prints_key_ = crypto::derive(key, "clientbook till prints");
  actors_key_ = crypto::derive(key, "clientbook till actors");
  who_ = who;
  newest_ = {};
  newest_entry_ = 0;
  chain_ = {};
  tree_ = {};
  std::fill(memory_.prints.begin(), memory_.prints.end(), std::uint16_t{0});
}

result<void> till::format(const secret<32>& key, const book_id& id, actor_id who,
                          timestamp now) noexcept {
  if (auto good = check_memory(); !good) return good;
  begin(key, who);
  id_ = id;
  if (auto done = store_.format(crypto::derive(key, "clientbook till flash"), id); !done) {
    return done;
  }
  change first;
  return commit(first, now);
}

result<flash_report> till::open(const secret<32>& key, const book_id& id, actor_id who) noexcept {
  if (auto good = check_memory(); !good) return good.error();
  begin(key, who);
  id_ = id;
  auto report = store_.mount(crypto::derive(key, "clientbook till flash"), id);
  if (!report) return report;
  if (auto row = take_book_row(); !row) return row.error();
  if (auto done = look_through(); !done) return done.error();
  return report;
}

void till::zeroize() noexcept {
  store_.zeroize();
  prints_key_.clear();
  actors_key_.clear();
  for (const byte_span each :
       {memory_.customer, memory_.item, memory_.scratch, memory_.frame, memory_.state}) {
    wipe(each);
  }
  wipe(std::as_writable_bytes(memory_.directives));
}

result<void> till::take_book_row() noexcept {
  const auto row = value_of(rows::book_record, memory_.item);
  if (!row) {
    if (row.error().code != errc::not_found) return row.error();
    return error{errc::row_missing, "the till's own row is gone"};
  }
  if (row->size() < rows::book_head || rows::kind_of(*row) != rows::kind::book) {
    return rows::row_damaged;
  }
  newest_ = timestamp{rows::get<std::int64_t>(*row, 1)};
  newest_entry_ = rows::get<std::uint32_t>(*row, 9);
  copy_bytes(chain_, row->subspan(13, chain_.size()));
  const auto tree = ledger::frontier::decode(row->subspan(rows::book_head));
  if (!tree) return tree.error();
  tree_ = *tree;
  return {};
}

byte_view till::book_row(timestamp now) noexcept {
  row_[0] = static_cast<std::byte>(rows::kind::book);
  rows::put(row_, 1, std::max(now, newest_).seconds);
  rows::put(row_, 9, newest_entry_);
  copy_bytes(byte_span(row_).subspan(13), chain_);
  const auto tree = tree_.encode(byte_span(row_).subspan(rows::book_head));
  return byte_view(row_).first(rows::book_head + (tree ? tree->size() : 0));
}

// Everybody's prints, and erasures that power interrupted.
result<void> till::look_through() noexcept {
  const auto records = static_cast<std::uint32_t>(memory_.index.size());
  for (std::uint32_t i = 1; i < records; ++i) {
    if (!store_.has(i)) continue;
    const auto value = value_of(i, memory_.customer);
    if (!value) return value.error();
    const rows::kind what = rows::kind_of(*value);
    if (what != rows::kind::customer && what != rows::kind::erasing) continue;
    const auto found = head::read(i, *value);
    if (!found) return found.error();
    if (what == rows::kind::customer) {
      note_prints(*found);
      continue;
    }
    flash_erasure how = flash_erasure::done;
    if (auto done = finish_erasing(i, how); !done) return done;
  }
  wipe(memory_.customer);
  return {};
}

wiped_at_end::~wiped_at_end() {
  wipe(memory_.customer);
  wipe(memory_.item);
  wipe(memory_.scratch);
}

result<std::uint32_t> till::free_record(std::uint32_t after) const noexcept {
  for (std::uint32_t i = after + 1; i < memory_.index.size(); ++i) {
    if (!store_.has(i)) return i;
  }
  return error{errc::disk_full, "the till has no record free: hand over and erase"};
}

result<byte_view> till::value_of(std::uint32_t record, byte_span into) noexcept {
  const auto size = store_.get(record, into);
  if (!size) return size.error();
  return byte_view(into).first(*size);
}

result<till::head> till::head::read(std::uint32_t record, byte_view value) noexcept {
  head out;
  if (value.size() < rows::head_size) return rows::row_damaged;
  out.record = record;
  out.kind = rows::kind_of(value);
  copy_bytes(out.id.bytes, value.subspan(1, sizeof out.id.bytes));
  out.version = rows::get<std::uint64_t>(value, 17);
  out.directives = rows::get<std::uint32_t>(value, 25);
  out.purchases = rows::get<std::uint32_t>(value, 29);
  out.disclosures = rows::get<std::uint32_t>(value, 33);
  out.last_index = rows::get<std::uint64_t>(value, 37);
  const std::size_t items = rows::place_size * rows::get<std::uint16_t>(value, 45);
  if (items > value.size() - rows::head_size) return rows::row_damaged;
  out.items = value.subspan(rows::head_size, items);
  out.fields = value.subspan(rows::head_size + items);
  return out;
}

// Into memory_.customer.
result<till::head> till::open_head(std::uint32_t record) noexcept {
  const auto value = value_of(record, memory_.customer);
  if (!value) return value.error();
  return head::read(record, *value);
}

result<till::head> till::find_customer(const customer_id& id) noexcept {
  const std::uint16_t print = print_of(field_id(max_fields), as_text(id.bytes));
  const std::size_t each = memory_.prints.size() / memory_.index.size();
  for (std::uint32_t i = 1; i < memory_.index.size(); ++i) {
    if (memory_.prints[i * each] != print || !store_.has(i)) continue;
    const auto found = open_head(i);
    if (!found) return found.error();
    if (found->kind == rows::kind::customer && found->id == id) return found;
  }
  return error{errc::not_found, "no such customer on this till"};
}

// Into memory_.item. The customer's row says that it is there, and which it is.
result<byte_view> till::item_of(const head& of, std::size_t which) noexcept {
  const std::uint32_t record = of.record_of(which);
  const auto value = value_of(record, memory_.item);
  if (!value) {
    if (value.error().code != errc::not_found) return value.error();
    return error{errc::row_missing, "something of a customer is gone from the till", record};
  }
  if (value->size() < rows::item_head || rows::kind_of(*value) != of.kind_of(which) ||
      rows::get<std::uint32_t>(*value, 1) != of.record) {
    return error{errc::version_mismatch, "something of a customer is not the till's newest",
                 record};
  }
  return value;
}

// The till's own row goes with every change: a clock that is set back afterwards is known for one.
result<void> till::commit(change& what, timestamp now) noexcept {
  what.put(rows::book_record, book_row(now));
  const auto done = store_.apply(std::span(what.list).first(what.count));
  wipe(memory_.scratch);
  if (!done) {
    // What was made ready in memory is not what is there.
    if (!store_.has(rows::book_record) || !take_book_row()) store_.zeroize();
    return done.error();
  }
  what.erased = *done;
  newest_ = std::max(newest_, now);
  return {};
}

}  // namespace clientbook
