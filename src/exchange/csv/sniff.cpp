// How a table is written: first its encoding, then what parts its cells, then which row is the
// header.
//
// A delimiter is judged by what it makes of the rows: many cells, as many in each. A decimal comma
// makes two cells of one, but not in every row alike.
#include "cell_forms.hpp"
#include "code_pages.hpp"
#include "consent_words.hpp"
#include "encodings.hpp"
#include "proposer.hpp"

#include <clientbook/exchange/table_sniff.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace clientbook {

using namespace exchange;

namespace {

constexpr std::size_t most_rows = 400;
constexpr std::size_t most_columns = 1024;

struct sample_row {
  std::uint32_t line = 1;
  std::vector<std::string_view> cells;  // Quotes still around them.
  std::size_t filled = 0;
  bool comment = false;
};

bool is_high(char c) noexcept { return static_cast<unsigned char>(c) >= 0x80; }

// Bytes above ASCII stand alone in the scripts that are known here; where they come in rows it is
// another one.
bool is_other_script(std::string_view text) noexcept {
  std::size_t high = 0;
  std::size_t runs = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_high(text[i])) continue;
    ++high;
    if (i == 0 || !is_high(text[i - 1])) ++runs;
  }
  return high > 2 * runs;
}

}  // namespace

result<text_encoding> exchange::encoding_of(std::string_view text, text_part part) {
  const bool whole = part == text_part::whole;
  if (text.starts_with("\xFF\xFE")) return text_encoding::utf16le;
  if (text.starts_with("\xFE\xFF")) return text_encoding::utf16be;
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < text.size(); ++i) zeros[i % 2] += text[i] == '\0' ? 1U : 0U;
  const std::size_t all = zeros[0] + zeros[1];
  if (all * 4 > text.size() && text.size() >= 4) {
    if (zeros[0] * 10 < zeros[1]) return text_encoding::utf16le;
    if (zeros[1] * 10 < zeros[0]) return text_encoding::utf16be;
  }
  if (all > 0) {
    const auto at = static_cast<std::uint64_t>(std::count(
        text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find('\0')), '\n'));
    return error{errc::invalid_encoding, "a NUL byte: the file is not text", at + 1};
  }
  const std::size_t good = valid_utf8_prefix(text);
  if (good == text.size() || (!whole && text.size() - good < 4)) return text_encoding::utf8;
  const page_found found = code_page_of(text, {});
  if (is_other_script(text) || found.foreign) {
    return error{errc::invalid_encoding,
                 "neither UTF-8, UTF-16 nor Latin letters: save the file as UTF-8"};
  }
  return found.page;
}

namespace {

result<std::string> decoded(std::string_view text, text_encoding encoding, bool whole) {
  if (!whole && (encoding == text_encoding::utf16le || encoding == text_encoding::utf16be)) {
    text = text.substr(0, text.size() - text.size() % 4);
  }
  std::string out;
  auto source = decoded_source(memory_source(text), encoding);
  std::array<char, 4096> piece{};
  for (;;) {
    const auto count = source->read(piece);
    if (!count && whole) return count.error();
    if (!count || *count == 0) break;
    out.append(piece.data(), *count);
  }
  out.resize(valid_utf8_prefix(out));
  if (out.starts_with("\xEF\xBB\xBF")) out.erase(0, 3);
  return out;
}

// Takes the sample apart by one delimiter. Rows that hold nothing are no rows.
std::vector<sample_row> rows_by(std::string_view text, char delimiter, char escape, bool whole) {
  std::vector<sample_row> rows;
  sample_row row;
  std::uint32_t line = 1;
  std::size_t begin = 0;
  std::size_t blank_until = 0;  // Of the cell at `begin`, as far as it was asked for.
  bool quoted = false;
  const auto only_blanks_before = [&](std::size_t end) {
    blank_until = std::max(blank_until, begin);
    while (blank_until < end) {
      const std::size_t size = blank_at_front(text.substr(blank_until, end - blank_until));
      if (size == 0) return false;
      blank_until += size;
    }
    return true;
  };
  const auto end_cell = [&](std::size_t end) {
    const std::string_view cell = without_blanks(text.substr(begin, end - begin));
    if (!cell.empty() && cell != "\"\"") ++row.filled;
    if (row.cells.size() < most_columns + 1) row.cells.push_back(cell);
    begin = end + 1;
  };
  const auto end_row = [&](std::size_t end) {
    end_cell(end);
    if (row.filled > 0) rows.push_back(std::move(row));
    row = {};
  };
  for (std::size_t i = 0; i < text.size() && rows.size() < most_rows; ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\n') ++line;
      if (escape != '\0' && c == escape) ++i;
      if (c == '"') quoted = false;
    } else if (c == '"' && (only_blanks_before(i) || text[i - 1] == '"')) {
      quoted = true;
    } else if (c == delimiter) {
      end_cell(i);
    } else if (c == '\n' || c == '\r') {
      end_row(i);
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') begin = ++i + 1;
      row.line = ++line;
    }
  }
  if (whole && begin < text.size() && rows.size() < most_rows) end_row(text.size());
  return rows;
}

bool is_comment(const sample_row& row) { return row.comment; }

bool begins_as_comment(const sample_row& row) { return row.cells[0].starts_with('#'); }

std::size_t usual_width(const std::vector<sample_row>& rows) {
  std::map<std::size_t, std::size_t> widths;
  for (const sample_row& row : rows) {
    if (!is_comment(row)) ++widths[row.cells.size()];
  }
  std::size_t best = 1;
  for (const auto& [width, count] : widths) {
    if (count > widths[best] || (count == widths[best] && width > best)) best = width;
  }
  return best;
}

// Numbers of orders begin with the sign too (`#1001`), and so does a column that is called `#`:
// what is as wide as the other rows is a row. Where all are, none of them is a comment.
void mark_comments(std::vector<sample_row>& rows) {
  for (sample_row& row : rows) row.comment = begins_as_comment(row);
  const std::size_t width = usual_width(rows);
  std::size_t as_wide = 0;
  std::size_t others = 0;
  for (const sample_row& row : rows) {
    if (row.comment) ++(row.cells.size() == width ? as_wide : others);
  }
  if (others > as_wide) return;
  for (sample_row& row : rows) row.comment = false;
}

double worth_of(const std::vector<sample_row>& rows) {
  const std::size_t width = usual_width(rows);
  if (width < 2) return 0;
  std::size_t as_usual = 0;
  std::size_t all = 0;
  for (const sample_row& row : rows) {
    if (is_comment(row)) continue;
    ++all;
    if (row.cells.size() == width) ++as_usual;
  }
  const double share = static_cast<double>(as_usual) / static_cast<double>(all);
  return share * share * std::log2(static_cast<double>(width) + 1);
}

// The header is the first row that is about as full as rows are; titles above it are not.
std::size_t header_of(const std::vector<sample_row>& rows) {
  std::vector<std::size_t> filled;
  for (const sample_row& row : rows) {
    if (!is_comment(row)) filled.push_back(row.filled);
  }
  if (filled.empty()) return 0;
  std::nth_element(filled.begin(), filled.begin() + static_cast<std::ptrdiff_t>(filled.size() / 2),
                   filled.end());
  const std::size_t usual = filled[filled.size() / 2];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!is_comment(rows[i]) && rows[i].filled * 5 >= usual * 3) return i;
  }
  return 0;
}

// Names of columns are words; an address for mail or a full date is somebody's data.
bool is_data(const sample_row& row) {
  std::size_t numbers = 0;
  for (std::string_view cell : row.cells) {
    if (cell.size() > 1 && cell.starts_with('"') && cell.ends_with('"')) {
      cell = cell.substr(1, cell.size() - 2);
    }
    const std::size_t at = cell.find('@');
    if (at != std::string_view::npos && at > 0 && cell.find('.', at) != std::string_view::npos)
      return true;
    std::string scratch;
    std::string extension;
    std::string_view day = cell;
    file_form form;
    form.pivot = 2026;
    const bool dated =
        cell.size() >= 8 && read_cell(cell_kind::day, form, {}, day, scratch, extension);
    if (dated && !day.empty()) return true;
    const bool number = cell.find_first_not_of("0123456789.,-+ ") == std::string_view::npos;
    // Years are names of columns; other large numbers are somebody's.
    const bool digits = number && cell.find_first_of(".,-+ ") == std::string_view::npos;
    if (digits && cell.size() >= 4 && (cell.size() > 4 || cell < "1900" || cell > "2100"))
      return true;
    if (number || means_nothing(cell, cell_kind::text, {})) ++numbers;
  }
  return numbers == row.cells.size();
}

char escape_of(std::string_view text) {
  const bool backslash = text.find("\\\"") != std::string_view::npos;
  // Where quotes are doubled a backslash before one is a character like any other.
  return backslash && text.find("\"\"\"") == std::string_view::npos ? '\\' : '\0';
}

// One column, in whose cells stands what parts cells elsewhere (`a@b.de|c@d.de`): its name is the
// only one there is. A title over a table has names of columns below it, and no data.
bool is_list_of_one_column(const std::vector<sample_row>& rows) {
  if (rows.size() < 2 || rows[0].cells.size() != 1 || usual_width(rows) < 2) return false;
  std::string_view name = rows[0].cells[0];
  if (name.size() > 1 && name.starts_with('"') && name.ends_with('"')) {
    name = name.substr(1, name.size() - 2);
  }
  const bool known =
      !target_named(name).empty() || read_consent_name(name).says != consent_says::nothing;
  return known && is_data(rows[1]);
}

// A colon behind the kind of an address (`mailto:ann@example.com`) parts no cells.
bool parts_schemes(const std::vector<sample_row>& rows) {
  std::size_t schemes = 0;
  std::size_t parted = 0;
  for (const sample_row& row : rows) {
    if (is_comment(row) || row.cells.size() < 2) continue;
    ++parted;
    std::string kind(row.cells[0]);
    for (char& c : kind) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    for (const std::string_view each : {"mailto", "smtp", "tel", "sms", "http", "https"}) {
      if (kind == each) ++schemes;
    }
  }
  return schemes * 2 > parted;
}

// Whatever stands in no row parts none.
std::vector<sample_row> one_column(std::string_view text, csv_dialect& out, bool whole) {
  out.delimiter = '\t';
  for (const char delimiter : {';', '\t', '|', ','}) {
    if (text.find(delimiter) == std::string_view::npos) out.delimiter = delimiter;
  }
  std::vector<sample_row> rows = rows_by(text, out.delimiter, out.escape, whole);
  mark_comments(rows);
  return rows;
}

// How the letters are written: as it is said, else as the bytes tell.
result<void> find_encoding(csv_dialect& to, std::string_view begins, bool whole,
                           const sniff_hints& known) {
  if (known.encoding) {
    to.encoding = *known.encoding;
    return {};
  }
  const auto encoding = encoding_of(begins, whole ? text_part::whole : text_part::beginning);
  if (!encoding) return encoding.error();
  to.encoding = *encoding;
  const bool page = to.encoding != text_encoding::utf8 && to.encoding != text_encoding::utf16le &&
                    to.encoding != text_encoding::utf16be;
  if (!page) return {};
  const page_found found = code_page_of(begins, known.region);
  to.encoding = found.page;
  to.encoding_unsure = found.unsure;
  return {};
}

result<csv_dialect> sniff(std::string_view begins, bool whole, const sniff_hints& known) {
  if (const auto other = other_format(begins)) return *other;
  csv_dialect out;
  out.rules = csv_dialect::strictness::as_found;
  if (const auto done = find_encoding(out, begins, whole, known); !done) return done.error();
  auto read = decoded(begins, out.encoding, whole);
  if (!read) return read.error();
  std::string_view text = *read;
  std::uint32_t above = 0;
  bool told = false;
  if (text.starts_with("sep=") && text.size() > 5 && (text[5] == '\r' || text[5] == '\n')) {
    out.delimiter = text[4];
    const bool pair = text.substr(5).starts_with("\r\n");
    text.remove_prefix(pair ? 7 : 6);
    above = 1;
    told = true;
  }
  out.escape = escape_of(text);
  std::vector<sample_row> rows;
  double best = -1;
  for (const char delimiter : {',', ';', '\t', '|', ':'}) {
    if (told && delimiter != out.delimiter) continue;
    auto found = rows_by(text, delimiter, out.escape, whole);
    mark_comments(found);
    if (!told && (is_list_of_one_column(found) || parts_schemes(found))) continue;
    double worth = worth_of(found);
    if (delimiter == ':') worth /= 3;  // It stands in times and addresses of pages.
    if (worth <= best) continue;
    best = worth;
    out.delimiter = delimiter;
    rows = std::move(found);
  }
  if (best < 0 && !told) rows = one_column(text, out, whole);
  if (rows.empty() && !whole && text.find_first_not_of(" \t\r\n") != std::string_view::npos) {
    return error{errc::limit_exceeded,
                 "the first row is longer than a header may be: too many columns, or no line ends",
                 1};
  }
  if (rows.empty())
    return error{errc::missing_field, "the file is empty: a header row is needed", 1};
  const std::size_t header = header_of(rows);
  if (rows[header].cells.size() > most_columns) {
    return error{errc::limit_exceeded, "a row has more columns than the limit", rows[header].line};
  }
  for (const sample_row& row : rows) {
    if (is_comment(row)) out.comment = '#';
  }
  const bool title = std::any_of(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(header),
                                 [](const sample_row& each) { return !is_comment(each); });
  out.skip_lines = above + (title ? rows[header].line - 1 : 0);
  if (is_data(rows[header])) out.header = csv_dialect::header_row::absent;
  return out;
}

}  // namespace

result<csv_dialect> sniff_csv(std::string_view begins, const sniff_hints& known) try {
  const bool whole = begins.size() < sniffed_table_bytes;
  return sniff(begins.substr(0, sniffed_table_bytes), whole, known);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<csv_dialect> sniff_csv_file(const std::string& path, const sniff_hints& known) try {
  // Whoever looks reads the table behind it, and nobody writes into the pipe a second time.
  if (std::error_code unknown; std::filesystem::is_fifo(path, unknown)) {
    return error{errc::unsupported,
                 "a pipe is read once, and a table of which nothing is said twice: write it into a "
                 "file, or say by a map how it is written"};
  }
  auto source = open_file_source(path);
  if (!source) return source.error();
  std::string begins(sniffed_table_bytes, '\0');
  std::size_t size = 0;
  while (size < begins.size()) {
    const auto count = (*source)->read(std::span(begins).subspan(size));
    if (!count) return count.error();
    if (*count == 0) break;
    size += *count;
  }
  return sniff(std::string_view(begins).substr(0, size), size < begins.size(), known);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

}  // namespace clientbook
