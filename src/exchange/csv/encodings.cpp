// UTF-16 and the code pages become UTF-8 piece by piece, as a file is read.
//
// A piece may end within a character, and the reader's buffer may be smaller than what a piece
// becomes: both rests wait here. Half a surrogate pair and a byte that a page has not are
// errors, since a guess would be a letter in somebody's name.
#include "encodings.hpp"

#include "code_pages.hpp"

#include <clientbook/internal/unicode/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>

namespace clientbook::exchange {
namespace {

void append(std::string& to, char32_t c) {
  const utf8_sequence bytes(c);
  to += bytes.text();
}

class decoder final : public byte_source {
 public:
  decoder(std::unique_ptr<byte_source> from, text_encoding encoding)
      : from_(std::move(from)), encoding_(encoding) {}

  result<std::size_t> read(std::span<char> into) override {
    while (ready_.size() == taken_) {
      ready_.clear();
      taken_ = 0;
      const auto count = from_->read(std::span(piece_).subspan(rest_));
      if (!count) return count.error();
      if (*count == 0 && rest_ > 0) {
        return error{errc::invalid_encoding, "the file ends within a character of UTF-16"};
      }
      if (*count == 0) return std::size_t{0};
      if (const auto done = decode(rest_ + *count); !done) return done.error();
    }
    const std::size_t size = std::min(into.size(), ready_.size() - taken_);
    std::memcpy(into.data(), ready_.data() + taken_, size);
    taken_ += size;
    return size;
  }

 private:
  result<void> decode(std::size_t size) {
    if (encoding_ == text_encoding::utf16le || encoding_ == text_encoding::utf16be) {
      return decode_utf16(size);
    }
    rest_ = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const auto byte = static_cast<unsigned char>(piece_[i]);
      char32_t letter = byte;
      if (encoding_ != text_encoding::latin1 && byte >= 0x80) {
        letter = letter_of(encoding_, byte);
        if (letter == 0) {
          return error{errc::invalid_encoding, "a byte that the file's encoding does not have"};
        }
      }
      append(ready_, letter);
    }
    return {};
  }

  result<void> decode_utf16(std::size_t size) {
    const auto unit = [&](std::size_t i) {
      const unsigned first = static_cast<unsigned char>(piece_[i]);
      const unsigned second = static_cast<unsigned char>(piece_[i + 1]);
      return static_cast<char32_t>(encoding_ == text_encoding::utf16le ? first | (second << 8)
                                                                       : (first << 8) | second);
    };
    std::size_t i = 0;
    for (; i + 1 < size; i += 2) {
      const char32_t first = unit(i);
      if (std::exchange(begun_, true) == false && first == 0xFEFF) continue;
      if (first < 0xD800 || first > 0xDFFF) {
        append(ready_, first);
        continue;
      }
      if (first <= 0xDBFF && i + 3 >= size) break;
      const char32_t second = first <= 0xDBFF ? unit(i + 2) : 0;
      if (second < 0xDC00 || second > 0xDFFF) {
        return error{errc::invalid_encoding, "half a character of UTF-16"};
      }
      append(ready_, 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
      i += 2;
    }
    rest_ = size - i;
    std::memmove(piece_.data(), piece_.data() + i, rest_);
    return {};
  }

  std::unique_ptr<byte_source> from_;
  text_encoding encoding_;
  bool begun_ = false;
  std::array<char, 1U << 15U> piece_{};
  std::size_t rest_ = 0;  // bytes at the front of piece_ that wait for more
  std::string ready_;
  std::size_t taken_ = 0;
};

struct signature {
  std::string_view begins;
  literal what;
};

constexpr signature signatures[] = {
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
     "an Excel workbook (xls) and no CSV: save it as CSV first"},
    {"%PDF-", "a PDF and no CSV: export the table from where it was printed"},
    {"SQLite format 3", "a SQLite database and no CSV: export the table first"},
    {"{\\rtf", "a text of a word processor (RTF) and no CSV: save it as CSV first"},
    {"Rar!", "a RAR archive and no CSV: unpack it first"},
    {"7z\xBC\xAF\x27\x1C", "a 7z archive and no CSV: unpack it first"},
    {"BZh", "a bzip2 file and no CSV: unpack it first"},
    {"\xFD\x37zXZ", "an xz file and no CSV: unpack it first"},
    {"\x28\xB5\x2F\xFD", "a Zstandard file and no CSV: unpack it first"},
    {"\x89PNG", "a picture and no CSV"},
    {"\xFF\xD8\xFF", "a picture and no CSV"},
    {"GIF8", "a picture and no CSV"},
    {"[{", "JSON and no CSV: export the table as CSV"},
    {"{\"", "JSON and no CSV: export the table as CSV"},
    {"{\n", "JSON and no CSV: export the table as CSV"},
    {"{\r\n", "JSON and no CSV: export the table as CSV"},
    {"[\n", "JSON and no CSV: export the table as CSV"},
    {"[\r\n", "JSON and no CSV: export the table as CSV"},
    {"BEGIN:VCARD", "vCards and no CSV: they are imported as they are, without a map"},
    {"<!DOCTYPE html", "a web page and no CSV: download the table itself"},
    {"<html", "a web page and no CSV: download the table itself"},
    {"<?xml", "XML and no CSV: export the table as CSV"},
};

error inside_zip(std::string_view begins) noexcept {
  const auto has = [&](std::string_view name) {
    return begins.find(name) != std::string_view::npos;
  };
  if (has("opendocument.spreadsheet")) {
    return {errc::unsupported, "a LibreOffice workbook (ods) and no CSV: save it as CSV first"};
  }
  if (has("[Content_Types].xml") || has("xl/") || has("_rels/.rels")) {
    return {errc::unsupported, "an Excel workbook (xlsx) and no CSV: save it as CSV first"};
  }
  return {errc::unsupported, "a zip archive and no CSV: unpack it first"};
}

}  // namespace

std::unique_ptr<byte_source> decoded_source(std::unique_ptr<byte_source> from,
                                            text_encoding encoding) {
  if (encoding == text_encoding::utf8) return from;
  return std::make_unique<decoder>(std::move(from), encoding);
}

std::optional<error> other_format(std::string_view begins) noexcept {
  if (begins.starts_with("PK\x03\x04") || begins.starts_with("PK\x05\x06")) {
    return inside_zip(begins);
  }
  for (const signature& each : signatures) {
    if (begins.starts_with(each.begins)) return error{errc::unsupported, each.what};
  }
  return std::nullopt;
}

}  // namespace clientbook::exchange
