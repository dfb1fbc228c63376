// Retained records in the store. docs/format/book.md has the bytes.
#include "retained_store.hpp"

#include <clientbook/internal/model/cbor.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

enum member : std::uint8_t {
  purpose_of = 1,
  day_of_erasure,
  last_day,
  fields_of_it,
  purchases_of_it,
  directives_of_it
};
constexpr std::size_t members = directives_of_it;

constexpr error malformed{errc::invalid_encoding, "a retained record is not as it must be"};
constexpr std::uint32_t most_parts = 1'000'000;

book_core::place place_of(customer_no number, std::uint32_t piece) noexcept {
  return {.key = key(table::retained).add(number.value).add(piece),
          .table = table::retained,
          .customer = number,
          .record = piece,
          .version = record_version(1)};
}

date day_from(cbor::reader& from) {
  constexpr std::int64_t latest_day = 2'932'896;  // The last one of the year 9999.
  const std::int64_t day = from.integer();
  if (!from.failed() && (day < 0 || day > latest_day)) from.fail(malformed.code, malformed.text);
  return from.failed() ? date{} : date_of(timestamp{day * 86400});
}

std::uint32_t count_from(cbor::reader& from) {
  const std::uint64_t count = from.unsigned_integer();
  if (count > most_parts) from.fail(malformed.code, malformed.text);
  return from.failed() ? 0 : static_cast<std::uint32_t>(count);
}

void read_member(cbor::reader& from, member which, retained_record& out) {
  switch (which) {
    case purpose_of: {
      const std::uint64_t purpose = from.unsigned_integer();
      if (purpose == 0 || purpose >= purpose_set::capacity) {
        return from.fail(malformed.code, malformed.text);
      }
      out.purpose = purpose_id(static_cast<std::uint8_t>(purpose));
      break;
    }
    case day_of_erasure:
      out.since = day_from(from);
      break;
    case last_day:
      out.until = day_from(from);
      break;
    case fields_of_it:
      out.fields = field_set::of_bits(from.unsigned_integer());
      break;
    case purchases_of_it:
      out.purchases = count_from(from);
      break;
    case directives_of_it:
      out.directives = count_from(from);
      break;
  }
}

result<retained_record> decode(byte_view bytes) {
  cbor::reader from(bytes);
  retained_record out;
  const std::size_t count = from.map();
  if (!from.failed() && count != members) {
    return error{errc::newer_format, "a retained record is of a later version: update clientbook"};
  }
  for (std::uint64_t wanted = 1; wanted <= members && !from.failed(); ++wanted) {
    if (from.unsigned_integer() != wanted) from.fail(malformed.code, malformed.text);
    if (!from.failed()) read_member(from, static_cast<member>(wanted), out);
  }
  if (auto done = from.finish(); !done) return done.error();
  return out;
}

// Purchases are one of the parts that is told apart by its number; `fields` are those of the
// record.
field_set of_record(const retained_record& one) noexcept {
  field_set out = one.fields;
  out.remove(field::purchases);
  return out;
}

}  // namespace

customer_no retained_store::number_of(std::uint32_t which) noexcept {
  return customer_no(storage::retained_from + which);
}

std::optional<std::uint32_t> retained_store::which_of(customer_no number) noexcept {
  if (number.value <= storage::retained_from || number.value >= storage::trace_periods_from) {
    return std::nullopt;
  }
  return static_cast<std::uint32_t>(number.value - storage::retained_from);
}

result<const manifest*> retained_store::key_of(std::uint32_t which) {
  if (which == 0 || which > given()) return error{errc::not_found, "no such retained record"};
  const auto own = core_.tree().find(number_of(which));
  if (own) return *own;
  if (own.error().code == errc::key_erased) {
    return error{errc::key_erased,
                 "this retained record is gone: its time is over, or a restore lost it"};
  }
  if (own.error().code != errc::not_found) return own.error();
  return error{errc::row_missing, "the key of a retained record is gone: restore a copy"};
}

result<byte_view> retained_store::read(std::uint32_t which, const manifest& own,
                                       std::uint32_t piece) {
  if (auto got = core_.get_value(own.subject_key, place_of(number_of(which), piece), plain_);
      !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "a part of a retained record is gone: restore a copy", piece};
  }
  return plain_.view();
}

result<retained_record> retained_store::head(std::uint32_t which) {
  const auto own = key_of(which);
  if (!own) return own.error();
  const auto bytes = read(which, **own, 0);
  if (!bytes) return bytes.error();
  return decode(*bytes);
}

result<void> retained_store::parts(std::uint32_t which,
                                   callback_ref<result<void>(const part&)> each) {
  const auto about = head(which);
  if (!about) return about.error();
  std::uint32_t next = 0;
  const auto take = [&](part one) -> result<void> {
    const auto own = key_of(which);
    if (!own) return own.error();
    const auto bytes = read(which, **own, ++next);
    if (!bytes) return bytes.error();
    one.bytes = *bytes;
    return each(one);
  };
  for (const field_id field : of_record(*about)) {
    if (auto taken = take({.field = field}); !taken) return taken;
  }
  for (std::uint32_t i = 0; i < about->purchases; ++i) {
    if (auto taken = take({.is_purchase = true}); !taken) return taken;
  }
  for (std::uint32_t i = 0; i < about->directives; ++i) {
    if (auto taken = take({}); !taken) return taken;
  }
  return {};
}

result<void> retained_store::put(customer_no number, std::uint32_t piece, byte_view bytes) {
  const auto own = core_.tree().find(number);
  if (!own) return own.error();
  return core_.put_value((*own)->subject_key, place_of(number, piece), bytes);
}

result<customer_no> retained_store::add(const draft& what) {
  const std::uint32_t which = given() + 1;
  const customer_no number = number_of(which);
  if (!which_of(number)) {
    return error{errc::limit_exceeded, "the book holds as many retained records as it can"};
  }
  auto drawn = crypto::random_key(core_.random());
  if (!drawn) return drawn.error();
  manifest own;
  own.subject_key = std::move(*drawn);
  if (auto added = core_.tree().insert(number, std::move(own)); !added) return added.error();
  core_.edit_row().retained = which;

  field_set fields;
  for (const auto& [field, value] : what.fields) fields.add(field);
  if (!what.purchases.empty()) fields.add(field::purchases);
  std::array<std::byte, 80> room;
  cbor::writer to(room);
  to.map(members);
  to.unsigned_integer(purpose_of);
  to.unsigned_integer(what.purpose.value);
  to.unsigned_integer(day_of_erasure);
  to.integer(days_since_epoch(what.since));
  to.unsigned_integer(last_day);
  to.integer(days_since_epoch(what.until));
  to.unsigned_integer(fields_of_it);
  to.unsigned_integer(fields.bits());
  to.unsigned_integer(purchases_of_it);
  to.unsigned_integer(what.purchases.size());
  to.unsigned_integer(directives_of_it);
  to.unsigned_integer(what.directives.size());
  const auto bytes = to.finish();
  if (!bytes) return bytes.error();
  std::uint32_t piece = 0;
  if (auto done = put(number, piece, *bytes); !done) return done.error();
  for (const auto& [field, value] : what.fields) {
    if (auto done = put(number, ++piece, value); !done) return done.error();
  }
  for (const wiped_bytes& one : what.purchases) {
    if (auto done = put(number, ++piece, one); !done) return done.error();
  }
  for (const directive& one : what.directives) {
    std::array<std::byte, max_directive_bytes> said;
    const auto encoded = encode_directive(one, said);
    if (!encoded) return encoded.error();
    if (auto done = put(number, ++piece, *encoded); !done) return done.error();
  }
  return number;
}

result<void> retained_store::drop(std::uint32_t which) {
  const customer_no number = number_of(which);
  const key prefix = key(table::retained).add(number.value);
  std::vector<std::uint32_t> there;
  auto walked = core_.read().walk(prefix, prefix, [&](byte_view at, byte_view) {
    if (at.size() == 13) there.push_back(load_be<std::uint32_t>(at.data() + 9));
    return true;
  });
  if (!walked) return walked;
  for (const std::uint32_t piece : there) {
    if (auto gone = core_.write().erase(place_of(number, piece).key); !gone) return gone;
  }
  return core_.tree().erase(number);
}

result<void> retained_store::verify() {
  std::uint64_t wanted = 0;
  for (std::uint32_t which = 1; which <= given(); ++which) {
    const auto about = head(which);
    if (!about) {
      if (about.error().code == errc::key_erased) continue;
      return about.error();
    }
    if (auto open = parts(which, [](const part&) -> result<void> { return {}; }); !open) {
      return open;
    }
    wanted += 1 + of_record(*about).size() + about->purchases + about->directives;
  }
  std::uint64_t rows = 0;
  const key prefix(table::retained);
  auto walked = core_.read().walk(prefix, prefix, [&](byte_view, byte_view) {
    ++rows;
    return true;
  });
  if (!walked) return walked;
  if (rows != wanted) return error{errc::damaged, "a retained record has a part too many"};
  return {};
}

}  // namespace clientbook
