// A name is read back from its sign: `key=`, `"key"=`, `"key":` of programs; `Name:` of people at
// the beginning of a line, or where no word stands before it. Prose that only looks so costs
// nothing: what a field decides is the finder's.
#include "line_fields.hpp"

#include <algorithm>

namespace clientbook::forms {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_value = 256;

bool is_space(char c) { return c == ' ' || c == '\t'; }
// How many bytes of a space, also one that does not break, stand there.
std::size_t space_at(std::string_view text, std::size_t at) {
  if (at < text.size() && is_space(text[at])) return 1;
  return text.substr(std::min(at, text.size())).starts_with("\xC2\xA0") ? 2 : 0;
}
bool is_line_end(char c) { return c == '\n' || c == '\r'; }
bool is_quote(char c) { return c == '"' || c == '\''; }
bool is_letter(char c) { return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c & 0x80) != 0; }
bool of_key(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '[' ||
         c == ']';
}
bool is_word_sign(char c) { return is_letter(c) || c == '.' || c == '\'' || c == '-'; }
bool ends_value(char c) {
  return is_space(c) || is_line_end(c) || is_quote(c) || c == ',' || c == ';' || c == '&' ||
         c == ')' || c == ']' || c == '}' || c == '<' || c == '>' || c == '|' || c == '\x01';
}

class field_reader {
 public:
  explicit field_reader(std::string_view text) : text_(text) {}

  std::vector<line_field> read() {
    for (std::size_t at = 0; at < text_.size(); ++at) {
      if (text_[at] != '=' && text_[at] != ':') continue;
      if (!out_.empty() && at < out_.back().end) continue;
      line_field one;
      if (name_until(at, one) && value_from(at + 1, one)) out_.push_back(std::move(one));
    }
    return std::move(out_);
  }

 private:
  bool name_until(std::size_t sign, line_field& one) const {
    const bool equals = text_[sign] == '=';
    std::size_t end = sign;
    if (equals && end > 0 && text_[end - 1] == ' ') --end;
    if (end == 0) return false;
    if (is_quote(text_[end - 1])) return quoted_name(end - 1, one);
    if (!equals && joined_name(end, one)) return true;
    if (!equals && sign + 1 < text_.size() && space_at(text_, sign + 1) == 0 &&
        !is_line_end(text_[sign + 1]) && !is_quote(text_[sign + 1])) {
      return false;  // 10:15, http://, a::b
    }
    std::size_t begin = key_begin(end);
    one.assigned = equals;
    if (!equals && !first_words(end, begin)) return false;
    if (begin == end) return false;
    one.name = read_field_name(text_.substr(begin, end - begin));
    if (equals) with_words_before(begin, end, one.name);
    return !one.name.words.empty();
  }

  // `dateOfBirth:`, `accountnumber:`: words that are joined are none of prose, and say before a
  // colon what they say before `=`.
  bool joined_name(std::size_t end, line_field& one) const {
    constexpr std::size_t shortest = 9;  // Of one without capital letters.
    const std::string_view key = text_.substr(key_begin(end), end - key_begin(end));
    if (key.empty() || text_.substr(end + 1, 1) == ":" || text_.substr(end + 1, 1) == "/") {
      return false;
    }
    const auto small = [](char c) { return c >= 'a' && c <= 'z'; };
    bool humps = false;
    for (std::size_t i = 1; i < key.size(); ++i) {
      humps = humps || (small(key[i - 1]) && key[i] >= 'A' && key[i] <= 'Z');
    }
    const bool word = std::all_of(key.begin(), key.end(), is_letter);
    if (!word || (!humps && key.size() < shortest)) return false;
    field_name name = read_field_name(key);
    using enum field_meaning;
    const bool tells = name.meaning == date_of_birth || name.meaning == national_id ||
                       name.meaning == bank_account ||
                       (humps && (name.meaning == payment_card || name.meaning == iban ||
                                  name.meaning == imei || name.meaning == phone_number));
    if (!tells) return false;
    one.name = std::move(name);
    one.assigned = true;
    return true;
  }

  // `Her tax ID=23961425190`: the key alone says less than what stands before it.
  void with_words_before(std::size_t begin, std::size_t end, field_name& name) const {
    using enum field_meaning;
    if (name.meaning != goods && name.meaning != unknown) return;
    for (int words = 0; words < 6; ++words) {
      const bool joined = begin >= 2 && (text_[begin - 1] == ' ' || text_[begin - 1] == '/');
      if (!joined || !is_letter(text_[begin - 2])) return;
      std::size_t first = begin - 1;
      while (first > 0 && end - first <= longest_name && is_word_sign(text_[first - 1])) --first;
      // The value of another key is none of its name.
      if (end - first > longest_name || (first > 0 && !is_space(text_[first - 1]))) {
        return;
      }
      begin = first;
      field_name longer = read_field_name(text_.substr(begin, end - begin));
      if (longer.words.empty()) return;
      name = std::move(longer);
      if (name.meaning != unknown) return;
    }
  }

  bool quoted_name(std::size_t close, line_field& one) const {
    const std::size_t least = close > longest_name ? close - longest_name : 0;
    std::size_t open = close;
    while (open > least && text_[open - 1] != text_[close] && !is_line_end(text_[open - 1])) --open;
    if (open == least || text_[open - 1] != text_[close] || open == close) return false;
    one.assigned = true;
    one.name = read_field_name(text_.substr(open, close - open));
    return !one.name.words.empty();
  }

  std::size_t key_begin(std::size_t end) const {
    std::size_t begin = end;
    while (begin > 0 && end - begin <= longest_name && of_key(text_[begin - 1])) --begin;
    return end - begin > longest_name ? end : begin;
  }

  // `Order no: ` from the beginning of a line, `ts: ` behind a number: no word stands before it.
  bool first_words(std::size_t end, std::size_t& begin) const {
    std::size_t line = end;
    while (line > 0 && end - line <= longest_name && !is_line_end(text_[line - 1])) --line;
    const bool whole = line == 0 || is_line_end(text_[line - 1]);
    while (line < end && !is_letter(text_[line]) && !(text_[line] >= '0' && text_[line] <= '9')) {
      ++line;
    }
    const std::string_view words = text_.substr(line, end - line);
    if (whole && words.find_first_of(":=,;\"") == words.npos) {
      begin = line;
      return true;
    }
    std::size_t before = begin;
    while (before > 0 && is_space(text_[before - 1])) --before;
    if (before == begin && before > 0 && text_[before - 1] != '{' && text_[before - 1] != ',') {
      return false;
    }
    return before == 0 || !ends_a_word(before);
  }

  // `at` of `reach me at: `, not `Z` of a time.
  bool ends_a_word(std::size_t end) const {
    if (text_[end - 1] == '.') return true;
    std::size_t begin = end;
    while (begin > 0 && is_letter(text_[begin - 1])) --begin;
    return begin < end && (begin == 0 || !of_key(text_[begin - 1]));
  }

  bool value_from(std::size_t at, line_field& one) const {
    while (const std::size_t space = space_at(text_, at)) at += space;
    if (at < text_.size() && is_quote(text_[at])) {
      const std::size_t close = text_.find_first_of(text_[at] == '"' ? "\"\n" : "'\n", at + 1);
      if (close != text_.npos && text_[close] == text_[at] && close - at <= longest_value) {
        one.begin = at + 1;
        one.end = close;
        return one.begin < one.end;
      }
      ++at;
    }
    one.begin = at;
    while (at < text_.size() && at - one.begin <= longest_value && !ends_value(text_[at])) ++at;
    one.end = one.name.meaning == field_meaning::person_name     ? over_names(at)
              : one.name.meaning == field_meaning::date_of_birth ? over_date(one.begin, at)
                                                                 : at;
    // A full stop ends the sentence.
    while (one.end > one.begin && text_[one.end - 1] == '.') --one.end;
    return one.begin < one.end && one.end - one.begin <= longest_value;
  }

  // `22 April 1946`, `April 22, 1946`: to the year.
  std::size_t over_date(std::size_t begin, std::size_t at) const {
    constexpr std::size_t longest_month = 12;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    std::size_t end = at;
    for (int words = 0; words < 2; ++words) {
      if (end < text_.size() && text_[end] == ',') ++end;
      if (end >= text_.size() || text_[end] != ' ') return at;
      const std::size_t first = ++end;
      while (end < text_.size() && !ends_value(text_[end])) ++end;
      const std::string_view word = text_.substr(first, end - first);
      if (word.size() == 4 && std::all_of(word.begin(), word.end(), digit)) {
        const std::string_view before = text_.substr(begin, first - begin);
        return std::any_of(before.begin(), before.end(), digit) ? end : at;
      }
      if (word.empty() || word.size() > longest_month) return at;
    }
    return at;
  }

  // `name = Ann Lee`: words with a capital letter.
  std::size_t over_names(std::size_t at) const {
    for (int words = 0; words < 4 && at + 1 < text_.size() && text_[at] == ' '; ++words) {
      const char first = text_[at + 1];
      if ((first < 'A' || first > 'Z') && (first & 0x80) == 0) break;
      std::size_t end = at + 1;
      while (end < text_.size() && is_word_sign(text_[end])) ++end;
      if (end < text_.size() && (text_[end] == '=' || text_[end] == ':')) break;
      at = end;
    }
    return at;
  }

  std::string_view text_;
  std::vector<line_field> out_;
};

}  // namespace

std::vector<line_field> fields_in(std::string_view text) { return field_reader(text).read(); }

}  // namespace clientbook::forms
