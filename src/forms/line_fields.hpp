// Fields within a text: `ts=1780000000`, `"order_id": 4711`, `Order no: 4711` at the beginning of a
// line. Their names say as much about a value as the name of a column does.
#ifndef CLIENTBOOK_FORMS_LINE_FIELDS_HPP
#define CLIENTBOOK_FORMS_LINE_FIELDS_HPP

#include <vector>

#include "field_name.hpp"

namespace clientbook::forms {

struct line_field {
  std::size_t begin = 0;  ///< Of the value, without quote marks.
  std::size_t end = 0;
  field_name name;
  bool assigned = false;  ///< By a sign of programs; else by a colon of prose.
};

/// In order and apart.
std::vector<line_field> fields_in(std::string_view text);

}  // namespace clientbook::forms

#endif
