#include <clientbook/internal/base/base64.hpp>
#include <clientbook/internal/base/text_out.hpp>
#include "testing.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace clientbook;

namespace {

std::string padded(std::string_view bytes) {
  std::string out(base64_size(bytes.size()), '?');
  text_out to(out);
  put_base64(to, as_bytes(bytes));
  CHECK(to.size() == out.size());
  return out;
}
std::string url(std::string_view bytes) {
  std::vector<std::byte> out(base64url_size(bytes.size()));
  write_base64url(as_bytes(bytes), out);
  return std::string(as_text(out));
}
std::string from_padded(std::string_view text) {
  if (!is_base64(text)) return "none";
  std::vector<std::byte> out(base64_decoded_size(text));
  decode_base64(text, out);
  return std::string(as_text(out));
}
std::string from_url(std::string_view text, std::size_t room = 64) {
  std::vector<std::byte> out(room);
  const std::size_t size = read_base64url(text, out);
  return size == 0 ? "none" : std::string(as_text(byte_view(out).first(size)));
}

}  // namespace

TEST_CASE("base64: the published examples, both ways") {
  const std::array<std::array<std::string_view, 3>, 6> examples = {{
      {"f", "Zg==", "Zg"},  // RFC 4648 section 10
      {"fo", "Zm8=", "Zm8"},
      {"foo", "Zm9v", "Zm9v"},
      {"foob", "Zm9vYg==", "Zm9vYg"},
      {"fooba", "Zm9vYmE=", "Zm9vYmE"},
      {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
  }};
  for (const auto& [bytes, section_4, section_5] : examples) {
    CAPTURE(bytes);
    CHECK(padded(bytes) == section_4);
    CHECK(url(bytes) == section_5);
    CHECK(from_padded(section_4) == bytes);
    CHECK(from_url(section_5) == bytes);
  }
  CHECK(padded("").empty());
  CHECK(url("").empty());
  CHECK(padded("\xFB\xFF\xBF") == "+/+/");
  CHECK(url("\xFB\xFF\xBF") == "-_-_");
}

TEST_CASE("base64: what no bytes are written as is refused") {
  for (const char* text : {"", "Zg", "Zg=", "Zg===", "=", "====", "Zh==", "Zm9=", "Zm9v Zg==",
                           "Zm9v\n", "Z-9v", "Z_9v", "Zg==Zg==", "Z===", "Zm\xC3\xA9v"}) {
    CAPTURE(text);
    CHECK(from_padded(text) == "none");
  }
  for (const char* text : {"", "Z", "Zh", "Zm9", "Zg==", "Zm9vZ", "Z+9v", "Z/9v", "Zm 9v"}) {
    CAPTURE(text);
    CHECK(from_url(text) == "none");
  }
  CHECK(from_url("Zm9v", 3) == "foo");
  CHECK(from_url("Zm9v", 2) == "none");
}

TEST_CASE("base64: property: every text of bytes comes back, and has one writing") {
  std::mt19937 random(20260301);  // Fixed seed: a failure repeats.
  for (std::size_t size = 1; size < 200; ++size) {
    CAPTURE(size);
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    CHECK(from_padded(padded(bytes)) == bytes);
    CHECK(from_url(url(bytes), size) == bytes);
    for (const char c : url(bytes)) {
      CHECK(base64url_alphabet[base64url_digits[static_cast<unsigned char>(c)]] == c);
    }
  }
  CHECK(base64url_digits['+'] == no_base64url_digit);
}

TEST_CASE("text_out: a text that does not fit is not written, and its size is told") {
  const auto write = [](auto& to) {
    to.text("no ");
    to.number(std::numeric_limits<std::uint64_t>::max());
    to.put('/');
    to.digits(7, 3);
    to.repeat('.', 2);
  };
  const std::string expected = "no 18446744073709551615/007..";
  std::string exact(expected.size(), '?');
  REQUIRE(written(std::span(exact), write));
  CHECK(exact == expected);

  std::string small(expected.size() - 1, '?');
  const auto refused = written(std::span(small), write);
  REQUIRE(!refused);
  CHECK(refused.error().code == errc::buffer_too_small);
  CHECK(refused.error().at == expected.size());
  CHECK(small == std::string(small.size(), '?'));

  std::vector<std::byte> bytes(expected.size());
  const auto in_bytes = written(byte_span(bytes), write);
  REQUIRE(in_bytes);
  CHECK(*in_bytes == expected);
}
