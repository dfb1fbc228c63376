// Personal text: text that names or describes a person, as a type that cannot be printed.
//
// It takes any text, and gives it back by reveal() alone: no stream, no formatter and no
// conversion, so that a value does not slip into a log line, an exception or a string, and a
// search for reveal() finds every place where one is read. It is a view: what it lies in must
// live longer.
//
// Thread safety: values.
#ifndef CLIENTBOOK_MODEL_PERSONAL_TEXT_HPP
#define CLIENTBOOK_MODEL_PERSONAL_TEXT_HPP

#include <concepts>
#include <cstddef>
#include <string_view>

namespace clientbook {

class personal_text {
 public:
  constexpr personal_text() noexcept = default;
  template <class Text>
  requires std::convertible_to<const Text&, std::string_view>
  constexpr personal_text(const Text& text) noexcept  // NOLINT(*-explicit-*)
      : text_(text) {}

  /// The plain text.
  [[nodiscard]] constexpr std::string_view reveal() const noexcept { return text_; }
  [[nodiscard]] constexpr bool empty() const noexcept { return text_.empty(); }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return text_.size(); }

  friend constexpr bool operator==(personal_text a, personal_text b) noexcept {
    return a.text_ == b.text_;
  }

 private:
  std::string_view text_;
};

/// To no stream. (A template, so that what converts is not taken from others.)
template <class Stream, std::same_as<personal_text> Text>
Stream& operator<<(Stream& out, const Text& text) = delete;

}  // namespace clientbook

#endif
