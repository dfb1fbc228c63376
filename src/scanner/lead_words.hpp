// Words that lead a street and are written small with it: `via roma 3`. Told from bytes, before
// anything is read as a word. Not in firmware.
#ifndef CLIENTBOOK_SCANNER_LEAD_WORDS_HPP
#define CLIENTBOOK_SCANNER_LEAD_WORDS_HPP

#include <cstdint>
#include <iterator>
#include <string_view>
#include <tables/scanner/street_hints.inc>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "window.hpp"

namespace clientbook::scanner {

// Their first eight letters, as a number.
constexpr std::uint64_t lead_key(std::string_view text, std::size_t at) noexcept {
  std::uint64_t key = 0;
  for (std::size_t i = at; i < text.size() && i < at + 8; ++i) {
    const auto letter = static_cast<unsigned char>(text[i] | 0x20);
    if (letter < 'a' || letter > 'z') break;
    key = key << 8 | letter;
  }
  return key;
}
constexpr std::size_t lead_slot(std::uint64_t key) noexcept {
  return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15U >> 56);
}

/// Whether the word that begins at `at` leads a street.
inline bool is_lead(std::string_view text, std::size_t at) noexcept {
  if (text.size() < at + 2) return false;
  if ((full::lead_pairs[text[at] & 31] >> (text[at + 1] & 31) & 1U) == 0) return false;
  const std::uint64_t key = lead_key(text, at);
  if (key == 0) return false;
  for (std::size_t slot = lead_slot(key); full::lead_keys[slot] != 0;
       slot = (slot + 1) % std::size(full::lead_keys)) {
    if (full::lead_keys[slot] == key) {
      return key != lead_key("av", 0) || (at + 2 < text.size() && text[at + 2] == '.');
    }
  }
  return false;
}

/// Whether one of the three words before the one that begins at `at` does, within 32 bytes and
/// the line.
inline bool lead_before(std::string_view text, std::size_t at) noexcept {
  // Where it stands behind a sign that words stand apart by, from the last on.
  const auto leads = [&](std::size_t sign) {
    if (text[sign] == '/') return sign > 0 && (text[sign - 1] | 0x20) == 'c';  // `c/ mayor 3`
    return sign + 1 != at && is_lead(text, sign + 1);
  };
#if defined(__SSE2__)
  if (at >= 32) {
    const auto signs = [&](std::size_t from) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + from));
      const __m128i line = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'));
      const __m128i word = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')),
                                        _mm_cmpeq_epi8(bytes, _mm_set1_epi8('/')));
      return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(line, word)));
    };
    unsigned left = signs(at - 32) | signs(at - 16) << 16;
    for (int words = 0; words < 4 && left != 0; ++words) {
      const unsigned last = 31U - static_cast<unsigned>(__builtin_clz(left));
      const std::size_t sign = at - 32 + last;
      if (leads(sign)) return true;
      if (text[sign] == '\n') return false;
      left &= ~(1U << last);
    }
    return false;
  }
#endif
  std::size_t sign = at;
  int words = 0;
  while (sign > 0 && at - sign < 32) {
    --sign;
    const char c = text[sign];
    if (c != ' ' && c != '/' && c != '\n') continue;
    if (leads(sign)) return true;
    if (c == '\n' || ++words == 4) return false;
  }
  return sign == 0 && at > 0 && is_lead(text, 0);
}

}  // namespace clientbook::scanner

#endif
