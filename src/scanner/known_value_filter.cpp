// The filter before known values: the next place where one may begin.
//
// Nearly no word of a text begins like a value, so this is what a text's length costs. It must not
// pass over a place where match() would find something: letters of other scripts are always looked
// at.
#include "known_value_filter.hpp"

#include <clientbook/scanner/known_values.hpp>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "window.hpp"

namespace clientbook {
namespace {

enum class byte_kind : std::uint8_t { between, word, high };
constexpr auto byte_kinds = [] {
  std::array<byte_kind, 256> out{};
  for (unsigned c = 0; c < 256; ++c) {
    const auto byte = static_cast<unsigned char>(c);
    out[c] = byte >= 0x80                                                ? byte_kind::high
             : scanner::ascii_letter(byte) || scanner::ascii_digit(byte) ? byte_kind::word
                                                                         : byte_kind::between;
  }
  return out;
}();
byte_kind kind_of(char c) noexcept { return byte_kinds[static_cast<unsigned char>(c)]; }

// Whether digits enough for a phone number may stand here.
bool may_be_phone(std::string_view text, std::size_t at) noexcept {
  std::size_t digits = 0;
  for (; at < text.size() && digits < scanner::least_phone_digits; ++at) {
    switch (text[at]) {
      case ' ':
      case '-':
      case '.':
      case '/':
      case '(':
      case ')':
      case '\t':
      case '\r':
      case '\n':
        break;
      default:
        if (kind_of(text[at]) == byte_kind::high) return true;
        if (!scanner::ascii_digit(static_cast<unsigned char>(text[at]))) return false;
        ++digits;
    }
  }
  return digits == scanner::least_phone_digits;
}

unsigned char small(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 'A' ? static_cast<unsigned char>(byte | 0x20U) : byte;  // Of a word's bytes.
}

}  // namespace

// Whether a value may begin with the word of ASCII that begins here.
bool known_values::begins(std::string_view text, std::size_t at) const noexcept {
  const unsigned char first = small(text[at]);
  if (first <= '9' && phones_ && may_be_phone(text, at)) return true;
  if (at + 1 < text.size() && kind_of(text[at + 1]) == byte_kind::word) {
    const unsigned bit = scanner::beginning_of_value(first, small(text[at + 1]));
    return (beginnings_[bit >> 5] >> (bit & 31U) & 1U) != 0;
  }
  return (first_bytes_[first >> 5] >> (first & 31U) & 1U) != 0;
}

std::size_t known_values::next(std::string_view text, std::size_t from,
                               std::size_t to) const noexcept {
  bool in_word = from != 0 && kind_of(text[from - 1]) == byte_kind::word;
  std::size_t at = from;
#if defined(__SSE2__)
  for (; at + 16 <= to; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    // How far a byte is from the lowest of a range, as signed numbers.
    const auto below = [](__m128i values, char lowest, int count) {
      const __m128i shifted = _mm_sub_epi8(values, _mm_set1_epi8(static_cast<char>(lowest + 128)));
      return _mm_cmplt_epi8(shifted, _mm_set1_epi8(static_cast<char>(count - 128)));
    };
    const auto mask = [](__m128i bits) { return static_cast<unsigned>(_mm_movemask_epi8(bits)); };
    const unsigned word = mask(_mm_or_si128(
        below(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 26), below(bytes, '0', 10)));
    const unsigned behind_word = word << 1 | (in_word ? 1U : 0U);
    in_word = (word >> 15 & 1U) != 0;
    // As below: 0xC0 and 0xE2 and higher, as signed bytes.
    const __m128i high = _mm_cmplt_epi8(bytes, _mm_setzero_si128());
    const unsigned lead =
        mask(_mm_and_si128(high, _mm_cmpgt_epi8(bytes, _mm_set1_epi8(static_cast<char>(0xBF)))));
    const unsigned far =
        mask(_mm_and_si128(high, _mm_cmpgt_epi8(bytes, _mm_set1_epi8(static_cast<char>(0xE1)))));
    for (unsigned left = (((word | lead) & ~behind_word) | far) & 0xFFFFU; left != 0;
         left &= left - 1) {
      const std::size_t place = at + static_cast<unsigned>(__builtin_ctz(left));
      if (kind_of(text[place]) == byte_kind::high || begins(text, place)) return place;
    }
  }
#endif
  for (; at < to; ++at) {
    const byte_kind here = kind_of(text[at]);
    if (here == byte_kind::word && !in_word && begins(text, at)) return at;
    if (here == byte_kind::high) {
      // A letter of Latin, Greek or Cyrillic behind another is in the middle of a word.
      const auto lead = static_cast<unsigned char>(text[at]);
      if (lead >= 0xE2 || (lead >= 0xC0 && !in_word)) return at;
    }
    in_word = here == byte_kind::word;
  }
  return to;
}

}  // namespace clientbook
