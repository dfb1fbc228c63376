// Values to bytes and back: each type is a map of small keys, written as describe.hpp says.
//
// One description a type serves writing, reading and counting, so that they cannot differ. Relies
// on cbor.cpp for the one form; whether a value makes sense says validate.cpp.
#include <clientbook/model/record.hpp>
#include <clientbook/model/values.hpp>

#include "describe.hpp"

namespace clientbook {
namespace {

using model::describe;
using model::read;

bool known(std::string_view text) noexcept { return !text.empty(); }
bool known(const personal_text& text) noexcept { return !text.empty(); }
template <class T>
bool known(const std::optional<T>& value) noexcept {
  return value.has_value();
}

struct member_counter {
  std::size_t count = 0;
  template <class Member>
  void operator()(unsigned, const Member& member) noexcept {
    if (known(member)) ++count;
  }
};

// Writes a value through its description: describe() calls this for each member in the order of
// keys, once after member_counter, since a map begins with its size. A member that is absent is not
// written, so an empty one and none are the same bytes.
class encoder {
 public:
  explicit encoder(byte_span out) noexcept : out_(out) {}

  void write(std::string_view value) noexcept { out_.text(value); }
  void write(const personal_text& value) noexcept { out_.text(value.reveal()); }
  void write(std::int64_t value) noexcept { out_.integer(value); }
  void write(bool value) noexcept { out_.boolean(value); }
  void write(timestamp value) noexcept { out_.integer(value.seconds); }
  void write(const customer_id& value) noexcept { out_.bytes(value.bytes); }
  void write(const date& value) noexcept {
    if (!exists(value)) impossible_date_ = true;
    out_.integer(value.year * 10000 + value.month * 100 + value.day);
  }
  template <class T>
  void write(const std::optional<T>& value) noexcept {
    write(*value);
  }
  template <model::struct_value T>
  void write(const T& value) noexcept {
    member_counter members;
    describe(members, value);
    out_.map(members.count);
    describe(*this, value);
  }
  template <class T>
  void write(std::span<const T> values) noexcept {
    out_.array(values.size());
    for (const T& value : values) write(value);
  }
  void write(const purchase& receipt, std::span<const purchase_line> lines) noexcept {
    member_counter members;
    describe(members, receipt);
    out_.map(members.count + (lines.empty() ? 0 : 1));
    describe(*this, receipt);
    if (lines.empty()) return;
    out_.unsigned_integer(model::purchase_lines_key);
    write(lines);
  }

  template <class Member>
  void operator()(unsigned key, const Member& member) noexcept {
    if (!known(member)) return;
    out_.unsigned_integer(key);
    write(member);
  }

  result<byte_view> finish() const noexcept {
    if (impossible_date_) {
      return error{errc::invalid_value, "a date does not exist in the calendar"};
    }
    return out_.finish();
  }

 private:
  cbor::writer out_;
  bool impossible_date_ = false;
};

template <class... Values>
result<byte_view> encode(byte_span out, const Values&... values) noexcept {
  encoder to(out);
  to.write(values...);
  return to.finish();
}

template <class T>
result<void> decode(byte_view value, T& out) noexcept {
  cbor::reader in(value);
  read(in, out);
  return in.finish();
}

}  // namespace

result<void> decode_value(byte_view v, std::string_view& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, personal_text& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, std::int64_t& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, bool& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, date& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, timestamp& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, person_name& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, email_address& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, phone_number& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, postal_address& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, special_day& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, customer_size& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, external_id& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, household_link& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, demographics& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, government_id& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, payment_card& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, task& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, customer_contact& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, wish& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, reachability& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, money& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, purchase_line& out) noexcept { return decode(v, out); }
result<void> decode_value(byte_view v, note& out) noexcept { return decode(v, out); }

result<byte_view> encode_value(std::string_view v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::int64_t v, byte_span out) noexcept { return encode(out, v); }
result<byte_view> encode_boolean(bool v, byte_span out) noexcept { return encode(out, v); }
result<byte_view> encode_value(const date& v, byte_span out) noexcept { return encode(out, v); }
result<byte_view> encode_value(timestamp v, byte_span out) noexcept { return encode(out, v); }
result<byte_view> encode_value(const person_name& v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(const demographics& v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(const money& v, byte_span out) noexcept { return encode(out, v); }
result<byte_view> encode_value(const reachability& v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(const note& v, byte_span out) noexcept { return encode(out, v); }
result<byte_view> encode_value(std::span<const std::string_view> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::span<const email_address> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::span<const phone_number> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::span<const postal_address> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::span<const special_day> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::span<const customer_size> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::span<const external_id> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::span<const household_link> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::span<const government_id> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::span<const payment_card> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::span<const money> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::span<const task> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::span<const customer_contact> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(std::span<const wish> v, byte_span out) noexcept {
  return encode(out, v);
}
result<byte_view> encode_value(const purchase& receipt, std::span<const purchase_line> lines,
                               byte_span out) noexcept {
  return encode(out, receipt, lines);
}

}  // namespace clientbook
