#include "word_lists.hpp"

namespace clientbook::scanner {

#ifdef CLIENTBOOK_FIRMWARE

bool is_in(word_list list, std::string_view word) noexcept {
  std::uint32_t hash = 0;
  for (const char c : word) hash = hash_on(hash, c);
  while (*list != 0 && *list != hash >> 16) ++list;
  return *list != 0;
}

bool is_in(word_list list, const folded_word& word) noexcept { return is_in(list, word.view()); }

bool ends_in(word_list list, const folded_word& word) noexcept {
  for (std::size_t begin = 3; begin < word.size; ++begin) {
    if (is_in(list, {word.bytes.data() + begin, word.size - begin})) return true;
  }
  return false;
}

#else

bool is_in(const word_list& list, const folded_word& word) noexcept {
  if (word.size == 0) return false;
  const std::size_t first = letter_of(word.bytes[0]);
  if ((list.sizes[first] >> word.size & 1U) == 0) return false;
  const std::size_t second = word.size > 1 ? letter_of(word.bytes[1]) : 27U;
  if ((list.seconds[first] >> second & 1U) == 0) return false;
  for (std::size_t at = list.begins[first]; at < list.begins[first + 1];) {
    const std::size_t size = static_cast<unsigned char>(list.letters[at]);
    if (std::string_view(list.letters + at + 1, size) == word.view()) return true;
    at += size + 1;
  }
  return false;
}

bool ends_in(const word_list& list, const folded_word& word) noexcept {
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

#endif

}  // namespace clientbook::scanner
