// HTML and XML: the text between tags that end a line or a cell, and the values of attributes. Tags
// stay, also within a value that goes on over them.
//
// What stands beside a text as its name: in XML its element; in HTML the head of its row or column,
// its term, its label, and what an attribute says it is.
#include <algorithm>
#include <span>

#include "readers.hpp"
#include "words.hpp"

namespace clientbook::forms {
namespace {

constexpr std::size_t deepest = 256;
constexpr std::size_t longest_head = 40;     // Of a text that names the next.
constexpr std::size_t longest_tag = 262144;  // A longer one is text: nothing closes it.
constexpr std::size_t longest_entity = 40;
constexpr std::size_t widest = 64;  // Columns or rows of one cell.

plain_text as_text(std::string_view label) {
  plain_text out;
  for (const char c : label) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

bool is_inline(std::string_view tag) {
  return is_one(tag,
                {"a",    "abbr", "acronym", "b",     "bdi",  "bdo",    "big",    "cite", "code",
                 "data", "dfn",  "em",      "font",  "i",    "ins",    "kbd",    "mark", "nobr",
                 "q",    "s",    "samp",    "small", "span", "strike", "strong", "sub",  "sup",
                 "time", "tt",   "u",       "var",   "wbr",  "br",     "img"});
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Of the name of an element or an attribute.
bool of_name(char c) {
  return (c & 0x80) != 0 || is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' ||
         c == '_' || c == ':' || c == '.';
}

// `data-x`, `@click`, `[hidden]`, `(input)` name an attribute; `4111`, `zoe@example.com` do not,
// nor does what holds the digits of a number.
bool is_plain_name(std::string_view name) {
  constexpr std::ptrdiff_t most_digits = 4;
  if (!name.empty() && (name[0] == '@' || name[0] == '#' || name[0] == '*')) name.remove_prefix(1);
  if (name.empty() || is_digit(name[0])) return false;
  return std::count_if(name.begin(), name.end(), is_digit) <= most_digits &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return of_name(c) || c == '[' || c == ']' || c == '(' || c == ')';
         });
}

struct attribute {
  plain_text name;
  plain_text written;     // The name with its capital letters.
  std::size_t named = 0;  // Where it begins, in bytes of the tag.
  std::size_t begin = 0;  // Of the value, in bytes of the tag.
  std::size_t end = 0;
};

// `<name a=b c="d">`
struct tag_read {
  plain_text name;
  bool closes = false;
  bool alone = false;  // `<br/>`
  std::vector<attribute> attributes;
};

tag_read read_tag(std::string_view tag) {
  tag_read out;
  std::size_t at = 1;
  if (at < tag.size() && tag[at] == '/') {
    out.closes = true;
    ++at;
  }
  std::size_t end = at;
  while (end < tag.size() && !is_space(tag[end]) && tag[end] != '>' && tag[end] != '/') ++end;
  out.name = small(tag.substr(at, end - at));
  at = end;
  while (at < tag.size() && tag[at] != '>') {
    if (is_space(tag[at]) || tag[at] == '/') {
      out.alone = tag[at] == '/';
      ++at;
      continue;
    }
    out.alone = false;
    end = at;
    while (end < tag.size() && !is_space(tag[end]) && tag[end] != '=' && tag[end] != '>' &&
           tag[end] != '/')
      ++end;
    if (end == at) ++end;
    attribute one;
    one.named = at;
    one.written = tag.substr(at, end - at);
    one.name = small(one.written);
    at = end;
    while (at < tag.size() && is_space(tag[at])) ++at;
    if (at < tag.size() && tag[at] == '=') {
      ++at;
      while (at < tag.size() && is_space(tag[at])) ++at;
      const char quote = at < tag.size() ? tag[at] : '>';
      if (quote == '"' || quote == '\'') {
        one.begin = ++at;
        at = std::min(tag.find(quote, at), tag.size());
        one.end = at;
        at = std::min(at + 1, tag.size());
      } else {
        one.begin = at;
        while (at < tag.size() && !is_space(tag[at]) && tag[at] != '>') ++at;
        one.end = at;
      }
    }
    out.attributes.push_back(std::move(one));
  }
  return out;
}

void put_decoded(block& to, std::string_view bytes) {
  std::size_t kept = 0;
  for (std::size_t at = bytes.find('&'); at != bytes.npos; at = bytes.find('&', at)) {
    const entity as = entity_at(bytes.substr(at));
    if (as.size == 0) {
      ++at;
      continue;
    }
    to.same(bytes.substr(kept, at - kept));
    to.escape(bytes.substr(at, as.size), as.text);
    at += as.size;
    kept = at;
  }
  to.same(bytes.substr(kept));
}

// Takes what it is given as what is hidden.
class hits_of final : public outlet {
 public:
  void keep(std::string_view bytes) override { place_ += bytes.size(); }
  void respell(std::string_view bytes, std::string_view) override { place_ += bytes.size(); }
  void hide(std::string_view bytes, std::string_view text, const hidden_as& as) override {
    hits.push_back({place_, place_ + bytes.size(), as, plain_text(text)});
    place_ += bytes.size();
  }
  std::vector<hit> hits;

 private:
  std::size_t place_ = 0;
};

class html_reader final : public reader {
 public:
  html_reader(text_form form, outlet& out, finder& with, int depth)
      : reader(out, with, depth), xml_(form == text_form::xml) {}

  void take(std::string_view bytes) override {
    for (const char c : bytes) byte(c);
  }

  void end() override {
    if (state_ == state::tag) {  // Nothing closes it.
      text_ += tag_;
      tag_.clear();
    }
    decode_text(true);
    flush();
    if (!raw_.empty()) give_raw();
    out_.keep(tag_);
  }

 private:
  enum class state : std::uint8_t { text, tag, comment, cdata, raw };

  void byte(char c) {
    switch (state_) {
      case state::text:
        if (c == '<') {
          tag_ = "<";
          quote_ = 0;
          in_name_ = true;
          state_ = state::tag;
        } else {
          text_ += c;
          if (text_.size() > most_block / 2) {
            decode_text(false);
            if (block_.text().size() > most_block)
              give_front(block_, out_, finder_, name(), as_text);
          }
        }
        return;
      case state::tag:
        return tag_byte(c);
      case state::comment:
        return until(c, "-->", "<!--");
      case state::cdata:
        return until(c, "]]>", "<![CDATA[");
      case state::raw:
        raw_ += c;
        if (c == '>') end_raw();
        if (raw_.size() > most_form_unit) give_raw_front();
        return;
    }
  }

  void tag_byte(char c) {
    tag_ += c;
    if (tag_.size() == 2) {
      // An element of XML may also be called `_ssn`.
      const bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (xml_ && c == '_');
      if (!letter && c != '/' && c != '!' && c != '?' && static_cast<unsigned char>(c) < 0x80) {
        return no_tag();
      }
      in_name_ = c != '!' && c != '?';
    } else if (in_name_) {
      // `<zoe@example.com>` is text.
      in_name_ = !is_space(c) && c != '>' && c != '/';
      if (in_name_ && !of_name(c)) return no_tag();
    }
    if (tag_ == "<!--") return begin_special(state::comment);
    if (tag_ == "<![CDATA[") return begin_special(state::cdata);
    if (c == '>' && quote_ == 0) return end_tag();
    if (quote_ != 0) {
      if (c == quote_) quote_ = 0;
    } else if ((c == '"' || c == '\'') && tag_.size() > 2 && opens_value()) {
      quote_ = c;
    }
    if (tag_.size() > longest_tag) {
      text_ += tag_;
      tag_.clear();
      state_ = state::text;
    }
  }

  // What was taken for a tag is text, but for its last sign, which may begin one.
  void no_tag() {
    const char last = tag_.back();
    tag_.pop_back();
    text_ += tag_;
    tag_.clear();
    state_ = state::text;
    byte(last);
  }

  // Whether the quote mark at the end stands behind `=`.
  bool opens_value() const {
    std::size_t at = tag_.size() - 1;
    while (at > 0 && is_space(tag_[at - 1])) --at;
    return (at > 0 && tag_[at - 1] == '=') || tag_[1] == '!' || tag_[1] == '?';
  }

  void begin_special(state of) {
    decode_text(true);
    if (of != state::comment) flush();
    raw_ = tag_;
    tag_.clear();
    state_ = of;
  }

  // A comment or CDATA: what is in it is text, without entities.
  void until(char c, std::string_view mark, std::string_view begin) {
    raw_ += c;
    if (c == mark.back() && raw_.ends_with(mark) && raw_.size() >= begin.size() + mark.size()) {
      const std::string_view all = raw_;
      const std::string_view inner =
          all.substr(begin.size(), all.size() - begin.size() - mark.size());
      if (state_ == state::comment) {
        comment(begin.size(), inner);
      } else {
        out_.keep(begin);
        give_inner(inner, name());
        out_.keep(mark);
      }
      raw_.clear();
      state_ = state::text;
    } else if (raw_.size() > most_form_unit) {
      flush();
      give_raw_front();
    }
  }

  // Stands within a text without cutting it; what is in it is hidden for itself.
  void comment(std::size_t begin, std::string_view inner) {
    std::vector<hit> hits = finder_.find(inner, {}, depth_);
    for (hit& one : hits) {
      one.begin += begin;
      one.end += begin;
    }
    block_.markup(raw_, "", hits);
    if (block_.bytes().size() > 4 * most_block) flush();
  }

  void give_inner(std::string_view inner, const field_name& beside) {
    block of;
    of.same(inner);
    of.give(out_, finder_.find(inner, beside, depth_), as_it_is);
  }

  void give_raw() {
    give_inner(raw_, {});
    raw_.clear();
  }
  void give_raw_front() {
    block of;
    of.same(raw_);
    give_front(of, out_, finder_, {}, as_it_is);
    raw_ = of.bytes();
  }

  // `</script>`, `</style>`: what comes before it is no HTML.
  void end_raw() {
    const std::size_t open = raw_.rfind("</");
    if (open == raw_.npos ||
        small(std::string_view(raw_).substr(open + 2, raw_tag_.size())) != raw_tag_)
      return;
    const plain_text tag = raw_.substr(open);
    raw_.resize(open);
    give_raw();
    out_.keep(tag);
    state_ = state::text;
  }

  // --- text ---

  field_name name() const {
    field_name out = elements_.empty() ? field_name{} : elements_.back();
    if (!beside_.words.empty()) out = within(out, beside_);
    return out;
  }

  void decode_text(bool all) {
    std::string_view bytes = text_;
    plain_text rest;
    if (!all) {
      // An entity may go on.
      const std::size_t last = bytes.rfind('&');
      std::size_t cut = bytes.size();
      if (last != bytes.npos && bytes.size() - last < longest_entity) cut = last;
      while (cut > 0 && cut == bytes.size() && (bytes[cut - 1] & 0x80) != 0) --cut;
      rest = plain_text(bytes.substr(cut));
      bytes = bytes.substr(0, cut);
    }
    // Line ends and what is before the next word are one space.
    while (!bytes.empty()) {
      const std::size_t line = bytes.find_first_of("\r\n");
      put_decoded(block_, bytes.substr(0, line));
      if (line == bytes.npos) break;
      std::size_t end = line;
      while (end < bytes.size() && is_space(bytes[end])) ++end;
      block_.markup(bytes.substr(line, end - line), xml_ ? "\n" : " ");
      bytes.remove_prefix(end);
    }
    text_ = rest;
  }

  void flush() {
    if (block_.empty()) return;
    if (capture_ != nullptr) *capture_ += block_.text().substr(0, 80);
    const std::string_view text = trimmed(block_.text());
    if (in_cell_) cell_ += text.substr(0, longest_head);
    const field_name own = text.size() <= longest_head ? read_field_name(text) : field_name{};
    const bool heads = capture_ != nullptr && own.meaning != field_meaning::unknown;
    // `<div>SSN</div><div>536228741</div>`
    field_name beside = name();
    if (beside.words.empty() && text.size() <= longest_head) beside = before_;
    const std::vector<hit> hits = heads ? std::vector<hit>{} : finder_.find(block_, beside, depth_);
    // `Phone5550187` holds its number.
    const auto digits =
        std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!text.empty()) before_ = names_a_number(own) && digits < 3 ? own : field_name{};
    block_.give(out_, hits, as_text);
  }

  // What nobody would take for the words of a text.
  static bool names_a_number(const field_name& name) {
    switch (name.meaning) {
      case field_meaning::iban:
      case field_meaning::bank_account:
      case field_meaning::national_id:
      case field_meaning::phone_number:
      case field_meaning::date_of_birth:
      case field_meaning::payment_card:
      case field_meaning::imei:
        return true;
      default:
        return false;
    }
  }

  static std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (is_space(text.front()) || text.front() == ':')) text.remove_prefix(1);
    while (!text.empty() && (is_space(text.back()) || text.back() == ':')) text.remove_suffix(1);
    return text;
  }

  // --- tags ---

  void end_tag() {
    state_ = state::text;
    const tag_read tag = read_tag(tag_);
    decode_text(true);
    const std::vector<hit> within_tag = hidden_in(tag);
    if (!xml_ && is_inline(tag.name)) {
      if (tag.closes) {
        leave_named(tag.name);
      } else if (!is_one(tag.name, {"br", "img", "wbr"})) {
        enter_named(tag.name);
      }
      block_.markup(tag_, tag.name == "br" ? "\n" : "", within_tag);
      if (block_.bytes().size() > 4 * most_block) flush();  // Tags without end.
    } else {
      flush();
      named_.clear();
      block_.markup(tag_, "", within_tag);
      block_.give(out_, {}, as_text);
      if (tag_[1] != '!' && tag_[1] != '?') enter(tag);
    }
    if (!xml_ && !tag.closes && (tag.name == "script" || tag.name == "style")) {
      flush();
      raw_tag_ = tag.name;
      state_ = state::raw;
    }
    tag_.clear();
  }

  // `<span class="phone">`: what it says is of its own content.
  void enter_named(std::string_view tag) {
    if (!said_.words.empty() && named_.size() < deepest) {
      flush();
      named_.push_back({plain_text(tag), beside_, 0});
      beside_ = said_;
    } else if (!named_.empty() && named_.back().tag == tag) {
      ++named_.back().within;
    }
  }
  void leave_named(std::string_view tag) {
    if (named_.empty() || named_.back().tag != tag) return;
    if (named_.back().within != 0) {
      --named_.back().within;
      return;
    }
    flush();
    beside_ = named_.back().beside;
    named_.pop_back();
    said_ = {};
  }

  // Where names are told: elements of XML, heads of tables, terms and labels of HTML.
  void enter(const tag_read& tag) {
    if (xml_) {
      if (tag.closes) {
        if (over_ > 0) {
          --over_;
        } else if (!elements_.empty()) {
          elements_.pop_back();
        }
      } else if (!tag.alone) {
        if (elements_.size() == deepest) {
          ++over_;
          return;
        }
        const std::size_t colon = tag.name.rfind(':');
        const field_name own = said_.words.empty() ? read_field_name(raw_name(colon)) : said_;
        elements_.push_back(elements_.empty() ? own : within(elements_.back(), own));
      }
      return;
    }
    if (!tag.closes && !said_.words.empty()) beside_ = said_;
    if (tag.name == "tr") {
      if (!tag.closes) {
        column_ = 0;
        cells_ = 0;
        row_heads_.clear();
        row_cells_.clear();
        for (std::size_t& rows : taken_) rows -= rows != 0 ? 1U : 0U;
        over_taken(true);
      } else if (cells_ == 0 && !row_heads_.empty()) {
        column_heads_ = row_heads_;
      } else if (column_heads_.empty() && names_columns()) {
        column_heads_ = row_cells_;
      }
      beside_ = {};
    } else if (tag.name == "table") {
      column_heads_.clear();
      taken_.clear();
      beside_ = {};
    } else if (is_one(tag.name, {"th", "dt", "label", "legend"})) {
      head(tag);
    } else if (tag.name == "td" || tag.name == "dd") {
      if (in_cell_) row_cells_.push_back(read_field_name(trimmed(cell_)));
      in_cell_ = !tag.closes && tag.name == "td";
      cell_.clear();
      if (tag.closes) {
        beside_ = {};
      } else if (tag.name == "dd") {
        beside_ = read_field_name(trimmed(head_));
      } else {
        over_taken(false);
        cell();
        take_columns(span_of(tag, "colspan"), span_of(tag, "rowspan"));
      }
    } else if (tag.closes || is_one(tag.name, {"p", "li", "div", "h1", "h2", "h3"})) {
      if (tag.closes) said_ = {};
      if (said_.words.empty() && !is_one(tag.name, {"option", "label"})) beside_ = {};
    }
  }

  // As it is written, for `phoneNumber`.
  std::string_view raw_name(std::size_t colon) const {
    const std::size_t begin = colon == plain_text::npos ? 1 : colon + 2;
    std::size_t end = begin;
    while (end < tag_.size() && !is_space(tag_[end]) && tag_[end] != '>' && tag_[end] != '/') ++end;
    return std::string_view(tag_).substr(begin, end - begin);
  }

  // How many columns or rows a cell takes.
  std::size_t span_of(const tag_read& tag, std::string_view which) const {
    for (const attribute& one : tag.attributes) {
      if (one.name != which) continue;
      std::size_t out = 0;
      for (const char c : value_of(one)) {
        if (c >= '0' && c <= '9' && out < widest)
          out = out * 10 + static_cast<std::size_t>(c - '0');
      }
      return std::clamp(out, std::size_t{1}, widest);
    }
    return 1;
  }

  // Columns that a cell of a row above goes on in; a row of heads has that one's head there.
  void over_taken(bool heads) {
    while (column_ < taken_.size() && taken_[column_] != 0) {
      if (heads && column_ < column_heads_.size() && row_heads_.size() == column_) {
        row_heads_.push_back(column_heads_[column_]);
      }
      ++column_;
    }
  }

  void take_columns(std::size_t columns, std::size_t rows) {
    if (taken_.size() < column_ + columns) taken_.resize(column_ + columns);
    for (std::size_t i = 0; i < columns; ++i) taken_[column_ + i] = rows;
    column_ += columns;
  }

  void head(const tag_read& tag) {
    if (!tag.closes) {
      head_.clear();
      capture_ = &head_;
      head_columns_ = span_of(tag, "colspan");
      head_rows_ = span_of(tag, "rowspan");
      return;
    }
    capture_ = nullptr;
    if (tag.name == "th") {
      const field_name own = read_field_name(trimmed(head_));
      for (std::size_t i = 0; i < head_columns_ && row_heads_.size() < deepest; ++i) {
        // `home` below `phone`.
        const std::size_t at = row_heads_.size();
        row_heads_.push_back(
            cells_ == 0 && at < column_heads_.size() ? within(column_heads_[at], own) : own);
      }
      take_columns(head_columns_, head_rows_);
      over_taken(cells_ == 0);
    }
    if (tag.name == "label" || tag.name == "legend") beside_ = read_field_name(trimmed(head_));
  }

  void cell() {
    ++cells_;
    if (!row_heads_.empty()) {
      beside_ = row_heads_.back();
    } else {
      beside_ = column_ < column_heads_.size() ? column_heads_[column_] : field_name{};
      // `<td>SSN</td><td>536228741</td>`
      const field_name left = row_cells_.empty() ? field_name{} : row_cells_.back();
      if (column_heads_.empty() && left.meaning != field_meaning::unknown) beside_ = left;
    }
  }

  // A row of cells that are names, in a table without heads.
  bool names_columns() const {
    return row_cells_.size() > 2 &&
           std::all_of(row_cells_.begin(), row_cells_.end(),
                       [](const field_name& one) { return one.meaning != field_meaning::unknown; });
  }

  std::vector<hit> hidden_in(const tag_read& tag) {
    const bool declares = tag_[1] == '!' || tag_[1] == '?';
    if (declares) return text_of_tag();
    if (tag.closes && tag.attributes.empty()) return {};
    const field_name said = said_;
    std::vector<hit> out = values_of(tag);
    if (tag.closes) said_ = said;
    add_strays(tag, out);
    return out;
  }

  // What stands in a tag and is neither a name nor a value, as where a quote mark is missing, is
  // looked at as text.
  void add_strays(const tag_read& tag, std::vector<hit>& out) {
    std::vector<std::pair<std::size_t, std::size_t>> strays;
    if (!tag.name.empty() && !is_plain_name(tag.name)) strays.emplace_back(1, 1 + tag.name.size());
    for (const attribute& one : tag.attributes) {
      if (!is_plain_name(one.written))
        strays.emplace_back(one.named, one.named + one.written.size());
    }
    if (strays.empty()) return;
    std::vector<hit> found = text_of_tag();
    sort(found);
    sort(out);
    std::vector<hit> apart;
    std::size_t stray = 0;
    std::size_t value = 0;
    for (const hit& one : found) {
      while (stray < strays.size() && strays[stray].second <= one.begin) ++stray;
      if (stray == strays.size()) break;
      if (strays[stray].first >= one.end) continue;
      while (value < out.size() && out[value].end <= one.begin) ++value;
      add_apart(one, std::span(out).subspan(value), apart);
    }
    out.insert(out.end(), apart.begin(), apart.end());
    sort(out);
  }

  static void sort(std::vector<hit>& all) { std::ranges::sort(all, {}, &hit::begin); }

  // What of a find none of the values hides, which are in their order.
  static void add_apart(hit found, std::span<const hit> values, std::vector<hit>& out) {
    for (const hit& one : values) {
      if (found.end <= one.begin) break;
      if (one.begin > found.begin) {
        out.push_back(found);
        out.back().end = one.begin;
      }
      found.begin = std::max(found.begin, one.end);
      if (found.begin >= found.end) return;
    }
    out.push_back(found);
  }

  // What all of a tag holds, as of a declaration or an instruction; addresses on the web in one say
  // how a page is made.
  std::vector<hit> text_of_tag() {
    block value;
    put_decoded(value, tag_);
    std::vector<hit> found = finder_.find(value.text(), {}, most_depth);
    std::erase_if(found, [](const hit& a) { return a.as.type == entity_type::url; });
    hits_of collected;
    value.give(collected, found, as_it_is);
    return std::move(collected.hits);
  }

  // `tel:+1-212-555-0187;ext=45`: all of the number that is dialled.
  static std::vector<hit> dialled(std::string_view value, finder& with) {
    for (const std::string_view scheme : {"tel:", "sms:", "callto:", "fax:", "whatsapp:"}) {
      if (!small(value.substr(0, scheme.size())).starts_with(scheme)) continue;
      const std::size_t end = std::min(value.find('?'), value.size());
      const std::string_view number = value.substr(scheme.size(), end - scheme.size());
      const auto digits =
          std::count_if(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (digits < 3 || number.size() > 64) return {};
      std::vector<hit> out = with.whole(number, entity_type::phone_number);
      for (hit& one : out) {
        one.begin += scheme.size();
        one.end += scheme.size();
      }
      return out;
    }
    return {};
  }

  // Of a style or a program, which are full of numbers: what no number is by chance.
  static bool is_proven(scan_rule rule) {
    return rule == scan_rule::card_luhn || rule == scan_rule::iban_mod97 ||
           rule == scan_rule::email_written || rule == scan_rule::known_value;
  }
  bool may_prove(std::string_view value) const {
    const auto digits =
        std::count_if(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    return digits >= 12 || value.find('@') != value.npos ||
           finder_.options().text.scan.known != nullptr;
  }

  // A picture, a font: no text.
  static bool holds_no_text(std::string_view value) {
    const plain_text front = small(value.substr(0, 64));
    return front.starts_with("data:") && front.find(";base64,") != front.npos &&
           !front.starts_with("data:text") && !front.starts_with("data:application/json");
  }

  // What of a tag's attributes is hidden, in bytes of the tag. Sets what the tag says of its text.
  std::vector<hit> values_of(const tag_read& tag) {
    said_ = {};
    std::vector<hit> out;
    for (const attribute& one : tag.attributes) {
      if (is_one(one.name, {"itemprop", "property", "name", "autocomplete", "data-field", "headers",
                            "id", "for"})) {
        const field_name says = read_field_name(value_of(one));
        const bool known = says.meaning != field_meaning::unknown &&
                           says.meaning != field_meaning::contact &&
                           says.meaning != field_meaning::part;
        if (known && (said_.words.empty() || one.name != "id")) said_ = says;
      } else if (xml_ && said_.words.empty() &&
                 is_one(one.name, {"type", "kind", "scheme", "system", "key", "field", "label"})) {
        // `<id type="ssn">`; `<id type="customer">` is no name.
        const field_name says = read_field_name(value_of(one));
        if (names_a_number(says)) said_ = says;
      } else if (one.name == "class" && said_.words.empty()) {
        const field_name says = read_field_name(value_of(one));
        // `card` is one of a page's.
        if (names_a_number(says) && says.meaning != field_meaning::payment_card) said_ = says;
      }
    }
    for (const attribute& one : tag.attributes) {
      if (one.begin == one.end || is_form(tag, one.name)) continue;
      const bool made = !xml_ && (one.name == "style" || one.name.starts_with("on"));
      if (made && !may_prove(value_of(one))) continue;
      const bool holds =
          is_one(one.name, {"value", "content", "placeholder", "title", "alt", "datetime", "href"});
      field_name beside =
          holds ? (said_.words.empty() ? beside_ : said_) : read_field_name(one.written);
      if (one.name == "href" || one.name == "title") beside.meaning = field_meaning::unknown;
      if (xml_ && one.name == "name") beside = {};  // Of a property, of a thing.
      if (xml_ && !holds && !elements_.empty()) beside = within(elements_.back(), beside);
      if (holds_no_text(value_of(one))) continue;
      block value;
      put_decoded(value, value_of(one));
      std::vector<hit> found = dialled(value.text(), finder_);
      if (!finder_.options().text.scan.types.contains(entity_type::phone_number)) found.clear();
      if (found.empty()) found = finder_.find(value.text(), beside, most_depth);
      if (tag.name != "a")
        std::erase_if(found, [](const hit& a) {
          return a.as.type == entity_type::url && a.as.rule != scan_rule::field_named;
        });
      if (made) std::erase_if(found, [](const hit& a) { return !is_proven(a.as.rule); });
      hits_of collected;
      value.give(collected, found, as_it_is);
      for (hit& part : collected.hits) {
        part.begin += one.begin;
        part.end += one.begin;
        out.push_back(std::move(part));
      }
    }
    return out;
  }

  std::string_view value_of(const attribute& one) const {
    return std::string_view(tag_).substr(one.begin, one.end - one.begin);
  }

  // What says how a page is made, not what it tells.
  bool is_form(const tag_read& tag, std::string_view name) const {
    if (name.starts_with("xmlns") || name.starts_with("xsi:")) return true;
    if (xml_) return false;
    return is_one(name, {"class",       "rel",          "type",    "charset", "lang",
                         "width",       "height",       "colspan", "rowspan", "itemtype",
                         "itemprop",    "itemscope",    "role",    "name",    "for",
                         "integrity",   "autocomplete", "method",  "border",  "align",
                         "valign",      "size",         "bgcolor", "color",   "cellpadding",
                         "cellspacing", "viewbox",      "d"}) ||
           (tag.name == "meta" && name == "property");
  }

  bool xml_;
  state state_ = state::text;
  plain_text text_;  // Not decoded.
  plain_text tag_;
  plain_text raw_;  // Of a comment, a script.
  plain_text raw_tag_;
  char quote_ = 0;
  bool in_name_ = false;  // Of the tag.
  block block_;
  std::vector<field_name> elements_;
  std::size_t over_ = 0;
  field_name beside_;  // The head, term or label of what comes.
  field_name said_;    // By the last tag's attributes.
  // Elements within a text that say what it is.
  struct named_element {
    plain_text tag;
    field_name beside;       // What was beside the text before it.
    std::size_t within = 0;  // Others of its kind that are open in it.
  };
  std::vector<named_element> named_;
  field_name before_;  // The text before, where it names a number.
  plain_text cell_;    // The text of the cell so far.
  bool in_cell_ = false;
  std::vector<field_name> row_cells_;  // What the cells of the row are called.
  plain_text head_;
  plain_text* capture_ = nullptr;
  std::vector<field_name> column_heads_, row_heads_;
  std::size_t column_ = 0;
  std::size_t cells_ = 0;
  std::vector<std::size_t> taken_;  // By column: rows, this one too, that a cell takes there.
  std::size_t head_columns_ = 1;    // Of the head that is open.
  std::size_t head_rows_ = 1;
};

}  // namespace

any_reader make_html_reader(text_form form, outlet& out, finder& with, int depth) {
  return std::make_unique<html_reader>(form, out, with, depth);
}

std::vector<hit> hits_within(std::string_view text, text_form form, finder& with, int depth) {
  hits_of collected;
  const any_reader inner = make_reader(form, collected, with, depth);
  inner->take(text);
  inner->end();
  if (inner->failure()) return with.whole(text, entity_type::national_id);
  return std::move(collected.hits);
}

}  // namespace clientbook::forms
