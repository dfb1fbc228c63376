// The customer's row: a map of numbered members, of which this version knows nine.
//
// Fields that share purposes, day and actor are one group, so that most rows have two or three.
#include "customer_row.hpp"

#include <clientbook/crypto/crypto.hpp>
#include <clientbook/internal/model/cbor.hpp>

#include <algorithm>
#include <limits>
#include <string>

namespace clientbook {
namespace {

enum member : std::uint8_t {
  kept_for = 6,
  whose_customer = 7,
  said_by_file = 8,
  values_since = 9,
  legal_holds = 10,
  two_people = 11,
  merged_parts = 12,
  is_part_of = 13,
  notes_beside = 14,
  times_as_one = 15,
};

constexpr error malformed{errc::invalid_encoding,
                          "what a customer's row says is not as it must be"};

bool before(const kept_group& a, const kept_group& b) noexcept {
  return *a.fields.begin() < *b.fields.begin();
}

void write_group(cbor::writer& to, const kept_group& one) {
  to.array(4);
  to.unsigned_integer(one.fields.bits());
  to.array(one.purposes.size());
  one.purposes.for_each([&to](purpose_id purpose) { to.unsigned_integer(purpose.value); });
  to.integer(one.day);
  to.unsigned_integer(one.by.value);
}

kept_group read_group(cbor::reader& from) {
  kept_group out;
  if (from.array() != 4) from.fail(malformed.code, malformed.text);
  out.fields = field_set::of_bits(from.unsigned_integer());
  const std::size_t count = from.array();
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    const std::uint64_t purpose = from.unsigned_integer();
    if (purpose < next || purpose >= purpose_set::capacity) {
      from.fail(malformed.code, malformed.text);
      break;
    }
    out.purposes.add(purpose_id(static_cast<std::uint8_t>(purpose)));
    next = purpose + 1;
  }
  out.day = from.integer();
  const std::uint64_t by = from.unsigned_integer();
  if (by > std::numeric_limits<std::uint32_t>::max()) from.fail(malformed.code, malformed.text);
  out.by = actor_id(static_cast<std::uint32_t>(by));
  return out;
}

// The store, then number, rank and day of each associate.
void write_portfolio(cbor::writer& to, const portfolio& one) {
  to.array(1 + 3 * one.associates.size());
  to.unsigned_integer(one.store.value);
  for (const associate& each : one.associates) {
    to.unsigned_integer(each.who.value);
    to.unsigned_integer(static_cast<std::uint64_t>(each.rank));
    to.integer(days_since_epoch(each.since));
  }
}

std::uint32_t read_number(cbor::reader& from) {
  const std::uint64_t value = from.unsigned_integer();
  if (value > std::numeric_limits<std::uint32_t>::max()) from.fail(malformed.code, malformed.text);
  return static_cast<std::uint32_t>(value);
}

// The primary one first, nobody twice.
bool in_order(const std::vector<associate>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool ranked = all[i].rank == associate_rank::further ||
                        (i == 0 && all[i].rank == associate_rank::primary);
    if (!ranked || all[i].who == actor_id()) return false;
    for (std::size_t before = 0; before < i; ++before) {
      if (all[before].who == all[i].who) return false;
    }
  }
  return true;
}

void read_portfolio(cbor::reader& from, portfolio& out) {
  constexpr std::int64_t latest_day = 2'932'896;  // The last one of the year 9999.
  const std::size_t parts = from.array();
  if (from.failed()) return;
  if (parts % 3 != 1 || parts > 1 + 3 * (1 + max_further_associates)) {
    return from.fail(malformed.code, malformed.text);
  }
  out.store = store_id(read_number(from));
  for (std::size_t i = 1; i < parts && !from.failed(); i += 3) {
    associate one{.who = actor_id(read_number(from))};
    one.rank = static_cast<associate_rank>(from.unsigned_integer());
    const std::int64_t day = from.integer();
    if (from.failed()) return;
    if (day < 0 || day > latest_day) return from.fail(malformed.code, malformed.text);
    one.since = date_of(timestamp{day * 86400});
    out.associates.push_back(one);
  }
  // A row that says nothing has no such member.
  if (!in_order(out.associates) || (parts == 1 && out.store == store_id())) {
    from.fail(malformed.code, malformed.text);
  }
}

// A digest, or no bytes for what was taken out.
void write_word(cbor::writer& to, const file_word& one) {
  to.unsigned_integer(one.place);
  std::array<std::byte, 8> bytes;
  store_be(bytes.data(), one.digest.value_or(0));
  to.bytes(one.digest ? byte_view(bytes) : byte_view());
}

void read_words(cbor::reader& from, std::vector<file_word>& out) {
  const std::size_t count = from.map();
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    const std::uint64_t place = from.unsigned_integer();
    const byte_view bytes = from.bytes();
    if (from.failed()) return;
    if (place < next || place > file_word::of_decisions || (!bytes.empty() && bytes.size() != 8)) {
      return from.fail(malformed.code, malformed.text);
    }
    file_word& one = out.emplace_back(file_word{.place = static_cast<std::uint8_t>(place)});
    if (!bytes.empty()) one.digest = load_be<std::uint64_t>(bytes.data());
    next = place + 1;
  }
  if (count == 0) from.fail(malformed.code, malformed.text);
}

void write_value(cbor::writer& to, const value_group& one) {
  to.array(4);
  to.unsigned_integer(one.fields.bits());
  to.integer(one.day);
  to.unsigned_integer(one.by.value);
  to.unsigned_integer(one.imported ? 1 : 0);
}

void read_values(cbor::reader& from, std::vector<value_group>& out) {
  const std::size_t count = from.array();
  field_set seen;
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    value_group one;
    if (from.array() != 4) return from.fail(malformed.code, malformed.text);
    one.fields = field_set::of_bits(from.unsigned_integer());
    one.day = from.integer();
    const std::uint64_t by = from.unsigned_integer();
    const std::uint64_t imported = from.unsigned_integer();
    if (from.failed()) return;
    const bool ordered =
        out.empty() || (!one.fields.empty() && *out.back().fields.begin() < *one.fields.begin());
    if (one.fields.empty() || !ordered || (seen & one.fields) || imported > 1 ||
        by > std::numeric_limits<std::uint32_t>::max()) {
      return from.fail(malformed.code, malformed.text);
    }
    one.by = actor_id(static_cast<std::uint32_t>(by));
    one.imported = imported == 1;
    seen |= one.fields;
    out.push_back(one);
  }
  if (count == 0) from.fail(malformed.code, malformed.text);
}

// The last number that was given, then six members of each.
void write_holds(cbor::writer& to, const customer_row& row) {
  to.array(1 + 6 * row.holds.size());
  to.unsigned_integer(row.last_hold);
  for (const legal_hold& one : row.holds) {
    to.unsigned_integer(one.number);
    to.text(one.reason);
    to.text(one.reference);
    to.unsigned_integer(one.placed_by.value);
    to.integer(one.placed_at.seconds);
    to.integer(one.until.seconds);
  }
}

void read_holds(cbor::reader& from, customer_row& out) {
  const std::size_t parts = from.array();
  if (from.failed()) return;
  if (parts % 6 != 1 || parts > 1 + 6 * max_holds) return from.fail(malformed.code, malformed.text);
  out.last_hold = read_number(from);
  std::uint32_t before = 0;
  for (std::size_t i = 1; i < parts && !from.failed(); i += 6) {
    legal_hold& one = out.holds.emplace_back(legal_hold{.number = read_number(from)});
    one.reason = from.text();
    one.reference = from.text();
    one.placed_by = actor_id(read_number(from));
    one.placed_at.seconds = from.integer();
    one.until.seconds = from.integer();
    if (from.failed()) return;
    if (one.number <= before || one.number > out.last_hold || one.reason.empty() ||
        one.reason.size() > max_hold_text || one.reference.size() > max_hold_text) {
      return from.fail(malformed.code, malformed.text);
    }
    before = one.number;
  }
  if (out.last_hold == 0) from.fail(malformed.code, malformed.text);
}

void read_not_same(cbor::reader& from, std::vector<std::array<std::byte, 8>>& out) {
  const std::size_t count = from.array();
  if (from.failed()) return;
  if (count == 0 || count > max_not_same) return from.fail(malformed.code, malformed.text);
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    const byte_view bytes = from.bytes();
    if (from.failed()) return;
    std::array<std::byte, 8> token{};
    if (bytes.size() != token.size()) return from.fail(malformed.code, malformed.text);
    copy_bytes(token, bytes);
    if (!out.empty() && token <= out.back()) return from.fail(malformed.code, malformed.text);
    out.push_back(token);
  }
}

// How many are not for all, then the numbers of those that are pinned.
void write_notes(cbor::writer& to, const notes_kept& notes) {
  to.array(1 + notes.pinned.size());
  to.unsigned_integer(notes.limited);
  for (const std::uint32_t one : notes.pinned) to.unsigned_integer(one);
}

void read_notes(cbor::reader& from, notes_kept& out) {
  const std::size_t parts = from.array();
  if (from.failed()) return;
  if (parts == 0 || parts > 1 + max_pinned_notes) return from.fail(malformed.code, malformed.text);
  out.limited = read_number(from);
  std::uint32_t before = 0;
  for (std::size_t i = 1; i < parts && !from.failed(); ++i) {
    const std::uint32_t one = read_number(from);
    if (!from.failed() && one <= before) return from.fail(malformed.code, malformed.text);
    out.pinned.push_back(one);
    before = one;
  }
  // A row that says nothing has no such member.
  if (out == notes_kept()) from.fail(malformed.code, malformed.text);
}

constexpr std::size_t words_of_part = 12;

void write_part(cbor::writer& to, const merged_part& one) {
  to.array(words_of_part);
  to.unsigned_integer(one.number);
  for (const std::uint32_t word : {one.first, one.directives, one.born, one.first_purchase,
                                   one.purchases, one.first_note, one.notes}) {
    to.unsigned_integer(word);
  }
  to.integer(one.at);
  to.unsigned_integer(one.by.value);
  to.unsigned_integer(one.undoable ? 1 : 0);
  to.unsigned_integer(one.canary ? 1 : 0);
}

void read_parts(cbor::reader& from, std::vector<merged_part>& out) {
  const std::size_t count = from.array();
  if (from.failed()) return;
  if (count == 0 || count > max_parts) return from.fail(malformed.code, malformed.text);
  std::uint64_t next = 1;
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    if (from.array() != words_of_part) return from.fail(malformed.code, malformed.text);
    merged_part& one = out.emplace_back(merged_part{.number = from.unsigned_integer()});
    for (std::uint32_t* word : {&one.first, &one.directives, &one.born, &one.first_purchase,
                                &one.purchases, &one.first_note, &one.notes}) {
      *word = read_number(from);
    }
    one.at = from.integer();
    one.by = actor_id(read_number(from));
    const std::uint32_t undoable = read_number(from);
    const std::uint32_t canary = read_number(from);
    if (from.failed()) return;
    // Each one's words come behind those of who became a part before.
    if (one.number == 0 || one.first < next || undoable > 1 || canary > 1) {
      return from.fail(malformed.code, malformed.text);
    }
    one.undoable = undoable == 1;
    one.canary = canary == 1;
    next = std::uint64_t{one.first} + one.directives;
  }
}

constexpr std::size_t words_of_time = 5;
void write_times(cbor::writer& to, const std::vector<time_as_one>& times) {
  to.array(times.size());
  for (const time_as_one& one : times) {
    to.array(words_of_time);
    for (const std::uint64_t word : {one.with, one.first, one.end}) to.unsigned_integer(word);
    to.integer(one.since);
    to.integer(one.until);
  }
}

void read_times(cbor::reader& from, std::vector<time_as_one>& out) {
  const std::size_t count = from.array();
  if (from.failed()) return;
  if (count == 0 || count > max_times_as_one) return from.fail(malformed.code, malformed.text);
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    if (from.array() != words_of_time) return from.fail(malformed.code, malformed.text);
    time_as_one& one = out.emplace_back();
    for (std::uint64_t* word : {&one.with, &one.first, &one.end}) *word = from.unsigned_integer();
    one.since = from.integer();
    one.until = from.integer();
    if (from.failed()) return;
    if (one.with == 0 || one.first < next || one.end < one.first || one.until < one.since) {
      return from.fail(malformed.code, malformed.text);
    }
    next = one.end;
  }
}

bool is_before(const file_word& word, std::uint8_t place) noexcept { return word.place < place; }

}  // namespace

std::uint64_t digest_of_word(std::uint8_t place, byte_view said) noexcept {
  const std::byte where{place};
  crypto::hasher hasher;
  const crypto::digest all =
      hasher.update(as_bytes("clientbook file word")).update({&where, 1}).update(said).finish();
  return load_be<std::uint64_t>(all.data());
}

std::uint64_t digest_of_decisions(std::string_view said, decisions_taken how) {
  std::string text(said);
  if (how == decisions_taken::not_opened) text += "not opened\n";
  return digest_of_word(file_word::of_decisions, as_bytes(text));
}

const file_word* customer_row::word_of(std::uint8_t place) const noexcept {
  const auto at = std::lower_bound(said.begin(), said.end(), place, is_before);
  return at == said.end() || at->place != place ? nullptr : &*at;
}

void customer_row::say(std::uint8_t place, std::optional<std::uint64_t> digest) {
  auto at = std::lower_bound(said.begin(), said.end(), place, is_before);
  if (at == said.end() || at->place != place) at = said.insert(at, file_word{.place = place});
  at->digest = digest;
}

purpose_set customer_row::purposes_of(field_id field) const noexcept {
  for (const kept_group& one : kept) {
    if (one.fields.has(field)) return one.purposes;
  }
  return {};
}

void customer_row::drop(field_set fields) {
  for (kept_group& one : kept) one.fields &= ~fields;
  std::erase_if(kept, [](const kept_group& one) { return one.fields.empty(); });
  std::sort(kept.begin(), kept.end(), before);
}

void customer_row::hold(const value_group& given) {
  if (given.fields.empty()) return;
  for (value_group& one : values) one.fields &= ~given.fields;
  std::erase_if(values, [](const value_group& one) { return one.fields.empty(); });
  const auto same = std::find_if(values.begin(), values.end(), [&](const value_group& one) {
    return one.day == given.day && one.by == given.by && one.imported == given.imported;
  });
  if (same != values.end()) {
    same->fields |= given.fields;
  } else {
    values.push_back(given);
  }
  std::sort(values.begin(), values.end(), [](const value_group& a, const value_group& b) {
    return *a.fields.begin() < *b.fields.begin();
  });
}

const value_group* customer_row::value_of(field_id field) const noexcept {
  for (const value_group& one : values) {
    if (one.fields.has(field)) return &one;
  }
  return nullptr;
}

void customer_row::keep(std::span<const std::pair<purpose_id, field_set>> more, std::int64_t day,
                        actor_id by) {
  field_set changed;
  for (const auto& [purpose, fields] : more) changed |= fields;
  std::vector<kept_group> fresh;
  for (const field_id field : changed) {
    kept_group one{.fields = only(field), .purposes = purposes_of(field), .day = day, .by = by};
    for (const auto& [purpose, fields] : more) {
      if (fields.has(field)) one.purposes.add(purpose);
    }
    const auto same = std::find_if(fresh.begin(), fresh.end(), [&](const kept_group& other) {
      return other.purposes == one.purposes;
    });
    if (same != fresh.end()) {
      same->fields.add(field);
    } else {
      fresh.push_back(one);
    }
  }
  drop(changed);
  for (const kept_group& one : fresh) {
    const auto same = std::find_if(kept.begin(), kept.end(), [&](const kept_group& other) {
      return other.purposes == one.purposes && other.day == one.day && other.by == one.by;
    });
    if (same != kept.end()) {
      same->fields |= one.fields;
    } else {
      kept.push_back(one);
    }
  }
  std::sort(kept.begin(), kept.end(), before);
}

std::vector<std::byte> encode(const customer_row& row) {
  // A group: its heads, the bits of its fields, day and actor, and two bytes a purpose.
  std::size_t room = 16;
  for (const kept_group& one : row.kept) room += 40 + 2 * one.purposes.size();
  room += 11 * row.said.size() + 32 * row.values.size() + 8 + 24 * row.whose.associates.size();
  room +=
      4 + 9 * row.not_same.size() + 16 + 72 * row.parts.size() + 8 + 5 * row.notes.pinned.size();
  room += 4 + 46 * row.were_one.size();
  for (const legal_hold& one : row.holds) room += 48 + one.reason.size() + one.reference.size();
  const bool is_of_somebody = row.whose != portfolio();
  std::vector<std::byte> out(room);
  cbor::writer to(out);
  to.map(1U + (is_of_somebody ? 1U : 0U) + (row.said.empty() ? 0U : 1U) +
         (row.values.empty() ? 0U : 1U) + (row.last_hold == 0 ? 0U : 1U) +
         (row.not_same.empty() ? 0U : 1U) + (row.parts.empty() ? 0U : 1U) +
         (row.part_of == 0 ? 0U : 1U) + (row.notes == notes_kept() ? 0U : 1U) +
         (row.were_one.empty() ? 0U : 1U));
  to.unsigned_integer(kept_for);
  to.array(row.kept.size());
  for (const kept_group& one : row.kept) write_group(to, one);
  if (is_of_somebody) {
    to.unsigned_integer(whose_customer);
    write_portfolio(to, row.whose);
  }
  if (!row.said.empty()) {
    to.unsigned_integer(said_by_file);
    to.map(row.said.size());
    for (const file_word& one : row.said) write_word(to, one);
  }
  if (!row.values.empty()) {
    to.unsigned_integer(values_since);
    to.array(row.values.size());
    for (const value_group& one : row.values) write_value(to, one);
  }
  if (row.last_hold != 0) {
    to.unsigned_integer(legal_holds);
    write_holds(to, row);
  }
  if (!row.not_same.empty()) {
    to.unsigned_integer(two_people);
    to.array(row.not_same.size());
    for (const auto& one : row.not_same) to.bytes(one);
  }
  if (!row.parts.empty()) {
    to.unsigned_integer(merged_parts);
    to.array(row.parts.size());
    for (const merged_part& one : row.parts) write_part(to, one);
  }
  if (row.part_of != 0) {
    to.unsigned_integer(is_part_of);
    to.unsigned_integer(row.part_of);
  }
  if (row.notes != notes_kept()) {
    to.unsigned_integer(notes_beside);
    write_notes(to, row.notes);
  }
  if (!row.were_one.empty()) {
    to.unsigned_integer(times_as_one);
    write_times(to, row.were_one);
  }
  out.resize(to.size());
  return out;
}

result<customer_row> decode_customer_row(byte_view bytes) {
  cbor::reader from(bytes);
  customer_row out;
  constexpr error later{errc::newer_format,
                        "a customer's row is of a later version: update clientbook"};
  const std::size_t members = from.map();
  if (members == 0 || from.unsigned_integer() != kept_for) {
    if (from.failed()) return from.status().error();
    return later;
  }
  const std::size_t count = from.array();
  field_set seen;
  for (std::size_t i = 0; i < count && !from.failed(); ++i) {
    kept_group one = read_group(from);
    if (from.failed()) break;
    const bool ordered = out.kept.empty() || (!one.fields.empty() && before(out.kept.back(), one));
    if (one.fields.empty() || one.purposes.empty() || !ordered || (seen & one.fields)) {
      return malformed;
    }
    seen |= one.fields;
    out.kept.push_back(one);
  }
  std::uint64_t last = kept_for;
  for (std::size_t i = 1; i < members && !from.failed(); ++i) {
    const std::uint64_t member = from.unsigned_integer();
    if (from.failed()) break;
    if (member <= last) return malformed;
    last = member;
    if (member == whose_customer) {
      read_portfolio(from, out.whose);
    } else if (member == said_by_file) {
      read_words(from, out.said);
    } else if (member == values_since) {
      read_values(from, out.values);
    } else if (member == legal_holds) {
      read_holds(from, out);
    } else if (member == two_people) {
      read_not_same(from, out.not_same);
    } else if (member == merged_parts) {
      read_parts(from, out.parts);
    } else if (member == is_part_of) {
      out.part_of = from.unsigned_integer();
      if (out.part_of == 0) return malformed;
    } else if (member == notes_beside) {
      read_notes(from, out.notes);
    } else if (member == times_as_one) {
      read_times(from, out.were_one);
    } else {
      return later;
    }
  }
  if (auto done = from.finish(); !done) return done.error();
  return out;
}

}  // namespace clientbook
