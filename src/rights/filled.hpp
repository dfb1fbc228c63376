// Texts with places in braces, by language.
#ifndef CLIENTBOOK_RIGHTS_FILLED_HPP
#define CLIENTBOOK_RIGHTS_FILLED_HPP

#include <clientbook/transfer/record_json.hpp>

#include <array>
#include <initializer_list>
#include <string_view>

namespace clientbook::rights {

using in_five_languages = std::array<std::string_view, 5>;  // In the order of `language`.

struct filling {
  std::string_view name;
  std::string_view value;
};

/// Each place is filled in once; what is filled in is not looked through again.
void fill(wiped_text& to, std::string_view text, std::initializer_list<filling> places);

}  // namespace clientbook::rights

#endif
