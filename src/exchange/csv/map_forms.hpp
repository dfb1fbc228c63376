// What a column map says of how a file is written: words of its member `format`.
#ifndef CLIENTBOOK_EXCHANGE_CSV_MAP_FORMS_HPP
#define CLIENTBOOK_EXCHANGE_CSV_MAP_FORMS_HPP

#include "cell_forms.hpp"

#include <clientbook/base/result.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace clientbook::exchange {

/// `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`, `iso-8859-1`.
std::optional<text_encoding> find_encoding(std::string_view name) noexcept;
std::string_view name_of(text_encoding encoding) noexcept;

/// A member of `format` that is a text. Errors: unknown_field, invalid_value.
result<void> set_form(file_form& to, std::string_view member, std::string_view text);
/// A member that is a whole number.
result<void> set_form(file_form& to, std::string_view member, std::int64_t number);

}  // namespace clientbook::exchange

#endif
