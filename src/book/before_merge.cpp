// Rows of table 41; docs/format/book.md has the bytes.
#include "before_merge.hpp"

#include <clientbook/internal/model/cbor.hpp>

#include <array>
#include <limits>

namespace clientbook {
namespace {

constexpr std::uint64_t format = 1;
constexpr std::size_t digest_size = 8;

// 0 is the head, a field's row is its number and 1.
book_core::place place_of(customer_no number, const manifest& part, std::uint8_t which) noexcept {
  return {.key = storage::key(storage::table::merge).add(number.value).add(which),
          .table = storage::table::merge,
          .kind = which,
          .customer = number,
          .version = record_version(part.customer_row),
          .key_version = part.key_version};
}

std::uint8_t place_of(field_id field) noexcept {
  return static_cast<std::uint8_t>(field.value + 1);
}

result<void> get(book_core& core, customer_no number, const manifest& part, std::uint8_t which,
                 private_bytes& into) {
  auto got = core.get_value(part.subject_key, place_of(number, part, which), into);
  if (got || got.error().code != errc::not_found) return got;
  return error{errc::row_missing, "what was before a merge is gone: restore a copy"};
}

}  // namespace

result<customer> held_record(record_opener& opener, customer_no number, const manifest& entry) {
  std::array<opened_field, max_fields> opened;
  const auto fields = opener.record(opening::rewriting, number, entry, opened);
  if (!fields) return fields.error();
  customer out;
  for (const opened_field& one : *fields) {
    if (auto set = out.set_raw(one.id, one.plaintext); !set) return set.error();
  }
  return out;
}

result<void> put_before_merge(book_core& core, customer_no number, const manifest& part,
                              const before_merge& what) {
  const std::vector<std::byte> row = encode(what.row);
  wiped_bytes bytes(row.size() + 64);
  cbor::writer to(bytes);
  to.array(5);
  to.unsigned_integer(format);
  to.unsigned_integer(what.born);
  to.unsigned_integer(what.since);
  to.unsigned_integer(what.fields.bits());
  to.bytes(row);
  const auto done = to.finish();
  if (!done) return done.error();
  return core.put_value(part.subject_key, place_of(number, part, 0), *done);
}

result<void> put_field_before(book_core& core, customer_no number, const manifest& part,
                              field_id field, const field_before& what) {
  wiped_bytes bytes(digest_size);
  store_be(bytes.data(), what.after);
  bytes.insert(bytes.end(), what.value.begin(), what.value.end());
  return core.put_value(part.subject_key, place_of(number, part, place_of(field)), bytes);
}

result<before_merge> read_before_merge(book_core& core, customer_no number, const manifest& part) {
  private_bytes plain;
  if (auto got = get(core, number, part, 0, plain); !got) return got.error();
  cbor::reader from(plain.view());
  constexpr error malformed{errc::invalid_encoding, "what was before a merge is not as it must be"};
  if (from.array() != 5) return malformed;
  if (from.unsigned_integer() != format) {
    return error{errc::newer_format, "a merge is of a later version: update clientbook"};
  }
  before_merge out;
  const std::uint64_t born = from.unsigned_integer();
  const std::uint64_t since = from.unsigned_integer();
  out.fields = field_set::of_bits(from.unsigned_integer());
  const byte_view row = from.bytes();
  if (auto done = from.finish(); !done) return done.error();
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  if (born > most || since > most) return malformed;
  out.born = static_cast<std::uint32_t>(born);
  out.since = static_cast<std::uint32_t>(since);
  auto read = decode_customer_row(row);
  if (!read) return read.error();
  out.row = std::move(*read);
  return out;
}

result<field_before> read_field_before(book_core& core, customer_no number, const manifest& part,
                                       field_id field) {
  private_bytes plain;
  if (auto got = get(core, number, part, place_of(field), plain); !got) return got.error();
  if (plain.view().size() < digest_size) {
    return error{errc::invalid_encoding, "what was before a merge is not as it must be"};
  }
  field_before out{.after = load_be<std::uint64_t>(plain.view().data())};
  const byte_view value = plain.view().subspan(digest_size);
  out.value.assign(value.begin(), value.end());
  return out;
}

}  // namespace clientbook
