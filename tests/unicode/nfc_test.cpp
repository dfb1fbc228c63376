#include <clientbook/internal/unicode/nfc.hpp>

#include <string>

#include "testing.hpp"

using namespace clientbook;
using namespace clientbook::unicode;

namespace {

std::string normal(std::string_view text) {
  nfc_room room;
  const auto out = nfc(text, room);
  REQUIRE(out);
  return std::string(*out);
}

}  // namespace

TEST_CASE("nfc: what means the same is the same bytes") {
  struct row {
    const char* from;
    const char* to;
  };
  // From Unicode's data by another implementation.
  for (const row& one : {
           row{"abc-17", "abc-17"},
           {"", ""},
           {"\xC3\xA9", "\xC3\xA9"},
           {"e\xCC\x81", "\xC3\xA9"},
           {"A\xCC\x8A", "\xC3\x85"},
           {"\xE2\x84\xAB", "\xC3\x85"},                              // the sign of Angström
           {"q\xCC\x87\xCC\xA3", "q\xCC\xA3\xCC\x87"},                // marks in order
           {"d\xCC\x87\xCC\xA3", "\xE1\xB8\x8D\xCC\x87"},             // below joins first
           {"\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", "\xEA\xB0\x81"},  // Hangul
           {"\xEA\xB0\x80\xE1\x86\xA8", "\xEA\xB0\x81"},
           {"\xE0\xA5\x98", "\xE0\xA4\x95\xE0\xA4\xBC"},  // composes never
           {"\xEF\xA4\x80", "\xE8\xB1\x88"},              // CJK of compatibility
           {"a\xCC\xA8\xCC\x81", "\xC4\x85\xCC\x81"},
           {"\xCC\x81"
            "e",
            "\xCC\x81"
            "e"},                             // a mark of nobody
           {"\xEF\xBC\xA1", "\xEF\xBC\xA1"},  // width is meant
       }) {
    CAPTURE(one.from);
    CHECK(normal(one.from) == one.to);
    CHECK(normal(one.to) == one.to);
  }
}

TEST_CASE("nfc: what is no text or too long for an id is refused") {
  nfc_room room;
  CHECK(nfc("a\xFF", room).error().code == errc::invalid_encoding);
  CHECK(nfc(std::string(513, 'e') + "\xCC\x81", room).error().code == errc::limit_exceeded);
  CHECK(nfc(std::string(10000, 'e'), room));
}
