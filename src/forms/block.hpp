// A stretch of an input that is looked at as one text: the text without escapes, and where in the
// input each part of it stands.
#ifndef CLIENTBOOK_FORMS_BLOCK_HPP
#define CLIENTBOOK_FORMS_BLOCK_HPP

#include <span>
#include <vector>

#include "outlet.hpp"

namespace clientbook::forms {

/// What is to be hidden in a block's text.
struct hit {
  std::size_t begin = 0;
  std::size_t end = 0;
  hidden_as as;
  plain_text label;  ///< What stands for it.
};

/// How a label is written within the form.
using spelling = plain_text (*)(std::string_view label);
plain_text as_it_is(std::string_view label);

class block {
 public:
  /// Bytes of the input that are their own text.
  void same(std::string_view bytes);
  void same(char byte) { same(std::string_view(&byte, 1)); }
  /// An escape: hidden whole or not at all.
  void escape(std::string_view bytes, std::string_view text);
  /// A tag, a mark of quotation, a fold: stays, also within what is hidden.
  void markup(std::string_view bytes, std::string_view text);
  /// A tag of which parts are hidden for themselves, `within` in bytes of it.
  void markup(std::string_view bytes, std::string_view text, std::span<const hit> within);

  const plain_text& text() const noexcept { return text_; }
  /// The text with a sign that joins nothing where tags part a word, since they may stand between
  /// two values as well as within one; `where` are the places of these signs in it. Empty where no
  /// tag parts a word.
  plain_text parted(std::vector<std::size_t>& where) const;
  const plain_text& bytes() const noexcept { return bytes_; }
  bool empty() const noexcept { return bytes_.empty(); }

  /// Gives out the bytes that make the first `to` bytes of the text, hidden where the hits say (in
  /// order, apart, whole up to `to`), and forgets them.
  void give(outlet& out, std::span<const hit> hits, std::size_t to, spelling as);
  void give(outlet& out, std::span<const hit> hits, spelling as) {
    give(out, hits, text_.size() + 1, as);
  }
  void clear() noexcept;

 private:
  enum class kind : std::uint8_t { same, escape, markup };
  struct run {
    std::size_t text = 0, text_size = 0;    // In text_.
    std::size_t bytes = 0, bytes_size = 0;  // In bytes_.
    kind is = kind::same;
  };
  void add(std::string_view bytes, std::string_view text, kind is);
  void hide(outlet& out, const run& of, const hit& what, bool& begun, spelling as) const;

  plain_text bytes_;
  plain_text text_;
  std::vector<run> runs_;
  std::vector<hit> in_markup_;  // In bytes of the input.
};

/// The block's text with escapes of any form undone where it holds some: `%40`, `&nbsp;`,
/// `\u00a0`, and with labels of a former redaction as one sign that is no part of anything. The
/// hits of it as hits of the block.
class loose_text {
 public:
  explicit loose_text(std::string_view text);
  std::string_view text() const noexcept { return changed_ ? std::string_view(loose_) : text_; }
  /// Where a range of text() stands in the block's text.
  std::size_t begin_in(std::size_t at) const noexcept;
  std::size_t end_in(std::size_t at) const noexcept;

 private:
  struct change {
    std::size_t loose, loose_size, text, text_size;
  };
  void put(std::size_t at, std::size_t size, std::string_view as);

  std::string_view text_;
  plain_text loose_;
  std::vector<change> changes_;
  bool changed_ = false;
};

/// Adds a code point as UTF-8; nothing for one that does not exist.
void put_utf8(plain_text& to, char32_t c);
/// What an entity (`&nbsp;`, `&#64;`, `&#x40;`) at the beginning stands for; `size` 0: none.
struct entity {
  std::size_t size = 0;
  plain_text text;
};
entity entity_at(std::string_view text);
/// `<IBAN>`, `<IBAN_1>` of a former redaction at the beginning: how long it is, or 0.
std::size_t label_at(std::string_view text);
/// Whether one stands anywhere in it, or what stands for one: what was hidden names nothing.
bool holds_label(std::string_view text);
/// Four hexadecimal digits or two, else -1.
long hex_number(std::string_view digits);

}  // namespace clientbook::forms

#endif
