// How a labelled note asks to be scanned.
#ifndef CLIENTBOOK_TESTS_NOTE_OPTIONS_HPP
#define CLIENTBOOK_TESTS_NOTE_OPTIONS_HPP

#include <clientbook/scanner/known_values.hpp>
#include <clientbook/scanner/scan.hpp>

#include <memory>

#include "labelled_notes.hpp"

class note_options {
 public:
  explicit note_options(const labelled_note& note);
  clientbook::scan_options scan;

 private:
  std::vector<std::string_view> regions_;
  std::vector<std::byte> memory_;
  std::unique_ptr<clientbook::known_values> known_;
};

#endif
