#include "text_out.hpp"

namespace clientbook::ledger {
namespace {

constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int sextet(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

std::size_t padding_of(std::string_view text) noexcept {
  if (text.empty() || text.back() != '=') return 0;
  return text[text.size() - 2] == '=' ? 2 : 1;
}

}  // namespace

void text_out::base64(byte_view bytes) noexcept {
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = (group << 8) | (j < have ? static_cast<std::uint32_t>(bytes[i + j]) : 0);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      put(j <= have ? alphabet[(group >> (18 - 6 * j)) & 63] : '=');
    }
  }
}

bool is_base64(std::string_view text) noexcept {
  if (text.empty() || text.size() % 4 != 0) return false;
  const std::size_t padding = padding_of(text);
  const std::string_view digits = slice(text, 0, text.size() - padding);
  for (const char c : digits) {
    if (sextet(c) < 0) return false;
  }
  if (padding == 0) return true;
  const int unused = padding == 1 ? 0x03 : 0x0F;
  return (sextet(digits.back()) & unused) == 0;
}

std::size_t decoded_size(std::string_view text) noexcept {
  return text.size() / 4 * 3 - padding_of(text);
}

void decode_base64(std::string_view text, byte_span out) noexcept {
  const std::size_t size = decoded_size(text);
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t bit = i * 8;
    const auto high = static_cast<unsigned>(sextet(text[bit / 6]));
    const auto low = static_cast<unsigned>(sextet(text[bit / 6 + 1]));
    const unsigned pair = high << 6 | low;  // 12 bits, ours begin at bit % 6 of them.
    out[i] = static_cast<std::byte>(pair >> (4 - bit % 6));
  }
}

}  // namespace clientbook::ledger
