#include <clientbook/internal/unicode/fold.hpp>
#include "testing.hpp"

#include <string>

using namespace clientbook;
using unicode::char_class;
using unicode::class_of;

namespace {

std::u32string folded(char32_t c) {
  std::u32string out;
  for (const char32_t letter : unicode::fold(c).letters) {
    if (letter != 0) out += letter;
  }
  return out;
}

}  // namespace

TEST_CASE("fold: case, accents and widths do not count") {
  CHECK(folded(U'A') == U"a");
  CHECK(folded(U'a') == U"a");
  CHECK(folded(U'É') == U"e");
  CHECK(folded(U'ß') == U"ss");
  CHECK(folded(U'Æ') == U"ae");
  CHECK(folded(U'þ') == U"th");
  CHECK(folded(U'Ł') == U"l");
  CHECK(folded(U'Σ') == folded(U'σ'));
  CHECK(folded(U'Й') == folded(U'й'));
  CHECK(folded(0xFF21) == U"a");  // full-width
  CHECK(folded(0x0669) == U"9");  // Arabic-Indic
  CHECK(folded(0x0301).empty());  // combining acute
  CHECK(folded(0x4E2D) == std::u32string(1, 0x4E2D));
  // Beyond the languages of western Europe: capital and small letters fold to the same.
  CHECK(folded(0x0186) == folded(0x0254));  // open O, of Ewe
  CHECK(folded(0x018F) == folded(0x0259));  // schwa, of Azerbaijani
  CHECK(folded(0x049A) == folded(0x043A));  // ka with descender, of Kazakh
  CHECK(folded(0x0531) == folded(0x0561));  // Armenian ayb
  CHECK(folded(0x1F00) == folded(0x03B1));  // Greek alpha with psili
  CHECK(folded(0x01C4) == U"dz");
  CHECK(folded(0x014A) == U"n");  // eng, which Unicode holds apart and people write as n
  // No character: the gap where a final capital sigma would be.
  CHECK(folded(0x03A2) == std::u32string(1, 0x03A2));
  CHECK(folded(0x00D7) == std::u32string(1, 0x00D7));  // a sign
}

TEST_CASE("fold: every code point folds to what folds to itself") {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    for (const char32_t letter : unicode::fold(c).letters) {
      if (letter == 0) continue;
      if (folded(letter) == std::u32string(1, letter)) continue;
      CAPTURE(static_cast<std::uint32_t>(c));
      FAIL("folds on");
    }
  }
}

TEST_CASE("classes: letters, digits and what stands between digits") {
  CHECK(class_of(U'x') == char_class::letter);
  CHECK(class_of(U'ж') == char_class::letter);
  CHECK(class_of(0x0301) == char_class::letter);
  CHECK(class_of(U'7') == char_class::digit);
  CHECK(class_of(0x0669) == char_class::digit);
  CHECK(class_of(U'-') == char_class::separator);
  CHECK(class_of(0x00A0) == char_class::separator);
  CHECK(class_of(U',') == char_class::other);
}
