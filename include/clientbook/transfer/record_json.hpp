// A record as JSON and back, without loss: whoever cannot read CBOR reads, changes and writes a
// customer's record all the same (docs/transfer.md has the format).
//
//   {"name": {"given": "Ken", "family": "Sánchez"},
//    "emails": [{"address": "ken@example.com", "label": "home"}],
//    "birth_date": "--05-17",
//    "#40": {"cbor": "gwECAw=="}}
//
// Fields have the schema's keys, members the names of values.hpp. What this version has no name
// for keeps its number and its bytes: a field or member of a newer version, and a value of
// another type than the schema says.
//
// A text that comes in is bounded, a name may stand in an object once only, and every error says
// where (a JSON pointer) and what, never a value. What is read has the right types; whether it may
// be kept is for session::put() to say, or for `value_rules::checked` beforehand.
//
// Texts that go out are personal data: they are wiped at the end of their life.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_RECORD_JSON_HPP
#define CLIENTBOOK_TRANSFER_RECORD_JSON_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/book/customer.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/vault/wiped_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clientbook {

/// A text that is overwritten when it is given back, also on growth; but for one so short that it
/// lies in the object itself.
using wiped_text = std::basic_string<char, std::char_traits<char>, wiping_allocator<char>>;

enum class value_rules : std::uint8_t {
  types,    ///< Each value is of its type; what it says is not looked at.
  checked,  ///< Also as validate() (validate.hpp) says; fields of a newer version are refused.
};

struct record_json_options {
  std::size_t most_bytes = std::size_t{16} << 20;  ///< Longest text that is read. Default 16 MiB.
  value_rules rules = value_rules::types;
};

/// Errors: invalid_encoding (a value that is not deterministic CBOR, or not ascending numbers),
/// `at` the field number.
result<wiped_text> record_to_json(const record_view& record, const schema& fields);

/// Errors: limit_exceeded (longer than most_bytes, deeper than 32 levels), invalid_encoding (not
/// JSON) and already_exists (a name twice), `at` the byte; unknown_field (a name that there is
/// not), already_exists (a field by name and by number), wrong_type, invalid_value; `where`, if
/// given, receives the JSON pointer.
result<customer> record_from_json(std::string_view json, const schema& fields,
                                  std::string* where = nullptr,
                                  const record_json_options& options = {});

/// One value of a field, or one item (a purchase, a note: the bytes that decode_purchase() and
/// decode_value() read). Errors: as record_to_json().
result<wiped_text> value_to_json(field_type type, byte_view value);

/// Errors: as record_from_json(). With rules checked, items must be of the built-in fields'.
result<wiped_bytes> value_from_json(field_type type, std::string_view json,
                                    std::string* where = nullptr,
                                    const record_json_options& options = {});

}  // namespace clientbook

#endif
