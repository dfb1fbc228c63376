// Map proposal: a column map for a shop's own files, to be looked at, changed and kept.
//
// Exports of known programs are recognised by their headers; other files by what columns are called
// and what stands in them. What was not certain is listed, in the proposal and in the map itself
// (its member `unsure`, which reading skips). Nothing of a cell is in either: only names of columns
// stand there, and of a file without a header row not even those.
//
// Thread safety: a pure function over files.
#ifndef CLIENTBOOK_EXCHANGE_MAP_PROPOSAL_HPP
#define CLIENTBOOK_EXCHANGE_MAP_PROPOSAL_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/exchange/csv.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

struct map_request {
  std::string_view system{};  ///< Whose ids the file has. Empty: the known program's, or `shop`.
  /// ISO 3166-1 of the shop: how phones and dates are written there. Empty: as the files tell.
  std::string_view region{};
  /// How the letters of the files are written, as a map says it; empty: as the files tell.
  std::string_view encoding{};
  int year = 2026;  ///< The year that two digits cannot be later than.
  /// What one file says of consent is wanted alone: one that has nothing of customers but their id
  /// will do.
  bool only_consents = false;
};

struct map_proposal {
  struct file {
    std::string name{};   ///< As the map has it.
    std::string about{};  ///< The known export, or empty.
    csv_dialect dialect{};
    std::uint64_t rows = 0;
    bool used = true;  ///< False: the map has no place for it; `unsure` tells why.
    /// Columns that are known and left out; of what is not known `unsure` tells.
    std::vector<std::string> not_kept{};
  };
  struct doubt {
    std::size_t file = 0;
    std::string column{};  ///< Empty: about the whole file.
    std::string why{};
  };
  std::string map{};  ///< JSON, indented.
  std::vector<file> files{};
  std::vector<doubt> unsure{};
};

/// Reads the files and proposes the map. Files lie in one folder; the map names them without it.
/// `where`, if given, receives which of the files an error is about.
/// Errors: those of sniff_csv_file() and csv_reader; missing_field where no file tells who the
/// customers are; invalid_value (the region); invalid_argument (no files, or two of one name).
result<map_proposal> propose_column_map(std::span<const std::string> paths,
                                        const map_request& request = {},
                                        std::size_t* where = nullptr);

/// The same for other languages. `request`: {"files": [...], "system": "...", "region": "...",
/// "encoding": "...", "year": 2026}, all but files may be absent; the answer: {"map": "...",
/// "files": [{"file", "known_as", "encoding", "delimiter", "rows", "used", "not_kept": [columns]}],
/// "unsure": [{"file", "column", "why"}]}. `where` receives the member, or the file, that an error
/// is about. Errors: also invalid_encoding, unknown_field, wrong_type (the request).
result<std::string> propose_column_map_json(std::string_view request, std::string& where);
/// The answer's members, as the program prints them.
std::string to_json(const map_proposal& proposal);

}  // namespace clientbook

#endif
