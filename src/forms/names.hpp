// Names of people, told by what stands beside them.
#ifndef CLIENTBOOK_FORMS_NAMES_HPP
#define CLIENTBOOK_FORMS_NAMES_HPP

#include <vector>

#include "block.hpp"

namespace clientbook::forms {

/// Names of people in a text, in order and apart, without labels. A word is a part of one only
/// with a capital letter, and beside a title, a word of kin, a salutation, the end of a letter, a
/// verb of what people do, or where a given name is followed by a family name.
std::vector<hit> names_in(std::string_view text);

}  // namespace clientbook::forms

#endif
