// Texts in which `[` and `]` stand around what is hidden: a test writes what it wants to see.
#ifndef CLIENTBOOK_TESTS_FORMS_MARKS_HPP
#define CLIENTBOOK_TESTS_FORMS_MARKS_HPP

#include <clientbook/forms/form_redactor.hpp>

#include <span>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

namespace clientbook::testing {

inline std::string without_marks(std::string_view marked) {
  std::string out;
  for (const char c : marked) {
    if (c != '[' && c != ']') out += c;
  }
  return out;
}

/// The text with marks around what is found by `how`.
inline std::string marked_by(const form_options& how, std::string_view text) {
  const auto found = scan_form(text, how);
  REQUIRE(found);
  std::string out;
  std::size_t kept = 0;
  for (const form_find& one : *found) {
    out += text.substr(kept, one.begin - kept);
    (out += '[') += text.substr(one.begin, one.end - one.begin);
    out += ']';
    kept = one.end;
  }
  return out += text.substr(kept);
}

inline void check_marks_by(const form_options& how, std::span<const std::string_view> texts) {
  for (const std::string_view text : texts) {
    CAPTURE(text);
    CHECK(marked_by(how, without_marks(text)) == text);
  }
}

/// Of a plain text the names of people alone.
inline form_options names_alone() {
  form_options how;
  how.form = text_form::plain;
  how.text.scan.types = {entity_type::person_name};
  return how;
}

}  // namespace clientbook::testing

#endif
