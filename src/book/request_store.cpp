// Requests in the store. The rows are maps of numbered members (docs/format/book.md).
#include "request_store.hpp"

#include <algorithm>

namespace clientbook {
namespace {

using storage::key;
using storage::table;

constexpr error malformed{errc::invalid_encoding, "what a request says is not as it must be"};

enum member : std::uint8_t {
  number_of = 1,
  kind_of,
  state_of,
  channel_of,
  whose_of,
  version_of_words,
  case_of_request,
  received_on,
  opened,
  opener,
  confirm_by,
  answer_by,
  extended_by,
  law_of,
  identified,
  identifier,
  extended,
  done,
  doer,
  ledger_place,
  ended,
  ender,
  listed_when,
  recipients_of,
  confirmed,
  told_in,
  acknowledged,
  stays_of,
};
// Those behind are there where they say something.
constexpr std::size_t always_there = told_in;

enum word : std::uint8_t { reference = 1, identity, extension, reason, before, after };
constexpr std::size_t words_of_request = after;

// Days since 1970-01-01, and 0 for none: nothing that a request says is of that day.
std::int64_t day_of(const date& day) noexcept { return day.month == 0 ? 0 : days_since_epoch(day); }
date date_of_day(std::int64_t day) noexcept {
  return day == 0 ? date{0, 0, 0} : date_of(timestamp{day * 86400});
}

/// Errors of an enumeration: a number without a name is of a later version.
template <class Enum>
Enum named(cbor::reader& from) noexcept {
  const auto value = static_cast<Enum>(read_number<std::uint8_t>(from, malformed));
  if (!from.failed() && name_of(value).empty()) {
    from.fail(errc::newer_format, "a request is of a later version: update clientbook");
  }
  return value;
}

void write_recipients(cbor::writer& to, const std::vector<request_recipient>& all) {
  to.array(all.size() * 5);
  for (const request_recipient& one : all) {
    to.text(one.name);
    to.unsigned_integer(one.party_class.value);
    to.unsigned_integer(one.fields.bits());
    to.unsigned_integer(static_cast<std::uint64_t>(one.state));
    to.integer(day_of(one.on));
  }
}

void read_recipients(cbor::reader& from, std::vector<request_recipient>& out) {
  const std::size_t count = from.array();
  if (count % 5 != 0 || count / 5 > max_request_recipients) {
    return from.fail(malformed.code, malformed.text);
  }
  for (std::size_t left = count / 5; left > 0 && !from.failed(); --left) {
    request_recipient& one = out.emplace_back();
    one.name = from.text();
    one.party_class = recipient_id(read_number<std::uint8_t>(from, malformed));
    one.fields = field_set::of_bits(from.unsigned_integer());
    one.state = named<told_state>(from);
    one.on = date_of_day(from.integer());
  }
}

// Of each recipient the entry of the ledger that says their state, plus 1; 0: none.
void write_tellings(cbor::writer& to, const std::vector<request_recipient>& all) {
  to.array(all.size());
  for (const request_recipient& one : all) to.unsigned_integer(one.told_by ? *one.told_by + 1 : 0);
}

void read_tellings(cbor::reader& from, std::vector<request_recipient>& to) {
  if (from.array() != to.size()) return from.fail(malformed.code, malformed.text);
  for (request_recipient& one : to) {
    if (const std::uint64_t place = from.unsigned_integer(); place != 0) one.told_by = place - 1;
  }
}

// Of all that stays place, purpose, fields and last day.
void write_stays(cbor::writer& to, const std::vector<request_stay>& all) {
  to.array(all.size() * 4);
  for (const request_stay& one : all) {
    to.unsigned_integer(static_cast<std::uint64_t>(one.place));
    to.unsigned_integer(one.purpose.value);
    to.unsigned_integer(one.fields.bits());
    to.integer(day_of(one.until));
  }
}

void read_stays(cbor::reader& from, std::vector<request_stay>& out) {
  const std::size_t count = from.array();
  if (count % 4 != 0 || count == 0) return from.fail(malformed.code, malformed.text);
  for (std::size_t left = count / 4; left > 0 && !from.failed(); --left) {
    request_stay& one = out.emplace_back();
    one.place = named<stay_place>(from);
    one.purpose = purpose_id(read_number<std::uint8_t>(from, malformed));
    one.fields = field_set::of_bits(from.unsigned_integer());
    one.until = date_of_day(from.integer());
  }
}

// Of each recipient the entry by which it got something last, plus 1, or 0, the day that it names,
// or 0, and the digest of what it has signed, or nothing.
void write_acknowledged(cbor::writer& to, const std::vector<request_recipient>& all) {
  to.array(all.size() * 3);
  for (const request_recipient& one : all) {
    to.unsigned_integer(one.given_by ? *one.given_by + 1 : 0);
    to.integer(day_of(one.acknowledged));
    to.bytes(one.acknowledged.month == 0 ? byte_view() : byte_view(one.acknowledgement));
  }
}

void read_acknowledged(cbor::reader& from, std::vector<request_recipient>& to) {
  if (from.array() != to.size() * 3) return from.fail(malformed.code, malformed.text);
  for (request_recipient& one : to) {
    if (const std::uint64_t place = from.unsigned_integer(); place != 0) one.given_by = place - 1;
    one.acknowledged = date_of_day(from.integer());
    const byte_view digest = from.bytes();
    if (digest.size() != (one.acknowledged.month == 0 ? 0 : one.acknowledgement.size())) {
      return from.fail(malformed.code, malformed.text);
    }
    copy_bytes(one.acknowledgement, digest);
  }
}

std::vector<std::byte> encode(const kept_request& one) {
  const request_record& what = one.what;
  std::size_t room = 512;
  for (const request_recipient& each : what.recipients) room += each.name.size() + 128;
  room += what.stays.size() * 32;
  std::vector<std::byte> out(room);
  cbor::writer to(out);
  const bool with_acknowledged = !what.recipients.empty();
  to.map(always_there + (with_acknowledged ? 1U : 0U) + (what.stays.empty() ? 0U : 1U));
  const auto add = [&to](member which, std::uint64_t value) {
    to.unsigned_integer(which);
    to.unsigned_integer(value);
  };
  const auto add_signed = [&to](member which, std::int64_t value) {
    to.unsigned_integer(which);
    to.integer(value);
  };
  add(number_of, what.number);
  add(kind_of, static_cast<std::uint64_t>(what.kind));
  add(state_of, static_cast<std::uint64_t>(what.state));
  add(channel_of, static_cast<std::uint64_t>(what.channel));
  add(whose_of, one.whose.value);
  add(version_of_words, one.words_version);
  add(case_of_request, what.case_number);
  add_signed(received_on, day_of(what.received));
  add_signed(opened, what.opened_at.seconds);
  add(opener, what.opened_by.value);
  add_signed(confirm_by, day_of(what.due.confirm));
  add_signed(answer_by, day_of(what.due.answer));
  add_signed(extended_by, day_of(what.due.extended));
  to.unsigned_integer(law_of);
  to.text(what.law);
  add_signed(identified, what.identified_at.seconds);
  add(identifier, what.identified_by.value);
  add_signed(extended, what.extended_at.seconds);
  add_signed(done, what.done_at.seconds);
  add(doer, what.done_by.value);
  add(ledger_place, what.ledger_index ? *what.ledger_index + 1 : 0);
  add_signed(ended, what.ended_at.seconds);
  add(ender, what.ended_by.value);
  add_signed(listed_when, what.listed_at.seconds);
  to.unsigned_integer(recipients_of);
  write_recipients(to, what.recipients);
  add_signed(confirmed, what.confirmed_at.seconds);
  to.unsigned_integer(told_in);
  write_tellings(to, what.recipients);
  if (with_acknowledged) {
    to.unsigned_integer(acknowledged);
    write_acknowledged(to, what.recipients);
  }
  if (!what.stays.empty()) {
    to.unsigned_integer(stays_of);
    write_stays(to, what.stays);
  }
  out.resize(to.size());
  return out;
}

void read_end(cbor::reader& from, member which, request_record& what) {
  switch (which) {
    case identified:
      what.identified_at.seconds = from.integer();
      break;
    case identifier:
      what.identified_by = actor_id(read_number<std::uint32_t>(from, malformed));
      break;
    case extended:
      what.extended_at.seconds = from.integer();
      break;
    case done:
      what.done_at.seconds = from.integer();
      break;
    case doer:
      what.done_by = actor_id(read_number<std::uint32_t>(from, malformed));
      break;
    case ledger_place:
      if (const std::uint64_t place = from.unsigned_integer(); place != 0) {
        what.ledger_index = place - 1;
      }
      break;
    case ended:
      what.ended_at.seconds = from.integer();
      break;
    case ender:
      what.ended_by = actor_id(read_number<std::uint32_t>(from, malformed));
      break;
    case listed_when:
      what.listed_at.seconds = from.integer();
      break;
    case recipients_of:
      read_recipients(from, what.recipients);
      break;
    case confirmed:
      what.confirmed_at.seconds = from.integer();
      break;
    case told_in:
      read_tellings(from, what.recipients);
      break;
    case acknowledged:
      read_acknowledged(from, what.recipients);
      break;
    default:
      read_stays(from, what.stays);
  }
}

void read_member(cbor::reader& from, member which, kept_request& out) {
  request_record& what = out.what;
  switch (which) {
    case number_of:
      what.number = read_number<std::uint32_t>(from, malformed);
      break;
    case kind_of:
      what.kind = named<request_kind>(from);
      break;
    case state_of:
      what.state = named<request_state>(from);
      break;
    case channel_of:
      what.channel = named<request_channel>(from);
      break;
    case whose_of:
      out.whose = customer_no(from.unsigned_integer());
      break;
    case version_of_words:
      out.words_version = read_number<std::uint32_t>(from, malformed);
      break;
    case case_of_request:
      what.case_number = read_number<std::uint32_t>(from, malformed);
      break;
    case received_on:
      what.received = date_of_day(from.integer());
      break;
    case opened:
      what.opened_at.seconds = from.integer();
      break;
    case opener:
      what.opened_by = actor_id(read_number<std::uint32_t>(from, malformed));
      break;
    case confirm_by:
      what.due.confirm = date_of_day(from.integer());
      break;
    case answer_by:
      what.due.answer = date_of_day(from.integer());
      break;
    case extended_by:
      what.due.extended = date_of_day(from.integer());
      break;
    case law_of:
      what.law = from.text();
      break;
    default:
      read_end(from, which, what);
  }
}

result<kept_request> decode(byte_view bytes) {
  cbor::reader from(bytes);
  kept_request out;
  const std::size_t count = from.map();
  constexpr error newer{errc::newer_format, "a request is of a later version: update clientbook"};
  if (!from.failed() && count < always_there) return newer;
  for (std::uint64_t wanted = 1; wanted <= always_there && !from.failed(); ++wanted) {
    if (from.unsigned_integer() != wanted) from.fail(malformed.code, malformed.text);
    if (!from.failed()) read_member(from, static_cast<member>(wanted), out);
  }
  std::uint64_t before = always_there;
  for (std::size_t more = count - always_there; more > 0 && !from.failed(); --more) {
    const std::uint64_t key = from.unsigned_integer();
    if (key <= before || (key != acknowledged && key != stays_of)) return newer;
    read_member(from, static_cast<member>(key), out);
    before = key;
  }
  if (auto whole = from.finish(); !whole) return whole.error();
  return out;
}

wiped_bytes encode(const request_words& of) {
  wiped_bytes out(64 + of.reference.size() + of.identity.size() + of.extension.size() +
                  of.reason.size());
  cbor::writer to(out);
  to.map(words_of_request);
  for (const auto& [which, text] : {std::pair(reference, &of.reference),
                                    {identity, &of.identity},
                                    {extension, &of.extension},
                                    {reason, &of.reason}}) {
    to.unsigned_integer(which);
    to.text(*text);
  }
  to.unsigned_integer(before);
  to.unsigned_integer(of.before.bits());
  to.unsigned_integer(after);
  to.unsigned_integer(of.after.bits());
  out.resize(to.size());
  return out;
}

result<request_words> decode_words(byte_view bytes) {
  cbor::reader from(bytes);
  request_words out;
  if (from.map() != words_of_request && !from.failed()) {
    return error{errc::newer_format, "a request is of a later version: update clientbook"};
  }
  for (request_text* text : {&out.reference, &out.identity, &out.extension, &out.reason}) {
    from.unsigned_integer();
    *text = from.text();
  }
  from.unsigned_integer();
  out.before = field_set::of_bits(from.unsigned_integer());
  from.unsigned_integer();
  out.after = field_set::of_bits(from.unsigned_integer());
  if (auto whole = from.finish(); !whole) return whole.error();
  return out;
}

}  // namespace

request_store::request_store(book_core& core) noexcept
    : core_(core),
      rows_(core,
            {.table = storage::table::request,
             .version = &book_row::requests,
             .key = "clientbook requests",
             .gone = "the list of open requests is gone: restore a copy"},
            "a request is gone: restore a copy") {}

book_core::place request_store::words_place(const kept_request& of,
                                            const manifest& own) const noexcept {
  return {.key = key(table::request_words).add(of.whose.value).add(of.what.number),
          .table = table::request_words,
          .customer = of.whose,
          .record = of.what.number,
          .version = record_version(of.words_version),
          .key_version = own.key_version};
}

result<kept_request> request_store::get(std::uint32_t number) {
  if (auto followed = rows_.follow(); !followed) return followed.error();
  if (number == 0 || number > rows_.given()) {
    return error{errc::not_found, "no request has this number", number};
  }
  const auto bytes = rows_.read(number);
  if (!bytes) return bytes.error();
  auto out = decode(*bytes);
  const bool ended = !rows_.is_open(number);
  if (out && (out->what.number != number || has_ended(out->what.state) != ended)) return malformed;
  return out;
}

result<std::vector<kept_request>> request_store::all() {
  if (auto followed = rows_.follow(); !followed) return followed.error();
  std::vector<kept_request> out;
  for (std::uint32_t number = 1; number <= rows_.given(); ++number) {
    auto one = get(number);
    if (!one) return one.error();
    out.push_back(std::move(*one));
  }
  return out;
}

result<std::uint32_t> request_store::next_number() {
  if (auto followed = rows_.follow(); !followed) return followed.error();
  return rows_.given() + 1;
}

result<std::vector<std::uint32_t>> request_store::of(customer_no whose) {
  std::vector<std::uint32_t> out;
  const key prefix = key(table::request_words).add(whose.value);
  auto walked = core_.read().walk(prefix, prefix, [&](byte_view at, byte_view) {
    if (at.size() == 13) out.push_back(load_be<std::uint32_t>(at.data() + 9));
    return true;
  });
  if (!walked) return walked.error();
  return out;
}

result<request_words> request_store::words(const kept_request& of, const manifest& own) {
  if (auto got = core_.get_value(own.subject_key, words_place(of, own), plain_); !got) {
    if (got.error().code != errc::not_found) return got.error();
    return error{errc::row_missing, "the words of a request are gone: restore a copy",
                 of.what.number};
  }
  return decode_words(plain_.view());
}

result<std::uint32_t> request_store::add(kept_request next) {
  if (auto followed = rows_.follow(); !followed) return followed.error();
  if (rows_.open().size() >= max_open_requests) {
    return error{errc::limit_exceeded, "too many requests are open: close those that are done"};
  }
  next.what.number = rows_.given() + 1;
  if (auto kept = rows_.add(next.what.number, encode(next)); !kept) return kept.error();
  return next.what.number;
}

result<void> request_store::put(const kept_request& one) {
  if (auto followed = rows_.follow(); !followed) return followed.error();
  const std::uint32_t number = one.what.number;
  const bool ends = has_ended(one.what.state);
  if (!rows_.is_open(number)) {
    if (ends) return rows_.put(number, encode(one));
    return error{errc::invalid_state, "a request that has ended does not begin again", number};
  }
  return ends ? rows_.end(number, encode(one)) : rows_.put(number, encode(one));
}

result<void> request_store::put_words(kept_request& of, const request_words& words,
                                      const manifest& own) {
  ++of.words_version;
  return core_.put_value(own.subject_key, words_place(of, own), encode(words));
}

result<std::vector<kept_request>> request_store::forget_customer(customer_no whose) {
  const auto numbers = of(whose);
  if (!numbers) return numbers.error();
  std::vector<kept_request> out;
  for (const std::uint32_t number : *numbers) {
    const key words = key(table::request_words).add(whose.value).add(number);
    if (auto gone = core_.write().erase(words); !gone) return gone.error();
    // Damage must not prevent an erasure: verify() tells of it.
    auto one = get(number);
    if (!one && one.error().code == errc::io_error) return one.error();
    if (!one) continue;
    one->whose = {};
    one->words_version = 0;
    out.push_back(std::move(*one));
  }
  return out;
}

result<void> request_store::verify() {
  const auto every = all();
  if (!every) return every.error();
  std::uint64_t with_words = 0;
  for (const kept_request& one : *every) {
    if (one.whose == customer_no{}) continue;
    const auto own = core_.tree().find(one.whose);
    // Of somebody whom a restore could not bring back nothing is left to open.
    if (!own && own.error().code == errc::key_erased) continue;
    if (!own) return own.error();
    if (auto said = words(one, **own); !said) return said.error();
    ++with_words;
  }
  std::uint64_t rows = 0;
  std::uint64_t word_rows = 0;
  for (const auto& [where, count] :
       {std::pair(table::request, &rows), {table::request_words, &word_rows}}) {
    const key prefix(where);
    auto walked = core_.read().walk(prefix, prefix, [&, to = count](byte_view, byte_view) {
      ++*to;
      return true;
    });
    if (!walked) return walked;
  }
  const std::uint64_t given = rows_.given();
  const std::uint64_t wanted = given == 0 ? 0 : given + 1;
  if (rows != wanted || word_rows != with_words) {
    return error{errc::damaged, "there are other requests than the book counts"};
  }
  return {};
}

}  // namespace clientbook
