// Lists of words as they are spelled, by first letter. Two looks at bits turn most words away
// before a letter is compared. Relies on words that are folded and on the bits that
// make_scanner_tables.py set.
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

// As bucket() of make_scanner_tables.py.
constexpr std::size_t letter_of(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<std::size_t>(c - 'a') : 26;
}

}  // namespace

bool is_in(const spelled_list& list, std::string_view word) noexcept {
  if (word.empty() || word.size() > sizeof(folded_word::bytes)) return false;
  const std::size_t first = letter_of(word[0]);
  if ((list.sizes[first] >> word.size() & 1U) == 0) return false;
  const std::size_t second = word.size() > 1 ? letter_of(word[1]) : 27U;
  if ((list.seconds[first] >> second & 1U) == 0) return false;
  for (std::size_t at = list.begins[first]; at < list.begins[first + 1];) {
    const std::size_t size = static_cast<unsigned char>(list.letters[at]);
    if (std::string_view(list.letters + at + 1, size) == word) return true;
    at += size + 1;
  }
  return false;
}

bool is_in(const spelled_list& list, const folded_word& word) noexcept {
  return is_in(list, word.view());
}

bool ends_in(const spelled_list& list, const folded_word& word) noexcept {
  if (word.size < 4) return false;
  const std::uint32_t before = list.last[letter_of(word.bytes[word.size - 1U])];
  if ((before >> letter_of(word.bytes[word.size - 2U]) & 1U) == 0) return false;
  for (std::size_t at = 0; at < list.begins[27];) {
    const std::size_t size = static_cast<unsigned char>(list.letters[at]);
    if (word.size > size + 2 && word.bytes[word.size - 1U] == list.letters[at + size] &&
        word.view().ends_with(std::string_view(list.letters + at + 1, size))) {
      return true;
    }
    at += size + 1;
  }
  return false;
}

}  // namespace clientbook::scanner
