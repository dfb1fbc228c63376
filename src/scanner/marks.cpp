// The walk to the next mark, sixteen bytes at a time where the processor has such registers.
#include "marks.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace clientbook::scanner {
namespace {

// Of each last letter before a colon, the letters before it of words by which somebody may have a
// name behind the colon: `WeChat: zoe`.
constexpr auto endings_of_networks = [] {
  std::array<std::uint32_t, 32> out{};
  for (const std::string_view two :
       {"at", "in", "rd", "pe", "ok", "fb", "am", "ta", "ig", "ap", "er", "tg", "ds", "on",
        "st", "be", "ch", "it", "ao", "lk", "qq", "vk", "te", "ne", "id", "me", "ck", "le",
        "ky", "ng", "al", "lo", "bo", "vx", "wx", "cq", "ma", "sn", "mo", "pp", "ik"}) {
    out[static_cast<unsigned char>(two[1]) & 31U] |= 1U
                                                     << (static_cast<unsigned char>(two[0]) & 31U);
  }
  return out;
}();

inline bool may_name_network(unsigned char first, unsigned char last, unsigned char then) noexcept {
  if (then != ' ' && !ascii_letter(then) && then != '_' && then != 0xC2) return false;
  if (last >= 0x80) return true;  // 微信, ВК
  return ascii_letter(last) && (endings_of_networks[last & 31U] >> (first & 31U) & 1U) != 0;
}

// Whether a mark can be a part of anything: most full stops are not.
inline bool marks_something(std::string_view text, std::size_t at) noexcept {
  const auto byte_at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
  };
  const unsigned char then = byte_at(at + 1);
  switch (plain_triggers[byte_at(at)]) {
    case trigger::none:
      return false;
    case trigger::dot:
      return then > ' ' && at > 0 &&
             ((byte_at(at - 1) | 0x20U) == 'w' || byte_at(at + 5) == '.' ||
              (ascii_letter(byte_at(at - 1)) && ascii_letter(then)));
    case trigger::dash:
      return byte_at(at + 3) == '-';
    case trigger::colon:
      return then == '/' || then == ':' || ascii_hex(then) || then == 0xEF ||
             may_name_network(byte_at(at - 2), byte_at(at - 1), then);
    case trigger::slash:
    case trigger::underscore:
      return then > ' ';
    case trigger::track:
      return ascii_digit(then) || (then | 0x20U) == 'b';
    case trigger::other:
      if (byte_at(at) != 0xE2) return true;
      // Of what E2 begins (quotes, dashes, signs of money) only digits in circles and exponents.
      return (then == 0x81 && byte_at(at + 2) >= 0xB0) ||
             (then == 0x82 && byte_at(at + 2) < 0x8A) || (then >= 0x91 && then <= 0x93) ||
             then == 0x9D || then == 0x9E;
    default:
      return true;
  }
}

}  // namespace

std::size_t next_mark_in(std::string_view text, std::size_t at, std::size_t to) noexcept {
#if defined(__SSE2__)
  while (at + 16 <= to) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    // '-', '.', '/', '0' to '9', ':', ';' are one range.
    const __m128i shifted = _mm_sub_epi8(bytes, _mm_set1_epi8(static_cast<char>('-' + 128)));
    const __m128i range =
        _mm_cmplt_epi8(shifted, _mm_set1_epi8(static_cast<char>(';' - '-' + 1 - 128)));
    const __m128i sign = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('@')),
                                                   _mm_cmpeq_epi8(bytes, _mm_set1_epi8('%'))),
                                      _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
    // Above ASCII: 0xD9 and higher, as signed bytes.
    const __m128i high =
        _mm_and_si128(_mm_cmplt_epi8(bytes, _mm_setzero_si128()),
                      _mm_cmpgt_epi8(bytes, _mm_set1_epi8(static_cast<char>(0xD8))));
    const auto mask =
        static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(range, sign), high)));
    for (unsigned left = mask; left != 0; left &= left - 1) {
      const std::size_t found = at + static_cast<unsigned>(__builtin_ctz(left));
      if (ascii_digit(static_cast<unsigned char>(text[found]))) return found;
      if (marks_something(text, found)) return found;
    }
    at += 16;
  }
#endif
  while (at < to && !marks_something(text, at)) ++at;
  return at;
}

}  // namespace clientbook::scanner
