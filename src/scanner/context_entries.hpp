// The list of context words as it is written; context_words.cpp packs it.
#ifndef CLIENTBOOK_SCANNER_CONTEXT_ENTRIES_HPP
#define CLIENTBOOK_SCANNER_CONTEXT_ENTRIES_HPP

#include <clientbook/base/bytes.hpp>

#include <array>

#include "context_words.hpp"

namespace clientbook::scanner {

// The name of a month has its number above the kinds.
constexpr unsigned month_shift = 12;
constexpr std::uint16_t word_kinds = 0x0FFF;
constexpr std::uint16_t month(unsigned number) noexcept {
  return static_cast<std::uint16_t>(number << month_shift);
}

struct context_entry {
  std::string_view word;  // `*` behind it: also longer words that begin so.
  std::uint16_t kinds = 0;
  std::uint16_t of_country = 0;
};

/// The word without its mark.
constexpr std::string_view plain(std::string_view word) noexcept {
  return word.ends_with('*') ? slice(word, 0, word.size() - 1) : word;
}
// Both lists are in the order of their bytes.
constexpr auto first_entries = std::to_array<context_entry>({
#include "context_words.inc"
});
#ifdef CLIENTBOOK_FIRMWARE
constexpr std::array<context_entry, 0> more_entries{};
#else
constexpr auto more_entries = std::to_array<context_entry>({
#include "context_words_more.inc"
});
#endif

}  // namespace clientbook::scanner

#endif
