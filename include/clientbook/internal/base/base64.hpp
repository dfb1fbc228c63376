// Base64 (RFC 4648): section 4 with padding, as checkpoints and keys are written, and section 5,
// base64url without padding, as tokens, receipts and consent strings are.
//
// Strict in both: no bits left over, no white space, one text for the same bytes.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_INTERNAL_BASE_BASE64_HPP
#define CLIENTBOOK_INTERNAL_BASE_BASE64_HPP

#include <clientbook/base/bytes.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace clientbook {

// --- section 4 ----------------------------------------------------------------------------------

inline constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

[[nodiscard]] constexpr std::size_t base64_size(std::size_t bytes) noexcept {
  return (bytes + 2) / 3 * 4;
}

/// Puts base64_size(bytes.size()) characters, one by one: `to` is a text_out.
template <class Out>
void put_base64(Out& to, byte_view bytes) noexcept {
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = (group << 8) | (j < have ? static_cast<std::uint32_t>(bytes[i + j]) : 0);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      to.put(j <= have ? base64_alphabet[(group >> (18 - 6 * j)) & 63] : '=');
    }
  }
}

/// Padded, no bits left over; the empty text is none.
[[nodiscard]] bool is_base64(std::string_view text) noexcept;
/// Bytes that the text stands for. Precondition: is_base64(text).
[[nodiscard]] std::size_t base64_decoded_size(std::string_view text) noexcept;
/// Precondition: is_base64(text), and room for base64_decoded_size(text).
void decode_base64(std::string_view text, byte_span out) noexcept;

// --- section 5, without padding -----------------------------------------------------------------

inline constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

inline constexpr std::uint8_t no_base64url_digit = 0xff;

/// The six bits of each character, or no_base64url_digit.
inline constexpr auto base64url_digits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(no_base64url_digit);
  for (std::size_t i = 0; i < base64url_alphabet.size(); ++i) {
    digits[static_cast<unsigned char>(base64url_alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return digits;
}();

[[nodiscard]] constexpr std::size_t base64url_size(std::size_t bytes) noexcept {
  return (8 * bytes + 5) / 6;
}
/// Precondition: `out` has base64url_size(bytes.size()) bytes.
void write_base64url(byte_view bytes, byte_span out) noexcept;
/// The number of bytes read; 0 if the text is none, or not as write_base64url() writes, or does
/// not fit.
[[nodiscard]] std::size_t read_base64url(std::string_view text, byte_span out) noexcept;

}  // namespace clientbook

#endif
