// UTF-8: code points, validity, digits of all scripts, and what may stand between digits. Most text
// is ASCII, which is passed over sixteen bytes at a time.
#include <clientbook/internal/unicode/utf8.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <span>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace clientbook {
namespace {

// The zeros of all scripts' decimal digits (Nd), ascending; nine more follow each.
#include "digit_table.inc"

}  // namespace

code_point code_point_at(std::string_view text, std::size_t offset) noexcept {
  if (offset >= text.size()) return {};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[offset + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xC2 || lead > 0xF4) return {};
  const std::size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() - offset < size) return {};
  char32_t value = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    value = (value << 6) | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  if (value < smallest[size] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {value, size};
}

utf8_sequence::utf8_sequence(char32_t value) noexcept {
  if (value < 0x80) {
    bytes[0] = static_cast<char>(value);
    size = 1;
    return;
  }
  size = value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
  for (std::size_t i = size - 1; i > 0; --i, value >>= 6) {
    bytes[i] = static_cast<char>(0x80U | (value & 0x3FU));
  }
  // As many ones as bytes, then a zero.
  bytes[0] = static_cast<char>((0xF00U >> size & 0xF0U) | value);
}

namespace {

// The first byte from `at` on that is not ASCII, or the end.
std::size_t over_ascii(std::string_view text, std::size_t at) noexcept {
#if defined(__SSE2__)
  for (; text.size() - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto high = static_cast<unsigned>(_mm_movemask_epi8(bytes));
    if (high != 0) return at + static_cast<unsigned>(__builtin_ctz(high));
  }
  // Most texts are names: eight bytes and the last eight of them are all there is.
  std::uint64_t eight = 0;
  if (text.size() - at >= sizeof eight) {
    std::memcpy(&eight, text.data() + at, sizeof eight);
    if ((eight & 0x8080808080808080U) == 0) {
      at += sizeof eight;
      std::memcpy(&eight, text.data() + text.size() - sizeof eight, sizeof eight);
      if (text.size() - at <= sizeof eight && (eight & 0x8080808080808080U) == 0) {
        return text.size();
      }
    }
  }
#else
  std::uint32_t four = 0;
  for (; text.size() - at >= sizeof four; at += sizeof four) {
    std::memcpy(&four, text.data() + at, sizeof four);
    if ((four & 0x80808080U) != 0) break;
  }
#endif
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t at = over_ascii(text, 0); at < text.size(); at = over_ascii(text, at)) {
    // Letters of two bytes are most of the others.
    if (byte(at) >= 0xC2 && byte(at) < 0xE0 && text.size() - at > 1 &&
        (byte(at + 1) & 0xC0U) == 0x80U) {
      at += 2;
      continue;
    }
    const code_point next = code_point_at(text, at);
    if (next.size == 0) return at;
    at += next.size;
  }
  return text.size();
}

bool valid_utf8(std::string_view text) noexcept { return valid_utf8_prefix(text) == text.size(); }

int digit_value(char32_t value) noexcept {
  if (value < 0x80) return value >= U'0' && value <= U'9' ? static_cast<int>(value - U'0') : -1;
  if (value >= 0x20000) return -1;
  const bool low = value < 0x10000;
  const auto code = static_cast<std::uint16_t>(value);
  for (const std::uint16_t zero :
       low ? std::span<const std::uint16_t>(zeros) : std::span(zeros_of_plane_1)) {
    if (code < zero) return -1;
    if (code <= zero + 9) return code - zero;
  }
  return -1;
}

bool separates_digits(char32_t c) noexcept {
  switch (c) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
    case '-':
    case '.':
    case 0x00A0:  // no-break space
    case 0x00AD:  // soft hyphen
    case 0x20E3:  // keycap
    case 0x2212:  // minus
    case 0x3000:
    case 0xFE0F:
    case 0xFE58:
    case 0xFE63:
    case 0xFEFF:
    case 0xFF0D:
    case 0xFF0E:
      return true;
    default:
      // Spaces of all widths, invisible characters, hyphens and dashes; line ends, bidirectional
      // marks; invisible operators and isolates.
      return (c >= 0x2000 && c <= 0x2015) || (c >= 0x2028 && c <= 0x202F) ||
             (c >= 0x205F && c <= 0x2069);
  }
}

}  // namespace clientbook
