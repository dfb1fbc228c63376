#include <clientbook/internal/unicode/utf8.hpp>
#include "testing.hpp"

using namespace clientbook;

TEST_CASE("text: only well-formed UTF-8 is valid") {
  CHECK(valid_utf8(""));
  CHECK(valid_utf8("Zoë \u5361 \U0001F600 plain text of more than eight bytes"));
  CHECK(!valid_utf8("\xC0\x80"));
  CHECK(!valid_utf8("\xED\xA0\x80"));
  CHECK(!valid_utf8("\xF4\x90\x80\x80"));
  CHECK(!valid_utf8("12345678\xE5\x8D"));
  CHECK(!valid_utf8("\x80"));
  CHECK(digit_value(U'7') == 7);
  CHECK(digit_value(0x0669) == 9);
  CHECK(digit_value(0x1D7D8 + 3) == 3);
  CHECK(digit_value(0x1094) == 4);   // Shan
  CHECK(digit_value(0x0DEF) == 9);   // Sinhala
  CHECK(digit_value(0x1E952) == 2);  // Adlam
  CHECK(digit_value(0x1D7FF) == 9);
  CHECK(digit_value(0x1D800) == -1);
  CHECK(digit_value(0x2FF10) == -1);
  CHECK(digit_value(U'a') == -1);
  CHECK(digit_value(0x00B2) == -1);  // superscript
}

TEST_CASE("utf8: what is written is what is read") {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c == 0xD800) c = 0xE000;
    const utf8_sequence bytes(c);
    const code_point read = code_point_at(bytes.text(), 0);
    if (read.value != c || read.size != bytes.size) FAIL(static_cast<std::uint32_t>(c));
  }
}
