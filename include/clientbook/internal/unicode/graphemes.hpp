// Graphemes: characters as a reader sees them, in UTF-8, without tables of a locale.
//
// A small own segmentation after UAX #29 (extended grapheme clusters). It joins CR LF,
// combining marks of the common scripts, variation selectors, emoji with modifiers and
// zero-width joiners, tag sequences, regional indicators in pairs and Hangul syllables.
// What it does not know (marks of rare scripts, prepended marks, Indic conjuncts) counts as a
// character of its own, so a cluster may be taken for several, never several letters for one.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_INTERNAL_UNICODE_GRAPHEMES_HPP
#define CLIENTBOOK_INTERNAL_UNICODE_GRAPHEMES_HPP

#include <cstddef>
#include <string_view>

namespace clientbook {

/// Bytes of the cluster that begins at `offset`; 0 at the end and where the text is not UTF-8.
[[nodiscard]] std::size_t grapheme_at(std::string_view text, std::size_t offset) noexcept;

}  // namespace clientbook

#endif
