// Profiles as people write them: JSON in, canonical bytes out, and back.
//
// profiles/*.json are the built-in profiles in this form; docs/format/profile.md says every
// member. The reader is strict: a member or term that nobody knows, a name given twice and a
// wrong type are errors that say where. Both ways are exact: one profile has one canonical form
// and one text.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_EXCHANGE_PROFILE_JSON_HPP
#define CLIENTBOOK_EXCHANGE_PROFILE_JSON_HPP

#include <clientbook/consent/profile_file.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace clientbook {

/// The canonical form of a profile written as JSON.
///
/// Errors: invalid_encoding (not JSON; `at` is the byte), already_exists (a name twice, a term
/// twice), wrong_type, missing_field, unknown_field (a member, a term), invalid_value,
/// limit_exceeded, as encode_profile(). `where` is then a JSON pointer (RFC 6901) to the part
/// that is wrong, empty for the whole; it quotes names of members, never values.
result<std::vector<std::byte>> profile_of_json(std::string_view document, std::string& where);

/// The text of a profile: terms by name, a row a line where it fits.
/// Errors: as encode_profile().
result<std::string> json_of_profile(const law_profile& value);

}  // namespace clientbook

#endif
