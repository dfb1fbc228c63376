// Sniffing: how a shop's own table is written, found out from its bytes.
//
// What is found is a csv_dialect that the reader takes; nothing of the file's content leaves. What
// is no table at all is called what it is (a workbook, an archive, a page), and an encoding that is
// not known is an error and never a guess, since its letters would be wrong ones.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_EXCHANGE_TABLE_SNIFF_HPP
#define CLIENTBOOK_EXCHANGE_TABLE_SNIFF_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/exchange/csv.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace clientbook {

/// So many bytes of a file are looked at.
inline constexpr std::size_t sniffed_table_bytes = std::size_t{1} << 18;

/// The dialect of a file that begins so: encoding, delimiter, lines above the header row, whether
/// there is one, comments, backslashes before quotes. Always read `as_found`.
/// Errors: unsupported (another format, by name), invalid_encoding (no encoding that is known, or
/// NULs), missing_field (nothing in it), limit_exceeded (more columns than a table has).
result<csv_dialect> sniff_csv(std::string_view begins);
/// Errors: also those of opening and reading the file.
result<csv_dialect> sniff_csv_file(const std::string& path);

}  // namespace clientbook

#endif
