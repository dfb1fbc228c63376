// Sniffing: how a shop's own table is written, found out from its bytes.
//
// What is found is a csv_dialect that the reader takes; nothing of the file's content leaves. What
// is no table at all is called what it is (a workbook, an archive, a page), and an encoding that is
// not known is an error and never a guess, since its letters would be wrong ones: where two that
// are known give other letters and nothing decides, the dialect says that it is unsure.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_EXCHANGE_TABLE_SNIFF_HPP
#define CLIENTBOOK_EXCHANGE_TABLE_SNIFF_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/exchange/csv.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace clientbook {

/// So many bytes of a file are looked at.
inline constexpr std::size_t sniffed_table_bytes = std::size_t{1} << 18;

/// What is known of a file before it is looked at.
struct sniff_hints {
  std::string_view region{};  ///< ISO 3166-1 of the shop: whose letters they are, where two fit.
  std::optional<text_encoding> encoding{};  ///< Nothing: as the bytes tell.
};

/// The dialect of a file that begins so: encoding, delimiter, lines above the header row, whether
/// there is one, comments, backslashes before quotes. Always read `as_found`.
/// Errors: unsupported (another format, by name), invalid_encoding (no encoding that is known, or
/// NULs), missing_field (nothing in it), limit_exceeded (more columns than a table has).
result<csv_dialect> sniff_csv(std::string_view begins, const sniff_hints& known = {});
/// Errors: also those of opening and reading the file.
result<csv_dialect> sniff_csv_file(const std::string& path, const sniff_hints& known = {});

}  // namespace clientbook

#endif
