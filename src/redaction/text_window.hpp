// The part of a text that a rule may look at: scan_reach bytes before and after a place.
// Positions are offsets in the text; outside of the window there is nothing, in one call as
// in a stream, which is why both find the same.
#ifndef CLIENTBOOK_REDACTION_TEXT_WINDOW_HPP
#define CLIENTBOOK_REDACTION_TEXT_WINDOW_HPP

#include <clientbook/text.hpp>
#include <clientbook/text_scan.hpp>

#include "fold.hpp"

// Where bytes of code count more than time, a look at the text is a call.
#ifdef CLIENTBOOK_FIRMWARE
#define CLIENTBOOK_LOOK __attribute__((noinline))
#else
#define CLIENTBOOK_LOOK inline
#endif

namespace clientbook::redaction {

class text_window {
 public:
  text_window(std::string_view text, std::size_t place) noexcept
      : text_(text.data()),
        begin_(place > scan_reach ? place - scan_reach : 0),
        end_(text.size() - place > scan_reach ? place + scan_reach : text.size()) {}

  std::size_t begin() const noexcept { return begin_; }
  std::size_t end() const noexcept { return end_; }

  /// The byte, or 0 outside.
  CLIENTBOOK_LOOK unsigned char operator[](std::size_t at) const noexcept {
    return at >= begin_ && at < end_ ? static_cast<unsigned char>(text_[at]) : 0;
  }
  /// The bytes from `from` to `to`, both inside.
  std::string_view bytes(std::size_t from, std::size_t to) const noexcept {
    return {text_ + from, to - from};
  }
  /// The code point that begins at `at`; size 0 outside, size 1 and value 0 if it is cut.
  CLIENTBOOK_LOOK code_point next(std::size_t at) const noexcept {
    if (at < begin_ || at >= end_) return {};
    const auto lead = static_cast<unsigned char>(text_[at]);
    if (lead < 0x80) return {lead, 1};
    const code_point c = code_point_at({text_, end_}, at);
    return c.size == 0 ? code_point{0, 1} : c;
  }
  /// The code point that ends before `at`.
  CLIENTBOOK_LOOK code_point previous(std::size_t at) const noexcept {
    if (at <= begin_ || at > end_) return {};
    std::size_t from = at - 1;
    if (const auto last = static_cast<unsigned char>(text_[from]); last < 0x80) return {last, 1};
    while (from > begin_ && at - from < 4 && (text_[from] & 0xC0) == 0x80) --from;
    const code_point c = next(from);
    return from + c.size == at ? c : code_point{0, 1};
  }

  CLIENTBOOK_LOOK char_class class_at(std::size_t at) const noexcept {
    const code_point c = next(at);
    return c.size == 0 ? char_class::other : class_of(c.value);
  }
  CLIENTBOOK_LOOK char_class class_before(std::size_t at) const noexcept {
    const code_point c = previous(at);
    return c.size == 0 ? char_class::other : class_of(c.value);
  }
  CLIENTBOOK_LOOK bool word_at(std::size_t at) const noexcept { return is_word(class_at(at)); }
  CLIENTBOOK_LOOK bool word_before(std::size_t at) const noexcept { return is_word(class_before(at)); }

  static bool is_word(char_class c) noexcept {
    return c == char_class::letter || c == char_class::digit;
  }

 private:
  const char* text_;
  std::size_t begin_;
  std::size_t end_;
};

/// A range of bytes, empty if nothing was found.
struct span_found {
  std::size_t begin = 0;
  std::size_t end = 0;
  explicit operator bool() const noexcept { return begin < end; }
};

inline bool ascii_digit(unsigned char c) noexcept { return c >= '0' && c <= '9'; }
inline bool ascii_letter(unsigned char c) noexcept {
  return static_cast<unsigned char>((c | 0x20U) - 'a') < 26;
}
inline unsigned char ascii_upper(unsigned char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<unsigned char>(c - 0x20) : c;
}

}  // namespace clientbook::redaction

#endif
