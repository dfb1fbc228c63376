// Plain signs in the place of those that look like them, so that rules for ASCII find what people
// paste. A look-alike is what a reader takes for the plain sign, not what folding makes of it.
#include "lookalikes.hpp"

namespace clientbook::scanner {
namespace {

// What it looks like, in ASCII; 0: nothing.
char plain_of(char32_t c) noexcept {
  if (c < 0x80) return 0;
  if (c >= 0xFF01 && c <= 0xFF5E) return static_cast<char>(c - 0xFEE0);
  if (c == 0xA0 || c == 0x202F || c == 0x205F || c == 0x3000 || (c >= 0x2000 && c <= 0x200A)) {
    return ' ';
  }
  const int digit = digit_value(c);
  return digit < 0 ? '\0' : static_cast<char>('0' + digit);
}

// What the letter behind a backslash stands for in JSON; 0: nothing that we replace.
char escaped(unsigned char letter) noexcept {
  switch (letter) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '/':
    case '"':
      return static_cast<char>(letter);
    default:
      return 0;
  }
}

}  // namespace

bool looks_plain_beside(const text_window& text, std::size_t begin, std::size_t end) noexcept {
  if (text[end] == ',') ++end;
  const unsigned char first = text[begin];
  const unsigned char before = text[begin - 1];
  const unsigned char after = text[end];
  return (first >= 0x80 && plain_of(text.next(begin).value) != 0) ||
         (before >= 0x80 && plain_of(text.previous(begin).value) != 0) ||
         (after >= 0x80 && plain_of(text.next(end).value) != 0) ||
         (after == '\\' && escaped(text[end + 1]) != 0) ||
         (text[begin - 2] == '\\' && escaped(before) != 0);
}

plain_copy::plain_copy(const text_window& text, std::size_t place) noexcept : begin_(text.begin()) {
  while (begin_ < place && (text[begin_] & 0xC0U) == 0x80U) ++begin_;
  std::size_t at = begin_;
  while (at < text.end()) {
    if (at == place) place_ = size_;
    const seen c = text.next(at);
    char plain = plain_of(c.value);
    std::size_t size = c.size;
    if (c.value == '\\' && at + 1 < text.end() && escaped(text[at + 1]) != 0) {
      plain = escaped(text[at + 1]);
      size = 2;
    }
    if (plain != 0) {
      put(plain, at);
    } else {
      for (std::size_t i = 0; i < size; ++i) put(static_cast<char>(text[at + i]), at + i);
    }
    at += size;
  }
  offsets_[size_] = static_cast<std::uint16_t>(at - begin_);
}

}  // namespace clientbook::scanner
