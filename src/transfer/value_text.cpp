// Walks a value by its shape. Whatever does not fit the shape (redacted forms, members and types
// of a newer version) is written by write_other(), so every item has a text.
#include "value_text.hpp"

#include <clientbook/internal/model/cbor.hpp>

#include <array>
#include <string>
#include <vector>

#include "shapes.hpp"

namespace clientbook::transfer {
namespace {

constexpr timestamp first_written{-62'135'596'800};  // 0001-01-01T00:00:00Z
constexpr timestamp last_written{253'402'300'799};   // 9999-12-31T23:59:59Z

void write_plain(json_text& out, cbor::reader& from);

// Maps of the library have numbers for keys; JSON has names.
void write_plain_map(json_text& out, cbor::reader& from) {
  out.begin_object();
  for (std::size_t left = from.map(); left > 0 && !from.failed(); --left) {
    if (from.next() == cbor::kind::text) {
      out.name(from.text());
    } else if (from.next() == cbor::kind::unsigned_integer) {
      out.name(std::to_string(from.unsigned_integer()));
    } else {
      from.item();
      out.name("?");
    }
    write_plain(out, from);
  }
  out.end_object();
}

void write_plain(json_text& out, cbor::reader& from) {
  switch (from.next()) {
    case cbor::kind::unsigned_integer:
    case cbor::kind::negative_integer:
      return out.integer(from.integer());
    case cbor::kind::text:
      return out.string(from.text());
    case cbor::kind::bytes:
      return out.hex(from.bytes());
    case cbor::kind::array:
      out.begin_array();
      for (std::size_t left = from.array(); left > 0 && !from.failed(); --left) {
        write_plain(out, from);
      }
      return out.end_array();
    case cbor::kind::map:
      return write_plain_map(out, from);
    case cbor::kind::simple:
      if (from.rest().front() == std::byte{0xf6}) {
        from.null();
        return out.null();
      }
      return out.boolean(from.boolean());
    case cbor::kind::none:
      break;
  }
  from.fail(errc::invalid_encoding, "not a value");
  out.null();
}

void write_other(json_text& out, byte_view item, value_form form) {
  if (form == value_form::shown) {
    cbor::reader from(item);
    return write_plain(out, from);
  }
  out.begin_object();
  out.name("cbor");
  out.base64(item);
  out.end_object();
}

bool write_date(json_text& out, byte_view item) {
  date day;
  if (!decode_value(item, day)) return false;
  char text[10];
  out.string({text, clientbook::write_date(day, text)});
  return true;
}

bool write_timestamp(json_text& out, byte_view item) {
  timestamp at;
  if (!decode_value(item, at)) return false;
  if (at < first_written || at > last_written) {
    out.integer(at.seconds);
    return true;
  }
  char text[20];
  clientbook::write_timestamp(at, text);
  out.string({text, sizeof text});
  return true;
}

// One value of a kind without members; whether it was one.
bool write_single(json_text& out, shape_kind kind, byte_view item) {
  cbor::reader in(item);
  switch (kind) {
    case shape_kind::text: {
      const std::string_view text = in.text();
      if (!in.failed()) out.string(text);
      return !in.failed();
    }
    case shape_kind::integer: {
      const std::int64_t value = in.integer();
      if (!in.failed()) out.integer(value);
      return !in.failed();
    }
    case shape_kind::boolean: {
      const bool value = in.boolean();
      if (!in.failed()) out.boolean(value);
      return !in.failed();
    }
    case shape_kind::customer: {
      const byte_view id = in.bytes();
      if (in.failed() || id.size() != sizeof customer_id{}.bytes) return false;
      out.hex(id);
      return true;
    }
    case shape_kind::date:
      return write_date(out, item);
    case shape_kind::timestamp:
      return write_timestamp(out, item);
    case shape_kind::structure:
    case shape_kind::lines:
    case shape_kind::unknown:
      break;
  }
  return false;
}

class value_writer {
 public:
  value_writer(json_text& out, value_form form) noexcept : out_(out), form_(form) {}

  void element(const shape& of, byte_view item) {
    const bool done =
        of.kind == shape_kind::structure ? structure(of, item) : write_single(out_, of.kind, item);
    if (!done) write_other(out_, item, form_);
  }

  // One value or a list of them.
  void value(const shape& of, byte_view item) {
    cbor::reader in(item);
    if (in.next() != cbor::kind::array || of.kind == shape_kind::unknown) return element(of, item);
    out_.begin_array();
    for (std::size_t left = in.array(); left > 0; --left) element(of, in.item());
    out_.end_array();
  }

 private:
  struct other_member {
    std::uint64_t key;
    byte_view item;
  };

  bool structure(const shape& of, byte_view item) {
    cbor::reader in(item);
    if (in.next() != cbor::kind::map) return false;
    std::array<byte_view, most_members> known;
    std::vector<other_member> others;
    for (std::size_t left = in.map(); left > 0; --left) {
      const std::uint64_t key = in.unsigned_integer();
      const byte_view value = in.item();
      if (in.failed()) return false;  // A key that is no number: not one of the library's maps.
      std::size_t place = 0;
      while (place < of.members.size() && of.members[place].key != key) ++place;
      if (place < of.members.size()) {
        known[place] = value;
      } else {
        others.push_back({key, value});
      }
    }
    out_.begin_object();
    for (std::size_t i = 0; i < of.members.size(); ++i) member(of.members[i], known[i]);
    for (const other_member& one : others) {
      out_.numbered(one.key);
      write_other(out_, one.item, form_);
    }
    out_.end_object();
    return true;
  }

  void member(const shape_member& of, byte_view item) {
    const bool lines = of.kind == shape_kind::lines;
    if (item.empty()) {
      // A reader of receipts finds a list of lines in each.
      if (!lines || form_ != value_form::shown) return;
      out_.name(of.name);
      out_.begin_array();
      return out_.end_array();
    }
    out_.name(of.name);
    cbor::reader in(item);
    if (lines && in.next() == cbor::kind::array) return value(shape_of(of), item);
    if (lines) return write_other(out_, item, form_);
    element(shape_of(of), item);
  }

  json_text& out_;
  value_form form_;
};

}  // namespace

void write_value(json_text& out, field_type type, byte_view value, value_form form) {
  value_writer(out, form).value(shape_of(type), value);
}

}  // namespace clientbook::transfer
