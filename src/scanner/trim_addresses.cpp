// What stands beside an address in a text of capital letters alone, where every word looks like a
// name: `DELIVER TO 12 OAK LANE, EXETER PLEASE`. Not in firmware.
#include "find_postcodes.hpp"
#include "rules.hpp"
#include "word_lists.hpp"

namespace clientbook::scanner {
namespace {

// Behind a verb before the address, and the small words that go with it.
std::size_t behind_verbs(const text_window& text, const find& address) noexcept {
  folded_word word = word_from(text, address.begin);
  if (word.size == 0 || !shouted(text, word) || !is_in(extent::address_verbs, word)) {
    return address.begin;
  }
  std::size_t begin = word.end;
  while (begin < address.end && text[begin] == ' ') {
    word = word_from(text, begin + 1);
    if (word.size == 0 || !is_in(extent::address_preps, word)) return begin + 1;
    begin = word.end;
  }
  return address.begin;
}

std::size_t before_polite_words(const text_window& text, const find& address) noexcept {
  std::size_t end = address.end;
  for (int words = 0; words < 3; ++words) {
    const folded_word word = word_until(text, end);
    if (word.size == 0 || word.begin <= address.begin || !shouted(text, word) ||
        !is_in(extent::address_ends, word)) {
      break;
    }
    end = word.begin;
    while (end > address.begin && (text[end - 1] == ' ' || text[end - 1] == ',')) --end;
  }
  return end;
}

}  // namespace

find trimmed_address(const text_window& text, const find& address) noexcept {
  if (!address) return address;
  const find out{behind_verbs(text, address), before_polite_words(text, address), address.rule};
  return out ? out : address;
}

}  // namespace clientbook::scanner
