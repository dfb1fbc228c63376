// A set of signs that is asked about every number: those of ASCII are two words of bits. Not in
// firmware.
#ifndef CLIENTBOOK_SCANNER_SIGN_SET_HPP
#define CLIENTBOOK_SCANNER_SIGN_SET_HPP

#include <cstdint>
#include <string_view>

namespace clientbook::scanner {

class sign_set {
 public:
  consteval sign_set(std::u32string_view signs) : signs_(signs) {  // NOLINT(*-explicit-*)
    for (const char32_t c : signs) {
      if (c < 0x80) ascii_[c / 64] |= std::uint64_t{1} << (c % 64);
    }
  }
  constexpr bool has(char32_t c) const noexcept {
    if (c < 0x80) return (ascii_[c / 64] >> (c % 64) & 1U) != 0;
    return signs_.find(c) != std::u32string_view::npos;
  }

 private:
  std::u32string_view signs_;
  std::uint64_t ascii_[2]{};
};

}  // namespace clientbook::scanner

#endif
