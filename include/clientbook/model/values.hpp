// Values: what the built-in fields of a customer's record hold.
//
// Plain structs of views and integers. To write, fill one in; the caller owns what the views
// point to. Read back, the views lie in the record's bytes and live as long as those.
// An empty text and an empty optional mean "not known" and are not stored.
//
// decode_value() takes what the codec admits, not what is valid: <clientbook/model/validate.hpp>
// says whether a value may be kept. Struct keys that this version does not know are passed over
// here, and stay in the bytes as long as the value is not written anew.
//
// Thread safety: values and pure functions.
#ifndef CLIENTBOOK_MODEL_VALUES_HPP
#define CLIENTBOOK_MODEL_VALUES_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/model/personal_text.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace clientbook {

struct person_name {
  personal_text prefix{};  ///< Dr., Ms
  personal_text given{};
  personal_text middle{};
  personal_text family{};
  personal_text suffix{};  ///< Jr., PhD
  personal_text nickname{};
  personal_text phonetic{};    ///< How it is said, or its reading in kana.
  personal_text salutation{};  ///< How to begin a letter: Dear Madam
  personal_text pronouns{};    ///< she/her
};

struct email_address {
  personal_text address{};
  std::string_view label{};  ///< home, work
};

struct phone_number {
  personal_text number{};  ///< As the customer writes it; `+` and country code if known.
  std::string_view label{};
  personal_text extension{};  ///< Digits.
};

struct postal_address {
  std::string_view label{};
  personal_text line1{};
  personal_text line2{};
  personal_text line3{};
  personal_text city{};
  personal_text region{};  ///< State, province, county: code or name.
  personal_text postal_code{};
  std::string_view country{};  ///< ISO 3166-1 alpha-2.
};

struct special_day {
  std::string_view kind{};  ///< wedding_anniversary, name_day, child_birthday
  std::optional<date> day{};
  personal_text label{};
};

struct customer_size {
  std::string_view kind{};    ///< shoe, shirt, ring
  std::string_view system{};  ///< EU, US, UK
  std::string_view value{};
  std::string_view brand{};  ///< Sizes of brands differ.
  std::optional<date> measured{};
  personal_text remark{};  ///< wide feet
};

struct external_id {
  std::string_view system{};  ///< loyalty, shopify, erp
  personal_text value{};
};

/// Somebody of the customer's household, by name or as a customer of their own.
struct household_link {
  std::string_view relation{};  ///< spouse, child
  personal_text person{};
  std::optional<customer_id> customer{};
};

struct demographics {
  std::string_view gender{};
  std::string_view marital_status{};
  std::string_view income_band{};
  std::optional<std::int64_t> children{};
  std::optional<std::int64_t> children_at_home{};
  std::string_view education{};
  std::string_view occupation{};
  std::optional<bool> home_owner{};
  std::optional<std::int64_t> cars_owned{};
  std::string_view commute_distance{};
};

struct government_id {
  std::string_view country{};  ///< ISO 3166-1 alpha-2.
  std::string_view kind{};     ///< passport, tax
  personal_text number{};
};

/// What may be kept of a payment card: the processor's token and the last four digits.
struct payment_card {
  personal_text token{};
  personal_text last_four{};
  std::string_view brand{};
  std::optional<std::int64_t> expiry_year{};
  std::optional<std::int64_t> expiry_month{};
};

/// Something to be done for the customer.
struct task {
  personal_text text{};                     ///< What: one line.
  std::optional<date> due{};                ///< With its year.
  std::optional<std::int64_t> lead_days{};  ///< It is to be seen so many days before: 0 to 366.
  std::string_view kind{};                  ///< call, alteration, order
  std::string_view state{};                 ///< open, done, dropped; absent: open.
  std::optional<std::int64_t> assigned{};   ///< Whose it is: the number of an actor.
};

/// One time that shop and customer were in touch.
struct customer_contact {
  std::optional<timestamp> at{};
  std::string_view channel{};    ///< store, phone, email, letter, chat
  std::string_view direction{};  ///< in: the customer began; out: the shop did.
  personal_text author{};
  personal_text outcome{};  ///< reached, left a message, appointment
  personal_text text{};     ///< One line; what is longer is a note.
};

/// Something that the customer would like to have.
struct wish {
  personal_text what{};
  std::optional<date> day{};  ///< When it was said.
  std::string_view brand{};
  std::string_view size{};
  std::string_view colour{};
  personal_text for_whom{};
  std::optional<date> until{};  ///< It is of no use later.
};

/// How and when the customer would be spoken to.
struct reachability {
  std::string_view channel{};      ///< The preferred one.
  std::string_view quiet_from{};   ///< HH:MM in the customer's time zone.
  std::string_view quiet_until{};  ///< HH:MM; before quiet_from: the next morning.
};

/// An amount in minor units: 12.34 EUR is {1234, "EUR"}, 500 JPY is {500, "JPY"}.
struct money {
  std::optional<std::int64_t> minor{};
  std::string_view currency{};  ///< ISO 4217, three letters.
};

/// One receipt; an item. `at` or `day` says when. Amounts are in minor units of `currency`.
struct purchase {
  std::optional<timestamp> at{};
  std::optional<date> day{};
  std::string_view order{};
  std::string_view store{};
  std::string_view associate{};
  std::string_view channel{};   ///< store, web, phone
  std::string_view currency{};  ///< ISO 4217; needed as soon as there is an amount.
  std::optional<std::int64_t> total{};
};

struct purchase_line {
  std::string_view sku{};
  std::string_view description{};
  std::optional<std::int64_t> quantity{};  ///< Negative: returned. Absent: one.
  std::optional<std::int64_t> unit_price{};
  std::string_view size{};
  std::string_view colour{};
  std::string_view brand{};
  std::string_view category{};    ///< dress, shoe
  std::string_view department{};  ///< women, home
  std::string_view season{};      ///< spring 2026
  personal_text for_whom{};       ///< Who gets it, if not the customer.
};

/// What an associate wrote down; an item. Who wrote it as an actor, and in which store, says the
/// session that appends it (session::append_note()), of a note that is not for all alone.
struct note {
  std::optional<timestamp> at{};
  personal_text author{};
  personal_text text{};
  std::string_view kind{};              ///< A word: general, service, fit, complaint, warning, ...
  std::string_view visibility{};        ///< own, store, all; empty: all
  std::optional<bool> pinned{};         ///< Warns whoever serves the customer.
  std::optional<std::int64_t> by{};     ///< The number of the actor who wrote it.
  std::optional<std::int64_t> store{};  ///< The number of the store in which it was written.
};

// The value of a field, from its bytes. Views lie in `value`.
// Errors: wrong_type, invalid_encoding, truncated, limit_exceeded; `at` is a byte offset.
result<void> decode_value(byte_view value, std::string_view& out) noexcept;
result<void> decode_value(byte_view value, personal_text& out) noexcept;
result<void> decode_value(byte_view value, std::int64_t& out) noexcept;
result<void> decode_value(byte_view value, bool& out) noexcept;
result<void> decode_value(byte_view value, date& out) noexcept;
result<void> decode_value(byte_view value, timestamp& out) noexcept;
result<void> decode_value(byte_view value, person_name& out) noexcept;
result<void> decode_value(byte_view value, email_address& out) noexcept;
result<void> decode_value(byte_view value, phone_number& out) noexcept;
result<void> decode_value(byte_view value, postal_address& out) noexcept;
result<void> decode_value(byte_view value, special_day& out) noexcept;
result<void> decode_value(byte_view value, customer_size& out) noexcept;
result<void> decode_value(byte_view value, external_id& out) noexcept;
result<void> decode_value(byte_view value, household_link& out) noexcept;
result<void> decode_value(byte_view value, demographics& out) noexcept;
result<void> decode_value(byte_view value, government_id& out) noexcept;
result<void> decode_value(byte_view value, payment_card& out) noexcept;
result<void> decode_value(byte_view value, task& out) noexcept;
result<void> decode_value(byte_view value, customer_contact& out) noexcept;
result<void> decode_value(byte_view value, wish& out) noexcept;
result<void> decode_value(byte_view value, reachability& out) noexcept;
result<void> decode_value(byte_view value, money& out) noexcept;
result<void> decode_value(byte_view value, purchase_line& out) noexcept;
result<void> decode_value(byte_view value, note& out) noexcept;

// A value to the front of `out`, and what was written.
// Errors: buffer_too_small (`at`: bytes needed), invalid_encoding (not UTF-8),
// invalid_value (a date that does not exist).
result<byte_view> encode_value(std::string_view value, byte_span out) noexcept;
template <std::same_as<personal_text> Text>  // Not for a literal, which would convert.
result<byte_view> encode_value(Text value, byte_span out) noexcept {
  return encode_value(value.reveal(), out);
}
result<byte_view> encode_value(std::int64_t value, byte_span out) noexcept;
result<byte_view> encode_boolean(bool value, byte_span out) noexcept;
template <std::same_as<bool> Bool>  // Not for a pointer, which would convert.
result<byte_view> encode_value(Bool value, byte_span out) noexcept {
  return encode_boolean(value, out);
}
result<byte_view> encode_value(const date& value, byte_span out) noexcept;
result<byte_view> encode_value(timestamp value, byte_span out) noexcept;
result<byte_view> encode_value(const person_name& value, byte_span out) noexcept;
result<byte_view> encode_value(const demographics& value, byte_span out) noexcept;
result<byte_view> encode_value(const money& value, byte_span out) noexcept;
result<byte_view> encode_value(const reachability& value, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const std::string_view> values, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const email_address> values, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const phone_number> values, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const postal_address> values, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const special_day> values, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const customer_size> values, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const external_id> values, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const household_link> values, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const government_id> values, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const payment_card> values, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const money> values, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const task> values, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const customer_contact> values, byte_span out) noexcept;
result<byte_view> encode_value(std::span<const wish> values, byte_span out) noexcept;
result<byte_view> encode_value(const note& value, byte_span out) noexcept;
result<byte_view> encode_value(const purchase& receipt, std::span<const purchase_line> lines,
                               byte_span out) noexcept;

}  // namespace clientbook

#endif
