#include <clientbook/crypto/envelope.hpp>
#include "crypto_testing.hpp"
#include "testing.hpp"

#include <algorithm>
#include <random>

using namespace clientbook;
using namespace clientbook::testing;

namespace {

constexpr std::size_t header = 80;
constexpr std::size_t entry = 4;
constexpr std::size_t tag = 16;
constexpr field_set all = all_fields;

std::vector<crypto::suite> suites() {
  REQUIRE(crypto::init());
  std::vector<crypto::suite> out{crypto::suite::chacha20_poly1305};
  if (crypto::suite_available(crypto::suite::aes256_gcm)) out.push_back(crypto::suite::aes256_gcm);
  return out;
}

row_context place(crypto::suite suite) {
  row_context context;
  context.suite = suite;
  context.book = wide<book_id>(1);
  context.table = 4;
  context.kind = 2;
  context.customer = customer_no(77);
  context.record = 5;
  context.version = record_version(9);
  context.key_version = 3;
  context.schema = schema_version(2);
  context.schema_hash = crypto::hash(as_bytes("schema"));
  return context;
}

const std::vector<row_field> fields{{field_id(1), as_bytes("Ana Maria")},
                                    {field_id(4), as_bytes("ana@example.org")},
                                    {field_id(5), as_bytes("bob@example.org")},
                                    {field_id(9), {}},
                                    {field_id(63), as_bytes("likes blue"), padding::to_32}};

bytes seal(const secret<32>& key, const row_context& context,
           const std::vector<row_field>& what = fields, std::uint64_t seed = 1) {
  repeating_random random(seed);
  bytes out(sealed_row_size(what));
  const result<std::size_t> size = seal_row(key, context, what, random, out);
  REQUIRE(size);
  REQUIRE(*size == out.size());
  return out;
}

// Whatever of the row opens, by opening everything: the first error, or none.
errc tried(const secret<32>& key, const row_context& context, const bytes& row) {
  row_reader reader;
  const result<void> opened = reader.open(key, context, row);
  if (!opened) {
    CHECK(reader.fields().empty());
    return opened.error().code;
  }
  bytes room(reader.room_for(all));
  std::array<opened_field, 64> out;
  const result<std::size_t> count = reader.read(all, room, out);
  if (!count) {
    CHECK(room == bytes(room.size()));
    return count.error().code;
  }
  return errc::none;
}

}  // namespace

TEST_CASE("row envelope: every field comes back, alone and together") {
  for (const crypto::suite suite : suites()) {
    const secret<32> key = key_of(1);
    const bytes row = seal(key, place(suite));
    const result<row_header> peeked = peek_row(row);
    REQUIRE(peeked);
    CHECK(peeked->version == record_version(9));
    CHECK(peeked->schema == schema_version(2));
    CHECK(peeked->key_version == 3);
    CHECK(peeked->fields == fields.size());

    row_reader reader;
    REQUIRE(reader.open(key, place(suite), row));
    CHECK(reader.fields() ==
          field_set{field_id(1), field_id(4), field_id(5), field_id(9), field_id(63)});
    for (const row_field& field : fields) {
      bytes room(reader.room_for(only(field.id)));
      CHECK(room.size() == (field.pad == padding::none ? field.plaintext.size() : 32));
      const result<std::size_t> size = reader.read(field.id, room);
      REQUIRE(size);
      CHECK(same_bytes(byte_view(room).first(*size), field.plaintext));
      if (!room.empty()) {
        CHECK(reader.read(field.id, byte_span(room).first(room.size() - 1)).error().code ==
              errc::buffer_too_small);
      }
    }
    CHECK(reader.read(field_id(2), {}).error().code == errc::not_found);
    CHECK(reader.read(field_id(64), {}).error().code == errc::not_found);
    CHECK(reader.read(field_id(65), {}).error().code == errc::not_found);

    const field_set some{field_id(63), field_id(5), field_id(2)};
    bytes room(reader.room_for(some));
    CHECK(room.size() == 15 + 32);
    std::array<opened_field, 2> out;
    const result<std::size_t> count = reader.read(some, room, out);
    REQUIRE(count);
    REQUIRE(*count == 2);
    CHECK(out[0].id == field_id(5));
    CHECK(as_text(out[0].plaintext) == "bob@example.org");
    CHECK(out[1].id == field_id(63));
    CHECK(as_text(out[1].plaintext) == "likes blue");
    CHECK(reader.read(some, byte_span(room).first(46), out).error().code == errc::buffer_too_small);
    CHECK(reader.read(some, room, std::span(out).first(1)).error().code == errc::buffer_too_small);
  }
}

TEST_CASE("row envelope: a row without fields is a row") {
  for (const crypto::suite suite : suites()) {
    const bytes row = seal(key_of(1), place(suite), {});
    CHECK(row.size() == header);
    CHECK(tried(key_of(1), place(suite), row) == errc::none);
    CHECK(tried(key_of(2), place(suite), row) == errc::wrong_key);
  }
}

TEST_CASE("row envelope: a row opens in its own place only") {
  for (const crypto::suite suite : suites()) {
    const secret<32> key = key_of(1);
    const bytes row = seal(key, place(suite));
    REQUIRE(tried(key, place(suite), row) == errc::none);
    row_context moved = place(suite);
    SUBCASE("book") { moved.book = wide<book_id>(2); }
    SUBCASE("table") { moved.table = 5; }
    SUBCASE("kind") { moved.kind = 1; }
    SUBCASE("customer") { moved.customer = customer_no(78); }
    SUBCASE("record") { moved.record = 6; }
    SUBCASE("schema hash") { moved.schema_hash = crypto::hash(as_bytes("another schema")); }
    CHECK(tried(key, moved, row) == errc::authentication_failed);

    // A forger who corrects the check word for the new place meets the commitment.
    const bytes there = seal(key, moved);
    bytes forged = row;
    std::copy_n(there.begin() + 20, 4, forged.begin() + 20);
    CHECK(tried(key, moved, forged) == errc::wrong_key);
  }
}

TEST_CASE("row envelope: another version is told as such") {
  for (const crypto::suite suite : suites()) {
    const secret<32> key = key_of(1);
    const bytes row = seal(key, place(suite));
    row_context other = place(suite);
    std::size_t at = 0;
    SUBCASE("of the record") {
      other.version = record_version(10);
      at = 19;
    }
    SUBCASE("of the schema") {
      other.schema = schema_version(3);
      at = 11;
    }
    SUBCASE("of the key") {
      other.key_version = 4;
      at = 7;
    }
    CHECK(tried(key, other, row) == errc::version_mismatch);
    // Written over in the header, it is still not that version.
    bytes forged = row;
    forged[at] = static_cast<std::byte>(static_cast<unsigned>(forged[at]) + 1);
    CHECK(tried(key, other, forged) == errc::wrong_key);
  }
}

TEST_CASE("row envelope: another key is told before any field is opened") {
  for (const crypto::suite suite : suites()) {
    const bytes row = seal(key_of(1), place(suite));
    row_reader reader;
    CHECK(reader.open(key_of(2), place(suite), row).error().code == errc::wrong_key);
    CHECK(reader.fields().empty());
    bytes altered = row;
    altered[48] ^= std::byte{1};
    CHECK(reader.open(key_of(1), place(suite), altered).error().code == errc::wrong_key);
  }
}

TEST_CASE("row envelope: swapped, removed, added and foreign fields do not open") {
  for (const crypto::suite suite : suites()) {
    const secret<32> key = key_of(1);
    const bytes row = seal(key, place(suite));
    const std::size_t data = header + entry * fields.size();
    const std::size_t second = data + 9 + tag;
    const std::size_t third = second + 15 + tag;

    bytes swapped = row;  // Fields 4 and 5 have one size.
    std::swap_ranges(swapped.begin() + static_cast<long>(second),
                     swapped.begin() + static_cast<long>(third),
                     swapped.begin() + static_cast<long>(third));
    row_reader reader;
    REQUIRE(reader.open(key, place(suite), swapped));
    bytes room(15);
    const result<std::size_t> fourth = reader.read(field_id(4), room);
    CHECK(fourth.error().code == errc::authentication_failed);
    CHECK(fourth.error().at == 4);
    CHECK(room == bytes(15));
    CHECK(tried(key, place(suite), swapped) == errc::authentication_failed);

    bytes removed = row;  // The last but one, which is empty, so that only the directory shows it.
    removed.erase(removed.begin() + header + 3 * entry, removed.begin() + header + 4 * entry);
    removed.erase(removed.begin() + static_cast<long>(third - entry + 15 + tag),
                  removed.begin() + static_cast<long>(third - entry + 15 + 2 * tag));
    removed[3] = std::byte{4};
    REQUIRE(peek_row(removed));
    CHECK(tried(key, place(suite), removed) == errc::authentication_failed);

    std::vector<row_field> fewer = fields;
    fewer.erase(fewer.begin() + 3);
    const bytes without = seal(key, place(suite), fewer);
    bytes forged = removed;  // With the right check word.
    std::copy_n(without.begin() + 20, 4, forged.begin() + 20);
    CHECK(tried(key, place(suite), forged) == errc::wrong_key);

    // An old field in a newer row of the same directory.
    bytes grafted = seal(key, place(suite), fields, 2);
    std::copy(row.begin() + static_cast<long>(second), row.begin() + static_cast<long>(third),
              grafted.begin() + static_cast<long>(second));
    CHECK(tried(key, place(suite), grafted) == errc::authentication_failed);
  }
}

TEST_CASE("row envelope: every shorter row and every longer row is refused") {
  for (const crypto::suite suite : suites()) {
    const secret<32> key = key_of(1);
    const bytes row = seal(key, place(suite));
    for (std::size_t size = 0; size < row.size(); ++size) {
      CAPTURE(size);
      CHECK(tried(key, place(suite), bytes(row.begin(), row.begin() + static_cast<long>(size))) ==
            errc::truncated);
    }
    bytes longer = row;
    longer.push_back(std::byte{0});
    CHECK(tried(key, place(suite), longer) == errc::invalid_encoding);
  }
}

TEST_CASE("row envelope: no row with one bit changed opens to all of its fields") {
  for (const crypto::suite suite : suites()) {
    const secret<32> key = key_of(1);
    const bytes row = seal(key, place(suite));
    for (std::size_t i = 0; i < row.size(); ++i) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        CAPTURE(i);
        bytes flipped = row;
        flipped[i] ^= std::byte{static_cast<unsigned char>(1U << bit)};
        CHECK(tried(key, place(suite), flipped) != errc::none);
        // In header, commitment or directory: no field opens at all.
        row_reader reader;
        const bool front = i < header + entry * fields.size();
        CHECK(reader.open(key, place(suite), flipped).has_value() != front);
      }
    }
  }
}

TEST_CASE("row envelope: suites and formats are told apart") {
  const secret<32> key = key_of(1);
  const row_context context = place(suites().front());
  const bytes row = seal(key, context);
  row_context other = context;
  other.suite = crypto::suite::aes256_gcm;
  CHECK(tried(key, other, row) == errc::suite_mismatch);
  bytes changed = row;
  changed[0] = std::byte{2};
  CHECK(tried(key, context, changed) == errc::newer_format);
  changed[0] = std::byte{0};
  CHECK(tried(key, context, changed) == errc::invalid_encoding);
  other.suite = static_cast<crypto::suite>(3);
  changed = row;
  changed[1] = std::byte{3};
  CHECK(tried(key, other, changed) == errc::unsupported);
  repeating_random random;
  bytes out(1000);
  CHECK(seal_row(key, other, fields, random, out).error().code == errc::unsupported);
}

TEST_CASE("row envelope: the same row sealed twice shares no byte of salt or field") {
  for (const crypto::suite suite : suites()) {
    repeating_random random;
    const secret<32> key = key_of(1);
    bytes first(sealed_row_size(fields));
    bytes second(first.size());
    REQUIRE(seal_row(key, place(suite), fields, random, first));
    REQUIRE(seal_row(key, place(suite), fields, random, second));
    CHECK_FALSE(std::equal(first.begin() + 24, first.begin() + 48, second.begin() + 24));
    const long field = static_cast<long>(header + entry * fields.size());
    CHECK_FALSE(
        std::equal(first.begin() + field, first.begin() + field + 9, second.begin() + field));
  }
}

TEST_CASE("row envelope: what cannot be sealed is refused") {
  const row_context context = place(suites().front());
  repeating_random random;
  bytes out(200'000);
  const auto code = [&](const std::vector<row_field>& what) {
    return seal_row(key_of(1), context, what, random, out).error().code;
  };
  CHECK(code({{field_id(2), {}}, {field_id(2), {}}}) == errc::invalid_argument);
  CHECK(code({{field_id(2), {}}, {field_id(1), {}}}) == errc::invalid_argument);
  CHECK(code({{field_id(64), {}}}) == errc::invalid_argument);
  CHECK(code({{field_id(1), {}, static_cast<padding>(4)}}) == errc::invalid_argument);
  const bytes big(field_limit + 1);
  CHECK(code({{field_id(1), big}}) == errc::limit_exceeded);
  CHECK(code({{field_id(1), byte_view(big).first(65530), padding::to_8}}) == errc::limit_exceeded);
  CHECK(seal_row(key_of(1), context, fields, random, byte_span(out).first(100)).error().code ==
        errc::buffer_too_small);
  random.failing = true;
  CHECK(code(fields) == errc::randomness_failed);
  random.failing = false;
  const bytes largest(field_limit);
  const bytes row = seal(key_of(1), context, {{field_id(0), largest}});
  CHECK(tried(key_of(1), context, row) == errc::none);
}

TEST_CASE("row envelope: padded fields of one class have one size and come back exactly") {
  for (const crypto::suite suite : suites()) {
    for (const padding pad : {padding::none, padding::to_8, padding::to_16, padding::to_32}) {
      const std::size_t multiple = pad == padding::none ? 1 : 4U << static_cast<unsigned>(pad);
      for (std::size_t size = 0; size <= 70; ++size) {
        bytes text(size, std::byte{0});  // Zeros, and ends like padding does.
        if (size % 3 == 1) text.back() = std::byte{0x80};
        const bytes row = seal(key_of(1), place(suite), {{field_id(7), text, pad}});
        CHECK((row.size() - header - entry - tag) % multiple == 0);
        row_reader reader;
        REQUIRE(reader.open(key_of(1), place(suite), row));
        bytes room(reader.room_for(all));
        const result<std::size_t> got = reader.read(field_id(7), room);
        REQUIRE(got);
        room.resize(*got);
        CHECK(room == text);
      }
    }
  }
}

TEST_CASE("row envelope: property: any row comes back, and no other row with it") {
  std::mt19937 random(20240501);
  for (const crypto::suite suite : suites()) {
    for (int round = 0; round < 300; ++round) {
      CAPTURE(round);
      std::vector<bytes> texts;
      std::vector<row_field> what;
      for (unsigned id = 0; id < 64; ++id) {
        if (random() % 4 == 0) texts.emplace_back(random() % 100, std::byte(random() % 256));
      }
      std::uint8_t id = 0;
      for (const bytes& text : texts) {
        what.push_back({field_id(id), text, static_cast<padding>(random() % 4)});
        id = static_cast<std::uint8_t>(id + 1 + random() % 2);
      }
      const secret<32> key = key_of(static_cast<std::uint8_t>(random()));
      const bytes row = seal(key, place(suite), what, random());
      row_reader reader;
      REQUIRE(reader.open(key, place(suite), row));
      bytes room(reader.room_for(all));
      std::array<opened_field, 64> out;
      const result<std::size_t> count = reader.read(all, room, out);
      REQUIRE(count);
      REQUIRE(*count == what.size());
      for (std::size_t i = 0; i < *count; ++i) {
        CHECK(out[i].id == what[i].id);
        CHECK(same_bytes(out[i].plaintext, what[i].plaintext));
      }
    }
  }
}

TEST_CASE("row envelope: a reader that failed holds nothing of the row before") {
  const row_context context = place(suites().front());
  const bytes row = seal(key_of(1), context);
  row_reader reader;
  CHECK(reader.room_for(all) == 0);
  REQUIRE(reader.open(key_of(1), context, row));
  CHECK_FALSE(reader.open(key_of(2), context, row));
  CHECK(reader.fields().empty());
  CHECK(reader.room_for(all) == 0);
  bytes room(100);
  CHECK(reader.read(field_id(1), room).error().code == errc::not_found);
  std::array<opened_field, 64> out;
  CHECK(*reader.read(all, room, out) == 0);
}

// --- single values --------------------------------------------------------------------------

namespace {

field_context value_place(crypto::suite suite) {
  field_context context;
  context.suite = suite;
  context.book = wide<book_id>(1);
  context.table = 12;
  context.field = field_id(6);
  context.customer = customer_no(77);
  context.record = 5;
  context.version = record_version(9);
  context.key_version = 3;
  context.schema = schema_version(2);
  context.schema_hash = crypto::hash(as_bytes("schema"));
  return context;
}

bytes seal_value(const secret<32>& key, const field_context& context, commitment commits,
                 std::string_view text = "ana@example.org") {
  repeating_random random;
  bytes out(sealed_field_size(text.size(), commits));
  const result<std::size_t> size = seal_field(key, context, as_bytes(text), random, out, commits);
  REQUIRE(size);
  CHECK(*size == out.size());
  return out;
}

errc tried(const secret<32>& key, const field_context& context, const bytes& sealed,
           commitment commits) {
  bytes out(1000, std::byte{0});
  const result<std::size_t> size = open_field(key, context, sealed, out, commits);
  if (size) return errc::none;
  CHECK(out == bytes(1000));
  return size.error().code;
}

}  // namespace

TEST_CASE("field envelope: opens with its key, in its place, with its kind of commitment only") {
  for (const crypto::suite suite : suites()) {
    for (const commitment commits : {commitment::none, commitment::included}) {
      const secret<32> key = key_of(1);
      const field_context context = value_place(suite);
      const bytes sealed = seal_value(key, context, commits);
      CHECK(sealed.size() == (commits == commitment::none ? 46 : 78) + 15);
      bytes out(15);
      REQUIRE(open_field(key, context, sealed, out, commits));
      CHECK(as_text(out) == "ana@example.org");
      CHECK(tried(key, context, seal_value(key, context, commits, ""), commits) == errc::none);

      const errc elsewhere =
          commits == commitment::included ? errc::wrong_key : errc::authentication_failed;
      CHECK(tried(key_of(2), context, sealed, commits) == elsewhere);
      std::array<field_context, 8> moved;
      moved.fill(context);
      moved[0].book = wide<book_id>(2);
      moved[1].table = 1;
      moved[2].field = field_id(7);
      moved[3].customer = customer_no(78);
      moved[4].record = 6;
      moved[5].version = record_version(10);
      moved[6].schema = schema_version(3);
      moved[7].schema_hash = {};
      for (const field_context& other : moved)
        CHECK(tried(key, other, sealed, commits) == elsewhere);
      field_context other = context;
      other.key_version = 4;
      CHECK(tried(key, other, sealed, commits) == errc::version_mismatch);
      other = context;
      other.suite = suite == crypto::suite::aes256_gcm ? crypto::suite::chacha20_poly1305
                                                       : crypto::suite::aes256_gcm;
      CHECK(tried(key, other, sealed, commits) == errc::suite_mismatch);
      CHECK(tried(key, context, seal_value(key, context, commitment::none, std::string(50, 'x')),
                  commitment::included) == errc::invalid_encoding);
      CHECK(tried(key, context, seal_value(key, context, commitment::included), commitment::none) ==
            errc::invalid_encoding);
      CHECK(open_field(key, context, sealed, byte_span(out).first(14), commits).error().code ==
            errc::buffer_too_small);
    }
  }
}

TEST_CASE("field envelope: no changed and no shortened value opens") {
  for (const crypto::suite suite : suites()) {
    for (const commitment commits : {commitment::none, commitment::included}) {
      const secret<32> key = key_of(1);
      const field_context context = value_place(suite);
      const bytes sealed = seal_value(key, context, commits);
      for (std::size_t i = 0; i < sealed.size(); ++i) {
        CAPTURE(i);
        for (unsigned bit = 0; bit < 8; ++bit) {
          bytes flipped = sealed;
          flipped[i] ^= std::byte{static_cast<unsigned char>(1U << bit)};
          CHECK(tried(key, context, flipped, commits) != errc::none);
        }
        const errc code = tried(
            key, context, bytes(sealed.begin(), sealed.begin() + static_cast<long>(i)), commits);
        CHECK(code ==
              (i < sealed_field_size(0, commits) ? errc::truncated : errc::authentication_failed));
      }
      bytes newer = sealed;
      newer[0] = std::byte{2};
      CHECK(tried(key, context, newer, commits) == errc::newer_format);
    }
  }
}

TEST_CASE("field envelope: the same value sealed twice differs") {
  for (const crypto::suite suite : suites()) {
    repeating_random random;
    bytes first(sealed_field_size(4));
    bytes second(first.size());
    REQUIRE(seal_field(key_of(1), value_place(suite), as_bytes("same"), random, first));
    REQUIRE(seal_field(key_of(1), value_place(suite), as_bytes("same"), random, second));
    CHECK_FALSE(std::equal(first.begin() + 30, first.end(), second.begin() + 30));
    random.failing = true;
    CHECK(seal_field(key_of(1), value_place(suite), as_bytes("same"), random, first).error().code ==
          errc::randomness_failed);
  }
}
