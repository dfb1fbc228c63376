// What words and numbers say about a street, for those who only ask (text_addresses.cpp).
#ifndef CLIENTBOOK_REDACTION_STREET_WORDS_HPP
#define CLIENTBOOK_REDACTION_STREET_WORDS_HPP

#include "context_words.hpp"

namespace clientbook::redaction {

/// What a word may be by its first four letters, as bits: a filter. Words with other letters than
/// those of ASCII among the four may be anything.
enum word_hint : std::uint8_t {
  may_be_type = 1,  ///< is_street_type()
  may_lead = 2,     ///< leads_street()
  may_be_part = 4,  ///< Stands within or before a name: `de la`, `Am`.
  may_be_unit = 8,  ///< is_unit()
  may_be_month = 16,
};
[[nodiscard]] unsigned hints_at(const text_window& text, std::size_t at) noexcept;
/// Whether a word of ASCII with these three last letters may be one of ends_street(): a filter.
[[nodiscard]] bool may_end_street(unsigned char a, unsigned char b, unsigned char c) noexcept;

/// `Road`, `Lane`: stands after the name.
[[nodiscard]] bool is_street_type(const folded_word& word) noexcept;
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
