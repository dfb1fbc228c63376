// UTF-16, ISO 8859-1 and windows-1252. The last two give a byte to a character and differ in the
// range of the controls of C1.
#include "charset.hpp"

#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <iterator>

#include "block.hpp"

namespace clientbook::forms {
namespace {

// 0x80 to 0x9F of windows-1252; 0 where it has nothing, which then is the control of that number.
constexpr char16_t windows_1252[] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

char32_t character_of(unsigned char byte, text_charset of) noexcept {
  if (of == text_charset::windows_1252 && byte >= 0x80 && byte < 0xA0) {
    const char16_t c = windows_1252[byte - 0x80];
    return c != 0 ? c : byte;
  }
  return byte;
}

}  // namespace

bool charset_layer::decode(std::string_view bytes, bool all, plain_text& text) {
  if (of_ == text_charset::latin_1 || of_ == text_charset::windows_1252) {
    for (const char c : bytes) put_utf8(text, character_of(static_cast<unsigned char>(c), of_));
    read_ += bytes.size();
    return true;
  }
  rest_ += bytes;
  const bool big = of_ == text_charset::utf_16be;
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(rest_[at]);
    const auto second = static_cast<unsigned char>(rest_[at + 1]);
    return static_cast<char32_t>(big ? first << 8 | second : second << 8 | first);
  };
  std::size_t at = 0;
  bool good = true;
  while (good && at + 2 <= rest_.size()) {
    const char32_t first = unit(at);
    const bool pair = first >= 0xD800 && first < 0xDC00;
    if (pair && at + 4 > rest_.size()) break;
    const char32_t second = pair ? unit(at + 2) : 0;
    good = pair ? second >= 0xDC00 && second < 0xE000 : first < 0xDC00 || first >= 0xE000;
    if (!good) break;
    put_utf8(text, pair ? 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00) : first);
    at += pair ? 4 : 2;
  }
  rest_.erase(0, at);
  read_ += at;
  return good && (!all || rest_.empty());
}

std::size_t charset_layer::size_of(std::string_view text) const noexcept {
  if (is_utf_8()) return text.size();
  std::size_t out = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) == 0x80U) continue;
    const bool one = of_ == text_charset::latin_1 || of_ == text_charset::windows_1252;
    out += one ? 1U : byte >= 0xF0 ? 4U : 2U;
  }
  return out;
}

void charset_layer::put(plain_text& to, char32_t c) const {
  if (of_ == text_charset::latin_1 || of_ == text_charset::windows_1252) {
    const auto* const found = std::find(std::begin(windows_1252), std::end(windows_1252), c);
    if (of_ == text_charset::windows_1252 && c != 0 && found != std::end(windows_1252)) {
      c = static_cast<char32_t>(0x80 + (found - std::begin(windows_1252)));
    } else if (c > 0xFF) {
      c = '*';
    }
    to += static_cast<char>(c);
    return;
  }
  const auto unit = [&](char32_t value) {
    const auto high = static_cast<char>(value >> 8 & 0xFFU);
    const auto low = static_cast<char>(value & 0xFFU);
    to += of_ == text_charset::utf_16be ? high : low;
    to += of_ == text_charset::utf_16be ? low : high;
  };
  if (c < 0x10000) return unit(c);
  unit(0xD800 + ((c - 0x10000) >> 10));
  unit(0xDC00 + ((c - 0x10000) & 0x3FFU));
}

plain_text charset_layer::encode(std::string_view text) {
  left_ += text;
  const std::size_t whole = valid_utf8_prefix(left_);
  plain_text out;
  for (std::size_t at = 0; at < whole;) {
    const code_point c = code_point_at(left_, at);
    put(out, c.value);
    at += c.size == 0 ? 1 : c.size;
  }
  left_.erase(0, whole);
  return out;
}

}  // namespace clientbook::forms
