// What a rule may look at, copied with plain signs in the place of those that look like them: a
// digit of any script or width, full-width letters and signs, no-break and other wide spaces, and
// the escapes of a text within JSON (RFC 8259, 7). Rules that know ASCII alone read the copy, and
// what they find is moved back. Not in firmware: it would take more stack than there may be.
#ifndef CLIENTBOOK_SCANNER_LOOKALIKES_HPP
#define CLIENTBOOK_SCANNER_LOOKALIKES_HPP

#include "context_words.hpp"
#include "window.hpp"

namespace clientbook::scanner {

/// Whether the copy replaces the sign that begins at `begin`, ends there, or begins at `end` or
/// behind a comma there.
[[nodiscard]] bool looks_plain_beside(const text_window& text, std::size_t begin,
                                      std::size_t end) noexcept;

/// The value around the digit at `at` whose groups are parted by `·`, `•`, `*`, `~` or `|`, or all
/// by the same signs, or that has letters in the place of digits (`O` for 0, `l` for 1), where a
/// word of people stands beside it or its groups are those of a card; or that is of digits in
/// circles, exponents or keycaps. Empty where there is none.
[[nodiscard]] span_found disguised_number(const text_window& text, std::size_t at) noexcept;

/// Where the signs end that stand between two groups of digits: at most five, but those that
/// numbers are written with; `at` where no digit follows them.
[[nodiscard]] std::size_t over_one_sign(const text_window& text, std::size_t at) noexcept;

class plain_copy {
 public:
  /// Within `disguised` also marks between groups, and letters that stand for digits.
  plain_copy(const text_window& text, std::size_t place, span_found disguised = {}) noexcept;

  std::string_view text() const noexcept { return {bytes_.data(), size_}; }
  /// Of the place that the copy was made for.
  std::size_t place() const noexcept { return place_; }
  /// Where the byte of the copy begins in the text, or where the copy ends.
  std::size_t in_text(std::size_t at) const noexcept { return begin_ + offsets_[at]; }

 private:
  void put(char byte, std::size_t at) noexcept {
    bytes_[size_] = byte;
    offsets_[size_++] = static_cast<std::uint16_t>(at - begin_);
  }

  std::array<char, 2 * scan_reach> bytes_;
  std::array<std::uint16_t, 2 * scan_reach + 1> offsets_;
  std::size_t size_ = 0;
  std::size_t place_ = 0;
  std::size_t begin_;
};

}  // namespace clientbook::scanner

#endif
