// Normalisation form C (UAX #15): signs that look and mean the same are the same bytes. Not in
// firmware.
#ifndef CLIENTBOOK_INTERNAL_UNICODE_NFC_HPP
#define CLIENTBOOK_INTERNAL_UNICODE_NFC_HPP

#include <clientbook/base/result.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace clientbook::unicode {

/// Longest text in bytes that nfc() takes, and three times that is room for what it makes.
inline constexpr std::size_t longest_nfc = 512;
using nfc_room = char[3 * longest_nfc];

/// The text in NFC: itself where it has no sign that could change, else at the front of `room`.
/// Errors: invalid_encoding (not UTF-8), limit_exceeded.
result<std::string_view> nfc(std::string_view text, nfc_room& room) noexcept;

}  // namespace clientbook::unicode

#endif
