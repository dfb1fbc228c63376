// Base64 in both of its alphabets, strictly.
//
// What is read here comes from outside (keys, checkpoints, tokens, consent strings), and some of it
// is signed or compared as text. So each value has one text: no white space, no other padding, no
// bits left over. Writing in pieces is in the header, since its output may have no heap.
#include <clientbook/internal/base/base64.hpp>

namespace clientbook {
namespace {

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

std::size_t base64_decoded_size(std::string_view text) noexcept {
  return text.size() / 4 * 3 - padding_of(text);
}

void decode_base64(std::string_view text, byte_span out) noexcept {
  const std::size_t size = base64_decoded_size(text);
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t bit = i * 8;
    const auto high = static_cast<unsigned>(sextet(text[bit / 6]));
    const auto low = static_cast<unsigned>(sextet(text[bit / 6 + 1]));
    const unsigned pair = high << 6 | low;  // 12 bits, ours begin at bit % 6 of them.
    out[i] = static_cast<std::byte>(pair >> (4 - bit % 6));
  }
}

void write_base64url(byte_view bytes, byte_span out) noexcept {
  std::uint32_t bits = 0;
  unsigned held = 0;
  std::size_t size = 0;
  const auto put = [&](std::uint32_t value) {
    out[size++] = static_cast<std::byte>(base64url_alphabet[value & 63U]);
  };
  for (const std::byte each : bytes) {
    bits = bits << 8U | static_cast<std::uint32_t>(each);
    for (held += 8; held >= 6;) put(bits >> (held -= 6));
  }
  if (held != 0) put(bits << (6 - held));
}

std::size_t read_base64url(std::string_view text, byte_span out) noexcept {
  std::uint32_t bits = 0;
  unsigned held = 0;
  std::size_t size = 0;
  for (const char c : text) {
    const std::size_t value = base64url_alphabet.find(c);
    if (value == std::string_view::npos) return 0;
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    if (size == out.size()) return 0;
    held -= 8;
    out[size++] = static_cast<std::byte>(bits >> held);
  }
  return held < 6 && (bits & ((1U << held) - 1)) == 0 ? size : 0;
}

}  // namespace clientbook
