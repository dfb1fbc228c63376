// Encodings of files that are not UTF-8, and what is no text at all.
#ifndef CLIENTBOOK_EXCHANGE_CSV_ENCODINGS_HPP
#define CLIENTBOOK_EXCHANGE_CSV_ENCODINGS_HPP

#include <clientbook/exchange/csv.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace clientbook::exchange {

/// The bytes of `from` in UTF-8; what is UTF-8 already is handed through. A byte order mark of
/// UTF-16 is left out. Reading fails with invalid_encoding at what the encoding has not.
std::unique_ptr<byte_source> decoded_source(std::unique_ptr<byte_source> from,
                                            text_encoding encoding);

/// The encoding of a text, by its byte order mark or its bytes; `whole`: nothing follows it.
/// Errors: invalid_encoding (none that is known, or NULs: `at` is the line).
enum class text_part : std::uint8_t { whole, beginning };
result<text_encoding> encoding_of(std::string_view text, text_part part);

/// What a file is that begins so and is no table of text: unsupported, with its name. Nothing for
/// what may be one.
std::optional<error> other_format(std::string_view begins) noexcept;

}  // namespace clientbook::exchange

#endif
