// CSV (RFC 4180) in one buffer that grows with the longest row.
//
// Our own, because an import has to say line and column of every fault without quoting it, and go
// on behind it. Fields are found first and taken out of their quotes in place afterwards, so a row
// that is not whole yet can be scanned again. Text has to be UTF-8 when it comes here:
// encodings.cpp stands before it.
#include "encodings.hpp"

#include <clientbook/exchange/csv.hpp>
#include <clientbook/internal/base/out_of_memory.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

namespace clientbook {

using exchange::other_format;

namespace {

constexpr std::size_t first_buffer = std::size_t{1} << 18;

// The bytes at which the scan of a field outside quotes has to stop and think.
std::array<bool, 256> stops_of(const csv_dialect& how) noexcept {
  std::array<bool, 256> table{};
  for (const char c : {how.delimiter, '\n', '\r', '\0'})
    table[static_cast<unsigned char>(c)] = true;
  table['"'] = how.rules == csv_dialect::strictness::rfc_4180;
  return table;
}

bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Unicode 15, table 3-7: well-formed byte sequences.
bool is_utf8(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto within = [&](std::size_t i, unsigned low, unsigned high) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = byte(i);
    if (lead < 0x80) {
      ++i;
    } else if (lead >= 0xC2 && lead <= 0xDF && within(i + 1, 0x80, 0xBF)) {
      i += 2;
    } else if (lead >= 0xE0 && lead <= 0xEF &&
               within(i + 1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) &&
               within(i + 2, 0x80, 0xBF)) {
      i += 3;
    } else if (lead >= 0xF0 && lead <= 0xF4 &&
               within(i + 1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) &&
               within(i + 2, 0x80, 0xBF) && within(i + 3, 0x80, 0xBF)) {
      i += 4;
    } else {
      return false;
    }
  }
  return true;
}

bool is_ascii(std::string_view text) noexcept {
  std::uint64_t all = 0;
  std::size_t i = 0;
  for (; i + sizeof all <= text.size(); i += sizeof all) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof word);
    all |= word;
  }
  for (; i < text.size(); ++i) all |= static_cast<unsigned char>(text[i]);
  return (all & 0x8080'8080'8080'8080U) == 0;
}

}  // namespace

// The buffer holds the unfinished row from row_ on; reading more moves it to the front or doubles
// the room. A row is scanned from its beginning until its line end is there, its fields are places
// in the buffer, and only then its quotes are taken out, in place.
struct csv_reader::state {
  state(std::unique_ptr<byte_source> from, const csv_dialect& how, csv_limits most)
      : source(std::move(from)), limits(most), how_(how), stops_(stops_of(how)) {}

  std::unique_ptr<byte_source> source;
  csv_limits limits;
  std::vector<std::string> header;
  std::vector<std::string_view> cells;
  std::uint64_t row_line = 1;

  result<bool> next();
  result<void> read_header();

 private:
  // A field found in the buffer; quotes still in place, so that a row that turns out to be
  // incomplete can be scanned again after more has been read.
  struct field {
    std::size_t begin;
    std::size_t end;
    bool doubled_quotes;
  };
  enum class scan_end { row, more, bad };

  bool as_found() const noexcept { return how_.rules == csv_dialect::strictness::as_found; }
  bool is_stop(char c) const noexcept { return stops_[static_cast<unsigned char>(c)]; }
  std::size_t quote_at(std::size_t i) const noexcept;
  bool is_no_row(std::string_view raw) const noexcept;
  result<void> name_columns();
  result<void> skip_title();
  scan_end scan_row(std::size_t columns);
  scan_end scan_quoted(field& found, std::size_t& i, std::uint64_t& line) noexcept;
  scan_end scan_line_end(std::size_t i, std::uint64_t line) noexcept;
  scan_end fault(literal text, std::uint64_t line) noexcept;
  result<bool> read_more();
  result<bool> give_up(error reason) noexcept;
  void skip_line(std::size_t from) noexcept;
  void unquote();

  csv_dialect how_;
  std::array<bool, 256> stops_;
  std::vector<char> buffer_ = std::vector<char>(first_buffer);
  std::size_t row_ = 0;   // where the row begins
  std::size_t scan_ = 0;  // where the scan of it ended
  std::size_t fill_ = 0;  // end of what was read
  bool at_end_ = false;
  bool skipping_ = false;   // behind a faulty row, until its line ends
  std::uint64_t line_ = 1;  // of row_
  std::uint64_t scan_line_ = 1;
  std::vector<field> fields_;
  std::size_t width_ = 0;       // fields of the row, kept or not
  bool beyond_ = false;         // one of those not kept holds something
  error fault_;                 // of this row
  std::optional<error> final_;  // of the file
};

result<bool> csv_reader::state::give_up(error reason) noexcept {
  final_ = reason;
  cells.clear();
  return reason;
}

// Makes room behind the unfinished row and fills it. False if nothing more can come.
result<bool> csv_reader::state::read_more() {
  if (at_end_) return false;
  if (row_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + row_, fill_ - row_);
    fill_ -= row_;
    row_ = 0;
  }
  if (fill_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
  while (fill_ < buffer_.size()) {
    const auto count = source->read(std::span(buffer_).subspan(fill_));
    if (!count) {
      error reason = count.error();
      reason.at = line_;
      return reason;
    }
    if (*count == 0) {
      at_end_ = true;
      break;
    }
    fill_ += *count;
  }
  return true;
}

csv_reader::state::scan_end csv_reader::state::fault(literal text, std::uint64_t line) noexcept {
  fault_ = error{errc::invalid_encoding, text, line};
  return scan_end::bad;
}

// Finds the end of the quoted field that begins at `found.begin`, and steps behind its quote.
csv_reader::state::scan_end csv_reader::state::scan_quoted(field& found, std::size_t& i,
                                                           std::uint64_t& line) noexcept {
  const char* const text = buffer_.data();
  const std::uint64_t opened = line;
  found.begin = ++i;
  for (;;) {
    const char escape = how_.escape == '\0' ? '"' : how_.escape;
    while (i < fill_ && text[i] != '"' && text[i] != '\n' && text[i] != '\0' && text[i] != escape &&
           text[i] != '\r') {
      ++i;
    }
    scan_ = i;
    if (i == fill_) {
      fault_ = error{errc::truncated, "a quoted field has no closing quote", opened};
      return scan_end::more;
    }
    if (text[i] == '\0') return fault("a NUL byte: the file is not text in UTF-8", line);
    if (text[i] == '\r' && i + 1 == fill_ && !at_end_) return scan_end::more;
    if (text[i] == '\n') {
      ++line;
      ++i;
    } else if (text[i] == '\r') {
      // Where a carriage return alone ends a line it does so inside quotes too.
      if (as_found() && (i + 1 == fill_ || text[i + 1] != '\n')) ++line;
      ++i;
    } else if (text[i] != '"') {
      if (i + 1 == fill_ && !at_end_) return scan_end::more;
      found.doubled_quotes = true;
      i += i + 1 < fill_ && (text[i + 1] == '"' || text[i + 1] == text[i]) ? 2 : 1;
    } else if (i + 1 < fill_ && text[i + 1] == '"') {
      found.doubled_quotes = true;
      i += 2;
    } else if (i + 1 == fill_ && !at_end_) {
      return scan_end::more;
    } else {
      found.end = i++;
      return scan_end::row;
    }
  }
}

// What stands behind the last field of a row has to be a line end.
csv_reader::state::scan_end csv_reader::state::scan_line_end(std::size_t i,
                                                             std::uint64_t line) noexcept {
  const char* const text = buffer_.data();
  scan_ = i;
  if (text[i] == '\r' && i + 1 == fill_ && !at_end_) return scan_end::more;
  if (text[i] == '\r' && as_found() && (i + 1 == fill_ || text[i + 1] != '\n')) {
    scan_ = i + 1;
    scan_line_ = line + 1;
    return scan_end::row;
  }
  if (text[i] == '\r' && i + 1 < fill_ && text[i + 1] == '\n') scan_ = ++i;
  switch (text[i]) {
    case '\n':
      scan_ = i + 1;
      scan_line_ = line + 1;
      return scan_end::row;
    case '\r':
      return fault("a carriage return without a line feed: end lines with LF or CRLF", line);
    case '\0':
      return fault("a NUL byte: the file is not text in UTF-8", line);
    default:
      // Behind a closing quote, or a quote inside a field that does not begin with one.
      return fault("a stray quote: write a quote as two, inside a field in quotes", line);
  }
}

// Where the quotes of the field at `i` begin; else, and where blanks may not stand before them,
// `i`.
std::size_t csv_reader::state::quote_at(std::size_t i) const noexcept {
  if (!as_found()) return i;
  const char* const text = buffer_.data();
  std::size_t at = i;
  while (at < fill_ && is_blank(text[at]) && text[at] != how_.delimiter) ++at;
  return at < fill_ && text[at] == '"' ? at : i;
}

// Finds the fields of the row at row_; sets scan_ behind its line end. The file's last line
// may lack a line end. Fields beyond `columns` are counted, not kept.
csv_reader::state::scan_end csv_reader::state::scan_row(std::size_t columns) {
  const char* const text = buffer_.data();
  std::size_t i = row_;
  std::uint64_t line = line_;
  fields_.clear();
  width_ = 0;
  beyond_ = false;
  const auto keep = [&](const field& found) {
    if (width_++ < columns) {
      fields_.push_back(found);
    } else if (found.begin != found.end) {
      beyond_ = true;
    }
  };
  for (;;) {
    i = quote_at(i);
    field found{i, i, false};
    if (i < fill_ && text[i] == '"') {
      if (const scan_end end = scan_quoted(found, i, line); end != scan_end::row) return end;
      while (as_found() && i < fill_ && is_blank(text[i]) && text[i] != how_.delimiter) ++i;
    } else {
      while (i < fill_ && !is_stop(text[i])) ++i;
      found.end = i;
    }
    if (i == fill_) {
      scan_ = i;
      if (!at_end_) return scan_end::more;
      keep(found);
      scan_line_ = line;
      return scan_end::row;
    }
    keep(found);
    if (text[i] != how_.delimiter) return scan_line_end(i, line);
    ++i;
  }
}

// Takes the row out of its quotes, in place.
void csv_reader::state::unquote() {
  cells.resize(fields_.size());
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const field& found = fields_[i];
    char* const begin = buffer_.data() + found.begin;
    char* end = buffer_.data() + found.end;
    if (found.doubled_quotes) {
      char* to = begin;
      for (const char* from = begin; from < end; ++from) {
        const bool escaped = how_.escape != '\0' && *from == how_.escape && from + 1 < end &&
                             (from[1] == '"' || from[1] == how_.escape);
        if (escaped) ++from;
        *to++ = *from;
        if (*from == '"' && !escaped) ++from;
      }
      end = to;
    }
    cells[i] = {begin, static_cast<std::size_t>(end - begin)};
  }
}

// The rest of a faulty row is unknown; the next line end is where reading can go on.
void csv_reader::state::skip_line(std::size_t from) noexcept {
  const std::string_view seen(buffer_.data(), fill_);
  line_ += static_cast<std::uint64_t>(std::count(seen.begin() + static_cast<std::ptrdiff_t>(row_),
                                                 seen.begin() + static_cast<std::ptrdiff_t>(from),
                                                 '\n'));
  const std::size_t end = seen.find_first_of(as_found() ? "\n\r" : "\n", from);
  skipping_ = end == std::string_view::npos;
  const bool pair = !skipping_ && seen.substr(end).starts_with("\r\n");
  row_ = skipping_ ? fill_ : end + (pair ? 2 : 1);
  if (!skipping_) ++line_;
}

result<bool> csv_reader::state::next() try {
  if (final_) return *final_;
  cells.clear();
  const std::size_t expected = header.size();
  while (skipping_) {
    const auto more = read_more();
    if (!more) return give_up(more.error());
    if (!*more) break;
    skip_line(row_);
  }
  for (;;) {
    if (row_ == fill_) {
      const auto more = read_more();
      if (!more) return give_up(more.error());
      if (row_ == fill_) return false;
    }
    row_line = line_;
    fault_ = error{};
    // In the header a row may be as wide as the limit; later, as wide as the header.
    const std::size_t columns = expected == 0 ? limits.columns : expected;
    const scan_end ended = scan_row(columns);
    if (scan_ - row_ > limits.row_bytes) {
      return give_up({errc::limit_exceeded,
                      "a row is longer than the limit: a closing quote may be missing", line_});
    }
    if (ended == scan_end::more) {
      const error unclosed = fault_;
      const auto more = read_more();
      if (!more) return give_up(more.error());
      if (!*more) return give_up(unclosed);
      continue;
    }
    if (ended == scan_end::bad) {
      skip_line(scan_);
      return fault_;
    }
    const std::string_view raw(buffer_.data() + row_, scan_ - row_);
    const std::uint64_t line = std::exchange(line_, scan_line_);
    row_ = scan_;
    if (width_ > limits.columns) {
      return give_up({errc::limit_exceeded, "a row has more columns than the limit", line});
    }
    if (is_no_row(raw)) continue;
    if (expected != 0 && width_ > expected && (!as_found() || beyond_)) {
      return error{errc::invalid_encoding, "more cells than the header has columns", line};
    }
    if (width_ < expected && !as_found()) {
      return error{errc::invalid_encoding, "fewer cells than the header has columns", line};
    }
    if (!is_ascii(raw) && !is_utf8(raw)) {
      return error{errc::invalid_encoding, "not UTF-8: convert the file first", line};
    }
    unquote();
    if (cells.size() < expected) cells.resize(expected);
    return true;
  }
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

// Comments, and rows without a single value in a file as it was found.
bool csv_reader::state::is_no_row(std::string_view raw) const noexcept {
  if (how_.comment != '\0' && raw.starts_with(how_.comment)) return true;
  return as_found() && !beyond_ &&
         std::all_of(fields_.begin(), fields_.end(), [&](const field& each) {
           return trimmed({buffer_.data() + each.begin, each.end - each.begin}).empty();
         });
}

// The lines above the header row are no rows, and their quotes none.
result<void> csv_reader::state::skip_title() {
  for (std::uint32_t left = how_.skip_lines; left > 0; --left) {
    do {
      if (row_ == fill_) {
        const auto more = read_more();
        if (!more) return more.error();
        if (row_ == fill_) return {};
      }
      skip_line(row_);
    } while (skipping_);
  }
  return {};
}

// Gives a file as it was found the names that its header lacks.
result<void> csv_reader::state::name_columns() {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string name(as_found() ? trimmed(cells[i]) : cells[i]);
    if (name.empty() || how_.header == csv_dialect::header_row::absent) {
      if (!as_found() && how_.header == csv_dialect::header_row::present) {
        return error{errc::missing_field, "a column of the header row has no name", row_line};
      }
      name = "column " + std::to_string(i + 1);
    }
    if (as_found()) {
      const auto taken = [&](const std::string& each) {
        return std::find(header.begin(), header.end(), each) != header.end();
      };
      const std::string first = name;
      for (int copy = 2; taken(name); ++copy) name = first + " (" + std::to_string(copy) + ")";
    }
    header.push_back(std::move(name));
  }
  std::vector<std::string_view> sorted(header.begin(), header.end());
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
    return error{errc::already_exists, "two columns of the header row have one name", row_line};
  }
  return {};
}

result<void> csv_reader::state::read_header() {
  if (const auto more = read_more(); !more) return more.error();
  const std::string_view first(buffer_.data(), fill_);
  if (const auto other = other_format(first)) return *other;
  if (first.starts_with("\xEF\xBB\xBF")) row_ = 3;
  if (const auto skipped = skip_title(); !skipped) return skipped;
  const std::size_t begin = row_;
  const auto found = next();
  if (!found) return found.error();
  if (!*found) return error{errc::missing_field, "the file is empty: a header row is needed", 1};
  if (const auto named = name_columns(); !named) return named;
  cells.clear();
  if (how_.header == csv_dialect::header_row::absent) {
    row_ = begin;
    line_ = row_line;
  }
  return {};
}

csv_reader::csv_reader(std::unique_ptr<state> owned) noexcept : state_(std::move(owned)) {}
csv_reader::csv_reader(csv_reader&&) noexcept = default;
csv_reader& csv_reader::operator=(csv_reader&&) noexcept = default;
csv_reader::~csv_reader() = default;

result<csv_reader> csv_reader::open(std::unique_ptr<byte_source> source, csv_limits limits) {
  return open(std::move(source), csv_dialect{}, limits);
}

result<csv_reader> csv_reader::open(std::unique_ptr<byte_source> source, const csv_dialect& dialect,
                                    csv_limits limits) try {
  if (source == nullptr || limits.row_bytes == 0 || limits.columns == 0) {
    return error{errc::invalid_argument, "a CSV reader needs a source and limits above zero"};
  }
  const auto plain = [](char c) {
    return c > '\0' && c != '\n' && c != '\r' && c != '"' && static_cast<unsigned char>(c) < 0x80;
  };
  if (!plain(dialect.delimiter) || (dialect.escape != '\0' && !plain(dialect.escape)) ||
      (dialect.comment != '\0' && !plain(dialect.comment))) {
    return error{errc::invalid_argument, "a delimiter is one ASCII character, and no quote"};
  }
  auto decoded = exchange::decoded_source(std::move(source), dialect.encoding);
  auto fresh = std::make_unique<state>(std::move(decoded), dialect, limits);
  if (const auto read = fresh->read_header(); !read) return read.error();
  return csv_reader(std::move(fresh));
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<csv_reader> csv_reader::open_file(const std::string& path, csv_limits limits) {
  return open_file(path, csv_dialect{}, limits);
}

result<csv_reader> csv_reader::open_file(const std::string& path, const csv_dialect& dialect,
                                         csv_limits limits) try {
  auto source = open_file_source(path);
  if (!source) return source.error();
  return open(std::move(*source), dialect, limits);
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

std::span<const std::string> csv_reader::header() const noexcept { return state_->header; }
result<bool> csv_reader::next() try { return state_->next(); } catch (const std::bad_alloc&) {
  return not_enough_memory;
}
std::span<const std::string_view> csv_reader::cells() const noexcept { return state_->cells; }
std::uint64_t csv_reader::line() const noexcept { return state_->row_line; }

}  // namespace clientbook
