// What becomes of numbers in a note that do not belong there, and which notes are pinned.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_NOTE_POLICY_HPP
#define CLIENTBOOK_BOOK_NOTE_POLICY_HPP

#include <cstddef>
#include <cstdint>

namespace clientbook {

/// A number that does not belong into a note.
enum class number_in_note : std::uint8_t {
  refused,   ///< The note is not written.
  replaced,  ///< A label stands in its place.
  kept,
};

struct note_policy {
  /// Numbers and codes of payment cards (PCI DSS 3.3.1): `kept` refuses them too.
  number_in_note cards = number_in_note::refused;
  /// National ids beside a word for them, or of a region of set_text_regions().
  number_in_note identity_numbers = number_in_note::refused;
};

/// A pinned note warns whoever serves the customer.
enum class note_pin : std::uint8_t { unpinned, pinned };
/// Of one customer.
inline constexpr std::size_t max_pinned_notes = 4;

}  // namespace clientbook

#endif
