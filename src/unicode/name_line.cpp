// Which signs a name may not have: Cc, Zl, Zp, Bidi_Control and Default_Ignorable_Code_Point of the
// Unicode Character Database 15, but for variation selectors, which emoji have, and the joiners.
#include <clientbook/internal/unicode/name_line.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <iterator>

namespace clientbook {
namespace {

struct range {
  char32_t first, last;
};

constexpr range unseen[] = {
    {0x0000, 0x001f},  {0x007f, 0x009f}, {0x00ad, 0x00ad},   {0x034f, 0x034f},   {0x061c, 0x061c},
    {0x115f, 0x1160},  {0x17b4, 0x17b5}, {0x180b, 0x180f},   {0x200b, 0x200b},   {0x200e, 0x200f},
    {0x2028, 0x202e},  {0x2060, 0x206f}, {0x3164, 0x3164},   {0xd800, 0xdfff},   {0xfeff, 0xfeff},
    {0xffa0, 0xffa0},  {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe00ff},
    {0xe01f0, 0xe0fff}};

bool is_unseen(char32_t c) noexcept {
  return std::any_of(std::begin(unseen), std::end(unseen),
                     [c](const range& one) { return one.first <= c && c <= one.last; });
}

bool is_blank(char32_t c) noexcept {
  return c == 0x20 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
         c == 0x205f || c == 0x3000 || c == 0x2800;
}

bool is_joiner(char32_t c) noexcept { return c == 0x200c || c == 0x200d; }

}  // namespace

bool is_name_line(std::string_view text) noexcept {
  char32_t before = ' ';  // No blank and no joiner begins a name,
  for (std::size_t at = 0; at < text.size();) {
    const code_point one = code_point_at(text, at);
    if (one.size == 0 || is_unseen(one.value)) return false;
    if ((is_blank(one.value) || is_joiner(one.value)) &&
        (at == 0 || is_joiner(before) || (is_joiner(one.value) && is_blank(before)))) {
      return false;
    }
    before = one.value;
    at += one.size;
  }
  return !is_blank(before) && !is_joiner(before);  // nor ends one; and there is one.
}

}  // namespace clientbook
