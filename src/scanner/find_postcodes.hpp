// Postal codes, and towns before and behind them.
#ifndef CLIENTBOOK_SCANNER_FIND_POSTCODES_HPP
#define CLIENTBOOK_SCANNER_FIND_POSTCODES_HPP

#include "context_words.hpp"

namespace clientbook::scanner {

// Each goes on from a place and returns where it ends; the place itself if nothing is there.

/// Spaces and a comma.
[[nodiscard]] std::size_t over_comma(const text_window& text, std::size_t at) noexcept;
/// A town of up to four words with a capital letter, particles between them.
[[nodiscard]] std::size_t over_town(const text_window& text, std::size_t at) noexcept;

enum class code_needed : std::uint8_t { no, yes };
/// `, 20125 Milano`, `, London NW1 6XE`, `, Springfield, IL 62701`.
[[nodiscard]] std::size_t over_postcode_and_town(const text_window& text, std::size_t end,
                                                 code_needed needed = code_needed::no) noexcept;

/// How many digits stand here.
[[nodiscard]] std::size_t digits_from(const text_window& text, std::size_t at) noexcept;
/// Whether a phrase ends here: no noun goes on.
[[nodiscard]] bool ends_phrase(const text_window& text, std::size_t at) noexcept;

/// Where a post box begins whose number stands here; the place itself if none does.
[[nodiscard]] std::size_t post_box_before(const text_window& text, std::size_t at) noexcept;

/// What may stand between the parts of an address; `line`: it was a line break.
[[nodiscard]] std::size_t over_joint(const text_window& text, std::size_t at, bool& line) noexcept;
/// A town without capital letters, before a word that is none.
[[nodiscard]] std::size_t over_small_town_behind(const text_window& text, std::size_t at) noexcept;

// How many bytes the postal code of a country has that begins here; 0 if none does.
[[nodiscard]] std::size_t us_zip(const text_window& text, std::size_t at) noexcept;
[[nodiscard]] std::size_t canada(const text_window& text, std::size_t at) noexcept;
[[nodiscard]] std::size_t united_kingdom(const text_window& text, std::size_t at) noexcept;
[[nodiscard]] std::size_t ireland(const text_window& text, std::size_t at) noexcept;
[[nodiscard]] std::size_t netherlands(const text_window& text, std::size_t at) noexcept;
/// Digits, as most countries of the continent have them.
[[nodiscard]] std::size_t continental(const text_window& text, std::size_t at) noexcept;

/// Whether the word is written in capital letters alone.
[[nodiscard]] bool shouted(const text_window& text, const folded_word& word) noexcept;
/// Whether a word before the place speaks of addresses.
[[nodiscard]] bool address_said(const text_window& text, std::size_t at) noexcept;

}  // namespace clientbook::scanner

#endif
