// What a correction is: another value in the place of one that is held. A field, an element of a
// list or a part of a value that was not there is kept anew, and needs a basis.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_INTERNAL_MODEL_CORRECTION_HPP
#define CLIENTBOOK_INTERNAL_MODEL_CORRECTION_HPP

#include <clientbook/base/bytes.hpp>

namespace clientbook {

/// Whether `given` says more than `held` (empty: nothing is held), both as a record has them: a
/// list more elements, an element or a value a member that none of those held has, or the year of
/// a day that was told without one.
[[nodiscard]] bool says_more(byte_view held, byte_view given) noexcept;

}  // namespace clientbook

#endif
