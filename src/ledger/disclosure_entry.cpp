// What the ledger says of an event: a leaf of fixed size for everybody, a sealed payload for the
// few.
//
// The leaf names nobody: tags and a commitment stand for people, so a log can be shown to an
// auditor whole, and somebody in it be forgotten (the payload goes, the leaf and its hash stay).
// The same check() is made of a payload that is written and of one that is read.
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>

#include <cassert>

namespace clientbook {

bool is_known(ledger_event type) noexcept {
  return type >= ledger_event::disclosure && type <= ledger_event::epoch;
}

namespace ledger {
namespace {

constexpr std::size_t max_recipient = 255;
constexpr std::size_t max_payload_fields = 64;

// Parts of a leaf: each is a length in one byte, then that many bytes.
class part_writer {
 public:
  explicit part_writer(byte_span out) noexcept : out_(out) {}

  template <class Unsigned>
  void number(Unsigned value) noexcept {
    std::byte bytes[sizeof(Unsigned)];
    store_be(bytes, value);
    part(bytes);
  }
  void part(byte_view bytes) noexcept {
    out_[0] = static_cast<std::byte>(bytes.size());
    copy_bytes(out_.subspan(1), bytes);
    out_ = out_.subspan(1 + bytes.size());
  }
  /// Bytes that are left.
  std::size_t rest() const noexcept { return out_.size(); }

 private:
  byte_span out_;
};

class part_reader {
 public:
  explicit part_reader(byte_view in) noexcept : in_(in) {}

  template <class Unsigned>
  Unsigned number() noexcept {
    std::byte bytes[sizeof(Unsigned)]{};
    part(bytes);
    return load_be<Unsigned>(bytes);
  }
  void part(byte_span out) noexcept {
    if (failure_.code != errc::none) return;
    const byte_view left = in_.subspan(at_);
    if (left.empty() || left.size() <= static_cast<std::size_t>(left[0])) {
      return fail(errc::truncated, "an entry of the ledger ends early");
    }
    if (static_cast<std::size_t>(left[0]) != out.size()) {
      return fail(errc::invalid_encoding, "a part of a ledger entry has an impossible length");
    }
    copy_bytes(out, left.subspan(1, out.size()));
    at_ += 1 + out.size();
  }
  void fail(errc code, literal text) noexcept {
    if (failure_.code == errc::none) failure_ = {code, text, at_};
  }
  bool failed() const noexcept { return failure_.code != errc::none; }
  const error& failure() const noexcept { return failure_; }
  bool at_end() const noexcept { return at_ == in_.size(); }

 private:
  byte_view in_;
  std::size_t at_ = 0;
  error failure_{};
};

// Keys of the payload's map.
enum : std::uint64_t {
  key_at = 1,
  key_customer,
  key_party,
  key_recipient,
  key_fields,
  key_actor,
  key_sequence,
  key_previous,
  key_directive,
  key_blinding,
  key_about,
  key_until,
  key_passed,
};

constexpr error bad_payload{errc::invalid_value,
                            "a ledger payload's fields, sequence or previous entry contradict"};

// What holds for every payload, written or read.
result<void> check(const disclosure_payload& payload) noexcept {
  if (payload.fields.size() > max_payload_fields || payload.recipient.size() > max_recipient) {
    return error{errc::limit_exceeded, "a ledger payload has 64 fields and 255 bytes of a name"};
  }
  int last = -1;
  for (const disclosed_field& given : payload.fields) {
    if (given.field.value <= last || given.field.value >= 64) return bad_payload;
    last = given.field.value;
  }
  if (payload.passed &&
      (payload.passed->from.empty() || payload.passed->from.size() > max_recipient ||
       payload.passed->contact.size() > max_recipient ||
       (payload.passed->on && (payload.passed->on->year == 0 || !exists(*payload.passed->on))))) {
    return error{errc::invalid_value,
                 "an onward step of a ledger payload names who took it, and a "
                 "day of the calendar"};
  }
  if (payload.sequence == 0 || payload.previous.has_value() != (payload.sequence > 1)) {
    return bad_payload;
  }
  return {};
}

template <class Integer>
Integer narrow(cbor::reader& in) noexcept {
  const std::uint64_t value = in.unsigned_integer();
  if (value > std::uint64_t{Integer(-1)}) {
    in.fail(errc::invalid_value, "a number of a ledger payload is out of range");
  }
  return static_cast<Integer>(value);
}

void read_exactly(cbor::reader& in, byte_span out) noexcept {
  const byte_view bytes = in.bytes();
  if (in.failed()) return;
  if (bytes.size() != out.size()) {
    return in.fail(errc::invalid_value, "an id or key of a ledger payload has another size");
  }
  copy_bytes(out, bytes);
}

std::span<const disclosed_field> read_fields(cbor::reader& in,
                                             std::span<disclosed_field> room) noexcept {
  const std::size_t count = in.array();
  if (count > room.size()) {
    in.fail(errc::limit_exceeded, "a ledger payload has at most 64 fields");
    return {};
  }
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    if (in.array() != 3) in.fail(errc::invalid_encoding, "a disclosed field has three parts");
    room[i].field = field_id(narrow<std::uint8_t>(in));
    room[i].version = record_version(in.unsigned_integer());
    room[i].redaction = static_cast<redaction_operator>(narrow<std::uint8_t>(in));
  }
  return room.first(count);
}

constexpr std::int64_t first_day = -719162;  // 0001-01-01
constexpr std::int64_t last_day = 2932896;   // 9999-12-31

void write_passed(cbor::writer& to, const onward_words& said) noexcept {
  to.array(said.on ? 3 : 2);
  to.text(said.from);
  to.text(said.contact);
  if (said.on) to.integer(days_since_epoch(*said.on));
}

onward_words read_passed(cbor::reader& in) noexcept {
  const std::size_t parts = in.array();
  if (parts != 2 && parts != 3) {
    in.fail(errc::invalid_encoding, "an onward step of a ledger payload has two or three parts");
  }
  onward_words out;
  out.from = in.text();
  out.contact = in.text();
  if (parts == 3 && !in.failed()) {
    const std::int64_t day = in.integer();
    if (day < first_day || day > last_day) {
      in.fail(errc::invalid_value, "an onward step is of no day of the calendar");
    } else {
      out.on = date_of(timestamp{day * 86400});
    }
  }
  return out;
}

tag token(const secret<32>& key, std::string_view label, byte_view number) noexcept {
  const byte_view parts[] = {as_bytes(label), number};
  return *crypto::blind_token(key, 128, parts);  // Fails for other numbers of bits only.
}

}  // namespace

result<byte_view> encode_entry(const disclosure_entry& entry, byte_span out) noexcept {
  if (!is_known(entry.type) || entry.day.year == 0 || !exists(entry.day)) {
    return error{errc::invalid_value, "a ledger entry needs a known event and a day of a year"};
  }
  if (entry.format == 0 || entry.format > disclosure_entry::newest_format) {
    return error{errc::invalid_value, "a ledger entry is of format 1 or 2"};
  }
  if (out.size() < entry_bytes) {
    return error{errc::buffer_too_small, "a ledger entry needs a larger buffer", entry_bytes};
  }
  part_writer to(out);
  to.number(entry.format);
  to.number(static_cast<std::uint8_t>(entry.type));
  to.number(static_cast<std::uint32_t>(days_since_epoch(entry.day)));
  to.part(entry.id.bytes);
  to.number(entry.purpose.value);
  to.number(entry.legal_basis);
  to.number(entry.recipient_class.value);
  to.part(entry.actor);
  to.number(entry.count);
  to.part(entry.commitment);
  assert(to.rest() == out.size() - entry_bytes && "leaves are of one size");
  return byte_view(out.first(entry_bytes));
}

result<disclosure_entry> decode_entry(byte_view bytes) noexcept {
  if (bytes.size() > max_entry) {
    return error{errc::limit_exceeded, "a ledger entry has at most 512 bytes"};
  }
  part_reader in(bytes);
  const auto format = in.number<std::uint8_t>();
  if (!in.failed() && format > disclosure_entry::newest_format) {
    return error{errc::newer_format, "a newer version wrote this ledger entry: update to read it"};
  }
  if (format == 0) in.fail(errc::invalid_encoding, "a ledger entry has no format 0");
  disclosure_entry out;
  out.format = format;
  out.type = static_cast<ledger_event>(in.number<std::uint8_t>());
  if (!is_known(out.type)) in.fail(errc::invalid_value, "a ledger entry is of no known event");
  const auto day = static_cast<std::int32_t>(in.number<std::uint32_t>());
  if (day < first_day || day > last_day) {
    in.fail(errc::invalid_value, "a ledger entry is of no day of the calendar");
  } else {
    out.day = date_of(timestamp{std::int64_t{day} * 86400});
  }
  in.part(out.id.bytes);
  out.purpose = purpose_id(in.number<std::uint8_t>());
  out.legal_basis = in.number<std::uint8_t>();
  out.recipient_class = recipient_id(in.number<std::uint8_t>());
  in.part(out.actor);
  out.count = in.number<std::uint32_t>();
  in.part(out.commitment);
  if (!in.at_end()) in.fail(errc::invalid_encoding, "bytes follow a ledger entry");
  if (in.failed()) return in.failure();
  return out;
}

result<byte_view> encode_payload(const disclosure_payload& payload, byte_span out) noexcept {
  if (const auto good = check(payload); !good) return good.error();
  cbor::writer to(out);
  to.map(7U + (payload.recipient.empty() ? 0 : 1) + (payload.previous ? 1 : 0) +
         (payload.directive ? 1 : 0) + (payload.about ? 1 : 0) + (payload.until ? 1 : 0) +
         (payload.passed ? 1 : 0));
  to.unsigned_integer(key_at);
  to.integer(payload.at.seconds);
  to.unsigned_integer(key_customer);
  to.bytes(payload.customer.bytes);
  to.unsigned_integer(key_party);
  to.unsigned_integer(payload.party.value);
  if (!payload.recipient.empty()) {
    to.unsigned_integer(key_recipient);
    to.text(payload.recipient);
  }
  to.unsigned_integer(key_fields);
  to.array(payload.fields.size());
  for (const disclosed_field& given : payload.fields) {
    to.array(3);
    to.unsigned_integer(given.field.value);
    to.unsigned_integer(given.version.value);
    to.unsigned_integer(static_cast<std::uint8_t>(given.redaction));
  }
  to.unsigned_integer(key_actor);
  to.unsigned_integer(payload.actor.value);
  to.unsigned_integer(key_sequence);
  to.unsigned_integer(payload.sequence);
  if (payload.previous) {
    to.unsigned_integer(key_previous);
    to.unsigned_integer(*payload.previous);
  }
  if (payload.directive) {
    to.unsigned_integer(key_directive);
    to.bytes(payload.directive->bytes);
  }
  to.unsigned_integer(key_blinding);
  payload.blinding.with_bytes([&](byte_view key) { to.bytes(key); });
  if (payload.about) {
    to.unsigned_integer(key_about);
    to.unsigned_integer(*payload.about);
  }
  if (payload.until) {
    to.unsigned_integer(key_until);
    to.integer(payload.until->seconds);
  }
  if (payload.passed) {
    to.unsigned_integer(key_passed);
    write_passed(to, *payload.passed);
  }
  return to.finish();
}

result<disclosure_payload> decode_payload(byte_view bytes,
                                          std::span<disclosed_field> room) noexcept {
  if (room.size() < max_payload_fields) {
    return error{errc::buffer_too_small, "room for 64 disclosed fields is needed",
                 max_payload_fields};
  }
  if (bytes.size() > max_payload) {
    return error{errc::limit_exceeded, "a ledger payload has at most 2048 bytes"};
  }
  cbor::reader in(bytes);
  disclosure_payload out;
  std::uint64_t before = 0;
  unsigned required = 0;
  for (std::size_t left = in.map(); left > 0 && !in.failed(); --left) {
    const std::uint64_t key = in.unsigned_integer();
    if (key <= before) in.fail(errc::invalid_encoding, "map keys are not in ascending order");
    before = key;
    switch (key) {
      case key_at:
        out.at.seconds = in.integer();
        break;
      case key_customer:
        read_exactly(in, out.customer.bytes);
        break;
      case key_party:
        out.party = recipient_id(narrow<std::uint8_t>(in));
        break;
      case key_recipient:
        out.recipient = in.text();
        if (out.recipient.empty()) in.fail(errc::invalid_encoding, "an empty name is not stored");
        continue;
      case key_fields:
        out.fields = read_fields(in, room.first(max_payload_fields));
        break;
      case key_actor:
        out.actor = actor_id(narrow<std::uint32_t>(in));
        break;
      case key_sequence:
        out.sequence = in.unsigned_integer();
        break;
      case key_previous:
        out.previous = in.unsigned_integer();
        continue;
      case key_directive:
        read_exactly(in, out.directive.emplace().bytes);
        continue;
      case key_blinding:
        out.blinding.fill_bytes([&](byte_span to) { read_exactly(in, to); });
        break;
      case key_about:
        out.about = in.unsigned_integer();
        continue;
      case key_until:
        out.until = timestamp{in.integer()};
        continue;
      case key_passed:
        out.passed = read_passed(in);
        continue;
      default:
        in.fail(errc::invalid_encoding, "a ledger payload has an unknown part");
    }
    ++required;
  }
  if (const auto read = in.finish(); !read) return read.error();
  if (required != 7) return error{errc::missing_field, "a ledger payload lacks a part"};
  if (const auto good = check(out); !good) return good.error();
  return out;
}

hash commit(const secret<32>& blinding, byte_view payload) noexcept {
  return crypto::hash(blinding, payload);
}

result<disclosure_payload> open_payload(const disclosure_entry& entry, byte_view payload,
                                        std::span<disclosed_field> room) noexcept {
  result<disclosure_payload> read = decode_payload(payload, room);
  if (!read) return read;
  if (!crypto::equal(commit(read->blinding, payload), entry.commitment)) {
    return error{errc::proof_invalid, "the payload is not the one the ledger entry commits to"};
  }
  if (read->passed.has_value() != (entry.type == ledger_event::onward)) {
    return error{errc::proof_invalid, "an onward step, and nothing else, says who passed it on"};
  }
  if (date_of(read->at) != entry.day) {
    return error{errc::proof_invalid, "ledger entry and payload are of different days"};
  }
  return read;
}

crypto::digest payload_binding(std::string_view origin, const disclosure_entry& entry) noexcept {
  std::byte size[8];
  store_be(size, std::uint64_t{origin.size()});
  crypto::hasher hasher;
  if (entry.format == 1) {
    return hasher.update(as_bytes("clientbook ledger payload"))
        .update(size)
        .update(as_bytes(origin))
        .update(entry.id.bytes)
        .update(entry.commitment)
        .finish();
  }
  // An entry that cannot be written binds to nothing that was: its payload does not open.
  std::array<std::byte, entry_bytes> room{};
  const auto whole = encode_entry(entry, room);
  return hasher.update(as_bytes("clientbook ledger payload 2"))
      .update(size)
      .update(as_bytes(origin))
      .update(whole ? *whole : byte_view())
      .finish();
}

tag actor_tag(const secret<32>& key, actor_id actor) noexcept {
  std::byte number[4];
  store_be(number, actor.value);
  return token(key, "ledger actor", number);
}

tag subject_tag(const secret<32>& key, std::uint64_t sequence) noexcept {
  std::byte number[8];
  store_be(number, sequence);
  return token(key, "ledger subject", number);
}

}  // namespace ledger
}  // namespace clientbook
