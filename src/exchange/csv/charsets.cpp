// Bytes looked up in the page that a name stands for; what the page has not is an error, since a
// guess would be a letter in somebody's name.
#include "charsets.hpp"

#include <clientbook/internal/unicode/utf8.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>

#include <tables/exchange/import_charsets.inc>

namespace clientbook::exchange {
namespace {

std::optional<std::uint8_t> page_of(std::string_view name) noexcept {
  std::array<char, 32> plain{};
  std::size_t size = 0;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == ' ' || c == '"') continue;
    if (size == plain.size()) return std::nullopt;
    plain[size++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  const std::string_view wanted(plain.data(), size);
  for (const named_charset& each : named_charsets) {
    if (each.name == wanted) return each.page;
  }
  return std::nullopt;
}

// The sign of two bytes; 0: there is none.
char32_t wide_letter(unsigned char lead, unsigned char trail) noexcept {
  const bool leads = (lead >= 0x81 && lead <= 0x9F) || (lead >= 0xE0 && lead <= 0xFC);
  const bool trails = trail >= 0x40 && trail <= 0xFC && trail != 0x7F;
  if (!leads || !trails) return 0;
  const std::size_t row = lead - (lead <= 0x9F ? 0x81U : 0xC1U);
  const std::size_t column = trail - (trail < 0x7F ? 0x40U : 0x41U);
  static_assert(std::size(wide_letters) % wide_trails == 0);
  return wide_letters[row * wide_trails + column];
}

}  // namespace

bool is_charset(std::string_view name) noexcept { return page_of(name).has_value(); }

result<std::string> decoded_by(std::string_view charset, std::string_view bytes) {
  const auto page = page_of(charset);
  if (!page) {
    return error{errc::invalid_encoding, "a value in an encoding that is not known: left out"};
  }
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    char32_t letter = byte < 0x80 ? char32_t{byte} : charset_pages[*page][byte - 0x80U];
    if (letter == 0 && byte != 0 && *page == wide_page && i + 1 < bytes.size()) {
      letter = wide_letter(byte, static_cast<unsigned char>(bytes[++i]));
    }
    if (letter == 0 && byte != 0) {
      return error{errc::invalid_encoding,
                   "a value with a byte that its encoding does not have: left out"};
    }
    const utf8_sequence letters(letter);
    out += letters.text();
  }
  return out;
}

}  // namespace clientbook::exchange
