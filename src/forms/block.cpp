// Keeps of each part of a block's text which bytes of the input say it, so that what is hidden is
// hidden whole and what stands between, a tag or a mark of quotation, stays.
#include "block.hpp"

#include <clientbook/internal/base/hex_value.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace clientbook::forms {

plain_text as_it_is(std::string_view label) { return plain_text(label); }

void block::add(std::string_view bytes, std::string_view text, kind is) {
  const bool goes_on = is == kind::same && !runs_.empty() && runs_.back().is == kind::same;
  if (goes_on) {
    runs_.back().text_size += text.size();
    runs_.back().bytes_size += bytes.size();
  } else {
    runs_.push_back({text_.size(), text.size(), bytes_.size(), bytes.size(), is});
  }
  bytes_ += bytes;
  text_ += text;
}

void block::same(std::string_view bytes) {
  if (!bytes.empty()) add(bytes, bytes, kind::same);
}
void block::escape(std::string_view bytes, std::string_view text) {
  add(bytes, text, kind::escape);
}
void block::markup(std::string_view bytes, std::string_view text) {
  add(bytes, text, kind::markup);
}

void block::markup(std::string_view bytes, std::string_view text, std::span<const hit> within) {
  for (const hit& one : within) {
    in_markup_.push_back(one);
    in_markup_.back().begin += bytes_.size();
    in_markup_.back().end += bytes_.size();
  }
  markup(bytes, text);
}

plain_text block::parted(std::vector<std::size_t>& where) const {
  const auto of_word = [](char c) {
    return (c & 0x80) != 0 || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
  };
  plain_text out;
  std::size_t kept = 0;
  for (const run& one : runs_) {
    const std::size_t at = one.text;
    if (one.is != kind::markup || one.text_size != 0 || at == kept || at >= text_.size()) continue;
    if (!of_word(text_[at - 1]) || !of_word(text_[at])) continue;
    out.append(text_, kept, at - kept);
    where.push_back(out.size());
    out += '|';
    kept = at;
  }
  return kept == 0 ? out : out.append(text_, kept);
}

// The bytes of a run that the hit touches; the first that comes out carries the label.
void block::hide(outlet& out, const run& of, const hit& what, bool& begun, spelling as) const {
  const std::string_view all = std::string_view(bytes_).substr(of.bytes, of.bytes_size);
  std::size_t from = 0;
  std::size_t to = all.size();
  if (of.is == kind::same) {
    from = what.begin > of.text ? what.begin - of.text : 0;
    to = std::min(what.end - of.text, all.size());
  }
  hidden_as piece = what.as;
  piece.goes_on = begun;
  out.hide(all.substr(from, to - from), begun ? plain_text() : as(what.label), piece);
  begun = true;
}

void block::give(outlet& out, std::span<const hit> hits, std::size_t to, spelling as) {
  std::size_t which = 0;
  std::size_t done_runs = 0;
  std::size_t done_bytes = 0;  // Of the input.
  bool begun = false;
  std::size_t tags = 0;
  const auto keep_up_to = [&](std::size_t bytes) {
    for (; tags < in_markup_.size() && in_markup_[tags].begin < bytes; ++tags) {
      const hit& one = in_markup_[tags];
      const std::string_view all(bytes_);
      if (one.begin > done_bytes) out.keep(all.substr(done_bytes, one.begin - done_bytes));
      out.hide(all.substr(one.begin, one.end - one.begin), as(one.label), one.as);
      done_bytes = one.end;
    }
    if (bytes > done_bytes) {
      out.keep(std::string_view(bytes_).substr(done_bytes, bytes - done_bytes));
      done_bytes = bytes;
    }
  };
  for (const run& one : runs_) {
    if (one.text >= to) break;
    ++done_runs;
    const std::size_t end = one.text + one.text_size;
    while (which < hits.size() && hits[which].begin < end) {
      const hit& what = hits[which];
      if (one.is == kind::same) {
        keep_up_to(one.bytes + (what.begin > one.text ? what.begin - one.text : 0));
        hide(out, one, what, begun, as);
        done_bytes = one.bytes + std::min(what.end - one.text, one.bytes_size);
      } else if (one.is == kind::escape) {
        if (done_bytes < one.bytes + one.bytes_size) {
          keep_up_to(one.bytes);
          hide(out, one, what, begun, as);
          done_bytes = one.bytes + one.bytes_size;
        }
      } else {
        keep_up_to(one.bytes + one.bytes_size);
      }
      if (what.end > end) break;
      ++which;
      begun = false;
    }
    if (end > to) {
      keep_up_to(one.bytes + (to - one.text));
      runs_[--done_runs].bytes += to - one.text;
      runs_[done_runs].bytes_size -= to - one.text;
      runs_[done_runs].text_size -= to - one.text;
      runs_[done_runs].text = to;
      break;
    }
    keep_up_to(one.bytes + one.bytes_size);
  }
  if (to > text_.size()) return clear();
  runs_.erase(runs_.begin(), runs_.begin() + static_cast<std::ptrdiff_t>(done_runs));
  for (run& one : runs_) {
    one.bytes -= done_bytes;
    one.text -= to;
  }
  in_markup_.erase(in_markup_.begin(), in_markup_.begin() + static_cast<std::ptrdiff_t>(tags));
  for (hit& one : in_markup_) {
    one.begin -= done_bytes;
    one.end -= done_bytes;
  }
  bytes_.erase(0, done_bytes);
  text_.erase(0, to);
}

void block::clear() noexcept {
  bytes_.clear();
  text_.clear();
  runs_.clear();
  in_markup_.clear();
}

void put_utf8(plain_text& to, char32_t c) {
  if ((c >= 0xD800 && c < 0xE000) || c >= 0x110000) return;
  const utf8_sequence bytes(c);
  to += bytes.text();
}

namespace {

#include <tables/forms/entities.inc>

entity numeric_entity(std::string_view text) {
  const bool hex = text.size() > 2 && (text[2] | 0x20) == 'x';
  std::size_t at = hex ? 3 : 2;
  const std::size_t first = at;
  char32_t value = 0;
  for (; at < text.size() && at < first + 24; ++at) {
    const int digit = hex                                  ? hex_value(text[at])
                      : text[at] >= '0' && text[at] <= '9' ? text[at] - '0'
                                                           : -1;
    if (digit < 0) break;
    value = std::min<char32_t>(value * (hex ? 16 : 10) + static_cast<char32_t>(digit), 0x110000);
  }
  if (at == first) return {};
  entity out;
  // HTML: the numbers of windows-1252 in the range that Unicode gives to controls.
  if (value == 0x96 || value == 0x97) value += 0x2013 - 0x96;
  put_utf8(out.text, value == 0 ? 0xFFFD : value);
  out.size = at < text.size() && text[at] == ';' ? at + 1 : at;
  return out;
}

}  // namespace

entity entity_at(std::string_view text) {
  if (text.size() < 3 || text[0] != '&') return {};
  if (text[1] == '#') return numeric_entity(text);
  std::size_t end = 1;
  while (end < text.size() && end < 34 &&
         (hex_value(text[end]) >= 0 || ((text[end] | 0x20) >= 'a' && (text[end] | 0x20) <= 'z'))) {
    ++end;
  }
  const std::string_view name = text.substr(1, end - 1);
  const auto* found =
      std::lower_bound(std::begin(entities), std::end(entities), name,
                       [](const named_entity& a, std::string_view b) { return a.name < b; });
  if (found == std::end(entities) || found->name != name) return {};
  const bool closed = end < text.size() && text[end] == ';';
  if (!closed && !found->open) return {};
  entity out;
  put_utf8(out.text, found->value);
  out.size = closed ? end + 1 : end;
  return out;
}

long hex_number(std::string_view digits) {
  long out = 0;
  for (const char c : digits) {
    if (hex_value(c) < 0) return -1;
    out = out * 16 + hex_value(c);
  }
  return digits.size() == 4 || digits.size() == 2 ? out : -1;
}

std::size_t label_at(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && end < 40 &&
         ((text[end] >= 'A' && text[end] <= 'Z') || text[end] == '_' ||
          (text[end] >= '0' && text[end] <= '9'))) {
    ++end;
  }
  if (end == text.size() || text[end] != '>' || end < 3) return 0;
  plain_text name(text.substr(1, end - 1));
  while (!name.empty() && name.back() >= '0' && name.back() <= '9') name.pop_back();
  if (!name.empty() && name.back() == '_') name.pop_back();
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return entity_type_of(name) ? end + 1 : 0;
}

namespace {
constexpr std::string_view four_blocks = "\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88\xE2\x96\x88";
}  // namespace

bool holds_label(std::string_view text) {
  if (text.find(four_blocks) != text.npos) return true;
  for (std::size_t at = text.find('<'); at != text.npos; at = text.find('<', at + 1)) {
    if (label_at(text.substr(at)) != 0) return true;
  }
  return false;
}

namespace {

// Bytes written as `%C3%B6`, as long as they are whole letters of UTF-8.
entity percent_at(std::string_view text) {
  entity out;
  plain_text bytes;
  for (std::size_t at = 0; at + 3 <= text.size() && text[at] == '%' && bytes.size() < 4; at += 3) {
    const long byte = hex_number(text.substr(at + 1, 2));
    if (byte < 0x20 || byte == 0x7F) return {};
    bytes += static_cast<char>(byte);
    if (code_point_at(bytes, 0).size == bytes.size()) return {at + 3, bytes};
    if (byte < 0x80) return {};
  }
  return {};
}

// `\u00a0` and `\xa0` of programs; also a pair.
entity backslash_at(std::string_view text) {
  if (text.size() < 4) return {};
  const std::size_t digits = text[1] == 'u' ? 4 : text[1] == 'x' ? 2 : 0;
  if (digits == 0 || text.size() < 2 + digits) return {};
  const long first = hex_number(text.substr(2, digits));
  if (first < 0x20) return {};
  auto value = static_cast<char32_t>(first);
  entity out{2 + digits, {}};
  if (value >= 0xD800 && value < 0xDC00 && text.size() >= 12 && text[6] == '\\' && text[7] == 'u') {
    const long second = hex_number(text.substr(8, 4));
    if (second < 0xDC00 || second > 0xDFFF) return {};
    value = 0x10000 + ((value - 0xD800) << 10U) + static_cast<char32_t>(second) - 0xDC00;
    out.size = 12;
  }
  put_utf8(out.text, value);
  return out.text.empty() ? entity{} : out;
}

// `4466\t2939\t1849\t5`: whether three groups of four lie before the tab, as of a card of 13
// digits.
bool behind_three_fours(std::string_view text, std::size_t tab) {
  std::size_t end = tab;
  for (int groups = 0; groups < 3; ++groups) {
    std::size_t digits = 0;
    while (digits < end && digits < 5 && text[end - digits - 1] >= '0' &&
           text[end - digits - 1] <= '9') {
      ++digits;
    }
    if (digits != 4) return false;
    end -= digits;
    const bool tab_before = end > 0 && text[end - 1] == '\t';
    if (tab_before == (groups == 2)) return false;
    end -= tab_before ? 1U : 0U;
  }
  return true;
}

// A tab parts two cells, but for the groups of a card that was pasted from some.
bool parts_cells(std::string_view text, std::size_t tab) {
  const auto digit = [&](std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
  };
  std::size_t before = 0;
  while (before < tab && before < 7 && digit(tab - before - 1)) ++before;
  std::size_t behind = 0;
  while (behind < 7 && digit(tab + behind + 1)) ++behind;
  if (before == 0 || (behind == 1 && behind_three_fours(text, tab))) return false;
  return before < 4 || before > 6 || behind < 4 || behind > 6 || (before > 4 && behind > 5);
}

bool ascii_alnum(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

// Signs that nobody sees within a word: soft hyphen, zero width space, word joiner, byte order
// mark, and the colours of a terminal; between ASCII letters and digits also those that other
// scripts need: zero width non-joiner and joiner, combining grapheme joiner, Mongolian vowel
// separator, Hangul filler. How many bytes.
std::size_t unseen_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  if (rest.starts_with("\x1b[")) {
    const std::size_t end = rest.find_first_not_of("0123456789;", 2);
    return end == rest.npos || !ascii_alnum(rest[end]) ? 0 : end + 1;
  }
  const auto within = [](char c) {
    return ascii_alnum(c) || std::string_view("@./-:_()+").find(c) != std::string_view::npos;
  };
  if (at == 0 || !within(text[at - 1])) return 0;
  for (const std::string_view one :
       {"\xC2\xAD", "\xE2\x80\x8B", "\xE2\x81\xA0", "\xEF\xBB\xBF", "\xE2\x80\x8C", "\xE2\x80\x8D",
        "\xCD\x8F", "\xE1\xA0\x8E", "\xE3\x85\xA4"}) {
    if (!rest.starts_with(one) || rest.size() == one.size()) continue;
    if (within(rest[one.size()])) return one.size();
  }
  return 0;
}

// Whether the place stands in the value of a field of a form sent over the web, which is no e-mail
// address: `address=6+Main+Street&...`, not `email=anna+shop@example.com`.
bool in_value_of_form(std::string_view text, std::size_t at) {
  constexpr std::size_t longest = 256;
  std::size_t begin = at;
  while (begin > 0 && at - begin < longest && text[begin - 1] != '=') {
    const char c = text[begin - 1];
    if (c == '&' || c == '?' || c == ' ' || c == '\n' || c == '@' || c == '"') return false;
    --begin;
  }
  if (begin < 2 || text[begin - 1] != '=' || !ascii_alnum(text[begin - 2])) return false;
  const std::size_t end = std::min(text.find_first_of("& \n\"#", at), text.size());
  const std::string_view value = text.substr(at, end - at);
  return value.find('@') == value.npos && value.find("%40") == value.npos;
}

// `card=4111+1111+1111+1111` of a form sent over the web.
bool plus_is_space(std::string_view text, std::size_t at) {
  if (at == 0 || at + 1 >= text.size()) return false;
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (digit(at - 1) && digit(at + 1)) return true;
  const bool joined = ascii_alnum(text[at - 1]) || text[at - 1] == ',' || text[at - 1] == '.';
  return joined && (ascii_alnum(text[at + 1]) || text[at + 1] == '%') && in_value_of_form(text, at);
}

// No letter, no digit, nothing that joins: what stands for a label.
constexpr std::string_view opaque = "\x01";

}  // namespace

loose_text::loose_text(std::string_view text) : text_(text) {
  // Asked about every byte of a text.
  static constexpr auto may_change = [] {
    std::array<bool, 256> out{};
    for (const char c :
         {'%', '&', '\\', '<', '\t', '+', '\x1b', '\xC2', '\xCD', '\xE1', '\xE2', '\xE3', '\xEF'}) {
      out[static_cast<unsigned char>(c)] = true;
    }
    return out;
  }();
  std::size_t kept = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (!may_change[static_cast<unsigned char>(text[at])]) {
      ++at;
      continue;
    }
    const std::string_view rest = text.substr(at);
    entity as;
    if (const std::size_t unseen = unseen_at(text, at)) as = {unseen, {}};
    switch (text[at]) {
      case '%':
        as = percent_at(rest);
        break;
      case '&':
        as = entity_at(rest);
        break;
      case '\\':
        as = backslash_at(rest);
        break;
      case '+':
        if (plus_is_space(text, at)) as = {1, " "};
        break;
      case '\t':
        if (parts_cells(text, at)) as = {1, "|"};
        break;
      case '<':
        if (const std::size_t size = label_at(rest)) as = {size, plain_text(opaque)};
        break;
      case '\xE2':
        if (rest.starts_with(four_blocks)) as = {four_blocks.size(), plain_text(opaque)};
        break;
      default:
        break;
    }
    if (as.size == 0) {
      ++at;
      continue;
    }
    loose_ += text.substr(kept, at - kept);
    put(at, as.size, as.text);
    at += as.size;
    kept = at;
  }
  if (changed_) loose_ += text.substr(kept);
}

void loose_text::put(std::size_t at, std::size_t size, std::string_view as) {
  changed_ = true;
  changes_.push_back({loose_.size(), as.size(), at, size});
  loose_ += as;
}

std::size_t loose_text::begin_in(std::size_t at) const noexcept {
  if (!changed_) return at;
  const auto behind = std::upper_bound(changes_.begin(), changes_.end(), at,
                                       [](std::size_t a, const change& b) { return a < b.loose; });
  if (behind == changes_.begin()) return at;
  const change& last = *(behind - 1);
  if (at < last.loose + last.loose_size) return last.text;
  return at - (last.loose + last.loose_size) + last.text + last.text_size;
}

std::size_t loose_text::end_in(std::size_t at) const noexcept {
  if (!changed_ || at == 0) return at;
  const auto behind = std::upper_bound(changes_.begin(), changes_.end(), at - 1,
                                       [](std::size_t a, const change& b) { return a < b.loose; });
  if (behind == changes_.begin()) return at;
  const change& last = *(behind - 1);
  if (at <= last.loose + last.loose_size) return last.text + last.text_size;
  return at - (last.loose + last.loose_size) + last.text + last.text_size;
}

}  // namespace clientbook::forms
