// Lists of folded words, given as one text with spaces between.
#ifndef CLIENTBOOK_SCANNER_WORD_LISTS_HPP
#define CLIENTBOOK_SCANNER_WORD_LISTS_HPP

#include "context_words.hpp"

namespace clientbook::scanner {

#ifdef CLIENTBOOK_FIRMWARE

/// 16 bits of the hash of each word, and 0.
using word_list = const std::uint16_t*;

consteval std::size_t words_in(std::string_view text) noexcept {
  std::size_t count = 0;
  char last = ' ';
  for (const char c : text) {
    count += last == ' ' && c != ' ' ? 1U : 0U;
    last = c;
  }
  return count;
}

/// Never called: a word whose hash is 0 does not compile.
void ends_the_list() noexcept;

template <std::size_t Count>
struct packed_list {
  consteval explicit packed_list(std::string_view text) noexcept {
    std::uint32_t hash = 0;
    std::size_t used = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
      if (i < text.size() && text[i] != ' ') {
        hash = hash_on(hash, text[i]);
      } else if (hash != 0) {
        hashes[used] = static_cast<std::uint16_t>(hash >> 16);
        if (hashes[used++] == 0) ends_the_list();
        hash = 0;
      }
    }
  }
  constexpr operator word_list() const noexcept { return hashes.data(); }  // NOLINT(*-explicit-*)

  std::array<std::uint16_t, Count + 1> hashes{};
};
#define CLIENTBOOK_WORDS(name, text) static constexpr packed_list<words_in(text)> name(text)

#else

/// Kept by first letter. Most words of a text differ from all of a list in first letter and
/// length.
struct word_list {
  const char* letters;           // Each word with its size before it.
  const std::uint16_t* begins;   // Of each first letter; 28 of them.
  const std::uint32_t* sizes;    // Of each first letter, the lengths there are.
  const std::uint32_t* seconds;  // Of each first letter, the second letters there are.
  const std::uint32_t* last;     // Of each last letter, the letters before it there are.
};

constexpr std::size_t letter_of(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<std::size_t>(c - 'a') : 26;
}

template <std::size_t Size>
struct packed_list {
  consteval explicit packed_list(const char (&words)[Size]) noexcept {
    const std::string_view all(words, Size - 1);
    std::size_t used = 0;
    for (std::size_t first = 0; first < 27; ++first) {
      begins[first] = static_cast<std::uint16_t>(used);
      for (std::size_t at = 0; at < all.size();) {
        const std::size_t end = all.find(' ', at) < all.size() ? all.find(' ', at) : all.size();
        if (end > at && letter_of(all[at]) == first) {
          sizes[first] |= 1U << (end - at);
          seconds[first] |= 1U << (end - at > 1 ? letter_of(all[at + 1]) : 27U);
          last[letter_of(all[end - 1])] |= 1U << (end - at > 1 ? letter_of(all[end - 2]) : 27U);
          letters[used++] = static_cast<char>(end - at);
          for (std::size_t i = at; i < end; ++i) letters[used++] = all[i];
        }
        at = end + 1;
      }
    }
    begins[27] = static_cast<std::uint16_t>(used);
  }
  constexpr operator word_list() const noexcept {  // NOLINT(*-explicit-*)
    return {letters.data(), begins.data(), sizes.data(), seconds.data(), last.data()};
  }

  std::array<char, Size + 1> letters{};
  std::array<std::uint16_t, 28> begins{};
  std::array<std::uint32_t, 27> sizes{};
  std::array<std::uint32_t, 27> seconds{};
  std::array<std::uint32_t, 27> last{};
};
#define CLIENTBOOK_WORDS(name, text) static constexpr packed_list name(text)

#endif

#ifdef CLIENTBOOK_FIRMWARE
[[nodiscard]] bool is_in(word_list list, std::string_view word) noexcept;
[[nodiscard]] bool is_in(word_list list, const folded_word& word) noexcept;
[[nodiscard]] bool ends_in(word_list list, const folded_word& word) noexcept;
#else
[[nodiscard]] bool is_in(const word_list& list, const folded_word& word) noexcept;
/// Whether the word ends in one of the list and has three bytes at least before it.
[[nodiscard]] bool ends_in(const word_list& list, const folded_word& word) noexcept;
#endif

}  // namespace clientbook::scanner

#endif
