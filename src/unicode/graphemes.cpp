// Where a sign as a reader sees it ends (UAX #29), so that a mask never cuts one. Of Extend,
// SpacingMark and Extended_Pictographic the ranges of common scripts are kept by hand: Python's
// unicodedata has no grapheme breaks, and emoji are taken in whole blocks so that new ones need no
// new table.
#include <clientbook/base/bytes.hpp>
#include <clientbook/internal/unicode/graphemes.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <cstdint>

namespace clientbook {
namespace {

struct range {
  char32_t first;
  char32_t last;
};

// Extend and SpacingMark of UAX #29 for the common scripts, ascending.
constexpr range marks[] = {
    {0x0300, 0x036F},   {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF},   {0x05C1, 0x05C2},
    {0x05C4, 0x05C5},   {0x05C7, 0x05C7}, {0x0610, 0x061A}, {0x064B, 0x065F},   {0x0670, 0x0670},
    {0x06D6, 0x06DC},   {0x06DF, 0x06E4}, {0x06E7, 0x06E8}, {0x06EA, 0x06ED},   {0x0711, 0x0711},
    {0x0730, 0x074A},   {0x07A6, 0x07B0}, {0x07EB, 0x07F3}, {0x08D3, 0x08E1},   {0x08E3, 0x0903},
    {0x093A, 0x093C},   {0x093E, 0x094F}, {0x0951, 0x0957}, {0x0962, 0x0963},   {0x0981, 0x0983},
    {0x09BC, 0x09BC},   {0x09BE, 0x09CD}, {0x09D7, 0x09D7}, {0x09E2, 0x09E3},   {0x0A01, 0x0A03},
    {0x0A3C, 0x0A51},   {0x0A70, 0x0A71}, {0x0A75, 0x0A75}, {0x0A81, 0x0A83},   {0x0ABC, 0x0ABC},
    {0x0ABE, 0x0ACD},   {0x0AE2, 0x0AE3}, {0x0B01, 0x0B03}, {0x0B3C, 0x0B3C},   {0x0B3E, 0x0B57},
    {0x0B62, 0x0B63},   {0x0B82, 0x0B82}, {0x0BBE, 0x0BCD}, {0x0BD7, 0x0BD7},   {0x0C00, 0x0C04},
    {0x0C3E, 0x0C56},   {0x0C62, 0x0C63}, {0x0C81, 0x0C83}, {0x0CBC, 0x0CBC},   {0x0CBE, 0x0CD6},
    {0x0CE2, 0x0CE3},   {0x0D00, 0x0D03}, {0x0D3B, 0x0D3C}, {0x0D3E, 0x0D4D},   {0x0D57, 0x0D57},
    {0x0D62, 0x0D63},   {0x0D81, 0x0D83}, {0x0DCA, 0x0DDF}, {0x0E31, 0x0E31},   {0x0E33, 0x0E3A},
    {0x0E47, 0x0E4E},   {0x0EB1, 0x0EB1}, {0x0EB3, 0x0EBC}, {0x0EC8, 0x0ECE},   {0x0F18, 0x0F19},
    {0x0F35, 0x0F35},   {0x0F37, 0x0F37}, {0x0F39, 0x0F39}, {0x0F3E, 0x0F3F},   {0x0F71, 0x0F84},
    {0x0F86, 0x0F87},   {0x0F8D, 0x0FBC}, {0x102B, 0x103E}, {0x1056, 0x1059},   {0x135D, 0x135F},
    {0x17B4, 0x17D3},   {0x180B, 0x180D}, {0x1AB0, 0x1ACE}, {0x1B00, 0x1B04},   {0x1B34, 0x1B44},
    {0x1DC0, 0x1DFF},   {0x200C, 0x200D}, {0x20D0, 0x20F0}, {0x302A, 0x302F},   {0x3099, 0x309A},
    {0xA66F, 0xA672},   {0xA674, 0xA67D}, {0xA69E, 0xA69F}, {0xA8E0, 0xA8F1},   {0xFB1E, 0xFB1E},
    {0xFE00, 0xFE0F},   {0xFE20, 0xFE2F}, {0xFF9E, 0xFF9F}, {0x1F3FB, 0x1F3FF}, {0xE0020, 0xE007F},
    {0xE0100, 0xE01EF},
};

// What a zero-width joiner may join, in whole blocks.
constexpr range pictures[] = {
    {0x00A9, 0x00A9},   {0x00AE, 0x00AE},   {0x203C, 0x203C},   {0x2049, 0x2049},
    {0x2122, 0x2122},   {0x2139, 0x2139},   {0x2190, 0x21FF},   {0x2300, 0x23FF},
    {0x2600, 0x27BF},   {0x2934, 0x2935},   {0x2B00, 0x2BFF},   {0x3030, 0x3030},
    {0x303D, 0x303D},   {0x3297, 0x3297},   {0x3299, 0x3299},   {0x1F000, 0x1F0FF},
    {0x1F10D, 0x1F1E5}, {0x1F200, 0x1F3FA}, {0x1F400, 0x1FAFF},
};

template <std::size_t Size>
bool in(const range (&ranges)[Size], char32_t c) noexcept {
  const range* const found = std::partition_point(std::begin(ranges), std::end(ranges),
                                                  [c](const range& one) { return one.last < c; });
  return found != std::end(ranges) && found->first <= c;
}

constexpr char32_t joiner = 0x200D;

bool between(char32_t c, char32_t first, char32_t last) noexcept { return c >= first && c <= last; }
bool is_control(char32_t c) noexcept {
  return c < 0x20 || between(c, 0x7F, 0x9F) || c == 0x200B || c == 0x2028 || c == 0x2029;
}
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
  if (is_control(first.value)) {
    return first.value == '\r' && slice(text, offset + 1, 1) == "\n" ? 2 : size;
  }
  char32_t before = first.value;
  const bool picture = in(pictures, before);
  bool half_flag = is_flag_letter(before);  // One letter of two.
  for (;;) {
    const code_point next = code_point_at(text, offset + size);
    if (next.size == 0) return size;
    const char32_t c = next.value;
    const bool joins = in(marks, c) || (picture && before == joiner && in(pictures, c)) ||
                       (half_flag && is_flag_letter(c)) ||
                       same_syllable(hangul_of(before), hangul_of(c));
    if (!joins) return size;
    half_flag = false;
    size += next.size;
    before = c;
  }
}

}  // namespace clientbook
