// Lines of vCards: unfolded, then parted into name, parameters and value (RFC 2426, RFC 6350, and
// the versit specification of 2.1).
#include "vcard_lines.hpp"

#include "charsets.hpp"

#include <clientbook/internal/base/hex_value.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <utility>

namespace clientbook::exchange {
namespace {

std::string small(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

std::string without_quoted_printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '=' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
    } else {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

// Physical lines, whichever their ends are.
class lines {
 public:
  explicit lines(std::string_view text) noexcept : rest_(text) {}
  bool done() const noexcept { return rest_.empty(); }
  std::uint64_t number() const noexcept { return number_; }
  std::string_view ahead() const noexcept { return rest_.substr(0, rest_.find_first_of("\r\n")); }
  std::string_view next() noexcept {
    const std::string_view line = ahead();
    rest_.remove_prefix(line.size());
    if (rest_.starts_with("\r\n")) rest_.remove_prefix(1);
    if (!rest_.empty()) rest_.remove_prefix(1);
    ++number_;
    return line;
  }

 private:
  std::string_view rest_;
  std::uint64_t number_ = 0;
};

bool has_word(std::string_view head, std::string_view word) {
  return small(head).find(word) != std::string::npos;
}

// One logical line: folded lines joined, and those that quoted-printable goes on in.
std::string logical_line(lines& from) {
  std::string line(from.next());
  const bool quoted = has_word(line.substr(0, line.find(':')), "quoted-printable");
  while (!from.done()) {
    if (quoted && line.ends_with('=')) {
      line.pop_back();
      line += from.next();
    } else if (from.ahead().starts_with(' ') || from.ahead().starts_with('\t')) {
      line += from.next().substr(1);
    } else {
      break;
    }
  }
  return line;
}

// Where the value begins: behind the first colon that no quote holds.
std::size_t colon_of(std::string_view line) noexcept {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == ':' && !quoted) return i;
  }
  return std::string_view::npos;
}

void take_types(std::string_view list, vcard_property& to) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    std::string_view one = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    while (one.starts_with('"')) one.remove_prefix(1);
    while (one.ends_with('"')) one.remove_suffix(1);
    if (!one.empty()) to.types.push_back(small(one));
  }
}

void take_parameter(std::string_view text, vcard_property& to) {
  const std::size_t equals = text.find('=');
  const std::string name = small(text.substr(0, equals));
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view() : text.substr(equals + 1);
  if (name == "charset") {
    to.charset = small(value);
  } else if (name == "encoding" || equals == std::string_view::npos) {
    const std::string word = name == "encoding" ? small(value) : name;
    if (word == "quoted-printable") {
      to.quoted_printable = true;
    } else if (word == "base64" || word == "b") {
      to.base64 = true;
    } else if (name != "encoding") {
      to.types.push_back(word);
    }
  } else if (name == "type") {
    take_types(value, to);
  }
}

bool read_property(const std::string& line, vcard_property& to) {
  const std::size_t colon = colon_of(line);
  if (colon == std::string::npos || colon == 0) return false;
  std::string_view head = std::string_view(line).substr(0, colon);
  to.value = line.substr(colon + 1);
  bool first = true;
  while (!head.empty()) {
    std::size_t end = 0;
    for (bool quoted = false; end < head.size() && (head[end] != ';' || quoted); ++end) {
      if (head[end] == '"') quoted = !quoted;
    }
    const std::string_view part = head.substr(0, end);
    head.remove_prefix(std::min(end + 1, head.size()));
    if (std::exchange(first, false)) {
      const std::size_t dot = part.find('.');
      to.name = small(dot == std::string_view::npos ? part : part.substr(dot + 1));
    } else {
      take_parameter(part, to);
    }
  }
  return true;
}

}  // namespace

bool vcard_property::is(std::string_view type) const {
  return std::find(types.begin(), types.end(), type) != types.end();
}

std::string vcard_property::bytes() const {
  return quoted_printable ? without_quoted_printable(value) : value;
}

result<std::string> vcard_property::decoded(std::string_view page) const {
  std::string out = bytes();
  if (valid_utf8(out)) return out;
  return decoded_by(charset.empty() ? page : std::string_view(charset), out);
}

std::string unescaped(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\\' || i + 1 == value.size()) {
      out += value[i];
      continue;
    }
    const char next = value[++i];
    if (next == 'n' || next == 'N') {
      out += '\n';
    } else {
      if (next != ',' && next != ';' && next != '\\' && next != ':') out += '\\';
      out += next;
    }
  }
  return out;
}

std::vector<std::string> parts_at(std::string_view value, char mark) {
  std::vector<std::string> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\') {
      ++i;
    } else if (value[i] == mark) {
      out.push_back(unescaped(value.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  out.push_back(unescaped(value.substr(begin)));
  return out;
}

std::vector<vcard> cards_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<vcard> out;
  std::size_t depth = 0;
  bool agent = false;  // The card of an agent within a card is somebody else's.
  for (lines from(text); !from.done();) {
    const std::uint64_t number = from.number() + 1;
    const std::string line = logical_line(from);
    vcard_property one;
    if (!read_property(line, one)) continue;
    const std::string card = small(one.value.substr(0, one.value.find_last_not_of(" \t") + 1));
    if (one.name == "begin" && card == "vcard") {
      // One that begins while another has not ended: the other was cut off.
      if (depth > 0 && !agent) depth = 0;
      if (depth++ == 0) out.push_back({.line = number, .properties = {}, .whole = false});
    } else if (one.name == "end" && card == "vcard") {
      if (depth > 0 && --depth == 0) out.back().whole = true;
    } else if (depth == 1 && !one.base64) {
      agent = one.name == "agent" && one.value.empty();
      one.line = number;
      out.back().properties.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace clientbook::exchange
