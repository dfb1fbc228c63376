// JSON: a string or a number at a time, beside the name of its member. Broken JSON is read as far
// as it can be told; a string that does not end on its line is in doubt.
#include <algorithm>

#include "readers.hpp"
#include "words.hpp"

namespace clientbook::forms {
namespace {

constexpr std::size_t deepest = 512;  // Names are kept of so many levels.
constexpr std::size_t longest_token = 4096;
constexpr std::size_t most_columns = 4096;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

plain_text in_quotes(std::string_view label) { return '"' + plain_text(label) + '"'; }

// Of a form within a string.
plain_text in_string(std::string_view label) {
  plain_text out;
  for (const char c : label) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

class json_reader final : public reader {
 public:
  json_reader(text_form form, outlet& out, finder& with, int depth)
      : reader(out, with, depth), lines_(form == text_form::json_lines) {}

  void take(std::string_view bytes) override {
    for (const char c : bytes) byte(c);
  }

  void end() override {
    if (in_string_) {
      end_escape();
      finish_string(true);
    }
    finish_token();
  }

 private:
  struct level {
    bool object = false;
    field_name name;            // Of what stands in it.
    field_name says;            // Of the member `type`, `kind`: what its `value` is.
    field_name member;          // The last name that was read.
    bool key = false;           // A name comes next.
    bool typed = false;         // The member is one that says what `value` is.
    bool member_names = false;  // That member holds names of columns.
    bool names = false;         // An array of names of columns, or of objects that hold one each.
    bool row = false;           // An array within an array.
    bool words = true;          // Nothing but strings that may be names stands in it.
    bool goods = false;         // A member, or one of the object before, speaks of articles,
    bool person = false;        // one tells of a person.
    std::size_t index = 0;      // Of the element that comes.
    std::vector<field_name> strings;  // What its elements are called, of an array.
  };

  void byte(char c) {
    if (in_string_) return string_byte(c);
    if (c == '"') {
      finish_token();
      // Two values beside one another: who knows which name is whose.
      broken_ = broken_ || (after_value_ && !levels_.empty());
      in_string_ = true;
      block_.markup("\"", "");
      return;
    }
    const bool structural = c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':';
    if (!structural && (!is_space(c) || (c == ' ' && !token_.empty()))) {
      token_ += c;
      if (token_.size() > longest_token) finish_token();
      return;
    }
    if (c == ':' && at_key() && !token_.empty()) name_without_quotes();
    finish_token();
    if (structural) structure(c);
    if (structural) after_value_ = false;
    if (c == '\n' && lines_) end_line();
    out_.keep(std::string_view(&c, 1));
  }

  // `{ssn: 1}`, `{'ssn': 1}`
  void name_without_quotes() {
    std::string_view name = token_;
    while (!name.empty() && (is_space(name.back()) || name.back() == '\'')) name.remove_suffix(1);
    while (!name.empty() && (is_space(name.front()) || name.front() == '\'')) name.remove_prefix(1);
    levels_.back().member = read_field_name(name);
  }

  // A line begins anew, but for one that goes on in the middle of a string.
  void end_line() {
    levels_.clear();
    after_value_ = false;
  }

  void structure(char c) {
    if (c == '{' || c == '[') {
      if (levels_.empty() && lines_) broken_ = false;
      if (levels_.size() >= deepest) {
        ++deeper_;
        return;
      }
      level inner;
      inner.object = inner.key = c == '{';
      inner.name = value_name();
      if (!levels_.empty()) {
        const level& in = levels_.back();
        inner.goods = inner.object && !in.object && in.goods;
        inner.row = !in.object && c == '[';
        inner.names = in.object ? c == '[' && in.member_names : in.names && c == '{';
        if (!in.object && c == '[') levels_.back().words = false;
      }
      levels_.push_back(std::move(inner));
    } else if (c == '}' || c == ']') {
      if (deeper_ > 0) {
        --deeper_;
      } else if (!levels_.empty()) {
        close();
      }
    } else if (!levels_.empty() && deeper_ == 0) {
      levels_.back().key = c == ',' && levels_.back().object;
      if (c == ',') ++levels_.back().index;
    }
  }

  // `{"columns": ["name", "ssn"], "rows": [["Ann", 1]]}`, `[["name", "ssn"], ["Ann", 1]]`: names of
  // columns are those of the elements of rows.
  void close() {
    level inner = std::move(levels_.back());
    levels_.pop_back();
    if (inner.object && !levels_.empty() && !levels_.back().object) {
      levels_.back().goods = inner.goods && !inner.person;
    }
    const bool first_row =
        inner.row && inner.words && !levels_.empty() && levels_.back().index == 0;
    if (!inner.object && (inner.names || first_row) && inner.words && !inner.strings.empty()) {
      const bool known =
          std::any_of(inner.strings.begin(), inner.strings.end(),
                      [](const field_name& one) { return one.meaning != field_meaning::unknown; });
      if (known) {
        columns_ = std::move(inner.strings);
        columns_of_ = levels_.size();
      }
    } else if (inner.object && inner.names && !levels_.empty() && !inner.strings.empty()) {
      levels_.back().strings.push_back(std::move(inner.strings.front()));
    }
    if (levels_.size() < columns_of_) columns_.clear();
  }

  static bool says_columns(std::string_view member) {
    for (const std::string_view one :
         {"columns", "fields", "headers", "header", "cols", "column_names", "columnNames",
          "fieldNames", "field_names", "schema", "names", "keys"}) {
      if (member == one) return true;
    }
    return false;
  }

  // The name of the value that comes.
  field_name value_name() const {
    if (levels_.empty()) return {};
    const level& in = levels_.back();
    if (deeper_ > 0) return in.name;
    if (!in.object) {
      if (in.row && in.index < columns_.size()) return within(in.name, columns_[in.index]);
      return of_element(in.name);
    }
    if (in.member.meaning == field_meaning::contact && !in.says.words.empty()) {
      return within(in.says, in.member);
    }
    field_name out = within(in.name, in.member);
    if (is_bare_name(in.member) && out.meaning == field_meaning::person_name && in.goods &&
        !in.person) {
      out.meaning = field_meaning::contact;
    }
    return out;
  }

  bool at_key() const { return !levels_.empty() && deeper_ == 0 && levels_.back().key; }

  // --- strings ---

  void string_byte(char c) {
    if (!escape_.empty()) {
      escape_ += c;
      const bool whole = escape_.size() == (escape_[1] == 'u' ? 6U : 2U);
      if (whole) end_escape();
      return;
    }
    switch (c) {
      case '\\':
        escape_ = "\\";
        return;
      case '"':
        return finish_string(false);
      case '\n':
        // No string of JSON goes on over a line end.
        finish_string(true);
        broken_ = true;
        if (lines_) end_line();
        out_.keep("\n");
        return;
      default:
        end_pair();
        block_.same(c);
        if (block_.text().size() > most_block && (c & 0x80) == 0) {
          give_front(block_, out_, finder_, value_name(), in_string);
        }
    }
  }

  void end_pair() {
    if (pair_.empty()) return;
    block_.escape(pair_, "\xEF\xBF\xBD");
    pair_.clear();
  }

  void end_escape() {
    if (escape_.empty()) return;
    plain_text text;
    plain_text bytes = pair_ + escape_;
    const char kind = escape_.size() > 1 ? escape_[1] : 0;
    if (kind == 'u' && escape_.size() == 6) {
      const long value = hex_number(std::string_view(escape_).substr(2));
      if (value >= 0xD800 && value < 0xDC00 && pair_.empty()) {
        pair_ = escape_;
        escape_.clear();
        return;
      }
      if (value >= 0xDC00 && value < 0xE000 && !pair_.empty()) {
        const long high = hex_number(std::string_view(pair_).substr(2));
        put_utf8(text, static_cast<char32_t>(0x10000 + ((high - 0xD800) << 10) + value - 0xDC00));
      } else {
        end_pair();
        bytes = escape_;
        if (value >= 0) put_utf8(text, static_cast<char32_t>(value == 0 ? 0xFFFD : value));
        if (text.empty()) text = "\xEF\xBF\xBD";
      }
    } else {
      end_pair();
      bytes = escape_;
      switch (kind) {
        case 'n':
          text = "\n";
          break;
        case 'r':
          text = "\r";
          break;
        case 't':
          text = "\t";
          break;
        case 'b':
        case 'f':
          text = " ";
          break;
        case 0:
          text = "\\";
          break;
        default:
          text = plain_text(1, kind);
      }
    }
    pair_.clear();
    block_.escape(bytes, text);
    escape_.clear();
  }

  void finish_string(bool broken) {
    end_pair();
    in_string_ = false;
    const plain_text& text = block_.text();
    const bool key = at_key();
    const field_name name = key ? field_name{} : value_name();
    const plain_text said = text.substr(0, 260);
    const bool doubt = broken || broken_;
    after_value_ = true;
    std::vector<hit> hits = doubt ? finder_.find_in_doubt(text) : finder_.find(text, name, depth_);
    if (key && !doubt) std::erase_if(hits, [](const hit& one) { return one.as.score < 90; });
    if (!broken) block_.markup("\"", "");
    block_.give(out_, hits, in_string);
    if (levels_.empty() || deeper_ > 0) return;
    level& in = levels_.back();
    if (!key) note_string(in, said);
    if (key) {
      in.member = read_field_name(said);
      in.goods = in.goods || is_of_goods(in.member);
      in.person = in.person || is_of_person(in.member);
      in.member_names = says_columns(said);
      const plain_text called = small(said);
      said_called_ =
          is_one(called, {"name", "title", "id", "field", "label", "header", "key", "columnname"});
      in.typed =
          is_one(called, {"type", "kind", "system", "label", "field", "key", "name", "property"});
    } else if (in.object && in.typed) {
      tell_pair(in, read_field_name(said));
    }
  }

  // `{"key": "birth_date", "type": "date", "value": ...}`: a member between that says nothing of
  // people leaves what was said.
  static void tell_pair(level& in, field_name says) {
    using enum field_meaning;
    const bool tells = says.meaning != unknown;
    const bool less =
        !tells || says.meaning == goods || says.meaning == part || says.meaning == contact;
    if (!in.says.words.empty() && less) return;
    in.says = tells ? std::move(says) : field_name{};
  }

  // A string that may be the name of a column.
  void note_string(level& in, std::string_view said) {
    if (in.object) {
      if (in.names && said_called_ && in.strings.empty())
        in.strings.push_back(read_field_name(said));
      return;
    }
    const auto digits =
        std::count_if(said.begin(), said.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (said.size() > 64 || digits > 2 || said.find('@') != said.npos) in.words = false;
    if (in.words && in.strings.size() < most_columns) in.strings.push_back(read_field_name(said));
  }

  // --- numbers, and what is none of JSON ---

  void finish_token() {
    if (token_.empty()) return;
    const std::size_t size = token_.find_last_not_of(' ') + 1;
    const std::string_view inner = std::string_view(token_).substr(0, size);
    block_.same(token_);
    const bool word = inner == "true" || inner == "false" || inner == "null";
    std::vector<hit> hits;
    const bool named = at_key();  // A name without quote marks.
    after_value_ = after_value_ || !inner.empty();
    if (!levels_.empty() && deeper_ == 0) levels_.back().words = false;
    if (broken_ && !word) {
      hits = finder_.find_in_doubt(token_);
    } else if (!word) {
      hits = finder_.find(token_, named ? field_name{} : value_name(), most_depth);
    }
    const bool number = inner.find_first_not_of("0123456789+-.eE") == inner.npos;
    if (number && !hits.empty()) {
      // A number that is hidden becomes a string.
      hits.resize(1);
      hits[0].begin = 0;
      hits[0].end = size;
    }
    block_.give(out_, hits, number ? in_quotes : as_it_is);
    token_.clear();
  }

  bool lines_;
  bool in_string_ = false;
  bool after_value_ = false;         // Nothing but a sign of JSON may come.
  bool broken_ = false;              // Names are not to be trusted from here on.
  bool said_called_ = false;         // The last member is one that says what its object is called.
  std::vector<field_name> columns_;  // Of rows that are arrays,
  std::size_t columns_of_ = 0;       // within so many levels.
  std::vector<level> levels_;
  std::size_t deeper_ = 0;  // Levels that have no name of their own.
  plain_text token_;
  plain_text escape_;  // One that is not whole.
  plain_text pair_;    // The first of two.
  block block_;
};

}  // namespace

any_reader make_json_reader(text_form form, outlet& out, finder& with, int depth) {
  return std::make_unique<json_reader>(form, out, with, depth);
}

}  // namespace clientbook::forms
