// Base64url without padding (RFC 4648, 5).
#ifndef CLIENTBOOK_REDACTION_BASE64URL_HPP
#define CLIENTBOOK_REDACTION_BASE64URL_HPP

#include <clientbook/bytes.hpp>

namespace clientbook::redaction {

inline constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::size_t base64url_size(std::size_t bytes) noexcept { return (8 * bytes + 5) / 6; }

/// Precondition: `out` has base64url_size(bytes.size()) bytes.
inline void write_base64url(byte_view bytes, byte_span out) noexcept {
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

/// The number of bytes read; 0 if the text is none, or not as write_base64url() writes, or does
/// not fit.
inline std::size_t read_base64url(std::string_view text, byte_span out) noexcept {
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

}  // namespace clientbook::redaction

#endif
