// The layers of a mail. What was not touched comes out as it came in, to the byte.
#include "mail_layers.hpp"

#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <array>

namespace clientbook::forms {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t line_length = 76;

int value_of(char c) {
  const std::size_t at = alphabet.find(c);
  return at == alphabet.npos ? -1 : static_cast<int>(at);
}

}  // namespace

charset charset_of(std::string_view name) {
  plain_text small;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      small += static_cast<char>(c | 0x20);
    } else if (c != '-' && c != '_' && c != '"' && c != '\'' && c != ' ') {
      small += c;
    }
  }
  if (small.empty() || small == "utf8" || small == "usascii" || small == "ascii" ||
      small == "unknown8bit")
    return charset::utf_8;
  if (small == "iso88591" || small == "latin1" || small == "windows1252" || small == "cp1252" ||
      small == "iso885915")
    return charset::latin_1;
  return charset::other;
}

void put_latin(plain_text& to, unsigned char byte) {
  constexpr std::array<char16_t, 32> windows = {
      0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
      0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};
  put_utf8(to, byte >= 0x80 && byte < 0xA0 ? windows[byte - 0x80] : byte);
}

// --- mapped ---

void mapped_layer::map(std::string_view bytes, std::size_t text_size) {
  const bool plain = bytes.size() == text_size;
  if (plain && !runs_.empty() && runs_.back().text_size == runs_.back().bytes_size) {
    runs_.back().text_size += text_size;
    runs_.back().bytes_size += text_size;
  } else {
    runs_.push_back({text_size, bytes.size()});
  }
  bytes_ += bytes;
}

void mapped_layer::respell(std::string_view text, std::string_view as) {
  const plain_text label = encoded(as);
  pass(text.size(), &label, {});
}

void mapped_layer::hide(std::string_view text, std::string_view label, const hidden_as& as) {
  const plain_text spelled = encoded(label);
  pass(text.size(), &spelled, as);
}

void mapped_layer::pass(std::size_t text_size, const plain_text* label, const hidden_as& as) {
  // What says nothing before it stays: a soft line break.
  const std::size_t begin = given_;
  std::size_t taken = 0;
  if (label != nullptr) {
    while (!runs_.empty() && runs_.front().text_size == 0) {
      taken += runs_.front().bytes_size;
      runs_.pop_front();
    }
    if (taken != 0) out_.keep(std::string_view(bytes_).substr(given_, taken));
    given_ += taken;
    taken = 0;
  }
  while (text_size > 0 && !runs_.empty()) {
    run& first = runs_.front();
    if (first.text_size <= text_size) {
      text_size -= first.text_size;
      taken += first.bytes_size;
      runs_.pop_front();
    } else if (first.text_size == first.bytes_size) {
      first.text_size -= text_size;
      first.bytes_size -= text_size;
      taken += text_size;
      text_size = 0;
    } else {  // A part of what is one sign: with its rest.
      first.text_size -= text_size;
      taken += first.bytes_size;
      first.bytes_size = 0;
      text_size = 0;
    }
  }
  const std::string_view bytes = std::string_view(bytes_).substr(given_, taken);
  if (label == nullptr) {
    out_.keep(bytes);
  } else {
    out_.hide(bytes, *label, as);
  }
  given_ += taken;
  (void)begin;
  if (given_ > most_block) {
    bytes_.erase(0, given_);
    given_ = 0;
  }
}

void mapped_layer::finish() {
  if (bytes_.size() > given_) out_.keep(std::string_view(bytes_).substr(given_));
  bytes_.clear();
  runs_.clear();
  given_ = 0;
}

plain_text quoted_printable::encoded(std::string_view label) const {
  constexpr std::string_view hex = "0123456789ABCDEF";  // Capitals: RFC 2045, 6.7.
  plain_text out;
  for (const char c : label) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || c == '=') {
      out += '=';
      out += hex[byte >> 4];
      out += hex[byte & 15U];
    } else {
      out += c;
    }
  }
  return out;
}

void quoted_printable::take(std::string_view line, reader& to) {
  plain_text text;
  const auto put = [&](std::string_view bytes, unsigned char byte) {
    const std::size_t before = text.size();
    if (byte >= 0x80 && charset_ == charset::latin_1) {
      put_latin(text, byte);
    } else {
      text += static_cast<char>(byte);
    }
    map(bytes, text.size() - before);
  };
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] != '=') {
      put(line.substr(at, 1), static_cast<unsigned char>(line[at]));
      ++at;
      continue;
    }
    const std::size_t end = line.find_first_not_of(" \t", at + 1);
    if (end == line.npos || line[end] == '\r' || line[end] == '\n') {
      map(line.substr(at), 0);  // The line goes on.
      break;
    }
    const long byte = at + 2 < line.size() ? hex_number(line.substr(at + 1, 2)) : -1;
    if (byte < 0) {
      put(line.substr(at, 1), '=');
      ++at;
    } else {
      put(line.substr(at, 3), static_cast<unsigned char>(byte));
      at += 3;
    }
  }
  to.take(text);
}

void latin_layer::take(std::string_view bytes, reader& to) {
  plain_text text;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const std::size_t before = text.size();
    put_latin(text, static_cast<unsigned char>(bytes[at]));
    map(bytes.substr(at, 1), text.size() - before);
  }
  to.take(text);
}

// --- base64 ---

plain_text base64_layer::decode(std::string_view bytes) {
  plain_text out;
  for (const char c : bytes) {
    open_ += c;
    if (c == '\n') {
      line_end_ = open_.size() > 1 && open_[open_.size() - 2] == '\r' ? "\r\n" : "\n";
    }
    const int value = value_of(c);
    if (c == '=' && value_count_ >= 2) {
      out += rest();
      continue;
    }
    if (value < 0) continue;
    values_ = values_ << 6U | static_cast<std::uint32_t>(value);
    if (++value_count_ < 4) continue;
    for (const unsigned shift : {16U, 8U, 0U}) out += static_cast<char>(values_ >> shift & 0xFFU);
    close_group(3);
  }
  return out;
}

plain_text base64_layer::rest() {
  plain_text out;
  if (value_count_ < 2) return out;
  for (std::size_t i = 0; i + 1 < value_count_; ++i) {
    out += static_cast<char>(values_ << (6 * (4 - value_count_)) >> (16 - 8 * i) & 0xFFU);
  }
  const std::size_t end = open_.find_last_not_of(" \t\r\n") + 1;
  const plain_text behind = open_.substr(end);
  open_.resize(end);
  close_group(value_count_ - 1);
  open_ = behind;
  return out;
}

void base64_layer::close_group(std::size_t text_size) {
  groups_.push_back({open_.size(), text_size});
  bytes_ += open_;
  open_.clear();
  values_ = 0;
  value_count_ = 0;
}

std::string_view base64_layer::spend(std::size_t bytes) {
  const std::string_view out = std::string_view(bytes_).substr(given_, bytes);
  given_ += bytes;
  return out;
}

void base64_layer::encode(std::string_view text) {
  waiting_ += text;
  const std::size_t whole = waiting_.size() / 3 * 3;
  const plain_text four = base64_of(std::string_view(waiting_).substr(0, whole));
  waiting_.erase(0, whole);
  for (const char c : four) {
    if (column_ == line_length) {
      encoded_ += line_end_;
      column_ = 0;
    }
    encoded_ += c;
    ++column_;
  }
}

void base64_layer::keep(std::string_view text) {
  std::size_t bytes = 0;
  std::size_t left = text.size();
  std::size_t at = 0;
  while (left > 0 && !groups_.empty()) {
    const std::size_t in_group = std::min(groups_.front().text_size - into_, left);
    if (!changed_) carried_ += text.substr(at, in_group);
    at += in_group;
    left -= in_group;
    into_ += in_group;
    if (into_ < groups_.front().text_size) break;
    bytes += groups_.front().bytes_size;
    groups_.pop_front();
    into_ = 0;
    carried_.clear();
  }
  if (!changed_) {
    if (bytes != 0) out_.keep(spend(bytes));
  } else {
    encode(text);
    if (bytes != 0 || !encoded_.empty()) out_.respell(spend(bytes), encoded_);
    encoded_.clear();
  }
  if (given_ > most_block) {
    bytes_.erase(0, given_);
    given_ = 0;
  }
}

void base64_layer::respell(std::string_view text, std::string_view as) { hide(text, as, {}); }

void base64_layer::hide(std::string_view text, std::string_view label, const hidden_as& as) {
  if (!changed_) {
    changed_ = true;
    // The first group that is encoded anew begins the line where the old one stood.
    encode(carried_);
    carried_.clear();
  }
  encode(label);
  std::size_t bytes = 0;
  std::size_t left = text.size();
  while (left > 0 && !groups_.empty()) {
    group& first = groups_.front();
    bytes += first.bytes_size;
    first.bytes_size = 0;  // Its bytes are spent, whatever of it is kept.
    const std::size_t in_group = std::min(first.text_size - into_, left);
    left -= in_group;
    into_ += in_group;
    if (into_ < first.text_size) break;
    groups_.pop_front();
    into_ = 0;
  }
  out_.hide(spend(bytes), encoded_, as);
  encoded_.clear();
}

void base64_layer::finish() {
  if (!changed_) {
    out_.keep(std::string_view(bytes_).substr(given_));
    out_.keep(open_);
  } else {
    const plain_text rest = base64_of(waiting_);
    waiting_.clear();
    out_.respell(std::string_view(bytes_).substr(given_), rest);
    // Line ends; a mark that fills up what was there before fills up nothing here.
    plain_text line_ends;
    for (const char c : open_) {
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') line_ends += c;
    }
    out_.respell(open_, line_ends);
  }
}

plain_text base64_of(std::string_view text) {
  plain_text out;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(text.size() - at, 3);
    std::uint32_t three = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      three = three << 8U | (i < count ? static_cast<unsigned char>(text[at + i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= count ? alphabet[three >> (18 - 6 * i) & 63U] : '=';
    }
  }
  return out;
}

plain_text from_base64(std::string_view text) {
  plain_text out;
  std::uint32_t values = 0;
  std::size_t count = 0;
  for (const char c : text) {
    if (c == '=') break;
    const int value = value_of(c);
    if (value < 0) return {};
    values = values << 6U | static_cast<std::uint32_t>(value);
    if (++count % 4 == 0) {
      for (const unsigned shift : {16U, 8U, 0U}) out += static_cast<char>(values >> shift & 0xFFU);
      values = 0;
    }
  }
  if (count % 4 == 1) return {};
  if (count % 4 != 0) {
    values <<= 6 * (4 - count % 4);
    for (std::size_t i = 0; i + 1 < count % 4; ++i)
      out += static_cast<char>(values >> (16 - 8 * i) & 0xFFU);
  }
  return out;
}

}  // namespace clientbook::forms
