// Names that people read.
#include <clientbook/internal/unicode/name_line.hpp>

#include <string>

#include "testing.hpp"

using clientbook::is_name_line;

TEST_CASE("name line: names of people and shops as they are written") {
  for (const char* name :
       {"Parcel Co", "Müller & Söhne GmbH", "株式会社　高島屋", "شرکت می‌خواهم",
        "क्‍ष", "O'Brien", "H&M", "a", "☕️ Café", "Zoë-Łódź 24/7"}) {
    CAPTURE(name);
    CHECK(is_name_line(name));
  }
}

TEST_CASE("name line: what hides, moves or breaks its letters is no name") {
  for (const char* name : {"",
                           " ",
                           "   ",
                           "\u00a0",
                           "\u2003",
                           "\u3000",
                           "\u3164",
                           "\u2800",
                           " Parcel Co",
                           "Parcel Co ",
                           "Parcel\nCo",
                           "Parcel\rCo",
                           "Parcel\tCo",
                           "Parcel\u2028Co",
                           "Parcel\u0085Co",
                           "Parcel\u202eCo",
                           "Parcel\u2066Co",
                           "Parcel\u061cCo",
                           "Parcel\u200bCo",
                           "\ufeffParcel",
                           "Par\u00adcel",
                           "Parcel\U000e0041",
                           "\u200cParcel",
                           "Parcel\u200d",
                           "Parcel \u200dCo",
                           "Parcel\u200d\u200dCo",
                           "Parcel\x7f",
                           "Parcel\xff",
                           "\xc3"}) {
    CAPTURE(std::string(name));
    CHECK_FALSE(is_name_line(name));
  }
  CHECK_FALSE(is_name_line(std::string_view("Parcel\0Co", 9)));
}
