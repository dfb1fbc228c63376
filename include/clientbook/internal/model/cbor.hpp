// Deterministic CBOR: RFC 8949 section 4.2.1, in a caller's buffer.
//
// One value has one form: shortest integers and lengths, definite lengths, map keys strictly
// ascending by their bytes, text in UTF-8. No floats, tags, undefined: the formats of this
// library have none, and the reader refuses them. Nesting goes at most max_depth deep.
//
// Reader and writer remember their first failure and do nothing after it, so a sequence of
// calls is checked once, at its end. What a reader returned must not be acted on before
// finish() or status() has succeeded.
//
// Thread safety: values; each belongs to one thread.
#ifndef CLIENTBOOK_INTERNAL_MODEL_CBOR_HPP
#define CLIENTBOOK_INTERNAL_MODEL_CBOR_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace clientbook::cbor {

inline constexpr unsigned max_depth = 16;

enum class kind : std::uint8_t {
  unsigned_integer = 0,
  negative_integer = 1,
  bytes = 2,
  text = 3,
  array = 4,
  map = 5,
  simple = 7,   ///< false, true or null
  none = 0xff,  ///< Nothing follows, or something this profile does not have.
};

class writer {
 public:
  /// Writes to the front of `out`; with less room than needed it goes on counting.
  explicit writer(byte_span out) noexcept : out_(out) {}

  void unsigned_integer(std::uint64_t value) noexcept;
  void integer(std::int64_t value) noexcept;
  void bytes(byte_view value) noexcept;
  void text(std::string_view value) noexcept;  ///< Fails with invalid_encoding unless UTF-8.
  void array(std::size_t count) noexcept;      ///< `count` items must follow.
  void map(std::size_t count) noexcept;        ///< `count` pairs must follow, keys ascending.
  void boolean(bool value) noexcept;
  void null() noexcept;
  void item(byte_view encoded) noexcept;  ///< One item that is encoded already, unchecked.

  std::size_t size() const noexcept { return size_; }  ///< Bytes needed so far.

  /// What was written. Errors: buffer_too_small (`at`: bytes needed), invalid_encoding.
  [[nodiscard]] result<byte_view> finish() const noexcept;

 private:
  void head(kind major, std::uint64_t argument) noexcept {
    const std::uint64_t first = static_cast<std::uint64_t>(major) << 5 | argument;
    if (argument >= 24 || size_ >= out_.size()) return long_head(major, argument);
    out_[size_++] = static_cast<std::byte>(first);
  }
  void long_head(kind major, std::uint64_t argument) noexcept;
  void put(byte_view bytes) noexcept;

  byte_span out_;
  std::size_t size_ = 0;
  bool malformed_ = false;
};

/// Errors, in `at` the byte offset: truncated, invalid_encoding (not deterministic, not UTF-8,
/// not of this profile), wrong_type (another kind than asked for), limit_exceeded (too deep).
class reader {
 public:
  explicit reader(byte_view in) noexcept : in_(in) {}

  kind next() const noexcept {  ///< The kind of the next item, without reading it.
    if (failed() || at_ >= in_.size()) return kind::none;
    const unsigned first = std::to_integer<unsigned>(in_[at_]);
    if (first < 0xC0) return static_cast<kind>(first >> 5);
    return first == 0xF4 || first == 0xF5 || first == 0xF6 ? kind::simple : kind::none;
  }

  std::uint64_t unsigned_integer() noexcept;
  std::int64_t integer() noexcept;  ///< Either sign; outside int64 is wrong_type.
  byte_view bytes() noexcept;
  std::string_view text() noexcept;
  std::size_t array() noexcept;  ///< The count; never more than the bytes that are left.
  std::size_t map() noexcept;    ///< The count of pairs. The caller checks the order of its keys.
  bool boolean() noexcept;
  void null() noexcept;
  byte_view item() noexcept;  ///< One whole item of any kind, checked in depth.

  void fail(errc code, literal text) noexcept;  ///< Notes a failure of the caller's own.
  bool failed() const noexcept { return failure_.code != errc::none; }
  std::size_t position() const noexcept { return at_; }
  byte_view rest() const noexcept { return in_.subspan(at_); }

  [[nodiscard]] result<void> status() const noexcept;  ///< The first failure, if any.
  [[nodiscard]] result<void> finish() noexcept;        ///< And that nothing is left.

 private:
  std::uint64_t head(kind wanted) noexcept {
    // Nearly all heads are one byte.
    if (next() == wanted) {
      const unsigned info = std::to_integer<unsigned>(in_[at_]) & 0x1FU;
      if (info < 24) {
        ++at_;
        return info;
      }
    }
    return long_head(wanted);
  }
  std::uint64_t long_head(kind wanted) noexcept;
  void skip(unsigned depth) noexcept;

  byte_view in_;
  std::size_t at_ = 0;
  error failure_{};
};

/// Whether the bytes are exactly one deterministic item. Errors as reader.
[[nodiscard]] result<void> check(byte_view item) noexcept;

}  // namespace clientbook::cbor

#endif
