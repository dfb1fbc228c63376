// The other way of value_text.cpp, by the same shapes. An item is written twice, once to learn its
// size; what is wrong is found the first time, and then nothing is written at all.
#include "value_bytes.hpp"

#include <clientbook/internal/base/base64.hpp>
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/values.hpp>

#include <boost/json/object.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "shapes.hpp"

namespace clientbook::transfer {
namespace {

namespace json = boost::json;
using exchange::json_node;

constexpr std::string_view raw_name = "cbor";
constexpr std::size_t most_elements = std::size_t{1} << 20;

bool is_raw(const json_node& from) {
  const json::value* value = from.value();
  return value != nullptr && value->is_object() && value->get_object().size() == 1 &&
         value->get_object().begin()->key() == raw_name;
}

// Bytes as they are: for what has no name here.
void write_raw(cbor::writer& out, const json_node& from) {
  from.only({raw_name});
  const json_node text = from.required(raw_name);
  const std::string_view base64 = text.text();
  if (from.failed()) return;
  if (!is_base64(base64)) return text.fail({errc::invalid_encoding, "not base64 (RFC 4648)"});
  wiped_bytes item(base64_decoded_size(base64));
  decode_base64(base64, item);
  if (const auto whole = cbor::check(item); !whole) {
    return text.fail({whole.error().code, "not one item of deterministic CBOR"});
  }
  out.item(item);
}

void write_date(cbor::writer& out, const json_node& from) {
  const std::string_view text = from.text();
  if (from.failed()) return;
  const auto day = parse_date(text);
  if (!day) return from.fail({errc::invalid_value, "want a date: YYYY-MM-DD or --MM-DD"});
  std::byte item[8];
  const auto encoded = encode_value(*day, item);
  if (!encoded) return from.fail(encoded.error());
  out.item(*encoded);
}

// Seconds as a number are for instants that no calendar of four digits has.
void write_timestamp(cbor::writer& out, const json_node& from) {
  const json::value* value = from.value();
  if (value != nullptr && value->is_int64()) return out.integer(value->get_int64());
  const std::string_view text = from.text();
  if (from.failed()) return;
  const auto at = parse_timestamp(text);
  if (!at) return from.fail({errc::invalid_value, "want an instant: YYYY-MM-DDThh:mm:ssZ"});
  out.integer(at->seconds);
}

void write_customer(cbor::writer& out, const json_node& from) {
  const std::string_view text = from.text();
  if (from.failed()) return;
  customer_id id;
  if (!parse_hex(text, id.bytes)) {
    return from.fail({errc::invalid_value, "want a customer's id: 32 hexadecimal digits"});
  }
  out.bytes(id.bytes);
}

class value_reader {
 public:
  explicit value_reader(cbor::writer& out) noexcept : out_(out) {}

  void value(const shape& of, const json_node& from) {
    const json::value* held = from.value();
    if (held == nullptr || !held->is_array() || of.kind == shape_kind::unknown) {
      return element(of, from);
    }
    const std::size_t count = from.size(most_elements);
    out_.array(count);
    for (std::size_t i = 0; i < count && !from.failed(); ++i) element(of, from.at(i));
  }

 private:
  struct entry {
    std::uint64_t key;
    const shape_member* known;  ///< Null: a member of a newer version.
    std::string_view name;
  };

  void element(const shape& of, const json_node& from) {
    if (is_raw(from)) return write_raw(out_, from);
    switch (of.kind) {
      case shape_kind::text:
        return out_.text(from.text());
      case shape_kind::integer:
        return out_.integer(from.integer(std::numeric_limits<std::int64_t>::min(),
                                         std::numeric_limits<std::int64_t>::max()));
      case shape_kind::boolean:
        return out_.boolean(from.boolean(false));
      case shape_kind::date:
        return write_date(out_, from);
      case shape_kind::timestamp:
        return write_timestamp(out_, from);
      case shape_kind::customer:
        return write_customer(out_, from);
      case shape_kind::structure:
        return structure(of, from);
      case shape_kind::lines:
      case shape_kind::unknown:
        break;
    }
    from.fail({errc::wrong_type,
               "want the bytes of a type that this version does not know: "
               "{\"cbor\": base64}"});
  }

  void structure(const shape& of, const json_node& from) {
    const json::value* held = from.value();
    if (held == nullptr) return;
    if (!held->is_object()) return from.fail({errc::wrong_type, "want an object"});
    std::vector<entry> entries;
    for (const auto& member : held->get_object()) {
      const auto found = find(of, member.key());
      if (!found) return from.fail(unknown_member);
      entries.push_back(*found);
    }
    std::sort(entries.begin(), entries.end(),
              [](const entry& a, const entry& b) { return a.key < b.key; });
    const auto twice =
        std::adjacent_find(entries.begin(), entries.end(),
                           [](const entry& a, const entry& b) { return a.key == b.key; });
    if (twice != entries.end()) {
      return from.fail({errc::already_exists, "a member by its name and by its number"});
    }
    out_.map(entries.size());
    for (const entry& one : entries) {
      if (from.failed()) return;
      out_.unsigned_integer(one.key);
      member(one, from.member(one.name));
    }
  }

  void member(const entry& of, const json_node& from) {
    if (of.known == nullptr || of.known->name != of.name) return write_raw(out_, from);
    if (of.known->kind != shape_kind::lines) return element(shape_of(*of.known), from);
    if (is_raw(from)) return write_raw(out_, from);
    from.size(most_elements);  // A list, never a single line.
    if (!from.failed()) value(shape_of(*of.known), from);
  }

  static std::optional<entry> find(const shape& of, std::string_view name) {
    for (const shape_member& one : of.members) {
      if (one.name == name) return entry{one.key, &one, name};
    }
    if (const auto number = number_of(name)) return entry{*number, nullptr, name};
    return std::nullopt;
  }

  static constexpr error unknown_member{errc::unknown_field,
                                        "an object here has a member that nobody knows"};

  cbor::writer& out_;
};

}  // namespace

std::optional<std::uint64_t> number_of(std::string_view name) noexcept {
  if (name.size() < 2 || name.front() != '#') return std::nullopt;
  const std::string_view digits = name.substr(1);
  if (digits.front() == '0' && digits.size() > 1) return std::nullopt;  // One name a number.
  std::uint64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  return number;
}

wiped_bytes read_value(const json_node& from, field_type type) {
  const shape of = shape_of(type);
  cbor::writer counted({});
  value_reader(counted).value(of, from);
  if (from.failed()) return {};
  wiped_bytes out(counted.size());
  cbor::writer written(out);
  value_reader(written).value(of, from);
  const auto whole = written.finish();
  // A text that JSON admits and CBOR does not is no text: half a surrogate pair.
  if (!whole) from.fail({whole.error().code, whole.error().text});
  if (whole && !cbor::check(out)) from.fail({errc::limit_exceeded, "nested too deeply"});
  return from.failed() ? wiped_bytes() : out;
}

}  // namespace clientbook::transfer
