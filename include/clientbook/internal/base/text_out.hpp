// Texts in the caller's buffer: counted first, then written, so that a failed call writes nothing.
//
// The buffer is of characters (text_out) or of bytes (byte_text_out).
#ifndef CLIENTBOOK_INTERNAL_BASE_TEXT_OUT_HPP
#define CLIENTBOOK_INTERNAL_BASE_TEXT_OUT_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook {

template <class Unit>
class text_out_of {
 public:
  explicit text_out_of(std::span<Unit> out) noexcept : out_(out) {}

  void put(char c) noexcept {
    if (size_ < out_.size()) out_[size_] = static_cast<Unit>(c);
    ++size_;
  }
  void text(std::string_view value) noexcept {
    for (const char c : value) put(c);
  }
  void repeat(char c, std::size_t count) noexcept {
    for (; count != 0; --count) put(c);
  }
  template <class Number>
  void number(Number value) noexcept {
    static_assert(static_cast<Number>(-1) > Number{}, "a sign is the caller's");
    if (value >= 10) number(static_cast<Number>(value / 10));
    put(static_cast<char>('0' + value % 10));
  }
  /// The last `count` digits, with zeros in front.
  void digits(std::uint64_t value, unsigned count) noexcept {
    if (count > 1) digits(value / 10, count - 1);
    put(static_cast<char>('0' + value % 10));
  }

  std::size_t size() const noexcept { return size_; }
  /// Whether this is the pass that writes.
  bool writing() const noexcept { return !out_.empty(); }
  /// What was written so far. Precondition: the buffer was large enough.
  std::string_view view() const noexcept {
    return {reinterpret_cast<const char*>(out_.data()), size_};
  }

 private:
  std::span<Unit> out_;
  std::size_t size_ = 0;
};

using text_out = text_out_of<char>;
using byte_text_out = text_out_of<std::byte>;

/// Calls `write` twice: to learn the size, then to write.
/// Errors: buffer_too_small, `at` the size that is needed; nothing is written.
template <class Unit, class Write>
result<std::string_view> written_text(std::span<Unit> out, Write&& write) noexcept {
  text_out_of<Unit> count{{}};
  write(count);
  if (out.size() < count.size()) {
    return error{errc::buffer_too_small, "the text needs a larger buffer", count.size()};
  }
  text_out_of<Unit> to(out);
  write(to);
  return to.view();
}
template <class Write>
result<std::string_view> written(std::span<char> out, Write&& write) noexcept {
  return written_text<char>(out, write);
}
template <class Write>
result<std::string_view> written(byte_span out, Write&& write) noexcept {
  return written_text<std::byte>(out, write);
}

}  // namespace clientbook

#endif
