// Where a sign as a reader sees it ends (UAX #29, extended grapheme clusters), so that a mask never
// cuts one. The tables are made from Unicode's own files; Hangul, flags and the joiner are few
// enough to be told here.
#include <clientbook/base/bytes.hpp>
#include <clientbook/internal/unicode/graphemes.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <cstdint>

namespace clientbook {
namespace {

struct range {  // Within its plane.
  std::uint16_t first;
  std::uint16_t last;
};

#include "grapheme_table.inc"

template <std::size_t Size>
bool in(const range (&ranges)[Size], char32_t c) noexcept {
  const range* const found = std::partition_point(std::begin(ranges), std::end(ranges),
                                                  [c](const range& one) { return one.last < c; });
  return found != std::end(ranges) && found->first <= c;
}

template <std::size_t Size, std::size_t SizeOfPlane1>
bool in(const range (&plane_0)[Size], const range (&plane_1)[SizeOfPlane1], char32_t c) noexcept {
  return c < 0x10000 ? in(plane_0, c) : c < 0x20000 && in(plane_1, c - 0x10000);
}

constexpr char32_t joiner = 0x200D;
constexpr char32_t plane_14 = 0xE0000;

bool between(char32_t c, char32_t first, char32_t last) noexcept { return c >= first && c <= last; }
bool extends(char32_t c) noexcept {
  return in(extending, extending_of_plane_1, c) ||
         (c >= plane_14 && in(extending_of_plane_14, c - plane_14));
}
bool joins_before(char32_t c) noexcept {  // GB9, GB9a.
  return c >= 0x80 && (c == joiner || extends(c) || in(spacing_marks, spacing_marks_of_plane_1, c));
}
bool is_control(char32_t c) noexcept {
  return in(controls, controls_of_plane_1, c) ||
         (c >= plane_14 && in(controls_of_plane_14, c - plane_14));
}
bool is_picture(char32_t c) noexcept { return in(pictures, pictures_of_plane_1, c); }
bool is_prepended(char32_t c) noexcept { return in(prepended, prepended_of_plane_1, c); }
bool is_flag_letter(char32_t c) noexcept { return between(c, 0x1F1E6, 0x1F1FF); }

enum class hangul : std::uint8_t { none, leading, vowel, trailing, syllable_lv, syllable_lvt };

hangul hangul_of(char32_t c) noexcept {
  if (between(c, 0x1100, 0x115F) || between(c, 0xA960, 0xA97C)) return hangul::leading;
  if (between(c, 0x1160, 0x11A7) || between(c, 0xD7B0, 0xD7C6)) return hangul::vowel;
  if (between(c, 0x11A8, 0x11FF) || between(c, 0xD7CB, 0xD7FB)) return hangul::trailing;
  if (!between(c, 0xAC00, 0xD7A3)) return hangul::none;
  return (c - 0xAC00) % 28 == 0 ? hangul::syllable_lv : hangul::syllable_lvt;
}

// GB6 to GB8.
bool same_syllable(hangul before, hangul after) noexcept {
  switch (before) {
    case hangul::leading:
      return after == hangul::leading || after == hangul::vowel || after == hangul::syllable_lv ||
             after == hangul::syllable_lvt;
    case hangul::vowel:
    case hangul::syllable_lv:
      return after == hangul::vowel || after == hangul::trailing;
    case hangul::trailing:
    case hangul::syllable_lvt:
      return after == hangul::trailing;
    case hangul::none:
      break;
  }
  return false;
}

}  // namespace

std::size_t grapheme_at(std::string_view text, std::size_t offset) noexcept {
  const code_point first = code_point_at(text, offset);
  if (first.size == 0) return 0;
  std::size_t size = first.size;
  if (is_control(first.value)) {  // GB3 to GB5.
    return first.value == '\r' && slice(text, offset + 1, 1) == "\n" ? 2 : size;
  }
  char32_t before = first.value;
  bool picture = is_picture(before);        // What was joined so far ends a picture (GB11).
  bool half_flag = is_flag_letter(before);  // One letter of two (GB12).
  for (;;) {
    const code_point next = code_point_at(text, offset + size);
    if (next.size == 0) return size;
    const char32_t c = next.value;
    const bool joins = joins_before(c) || (picture && before == joiner && is_picture(c)) ||
                       (is_prepended(before) && !is_control(c)) ||
                       (half_flag && is_flag_letter(c)) ||
                       same_syllable(hangul_of(before), hangul_of(c));
    if (!joins) return size;
    half_flag = is_prepended(before) && is_flag_letter(c);
    picture = is_picture(c) || (picture && (c == joiner || extends(c)));
    size += next.size;
    before = c;
  }
}

}  // namespace clientbook
