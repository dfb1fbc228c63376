// Out of line: their callers inline to what the compiler warns of without a cause.
#include "words.hpp"

namespace clientbook::forms {

plain_text small(std::string_view text) {
  plain_text out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return out;
}

}  // namespace clientbook::forms
