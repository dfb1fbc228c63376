// Cases in the store. The rows are maps of numbered members (docs/format/book.md); versions that
// only grow bind the index to the book row and each open case to the index.
#include "case_store.hpp"

#include <algorithm>

namespace clientbook {
namespace {

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

constexpr error malformed{errc::invalid_encoding, "what a case says is not as it must be"};

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
      out.number = read_number<std::uint32_t>(from, malformed);
      break;
    case kind_of:
      out.kind = static_cast<case_kind>(read_number<std::uint8_t>(from, malformed));
      break;
    case customers_of:
      read_customers(from, out);
      break;
    case opener:
      out.opened_by.id = actor_id(read_number<std::uint32_t>(from, malformed));
      break;
    case opener_role:
      out.opened_by.role = static_cast<actor_role>(read_number<std::uint8_t>(from, malformed));
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
      out.confirmed_by = actor_id(read_number<std::uint32_t>(from, malformed));
      break;
    case closer:
      out.closed_by = actor_id(read_number<std::uint32_t>(from, malformed));
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

case_store::case_store(book_core& core) noexcept
    : rows_(core,
            {.table = storage::table::open_case,
             .version = &book_row::cases,
             .key = "clientbook cases",
             .gone = "the list of open cases is gone: restore a copy"},
            "a case is gone: restore a copy") {}

result<case_record> case_store::read(std::uint32_t number) {
  const auto bytes = rows_.read(number);
  if (!bytes) return bytes.error();
  auto out = decode(*bytes);
  if (out && out->number != number) return malformed;
  return out;
}

// Reads what is open, when it is not what was read before.
result<void> case_store::follow() {
  const auto anew = rows_.follow();
  if (!anew) return anew.error();
  if (!*anew) return {};
  open_.clear();
  for (const numbered_rows::listed& one : rows_.open()) {
    auto record = read(one.number);
    if (!record) {
      rows_.forget();
      return record.error();
    }
    open_.push_back(std::move(*record));
  }
  return {};
}

bool case_store::counts(const case_record& one, timestamp now) const {
  if (!in_force(one, now)) return false;
  const bool by_itself = needs_second_person(one) && one.confirmed_by == actor_id();
  return !by_itself || ask_ == nullptr || ask_(of_, one);
}

result<bool> case_store::covers(case_kind kind, const customer_id& whose, timestamp now,
                                std::span<const std::uint32_t> beside) {
  if (auto followed = follow(); !followed) return followed.error();
  for (const case_record& one : open_) {
    if (one.kind != kind || !counts(one, now)) continue;
    if (std::ranges::find(beside, one.number) != beside.end()) continue;
    const auto& all = one.customers;
    if (std::binary_search(all.begin(), all.end(), whose)) return true;
  }
  return false;
}

result<bool> case_store::holds(const customer_id& whose, timestamp now) {
  if (auto followed = follow(); !followed) return followed.error();
  return std::ranges::any_of(open_, [&](const case_record& one) {
    const bool holding =
        one.kind == case_kind::claims || one.kind == case_kind::tax || one.kind == case_kind::fraud;
    return holding && now < one.until && std::ranges::binary_search(one.customers, whose);
  });
}

result<bool> case_store::needs(const customer_id& whose, timestamp now) {
  if (auto followed = follow(); !followed) return followed.error();
  return std::ranges::any_of(open_, [&](const case_record& one) {
    return one.kind != case_kind::records && now < one.until &&
           std::ranges::binary_search(one.customers, whose);
  });
}

result<std::vector<customer_id>> case_store::named(case_kind kind, timestamp now) {
  if (auto followed = follow(); !followed) return followed.error();
  std::vector<customer_id> out;
  for (const case_record& one : open_) {
    if (one.kind != kind || !counts(one, now)) continue;
    out.insert(out.end(), one.customers.begin(), one.customers.end());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

result<std::vector<case_record>> case_store::all() {
  if (auto followed = follow(); !followed) return followed.error();
  std::vector<case_record> out;
  for (std::uint32_t number = 1; number <= rows_.given(); ++number) {
    auto record = read(number);
    if (!record) return record.error();
    out.push_back(std::move(*record));
  }
  return out;
}

result<std::uint32_t> case_store::open(case_record next) {
  if (auto followed = follow(); !followed) return followed.error();
  // What has run out is closed where somebody writes anyway.
  for (std::size_t i = open_.size(); i > 0; --i) {
    const case_record& old = open_[i - 1];
    if (old.until > next.opened_at) continue;
    if (auto done = close(old.number, {}, old.until); !done) return done.error();
  }
  if (open_.size() >= max_open_cases) {
    return error{errc::limit_exceeded, "too many cases are open: close those that are done"};
  }
  std::sort(next.customers.begin(), next.customers.end());
  next.customers.erase(std::unique(next.customers.begin(), next.customers.end()),
                       next.customers.end());
  next.number = rows_.given() + 1;
  if (auto put = rows_.add(next.number, encode(next)); !put) return put.error();
  open_.push_back(std::move(next));
  return rows_.given();
}

result<std::uint32_t> case_store::given() {
  if (auto followed = follow(); !followed) return followed.error();
  return rows_.given();
}

result<case_record*> case_store::find(std::uint32_t number) {
  if (auto followed = follow(); !followed) return followed.error();
  const auto found = std::ranges::find(open_, number, &case_record::number);
  if (found == open_.end()) {
    return error{errc::not_found, "no open case has this number", number};
  }
  return &*found;
}

result<void> case_store::confirm(std::uint32_t number, actor_id by) {
  const auto found = find(number);
  if (!found) return found.error();
  case_record& one = **found;
  if (one.opened_by.id == by) {
    return error{errc::second_person_required, "whoever opened a case may not confirm it", number};
  }
  if (one.confirmed_by != actor_id()) {
    return error{errc::already_exists, "the case is confirmed already", number};
  }
  one.confirmed_by = by;
  return rows_.put(number, encode(one));
}

result<void> case_store::close(std::uint32_t number, actor_id by, timestamp at) {
  const auto found = find(number);
  if (!found) return found.error();
  case_record done = std::move(**found);
  open_.erase(open_.begin() + (*found - open_.data()));
  done.closed_by = by;
  done.closed_at = at;
  return rows_.end(number, encode(done));
}

result<void> case_store::forget_customer(std::uint32_t number, actor_id by, timestamp at) {
  if (const auto open = find(number); open) {
    if (auto done = close(number, by, at); !done) return done;
  } else if (open.error().code != errc::not_found) {
    return open.error();
  }
  auto one = read(number);
  if (!one) return one.error();
  one->customers.clear();
  return rows_.put(number, encode(*one));
}

}  // namespace clientbook
