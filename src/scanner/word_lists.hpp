// Lists of folded words: whether a word is one of a list, or ends in one.
//
// The lists are data/*.csv. A table's type says how it is kept, and with it how it is searched: as
// the words are spelled, or, where bytes count, as numbers made of them.
#ifndef CLIENTBOOK_SCANNER_WORD_LISTS_HPP
#define CLIENTBOOK_SCANNER_WORD_LISTS_HPP

#include <array>
#include <type_traits>

#include "context_words.hpp"
#include "extent.hpp"

namespace clientbook::scanner {

/// Kept by first letter. Most words of a text differ from all of a list in first letter and
/// length.
struct spelled_list {
  const char* letters;                    ///< Each word with its size before it.
  std::array<std::uint16_t, 28> begins;   ///< Of each first letter.
  std::array<std::uint32_t, 27> sizes;    ///< Of each first letter, the lengths there are.
  std::array<std::uint32_t, 27> seconds;  ///< Of each first letter, the second letters there are.
  std::array<std::uint32_t, 27> last;     ///< Of each last letter, the letters before it there are.
};

/// 16 bits of the hash of each word, and 0: one word in 300 that is none of a list is taken for
/// one.
using hashed_list = const std::uint16_t*;

/// How this build keeps its lists.
using word_list = std::conditional_t<compact, hashed_list, const spelled_list&>;

[[nodiscard]] bool is_in(const spelled_list& list, std::string_view word) noexcept;
[[nodiscard]] bool is_in(const spelled_list& list, const folded_word& word) noexcept;
/// Whether a word of the list may end in these two letters of ASCII.
[[nodiscard]] constexpr bool may_end_in(const spelled_list& list, unsigned char before,
                                        unsigned char last) noexcept {
  return (list.last[(last | 0x20U) - 'a'] >> ((before | 0x20U) - 'a') & 1U) != 0;
}
/// Whether the word ends in one of the list and has three bytes at least before it.
[[nodiscard]] bool ends_in(const spelled_list& list, const folded_word& word) noexcept;

[[nodiscard]] bool is_in(hashed_list list, std::string_view word) noexcept;
[[nodiscard]] bool is_in(hashed_list list, const folded_word& word) noexcept;
[[nodiscard]] bool ends_in(hashed_list list, const folded_word& word) noexcept;

}  // namespace clientbook::scanner

// The lists themselves.
#include <tables/scanner/words.inc>

#endif
