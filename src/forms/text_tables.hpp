// Tables within prose: a row of names, and rows whose cells stand under them.
#ifndef CLIENTBOOK_FORMS_TEXT_TABLES_HPP
#define CLIENTBOOK_FORMS_TEXT_TABLES_HPP

#include <vector>

#include "line_fields.hpp"

namespace clientbook::forms {

/// The cells of the tables of a text, each under the name of its column, in order and apart.
std::vector<line_field> table_cells_in(std::string_view text);

}  // namespace clientbook::forms

#endif
