// What words beside a number may say about a street or a day, for those who only ask. Not in
// firmware.
#ifndef CLIENTBOOK_SCANNER_STREET_WORDS_HPP
#define CLIENTBOOK_SCANNER_STREET_WORDS_HPP

#include <bit>
#include <cstring>
#include <tables/scanner/street_hints.inc>

#include "context_words.hpp"

namespace clientbook::scanner {

/// What a word may be by its first four letters, as bits: a filter, since most words are nothing.
/// A word with other letters than those of ASCII among the four may be anything.
enum word_hint : std::uint8_t {
  may_be_type = 1,       ///< is_street_type()
  may_lead = 2,          ///< leads_street()
  may_be_part = 4,       ///< Stands within or before a name: `de la`, `Am`.
  may_be_unit = 8,       ///< is_unit()
  may_be_month = 16,     ///< month_of()
  may_be_numbered = 32,  ///< Stands before a house number or a post box: `num`, `Postfach`.
};

/// Of four letters, each as its number (A 1, ... Z 26) in a byte, the first in the lowest; a
/// word's missing ones are 0.
constexpr std::size_t hint_place(std::uint32_t letters) noexcept {
  return (letters * 0x9E3779B1U) >> 18;
}

[[nodiscard]] inline unsigned hints_at(const text_window& text, std::size_t at) noexcept {
  std::uint32_t four = 0;
  if (at - text.begin() + sizeof four <= text.end() - text.begin()) {
    std::memcpy(&four, text.bytes(at, at + sizeof four).data(), sizeof four);
    if constexpr (std::endian::native == std::endian::big) four = __builtin_bswap32(four);
  } else {
    for (unsigned i = 4; i-- > 0;) four = four << 8 | text[at + i];
  }
  // The highest bits of bytes that are letters.
  const std::uint32_t small = four | 0x20202020U;
  const std::uint32_t letters =
      (small + 0x1F1F1F1FU) & ~(small + 0x05050505U) & ~four & 0x80808080U;
  if (letters != 0x80808080U) {
    // A short word, or one with other letters.
    const auto size = static_cast<unsigned>(std::countr_zero(~letters & 0x80808080U)) / 8;
    if ((four >> (8 * size) & 0x80U) != 0) return ~0U;
    four &= size == 0 ? 0U : 0xFFFFFFFFU >> (32 - 8 * size);
  }
  return full::word_hints[hint_place(four & 0x1F1F1F1FU)];
}

/// Words of ASCII by their last three letters, as bits: those that may be one of ends_street().
constexpr unsigned ending_bit(unsigned a, unsigned b, unsigned c) noexcept {
  return a << 10 | b << 5 | c;
}
[[nodiscard]] inline bool may_end_street(unsigned char a, unsigned char b,
                                         unsigned char c) noexcept {
  const unsigned bit = ending_bit(ascii_letter(a) ? a & 31U : 0U, b & 31U, c & 31U);
  return (full::street_endings[bit / 32] >> (bit % 32) & 1U) != 0;
}

/// `Road`, `Lane`: stands after the name.
[[nodiscard]] bool is_street_type(const folded_word& word) noexcept;
/// `Hauptstraße`, `Straße`: is its own type.
[[nodiscard]] bool ends_street(const folded_word& word) noexcept;
/// `Via`, `rue`: stands before the name.
[[nodiscard]] bool leads_street(const folded_word& word) noexcept;
/// `Apt`, `piano`.
[[nodiscard]] bool is_unit(const folded_word& word) noexcept;

enum class street_hint : std::uint8_t {
  none,
  with_postcode,  ///< If a postal code and a town stand behind the number.
  likely,
};
/// Whether a street's name ends before the number that begins here.
[[nodiscard]] street_hint street_ends(const text_window& text, std::size_t number) noexcept;

}  // namespace clientbook::scanner

#endif
