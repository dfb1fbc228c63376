#include <clientbook/internal/unicode/graphemes.hpp>
#include <clientbook/internal/unicode/utf8.hpp>
#include "testing.hpp"

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using namespace clientbook;

namespace {

std::vector<std::string> graphemes(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = grapheme_at(text, at);
    if (size == 0) return {"not UTF-8"};
    out.emplace_back(text.substr(at, size));
    at += size;
  }
  return out;
}

}  // namespace

TEST_CASE("graphemes: a character is what a reader sees as one") {
  const char* single[] = {
      "e\xCC\x81",                                                                 // e, acute
      "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7",  // family
      "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA",      // flag of Germany
      "\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD",      // thumb, skin tone
      "\xE2\x9D\xA4\xEF\xB8\x8F",              // heart, variation selector
      "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB",  // Hangul of three letters
      "\xED\x95\x9C",                          // the same, composed
      "\xD7\xA9\xD7\x81",                      // Hebrew with a point
      "\xE0\xA4\x95\xE0\xA4\xBE",              // Devanagari with a vowel
      "\r\n",
  };
  for (const char* text : single) {
    CAPTURE(text);
    CHECK(graphemes(text).size() == 1);
  }
  CHECK(graphemes("\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7").size() == 2);
  CHECK(graphemes("\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA\xF0\x9F\x87\xAB").size() == 2);
  CHECK(graphemes("a\xE2\x80\x8D"
                  "b")
            .size() == 2);  // A joiner joins emoji only.
  CHECK(graphemes("\n\xCC\x81").size() == 2);
  CHECK(graphemes("abc").size() == 3);
  CHECK(graphemes("") == std::vector<std::string>{});
  CHECK(grapheme_at("\xFF", 0) == 0);
  CHECK(grapheme_at("a", 1) == 0);
}

// Unicode's own cases: "÷" is where a cluster ends, "×" where it does not.
TEST_CASE("graphemes: as Unicode's own test has them") {
  std::ifstream file("/usr/share/unicode/auxiliary/GraphemeBreakTest.txt");
  std::string line;
  std::getline(file, line);
  if (!file || line.find("-15.") == std::string::npos) {
    MESSAGE("skipped: no GraphemeBreakTest.txt of Unicode 15 (package unicode-data)");
    return;
  }
  int cases = 0;
  while (std::getline(file, line)) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::vector<std::string> expected;
    bool parted = true;
    for (std::string word; words >> word;) {
      if (word == "÷" || word == "×") {
        parted = word == "÷";
      } else {
        if (parted) expected.emplace_back();
        const utf8_sequence bytes(static_cast<char32_t>(std::stoul(word, nullptr, 16)));
        expected.back() += bytes.text();
      }
    }
    if (expected.empty()) continue;
    std::string text;
    for (const std::string& one : expected) text += one;
    CAPTURE(line);
    CHECK(graphemes(text) == expected);
    ++cases;
  }
  CHECK(cases > 500);
}
