// Cases in the store. The rows are maps of numbered members (docs/format/book.md); versions that
// only grow bind the index to the book row and each open case to the index.
#include "case_store.hpp"

#include <clientbook/internal/model/cbor.hpp>

#include <algorithm>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

enum member : std::uint8_t {
  number_of = 1,
  kind_of,
  customers_of,
  opener,
  opener_role,
  opened,
  ends,
  reason_hash,
  reason_reference,
  confirmer,
  closer,
  closed,
};
constexpr std::size_t members = closed;
constexpr std::uint32_t closed_version = 0;

constexpr error malformed{errc::invalid_encoding, "what a case says is not as it must be"};

secret<32> key_of(const book_core& core) {
  return crypto::derive(core.keys().actors, "clientbook cases");
}

template <class Integer>
Integer number(cbor::reader& from) noexcept {
  const std::uint64_t value = from.unsigned_integer();
  if (value > std::uint64_t{Integer(-1)}) from.fail(malformed.code, malformed.text);
  return static_cast<Integer>(value);
}

std::vector<std::byte> encode(const case_record& one) {
  std::vector<std::byte> out(256 + one.customers.size() * 17);
  cbor::writer to(out);
  to.map(members);
  const auto add = [&to](member which, std::uint64_t value) {
    to.unsigned_integer(which);
    to.unsigned_integer(value);
  };
  const auto add_time = [&to](member which, timestamp value) {
    to.unsigned_integer(which);
    to.integer(value.seconds);
  };
  add(number_of, one.number);
  add(kind_of, static_cast<std::uint64_t>(one.kind));
  to.unsigned_integer(customers_of);
  to.array(one.customers.size());
  for (const customer_id& id : one.customers) to.bytes(id.bytes);
  add(opener, one.opened_by.id.value);
  add(opener_role, static_cast<std::uint64_t>(one.opened_by.role));
  add_time(opened, one.opened_at);
  add_time(ends, one.until);
  to.unsigned_integer(reason_hash);
  to.bytes(one.reason.hash);
  to.unsigned_integer(reason_reference);
  to.text(one.reason.reference.view());
  add(confirmer, one.confirmed_by.value);
  add(closer, one.closed_by.value);
  add_time(closed, one.closed_at);
  out.resize(to.size());
  return out;
}

void read_customers(cbor::reader& from, case_record& out) {
  for (std::size_t left = from.array(); left > 0 && !from.failed(); --left) {
    const byte_view bytes = from.bytes();
    if (bytes.size() != sizeof(customer_id)) return from.fail(malformed.code, malformed.text);
    copy_bytes(out.customers.emplace_back().bytes, bytes);
  }
}

void read_reason(cbor::reader& from, member which, case_record& out) {
  if (which == reason_hash) {
    const byte_view hash = from.bytes();
    if (hash.size() != sizeof(consent_hash)) return from.fail(malformed.code, malformed.text);
    copy_bytes(out.reason.hash, hash);
    return;
  }
  const std::string_view text = from.text();
  if (!short_text<64>::fits(text)) return from.fail(malformed.code, malformed.text);
  out.reason.reference = short_text<64>(text);
}

void read_member(cbor::reader& from, member which, case_record& out) {
  switch (which) {
    case number_of:
      out.number = number<std::uint32_t>(from);
      break;
    case kind_of:
      out.kind = static_cast<case_kind>(number<std::uint8_t>(from));
      break;
    case customers_of:
      read_customers(from, out);
      break;
    case opener:
      out.opened_by.id = actor_id(number<std::uint32_t>(from));
      break;
    case opener_role:
      out.opened_by.role = static_cast<actor_role>(number<std::uint8_t>(from));
      break;
    case opened:
      out.opened_at.seconds = from.integer();
      break;
    case ends:
      out.until.seconds = from.integer();
      break;
    case reason_hash:
    case reason_reference:
      read_reason(from, which, out);
      break;
    case confirmer:
      out.confirmed_by = actor_id(number<std::uint32_t>(from));
      break;
    case closer:
      out.closed_by = actor_id(number<std::uint32_t>(from));
      break;
    case closed:
      out.closed_at.seconds = from.integer();
      break;
  }
}

result<case_record> decode(byte_view bytes) {
  cbor::reader from(bytes);
  case_record out;
  const std::size_t count = from.map();
  if (!from.failed() && count != members) {
    return error{errc::newer_format, "a case is of a later version: update clientbook"};
  }
  for (std::uint64_t wanted = 1; wanted <= members && !from.failed(); ++wanted) {
    if (from.unsigned_integer() != wanted) from.fail(malformed.code, malformed.text);
    if (!from.failed()) read_member(from, static_cast<member>(wanted), out);
  }
  if (auto done = from.finish(); !done) return done.error();
  return out;
}

}  // namespace

bool needs_second_person(const case_record& one) noexcept {
  return one.kind == case_kind::fraud || one.kind == case_kind::claims ||
         one.customers.size() > case_of_one_person;
}

bool in_force(const case_record& one, timestamp now) noexcept {
  if (one.closed_by != actor_id() || one.until <= now || now < one.opened_at) return false;
  if (!needs_second_person(one) || one.confirmed_by != actor_id()) return true;
  return one.opened_by.role == actor_role::owner &&
         now.seconds - one.opened_at.seconds >= owner_waits_seconds;
}

book_core::place case_store::place_of(std::uint32_t number, std::uint32_t version) const noexcept {
  return {.key = key(table::open_case).add(number),
          .table = table::open_case,
          .customer = own_number,
          .record = number,
          .version = record_version(version)};
}

result<case_record> case_store::read(std::uint32_t number, std::uint32_t version) {
  if (auto got = core_.get_value(key_of(core_), place_of(number, version), plain_); !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "a case is gone: restore a copy", number};
  }
  auto out = decode(plain_.view());
  if (out && out->number != number) return malformed;
  return out;
}

result<void> case_store::write(const case_record& one, std::uint32_t version) {
  return core_.put_value(key_of(core_), place_of(one.number, version), encode(one));
}

// Reads what is open, when it is not what was read before.
result<void> case_store::follow() {
  const std::uint32_t version = core_.row().cases;
  if (version == read_) return {};
  read_ = unread;
  open_.clear();
  given_ = 0;
  if (version != 0) {
    if (auto got = core_.get_value(key_of(core_), place_of(0, version), plain_); !got) {
      if (got.error().code != errc::not_found) return got;
      return error{errc::row_missing, "the list of open cases is gone: restore a copy"};
    }
    cbor::reader from(plain_.view());
    if (from.array() != 2) from.fail(malformed.code, malformed.text);
    given_ = number<std::uint32_t>(from);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> listed;
    for (std::size_t left = from.array() / 2; left > 0 && !from.failed(); --left) {
      const auto one = number<std::uint32_t>(from);
      listed.emplace_back(one, number<std::uint32_t>(from));
    }
    if (auto done = from.finish(); !done) return done;
    for (const auto& [one, of] : listed) {
      auto record = read(one, of);
      if (!record) return record.error();
      open_.push_back({std::move(*record), of});
    }
  }
  read_ = version;
  return {};
}

result<void> case_store::write_index() {
  std::vector<std::byte> room(32 + open_.size() * 10);
  cbor::writer to(room);
  to.array(2);
  to.unsigned_integer(given_);
  to.array(open_.size() * 2);
  for (const held& one : open_) {
    to.unsigned_integer(one.record.number);
    to.unsigned_integer(one.version);
  }
  const auto bytes = to.finish();
  if (!bytes) return bytes.error();
  const std::uint32_t version = core_.row().cases + 1;
  if (auto put = core_.put_value(key_of(core_), place_of(0, version), *bytes); !put) return put;
  core_.edit_row().cases = version;
  read_ = version;
  return {};
}

result<bool> case_store::covers(case_kind kind, const customer_id& whose, timestamp now) {
  if (auto followed = follow(); !followed) return followed.error();
  for (const held& one : open_) {
    if (one.record.kind != kind || !in_force(one.record, now)) continue;
    const auto& all = one.record.customers;
    if (std::binary_search(all.begin(), all.end(), whose)) return true;
  }
  return false;
}

result<std::vector<customer_id>> case_store::named(case_kind kind, timestamp now) {
  if (auto followed = follow(); !followed) return followed.error();
  std::vector<customer_id> out;
  for (const held& one : open_) {
    if (one.record.kind != kind || !in_force(one.record, now)) continue;
    out.insert(out.end(), one.record.customers.begin(), one.record.customers.end());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

result<std::vector<case_record>> case_store::all() {
  if (auto followed = follow(); !followed) return followed.error();
  std::vector<case_record> out;
  for (std::uint32_t one = 1; one <= given_; ++one) {
    const auto held_now = std::find_if(
        open_.begin(), open_.end(), [one](const held& each) { return each.record.number == one; });
    if (held_now != open_.end()) {
      out.push_back(held_now->record);
      continue;
    }
    auto record = read(one, closed_version);
    if (!record) return record.error();
    out.push_back(std::move(*record));
  }
  return out;
}

result<std::uint32_t> case_store::open(case_record next) {
  if (auto followed = follow(); !followed) return followed.error();
  // What has run out is closed where somebody writes anyway.
  for (std::size_t i = open_.size(); i > 0; --i) {
    const case_record& old = open_[i - 1].record;
    if (old.until > next.opened_at) continue;
    if (auto done = close(old.number, {}, old.until); !done) return done.error();
  }
  if (open_.size() >= max_open_cases) {
    return error{errc::limit_exceeded, "too many cases are open: close those that are done"};
  }
  std::sort(next.customers.begin(), next.customers.end());
  next.customers.erase(std::unique(next.customers.begin(), next.customers.end()),
                       next.customers.end());
  next.number = ++given_;
  if (auto put = write(next, 1); !put) return put.error();
  open_.push_back({std::move(next), 1});
  if (auto put = write_index(); !put) return put.error();
  return given_;
}

result<case_store::held*> case_store::find(std::uint32_t number) {
  if (auto followed = follow(); !followed) return followed.error();
  for (held& one : open_) {
    if (one.record.number == number) return &one;
  }
  return error{errc::not_found, "no open case has this number", number};
}

result<void> case_store::confirm(std::uint32_t number, actor_id by) {
  const auto found = find(number);
  if (!found) return found.error();
  held& one = **found;
  if (one.record.opened_by.id == by) {
    return error{errc::second_person_required, "whoever opened a case may not confirm it", number};
  }
  if (one.record.confirmed_by != actor_id()) {
    return error{errc::already_exists, "the case is confirmed already", number};
  }
  one.record.confirmed_by = by;
  if (auto put = write(one.record, ++one.version); !put) return put;
  return write_index();
}

result<void> case_store::close(std::uint32_t number, actor_id by, timestamp at) {
  const auto found = find(number);
  if (!found) return found.error();
  case_record done = (*found)->record;
  done.closed_by = by;
  done.closed_at = at;
  if (auto put = write(done, closed_version); !put) return put;
  std::erase_if(open_, [number](const held& one) { return one.record.number == number; });
  return write_index();
}

result<void> case_store::forget_customer(std::uint32_t number, actor_id by, timestamp at) {
  if (const auto open = find(number); open) {
    if (auto done = close(number, by, at); !done) return done;
  } else if (open.error().code != errc::not_found) {
    return open.error();
  }
  if (number == 0 || number > given_) return error{errc::not_found, "no such case", number};
  auto one = read(number, closed_version);
  if (!one) return one.error();
  one->customers.clear();
  return write(*one, closed_version);
}

}  // namespace clientbook
