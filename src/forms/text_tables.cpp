// People write tables with blanks, tabs or bars, and paste what programs draw:
//
//   Customer     DOB       Size          | Kunde | Ausweis |
//   Zoe Quast    3.5.58    38            |-------|---------|
//
// A row of names is told by names that are known, half of its cells at least and one of a person's
// values; prose has no such row.
#include "text_tables.hpp"

#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>

namespace clientbook::forms {
namespace {

constexpr std::string_view drawn_bar = "\xE2\x94\x82";  // │
constexpr std::size_t longest_name = 40;
constexpr std::size_t most_columns = 64;

struct cell {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t column = 0;  // Signs from the beginning of the line.
};

enum class parted_by : std::uint8_t { none, bars, tabs, blanks };

parted_by parting(std::string_view line) {
  if (line.find('\t') != line.npos) return parted_by::tabs;
  if (line.find('|') != line.npos || line.find(drawn_bar) != line.npos) return parted_by::bars;
  return line.find("  ") != line.npos ? parted_by::blanks : parted_by::none;
}

// How many bytes of what parts two cells stand there.
std::size_t gap_at(std::string_view line, std::size_t at, parted_by by) {
  const std::string_view rest = line.substr(at);
  // Between digits a tab is read as a bar (loose_text).
  if (by == parted_by::tabs) return rest[0] == '\t' || rest[0] == '|' ? 1 : 0;
  if (by == parted_by::bars) {
    return rest[0] == '|' ? 1 : rest.starts_with(drawn_bar) ? drawn_bar.size() : 0;
  }
  const std::size_t blanks = std::min(rest.find_first_not_of(' '), rest.size());
  return blanks >= 2 ? blanks : 0;
}

// The cells of a line that begins at `from` in the text, without the blanks around them. Between
// bars and tabs a cell may be empty, but not outside of the outer bars.
std::vector<cell> cells_of(std::string_view line, std::size_t from, parted_by by) {
  std::vector<cell> out;
  std::size_t begin = 0;
  const auto put = [&](std::size_t end) {
    const std::size_t first = std::min(line.find_first_not_of(" \r", begin), end);
    std::size_t last = end;
    while (last > first && (line[last - 1] == ' ' || line[last - 1] == '\r')) --last;
    const bool outer = by != parted_by::tabs && (begin == 0 || end == line.size());
    if (first == last && (outer || by == parted_by::blanks)) return;
    const auto column = static_cast<std::size_t>(
        std::count_if(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(first),
                      [](char c) { return (c & 0xC0) != 0x80; }));
    out.push_back({from + first, from + last, column});
  };
  for (std::size_t at = 0; at < line.size() && out.size() <= most_columns;) {
    const std::size_t gap = gap_at(line, at, by);
    if (gap == 0) {
      ++at;
      continue;
    }
    put(at);
    begin = at += gap;
  }
  put(line.size());
  return out;
}

// `-----  ----`, `|---|:--|`, `├────┼───┤`
bool is_rule(std::string_view line) {
  return line.find_first_of("-=+") != line.npos || line.find("\xE2\x94") != line.npos
             ? std::none_of(line.begin(), line.end(),
                            [](char c) {
                              const auto byte = static_cast<unsigned char>(c);
                              return (c >= '0' && c <= '9') ||
                                     ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                                     (byte >= 0xC0 && byte != 0xE2);
                            })
             : false;
}

class table_reader {
 public:
  explicit table_reader(std::string_view text) : text_(text) {}

  std::vector<line_field> read() {
    for (std::size_t begin = 0; begin < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', begin), text_.size());
      line(text_.substr(begin, end - begin), begin);
      begin = end + 1;
    }
    return std::move(out_);
  }

 private:
  void line(std::string_view line, std::size_t from) {
    if (!names_.empty() && is_rule(line)) return;
    parted_by by = parting(line);
    if (by == parted_by::bars && by_ == parted_by::tabs) by = by_;
    const std::vector<cell> cells =
        by == parted_by::none ? std::vector<cell>{} : cells_of(line, from, by);
    if (by != by_ || cells.size() < 2) names_.clear();
    if (cells.size() < 2) return;
    if (takes_names(cells, by)) return;
    if (names_.empty()) return;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const cell& one = cells[i];
      const std::size_t name = column_of(one, i, cells.size());
      if (name < names_.size() && one.begin < one.end) {
        out_.push_back({one.begin, one.end, names_[name], true});
      }
    }
  }

  // The column whose name stands over most of the cell; with bars and tabs the one in its place. Of
  // a row with more cells than there are names nobody knows it.
  std::size_t column_of(const cell& one, std::size_t place, std::size_t count) const {
    if (count == names_.size()) return place;
    if (by_ != parted_by::blanks) return count < names_.size() ? place : names_.size();
    std::size_t best = 0;
    const auto away = [&](std::size_t i) {
      const std::size_t begin = heads_[i].column;
      return begin > one.column ? begin - one.column : one.column - begin;
    };
    for (std::size_t i = 1; i < heads_.size(); ++i) {
      if (away(i) < away(best)) best = i;
    }
    return best;
  }

  bool takes_names(const std::vector<cell>& cells, parted_by by) {
    std::vector<field_name> names;
    std::size_t known = 0;
    bool of_person = false;
    for (const cell& one : cells) {
      const std::string_view name = text_.substr(one.begin, one.end - one.begin);
      if (name.size() > 4 * longest_name || signs_in(name) > longest_name) return false;
      if (name.find_first_of("0123456789@") != name.npos) return false;
      names.push_back(read_field_name(name));
      const field_meaning meaning = names.back().meaning;
      known += meaning != field_meaning::unknown ? 1U : 0U;
      of_person =
          of_person || (meaning != field_meaning::unknown && meaning < field_meaning::contact);
    }
    if (!of_person || 2 * known < cells.size()) return false;
    tell_goods(names);
    names_ = std::move(names);
    heads_ = cells;
    by_ = by;
    return true;
  }

  std::string_view text_;
  std::vector<field_name> names_;
  std::vector<cell> heads_;
  parted_by by_ = parted_by::none;
  std::vector<line_field> out_;
};

}  // namespace

std::vector<line_field> table_cells_in(std::string_view text) {
  const bool may = text.find('\n') != text.npos &&
                   (text.find("  ") != text.npos || text.find_first_of("\t|") != text.npos ||
                    text.find(drawn_bar) != text.npos);
  return may ? table_reader(text).read() : std::vector<line_field>{};
}

}  // namespace clientbook::forms
