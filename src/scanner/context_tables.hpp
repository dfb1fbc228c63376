// The context words as make_scanner_tables.py packs them, from data/context_words.csv.
#ifndef CLIENTBOOK_SCANNER_CONTEXT_TABLES_HPP
#define CLIENTBOOK_SCANNER_CONTEXT_TABLES_HPP

#include "context_words.hpp"
#include "extent.hpp"

namespace clientbook::scanner {

// The name of a month has its number above the kinds.
constexpr unsigned month_shift = 12;
constexpr std::uint16_t word_kinds = 0x0FFF;
constexpr std::uint16_t month(unsigned number) noexcept {
  return static_cast<std::uint16_t>(number << month_shift);
}

/// Where the words with the same three first bytes lie in the packed list.
struct same_beginning {
  std::uint32_t key;
  std::uint16_t begin;
  std::uint16_t end;
};

}  // namespace clientbook::scanner

#include <tables/scanner/context_words.inc>

#endif
