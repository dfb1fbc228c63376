// Prints what is found in the labelled notes, as they are and written otherwise. Built twice, once
// without the filter over small numbers: both print the same (same_finds.cmake).
#include <clientbook/scanner/scan.hpp>

#include <cctype>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "labelled_notes.hpp"
#include "testing.hpp"

using namespace clientbook;

namespace {

std::string changed(const std::string& text, int (*change)(int)) {
  std::string out = text;
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) c = static_cast<char>(change(byte));
  }
  return out;
}

std::string without_breaks(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == ' ' ? std::string("\u00A0") : std::string(1, c);
  return out;
}

void print(const labelled_note& note, const char* how, const std::string& text) {
  const std::vector<std::string_view> regions(note.regions.begin(), note.regions.end());
  std::vector<text_entity> room(text.size() + 1);
  for (const date_reading dates : {date_reading::birth, date_reading::all}) {
    scan_options options;
    options.regions = regions;
    options.dates = dates;
    const auto found = scan(text, options, room);
    if (!found) continue;
    for (const text_entity& one : *found) {
      std::printf("%s/%s %s %d: %zu-%zu %s\n", note.file.c_str(), note.id.c_str(), how,
                  static_cast<int>(dates), one.begin, one.end,
                  std::string(name_of(one.rule)).c_str());
    }
  }
}

}  // namespace

TEST_CASE("prints what is found") {
  for (const labelled_note& note : labelled_notes()) {
    print(note, "written", note.text);
    print(note, "upper", changed(note.text, std::toupper));
    print(note, "lower", changed(note.text, std::tolower));
    print(note, "no-break", without_breaks(note.text));
  }
}
