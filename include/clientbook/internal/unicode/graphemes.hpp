// Graphemes: characters as a reader sees them, in UTF-8, without tables of a locale.
//
// An own segmentation after UAX #29 (extended grapheme clusters, Unicode 15), of all scripts, from
// tables that scripts/make_unicode_tables.py makes. It passes Unicode's own GraphemeBreakTest.
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
