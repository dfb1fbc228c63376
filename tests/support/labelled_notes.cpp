#include "labelled_notes.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "json.hpp"
#include "testing.hpp"

namespace {

labelled_note note_of(std::string file, const boost::json::object& row) {
  labelled_note note;
  note.file = std::move(file);
  note.id = row.at("id").as_string();
  std::string_view rest = row.at("text").as_string();
  for (;;) {
    const std::size_t begin = rest.find("[[");
    note.text += rest.substr(0, begin);
    if (begin == rest.npos) break;
    const std::size_t bar = rest.find('|', begin);
    const std::size_t end = rest.find("]]", bar);
    const std::string_view value = rest.substr(bar + 1, end - bar - 1);
    note.spans.push_back({note.text.size(), note.text.size() + value.size(),
                          std::string(rest.substr(begin + 2, bar - begin - 2))});
    note.text += value;
    rest.remove_prefix(end + 2);
  }
  const auto strings = [&](const char* key, std::vector<std::string>& to) {
    if (!row.contains(key)) return;
    for (const auto& one : row.at(key).as_array()) to.emplace_back(one.as_string());
  };
  strings("regions", note.regions);
  strings("options", note.options);
  if (row.contains("known")) {
    for (const auto& one : row.at("known").as_array()) {
      note.known.emplace_back(std::string(one.at("kind").as_string()),
                              std::string(one.at("value").as_string()));
    }
  }
  return note;
}

}  // namespace

const std::vector<labelled_note>& labelled_notes() {
  static const std::vector<labelled_note> all = [] {
    std::vector<labelled_note> out;
    const std::filesystem::path folder = CLIENTBOOK_SOURCE_DIR "/tests/vectors/notes";
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".jsonl") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      std::ifstream in(file);
      std::string line;
      while (std::getline(in, line)) {
        out.push_back(note_of(file.stem().string(), boost::json::parse(line).as_object()));
      }
    }
    REQUIRE(out.size() > 2000);
    return out;
  }();
  return all;
}
