// Prose and logs. A paragraph, or a line of a log, is looked at as one text; line ends and marks of
// quotation stay, also within a value that goes on over them.
#include <algorithm>

#include "names.hpp"
#include "readers.hpp"

namespace clientbook::forms {
namespace {

// `> `, `>>`, `> > `: how many bytes.
std::size_t quote_marks(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < line.size() && at < 128; ++at) {
    if (line[at] == '>') {
      end = at + 1;
    } else if (line[at] != ' ') {
      break;
    }
  }
  if (end == 0) return 0;
  return end < line.size() && line[end] == ' ' ? end + 1 : end;
}

class text_reader final : public reader {
 public:
  text_reader(text_form form, outlet& out, finder& with, int depth)
      : reader(out, with, depth), lines_(form == text_form::log) {}

  void take(std::string_view bytes) override {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      if (end == bytes.npos) {
        line_ += bytes;
        if (line_.size() > most_block) part_of_line();
        return;
      }
      line_ += bytes.substr(0, end + 1);
      bytes.remove_prefix(end + 1);
      whole_line();
    }
  }

  void end() override {
    if (!line_.empty()) whole_line();
    flush();
  }

 private:
  void flush() {
    if (block_.empty()) return;
    block_.give(out_, finder_.find(block_.text(), {}, depth_), as_it_is);
  }

  // A line of any length, in parts that end where no letter does.
  void part_of_line() {
    const std::size_t marks = begun_ ? 0 : begin_line();
    std::size_t cut = line_.size();
    while (cut > 0 && (line_[cut - 1] & 0xC0) == 0x80) --cut;
    if (cut > 0 && static_cast<unsigned char>(line_[cut - 1]) >= 0xC0) --cut;
    if (cut <= marks) return;
    block_.same(std::string_view(line_).substr(marks, cut - marks));
    line_.erase(0, cut);
    begun_ = true;
    give_front(block_, out_, finder_, {}, as_it_is);
  }

  // Takes the marks in; ends the block where others begin.
  std::size_t begin_line() {
    const std::size_t marks = quote_marks(line_);
    const auto deep =
        std::count(line_.begin(), line_.begin() + static_cast<std::ptrdiff_t>(marks), '>');
    if (deep != deep_) flush();
    deep_ = deep;
    if (marks != 0) block_.markup(std::string_view(line_).substr(0, marks), "");
    return marks;
  }

  void whole_line() {
    const std::size_t marks = begun_ ? 0 : begin_line();
    begun_ = false;
    const std::string_view rest = std::string_view(line_).substr(marks);
    std::size_t end = rest.size();
    if (end > 0 && rest[end - 1] == '\n') --end;
    if (end > 0 && rest[end - 1] == '\r') --end;
    block_.same(rest.substr(0, end));
    if (end < rest.size()) block_.markup(rest.substr(end), "\n");
    const bool empty = rest.find_first_not_of(" \t\r\n") == rest.npos;
    line_.clear();
    // Between `Best regards` and who signs an empty line may stand.
    if (lines_ || (empty && !ends_with_closing(block_.text()))) return flush();
    if (block_.text().size() > most_block) give_front(block_, out_, finder_, {}, as_it_is);
  }

  bool lines_;
  bool begun_ = false;  // A part of this line is in the block.
  std::ptrdiff_t deep_ = 0;
  plain_text line_;
  block block_;
};

}  // namespace

any_reader make_text_reader(text_form form, outlet& out, finder& with, int depth) {
  return std::make_unique<text_reader>(form, out, with, depth);
}

void give_front(block& of, outlet& out, finder& with, const field_name& name, spelling as) {
  if (of.text().size() <= most_block / 2) return;
  const plain_text& text = of.text();
  std::vector<hit> hits = with.find(of, name, most_depth);
  // Behind a space where there is one, at any letter otherwise; not within a find.
  const std::size_t last = text.size() - 2 * scan_reach;
  std::size_t cut = text.find_last_of(" \t\n", last);
  if (cut == text.npos || cut + 8 * scan_reach < last) {
    cut = last;
    while (cut > 0 && (text[cut] & 0xC0) == 0x80) --cut;
  }
  for (const hit& one : hits) {
    if (one.begin < cut && one.end > cut) cut = one.end <= last + scan_reach ? one.end : one.begin;
  }
  if (cut == 0) cut = text.size();
  while (!hits.empty() && hits.back().end > cut) hits.pop_back();
  of.give(out, hits, cut, as);
}

}  // namespace clientbook::forms
