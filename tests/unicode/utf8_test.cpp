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
  CHECK(digit_value(U'a') == -1);
  CHECK(digit_value(0x00B2) == -1);  // superscript
}
