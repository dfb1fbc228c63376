// Names before honorifics in scripts without spaces and capital letters: 王女士, 田中様, 김민지님.
#ifndef CLIENTBOOK_FORMS_HONORIFICS_HPP
#define CLIENTBOOK_FORMS_HONORIFICS_HPP

#include <cstddef>
#include <string_view>
#include <vector>

namespace clientbook::forms {

struct name_place {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// In order; the honorific is no part of a name.
[[nodiscard]] std::vector<name_place> names_before_honorifics(std::string_view text);

}  // namespace clientbook::forms

#endif
