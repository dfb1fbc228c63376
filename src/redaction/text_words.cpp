#include "text_words.hpp"

namespace clientbook::redaction {

#ifdef CLIENTBOOK_FIRMWARE

namespace {

// Whether a word of the list is the last bytes of this one, with `least` or more before it.
bool listed(const char* list, const folded_word& word, std::size_t least, bool whole) noexcept {
  while (*list != 0) {
    const char* end = list;
    while (*end != 0 && *end != ' ') ++end;
    const auto size = static_cast<std::size_t>(end - list);
    std::size_t same = 0;
    while (same < size && same < word.size &&
           end[-1 - static_cast<int>(same)] == word.bytes[word.size - 1 - same]) {
      ++same;
    }
    if (same == size && size != 0 && (whole ? word.size == size : word.size >= size + least)) {
      return true;
    }
    list = *end == 0 ? end : end + 1;
  }
  return false;
}

}  // namespace

bool is_in(const word_list& list, const folded_word& word) noexcept {
  return listed(list.words, word, 0, true);
}

bool ends_in(const word_list& list, const folded_word& word) noexcept {
  return listed(list.words, word, 3, false);
}

#else

bool is_in(const word_list& list, const folded_word& word) noexcept {
  if (word.size == 0) return false;
  const std::size_t first = letter_of(word.bytes[0]);
  if ((list.sizes[first] >> word.size & 1U) == 0) return false;
  const std::size_t second = word.size > 1 ? letter_of(word.bytes[1]) : 27U;
  if ((list.seconds[first] >> second & 1U) == 0) return false;
  for (std::size_t at = list.begins[first]; at < list.begins[first + 1];) {
    const auto size = static_cast<std::size_t>(list.letters[at]);
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
    const auto size = static_cast<std::size_t>(list.letters[at]);
    if (word.size > size + 2 && word.bytes[word.size - 1U] == list.letters[at + size] &&
        word.view().ends_with(std::string_view(list.letters + at + 1, size))) {
      return true;
    }
    at += size + 1;
  }
  return false;
}

#endif

}  // namespace clientbook::redaction
