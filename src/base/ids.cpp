// Identifiers and digests as hexadecimal text: both cases are read, one is written.
//
// A text is looked at whole before anything is written, so a refused one leaves the id as it was.
#include <clientbook/base/ids.hpp>
#include <clientbook/internal/base/hex_value.hpp>

namespace clientbook {
namespace {

constexpr char digits[] = "0123456789abcdef";

}  // namespace

void write_hex(byte_view bytes, char* out) noexcept {
  for (const std::byte b : bytes) {
    *out++ = digits[static_cast<unsigned>(b) >> 4];
    *out++ = digits[static_cast<unsigned>(b) & 15U];
  }
}

result<void> parse_hex(std::string_view text, byte_span out) noexcept {
  if (text.size() != out.size() * 2) return error{errc::invalid_value, "wrong number of digits"};
  for (const char c : text) {
    if (hex_value(c) < 0) return error{errc::invalid_value, "not a hexadecimal digit"};
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::byte>(hex_value(text[2 * i]) * 16 + hex_value(text[2 * i + 1]));
  }
  return {};
}

}  // namespace clientbook
