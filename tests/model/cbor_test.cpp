#include "testing.hpp"

#include <clientbook/internal/model/cbor.hpp>

#include "sample.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace clientbook;
using cbor::kind;
using sample::bytes_of;
using sample::hex_of;

namespace {

errc verdict(std::string_view hex) { return cbor::check(bytes_of(hex)).error().code; }

// A random item, written with the writer; map keys ascend because they are integers.
void write_random(cbor::writer& to, std::mt19937& random, unsigned depth) {
  const auto any = [&](std::uint64_t most) {
    return std::uniform_int_distribution<std::uint64_t>(0, most)(random);
  };
  switch (any(depth > 4 ? 5 : 7)) {
    case 0:
      return to.unsigned_integer(any(~std::uint64_t{0}) >> any(63));
    case 1:
      return to.integer(static_cast<std::int64_t>(any(~std::uint64_t{0}) >> any(63)));
    case 2:
      return to.text(std::string(any(300), 'x'));
    case 3:
      return to.bytes(as_bytes(std::string(any(30), '\xFF')));
    case 4:
      return to.boolean(any(1) == 1);
    case 5:
      return to.null();
    case 6: {
      const std::size_t count = any(5);
      to.array(count);
      for (std::size_t i = 0; i < count; ++i) write_random(to, random, depth + 1);
      return;
    }
    default: {
      const std::size_t count = any(5);
      to.map(count);
      std::uint64_t key = 0;
      for (std::size_t i = 0; i < count; ++i) {
        key += 1 + any(100);
        to.unsigned_integer(key);
        write_random(to, random, depth + 1);
      }
    }
  }
}

// Writes anew what the reader reads: the second half of the round trip.
void copy(cbor::reader& in, cbor::writer& out) {
  switch (in.next()) {
    case kind::unsigned_integer:
      return out.unsigned_integer(in.unsigned_integer());
    case kind::negative_integer:
      return out.integer(in.integer());
    case kind::bytes:
      return out.bytes(in.bytes());
    case kind::text:
      return out.text(in.text());
    case kind::array: {
      std::size_t left = in.array();
      for (out.array(left); left > 0 && !in.failed(); --left) copy(in, out);
      return;
    }
    case kind::map: {
      std::size_t left = in.map();
      for (out.map(left); left > 0 && !in.failed(); --left) {
        copy(in, out);
        copy(in, out);
      }
      return;
    }
    case kind::simple:
      if (in.rest()[0] == std::byte{0xF6}) {
        in.null();
        return out.null();
      }
      return out.boolean(in.boolean());
    case kind::none:
      in.item();
  }
}

}  // namespace

TEST_CASE("cbor: integers have their shortest form, RFC 8949 appendix A") {
  const auto form = [](std::int64_t value) {
    std::array<std::byte, 16> buffer;
    cbor::writer out(buffer);
    out.integer(value);
    return hex_of(*out.finish());
  };
  CHECK(form(0) == "00");
  CHECK(form(23) == "17");
  CHECK(form(24) == "1818");
  CHECK(form(255) == "18ff");
  CHECK(form(256) == "190100");
  CHECK(form(65535) == "19ffff");
  CHECK(form(65536) == "1a00010000");
  CHECK(form(4294967295) == "1affffffff");
  CHECK(form(1000000000000) == "1b000000e8d4a51000");
  CHECK(form(-1) == "20");
  CHECK(form(-1000) == "3903e7");
  CHECK(form(std::numeric_limits<std::int64_t>::min()) == "3b7fffffffffffffff");
}

TEST_CASE("cbor: an integer reads back, and one beyond 64 bits with a sign is refused") {
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{24},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    std::array<std::byte, 16> buffer;
    cbor::writer out(buffer);
    out.integer(value);
    cbor::reader in(*out.finish());
    CHECK(in.integer() == value);
    CHECK(in.finish());
  }
  const auto big = bytes_of("1b8000000000000000");
  cbor::reader in(big);
  in.integer();
  CHECK(in.finish().error().code == errc::wrong_type);
  cbor::reader again(big);
  CHECK(again.unsigned_integer() == std::uint64_t{1} << 63);
}

TEST_CASE("cbor: whatever has another form is refused") {
  CHECK(verdict("1800") == errc::invalid_encoding);  // 0 in two bytes
  CHECK(verdict("190017") == errc::invalid_encoding);
  CHECK(verdict("1900ff") == errc::invalid_encoding);
  CHECK(verdict("1a0000ffff") == errc::invalid_encoding);
  CHECK(verdict("1b00000000ffffffff") == errc::invalid_encoding);
  CHECK(verdict("780161") == errc::invalid_encoding);    // length in two bytes
  CHECK(verdict("5f4100ff") == errc::invalid_encoding);  // indefinite bytes
  CHECK(verdict("7f6161ff") == errc::invalid_encoding);
  CHECK(verdict("9fff") == errc::invalid_encoding);
  CHECK(verdict("bfff") == errc::invalid_encoding);
  CHECK(verdict("1c") == errc::invalid_encoding);    // reserved
  CHECK(verdict("c001") == errc::invalid_encoding);  // tag
  CHECK(verdict("f7") == errc::invalid_encoding);    // undefined
  CHECK(verdict("f800") == errc::invalid_encoding);
  CHECK(verdict("f90000") == errc::invalid_encoding);  // float
  CHECK(verdict("ff") == errc::invalid_encoding);
  CHECK(verdict("0000") == errc::invalid_encoding);        // two items
  CHECK(verdict("62c328") == errc::invalid_encoding);      // not UTF-8
  CHECK(verdict("63eda080") == errc::invalid_encoding);    // a surrogate
  CHECK(verdict("62c0af") == errc::invalid_encoding);      // overlong
  CHECK(verdict("64f4908080") == errc::invalid_encoding);  // above U+10FFFF
}

TEST_CASE("cbor: map keys ascend by their bytes and come once") {
  CHECK(verdict("a201000200") == errc::none);
  CHECK(verdict("a202000100") == errc::invalid_encoding);
  CHECK(verdict("a201000100") == errc::invalid_encoding);
  CHECK(verdict("a2181800200000") == errc::invalid_encoding);
  CHECK(verdict("a21818002000") == errc::none);      // 24 before -1: 18 18 < 20
  CHECK(verdict("a2616100626161f5") == errc::none);  // "a" before "aa"
  CHECK(verdict("a262616100616100") == errc::invalid_encoding);
  CHECK(verdict("82a201000200a202000100") == errc::invalid_encoding);  // also inside
}

TEST_CASE("cbor: an end that comes too early is named, and large counts cost nothing") {
  CHECK(verdict("") == errc::truncated);
  CHECK(verdict("18") == errc::truncated);
  CHECK(verdict("1b00000000") == errc::truncated);
  CHECK(verdict("6261") == errc::truncated);
  CHECK(verdict("8201") == errc::truncated);
  CHECK(verdict("a101") == errc::truncated);
  CHECK(verdict("9b7fffffffffffffff00") == errc::truncated);
  CHECK(verdict("bbffffffffffffffff00") == errc::truncated);
  CHECK(verdict("5bffffffffffffffff00") == errc::truncated);
  CHECK(verdict("7bffffffffffffffff00") == errc::truncated);
  const auto text = bytes_of("6261");
  CHECK(cbor::check(text).error().at == 1);
}

TEST_CASE("cbor: nesting ends at max_depth") {
  std::vector<std::byte> nested(cbor::max_depth, std::byte{0x81});
  nested.push_back(std::byte{0});
  CHECK(cbor::check(nested));
  nested.insert(nested.begin(), std::byte{0x81});
  CHECK(cbor::check(nested).error().code == errc::limit_exceeded);
  const std::vector<std::byte> deep(100000, std::byte{0x81});
  CHECK(cbor::check(deep).error().code == errc::limit_exceeded);
}

TEST_CASE("cbor: the first failure stays, with its place, and nothing is read after it") {
  const auto bytes = bytes_of("8301616102");
  cbor::reader in(bytes);
  CHECK(in.array() == 3);
  CHECK(in.unsigned_integer() == 1);
  CHECK(in.unsigned_integer() == 0);  // a text
  CHECK(in.text() == "");
  CHECK(in.next() == kind::none);
  REQUIRE(!in.finish());
  CHECK(in.finish().error().code == errc::wrong_type);
  CHECK(in.finish().error().at == 2);
}

TEST_CASE("cbor: a writer without room says how much it needs") {
  std::array<std::byte, 3> buffer{};
  cbor::writer out(buffer);
  out.text("four");
  REQUIRE(!out.finish());
  CHECK(out.finish().error().code == errc::buffer_too_small);
  CHECK(out.finish().error().at == 5);
  cbor::writer count({});
  count.array(1);
  count.unsigned_integer(500);
  CHECK(count.size() == 4);
}

TEST_CASE("cbor: text that is not UTF-8 is not written") {
  std::array<std::byte, 8> buffer{};
  cbor::writer out(buffer);
  out.text("\xC3(");
  CHECK(out.finish().error().code == errc::invalid_encoding);
}

TEST_CASE("cbor: property: what is written reads back to the same bytes") {
  std::mt19937 random(20261124);
  std::vector<std::byte> first(1 << 20);
  std::vector<std::byte> second(1 << 20);
  for (int i = 0; i < 3000; ++i) {
    CAPTURE(i);
    cbor::writer out(first);
    write_random(out, random, 0);
    const auto bytes = out.finish();
    REQUIRE(bytes);
    REQUIRE(cbor::check(*bytes));
    cbor::reader in(*bytes);
    cbor::writer again(second);
    copy(in, again);
    REQUIRE(in.finish());
    REQUIRE(same_bytes(*again.finish(), *bytes));
  }
}

TEST_CASE("cbor: property: mutated bytes are refused or have one form") {
  std::mt19937 random(7);
  std::vector<std::byte> first(1 << 16);
  std::vector<std::byte> second(1 << 16);
  int accepted = 0;
  for (int i = 0; i < 50'000; ++i) {
    CAPTURE(i);
    cbor::writer out(byte_span(first).first(400));
    write_random(out, random, 2);
    if (!out.finish()) continue;
    std::vector<std::byte> bytes(out.finish()->begin(), out.finish()->end());
    for (int flips = 0; flips < 3; ++flips) {
      bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    }
    if (!cbor::check(bytes)) continue;
    ++accepted;
    cbor::reader in(bytes);
    cbor::writer again(second);
    copy(in, again);
    if (!in.finish()) {
      REQUIRE(in.finish().error().code == errc::wrong_type);  // an integer below -2^63
      continue;
    }
    REQUIRE(same_bytes(*again.finish(), bytes));
  }
  CHECK(accepted > 1000);
}
