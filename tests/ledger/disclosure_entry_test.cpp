#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>
#include "ledger_testing.hpp"
#include "testing.hpp"

#include <limits>
#include <random>

using namespace clientbook;
using namespace clientbook::ledger;
using namespace clientbook::testing;

namespace {

using encoded = std::array<std::byte, entry_bytes>;

encoded encode(const disclosure_entry& entry) {
  encoded out;
  REQUIRE(encode_entry(entry, out));
  return out;
}
errc decode_code(byte_view bytes) {
  const result<disclosure_entry> read = decode_entry(bytes);
  return read ? errc::none : read.error().code;
}
std::vector<std::byte> encode(const disclosure_payload& payload) {
  std::array<std::byte, max_payload> room;
  const result<byte_view> out = encode_payload(payload, room);
  REQUIRE(out);
  return {out->begin(), out->end()};
}
std::array<disclosed_field, 64> room;

}  // namespace

TEST_CASE("ledger entry: has the documented bytes") {
  const encoded bytes = encode(sample_entry());
  CHECK(hex_of(byte_view(bytes).first(32)) ==
        "0101"                                // format 1
        "0101"                                // disclosure
        "040000502e"                          // 2026-03-14, 20526 days
        "10a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"  // id
        "0107"                                // purpose
        "0102"                                // legal basis
        "0103");                              // recipient class
  CHECK(bytes.size() <= max_entry);
}

TEST_CASE("ledger entry: every one survives a round trip") {
  std::mt19937_64 random(5);
  for (int round = 0; round < 500; ++round) {
    disclosure_entry entry = sample_entry();
    entry.type = static_cast<ledger_event>(1 + random() % 14);
    entry.day = date_of(timestamp{static_cast<std::int64_t>(random() % 8000000000) - 4000000000});
    entry.purpose = purpose_id(static_cast<std::uint8_t>(random()));
    entry.legal_basis = static_cast<std::uint8_t>(random());
    entry.recipient_class = recipient_id(static_cast<std::uint8_t>(random()));
    entry.count = static_cast<std::uint32_t>(random());
    entry.commitment[5] = static_cast<std::byte>(random());
    const result<disclosure_entry> read = decode_entry(encode(entry));
    REQUIRE(read);
    CHECK(read->type == entry.type);
    CHECK(read->day == entry.day);
    CHECK(read->count == entry.count);
    CHECK(encode(*read) == encode(entry));
  }
}

TEST_CASE("ledger entry: a mutated one is refused or is another entry") {
  const encoded bytes = encode(sample_entry());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      encoded altered = bytes;
      altered[i] ^= static_cast<std::byte>(1U << bit);
      CHECK(leaf_hash(altered) != leaf_hash(bytes));
      const result<disclosure_entry> read = decode_entry(altered);
      if (read) CHECK(encode(*read) == altered);  // One form for one entry.
    }
    CHECK(decode_code(byte_view(bytes).first(i)) == errc::truncated);
  }
}

TEST_CASE("ledger entry: what is not one has its own code") {
  const encoded bytes = encode(sample_entry());
  const auto with = [&](std::size_t at, unsigned value) {
    encoded out = bytes;
    out[at] = static_cast<std::byte>(value);
    return decode_code(out);
  };
  CHECK(with(1, 3) == errc::newer_format);
  CHECK(with(1, 0) == errc::invalid_encoding);
  CHECK(with(0, 2) == errc::invalid_encoding);
  CHECK(with(3, 0) == errc::invalid_value);
  CHECK(with(3, 26) == errc::invalid_value);
  CHECK(with(5, 0x7F) == errc::invalid_value);
  CHECK(with(9, 15) == errc::invalid_encoding);
  std::vector<std::byte> longer(bytes.begin(), bytes.end());
  longer.push_back(std::byte{0});
  CHECK(decode_code(longer) == errc::invalid_encoding);
  longer.resize(513);
  CHECK(decode_code(longer) == errc::limit_exceeded);

  disclosure_entry entry = sample_entry();
  encoded out;
  CHECK(encode_entry(entry, byte_span(out).first(86)).error().at == 87);
  entry.day.year = 0;
  CHECK(encode_entry(entry, out).error().code == errc::invalid_value);
  entry = sample_entry();
  entry.type = ledger_event{0};
  CHECK(encode_entry(entry, out).error().code == errc::invalid_value);
}

TEST_CASE("ledger payload: survives a round trip") {
  disclosure_payload payload = sample_payload();
  SUBCASE("with all parts") {
    payload.directive = directive_id{payload.customer.bytes};
    payload.about = 300;
  }
  SUBCASE("the first of a subject") {
    payload.sequence = 1;
    payload.previous.reset();
  }
  SUBCASE("without recipient and fields") {
    payload.recipient = {};
    payload.fields = {};
  }
  const std::vector<std::byte> bytes = encode(payload);
  const result<disclosure_payload> read = decode_payload(bytes, room);
  REQUIRE(read);
  CHECK(read->at == payload.at);
  CHECK(read->customer == payload.customer);
  CHECK(read->party == payload.party);
  CHECK(read->recipient == payload.recipient);
  CHECK(read->actor == payload.actor);
  CHECK(read->sequence == payload.sequence);
  CHECK(read->previous == payload.previous);
  CHECK(read->directive == payload.directive);
  CHECK(read->about == payload.about);
  REQUIRE(read->fields.size() == payload.fields.size());
  for (std::size_t i = 0; i < payload.fields.size(); ++i) {
    CHECK(read->fields[i].field == payload.fields[i].field);
    CHECK(read->fields[i].version == payload.fields[i].version);
    CHECK(read->fields[i].redaction == payload.fields[i].redaction);
  }
  CHECK(encode(*read) == bytes);
}

TEST_CASE("ledger payload: opens only the entry that commits to it") {
  REQUIRE(crypto::init());
  const disclosure_payload payload = sample_payload();
  std::vector<std::byte> bytes = encode(payload);
  disclosure_entry entry = sample_entry();
  entry.commitment = commit(payload.blinding, bytes);
  REQUIRE(open_payload(entry, bytes, room));

  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      bytes[i] ^= static_cast<std::byte>(1U << bit);
      CHECK_FALSE(open_payload(entry, bytes, room));
      bytes[i] ^= static_cast<std::byte>(1U << bit);
    }
    CHECK_FALSE(open_payload(entry, byte_view(bytes).first(i), room));
  }
  entry.day = {2026, 3, 15};
  CHECK(open_payload(entry, bytes, room).error().code == errc::proof_invalid);
}

TEST_CASE("ledger payload: the same payload under another blinding key commits to something else") {
  disclosure_payload payload = sample_payload();
  const std::vector<std::byte> first = encode(payload);
  const hash commitment = commit(payload.blinding, first);
  payload.blinding = fixed_key(0x41);
  CHECK(commit(payload.blinding, encode(payload)) != commitment);
}

TEST_CASE("ledger payload: contradictions are refused, written or read") {
  std::array<std::byte, max_payload> out;
  const auto refused = [&](const disclosure_payload& payload) {
    const result<byte_view> written = encode_payload(payload, out);
    return written ? errc::none : written.error().code;
  };
  disclosure_payload payload = sample_payload();
  payload.sequence = 0;
  CHECK(refused(payload) == errc::invalid_value);
  payload.sequence = 1;  // The first has none before it.
  CHECK(refused(payload) == errc::invalid_value);
  payload.sequence = 2;
  payload.previous.reset();
  CHECK(refused(payload) == errc::invalid_value);

  payload = sample_payload();
  const disclosed_field twice[] = {{field::name, record_version(1)},
                                   {field::name, record_version(1)}};
  payload.fields = twice;
  CHECK(refused(payload) == errc::invalid_value);
  const disclosed_field outside[] = {{field_id(64), record_version(1)}};
  payload.fields = outside;
  CHECK(refused(payload) == errc::invalid_value);

  payload = sample_payload();
  const std::string longest(255, 'n');
  payload.recipient = longest;
  CHECK(refused(payload) == errc::none);
  const std::string longer(256, 'n');
  payload.recipient = longer;
  CHECK(refused(payload) == errc::limit_exceeded);
  payload.recipient = "\xFF";
  CHECK(refused(payload) == errc::invalid_encoding);

  payload = sample_payload();
  const std::size_t size = encode(payload).size();
  CHECK(encode_payload(payload, byte_span(out).first(size - 1)).error().at == size);
  CHECK(decode_payload(encode(payload), std::span(room).first(63)).error().code ==
        errc::buffer_too_small);
}

TEST_CASE("ledger payload: parts out of order, twice, unknown or missing are refused") {
  const auto code = [](std::initializer_list<unsigned> keys) {
    std::array<std::byte, 512> bytes;
    const std::array<std::byte, 32> zeros{};
    cbor::writer to(bytes);
    to.map(keys.size());
    for (const unsigned key : keys) {
      to.unsigned_integer(key);
      if (key == 2 || key == 9) {
        to.bytes(byte_view(zeros).first(16));
      } else if (key == 5) {
        to.array(0);
      } else if (key == 10) {
        to.bytes(zeros);
      } else {
        to.unsigned_integer(1);
      }
    }
    const result<disclosure_payload> read = decode_payload(*to.finish(), room);
    return read ? errc::none : read.error().code;
  };
  CHECK(code({1, 2, 3, 5, 6, 7, 10}) == errc::none);
  CHECK(code({1, 2, 3, 5, 6, 6, 7, 10}) == errc::invalid_encoding);
  CHECK(code({1, 2, 3, 5, 6, 6, 7}) == errc::invalid_encoding);
  CHECK(code({1, 2, 3, 5, 7, 6, 10}) == errc::invalid_encoding);
  CHECK(code({0, 1, 2, 3, 5, 6, 7, 10}) == errc::invalid_encoding);
  CHECK(code({1, 2, 3, 5, 6, 7, 10, 11}) == errc::none);
  CHECK(code({1, 2, 3, 5, 6, 7, 10, 12}) == errc::none);
  CHECK(code({1, 2, 3, 5, 6, 7, 10, 13}) == errc::wrong_type);
  CHECK(code({1, 2, 3, 5, 6, 7, 10, 14}) == errc::invalid_encoding);
  CHECK(code({1, 2, 3, 5, 6, 7}) == errc::missing_field);
  CHECK(code({1, 2, 3, 5, 6, 7, 9}) == errc::missing_field);
  CHECK(code({}) == errc::missing_field);
}

TEST_CASE("ledger payload: who passed it on, where to reach them and until when come back") {
  disclosure_entry entry = sample_entry();
  disclosure_payload payload = sample_payload();
  payload.until = timestamp{1'900'000'000};
  const auto read = [&] {
    const std::vector<std::byte> bytes = encode(payload);
    entry.commitment = commit(payload.blinding, bytes);
    const auto opened = open_payload(entry, bytes, room);
    return opened ? errc::none : opened.error().code;
  };
  CHECK(read() == errc::none);
  const std::vector<std::byte> timed = encode(payload);
  CHECK(decode_payload(timed, room)->until == timestamp{1'900'000'000});

  // An onward step, and nothing else, says who took it.
  payload.passed = onward_words{.from = "Parcels Ltd", .contact = "", .on = date{2026, 3, 1}};
  CHECK(read() == errc::proof_invalid);
  entry.type = ledger_event::onward;
  CHECK(read() == errc::none);
  const std::vector<std::byte> bytes = encode(payload);
  const auto back = decode_payload(bytes, room);
  REQUIRE(back);
  REQUIRE(back->passed);
  CHECK(back->passed->from == "Parcels Ltd");
  CHECK(back->passed->contact.empty());
  CHECK(back->passed->on == date{2026, 3, 1});
  payload.passed->on.reset();
  CHECK(read() == errc::none);
  CHECK_FALSE(decode_payload(encode(payload), room)->passed->on);
  payload.passed.reset();
  CHECK(read() == errc::proof_invalid);

  std::array<std::byte, max_payload> out;
  const std::string longer(256, 'n');
  for (const onward_words& wrong :
       {onward_words{}, onward_words{.from = longer}, onward_words{.from = "A", .contact = longer},
        onward_words{.from = "A", .on = date{2026, 2, 30}},
        onward_words{.from = "A", .on = date{0, 2, 1}}}) {
    payload.passed = wrong;
    CHECK(encode_payload(payload, out).error().code == errc::invalid_value);
  }
}

TEST_CASE("ledger payload: 64 fields and the longest name fit") {
  std::array<disclosed_field, 64> fields;
  for (std::uint8_t i = 0; i < 64; ++i) {
    fields[i] = {field_id(i), record_version(~std::uint64_t{0}), redaction_operator::drop};
  }
  disclosure_payload payload = sample_payload();
  const std::string name(255, 'n');
  payload.recipient = name;
  payload.fields = fields;
  payload.actor = actor_id(~std::uint32_t{0});
  payload.sequence = payload.previous.emplace(~std::uint64_t{0});
  payload.directive.emplace();
  payload.until = timestamp{std::numeric_limits<std::int64_t>::max()};
  payload.passed = onward_words{.from = name, .contact = name, .on = date{9999, 12, 31}};
  CHECK(decode_payload(encode(payload), room));
}

TEST_CASE("ledger tags: stand for one actor, one entry of one subject, under one key") {
  REQUIRE(crypto::init());
  const secret<32> key = fixed_key(1);
  CHECK(ledger::actor_tag(key, actor_id(1)) == ledger::actor_tag(key, actor_id(1)));
  CHECK(ledger::actor_tag(key, actor_id(1)) != ledger::actor_tag(key, actor_id(2)));
  CHECK(ledger::actor_tag(key, actor_id(1)) != ledger::actor_tag(fixed_key(2), actor_id(1)));
  CHECK(ledger::subject_tag(key, 1) != ledger::subject_tag(key, 2));
  CHECK(ledger::subject_tag(key, 1) != ledger::subject_tag(fixed_key(2), 1));

  disclosure_entry entry = sample_entry();
  const crypto::digest bound = payload_binding("a", entry);
  CHECK(payload_binding("b", entry) != bound);
  entry.commitment[0] ^= std::byte{1};
  CHECK(payload_binding("a", entry) != bound);
  entry = sample_entry();
  entry.id.bytes[0] ^= std::byte{1};
  CHECK(payload_binding("a", entry) != bound);
}

TEST_CASE("ledger entry: in format 2 the payload's seal is bound to all that the entry says") {
  disclosure_entry entry = sample_entry();
  entry.format = 2;
  const encoded bytes = encode(entry);
  CHECK(decode_entry(bytes)->format == 2);
  const crypto::digest bound = payload_binding("a", entry);
  CHECK(payload_binding("b", entry) != bound);
  CHECK(payload_binding("a", sample_entry()) != bound);
  int others = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      auto changed = bytes;
      changed[i] ^= static_cast<std::byte>(1 << bit);
      const auto read = decode_entry(changed);
      if (!read) continue;
      CAPTURE(i);
      CHECK(payload_binding("a", *read) != bound);
      ++others;
    }
  }
  CHECK(others > 8 * 70);
  entry.format = 3;
  encoded room;
  CHECK(encode_entry(entry, room).error().code == errc::invalid_value);
  auto newer = bytes;
  newer[1] = std::byte{3};
  CHECK(decode_code(newer) == errc::newer_format);
}
