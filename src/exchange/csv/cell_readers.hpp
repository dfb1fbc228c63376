// The readers of one kind of cell each, behind read_cell(). `text` becomes what the target takes,
// kept in `scratch` where it differs; empty where the cell says nothing.
#ifndef CLIENTBOOK_EXCHANGE_CSV_CELL_READERS_HPP
#define CLIENTBOOK_EXCHANGE_CSV_CELL_READERS_HPP

#include "cell_forms.hpp"

namespace clientbook::exchange {

result<void> read_day(const file_form& file, const date_form& form, std::string_view& text,
                      std::string& scratch);
result<void> read_moment(const file_form& file, const date_form& form, std::string_view& text,
                         std::string& scratch);

/// As it is dialled at home it gets its country's code; one that has a code stays.
result<void> read_phone(const file_form& file, std::string_view& text, std::string& scratch,
                        std::string& extension);

result<void> read_amount(const file_form& file, std::string_view& text, std::string& scratch);
/// A sign of several currencies is the region's.
result<void> read_currency(const file_form& file, std::string_view& text);
result<void> read_quantity(const file_form& file, std::string_view& text, std::string& scratch);
result<void> read_whole(const file_form& file, std::string_view& text, std::string& scratch);

}  // namespace clientbook::exchange

#endif
