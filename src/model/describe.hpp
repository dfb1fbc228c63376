// The members of every struct value and their keys, once: encoder, decoder and validator all
// walk them through here, in ascending order of the keys. A key is never used again for
// something else.
#ifndef CLIENTBOOK_MODEL_DESCRIBE_HPP
#define CLIENTBOOK_MODEL_DESCRIBE_HPP

#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/values.hpp>

#include <concepts>
#include <type_traits>

namespace clientbook::model {

/// A purchase as it is stored; `lines` is the array of its lines, empty if there are none.
struct purchase_parts {
  purchase receipt;
  byte_view lines;
};

template <class T, class Struct>
concept is = std::same_as<std::remove_const_t<T>, Struct>;

template <class Visitor>
void describe(Visitor& visit, is<person_name> auto& value) noexcept {
  visit(1, value.given);
  visit(2, value.family);
  visit(3, value.middle);
  visit(4, value.prefix);
  visit(5, value.suffix);
  visit(6, value.nickname);
  visit(7, value.phonetic);
  visit(8, value.salutation);
  visit(9, value.pronouns);
}

template <class Visitor>
void describe(Visitor& visit, is<email_address> auto& value) noexcept {
  visit(1, value.address);
  visit(2, value.label);
}

template <class Visitor>
void describe(Visitor& visit, is<phone_number> auto& value) noexcept {
  visit(1, value.number);
  visit(2, value.label);
  visit(3, value.extension);
}

template <class Visitor>
void describe(Visitor& visit, is<postal_address> auto& value) noexcept {
  visit(1, value.label);
  visit(2, value.line1);
  visit(3, value.line2);
  visit(4, value.line3);
  visit(5, value.city);
  visit(6, value.region);
  visit(7, value.postal_code);
  visit(8, value.country);
}

template <class Visitor>
void describe(Visitor& visit, is<special_day> auto& value) noexcept {
  visit(1, value.kind);
  visit(2, value.day);
  visit(3, value.label);
}

template <class Visitor>
void describe(Visitor& visit, is<customer_size> auto& value) noexcept {
  visit(1, value.kind);
  visit(2, value.system);
  visit(3, value.value);
  visit(4, value.brand);
  visit(5, value.measured);
  visit(6, value.remark);
}

template <class Visitor>
void describe(Visitor& visit, is<external_id> auto& value) noexcept {
  visit(1, value.system);
  visit(2, value.value);
}

template <class Visitor>
void describe(Visitor& visit, is<household_link> auto& value) noexcept {
  visit(1, value.relation);
  visit(2, value.person);
  visit(3, value.customer);
}

template <class Visitor>
void describe(Visitor& visit, is<demographics> auto& value) noexcept {
  visit(1, value.gender);
  visit(2, value.marital_status);
  visit(3, value.income_band);
  visit(4, value.children);
  visit(5, value.children_at_home);
  visit(6, value.education);
  visit(7, value.occupation);
  visit(8, value.home_owner);
  visit(9, value.cars_owned);
  visit(10, value.commute_distance);
}

template <class Visitor>
void describe(Visitor& visit, is<government_id> auto& value) noexcept {
  visit(1, value.country);
  visit(2, value.kind);
  visit(3, value.number);
}

template <class Visitor>
void describe(Visitor& visit, is<payment_card> auto& value) noexcept {
  visit(1, value.token);
  visit(2, value.last_four);
  visit(3, value.brand);
  visit(4, value.expiry_year);
  visit(5, value.expiry_month);
}

template <class Visitor>
void describe(Visitor& visit, is<task> auto& value) noexcept {
  visit(1, value.text);
  visit(2, value.due);
  visit(3, value.lead_days);
  visit(4, value.kind);
  visit(5, value.state);
  visit(6, value.assigned);
}

template <class Visitor>
void describe(Visitor& visit, is<customer_contact> auto& value) noexcept {
  visit(1, value.at);
  visit(2, value.channel);
  visit(3, value.direction);
  visit(4, value.author);
  visit(5, value.outcome);
  visit(6, value.text);
}

template <class Visitor>
void describe(Visitor& visit, is<wish> auto& value) noexcept {
  visit(1, value.what);
  visit(2, value.day);
  visit(3, value.brand);
  visit(4, value.size);
  visit(5, value.colour);
  visit(6, value.for_whom);
  visit(7, value.until);
}

template <class Visitor>
void describe(Visitor& visit, is<reachability> auto& value) noexcept {
  visit(1, value.channel);
  visit(2, value.quiet_from);
  visit(3, value.quiet_until);
}

template <class Visitor>
void describe(Visitor& visit, is<money> auto& value) noexcept {
  visit(1, value.minor);
  visit(2, value.currency);
}

template <class Visitor>
void describe(Visitor& visit, is<purchase> auto& value) noexcept {
  visit(1, value.at);
  visit(2, value.day);
  visit(3, value.order);
  visit(4, value.store);
  visit(5, value.associate);
  visit(6, value.channel);
  visit(7, value.currency);
  visit(8, value.total);
}

inline constexpr unsigned purchase_lines_key = 9;

template <class Visitor>
void describe(Visitor& visit, is<purchase_parts> auto& value) noexcept {
  describe(visit, value.receipt);
  visit(purchase_lines_key, value.lines);
}

template <class Visitor>
void describe(Visitor& visit, is<purchase_line> auto& value) noexcept {
  visit(1, value.sku);
  visit(2, value.description);
  visit(3, value.quantity);
  visit(4, value.unit_price);
  visit(5, value.size);
  visit(6, value.colour);
  visit(7, value.brand);
  visit(8, value.category);
  visit(9, value.department);
  visit(10, value.season);
  visit(11, value.for_whom);
}

template <class Visitor>
void describe(Visitor& visit, is<note> auto& value) noexcept {
  visit(1, value.at);
  visit(2, value.author);
  visit(3, value.text);
  visit(4, value.kind);
  visit(5, value.visibility);
  visit(6, value.pinned);
  visit(7, value.by);
  visit(8, value.store);
}

template <class T>
struct nothing {
  template <class Member>
  void operator()(unsigned, Member&) noexcept {}
};
template <class T>
concept struct_value = requires(T& value, nothing<T>& visit) {
  describe(visit, value);
};

inline void read(cbor::reader& in, std::string_view& out) noexcept { out = in.text(); }
inline void read(cbor::reader& in, personal_text& out) noexcept { out = in.text(); }
inline void read(cbor::reader& in, std::int64_t& out) noexcept { out = in.integer(); }
inline void read(cbor::reader& in, bool& out) noexcept { out = in.boolean(); }
inline void read(cbor::reader& in, timestamp& out) noexcept { out.seconds = in.integer(); }
inline void read(cbor::reader& in, byte_view& out) noexcept { out = in.item(); }

// YYYYMMDD as an integer; the year is 0 where the customer keeps it to themself.
inline void read(cbor::reader& in, date& out) noexcept {
  const std::uint64_t number = in.unsigned_integer();
  out = {};
  const date day{static_cast<std::int16_t>(number / 10000 % 10000),
                 static_cast<std::uint8_t>(number / 100 % 100),
                 static_cast<std::uint8_t>(number % 100)};
  if (in.failed()) return;
  if (number > 99991231 || !exists(day)) {
    return in.fail(errc::invalid_value, "a date does not exist in the calendar");
  }
  out = day;
}

inline void read(cbor::reader& in, customer_id& out) noexcept {
  const byte_view bytes = in.bytes();
  if (in.failed()) return;
  if (bytes.size() != out.bytes.size()) {
    return in.fail(errc::invalid_value, "a customer id has 16 bytes");
  }
  copy_bytes(out.bytes, bytes);
}

template <class T>
void read(cbor::reader& in, std::optional<T>& out) noexcept {
  read(in, out.emplace());
}

/// Reads the members of one struct in the order of describe(); passes over unknown keys.
class member_reader {
 public:
  explicit member_reader(cbor::reader& in) noexcept : in_(in), left_(in.map()) { advance(); }

  template <class Member>
  void operator()(unsigned key, Member& member) noexcept {
    while (here_ && key_ < key) pass();
    member = {};
    if (!here_ || key_ != key) return;
    read(in_, member);
    advance();
  }
  void finish() noexcept {
    while (here_) pass();
  }

 private:
  void pass() noexcept {
    in_.item();
    advance();
  }
  void advance() noexcept {
    here_ = left_ > 0 && !in_.failed();
    if (!here_) return;
    const std::uint64_t key = in_.unsigned_integer();
    if (!first_ && key <= key_) {
      in_.fail(errc::invalid_encoding, "map keys are not in ascending order");
    }
    key_ = key;
    first_ = false;
    --left_;
    here_ = !in_.failed();
  }

  cbor::reader& in_;
  std::size_t left_;
  std::uint64_t key_ = 0;
  bool first_ = true;
  bool here_ = false;
};

template <struct_value T>
void read(cbor::reader& in, T& out) noexcept {
  member_reader members(in);
  describe(members, out);
  members.finish();
}

}  // namespace clientbook::model

#endif
