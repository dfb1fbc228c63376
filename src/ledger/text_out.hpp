// Texts in the caller's buffer: counted first, then written, so that a failed call writes nothing.
#ifndef CLIENTBOOK_LEDGER_TEXT_OUT_HPP
#define CLIENTBOOK_LEDGER_TEXT_OUT_HPP

#include <clientbook/bytes.hpp>
#include <clientbook/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace clientbook::ledger {

class text_out {
 public:
  explicit text_out(std::span<char> out) noexcept : out_(out) {}

  void put(char c) noexcept {
    if (size_ < out_.size()) out_[size_] = c;
    ++size_;
  }
  void text(std::string_view value) noexcept {
    for (const char c : value) put(c);
  }
  void number(std::uint64_t value) noexcept {
    unsigned count = 1;
    for (std::uint64_t rest = value / 10; rest != 0; rest /= 10) ++count;
    digits(value, count);
  }
  void digits(std::uint64_t value, unsigned count) noexcept {
    if (count > 1) digits(value / 10, count - 1);
    put(static_cast<char>('0' + value % 10));
  }
  void base64(byte_view bytes) noexcept;

  std::size_t size() const noexcept { return size_; }
  /// What was written so far. Precondition: the buffer was large enough.
  std::string_view view() const noexcept { return {out_.data(), size_}; }
  /// Whether this is the pass that writes.
  bool writing() const noexcept { return !out_.empty(); }

 private:
  std::span<char> out_;
  std::size_t size_ = 0;
};

template <class Write>
result<std::string_view> written(std::span<char> out, Write&& write) noexcept {
  text_out count{{}};
  write(count);
  if (out.size() < count.size()) {
    return error{errc::buffer_too_small, "the text needs a larger buffer", count.size()};
  }
  text_out to(out);
  write(to);
  return to.view();
}

[[nodiscard]] constexpr std::size_t base64_size(std::size_t bytes) noexcept {
  return (bytes + 2) / 3 * 4;
}

/// Strict: RFC 4648 section 4, padded, no bits left over.
[[nodiscard]] bool is_base64(std::string_view text) noexcept;
/// Bytes that the text stands for. Precondition: is_base64(text).
[[nodiscard]] std::size_t decoded_size(std::string_view text) noexcept;
/// Precondition: is_base64(text), and room for decoded_size(text).
void decode_base64(std::string_view text, byte_span out) noexcept;

}  // namespace clientbook::ledger

#endif
