// Mail: headers without folds and encoded words, bodies by their type, parts within parts.
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>

#include "mail_layers.hpp"
#include "words.hpp"

namespace clientbook::forms {
namespace {

constexpr std::size_t probe_size = 4096;  // Decoded bytes that show whether a part is text.

// Headers that say how the mail is made, or when it was sent.
bool is_form(std::string_view name) {
  return is_one(
      name, {"content-type", "content-transfer-encoding", "mime-version", "date", "message-id",
             "in-reply-to", "references", "content-length", "lines", "dkim-signature", "arc-seal",
             "arc-message-signature", "arc-authentication-results", "x-mailer", "user-agent",
             "content-language", "content-id", "list-id", "precedence"});
}

// Encodings that are undone, and names of those that leave bytes as they are (`8bit`, `7-bit`).
bool is_encoding(std::string_view name) {
  return name.empty() || name[0] == '7' || name[0] == '8' ||
         is_one(name, {"binary", "base64", "quoted-printable", "none", "plain", "ascii", "utf-8",
                       "utf8", "us-ascii", "text"});
}

bool names_people(std::string_view name) {
  return is_one(name, {"from", "to", "cc", "bcc", "reply-to", "sender", "resent-from", "resent-to",
                       "delivered-to", "x-original-to", "disposition-notification-to"});
}

struct header_parameter {
  std::string_view name;   // As it is written: `filename*0*`.
  std::string_view value;  // A part of the header, without quote marks.
};

// `; name=value` of a header, each.
std::vector<header_parameter> parameters(std::string_view header) {
  std::vector<header_parameter> out;
  for (std::size_t at = header.find(';'); at != header.npos; at = header.find(';', at)) {
    const std::size_t begin = header.find_first_not_of("; \t\r\n", at);
    if (begin == header.npos) break;
    const std::size_t end = header.find_first_of("=;", begin);
    at = end;
    if (end == header.npos || header[end] == ';') continue;
    header_parameter one;
    one.name = header.substr(begin, end - begin);
    while (!one.name.empty() && one.name.back() <= ' ') one.name.remove_suffix(1);
    std::size_t value = std::min(header.find_first_not_of(" \t\r\n", end + 1), header.size());
    const bool quoted = value < header.size() && header[value] == '"';
    value += quoted ? 1U : 0U;
    const std::size_t last = header.find_first_of(quoted ? "\"" : "; \t\r\n", value);
    at = std::min(last, header.size());
    one.value = header.substr(value, at - value);
    out.push_back(one);
  }
  return out;
}

// Whether it is written as `name`, `name*`, or as a piece of it (RFC 2231): `name*0`, `name*0*`.
bool is_called(const header_parameter& one, std::string_view name) {
  const plain_text called = small(one.name);
  return called.starts_with(name) && (called.size() == name.size() || called[name.size()] == '*');
}

// `; name=value` of a header, a part of it.
std::string_view parameter(std::string_view header, std::string_view name) {
  for (const header_parameter& one : parameters(header)) {
    if (is_called(one, name)) return one.value;
  }
  return {};
}

// What a parameter says, in one piece or in several, whose `%3D` and character set are undone.
plain_text said_by(std::string_view header, std::string_view name) {
  plain_text out;
  for (const header_parameter& one : parameters(header)) {
    if (!is_called(one, name)) continue;
    std::string_view value = one.value;
    const bool coded = one.name.ends_with('*');
    if (coded && std::count(value.begin(), value.end(), '\'') >= 2) {  // us-ascii'en'...
      value.remove_prefix(value.find('\'', value.find('\'') + 1) + 1);
    }
    for (std::size_t at = 0; at < value.size(); ++at) {
      const long byte = coded && value[at] == '%' ? hex_number(value.substr(at + 1, 2)) : -1;
      out += byte < 0 ? value[at] : static_cast<char>(byte);
      at += byte < 0 ? 0U : 2U;
    }
    if (one.name.size() == name.size()) break;  // Further ones of that name are none.
  }
  return out;
}

// `"; filename*1*="` between two pieces of one value, where it begins at `at`: how many bytes.
std::size_t between_pieces(std::string_view header, std::size_t at) {
  const std::size_t begin = header[at] == '"' ? at + 1 : at;
  if (begin == header.size() || header[begin] != ';') return 0;
  const std::size_t name = header.find_first_not_of("; \t\r\n", begin);
  const std::size_t sign = std::min(header.find('=', begin), header.size());
  if (name == header.npos || sign == header.size() || name >= sign) return 0;
  const std::string_view called = header.substr(name, sign - name);
  const std::size_t star = called.find('*');
  if (star == called.npos || star + 1 == called.size()) return 0;
  const char piece = called[star + 1];
  if (piece < '0' || piece > '9' || (piece == '0' && called.size() <= star + 3)) return 0;
  return sign + 1 - at + (sign + 1 < header.size() && header[sign + 1] == '"' ? 1U : 0U);
}

// --- headers ---

// A piece of a header: bytes as they are, or an encoded word (RFC 2047).
struct word {
  std::size_t begin = 0;  // In the header's bytes.
  std::size_t size = 0;
  std::size_t text_size = 0;  // Decoded.
  char encoding = 0;          // Q, B or 0.
};

struct encoded_word {
  std::size_t size = 0;
  char encoding = 0;
  plain_text text;
  bool readable = true;
};
encoded_word word_at(std::string_view bytes) {
  encoded_word out;
  if (!bytes.starts_with("=?")) return out;
  const std::size_t set_end = bytes.find('?', 2);
  if (set_end == bytes.npos || set_end + 2 >= bytes.size() || bytes[set_end + 2] != '?') return out;
  const std::size_t end = bytes.find("?=", set_end + 3);
  if (end == bytes.npos || end > 1000) return out;
  const std::string_view content = bytes.substr(set_end + 3, end - set_end - 3);
  const char encoding = static_cast<char>(bytes[set_end + 1] & ~0x20);
  if ((encoding != 'Q' && encoding != 'B') || content.find_first_of(" \r\n") != content.npos)
    return out;
  const std::string_view set = bytes.substr(2, set_end - 2);
  const charset of = charset_of(set.substr(0, set.find('*')));
  plain_text plain;
  if (encoding == 'B') {
    plain = from_base64(content);
  } else {
    for (std::size_t at = 0; at < content.size(); ++at) {
      const long byte = content[at] == '=' && at + 2 < content.size()
                            ? hex_number(content.substr(at + 1, 2))
                            : -1;
      plain += content[at] == '_' ? ' ' : byte >= 0 ? static_cast<char>(byte) : content[at];
      if (byte >= 0) at += 2;
    }
  }
  out.size = end + 2;
  out.encoding = encoding;
  if (of == charset::latin_1 || (of == charset::utf_8 && !valid_utf8(plain))) {
    for (const char c : plain) put_latin(out.text, static_cast<unsigned char>(c));
  } else {
    out.text = plain;
  }
  out.readable = of != charset::other;
  return out;
}

// Turns what is kept and hidden in a header's text into its bytes: an encoded word in which
// something is hidden is encoded again.
class header_words final : public outlet {
 public:
  header_words(std::string_view bytes, std::vector<word> words, outlet& out)
      : bytes_(bytes), words_(std::move(words)), out_(out) {}

  void keep(std::string_view text) override { pass(text, nullptr, {}); }
  void respell(std::string_view text, std::string_view) override { keep(text); }
  void hide(std::string_view text, std::string_view label, const hidden_as& as) override {
    const plain_text said(label);
    pass(text, &said, as);
  }
  void finish() {
    while (which_ < words_.size()) next();
  }

 private:
  void pass(std::string_view text, const plain_text* label, const hidden_as& as) {
    bool first = true;
    while (!text.empty() && which_ < words_.size()) {
      const word& one = words_[which_];
      if (one.text_size == 0) {
        next();
        continue;
      }
      const std::size_t here = std::min(one.text_size - into_, text.size());
      const std::string_view part = text.substr(0, here);
      hidden_as piece = as;
      piece.goes_on = as.goes_on || !first;
      if (one.encoding == 0) {
        const std::string_view bytes = bytes_.substr(one.begin + into_, here);
        if (label == nullptr) {
          out_.keep(bytes);
        } else {
          out_.hide(bytes, first ? *label : plain_text(), piece);
        }
      } else if (label == nullptr) {
        word_ += part;
      } else {
        if (first) word_ += *label;
        if (!hidden_) as_ = piece;
        hidden_ = true;
      }
      first = false;
      into_ += here;
      text.remove_prefix(here);
      if (into_ == one.text_size) next();
    }
  }

  void next() {
    const word& one = words_[which_++];
    const std::string_view bytes = bytes_.substr(one.begin, one.size);
    if (one.encoding != 0 || one.text_size == 0) {
      if (hidden_) {
        out_.hide(bytes,
                  one.encoding == 'B' ? "=?utf-8?B?" + base64_of(word_) + "?="
                                      : "=?utf-8?Q?" + quoted(word_) + "?=",
                  as_);
      } else {
        out_.keep(bytes);
      }
    }
    into_ = 0;
    hidden_ = false;
    word_.clear();
  }

  static plain_text quoted(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    plain_text out;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      const bool plain =
          (byte >= '0' && byte <= '9') || ((byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z');
      if (plain) {
        out += c;
      } else if (c == ' ') {
        out += '_';
      } else {
        out += '=';
        out += hex[byte >> 4];
        out += hex[byte & 15U];
      }
    }
    return out;
  }

  std::string_view bytes_;
  std::vector<word> words_;
  outlet& out_;
  std::size_t which_ = 0;
  std::size_t into_ = 0;  // Of the text of the word.
  plain_text word_;       // Its text so far, with what stands for what is hidden.
  bool hidden_ = false;
  hidden_as as_;
};

// --- bodies ---

class mail_reader final : public reader {
 public:
  mail_reader(outlet& out, finder& with, int depth) : reader(out, with, depth) {}

  void take(std::string_view bytes) override {
    while (!bytes.empty() && !failure_) {
      const std::size_t end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
      line_ += bytes.substr(0, end);
      bytes.remove_prefix(end);
      if (line_.back() == '\n') {
        whole_line();
      } else if (headers_) {
        if (line_.size() <= most_form_unit) continue;
        fail(errc::limit_exceeded, "a header of the mail does not end", passed_);
      } else if (line_.size() > most_block) {
        part_of_line();
      }
    }
  }

  void end() override {
    if (failure_) return;
    if (!line_.empty()) whole_line();
    if (headers_) end_headers();
    end_body();
  }

 private:
  struct part_facts {
    plain_text type = "text/plain";
    plain_text encoding;
    plain_text boundary;
    charset set = charset::utf_8;
    bool named = false;  // A file.
  };

  void whole_line() {
    if (headers_) {
      header_line();
    } else if (!boundary_line()) {
      body(line_);
    }
    passed_ += line_.size();
    line_.clear();
    part_of_line_ = false;
  }

  void part_of_line() {
    std::size_t cut = line_.size();
    while (cut > 0 && (line_[cut - 1] & 0xC0) == 0x80) --cut;
    if (cut > 0 && static_cast<unsigned char>(line_[cut - 1]) >= 0xC0) --cut;
    const plain_text rest = line_.substr(cut);
    line_.resize(cut);
    body(line_);
    passed_ += cut;
    line_ = rest;
    part_of_line_ = true;
  }

  // --- headers ---

  void header_line() {
    const bool empty = line_ == "\n" || line_ == "\r\n";
    const bool goes_on = !empty && (line_[0] == ' ' || line_[0] == '\t');
    if (!goes_on) end_header();
    if (empty) {
      out_.keep(line_);
      end_headers();
      return;
    }
    header_ += line_;
    if (header_.size() > most_form_unit)
      fail(errc::limit_exceeded, "a header of the mail does not end", passed_);
  }

  void end_header() {
    if (header_.empty()) return;
    const plain_text all = std::move(header_);
    header_.clear();
    const std::size_t colon = all.find(':');
    const std::size_t name_end = std::min(colon, all.size());
    const plain_text name = small(std::string_view(all).substr(0, name_end));
    const bool named = colon != all.npos && name.find_first_of(" \t") == name.npos;
    if (!named) return put_header(all, {}, false);
    read_facts(name, std::string_view(all).substr(colon + 1));
    out_.keep(std::string_view(all).substr(0, colon + 1));
    const std::string_view value = std::string_view(all).substr(colon + 1);
    if (name == "content-type") return content_type(value);
    if (is_form(name)) return out_.keep(value);
    field_name beside = read_field_name(name);
    if (!name.starts_with("x-")) beside = {};
    put_header(value, beside, names_people(name));
  }

  void read_facts(std::string_view name, std::string_view value) {
    if (name == "content-type") {
      const plain_text all = small(value);
      const std::size_t begin = all.find_first_not_of(" \t\r\n");
      if (begin == all.npos) return;
      facts_.type = all.substr(begin, all.find_first_of("; \t\r\n", begin) - begin);
      facts_.boundary = said_by(value, "boundary");
      const plain_text set = said_by(value, "charset");
      if (!set.empty()) facts_.set = charset_of(set);
      facts_.named = facts_.named || !parameter(value, "name").empty();
    } else if (name == "content-transfer-encoding") {
      // Also in quote marks, and with a remark in brackets.
      const plain_text all = small(value);
      facts_.encoding.clear();
      for (const char c : std::string_view(all).substr(0, all.find('('))) {
        if (c > ' ' && c != '"' && c != ';') facts_.encoding += c;
      }
    } else if (name == "content-disposition") {
      facts_.named = facts_.named || !parameter(value, "filename").empty();
    }
  }

  // Says how the part is made, but for the name of a file.
  void content_type(std::string_view value) {
    const std::string_view file = parameter(value, "name");
    if (file.empty()) return out_.keep(value);
    const auto begin = static_cast<std::size_t>(file.data() - value.data());
    // In pieces it ends where the last one does.
    std::size_t end = begin + file.size();
    for (const header_parameter& one : parameters(value)) {
      if (is_called(one, "name")) {
        end = static_cast<std::size_t>(one.value.data() - value.data()) + one.value.size();
      }
    }
    out_.keep(value.substr(0, begin));
    put_header(value.substr(begin, end - begin), {}, false);
    out_.keep(value.substr(end));
  }

  // The header's text without folds and encoded words. A fold within what is hidden goes with it: a
  // line of spaces alone may end the headers.
  void put_header(std::string_view bytes, const field_name& beside, bool people) {
    plain_text text;
    std::vector<word> words;
    bool unreadable = false;
    for (std::size_t at = 0; at < bytes.size();) {
      const encoded_word coded = word_at(bytes.substr(at));
      if (coded.size != 0) {
        unreadable = unreadable || !coded.readable;
        words.push_back({at, coded.size, coded.text.size(), coded.encoding});
        text += coded.text;
        at += coded.size;
        // Spaces between encoded words are none of the text.
        const std::size_t next = bytes.find_first_not_of(" \t\r\n", at);
        if (next != bytes.npos && next > at && word_at(bytes.substr(next)).size != 0) {
          words.push_back({at, next - at, 0, 0});
          at = next;
        }
        continue;
      }
      if (words.empty() || words.back().encoding != 0 || words.back().text_size == 0) {
        words.push_back({at, 0, 0, 0});
      }
      ++words.back().size;
      ++words.back().text_size;
      text += bytes[at++];
    }
    block of;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t line = std::min(text.find_first_of("\";\r\n", at), text.size());
      of.same(std::string_view(text).substr(at, line - at));
      if (line < text.size() && text[line] >= ' ') {
        const std::size_t pieces = between_pieces(text, line);
        if (pieces == 0) of.same(text[line]);
        if (pieces != 0) of.markup(std::string_view(text).substr(line, pieces), "");
        at = line + std::max<std::size_t>(pieces, 1);
        continue;
      }
      std::size_t end = std::min(text.find_first_not_of("\r\n", line), text.size());
      if (end == text.size()) {
        of.markup(std::string_view(text).substr(line), "");
      } else if (end > line) {
        if (text[end] == ' ' || text[end] == '\t') ++end;
        of.escape(std::string_view(text).substr(line, end - line), " ");
      }
      at = end;
    }
    const bool coded =
        std::any_of(words.begin(), words.end(), [](const word& a) { return a.encoding != 0; });
    header_words to(bytes, std::move(words), out_);
    std::vector<hit> hits = unreadable ? finder_.whole(of.text(), entity_type::person_name)
                                       : finder_.find(of.text(), beside, depth_);
    if (people && !unreadable) add_people(hits, of.text());
    spell(hits, of.text(), coded, people);
    of.give(to, hits, as_it_is);
    to.finish();
  }

  // What stands beside the addresses of From and To are names.
  void add_people(std::vector<hit>& hits, std::string_view text) {
    constexpr std::string_view around = " \t\r\n\"'<>(),;:";
    const field_name of_people = read_field_name("name");
    std::vector<hit> names;
    std::size_t next = 0;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t label = text[at] == '<' ? label_at(text.substr(at)) : 0;
      if (next < hits.size() && at >= hits[next].begin) {
        at = std::max(at + 1, hits[next++].end);
      } else if (label != 0 || around.find(text[at]) != around.npos) {
        at += std::max<std::size_t>(label, 1);
      } else {
        const std::size_t last = next < hits.size() ? hits[next].begin : text.size();
        const bool quoted = at > 0 && text[at - 1] == '"';  // `"Brandt, Tilda"`
        std::size_t end = std::min(text.find_first_of(quoted ? "\"" : "\"<>(),;:", at), last);
        const std::size_t begin = at;
        at = std::max(end, begin + 1);
        while (end > begin && around.find(text[end - 1]) != around.npos) --end;
        for (hit& one : finder_.find(text.substr(begin, end - begin), of_people, most_depth)) {
          if (one.as.type != entity_type::person_name) continue;
          one.begin += begin;
          one.end += begin;
          names.push_back(std::move(one));
        }
      }
    }
    hits.insert(hits.end(), names.begin(), names.end());
    std::sort(hits.begin(), hits.end(),
              [](const hit& a, const hit& b) { return a.begin < b.begin; });
  }

  // Labels as the signs around them allow: an address in angle brackets has those already, and a
  // name with angle brackets stands in quote marks.
  static void spell(std::vector<hit>& hits, std::string_view text, bool coded, bool people) {
    for (hit& one : hits) {
      const char before = one.begin > 0 ? text[one.begin - 1] : ' ';
      const char after = one.end < text.size() ? text[one.end] : ' ';
      if (one.label.size() > 2 && one.label[0] == '<' && before == '<' && after == '>') {
        one.label = one.label.substr(1, one.label.size() - 2);
      } else if (people && !coded && one.as.type == entity_type::person_name && before != '"') {
        one.label = '"' + one.label + '"';
      }
    }
  }

  void end_headers() {
    end_header();
    headers_ = false;
    guess_ = facts_.type.starts_with("multipart/") && facts_.boundary.empty();
    if (facts_.type.starts_with("multipart/") && !facts_.boundary.empty()) {
      if (boundaries_.size() == most_mail_depth) {
        fail(errc::limit_exceeded, "parts of the mail lie too deep within one another", passed_);
        return;
      }
      boundaries_.push_back(facts_.boundary);
      facts_ = {};
    } else if (facts_.type == "message/rfc822" && facts_.encoding != "base64" &&
               facts_.encoding != "quoted-printable") {
      facts_ = {};
      headers_ = true;
      return;
    }
    begin_body();
  }

  // --- bodies ---

  bool boundary_line() {
    if (part_of_line_ || !std::string_view(line_).starts_with("--")) return false;
    std::string_view rest = std::string_view(line_).substr(2);
    while (!rest.empty() && (rest.back() == '\n' || rest.back() == '\r' || rest.back() == ' ' ||
                             rest.back() == '\t'))
      rest.remove_suffix(1);
    if (guess_ && !rest.empty()) {
      guess_ = false;
      boundaries_.emplace_back(rest);
    }
    for (std::size_t i = boundaries_.size(); i > 0; --i) {
      const plain_text& one = boundaries_[i - 1];
      if (!rest.starts_with(one)) continue;
      const std::string_view more = rest.substr(one.size());
      if (!more.empty() && more != "--") continue;
      end_body();
      boundaries_.resize(more.empty() ? i : i - 1);
      out_.keep(line_);
      facts_ = {};
      if (more.empty()) {
        headers_ = true;
      } else {
        begin_body();
      }
      return true;
    }
    return false;
  }

  void begin_body() {
    qp_.reset();
    base64_.reset();
    latin_.reset();
    inner_.reset();
    passes_ = false;
    outlet* to = &out_;
    const bool text = facts_.type.starts_with("text/") || facts_.type == "message/rfc822" ||
                      facts_.type.find("json") != facts_.type.npos ||
                      facts_.type.find("xml") != facts_.type.npos;
    if (text && facts_.set == charset::other) {
      fail(errc::invalid_encoding, "a part of the mail is in a character set that is not read",
           passed_);
      return;
    }
    if (!is_encoding(facts_.encoding)) {
      fail(errc::invalid_encoding, "a part of the mail is in an encoding that is not read",
           passed_);
      return;
    }
    if (facts_.encoding == "base64") {
      base64_ = std::make_unique<base64_layer>(*to);
      probing_ = true;
      return;
    }
    if (facts_.encoding == "quoted-printable") {
      qp_ = std::make_unique<quoted_printable>(*to, facts_.set);
      to = qp_.get();
    }
    inner_ = make_reader(form_of_part(), *to, finder_, depth_ + 1);
  }

  text_form form_of_part() const {
    const plain_text& type = facts_.type;
    if (depth_ >= most_depth) return text_form::plain;
    if (type == "text/html") return text_form::html;
    if (type == "text/csv" || type == "text/tab-separated-values") return text_form::csv;
    if (type == "message/rfc822") return text_form::mail;
    if (type.find("json") != type.npos) return text_form::json;
    if (type.ends_with("/xml") || type.ends_with("+xml")) return text_form::xml;
    if (type == "text/plain" && !facts_.named) return text_form::plain;
    return text_form::sniffed;
  }

  void body(std::string_view bytes) {
    if (qp_ != nullptr) {
      qp_->take(bytes, *inner_);
    } else if (base64_ != nullptr) {
      encoded(bytes);
    } else if (inner_ != nullptr) {
      inner_->take(bytes);
    }
    check();
  }

  // Lines that are no base64: what a list of mails adds below, or a part that only says it is. A
  // stray sign within a line that is some means nothing (RFC 2045).
  static bool foreign(std::string_view line) {
    std::size_t strange = 0;
    std::size_t letters = 0;
    for (const char c : line) {
      const bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c >= '0' && c <= '9');
      const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
      letters += letter ? 1U : 0U;
      strange += letter || space || c == '+' || c == '/' || c == '=' ? 0U : 1U;
    }
    const std::size_t words = line.find_last_not_of(" \t\r\n");
    const bool spaced = words != line.npos && line.substr(0, words).find(' ') != line.npos;
    return strange != 0 && (spaced || strange > 2 || letters < 16);
  }

  void encoded(std::string_view bytes) {
    if (foreign(bytes)) {
      end_body();
      if (failure_) return;
      inner_ = make_reader(text_form::plain, out_, finder_, depth_ + 1);
      return inner_->take(bytes);
    }
    if (passes_) return out_.keep(bytes);
    plain_text text = base64_->decode(bytes);
    if (probing_) {
      probe_ += text;
      if (probe_.size() < probe_size) return;
      end_probe();
      return;
    }
    decoded(text);
  }

  // Whether what is encoded is a text at all: pictures stay as they are.
  void end_probe() {
    probing_ = false;
    std::string_view text = probe_;
    const std::size_t valid = valid_utf8_prefix(text);
    const bool latin = facts_.set == charset::latin_1 ||
                       (text.size() - valid >= 4 && facts_.type.starts_with("text/"));
    const bool binary = text.find('\0') != text.npos || (text.size() - valid >= 4 && !latin);
    if (binary) {
      if (facts_.type.starts_with("text/")) {
        fail(errc::invalid_encoding, "a part of the mail is in a character set that is not read",
             passed_);
        return;
      }
      passes_ = true;
      base64_->finish();
      return;
    }
    outlet* to = base64_.get();
    if (latin) {
      latin_ = std::make_unique<latin_layer>(*to);
      to = latin_.get();
    }
    inner_ = make_reader(form_of_part(), *to, finder_, depth_ + 1);
    const plain_text all = std::move(probe_);
    probe_.clear();
    decoded(all);
  }

  void decoded(std::string_view text) {
    if (latin_ != nullptr) {
      latin_->take(text, *inner_);
    } else {
      inner_->take(text);
    }
    check();
  }

  void end_body() {
    if (base64_ != nullptr && !passes_ && !failure_) {
      const plain_text last = base64_->rest();
      if (probing_) {
        probe_ += last;
        end_probe();
      } else if (!last.empty()) {
        decoded(last);
      }
    }
    probing_ = false;
    if (inner_ != nullptr && !failure_) {
      inner_->end();
      check();
    }
    if (latin_ != nullptr) latin_->finish();
    if (qp_ != nullptr) qp_->finish();
    if (base64_ != nullptr && !passes_) base64_->finish();
    inner_.reset();
    latin_.reset();
    qp_.reset();
    base64_.reset();
  }

  void check() {
    if (inner_ != nullptr && inner_->failure())
      fail(inner_->failure()->code, inner_->failure()->text, passed_);
  }

  plain_text line_;
  bool part_of_line_ = false;
  std::uint64_t passed_ = 0;
  bool headers_ = true;
  bool guess_ = false;  // The boundary is not said: the first line that looks like one is.
  plain_text header_;
  part_facts facts_;
  std::vector<plain_text> boundaries_;
  std::unique_ptr<quoted_printable> qp_;
  std::unique_ptr<base64_layer> base64_;
  std::unique_ptr<latin_layer> latin_;
  any_reader inner_;
  plain_text probe_;
  bool probing_ = false;
  bool passes_ = false;  // No text: as it is.
};

}  // namespace

any_reader make_mail_reader(outlet& out, finder& with, int depth) {
  return std::make_unique<mail_reader>(out, with, depth);
}

}  // namespace clientbook::forms
