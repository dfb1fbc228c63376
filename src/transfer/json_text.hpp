// JSON written straight into a text that is wiped: no tree of values in between that would leave
// personal data on the heap.
#ifndef CLIENTBOOK_TRANSFER_JSON_TEXT_HPP
#define CLIENTBOOK_TRANSFER_JSON_TEXT_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/internal/base/base64.hpp>
#include <clientbook/transfer/record_json.hpp>

#include <charconv>
#include <cstdint>
#include <string_view>

namespace clientbook::transfer {

/// Calls must make one JSON value; it is the caller's to open and close in pairs.
class json_text {
 public:
  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }

  /// Of the value that follows.
  void name(std::string_view name) {
    string(name);
    out_ += ':';
    follows_ = false;
  }
  /// `#40`: what has a number and no name.
  void numbered(std::uint64_t number) {
    comma();
    out_ += "\"#";
    digits(number);
    out_ += "\":";
    follows_ = false;
  }

  void string(std::string_view text) {
    comma();
    out_ += '"';
    for (const char c : text) character(c);
    out_ += '"';
  }
  void integer(std::int64_t value) {
    comma();
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, value);
    out_.append(digits, end.ptr);
  }
  void boolean(bool value) { word(value ? "true" : "false"); }
  void null() { word("null"); }
  void base64(byte_view bytes) {
    comma();
    out_ += '"';
    out_.reserve(out_.size() + base64_size(bytes.size()) + 2);
    put_base64(*this, bytes);
    out_ += '"';
  }
  void hex(byte_view bytes) {
    comma();
    out_ += '"';
    const std::size_t at = out_.size();
    out_.resize(at + bytes.size() * 2);
    write_hex(bytes, out_.data() + at);
    out_ += '"';
  }

  void put(char c) { out_ += c; }  ///< For put_base64().
  wiped_text take() { return std::move(out_); }

 private:
  void comma() {
    if (follows_) out_ += ',';
    follows_ = true;
  }
  void begin(char c) {
    comma();
    out_ += c;
    follows_ = false;
  }
  void end(char c) {
    out_ += c;
    follows_ = true;
  }
  void word(std::string_view text) {
    comma();
    out_ += text;
  }
  void digits(std::uint64_t value) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, value);
    out_.append(digits, end.ptr);
  }
  // RFC 8259 section 7: quotes, backslashes and control characters; all else stands as it is.
  void character(char c) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (code < 0x20) {
      char digits[2];
      write_hex(as_bytes(std::string_view(&c, 1)), digits);
      out_ += "\\u00";
      out_.append(digits, sizeof digits);
    } else {
      out_ += c;
    }
  }

  wiped_text out_;
  bool follows_ = false;  ///< Whether something stands before what comes next.
};

}  // namespace clientbook::transfer

#endif
