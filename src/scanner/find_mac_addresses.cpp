// MAC addresses, from their first separator: `00:1A:2b:3c:4D:5E`, `00-1a-...`, `001a.2b3c.4d5e`.
#include "rules.hpp"

namespace clientbook::scanner {

find mac_at(const text_window& text, std::size_t at) noexcept {
  std::size_t begin = at;
  while (at - begin < 5 && ascii_hex(text[begin - 1])) --begin;
  if (text[at] == ':' || text[at] == '-') {
    // The first separator: two digits before it.
    if (at - begin != 2) return {};
  }
  // Cisco writes three groups of four with dots; others six of two with `:` or `-`.
  const auto read = [&](std::size_t from, std::size_t size, std::size_t groups,
                        unsigned char sign) {
    std::size_t place = from;
    for (std::size_t g = 0; g < groups; ++g) {
      for (std::size_t i = 0; i < size; ++i) {
        if (!ascii_hex(text[place++])) return std::size_t{0};
      }
      if (g + 1 < groups && text[place++] != sign) return std::size_t{0};
    }
    if (text.word_at(place) || (text[place] == sign && ascii_hex(text[place + 1])))
      return std::size_t{0};
    return place;
  };
  if (text.word_before(begin) && text.previous(begin).value < 0x2E80) return {};
  if (begin > 0 && (text[begin - 1] == ':' || text[begin - 1] == '-') && ascii_hex(text[begin - 2]))
    return {};
  std::size_t end = read(begin, 2, 6, ':');
  if (end == 0) end = read(begin, 2, 6, '-');
  if (end == 0) end = read(begin, 4, 3, '.');
  return end == 0 ? find{} : find{begin, end, rule::mac_groups};
}

}  // namespace clientbook::scanner
