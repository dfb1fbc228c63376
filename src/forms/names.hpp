// Names of people, told by what stands beside them.
#ifndef CLIENTBOOK_FORMS_NAMES_HPP
#define CLIENTBOOK_FORMS_NAMES_HPP

#include <vector>

#include "block.hpp"

namespace clientbook::forms {

/// Names of people in a text, in order, without labels. A word is a part of one only
/// with a capital letter, and beside a title, a word of kin, a salutation, the end of a letter, a
/// verb of what people do, or where a given name is followed by a family name. And what has no
/// digit or no word of its own, and only words beside it tell: the code of a bank in letters alone
/// (`BIC: COBADEFF`), the number of somebody who is named (`Frau Weber, Nummer: 781 17 04`).
std::vector<hit> names_in(std::string_view text);
/// Whether it has the form of a bank's code (ISO 9362): eight or eleven letters and digits, the
/// fifth and sixth those of a country.
[[nodiscard]] bool shaped_as_bank_code(std::string_view text);

/// Whether a value that stands where a name does is of goods, of who sells, and, behind the word of
/// a header, of a brand: `From: Hugo Boss`.
[[nodiscard]] bool names_nobody(std::string_view text, bool of_header);
/// Whether the last line that holds anything is the end of a letter: `Mit freundlichen Grüßen`.
[[nodiscard]] bool ends_with_closing(std::string_view text);
/// `from`, `von`, `от`.
[[nodiscard]] bool is_mail_header(std::string_view word);

}  // namespace clientbook::forms

#endif
