// Traces in the store: rows that add up.
//
// A row is read, added to and written again, so a day of one actor with one customer costs one row
// however often they look. What a month counts is written with each change of its rows.
#include "trace_store.hpp"

#include <clientbook/internal/model/cbor.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <map>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

// Below the periods of remembered refusals.
constexpr std::uint64_t first_number = storage::trace_periods_from;
constexpr std::uint64_t nobody = 0;
constexpr std::size_t key_size = 1 + 8 + 4 + 4 + 1;
constexpr error malformed{errc::invalid_encoding, "what a trace says is not as it must be"};
constexpr error other_counts{errc::version_mismatch,
                             "traces are other ones than their month counts: restore a copy"};

std::int64_t day_of(timestamp at) noexcept { return days_since_epoch(date_of(at)); }
date date_of_day(std::int64_t day) noexcept { return date_of(timestamp{day * 86400}); }
bool same_month(std::int64_t a, std::int64_t b) noexcept {
  const date one = date_of_day(a);
  const date other = date_of_day(b);
  return one.year == other.year && one.month == other.month;
}

std::uint32_t plus(std::uint32_t a, std::uint32_t b) noexcept {
  const std::uint64_t out = std::uint64_t{a} + b;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(out, std::numeric_limits<std::uint32_t>::max()));
}
std::uint32_t number(cbor::reader& from) noexcept {
  const std::uint64_t value = from.unsigned_integer();
  if (value > std::numeric_limits<std::uint32_t>::max()) from.fail(malformed.code, malformed.text);
  return static_cast<std::uint32_t>(value);
}

// Kinds that every version of this format knows; a row that has no other is written with these
// alone.
constexpr std::size_t first_kinds = 6;

std::size_t kinds_of(const look_counts& times) noexcept {
  for (std::size_t i = first_kinds; i < look_kinds; ++i) {
    if (times[i] != 0) return look_kinds;
  }
  return first_kinds;
}

// A look-up by an id and a change show nothing.
std::uint64_t sum_of_looks(const look_counts& times) noexcept {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < look_kinds; ++i) {
    const auto kind = static_cast<look_kind>(i);
    if (kind == look_kind::find || kind == look_kind::change || kind == look_kind::remove) continue;
    out += times[i];
  }
  return out;
}

void read_tables(cbor::reader& from, std::vector<table_look>& out) {
  for (std::size_t left = from.array() / 3; left > 0 && !from.failed(); --left) {
    table_look& one = out.emplace_back();
    one.at.seconds = from.integer();
    one.columns = field_set::of_bits(from.unsigned_integer());
    one.k = number(from);
  }
}

// One range for what lies side by side: a walk of a whole book is one.
void add_range(std::vector<listed_range>& to, const listed_range& one) {
  if (one.until <= one.from) return;
  if (!to.empty() && to.back().until == one.from) {
    to.back().until = one.until;
  } else {
    to.push_back(one);
  }
}

}  // namespace

std::string_view name_of(look_kind kind) noexcept {
  constexpr std::array<std::string_view, look_kinds> names{
      "read",   "preview", "find",     "list",     "change",
      "remove", "search",  "tabulate", "consents", "ledger"};
  const auto at = static_cast<std::size_t>(kind);
  return at < names.size() ? names[at] : std::string_view();
}

// --- rows -----------------------------------------------------------------------------------

std::uint64_t trace_store::sum(const row& one) noexcept {
  std::uint64_t out = one.not_found;
  for (const std::uint32_t times : one.times) out += times;
  for (const listed_range& range : one.ranges) out += range.until - range.from;
  return out;
}

std::vector<std::byte> trace_store::encode(const row& one) {
  std::vector<std::byte> out(160 + one.ranges.size() * 20 + one.tables.size() * 24);
  cbor::writer to(out);
  to.array(one.tables.empty() ? 8 : 9);
  const std::size_t kinds = kinds_of(one.times);
  to.array(kinds);
  for (std::size_t i = 0; i < kinds; ++i) to.unsigned_integer(one.times[i]);
  to.unsigned_integer(one.fields.bits());
  to.integer(one.first.seconds);
  to.integer(one.last.seconds);
  to.unsigned_integer(one.customers);
  to.unsigned_integer(one.not_found);
  to.array(one.ranges.size() * 2);
  for (const listed_range& range : one.ranges) {
    to.unsigned_integer(range.from);
    to.unsigned_integer(range.until);
  }
  to.unsigned_integer(one.roles.bits());
  if (!one.tables.empty()) {
    to.array(one.tables.size() * 3);
    for (const table_look& table : one.tables) {
      to.integer(table.at.seconds);
      to.unsigned_integer(table.columns.bits());
      to.unsigned_integer(table.k);
    }
  }
  out.resize(to.size());
  return out;
}

result<trace_store::row> trace_store::decode(byte_view bytes) {
  cbor::reader from(bytes);
  row out;
  const std::size_t members = from.array();
  const std::size_t kinds = from.array();
  if (members < 7 || members > 9 || (kinds != first_kinds && kinds != look_kinds)) {
    if (from.failed()) return from.status().error();
    return error{errc::newer_format, "a trace is of a later version: update clientbook"};
  }
  for (std::size_t i = 0; i < kinds; ++i) out.times[i] = number(from);
  out.fields = field_set::of_bits(from.unsigned_integer());
  out.first.seconds = from.integer();
  out.last.seconds = from.integer();
  out.customers = number(from);
  out.not_found = number(from);
  for (std::size_t left = from.array() / 2; left > 0 && !from.failed(); --left) {
    listed_range range;
    range.from = from.unsigned_integer();
    range.until = from.unsigned_integer();
    if (range.until <= range.from) from.fail(malformed.code, malformed.text);
    out.ranges.push_back(range);
  }
  if (members >= 8) out.roles = role_set::of_bits(number(from));
  if (members == 9) read_tables(from, out.tables);
  if (auto done = from.finish(); !done) return done.error();
  return out;
}

book_core::place trace_store::place_of(const place_of_row& at, const manifest& own) const noexcept {
  return {.key = key(table::trace)
                     .add(at.customer.value)
                     .add(static_cast<std::uint32_t>(at.day))
                     .add(at.actor.value)
                     .add(at.purpose.value),
          .table = table::trace,
          .kind = at.purpose.value,
          .customer = at.customer,
          .record = static_cast<std::uint64_t>(at.day) << 32 | at.actor.value,
          .key_version = own.key_version};
}

book_core::place trace_store::month_place(std::uint32_t number,
                                          const manifest& own) const noexcept {
  return {.key = key(table::trace).add(nobody).add(std::uint32_t{0}).add(number),
          .table = table::trace,
          .customer = customer_no(first_number + number),
          .version = own.version,
          .key_version = own.key_version};
}

result<const manifest*> trace_store::key_of(std::uint32_t number) {
  return core_.tree().find(customer_no(first_number + number));
}

result<std::optional<trace_store::row>> trace_store::read(const place_of_row& at,
                                                          const manifest& own) {
  if (auto got = core_.get_value(own.subject_key, place_of(at, own), plain_); !got) {
    if (got.error().code == errc::not_found) return std::optional<row>();
    return got.error();
  }
  auto out = decode(plain_.view());
  if (!out) return out.error();
  return std::optional(std::move(*out));
}

// --- months ---------------------------------------------------------------------------------

result<void> trace_store::read_months() {
  const std::uint32_t newest = core_.row().trace_periods;
  if (months_.size() == newest && generation_ == core_.generation()) return {};
  months_.clear();
  for (std::uint32_t number = 1; number <= newest; ++number) {
    const auto own = key_of(number);
    if (!own) return own.error();
    if (auto got = core_.get_value((*own)->subject_key, month_place(number, **own), plain_); !got) {
      if (got.error().code != errc::not_found) return got;
      return error{errc::row_missing, "a month of traces is gone: restore a copy", number};
    }
    cbor::reader from(plain_.view());
    month one{.number = number};
    if (from.array() != 5) from.fail(malformed.code, malformed.text);
    one.since = from.integer();
    one.rows = from.unsigned_integer();
    one.looks = from.unsigned_integer();
    one.doubles = from.unsigned_integer();
    one.doubled = from.unsigned_integer();
    if (auto done = from.finish(); !done) return done;
    months_.push_back(one);
  }
  generation_ = core_.generation();
  return {};
}

result<void> trace_store::write_month(const month& one) {
  const auto own = core_.tree().edit(customer_no(first_number + one.number));
  if (!own) return own.error();
  (*own)->version = record_version((*own)->version.value + 1);
  std::array<std::byte, 64> room{};
  cbor::writer to(room);
  to.array(5);
  to.integer(one.since);
  to.unsigned_integer(one.rows);
  to.unsigned_integer(one.looks);
  to.unsigned_integer(one.doubles);
  to.unsigned_integer(one.doubled);
  const auto bytes = to.finish();
  if (!bytes) return bytes.error();
  return core_.put_value((*own)->subject_key, month_place(one.number, **own), *bytes);
}

// Null if there is none and none is to be made.
result<trace_store::month*> trace_store::month_of(std::int64_t day, bool make) {
  if (auto known = read_months(); !known) return known.error();
  for (month& one : months_) {
    if (same_month(one.since, day)) return &one;
  }
  if (!make) return nullptr;
  auto drawn = crypto::random_key(core_.random());
  if (!drawn) return drawn.error();
  const month fresh{.number = core_.row().trace_periods + 1, .since = day};
  manifest own;
  own.subject_key = std::move(*drawn);
  if (auto put = core_.tree().insert(customer_no(first_number + fresh.number), std::move(own));
      !put) {
    return put.error();
  }
  core_.edit_row().trace_periods = fresh.number;
  months_.push_back(fresh);
  return &months_.back();
}

// --- writing --------------------------------------------------------------------------------

// Whether the row is new.
result<bool> trace_store::add_to(const place_of_row& at, const manifest& own, const added& one,
                                 month& of) {
  auto before = read(at, own);
  if (!before) return before.error();
  const bool fresh = !before->has_value();
  row next = fresh ? row{.first = one.first} : std::move(**before);
  const std::uint64_t looks = fresh ? 0 : sum(next);
  for (std::size_t i = 0; i < look_kinds; ++i) next.times[i] = plus(next.times[i], one.times[i]);
  next.fields |= one.fields;
  next.roles |= one.roles;
  next.first = std::min(next.first, one.first);
  next.last = std::max(next.last, one.last);
  if (at.customer.value == nobody) {
    next.not_found = plus(next.not_found, one.not_found);
    next.customers = plus(next.customers, one.customers);
    if (one.range) add_range(next.ranges, *one.range);
    if (one.table) next.tables.push_back(*one.table);
    of.doubles += fresh ? 1 : 0;
    of.doubled += sum(next) - looks;
  } else {
    of.rows += fresh ? 1 : 0;
    of.looks += sum(next) - looks;
  }
  if (auto put = core_.put_value(own.subject_key, place_of(at, own), encode(next)); !put) {
    return put.error();
  }
  return fresh;
}

// The customer's row; the double is told what it adds.
result<void> trace_store::add_one(const added& one, added& doubled) {
  const std::int64_t day = day_of(one.last);
  const auto of = month_of(day, true);
  if (!of) return of.error();
  if (one.customer.value == nobody) return {};
  const auto own = core_.tree().find(one.customer);
  if (own) {
    const auto fresh = add_to({one.customer, day, one.actor, one.purpose}, **own, one, **of);
    if (!fresh) return fresh.error();
    doubled.customers += *fresh ? 1U : 0U;
    return {};
  }
  if (own.error().code != errc::key_erased && own.error().code != errc::not_found) {
    return own.error();
  }
  // An associate or a manager was named, and so counted, before they looked.
  const bool named = (one.roles.has(actor_role::associate) || one.roles.has(actor_role::manager)) &&
                     sum_of_looks(one.times) != 0;
  doubled.customers += named ? 0U : 1U;
  return {};
}

result<void> trace_store::add_double(const added& one) {
  const std::int64_t day = day_of(one.last);
  const auto of = month_of(day, true);
  if (!of) return of.error();
  const auto own = key_of((*of)->number);
  if (!own) return own.error();
  const auto put = add_to({customer_no(nobody), day, one.actor, one.purpose}, **own, one, **of);
  if (!put) return put.error();
  return write_month(**of);
}

result<void> trace_store::add(std::span<const added> all) {
  // A double takes what all customers of its day and purpose add at once.
  std::vector<added> doubles;
  for (const added& one : all) {
    const auto same = std::find_if(doubles.begin(), doubles.end(), [&](const added& other) {
      return !one.range && !other.range && !one.table && !other.table &&
             other.purpose == one.purpose && other.actor == one.actor &&
             day_of(other.last) == day_of(one.last);
    });
    if (same == doubles.end()) {
      added first = one;
      first.customer = customer_no(nobody);
      doubles.push_back(first);
      if (auto done = add_one(one, doubles.back()); !done) return done;
      continue;
    }
    for (std::size_t i = 0; i < look_kinds; ++i) {
      same->times[i] = plus(same->times[i], one.times[i]);
    }
    same->fields |= one.fields;
    same->roles |= one.roles;
    same->first = std::min(same->first, one.first);
    same->last = std::max(same->last, one.last);
    same->not_found = plus(same->not_found, one.not_found);
    if (auto done = add_one(one, *same); !done) return done;
  }
  for (const added& one : doubles) {
    if (auto done = add_double(one); !done) return done;
  }
  return {};
}

result<void> trace_store::shorten(actor_id actor, purpose_id purpose, timestamp then,
                                  const listed_range& was, std::uint64_t until) {
  const auto of = month_of(day_of(then), false);
  if (!of) return of.error();
  if (*of == nullptr) return {};
  const auto own = key_of((*of)->number);
  if (!own) return own.error();
  const place_of_row at{customer_no(nobody), day_of(then), actor, purpose};
  auto before = read(at, **own);
  if (!before) return before.error();
  if (!*before) return {};
  row next = std::move(**before);
  for (std::size_t i = next.ranges.size(); i > 0; --i) {
    listed_range& range = next.ranges[i - 1];
    if (range.until != was.until || range.from > was.from) continue;
    (*of)->doubled -= range.until - std::max(until, range.from);
    range.until = std::max(until, range.from);
    if (range.until == range.from) {
      next.ranges.erase(next.ranges.begin() + static_cast<std::ptrdiff_t>(i - 1));
    }
    break;
  }
  if (auto put = core_.put_value((*own)->subject_key, place_of(at, **own), encode(next)); !put) {
    return put;
  }
  return write_month(**of);
}

// --- reading --------------------------------------------------------------------------------

template <class Each>
result<void> trace_store::each_row(byte_view prefix, Each&& each) {
  std::vector<place_of_row> places;
  auto walked = core_.read().walk(prefix, prefix, [&](byte_view at, byte_view) {
    if (at.size() != key_size) return true;
    places.push_back({customer_no(load_be<std::uint64_t>(at.data() + 1)),
                      static_cast<std::int32_t>(load_be<std::uint32_t>(at.data() + 9)),
                      actor_id(load_be<std::uint32_t>(at.data() + 13)),
                      purpose_id(static_cast<std::uint8_t>(at[17]))});
    return true;
  });
  if (!walked) return walked;
  for (const place_of_row& at : places) {
    if (auto done = each(at); !done) return done;
  }
  return {};
}

result<std::optional<timestamp>> trace_store::last_look(customer_no customer, const manifest& own,
                                                        actor_id actor, std::int64_t day) {
  const key prefix =
      key(table::trace).add(customer.value).add(static_cast<std::uint32_t>(day)).add(actor.value);
  std::optional<timestamp> out;
  const auto read_all = each_row(prefix, [&](const place_of_row& at) -> result<void> {
    const auto found = read(at, own);
    if (!found) return found.error();
    if (!*found) return {};
    // A look-up or a change opened nobody; what was named before it was counted did.
    const auto times = [&](look_kind kind) {
      return (*found)->times[static_cast<std::size_t>(kind)];
    };
    if (times(look_kind::read) + times(look_kind::preview) + times(look_kind::list) +
                times(look_kind::search) ==
            0 &&
        sum(**found) != 0) {
      return {};
    }
    out = out ? std::max(*out, (*found)->last) : (*found)->last;
    return {};
  });
  if (!read_all) return read_all.error();
  return out;
}

result<std::size_t> trace_store::people_on(customer_no customer, const manifest& own,
                                           std::int64_t day, actor_id beside) {
  const key prefix = key(table::trace).add(customer.value).add(static_cast<std::uint32_t>(day));
  std::vector<actor_id> people;
  const auto read_all = each_row(prefix, [&](const place_of_row& at) -> result<void> {
    const auto found = read(at, own);
    if (!found) return found.error();
    if (!*found || at.actor == beside) return {};
    const role_set& roles = (*found)->roles;
    if (!roles.has(actor_role::associate) && !roles.has(actor_role::manager)) return {};
    const bool looked = sum(**found) == 0 || sum_of_looks((*found)->times) != 0;
    if (looked && std::find(people.begin(), people.end(), at.actor) == people.end()) {
      people.push_back(at.actor);
    }
    return {};
  });
  if (!read_all) return read_all.error();
  return people.size();
}

result<void> trace_store::erase(customer_no customer, const manifest& entry) {
  // The tree moves below.
  manifest own;
  own.subject_key = entry.subject_key.duplicate();
  own.key_version = entry.key_version;
  std::vector<std::uint32_t> touched;
  const auto done =
      each_row(key(table::trace).add(customer.value), [&](const place_of_row& at) -> result<void> {
        const auto of = month_of(at.day, false);
        if (!of) return of.error();
        // What does not open any more is taken away all the same: damage must not prevent an
        // erasure.
        const auto found = read(at, own);
        if (*of != nullptr && found && *found) {
          (*of)->rows -= 1;
          (*of)->looks -= sum(**found);
          touched.push_back((*of)->number);
        }
        return core_.write().erase(place_of(at, own).key);
      });
  if (!done) return done;
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  for (const std::uint32_t number : touched) {
    if (auto put = write_month(months_[number - 1]); !put) return put;
  }
  return {};
}

namespace {

template <class Row>
look look_of(actor_id actor, std::int64_t day, purpose_id purpose, const Row& of) {
  return {.actor = actor,
          .roles = of.roles,
          .on = date_of_day(day),
          .purpose = purpose,
          .times = of.times,
          .fields = of.fields,
          .first = of.first,
          .last = of.last};
}

}  // namespace

// Rows that name no customer, opened.
template <class Each>
result<void> trace_store::each_double(Each&& each) {
  return each_row(key(table::trace).add(nobody), [&](const place_of_row& at) -> result<void> {
    const auto of = month_of(at.day, false);
    if (!of) return of.error();
    if (*of == nullptr) return other_counts;
    const auto month_key = key_of((*of)->number);
    if (!month_key) return month_key.error();
    const auto found = read(at, **month_key);
    if (!found) return found.error();
    if (*found) each(at, **found);
    return {};
  });
}

result<std::vector<look>> trace_store::looks_at(customer_no customer, const manifest& own) {
  std::vector<look> out;
  auto done =
      each_row(key(table::trace).add(customer.value), [&](const place_of_row& at) -> result<void> {
        const auto found = read(at, own);
        if (!found) return found.error();
        if (*found) {
          out.push_back(look_of(at.actor, at.day, at.purpose, **found));
        }
        return {};
      });
  if (!done) return done.error();
  done = each_double([&](const place_of_row& at, const row& found) {
    std::uint32_t times = 0;
    for (const listed_range& range : found.ranges) {
      if (range.from <= customer.value && customer.value < range.until) ++times;
    }
    if (times == 0) return;
    look told = look_of(at.actor, at.day, at.purpose, found);
    told.times = {};
    told.times[static_cast<std::size_t>(look_kind::list)] = times;
    out.push_back(told);
  });
  if (!done) return done.error();
  std::stable_sort(out.begin(), out.end(),
                   [](const look& a, const look& b) { return a.first < b.first; });
  return out;
}

result<std::vector<std::pair<look, listed_range>>> trace_store::lists_of(actor_id actor,
                                                                         std::int64_t since,
                                                                         std::int64_t until) {
  std::vector<std::pair<look, listed_range>> out;
  const auto done = each_double([&](const place_of_row& at, const row& found) {
    if (at.actor != actor || at.day < since || at.day > until) return;
    const look told = look_of(at.actor, at.day, at.purpose, found);
    for (const listed_range& range : found.ranges) out.emplace_back(told, range);
  });
  if (!done) return done.error();
  return out;
}

result<actor_report> trace_store::report(actor_id actor, std::int64_t since, std::int64_t until) {
  actor_report out;
  const auto done = each_row(key(table::trace), [&](const place_of_row& at) -> result<void> {
    if (at.actor != actor || at.day < since || at.day > until) return {};
    const bool of_nobody = at.customer.value == nobody;
    const auto of = month_of(at.day, false);
    if (!of) return of.error();
    if (*of == nullptr) return other_counts;
    const auto own = of_nobody ? key_of((*of)->number) : core_.tree().find(at.customer);
    if (!own) return own.error();
    const auto found = read(at, **own);
    if (!found) return found.error();
    if (!*found) return {};
    const look told = look_of(at.actor, at.day, at.purpose, **found);
    if (!of_nobody) {
      out.customers.push_back({{told}, core_.keys().ids->id(at.customer)});
      return {};
    }
    day_of_looks one{{told}, (*found)->customers, 0, (*found)->not_found};
    for (const listed_range& range : (*found)->ranges) one.listed += range.until - range.from;
    out.days.push_back(one);
    for (table_look table : (*found)->tables) {
      table.purpose = at.purpose;
      out.tables.push_back(table);
    }
    return {};
  });
  if (!done) return done.error();
  return out;
}

result<void> trace_store::verify() {
  if (auto known = read_months(); !known) return known;
  std::map<std::uint32_t, month> counted;
  const auto done = each_row(key(table::trace), [&](const place_of_row& at) -> result<void> {
    const auto of = month_of(at.day, false);
    if (!of) return of.error();
    if (*of == nullptr) return other_counts;
    const bool of_nobody = at.customer.value == nobody;
    const auto own = of_nobody ? key_of((*of)->number) : core_.tree().find(at.customer);
    if (!own) return own.error();
    const auto found = read(at, **own);
    if (!found) return found.error();
    month& sums = counted[(*of)->number];
    (of_nobody ? sums.doubles : sums.rows) += 1;
    (of_nobody ? sums.doubled : sums.looks) += sum(**found);
    return {};
  });
  if (!done) return done;
  for (const month& one : months_) {
    const month& sums = counted[one.number];
    if (sums.rows < one.rows || sums.doubles < one.doubles) {
      return error{errc::row_missing, "traces are gone: restore a copy", one.number};
    }
    if (sums.rows != one.rows || sums.looks != one.looks || sums.doubles != one.doubles ||
        sums.doubled != one.doubled) {
      return other_counts;
    }
  }
  return {};
}

result<void> trace_store::begin_lost_months(std::span<const customer_no> lost, timestamp now) {
  for (const customer_no entry : lost) {
    const month fresh{.number = static_cast<std::uint32_t>(entry.value - first_number),
                      .since = day_of(now)};
    if (auto put = write_month(fresh); !put) return put;
    if (core_.row().trace_periods < fresh.number) {
      core_.edit_row().trace_periods = fresh.number;
    }
  }
  return {};
}

result<void> trace_store::mend(std::span<const customer_no> lost_months, timestamp now) {
  months_.clear();
  if (auto begun = begin_lost_months(lost_months, now); !begun) return begun;
  if (auto known = read_months(); !known) return known;
  for (month& one : months_) one.rows = one.looks = one.doubles = one.doubled = 0;
  const auto done = each_row(key(table::trace), [&](const place_of_row& at) -> result<void> {
    const auto of = month_of(at.day, false);
    if (!of) return of.error();
    const bool of_nobody = at.customer.value == nobody;
    const auto own =
        of_nobody && *of != nullptr ? key_of((*of)->number) : core_.tree().find(at.customer);
    const bool lost = of_nobody && *of != nullptr &&
                      std::find(lost_months.begin(), lost_months.end(),
                                customer_no(first_number + (*of)->number)) != lost_months.end();
    // Nobody's key opens it any more, or no month counts it.
    if (*of == nullptr || !own || lost) return core_.write().erase(place_of(at, manifest{}).key);
    const auto found = read(at, **own);
    if (!found) return found.error();
    ((of_nobody ? (*of)->doubles : (*of)->rows)) += 1;
    ((of_nobody ? (*of)->doubled : (*of)->looks)) += sum(**found);
    return {};
  });
  if (!done) return done;
  const std::vector<month> counted = months_;
  for (const month& one : counted) {
    if (auto put = write_month(one); !put) return put;
  }
  months_.clear();
  return {};
}

}  // namespace clientbook
