// Texts that are not UTF-8: undone at the way in, done again at the way out, and counted in their
// own bytes between.
#ifndef CLIENTBOOK_FORMS_CHARSET_HPP
#define CLIENTBOOK_FORMS_CHARSET_HPP

#include <clientbook/forms/form_redactor.hpp>

#include <cstddef>
#include <string_view>

#include "plain_text.hpp"

namespace clientbook::forms {

class charset_layer {
 public:
  explicit charset_layer(text_charset of) noexcept : of_(of) {}

  bool is_utf_8() const noexcept { return of_ == text_charset::utf_8; }
  void read_as(text_charset of) noexcept { of_ = of; }

  /// Adds the bytes, whole characters of them, to `text` as UTF-8; what is left of one waits, but
  /// at the end. False where they are none of the character set: bytes_read() is where.
  bool decode(std::string_view bytes, bool all, plain_text& text);
  std::uint64_t bytes_read() const noexcept { return read_; }

  /// How many bytes of the input a part of the text is; parts may end within a character.
  std::size_t size_of(std::string_view text) const noexcept;
  /// The part in the character set; a sign that it has not becomes `*`. What is left of a character
  /// waits for the next part.
  plain_text encode(std::string_view text);

 private:
  void put(plain_text& to, char32_t c) const;

  text_charset of_;
  plain_text rest_;  // Of a character, on the way in;
  plain_text left_;  // on the way out.
  std::uint64_t read_ = 0;
};

}  // namespace clientbook::forms

#endif
