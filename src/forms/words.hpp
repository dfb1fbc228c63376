// Names of tags and headers, which mean the same in capitals and without.
#ifndef CLIENTBOOK_FORMS_WORDS_HPP
#define CLIENTBOOK_FORMS_WORDS_HPP

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "plain_text.hpp"

namespace clientbook::forms {

/// ASCII letters without their case; other bytes stay.
plain_text small(std::string_view text);

inline bool is_one(std::string_view name, std::initializer_list<std::string_view> of) {
  return std::find(of.begin(), of.end(), name) != of.end();
}

}  // namespace clientbook::forms

#endif
