// Deterministic CBOR (RFC 8949 section 4.2.1): written in one form, and read in that form alone.
//
// Bytes are sealed, hashed and signed as they are, so what has a second form is refused: longer
// heads than needed, map keys out of order, texts that are not UTF-8. A reader that has failed
// stays failed and gives zeros, so that callers look once, at the end. No recursion without a
// bound: the bytes may be anybody's.
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace clientbook::cbor {
namespace {

constexpr std::byte false_byte{0xF4};
constexpr std::byte true_byte{0xF5};
constexpr std::byte null_byte{0xF6};

bool before(byte_view a, byte_view b) noexcept {
  if (a[0] != b[0]) return a[0] < b[0];
  const int order = std::memcmp(a.data(), b.data(), std::min(a.size(), b.size()));
  return order != 0 ? order < 0 : a.size() < b.size();
}

}  // namespace

void writer::put(byte_view bytes) noexcept {
  if (size_ <= out_.size() && bytes.size() <= out_.size() - size_) {
    copy_bytes(out_.subspan(size_), bytes);
  }
  size_ += bytes.size();
}

void writer::long_head(kind major, std::uint64_t argument) noexcept {
  const unsigned type = static_cast<unsigned>(major) << 5;
  if (argument >= 24 && argument <= 0xFF && size_ + 2 <= out_.size()) {
    out_[size_++] = static_cast<std::byte>(type | 24U);
    out_[size_++] = static_cast<std::byte>(argument);
    return;
  }
  std::array<std::byte, 9> bytes;
  std::size_t width = 0;
  unsigned info = static_cast<unsigned>(argument);
  if (argument >= 24) {
    width = argument <= 0xFF ? 1 : argument <= 0xFFFF ? 2 : argument <= 0xFFFFFFFF ? 4 : 8;
    info = width == 1 ? 24U : width == 2 ? 25U : width == 4 ? 26U : 27U;
    for (std::size_t i = 0; i < width; ++i) {
      bytes[width - i] = static_cast<std::byte>(argument >> (8 * i));
    }
  }
  bytes[0] = static_cast<std::byte>(type | info);
  put({bytes.data(), width + 1});
}

void writer::unsigned_integer(std::uint64_t value) noexcept { head(kind::unsigned_integer, value); }

void writer::integer(std::int64_t value) noexcept {
  if (value >= 0) return head(kind::unsigned_integer, static_cast<std::uint64_t>(value));
  head(kind::negative_integer, static_cast<std::uint64_t>(-1 - value));
}

void writer::bytes(byte_view value) noexcept {
  head(kind::bytes, value.size());
  put(value);
}

void writer::text(std::string_view value) noexcept {
  if (!valid_utf8(value)) malformed_ = true;
  head(kind::text, value.size());
  put(as_bytes(value));
}

void writer::array(std::size_t count) noexcept { head(kind::array, count); }
void writer::map(std::size_t count) noexcept { head(kind::map, count); }
void writer::boolean(bool value) noexcept { put(byte_view(value ? &true_byte : &false_byte, 1)); }
void writer::null() noexcept { put(byte_view(&null_byte, 1)); }
void writer::item(byte_view encoded) noexcept { put(encoded); }

result<byte_view> writer::finish() const noexcept {
  if (malformed_) return error{errc::invalid_encoding, "the text is not valid UTF-8"};
  if (size_ > out_.size()) {
    return error{errc::buffer_too_small, "the buffer is too small for the value", size_};
  }
  return byte_view(out_.first(size_));
}

void reader::fail(errc code, literal text) noexcept {
  if (!failed()) failure_ = error{code, text, at_};
}

// The argument of a head of more than one byte, in its only form; and what fails.
std::uint64_t reader::long_head(kind wanted) noexcept {
  if (failed()) return 0;
  if (at_ >= in_.size()) {
    fail(errc::truncated, "the value ends too early");
    return 0;
  }
  const kind found = next();
  if (found != wanted) {
    if (found == kind::none) {
      fail(errc::invalid_encoding, "this CBOR item is not used here");
    } else {
      fail(errc::wrong_type, "a value of another type is expected");
    }
    return 0;
  }
  const unsigned info = std::to_integer<unsigned>(in_[at_]) & 0x1FU;
  if (info > 27) {
    fail(errc::invalid_encoding, "lengths must be definite");
    return 0;
  }
  const std::size_t width = std::size_t{1} << (info - 24);
  if (in_.size() - at_ <= width) {
    fail(errc::truncated, "the value ends too early");
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 1; i <= width; ++i) {
    value = (value << 8) | std::to_integer<std::uint64_t>(in_[at_ + i]);
  }
  const std::uint64_t smallest = width == 1 ? 24 : std::uint64_t{1} << (4 * width);
  if (value < smallest) {
    fail(errc::invalid_encoding, "an integer or a length is not in its shortest form");
    return 0;
  }
  at_ += 1 + width;
  return value;
}

std::uint64_t reader::unsigned_integer() noexcept { return head(kind::unsigned_integer); }

std::int64_t reader::integer() noexcept {
  const std::size_t start = at_;
  const bool negative = next() == kind::negative_integer;
  const std::uint64_t value = head(negative ? kind::negative_integer : kind::unsigned_integer);
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    at_ = start;
    fail(errc::wrong_type, "an integer is larger than 64 bits with a sign hold");
    return 0;
  }
  const auto magnitude = static_cast<std::int64_t>(value);
  return negative ? -1 - magnitude : magnitude;
}

byte_view reader::bytes() noexcept {
  const std::uint64_t size = head(kind::bytes);
  if (size > in_.size() - at_) {
    fail(errc::truncated, "the value ends too early");
    return {};
  }
  const byte_view value = in_.subspan(at_, static_cast<std::size_t>(size));
  at_ += value.size();
  return value;
}

std::string_view reader::text() noexcept {
  const std::uint64_t size = head(kind::text);
  if (size > in_.size() - at_) {
    fail(errc::truncated, "the value ends too early");
    return {};
  }
  const std::string_view value = as_text(in_.subspan(at_, static_cast<std::size_t>(size)));
  if (!valid_utf8(value)) {
    fail(errc::invalid_encoding, "the text is not valid UTF-8");
    return {};
  }
  at_ += value.size();
  return value;
}

std::size_t reader::array() noexcept {
  const std::uint64_t count = head(kind::array);
  if (count > in_.size() - at_) {
    fail(errc::truncated, "the value ends too early");
    return 0;
  }
  return static_cast<std::size_t>(count);
}

std::size_t reader::map() noexcept {
  const std::uint64_t count = head(kind::map);
  if (count > (in_.size() - at_) / 2) {
    fail(errc::truncated, "the value ends too early");
    return 0;
  }
  return static_cast<std::size_t>(count);
}

bool reader::boolean() noexcept {
  if (next() == kind::simple && in_[at_] != null_byte) return in_[at_++] == true_byte;
  if (!failed()) {
    fail(at_ >= in_.size() ? errc::truncated : errc::wrong_type, "true or false is expected");
  }
  return false;
}

void reader::null() noexcept {
  if (next() == kind::simple && in_[at_] == null_byte) {
    ++at_;
  } else {
    fail(at_ >= in_.size() ? errc::truncated : errc::wrong_type, "null is expected");
  }
}

void reader::skip(unsigned depth) noexcept {
  switch (next()) {
    case kind::unsigned_integer:
      head(kind::unsigned_integer);
      break;
    case kind::negative_integer:
      head(kind::negative_integer);
      break;
    case kind::bytes:
      bytes();
      break;
    case kind::text:
      text();
      break;
    case kind::array: {
      if (depth >= max_depth) return fail(errc::limit_exceeded, "values are nested too deeply");
      for (std::size_t left = array(); left > 0 && !failed(); --left) skip(depth + 1);
      break;
    }
    case kind::map: {
      if (depth >= max_depth) return fail(errc::limit_exceeded, "values are nested too deeply");
      byte_view previous;
      for (std::size_t left = map(); left > 0 && !failed(); --left) {
        const std::size_t start = at_;
        skip(depth + 1);
        const byte_view key = in_.subspan(start, at_ - start);
        if (!failed() && !previous.empty() && !before(previous, key)) {
          at_ = start;
          return fail(errc::invalid_encoding, "map keys are not in ascending order");
        }
        previous = key;
        skip(depth + 1);
      }
      break;
    }
    case kind::simple:
      ++at_;
      break;
    case kind::none:
      if (at_ >= in_.size()) return fail(errc::truncated, "the value ends too early");
      fail(errc::invalid_encoding, "this CBOR item is not used here");
  }
}

byte_view reader::item() noexcept {
  const std::size_t start = at_;
  skip(0);
  return failed() ? byte_view{} : in_.subspan(start, at_ - start);
}

result<void> reader::status() const noexcept {
  if (failed()) return failure_;
  return {};
}

result<void> reader::finish() noexcept {
  if (!failed() && at_ != in_.size()) {
    fail(errc::invalid_encoding, "bytes follow after the end of the value");
  }
  return status();
}

result<void> check(byte_view item) noexcept {
  reader in(item);
  in.item();
  return in.finish();
}

}  // namespace clientbook::cbor
