// Lists of words of which nothing is kept but 16 bits of a hash, one behind the other. For builds
// where bytes count more than time; relies on make_scanner_tables.py to hash as hash_on() does.
#include "word_lists.hpp"

namespace clientbook::scanner {

bool is_in(hashed_list list, std::string_view word) noexcept {
  std::uint32_t hash = 0;
  for (const char c : word) hash = hash_on(hash, c);
  while (*list != 0 && *list != hash >> 16) ++list;
  return *list != 0;
}

bool is_in(hashed_list list, const folded_word& word) noexcept { return is_in(list, word.view()); }

bool ends_in(hashed_list list, const folded_word& word) noexcept {
  for (std::size_t begin = 3; begin < word.size; ++begin) {
    if (is_in(list, {word.bytes.data() + begin, word.size - begin})) return true;
  }
  return false;
}

}  // namespace clientbook::scanner
