// CSV: a streaming reader of RFC 4180 files, plain or gzipped, strict unless it is told better.
//
// It accepts UTF-8 with or without a byte order mark, lines that end in LF or CRLF, fields
// in double quotes (with commas, doubled quotes and line ends inside), and a header row.
// Everything else is an error that names the physical line: nothing is guessed, skipped or
// repaired, because a field that slips into the next column is personal data in the wrong
// place. Memory stays bounded whatever the input (csv_limits).
//
// What else a file is written like is said beforehand, with a csv_dialect; sniff_csv()
// (table_sniff.hpp) finds out which. A workbook, an archive or a page given as CSV is called what
// it is.
//
// Errors of reading, `at` is the line, from 1:
//   invalid_encoding  stray quote, lone carriage return, NUL, not UTF-8, wrong number of cells
//   truncated         a quoted field or the gzip stream never ends (at: where the quote opened)
//   limit_exceeded    row longer or wider than the limits
//   missing_field     empty file, or a column without a name
//   already_exists    two columns of one name
//   damaged           the gzip stream is corrupt
//   unsupported       not text at all, or another format: the error says which
//   not_found, permission_denied, io_error   from the operating system
//
// Thread safety: none; one reader, one thread.
#ifndef CLIENTBOOK_EXCHANGE_CSV_HPP
#define CLIENTBOOK_EXCHANGE_CSV_HPP

#include <clientbook/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// Where a reader takes its bytes from.
class byte_source {
 public:
  virtual ~byte_source() = default;
  /// Fills the front of `into`; returns how much, 0 only at the end.
  virtual result<std::size_t> read(std::span<char> into) = 0;
};

/// A file, gzipped or plain: told apart by its first bytes, not by its name.
/// A file that another program changes meanwhile is an error at its end and never a mixture.
/// Errors: not_found, permission_denied, io_error.
result<std::unique_ptr<byte_source>> open_file_source(const std::string& path);

/// Text in memory, not copied: it must outlive the source.
std::unique_ptr<byte_source> memory_source(std::string_view text);

struct csv_limits {
  std::size_t row_bytes = std::size_t{1} << 20;  ///< Longest row, quotes included. Default 1 MiB.
  std::size_t columns = 1024;                    ///< Widest row.
};

enum class text_encoding : std::uint8_t {
  utf8,
  utf16le,
  utf16be,
  windows_1252,
  latin1,
  windows_1250,
  windows_1254,
  windows_1257,
  mac_roman
};

/// How a file is written. As it is made: RFC 4180 in UTF-8, and nothing beyond.
struct csv_dialect {
  char delimiter = ',';  ///< Any ASCII character but quote, line ends and NUL.
  text_encoding encoding = text_encoding::utf8;
  /// Found by sniffing: the file's letters are those of another encoding as well, and other ones.
  bool encoding_unsure = false;
  char escape = '\0';   ///< Before a quote inside quotes, beside doubling. NUL: none.
  char comment = '\0';  ///< Lines that begin with it are no rows. NUL: none.
  /// Lines above the header row that are no rows.
  std::uint32_t skip_lines = 0;
  /// Without a header row columns are called `column 1`, `column 2` ...
  enum class header_row : std::uint8_t { present, absent } header = header_row::present;
  /// `as_found`: what spreadsheets write and people leave behind is no fault. Blank lines are no
  /// rows; cells that lack at the end of a row are empty, empty ones too many are none; a
  /// carriage return alone ends a line; a quote inside a field without quotes is a character, and
  /// blanks may stand around quotes; columns without a name are called `column N`, a second column
  /// of one name `name (2)`; blanks around names do not count.
  enum class strictness : std::uint8_t { rfc_4180, as_found } rules = strictness::rfc_4180;
};

class csv_reader {
 public:
  /// Reads the header row. Errors: those above; invalid_argument for a dialect that cannot be.
  static result<csv_reader> open(std::unique_ptr<byte_source> source, csv_limits limits = {});
  static result<csv_reader> open(std::unique_ptr<byte_source> source, const csv_dialect& dialect,
                                 csv_limits limits = {});
  /// open_file_source() and open() in one.
  static result<csv_reader> open_file(const std::string& path, csv_limits limits = {});
  static result<csv_reader> open_file(const std::string& path, const csv_dialect& dialect,
                                      csv_limits limits = {});

  csv_reader(csv_reader&&) noexcept;
  csv_reader& operator=(csv_reader&&) noexcept;
  ~csv_reader();

  /// The names of the columns, at least one; stays valid as long as the reader.
  std::span<const std::string> header() const noexcept;

  /// Moves to the next row; false at the end. After invalid_encoding the next call goes on
  /// behind the faulty row; every other error is final and is returned again.
  result<bool> next();

  /// The cells of the row, as many as the header has, without quotes. They are views into a
  /// buffer that the next call of next() reuses.
  std::span<const std::string_view> cells() const noexcept;

  /// The physical line on which the row begins, from 1.
  std::uint64_t line() const noexcept;

 private:
  struct state;
  explicit csv_reader(std::unique_ptr<state> owned) noexcept;
  std::unique_ptr<state> state_;
};

}  // namespace clientbook

#endif
