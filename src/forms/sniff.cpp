// What the first bytes of a text show of its form. On any doubt it is prose, which every rule
// reads.
#include <algorithm>
#include <array>

#include "readers.hpp"
#include "words.hpp"

namespace clientbook {
namespace {

constexpr std::array<std::string_view, text_forms> form_names = {
    "sniffed", "plain", "log", "csv", "json", "json lines", "html", "xml", "mail"};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
// What the name of an element may begin with: also `_`, and letters of all scripts.
bool begins_name(char c) { return is_letter(c) || c == '_' || (c & 0x80) != 0; }

std::string_view without_spaces(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  return text;
}

// --- JSON ---

bool begins_json(std::string_view text) {
  text = without_spaces(text);
  if (text.size() < 2 || (text[0] != '{' && text[0] != '[')) return false;
  std::string_view rest = without_spaces(text.substr(1));
  if (rest.empty()) return false;
  if (text[0] == '{') return rest[0] == '"' || rest[0] == '}';
  if (rest[0] == '{' || rest[0] == '[') return begins_json(rest);
  if (rest[0] == '"') return true;
  std::size_t end = 0;
  while (end < rest.size() && (is_digit(rest[end]) || rest[end] == '.' || rest[end] == '-')) ++end;
  if (end == 0) return rest[0] == ']';
  rest = without_spaces(rest.substr(end));
  if (rest.empty() || (rest[0] != ',' && rest[0] != ']')) return false;
  if (rest[0] == ',') return true;
  rest.remove_prefix(1);
  return rest.empty() || rest[0] == '\n' || rest[0] == '\r' || rest[0] == ',';
}

bool lines_of_json(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == text.npos) return false;
  std::string_view first = text.substr(0, end);
  while (!first.empty() && is_space(first.back())) first.remove_suffix(1);
  const std::string_view rest = without_spaces(text.substr(end));
  return !first.empty() && first.back() == '}' && !rest.empty() && rest[0] == '{';
}

// --- HTML, XML ---

// Elements are rare in prose; an end tag alone is none.
bool holds_html(const forms::plain_text& text) {
  for (const std::string_view name :
       {"td",    "tr", "p",  "b",    "a",    "div",   "span", "i",    "li", "strong", "em",
        "table", "ul", "h1", "body", "html", "title", "th",   "form", "h2", "label",  "u"}) {
    const forms::plain_text open = '<' + forms::plain_text(name);
    const std::size_t close = text.find("</" + forms::plain_text(name) + '>');
    for (std::size_t at = text.find(open); at < close && close != text.npos;
         at = text.find(open, at + 1)) {
      const char behind = text[at + open.size()];
      if (behind == '>' || is_space(behind)) return true;
    }
  }
  for (const std::string_view tag :
       {"<br>", "<br/>", "<br />", "<!doctype html", "<input ", "<img ", "<meta "}) {
    if (text.find(tag) != text.npos) return true;
  }
  return false;
}

text_form markup(std::string_view text) {
  if (text.find('<') == text.npos) return text_form::plain;
  const forms::plain_text all = forms::small(text);
  const std::string_view first = without_spaces(all);
  if (first.starts_with("<?xml")) {
    return first.find("<html") == first.npos ? text_form::xml : text_form::html;
  }
  if (holds_html(all)) return text_form::html;
  if (first[0] != '<' || first.size() < 3) return text_form::plain;
  if (first.starts_with("<!--")) return text_form::html;
  std::size_t end = 1;
  while (end < first.size() && (begins_name(first[end]) || is_digit(first[end]) ||
                                first[end] == ':' || first[end] == '-' || first[end] == '.')) {
    ++end;
  }
  const bool named = end > 1 && begins_name(first[1]) && first[end - 1] != ':' &&
                     end < first.size() &&
                     (first[end] == '>' || is_space(first[end]) || first[end] == '/');
  if (!named) return text_form::plain;
  const forms::plain_text close = "</" + forms::plain_text(first.substr(1, end - 1)) + ">";
  return first.find(close) != first.npos || first.find("/>") != first.npos ||
                 first.find("</") != first.npos
             ? text_form::xml
             : text_form::plain;
}

// --- mail ---

bool is_mail(std::string_view text) {
  std::size_t known = 0;
  std::size_t lines = 0;
  while (!text.empty() && lines < 60) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) break;
    ++lines;
    if (line[0] == ' ' || line[0] == '\t') {
      if (lines == 1) return false;
      continue;
    }
    std::size_t colon = 0;
    while (colon < line.size() &&
           (is_letter(line[colon]) || is_digit(line[colon]) || line[colon] == '-'))
      ++colon;
    if (colon == 0 || colon == line.size() || line[colon] != ':') return false;
    const forms::plain_text name = forms::small(line.substr(0, colon));
    for (const std::string_view one :
         {"from", "to", "subject", "date", "received", "message-id", "mime-version", "return-path",
          "content-type", "delivered-to", "reply-to", "cc", "content-transfer-encoding", "sender",
          "dkim-signature", "references", "in-reply-to"}) {
      if (name == one) ++known;
    }
  }
  return known >= 2 && known * 3 >= lines;
}

// --- logs ---

bool begins_with_time(std::string_view line) {
  const auto like = [&](std::size_t at, std::string_view form) {
    if (at + form.size() > line.size()) return false;
    for (std::size_t i = 0; i < form.size(); ++i) {
      const char c = line[at + i];
      const bool good = form[i] == '9'   ? is_digit(c)
                        : form[i] == 'A' ? is_letter(c)
                        : form[i] == 'T' ? c == 'T' || c == ' '
                                         : c == form[i];
      if (!good) return false;
    }
    return true;
  };
  const std::size_t at = !line.empty() && line[0] == '[' ? 1 : 0;
  return like(at, "9999-99-99T99:99") || like(at, "9999/99/99 99:99") ||
         like(at, "AAA 99 99:99:99") || like(at, "AAA  9 99:99:99") ||
         like(at, "99/AAA/9999:99:99") || like(at, "99.99.9999 99:99") ||
         like(at, "99/99/9999, 99:99") || like(at, "99.99.99, 99:99");
}

bool is_log(std::string_view text) {
  std::size_t lines = 0;
  std::size_t with_time = 0;
  while (!text.empty() && lines < 20) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end != 0) {
      ++lines;
      with_time += begins_with_time(text.substr(0, end)) ? 1U : 0U;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines >= 2 && with_time * 3 >= lines * 2;
}

}  // namespace

namespace forms {

char sniff_delimiter(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with("sep=") && text.size() > 5) return text[4];
  char best = 0;
  std::size_t best_columns = 1;
  for (const char delimiter : {'\t', ';', ',', '|', '^', '~', '\x01', '\x1f'}) {
    std::size_t columns = 0;
    std::size_t count = 1;
    std::size_t rows = 0;
    std::size_t same = 0;
    std::size_t spaced = 0;
    std::size_t all = 0;
    bool quoted = false;
    bool begins = true;
    std::size_t last_row = 0;
    const auto row = [&](std::size_t end) {
      if (end > last_row) {
        if (rows == 0) columns = count;
        ++rows;
        same += count == columns ? 1U : 0U;
      }
      count = 1;
    };
    for (std::size_t at = 0; at < text.size() && rows < 30; ++at) {
      const char c = text[at];
      if (quoted && text.substr(at, 2) == "\"\"") {
        ++at;
        continue;
      }
      if (c == '"' && (quoted || begins)) quoted = !quoted;
      if (!quoted && c == delimiter) {
        ++count;
        ++all;
        spaced += at + 1 < text.size() && text[at + 1] == ' ' ? 1U : 0U;
      }
      if (!quoted && c == '\n') {
        row(at);
        last_row = at + 1;
      }
      begins = c == delimiter || c == '\n';
    }
    if (rows < 30 && last_row < text.size() && text.size() < sniffed_bytes) row(text.size());
    const bool good = columns >= 2 && rows >= 1 && same * 10 >= rows * 8 &&
                      (delimiter == '\t' || spaced * 5 <= all);
    if (good && columns > best_columns) {
      best = delimiter;
      best_columns = columns;
    }
  }
  return best;
}

namespace {

struct columns_found {
  std::size_t all = 0;
  std::size_t named = 0;  // By names that are known.
};
columns_found first_row(std::string_view text, char delimiter) {
  std::string_view first = text.substr(0, text.find_first_of("\r\n"));
  if (first.starts_with("\xEF\xBB\xBF")) first.remove_prefix(3);
  columns_found out;
  for (std::size_t at = 0; at <= first.size();) {
    const std::size_t end = std::min(first.find(delimiter, at), first.size());
    std::string_view name = first.substr(at, end - at);
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
      name = name.substr(1, name.size() - 2);
    ++out.all;
    out.named += read_field_name(name).meaning != field_meaning::unknown ? 1U : 0U;
    at = end + 1;
  }
  return out;
}

// A table shows itself by two rows of the same columns; of two columns with a comma, where prose
// may look so, also by the names of its first row.
bool is_table(std::string_view text) {
  if (text.find('\n') == text.npos) return false;
  const char delimiter = sniff_delimiter(text);
  if (delimiter == 0) return false;
  std::size_t rows = 0;
  for (std::size_t at = 0; at < text.size() && rows < 3; ++at) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (text.substr(at, end - at).find(delimiter) != text.npos) ++rows;
    at = end;
  }
  if (rows < 2) return false;
  if (text.starts_with("sep=") || text.starts_with("\xEF\xBB\xBFsep=")) return true;
  const columns_found columns = first_row(text, delimiter);
  return columns.named * 3 >= columns.all || columns.all >= 4 || delimiter == '\t';
}

// Its first row names the columns, also where times begin the rows behind it.
bool is_named_table(std::string_view text) {
  const char delimiter = sniff_delimiter(text);
  if (delimiter == 0 || !is_table(text)) return false;
  const columns_found columns = first_row(text, delimiter);
  return columns.all >= 3 && columns.named * 3 >= columns.all;
}

}  // namespace

char delimiter_of_names(std::string_view beginning) {
  char best = 0;
  std::size_t most = 0;
  for (const char delimiter : {'\t', ';', ',', '|'}) {
    const columns_found columns = first_row(beginning, delimiter);
    if (columns.all >= 2 && columns.named > most) {
      best = delimiter;
      most = columns.named;
    }
  }
  return best;
}

char likely_delimiter(std::string_view beginning) {
  constexpr std::string_view all = "\t;|,^~";
  constexpr std::size_t most_lines = 30;
  std::array<std::size_t, all.size()> lines{};
  for (std::size_t count = 0; !beginning.empty() && count < most_lines; ++count) {
    const std::size_t end = std::min(beginning.find_first_of("\r\n"), beginning.size());
    const std::string_view line = beginning.substr(0, end);
    for (std::size_t i = 0; i < all.size(); ++i) {
      // `one, two` of prose and `49,90` are no cells.
      for (std::size_t at = line.find(all[i]); at != line.npos; at = line.find(all[i], at + 1)) {
        const char behind = at + 1 < line.size() ? line[at + 1] : '\n';
        const bool amount = at > 0 && is_digit(line[at - 1]) && is_digit(behind);
        if (all[i] == ',' && (behind == ' ' || amount)) continue;
        ++lines[i];
        break;
      }
    }
    beginning.remove_prefix(std::min(end + 1, beginning.size()));
  }
  const auto* const most = std::max_element(lines.begin(), lines.end());
  return *most == 0 ? '\0' : all[static_cast<std::size_t>(most - lines.begin())];
}

text_form sniff_within(std::string_view value) {
  const std::string_view text = value.substr(0, sniffed_bytes);
  const char first = without_spaces(text).empty() ? ' ' : without_spaces(text)[0];
  if ((first == '{' || first == '[') && begins_json(text)) return text_form::json;
  if (const text_form form = markup(text); form != text_form::plain) return form;
  return text.size() > 20 && is_table(text) ? text_form::csv : text_form::plain;
}

}  // namespace forms

std::string_view name_of(text_form form) noexcept {
  const auto i = static_cast<std::size_t>(form);
  return i < text_forms ? form_names[i] : std::string_view();
}

result<text_form> text_form_of(std::string_view name) noexcept {
  for (std::size_t i = 0; i < text_forms; ++i) {
    if (form_names[i] == name) return static_cast<text_form>(i);
  }
  if (name == "jsonl" || name == "json_lines" || name == "ndjson") return text_form::json_lines;
  if (name == "tsv") return text_form::csv;
  if (name == "auto") return text_form::sniffed;
  if (name == "eml") return text_form::mail;
  return error{errc::not_found, "no such form of a text"};
}

text_form sniff_form(std::string_view beginning) {
  std::string_view text = beginning.substr(0, sniffed_bytes);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (begins_json(text)) return lines_of_json(text) ? text_form::json_lines : text_form::json;
  if (is_mail(text)) return text_form::mail;
  if (is_log(text)) {
    const std::string_view first = text.substr(0, text.find('\n'));
    const bool named = !begins_with_time(first) && forms::is_named_table(text);
    return named ? text_form::csv : text_form::log;
  }
  if (const text_form form = markup(text); form != text_form::plain) {
    // Tags in the cells of a table make no page of it.
    const std::string_view first = without_spaces(text);
    if (first[0] == '<' || !forms::is_table(text)) return form;
  }
  return forms::is_table(text) ? text_form::csv : text_form::plain;
}

}  // namespace clientbook
