// The labelled notes of tests/vectors/notes, each with its true spans.
#ifndef CLIENTBOOK_TESTS_LABELLED_NOTES_HPP
#define CLIENTBOOK_TESTS_LABELLED_NOTES_HPP

#include <string>
#include <utility>
#include <vector>

struct labelled_note {
  struct span {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string type;
  };
  std::string file;  ///< `cards`, ...
  std::string id;
  std::string text;  ///< Without marks.
  std::vector<span> spans;
  std::vector<std::string> regions;
  std::vector<std::pair<std::string, std::string>> known;  ///< Kind and value.
  std::vector<std::string> options;
};

/// All of them, read once.
const std::vector<labelled_note>& labelled_notes();

#endif
