// Of everything that was said by and for one customer: what still decides, and what was said before
// in the same words.
//
// The history itself is never shortened. It may be as long as it likes: a denial that a later one
// covers, a consent that was taken back and the like are left out where a state is compiled from
// it, so that its length refuses nobody a withdrawal.
#ifndef CLIENTBOOK_BOOK_WHAT_COUNTS_HPP
#define CLIENTBOOK_BOOK_WHAT_COUNTS_HPP

#include <clientbook/consent/directive.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace clientbook {

/// Those that the same state is compiled from. Precondition: ascending sequences, as stored.
std::vector<directive> what_counts(std::span<const directive> said);

/// Still fewer, for a state that would have more rules than there is room for: nothing opens any
/// more, and denials of one kind become one that covers all of them. What it compiles to is
/// stricter, never wider.
std::vector<directive> what_counts_at_least(std::span<const directive> said);

/// The sequence of a directive that says the same as `next` and is in force as it was said, or is
/// the very act that an import brings again; none: `next` is something new.
std::optional<std::uint32_t> said_before(std::span<const directive> said, const directive& next);

/// The moves in the order in which they were said, whenever they were written down. Precondition:
/// as of what_counts().
std::vector<const directive*> moves_as_said(std::span<const directive> said);

}  // namespace clientbook

#endif
