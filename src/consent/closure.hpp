// Single questions about closures; the sets are in <clientbook/vocabulary.hpp>.
#ifndef CLIENTBOOK_CONSENT_CLOSURE_HPP
#define CLIENTBOOK_CONSENT_CLOSURE_HPP

#include <clientbook/vocabulary.hpp>

namespace clientbook {

/// Whether a grant, or a denial, of these categories covers that one.
bool grant_covers(category_id category, const category_set& granted) noexcept;
bool denial_covers(category_id category, const category_set& denied) noexcept;

}  // namespace clientbook

#endif
