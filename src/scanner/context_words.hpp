// Words beside a number or a date that tell what it is.
#ifndef CLIENTBOOK_SCANNER_CONTEXT_WORDS_HPP
#define CLIENTBOOK_SCANNER_CONTEXT_WORDS_HPP

#include <cstdint>

#include "window.hpp"

namespace clientbook::scanner {

/// Bits: what a word speaks of.
enum word_kind : std::uint16_t {
  card_word = 1,
  code_word = 2,    ///< of a card's verification code
  expiry_word = 4,  ///< of a card
  phone_word = 8,
  birth_word = 16,
  id_word = 32,        ///< of a number that a state or an insurance gave
  document_word = 64,  ///< passport, driving licence
  order_word = 128,    ///< order, article, invoice, ...: a number that is the shop's own
  address_word = 256,
  imei_word = 512,
  vehicle_word = 1024,
  account_word = 2048,  ///< of a bank, in one country
};

/// A country as two letters in a number; 0: none.
constexpr std::uint16_t country(char a, char b) noexcept {
  return static_cast<std::uint16_t>((a << 8) | b);
}

struct context {
  std::uint16_t kinds = 0;       ///< Of all words in reach.
  std::uint16_t nearest = 0;     ///< Of the nearest that says anything.
  std::uint16_t id_country = 0;  ///< Of the nearest word that names an id of one country.
  /// Between the nearest and the place stand no digits and at most two other words.
  bool adjacent = false;
  /// As adjacent, and with no word between but those of numbers and `is`, and no comma: `order no.
  /// 12345`, not `the order is ready, 0171 ...`. Not in firmware.
  bool direct = false;
  /// A word of numbers stands directly before it: `no. 12345678`. Not in firmware.
  bool numbered = false;
  /// Of the same clause, with no digits and few words between: two words of ids (`tax id`), or one
  /// that names an id of one country or a document. Words of goods between do not undo it.
  bool said_id = false;
  bool said_account = false;
  /// Of the same clause, with no digits and few words between: `Geburtsdatum laut
  /// Ausweis: 3.12.1985`.
  bool said_birth = false;
};

enum class words_wanted : std::uint8_t {
  all,
  nearest,  ///< Of `kinds` and `id_country` only what the nearest says.
};
/// The words that end in the 48 bytes before `at`.
[[nodiscard]] context words_before(const text_window& text, std::size_t at,
                                   words_wanted wanted = words_wanted::all) noexcept;
/// The kinds of the words in the 32 bytes after `at`.
[[nodiscard]] std::uint16_t words_after(const text_window& text, std::size_t at) noexcept;

/// Whether the word that ends at `end` tells of a number what it is, but for words of numbers.
[[nodiscard]] bool says_id(const text_window& text, std::size_t end) noexcept;

/// A word as it is compared: folded, as UTF-8.
struct folded_word {
  std::array<char, 24> bytes;
  std::uint8_t size = 0;  ///< 0: no word; of one that is too long its beginning, in firmware 0.
  bool capital = false;   ///< Begins with a capital letter (of Latin, Greek, Cyrillic).
  std::size_t begin = 0;
  std::size_t end = 0;

  std::string_view view() const noexcept { return {bytes.data(), size}; }
};

/// The hash of a word with one more letter; its upper bits are the better ones. Where bytes count
/// lists of words are lists of hashes.
constexpr std::uint32_t hash_on(std::uint32_t hash, char letter) noexcept {
  return (hash + static_cast<unsigned char>(letter)) * 0x9E3779B1U;
}

/// The word (letters only) that begins at `at`, where one begins.
[[nodiscard]] folded_word word_from(const text_window& text, std::size_t at) noexcept;
/// The word that ends at `at`.
[[nodiscard]] folded_word word_until(const text_window& text, std::size_t at) noexcept;
/// The same, in place of another word.
void word_until(const text_window& text, std::size_t at, folded_word& out) noexcept;

/// What a folded word speaks of, by itself.
[[nodiscard]] std::uint16_t kinds_of_word(std::string_view folded) noexcept;

/// 1 to 12, or 0: the month of a folded name or its short form, in en fr de it es pt nl pl and
/// others.
[[nodiscard]] unsigned month_of(std::string_view folded) noexcept;

}  // namespace clientbook::scanner

#endif
