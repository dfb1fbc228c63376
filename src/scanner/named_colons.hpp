// The colons of a text that stand behind a name of addresses (`Wohnort: ...`), for the walk over
// its numbers.
#ifndef CLIENTBOOK_SCANNER_NAMED_COLONS_HPP
#define CLIENTBOOK_SCANNER_NAMED_COLONS_HPP

#include <cstring>
#include <string_view>
#include <type_traits>

#include "rules.hpp"

namespace clientbook::scanner {

// Whether a colon behind a name of addresses may stand before a place, as near as it counts: asked
// about every number in order, so each byte is looked at once, and the name before a colon too.
class colons_in_text {
 public:
  bool may_name(std::string_view text, std::size_t at) noexcept {
    if (!near(text, at)) return false;
    if (wide_) return true;
    if (asked_ != last_) {
      asked_ = last_;
      names_ = names_addresses(text_window(text, last_ - 1), last_ - 1);
    }
    return names_;
  }

 private:
  bool near(std::string_view text, std::size_t at) noexcept {
    constexpr std::size_t near = 200;
    if (read_ + near < at) read_ = at - near;
    while (read_ < at) {
      const auto* const plain =
          static_cast<const char*>(std::memchr(text.data() + read_, ':', at - read_));
      if (plain == nullptr) break;
      read_ = last_ = static_cast<std::size_t>(plain - text.data()) + 1;
      wide_ = false;
    }
    // The last byte of a full-width one.
    if (read_ < at && std::memchr(text.data() + read_, 0x9A, at - read_) != nullptr) {
      last_ = at;
      wide_ = true;
    }
    if (read_ < at) read_ = at;
    return last_ != 0 && last_ + near >= at;
  }

  std::size_t read_ = 0;
  std::size_t last_ = 0;   // Behind the last; 0: none.
  std::size_t asked_ = 0;  // Of which `names_` was told.
  bool wide_ = false;      // Perhaps a full-width one, somewhere before `last_`.
  bool names_ = false;
};
struct no_colons {
  static constexpr bool may_name(std::string_view, std::size_t) noexcept { return false; }
};
using colons_seen = std::conditional_t<compact, no_colons, colons_in_text>;

}  // namespace clientbook::scanner

#endif
