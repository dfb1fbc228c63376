// Tables: a row at a time, a cell by itself, beside the name of its column.
//
// A row that does not fit is in doubt, since nobody knows which column a cell belongs to: it is
// read with another delimiter if that fits, else whatever may be a value is hidden. A quote mark
// that nothing closes, or that stands where none may, is a sign like others.
#include <algorithm>

#include "readers.hpp"

namespace clientbook::forms {
namespace {

constexpr std::size_t most_titles = 5;

struct cell {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool quoted = false;  // From the first quote mark to the last.
};

// Of a form within a quoted cell.
plain_text in_quoted(std::string_view label) {
  plain_text out;
  for (const char c : label) {
    out += c;
    if (c == '"') out += c;
  }
  return out;
}

// Of HTML within a cell whose delimiter is a part of `&lt;`.
plain_text without_entities(std::string_view label) {
  plain_text out;
  for (std::size_t at = 0; at < label.size();) {
    const std::string_view rest = label.substr(at);
    const bool opens = rest.starts_with("&lt;");
    const bool entity = opens || rest.starts_with("&gt;");
    out += opens ? '<' : entity ? '>' : label[at];
    at += entity ? 4 : 1;
  }
  return out;
}

struct row_read {
  std::vector<cell> cells;
  bool well_formed = true;
};

// A row without its end. Quote marks count where `quotes` says so.
row_read split(std::string_view row, char delimiter, bool quotes) {
  row_read out;
  std::size_t at = 0;
  for (;;) {
    cell one{at, at, false};
    std::size_t first = at;
    while (first < row.size() && row[first] == ' ') ++first;
    if (quotes && first < row.size() && row[first] == '"') {
      one.quoted = true;
      std::size_t end = first + 1;
      for (; end < row.size(); ++end) {
        if (row[end] != '"') continue;
        if (end + 1 == row.size() || row[end + 1] != '"') break;
        ++end;
      }
      out.well_formed = out.well_formed && end < row.size();
      at = std::min(end + 1, row.size());
      while (at < row.size() && row[at] == ' ') ++at;
      out.well_formed = out.well_formed && (at == row.size() || row[at] == delimiter);
    }
    while (at < row.size() && row[at] != delimiter) ++at;
    one.end = at;
    out.cells.push_back(one);
    if (at == row.size()) return out;
    ++at;
  }
}

class csv_reader final : public reader {
 public:
  csv_reader(outlet& out, finder& with, int depth)
      : reader(out, with, depth), delimiter_(with.options().delimiter) {}

  void take(std::string_view bytes) override {
    if (delimiter_ != 0) return each_byte(bytes);
    head_ += bytes;
    if (head_.size() >= sniffed_bytes) begin();
  }

  void end() override {
    if (delimiter_ == 0) begin();
    if (!failure_ && !row_.empty()) whole_row();
  }

 private:
  // The delimiter is what the first rows show.
  void begin() {
    returns_ = head_.find('\n') == head_.npos && head_.find('\r') != head_.npos;
    if (returns_) {
      plain_text lines = head_;
      std::replace(lines.begin(), lines.end(), '\r', '\n');
      delimiter_ = sniff_delimiter(lines);
    } else {
      delimiter_ = sniff_delimiter(head_);
    }
    if (delimiter_ == 0) delimiter_ = delimiter_of_names(head_);
    if (delimiter_ == 0) delimiter_ = likely_delimiter(head_);
    if (delimiter_ == 0) delimiter_ = ',';
    const plain_text head = std::move(head_);
    head_.clear();
    each_byte(head);
  }

  // Quote marks of a cell that begins with one hide line ends.
  void each_byte(std::string_view bytes) {
    for (const char c : bytes) {
      if (failure_) return;
      row_ += c;
      if (c == '"') {
        const bool opens = !in_quotes_ && (at_cell_begin_ || closed_);
        closed_ = in_quotes_;
        in_quotes_ = opens;
        at_cell_begin_ = false;
        continue;
      }
      closed_ = false;
      if ((c == '\n' || (c == '\r' && returns_)) && !in_quotes_) {
        whole_row();
        continue;
      }
      at_cell_begin_ = !in_quotes_ && (c == delimiter_ || (c == ' ' && at_cell_begin_));
      if (row_.size() > most_form_unit) too_long();
    }
  }

  void begin_row() {
    passed_ += row_.size();
    row_.clear();
    in_quotes_ = closed_ = false;
    at_cell_begin_ = true;
  }

  // Behind a quote mark that nothing closes lie rows.
  void too_long() {
    const std::size_t end = row_.rfind('\n');
    if (end == row_.npos) {
      fail(errc::limit_exceeded, "a row of the table does not end", passed_);
      return;
    }
    const plain_text rest = row_.substr(end + 1);
    row_.resize(end + 1);
    each_line(row_);
    begin_row();
    row_ = rest;
    at_cell_begin_ = rest.empty();
  }

  void whole_row() {
    const bool lines = std::count(row_.begin(), row_.end(), '\n') > 1 || !row_.ends_with('\n');
    if (lines &&
        !split(std::string_view(row_).substr(0, body(row_)), delimiter_, true).well_formed) {
      rows_by_line();
    } else {
      row(row_);
    }
    begin_row();
  }

  // What a quote mark that nothing closes took for one row.
  void rows_by_line() {
    std::string_view rest = row_;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
      row(rest.substr(0, end));
      rest.remove_prefix(end);
    }
  }

  // A whole row with its end.
  void row(std::string_view all) {
    const std::size_t size = body(all);
    const std::string_view inner = all.substr(0, size);
    if (first_) {
      if (inner.starts_with("\xEF\xBB\xBF")) {
        out_.keep(inner.substr(0, 3));
        first_row(inner.substr(3));
      } else {
        first_row(inner);
      }
    } else if (inner.empty()) {
      gap_ = true;
    } else if (!gap_ || !another_table(inner)) {
      later_row(inner);
    }
    if (!inner.empty()) gap_ = false;
    if (size < all.size()) out_.keep(all.substr(size));
  }

  static std::size_t body(std::string_view all) {
    std::size_t size = all.size();
    if (size > 0 && all[size - 1] == '\n') --size;
    if (size > 0 && all[size - 1] == '\r') --size;
    return size;
  }

  void first_row(std::string_view inner) {
    // `sep=;` of spreadsheets.
    if (inner.size() == 5 && inner.starts_with("sep=")) {
      delimiter_ = inner[4];
      return out_.keep(inner);
    }
    if (inner.find_first_not_of(" \t") == inner.npos) return out_.keep(inner);
    row_read read = split(inner, delimiter_, true);
    if (!read.well_formed) read = split(inner, delimiter_, false);
    columns_ = read.cells.size();
    if (is_title(inner, read) && ++titles_ <= most_titles) return cells_of(inner, read, delimiter_);
    first_ = false;
    names_.clear();
    bool known = false;
    bool words = read.well_formed;
    for (const cell& one : read.cells) {
      plain_text text = text_of(inner, one);
      names_.push_back(read_field_name(text));
      known = known || names_.back().meaning != field_meaning::unknown;
      words = words && may_name(text);
    }
    if (words && known) {
      name_goods();
      return out_.keep(inner);
    }
    names_.clear();
    later_row(inner);
  }

  // `Customers of 2026` above the names, alone in its row.
  static bool is_title(std::string_view inner, const row_read& read) {
    std::size_t texts = 0;
    for (const cell& one : read.cells) {
      const plain_text text = text_of(inner, one);
      texts += text.empty() ? 0U : 1U;
      if (texts > 1 || read_field_name(text).meaning != field_meaning::unknown) return false;
    }
    return true;
  }

  // Behind an empty row: names of other columns.
  bool another_table(std::string_view inner) {
    const char other = delimiter_of_names(inner);
    if (other == 0) return false;
    const row_read read = split(inner, other, true);
    std::vector<field_name> names;
    std::size_t known = 0;
    for (const cell& one : read.cells) {
      const plain_text text = text_of(inner, one);
      if (!may_name(text)) return false;
      names.push_back(read_field_name(text));
      known += names.back().meaning != field_meaning::unknown ? 1U : 0U;
    }
    if (!read.well_formed || names.size() < 2 || 2 * known < names.size()) return false;
    delimiter_ = other;
    columns_ = names.size();
    names_ = std::move(names);
    name_goods();
    out_.keep(inner);
    return true;
  }

  void name_goods() { tell_goods(names_); }

  // A name of a column: no number, no address, and nothing that is found.
  bool may_name(const plain_text& text) {
    if (signs_in(text) > 64 || text.find('@') != text.npos || holds_label(text)) return false;
    std::size_t digits = 0;
    for (const char c : text) digits += c >= '0' && c <= '9' ? 1U : 0U;
    return digits <= 2 && (text.empty() || digits < text.size());
  }

  static plain_text text_of(std::string_view inner, const cell& one) {
    std::string_view all = inner.substr(one.begin, one.end - one.begin);
    const std::size_t first = all.find_first_not_of(' ');
    if (first == all.npos) return {};
    all = all.substr(first, all.find_last_not_of(' ') - first + 1);
    if (one.quoted && all.size() >= 2) all = all.substr(1, all.size() - 2);
    return plain_text(all);
  }

  void later_row(std::string_view inner) {
    const row_read read = split(inner, delimiter_, true);
    if (!read.well_formed || swallows_rows(inner, read)) return each_line(inner);
    cells_of(inner, read, delimiter_);
  }

  // A quoted cell that holds whole rows.
  bool swallows_rows(std::string_view inner, const row_read& read) const {
    if (columns_ < 2 || inner.find('\n') == inner.npos) return false;
    for (const cell& one : read.cells) {
      std::string_view text = inner.substr(one.begin, one.end - one.begin);
      for (std::size_t end = text.find('\n'); end != text.npos; end = text.find('\n')) {
        const std::string_view rest = text.substr(end + 1);
        const std::string_view line = rest.substr(0, rest.find('\n'));
        if (static_cast<std::size_t>(std::count(line.begin(), line.end(), delimiter_)) + 1 >=
            columns_)
          return true;
        text = rest;
      }
    }
    return false;
  }

  // Lines whose quote marks are signs like others.
  void each_line(std::string_view lines) {
    while (!lines.empty()) {
      const std::size_t end = std::min(lines.find('\n'), lines.size() - 1) + 1;
      const std::string_view line = lines.substr(0, end);
      const std::size_t size = body(line);
      const row_read read = split(line.substr(0, size), delimiter_, false);
      // Marks within a quoted value may part it, and leave as many cells as there are columns.
      broken_ = line.find('"') != line.npos;
      cells_of(line.substr(0, size), read, delimiter_);
      broken_ = false;
      if (size < line.size()) out_.keep(line.substr(size));
      lines.remove_prefix(end);
    }
  }

  void cells_of(std::string_view inner, const row_read& read, char delimiter) {
    if (!names_.empty() && read.cells.size() == 1 && columns_ > 1 && delimiter == delimiter_) {
      for (const char other : {',', ';', '\t', '|'}) {
        const row_read anew = split(inner, other, true);
        if (anew.well_formed && anew.cells.size() == columns_) return cells_of(inner, anew, other);
      }
    }
    std::size_t count = read.cells.size();  // A delimiter at the end makes no cell more.
    while (count > columns_ && read.cells[count - 1].begin == read.cells[count - 1].end) --count;
    const bool doubt =
        count > columns_ || (!names_.empty() && count != columns_ && !fewer(inner, read));
    const std::size_t more = count > columns_ ? count - columns_ : broken_ ? 1 : 0;
    for (std::size_t i = 0; i < read.cells.size(); ++i) {
      const cell& one = read.cells[i];
      const std::string_view bytes = inner.substr(one.begin, one.end - one.begin);
      const bool parted = broken_ && name_in_doubt(i, more).meaning != field_meaning::unknown;
      const field_name name = doubt || parted     ? name_in_doubt(i, more)
                              : i < names_.size() ? names_[i]
                                                  : field_name{};
      put_cell(bytes, one.quoted, name, doubt);
      if (one.end < inner.size()) out_.keep(inner.substr(one.end, 1));
    }
  }

  // Cells may be left out at the end, but not where the one that is left holds another table's row.
  bool fewer(std::string_view inner, const row_read& read) const {
    if (read.cells.size() > columns_) return false;
    for (const char other : {',', ';', '\t', '|'}) {
      if (other != delimiter_ &&
          static_cast<std::size_t>(std::count(inner.begin(), inner.end(), other)) +
                  read.cells.size() >=
              columns_) {
        return false;
      }
    }
    return true;
  }

  // With so many cells too many, a cell may be of its column or of one of as many before it:
  // `1,"Miller, "Anna"",x`. Where one of them is of people, it is theirs.
  field_name name_in_doubt(std::size_t i, std::size_t more) const {
    for (std::size_t j = i > more ? i - more : 0; j <= i && j < names_.size(); ++j) {
      const field_meaning meaning = names_[j].meaning;
      if (meaning == field_meaning::person_name || meaning == field_meaning::street) {
        return names_[j];
      }
    }
    return {};
  }

  void put_cell(std::string_view bytes, bool quoted, const field_name& name, bool doubt) {
    if (bytes.empty()) return;
    if (quoted) {
      const std::size_t open = bytes.find('"');
      const std::size_t close = bytes.rfind('"');
      block_.markup(bytes.substr(0, open + 1), "");
      for (std::size_t at = open + 1; at < close;) {
        const std::size_t twice = std::min(bytes.find("\"\"", at), close);
        block_.same(bytes.substr(at, twice - at));
        if (twice < close) block_.escape(bytes.substr(twice, 2), "\"");
        at = twice + 2;
      }
      block_.markup(bytes.substr(close), "");
    } else {
      block_.same(bytes);
    }
    const plain_text& text = block_.text();
    std::vector<hit> hits;
    if (!doubt || name.meaning != field_meaning::unknown) hits = finder_.find(text, name, depth_);
    if (doubt && hits.empty()) hits = finder_.find_in_doubt(text);
    block_.give(out_, std::move(hits),
                quoted                                   ? in_quoted
                : delimiter_ == ';' || delimiter_ == '&' ? without_entities
                                                         : as_it_is);
  }

  char delimiter_;
  bool first_ = true;
  bool gap_ = false;  // The row before is empty.
  std::size_t titles_ = 0;
  bool broken_ = false;   // The row has quote marks that part no cells.
  bool returns_ = false;  // A row ends with `\r` alone.
  std::size_t columns_ = 0;
  std::vector<field_name> names_;
  plain_text head_;
  plain_text row_;
  std::uint64_t passed_ = 0;
  bool in_quotes_ = false;
  bool closed_ = false;  // The last sign ended a quoted part; another quote mark goes on with it.
  bool at_cell_begin_ = true;
  block block_;
};

}  // namespace

any_reader make_csv_reader(outlet& out, finder& with, int depth) {
  return std::make_unique<csv_reader>(out, with, depth);
}

}  // namespace clientbook::forms
