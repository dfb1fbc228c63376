// Ids that nobody gave: where a file has none, a row is told by its e-mail, its phone, or name and
// birth date. Kept as an id is then a keyed token of these and not they themselves: nobody may have
// permitted to keep them, and what is corrected or erased later would stay in the id.
#ifndef CLIENTBOOK_INTERNAL_BOOK_MADE_UP_ID_HPP
#define CLIENTBOOK_INTERNAL_BOOK_MADE_UP_ID_HPP

#include <clientbook/book/session.hpp>

#include <string>
#include <string_view>

namespace clientbook {

/// Whether an id may be one of these by its looks.
bool looks_made_up(std::string_view id) noexcept;

/// What the token is made of: without case and accents, of numbers and names without the signs
/// between.
std::string form_of_made_up(std::string_view id);

/// `~` and sixteen hex digits, under the book's key. Errors: invalid_value (nothing to tell by).
result<std::string> made_up_id(session& in, std::string_view id);
std::string made_up_id(const contact_point& token);
bool is_made_up_token(std::string_view id) noexcept;

}  // namespace clientbook

#endif
