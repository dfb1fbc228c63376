// A picture of who got what: the shop, a line to each recipient, as thick as it was often.
#ifndef CLIENTBOOK_RIGHTS_PICTURE_HPP
#define CLIENTBOOK_RIGHTS_PICTURE_HPP

#include <string_view>
#include <vector>

#include "account.hpp"
#include "page_words.hpp"

namespace clientbook::rights {

/// Adds an SVG of 360 units' width, readable on a phone. What it shows a table says too.
void add_picture(wiped_text& page, const std::vector<receiver>& all, const account& of,
                 std::string_view shop, const page_words& words);

/// Text between tags and in attributes.
void add_escaped(wiped_text& page, std::string_view text);

/// "France" is not known here: the country's code, and nothing if there is none.
std::string_view country_of(const receiver& one, const account& of);

}  // namespace clientbook::rights

#endif
