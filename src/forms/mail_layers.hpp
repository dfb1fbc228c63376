// What lies between a mail's bytes and the text of its parts: quoted-printable, base64, character
// sets. A layer decodes for a reader, and is the outlet of that reader: it turns what is kept and
// hidden in the decoded text into the mail's bytes again.
#ifndef CLIENTBOOK_FORMS_MAIL_LAYERS_HPP
#define CLIENTBOOK_FORMS_MAIL_LAYERS_HPP

#include <deque>

#include "readers.hpp"

namespace clientbook::forms {

enum class charset : std::uint8_t { utf_8, latin_1, other };
charset charset_of(std::string_view name);
/// A byte of windows-1252, which is ISO 8859-1 but for 32 signs, as UTF-8.
void put_latin(plain_text& to, unsigned char byte);

/// Which bytes of the mail say which bytes of the text.
class mapped_layer : public outlet {
 public:
  explicit mapped_layer(outlet& out) : out_(out) {}
  void keep(std::string_view text) override { pass(text.size(), nullptr, {}); }
  void respell(std::string_view text, std::string_view as) override;
  void hide(std::string_view text, std::string_view label, const hidden_as& as) override;
  /// What says nothing more: the rest of soft line breaks.
  void finish();

 protected:
  void map(std::string_view bytes, std::size_t text_size);
  virtual plain_text encoded(std::string_view label) const { return plain_text(label); }
  outlet& out_;

 private:
  struct run {
    std::size_t text_size;
    std::size_t bytes_size;
  };
  void pass(std::size_t text_size, const plain_text* label, const hidden_as& as);
  std::deque<run> runs_;
  plain_text bytes_;
  std::size_t given_ = 0;  // Of bytes_.
};

/// RFC 2045, 6.7, and bytes of a character set.
class quoted_printable final : public mapped_layer {
 public:
  quoted_printable(outlet& out, charset of) : mapped_layer(out), charset_(of) {}
  /// A line with its end; what it says goes to `to`.
  void take(std::string_view line, reader& to);

 protected:
  plain_text encoded(std::string_view label) const override;

 private:
  charset charset_;
};

/// Bytes of ISO 8859-1 and windows-1252.
class latin_layer final : public mapped_layer {
 public:
  explicit latin_layer(outlet& out) : mapped_layer(out) {}
  void take(std::string_view bytes, reader& to);
};

/// RFC 2045, 6.8. From the first group in which something is hidden on the part is encoded again.
class base64_layer final : public outlet {
 public:
  explicit base64_layer(outlet& out) : out_(out) {}
  /// What the bytes say.
  plain_text decode(std::string_view bytes);
  /// What a last group says that its marks do not fill up.
  plain_text rest();
  void keep(std::string_view text) override;
  void respell(std::string_view text, std::string_view as) override;
  void hide(std::string_view text, std::string_view label, const hidden_as& as) override;
  void finish();

 private:
  struct group {
    std::size_t bytes_size;
    std::size_t text_size;
  };
  void close_group(std::size_t values);
  std::string_view spend(std::size_t bytes);
  void encode(std::string_view text);

  outlet& out_;
  plain_text bytes_;       // Not given out.
  std::size_t given_ = 0;  // Of bytes_.
  std::deque<group> groups_;
  plain_text open_;  // Bytes of a group that is not whole.
  std::uint32_t values_ = 0;
  std::size_t value_count_ = 0;
  std::size_t into_ = 0;  // Bytes of the first group that were taken.
  plain_text carried_;    // Those of them that were kept, until the group is given out.
  bool changed_ = false;
  plain_text line_end_ = "\r\n";
  plain_text waiting_;  // Text to encode: less than three bytes.
  plain_text encoded_;
  std::size_t column_ = 0;
};

plain_text base64_of(std::string_view text);
/// Without line ends; empty where it is none.
plain_text from_base64(std::string_view text);

}  // namespace clientbook::forms

#endif
