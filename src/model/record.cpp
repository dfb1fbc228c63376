// A customer's record in one buffer: fields are set, replaced and read where they lie.
//
// The buffer is the caller's and holds plaintext. So a value that goes is overwritten at once, and
// one that is replaced leaves no copy behind the end. Relies on values.cpp for the form of each
// value.
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/record.hpp>

#include "describe.hpp"

#include <algorithm>
#include <cstring>

namespace clientbook {

template <class T>
void list_of<T>::iterator::load() noexcept {
  cbor::reader in(left_);
  model::read(in, current_);
  done_ = in.failed();
  left_ = in.rest();
}

template <class T>
result<list_of<T>> list_of<T>::of(byte_view value) noexcept {
  cbor::reader in(value);
  list_of list;
  list.size_ = in.array();
  list.elements_ = in.rest();
  for (std::size_t left = list.size_; left > 0 && !in.failed(); --left) {
    T element{};
    model::read(in, element);
  }
  if (const auto whole = in.finish(); !whole) return whole.error();
  return list;
}

template class list_of<std::string_view>;
template class list_of<personal_text>;
template class list_of<std::int64_t>;
template class list_of<date>;
template class list_of<timestamp>;
template class list_of<email_address>;
template class list_of<phone_number>;
template class list_of<postal_address>;
template class list_of<special_day>;
template class list_of<customer_size>;
template class list_of<external_id>;
template class list_of<household_link>;
template class list_of<government_id>;
template class list_of<payment_card>;
template class list_of<money>;
template class list_of<task>;
template class list_of<customer_contact>;
template class list_of<wish>;
template class list_of<purchase_line>;

result<purchase_view> decode_purchase(byte_view item) noexcept {
  cbor::reader in(item);
  model::purchase_parts parts;
  model::read(in, parts);
  if (const auto whole = in.finish(); !whole) return whole.error();
  if (parts.lines.empty()) return purchase_view{parts.receipt, {}};
  const auto lines = list_of<purchase_line>::of(parts.lines);
  if (!lines) return lines.error();
  return purchase_view{parts.receipt, *lines};
}

byte_view record_view::raw(field_id id) const noexcept {
  for (const field_value& entry : fields_) {
    if (entry.id == id) return entry.value;
  }
  return {};
}

result<void> record_writer::set_raw(field_id id, byte_view value) noexcept {
  if (id.value >= max_fields) return error{errc::invalid_argument, "field numbers end at 63"};
  if (const auto whole = cbor::check(value); !whole) return whole.error();
  if (value.size() > room().size()) {
    return refused({errc::buffer_too_small, "the buffer is too small for the value", value.size()});
  }
  copy_bytes(room(), value);
  place(id, value.size());
  return {};
}

error record_writer::refused(error failure) const noexcept {
  if (failure.code == errc::buffer_too_small) failure.at += used_;
  return failure;
}

// The new value lies behind all others; the one it replaces goes.
void record_writer::place(field_id id, std::size_t size) noexcept {
  const byte_view value = buffer_.subspan(used_, size);
  used_ += size;
  const auto end = fields_.begin() + static_cast<std::ptrdiff_t>(count_);
  const auto found =
      std::find_if(fields_.begin(), end, [&](const field_value& entry) { return entry.id >= id; });
  if (found != end && found->id == id) {
    const byte_view old = found->value;
    found->value = value;
    remove_bytes(old);
    return;
  }
  std::move_backward(found, end, end + 1);
  *found = {id, value};
  ++count_;
}

bool record_writer::erase(field_id id) noexcept {
  const auto end = fields_.begin() + static_cast<std::ptrdiff_t>(count_);
  const auto found =
      std::find_if(fields_.begin(), end, [&](const field_value& entry) { return entry.id == id; });
  if (found == end) return false;
  const byte_view old = found->value;
  std::move(found + 1, end, found);
  --count_;
  remove_bytes(old);
  return true;
}

// Closes the gap that a value leaves; personal data behind the last one is overwritten.
void record_writer::remove_bytes(byte_view old) noexcept {
  const auto start = static_cast<std::size_t>(old.data() - buffer_.data());
  std::memmove(buffer_.data() + start, buffer_.data() + start + old.size(),
               used_ - start - old.size());
  used_ -= old.size();
  std::memset(buffer_.data() + used_, 0, old.size());
  for (std::size_t i = 0; i < count_; ++i) {
    byte_view& value = fields_[i].value;
    if (value.data() > old.data()) value = {value.data() - old.size(), value.size()};
  }
}

void record_writer::clear() noexcept {
  if (used_ > 0) std::memset(buffer_.data(), 0, used_);
  used_ = 0;
  count_ = 0;
}

result<void> record_writer::move_to(byte_span buffer) noexcept {
  if (buffer.size() < used_) {
    return error{errc::buffer_too_small, "the buffer is too small for the record", used_};
  }
  if (used_ > 0) std::memmove(buffer.data(), buffer_.data(), used_);
  for (std::size_t i = 0; i < count_; ++i) {
    byte_view& value = fields_[i].value;
    value = {buffer.data() + (value.data() - buffer_.data()), value.size()};
  }
  buffer_ = buffer;
  return {};
}

result<byte_view> encode_record(std::span<const field_value> fields, byte_span out) noexcept {
  cbor::writer to(out);
  to.map(fields.size());
  int previous = -1;
  for (const field_value& entry : fields) {
    if (entry.id.value >= max_fields || entry.id.value <= previous) {
      return error{errc::invalid_argument, "fields are not in ascending order", entry.id.value};
    }
    previous = entry.id.value;
    to.unsigned_integer(entry.id.value);
    to.item(entry.value);
  }
  return to.finish();
}

result<std::span<const field_value>> decode_record(byte_view record,
                                                   std::span<field_value> out) noexcept {
  cbor::reader in(record);
  const std::size_t count = in.map();
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    const std::uint64_t number = in.unsigned_integer();
    if (in.failed()) break;
    if (number < next || number >= max_fields) {
      in.fail(errc::invalid_encoding, "field numbers are not ascending from 0 to 63");
      break;
    }
    if (i == out.size()) {
      in.fail(errc::limit_exceeded, "the record has more fields than asked for");
      break;
    }
    next = number + 1;
    out[i] = {field_id(static_cast<std::uint8_t>(number)), in.item()};
  }
  if (const auto whole = in.finish(); !whole) return whole.error();
  return std::span<const field_value>(out.first(count));
}

}  // namespace clientbook
