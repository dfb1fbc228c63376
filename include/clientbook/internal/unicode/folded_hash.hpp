// Tells values of one text apart by what they say, whatever their case, accents and separators.
#ifndef CLIENTBOOK_INTERNAL_UNICODE_FOLDED_HASH_HPP
#define CLIENTBOOK_INTERNAL_UNICODE_FOLDED_HASH_HPP

#include <clientbook/internal/unicode/fold.hpp>
#include <clientbook/internal/unicode/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace clientbook::unicode {

/// FNV-1a over the folded letters and digits; `kind` keeps values of different kinds apart. Not for
/// storing, and no protection: it has no key.
inline std::uint64_t folded_hash(std::string_view value, std::uint64_t kind = 0) noexcept {
  std::uint64_t hash = 0xCBF29CE484222325U ^ kind;
  for (std::size_t at = 0; at < value.size();) {
    const code_point c = code_point_at(value, at);
    at += c.size == 0 ? 1 : c.size;
    const char_class is = class_of(c.value);
    if (is != char_class::letter && is != char_class::digit) continue;
    for (const char32_t letter : fold(c.value).letters) hash = (hash ^ letter) * 0x100000001B3U;
  }
  return hash;
}

}  // namespace clientbook::unicode

#endif
