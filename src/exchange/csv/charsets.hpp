// Code pages by the names that vCards give them.
#ifndef CLIENTBOOK_EXCHANGE_CSV_CHARSETS_HPP
#define CLIENTBOOK_EXCHANGE_CSV_CHARSETS_HPP

#include <clientbook/base/result.hpp>

#include <string>
#include <string_view>

namespace clientbook::exchange {

/// Whether it is a code page that is known here, however it is written (`ISO_8859-2`).
bool is_charset(std::string_view name) noexcept;

/// Bytes of that code page in UTF-8. Errors: invalid_encoding (a name or a byte that is not known).
result<std::string> decoded_by(std::string_view charset, std::string_view bytes);

}  // namespace clientbook::exchange

#endif
