// A person's whole name in one cell, taken apart.
#include "cell_forms.hpp"

#include <algorithm>
#include <tables/exchange/import_words.inc>

namespace clientbook::exchange {

name_parts take_apart(std::string_view whole, bool alone_is_family) {
  const auto listed = [](const auto& list, std::string_view word) {
    const std::string folded = folded_words(word);
    return std::any_of(std::begin(list), std::end(list),
                       [&](std::string_view each) { return each == folded; });
  };
  name_parts out;
  std::string_view rest = without_blanks(whole);
  for (;;) {
    const std::size_t end = rest.find(' ');
    if (end == std::string_view::npos) break;
    if (listed(couple_words, rest.substr(0, end))) {
      out.several_people = alone_is_family = true;
      rest = without_blanks(rest.substr(end));
      continue;
    }
    if (!listed(name_prefixes, rest.substr(0, end))) break;
    const std::size_t begin = static_cast<std::size_t>(rest.data() - whole.data());
    const std::size_t from =
        out.prefix.empty() ? begin : static_cast<std::size_t>(out.prefix.data() - whole.data());
    out.prefix = whole.substr(from, begin + end - from);
    rest = without_blanks(rest.substr(end));
  }
  if (const std::size_t last = rest.rfind(' ');
      last != std::string_view::npos && listed(name_suffixes, rest.substr(last + 1))) {
    out.suffix = rest.substr(last + 1);
    rest = without_blanks(rest.substr(0, last));
    if (rest.ends_with(',')) rest.remove_suffix(1);
  }
  if (const std::size_t comma = rest.find_first_of(",;"); comma != std::string_view::npos) {
    out.family = without_blanks(rest.substr(0, comma));
    out.given = without_blanks(rest.substr(comma + 1));
    return out;
  }
  std::size_t split = std::string_view::npos;
  for (std::size_t i = rest.find(' '); i != std::string_view::npos; i = rest.find(' ', i + 1)) {
    const std::size_t end = std::min(rest.find(' ', i + 1), rest.size());
    split = i;
    if (end < rest.size() && listed(name_particles, rest.substr(i + 1, end - i - 1))) break;
  }
  if (split != std::string_view::npos) {
    out.given = without_blanks(rest.substr(0, split));
    out.family = without_blanks(rest.substr(split + 1));
  } else if (alone_is_family || !out.prefix.empty()) {
    out.family = rest;
  } else {
    out.given = rest;
  }
  return out;
}

}  // namespace clientbook::exchange
