// The part of a text that a rule may look at: scan_reach bytes before and after a place.
// Positions are offsets in the text; outside of the window there is nothing, in one call as
// in a stream, which is why both find the same.
#ifndef CLIENTBOOK_SCANNER_WINDOW_HPP
#define CLIENTBOOK_SCANNER_WINDOW_HPP

#include <clientbook/internal/unicode/utf8.hpp>
#include <clientbook/scanner/scan.hpp>

#include <clientbook/internal/unicode/fold.hpp>

#include <type_traits>

#include "extent.hpp"

namespace clientbook::scanner {

using unicode::char_class;
using unicode::class_of;
using unicode::fold;
using unicode::folded;

/// A code_point that two registers hold, also on the way back from a call.
struct small_code_point {
  std::uint32_t value;
  std::uint32_t size;
};
using two_registers = std::uint64_t;
constexpr small_code_point unpack(two_registers both) noexcept {
  return {static_cast<std::uint32_t>(both), static_cast<std::uint32_t>(both >> 32)};
}
using seen = std::conditional_t<compact, small_code_point, code_point>;

class text_window {
 public:
  text_window(std::string_view text, std::size_t place) noexcept
      : text_(text.data()),
        begin_(place > scan_reach ? place - scan_reach : 0),
        size_((text.size() - place > scan_reach ? place + scan_reach : text.size()) - begin_) {}

  std::size_t begin() const noexcept { return begin_; }
  std::size_t end() const noexcept { return begin_ + size_; }

  /// The byte, or 0 outside.
  unsigned char operator[](std::size_t at) const noexcept;
  bool digit_at(std::size_t at) const noexcept;   ///< Of ASCII.
  bool letter_at(std::size_t at) const noexcept;  ///< Of ASCII.
  /// The bytes from `from` to `to`, both inside.
  std::string_view bytes(std::size_t from, std::size_t to) const noexcept {
    return {text_ + from, to - from};
  }
  /// The code point that begins at `at`; size 0 outside, size 1 and value 0 if it is cut.
  seen next(std::size_t at) const noexcept;
  /// The code point that ends before `at`.
  seen previous(std::size_t at) const noexcept;

  char_class class_at(std::size_t at) const noexcept;
  char_class class_before(std::size_t at) const noexcept;
  bool word_at(std::size_t at) const noexcept;
  bool word_before(std::size_t at) const noexcept;

  static bool is_word(char_class c) noexcept {
    return c == char_class::letter || c == char_class::digit;
  }

 private:
  // In firmware a look is a call (brief_window.cpp).
  two_registers look_on(std::size_t at) const noexcept;
  two_registers look_back(std::size_t at) const noexcept;

  const char* text_;
  std::size_t begin_;
  std::size_t size_;
};

/// Where at most two spaces end that begin here, no-break ones too; the place itself without any.
[[nodiscard]] std::size_t over_space(const text_window& text, std::size_t at) noexcept;

/// Whether the comma at `at`, with digits on both sides, is one of an amount: `1,299.00`, `49,90`.
/// Any other stands between two values: `2125550187,100`.
[[nodiscard]] bool comma_of_amount(const text_window& text, std::size_t at) noexcept;

/// A range of bytes, empty if nothing was found.
struct span_found {
  std::size_t begin = 0;
  std::size_t end = 0;
  explicit operator bool() const noexcept { return begin < end; }
};

constexpr bool ascii_digit(unsigned char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool ascii_letter(unsigned char c) noexcept {
  return static_cast<unsigned char>((c | 0x20U) - 'a') < 26;
}
constexpr bool ascii_hex(unsigned char c) noexcept {
  return ascii_digit(c) || static_cast<unsigned char>((c | 0x20U) - 'a') < 6;
}
constexpr unsigned char ascii_upper(unsigned char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<unsigned char>(c - 0x20) : c;
}

}  // namespace clientbook::scanner

// The looks, inline or as calls.
#include CLIENTBOOK_WINDOW_LOOKS

#endif
