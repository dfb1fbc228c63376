// What words and numbers say about a street, for those who only ask (text_addresses.cpp).
#ifndef CLIENTBOOK_REDACTION_STREET_WORDS_HPP
#define CLIENTBOOK_REDACTION_STREET_WORDS_HPP

#include "context_words.hpp"

namespace clientbook::redaction {

/// `Road`, `Lane`: stands after the name.
[[nodiscard]] bool is_street_type(const folded_word& word) noexcept;
/// A filter for it: the first three letters of a word.
[[nodiscard]] bool may_be_street_type(unsigned char a, unsigned char b, unsigned char c) noexcept;
/// `Hauptstraße`, `Straße`: is its own type.
[[nodiscard]] bool ends_street(const folded_word& word) noexcept;
/// `Via`, `rue`: stands before the name.
[[nodiscard]] bool leads_street(const folded_word& word) noexcept;
/// `Apt`, `piano`.
[[nodiscard]] bool is_unit(const folded_word& word) noexcept;

enum class street_hint : std::uint8_t {
  none,
  with_postcode,  ///< If a postal code and a town stand behind the number.
  likely,
};
/// Whether a street's name ends before the number that begins here.
[[nodiscard]] street_hint street_ends(const text_window& text, std::size_t number) noexcept;

}  // namespace clientbook::redaction

#endif
