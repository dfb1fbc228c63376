// Text into the caller's bytes: counted first, then written, so that a failed call writes nothing.
#ifndef CLIENTBOOK_REDACTION_TEXT_OUT_HPP
#define CLIENTBOOK_REDACTION_TEXT_OUT_HPP

#include <clientbook/bytes.hpp>
#include <clientbook/result.hpp>

#include <cstddef>
#include <string_view>

namespace clientbook::redaction {

class text_out {
 public:
  explicit text_out(byte_span out) noexcept : out_(out) {}

  void put(char c) noexcept {
    if (size_ < out_.size()) out_[size_] = static_cast<std::byte>(c);
    ++size_;
  }
  void text(std::string_view value) noexcept {
    for (const char c : value) put(c);
  }
  void repeat(char c, std::size_t count) noexcept {
    for (; count != 0; --count) put(c);
  }
  void number(unsigned value) noexcept {
    if (value >= 10) number(value / 10);
    put(static_cast<char>('0' + value % 10));
  }
  std::size_t size() const noexcept { return size_; }

 private:
  byte_span out_;
  std::size_t size_ = 0;
};

template <class Write>
result<std::string_view> written(byte_span out, Write&& write) noexcept {
  text_out count{{}};
  write(count);
  if (out.size() < count.size()) {
    return error{errc::buffer_too_small, "the redacted text needs a larger buffer", count.size()};
  }
  text_out to(out);
  write(to);
  return as_text(out.first(to.size()));
}

}  // namespace clientbook::redaction

#endif
