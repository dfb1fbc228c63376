// Texts with places in braces. A place that nobody fills stays empty.
#include "filled.hpp"

namespace clientbook::rights {

void fill(wiped_text& to, std::string_view text, std::initializer_list<filling> places) {
  while (!text.empty()) {
    const std::size_t begin = text.find('{');
    to += text.substr(0, begin);
    if (begin == std::string_view::npos) return;
    const std::size_t end = text.find('}', begin);
    const std::string_view name = text.substr(begin + 1, end - begin - 1);
    for (const filling& one : places) {
      if (one.name == name) to += one.value;
    }
    text.remove_prefix(end + 1);
  }
}

}  // namespace clientbook::rights
