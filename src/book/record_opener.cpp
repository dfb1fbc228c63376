// Opens rows and items for whoever shows a grant or an opening.
//
// The grant is held against the state of the entry again: one that was decided before somebody said
// no is a bug of the caller, and opens nothing.
#include "record_opener.hpp"

#include <clientbook/book/actor.hpp>
#include <clientbook/model/values.hpp>

#include <algorithm>

#include "places.hpp"

namespace clientbook {
namespace {

// A grant is used within the call that decided it; a state that changed in between is a bug.
result<void> holds(std::uint32_t decided_by, const manifest& entry) noexcept {
  if (decided_by == entry.consent_state) return {};
  return error{errc::invalid_state, "the customer has decided otherwise since: ask again"};
}

field_set items_of(storage::item_kind kind) noexcept {
  return only(kind == storage::item_kind::purchase ? field::purchases : field::notes);
}

constexpr char column_label[] = "clientbook columns";

std::size_t plain_size(const sealed_column& one) noexcept {
  const std::size_t around = sealed_field_size(0, commitment::included);
  return one.sealed.size() < around ? 0 : one.sealed.size() - around;
}

}  // namespace

field_set record_opener::present() const noexcept {
  if (!column_key_) return row_.fields() & open_;
  field_set out;
  for (const sealed_column& one : columns_) out.add(one.field);
  return out & open_;
}

std::size_t record_opener::room_for(field_set fields) const noexcept {
  if (!column_key_) return row_.room_for(fields & open_);
  std::size_t out = 0;
  for (const sealed_column& one : columns_) {
    if ((fields & open_).has(one.field)) out += plain_size(one);
  }
  return out;
}

field_context record_opener::cell_context(customer_no number, field_id field) const noexcept {
  return {.suite = core_.header().suite,
          .book = core_.header().id,
          .table = static_cast<std::uint8_t>(storage::table::column),
          .field = field,
          .customer = number};
}

// Cells of the host's, as row_reader::read() gives fields of a row.
result<std::size_t> record_opener::read_cells(field_set fields, byte_span buffer,
                                              std::span<opened_field> out) {
  std::size_t count = 0;
  byte_span rest = buffer;
  for (const sealed_column& one : columns_) {
    if (!fields.has(one.field)) continue;
    const byte_span room = rest.first(std::min(rest.size(), plain_size(one)));
    const auto size = open_field(*column_key_, cell_context(column_of_, one.field), one.sealed,
                                 room, commitment::included);
    if (!size) {
      wipe(buffer);
      return error{size.error().code, size.error().text, one.field.value};
    }
    out[count++] = {.id = one.field, .plaintext = room.first(*size)};
    rest = rest.subspan(room.size());
  }
  return count;
}

result<std::vector<std::byte>> record_opener::seal_column(customer_no number, const manifest& entry,
                                                          const field_value& value) {
  if (value.id == field::purchases || value.id == field::notes) {
    return error{errc::invalid_argument, "purchases and notes are no columns", value.id.value};
  }
  if (value.value.size() > field_limit) {
    return error{errc::limit_exceeded, "a value is too long for a column", field_limit};
  }
  std::vector<std::byte> out(sealed_field_size(value.value.size(), commitment::included));
  const auto sealed =
      seal_field(crypto::derive(entry.subject_key, column_label), cell_context(number, value.id),
                 value.value, core_.random(), out, commitment::included);
  if (!sealed) return sealed.error();
  return out;
}

result<void> record_opener::open_row(customer_no number, const manifest& entry, field_set fields) {
  open_ = {};
  limits_.clear();
  column_key_.reset();
  const auto row = core_.read().get(record_key(number));
  if (!row) {
    if (row.error().code != errc::not_found) return row.error();
    return error{errc::row_missing, "a customer's record is gone: restore a copy"};
  }
  const auto context = core_.record_context(number, entry);
  if (!context) return context.error();
  if (auto opened = row_.open(entry.subject_key, *context, *row); !opened) return opened;
  open_ = fields;
  return {};
}

result<void> record_opener::open(const grant& by, const manifest& entry) {
  if (auto good = holds(by.state_, entry); !good) return good;
  column_key_.reset();
  if (!columns_.empty()) {
    open_ = by.fields_;
    limits_.clear();
    column_key_.emplace(crypto::derive(entry.subject_key, column_label));
    column_of_ = by.customer_;
    narrow(by);
    return {};
  }
  auto opened = open_row(by.customer_, entry, by.fields_);
  narrow(by);
  return opened;
}

result<std::size_t> record_opener::read(field_set fields, byte_span buffer,
                                        std::span<opened_field> out) {
  left_out_ = {};
  const auto count = column_key_ ? read_cells(fields & open_, buffer, out)
                                 : row_.read(fields & open_, buffer, out);
  if (!count || limits_.empty()) return count;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < *count; ++i) {
    opened_field one = out[i];
    if (with_contact_points.has(one.id)) {
      for (const contact_limits& each : limits_) {
        const auto offset = static_cast<std::size_t>(one.plaintext.data() - buffer.data());
        std::size_t closed = 0;
        one.plaintext = without_closed(core_.keys().external_ids, one.id,
                                       buffer.subspan(offset, one.plaintext.size()), each, closed);
        left_out_[one.id.value] += closed;
        if (one.plaintext.empty()) break;
      }
      if (one.plaintext.empty()) continue;
    }
    out[kept++] = one;
  }
  return kept;
}

result<std::vector<redaction_operator>> record_opener::forms_of(field_id field,
                                                                byte_view list) const {
  std::vector<redaction_operator> out;
  if (limits_.empty() || !with_contact_points.has(field)) return out;
  const auto points = contact_points_of(core_.keys().external_ids, field, list);
  if (!points) return points.error();
  for (const contact_point& one : *points) {
    redaction_operator form = redaction_operator::none;
    for (const contact_limits& each : limits_) form = std::max(form, each.form_of(one));
    out.push_back(form);
  }
  return out;
}

result<field_set> record_opener::fields_of_record(customer_no number, const manifest& entry) {
  if (auto opened = open_row(number, entry, {}); !opened) return opened.error();
  return row_.fields();
}

result<std::span<const opened_field>> record_opener::read_all(field_set fields,
                                                              std::span<opened_field> out) {
  const auto count = read(fields, plain_.room(room_for(fields)), out);
  if (!count) return count.error();
  return std::span<const opened_field>(out.first(*count));
}

result<std::span<const opened_field>> record_opener::record(const grant& by, const manifest& entry,
                                                            field_set fields,
                                                            std::span<opened_field> out,
                                                            const grant* also) {
  if (auto opened = open(by, entry); !opened) return opened.error();
  if (also != nullptr) narrow(*also);
  return read_all(fields, out);
}

result<std::span<const opened_field>> record_opener::record(opening why, customer_no number,
                                                            const manifest& entry,
                                                            std::span<opened_field> out,
                                                            field_set fields) {
  if (auto opened = open_row(number, entry, fields_of(why) & fields); !opened) {
    return opened.error();
  }
  return read_all(all_fields, out);
}

result<byte_view> record_opener::open_item(customer_no number, const manifest& entry,
                                           storage::item_kind kind, std::uint32_t sequence) {
  const book_core::place at = item_place(number, entry, kind, sequence);
  if (auto got = core_.get_value(entry.subject_key, at, plain_); !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "an item of a customer is gone: restore a copy", sequence};
  }
  return plain_.view();
}

result<byte_view> record_opener::item(const grant& by, const manifest& entry,
                                      storage::item_kind kind, std::uint32_t sequence) {
  if (auto good = holds(by.state_, entry); !good) return good.error();
  if (!(by.fields_ & items_of(kind))) {
    return error{errc::denied, "the customer or the law does not permit these items"};
  }
  const auto opened = open_item(by.customer_, entry, kind, sequence);
  if (!opened || kind != storage::item_kind::note) return opened;
  const auto seen = is_for_reader({by.purpose_, by.recipient_}, *opened);
  if (!seen) return seen.error();
  return *seen ? opened : byte_view();
}

// Under a purpose of a case the table of roles has asked for one that names the customer; and what
// is the customers' own goes to them whole. Whoever is neither of the shop nor the customer gets
// what is for all. Another word is a later version's, and nobody's.
result<bool> record_opener::is_for_reader(const note_asked& by, byte_view item) {
  note written;
  if (auto read = decode_value(item, written); !read) return read.error();
  if (written.visibility.empty() || written.visibility == "all") return true;
  if (is_the_customers(by.recipient) || group_of(by.purpose) == purpose_group::of_case) return true;
  if (by.recipient != recipient::self || reader_ == actor_id()) return false;
  if (written.by == std::int64_t{reader_.value}) return true;
  if (written.visibility != "store" || !written.store || portfolios_ == nullptr) return false;
  const auto stores = portfolios_->stores_of(reader_);
  if (!stores) return stores.error();
  return std::ranges::any_of(*stores, [&](store_id one) { return written.store == one.value; });
}

result<std::vector<std::uint32_t>> record_opener::notes_for(const note_asked& by,
                                                            customer_no number,
                                                            const manifest& entry) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t sequence = 1; sequence <= entry.notes; ++sequence) {
    const auto opened = open_item(number, entry, storage::item_kind::note, sequence);
    if (!opened) return opened.error();
    const auto seen = is_for_reader(by, *opened);
    if (!seen) return seen.error();
    if (*seen) out.push_back(sequence);
  }
  return out;
}

result<byte_view> record_opener::item(opening why, customer_no number, const manifest& entry,
                                      storage::item_kind kind, std::uint32_t sequence) {
  if (!(fields_of(why) & items_of(kind))) {
    return error{errc::denied, "this reason opens no items"};
  }
  return open_item(number, entry, kind, sequence);
}

result<bool> record_opener::is_for_all(customer_no number, const manifest& entry,
                                       std::uint32_t sequence) {
  const auto opened = open_item(number, entry, storage::item_kind::note, sequence);
  if (!opened) return opened.error();
  return is_for_reader({.recipient = recipient::any}, *opened);
}

bool record_opener::opens(customer_no number, const manifest& as_stored, byte_view row) {
  open_ = {};
  const auto context = core_.record_context(number, as_stored);
  return context && row_.open(as_stored.subject_key, *context, row);
}

}  // namespace clientbook
