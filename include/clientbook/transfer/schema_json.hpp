// Fields of a shop's own, as JSON: what a schema gets beside the built-in ones.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_SCHEMA_JSON_HPP
#define CLIENTBOOK_TRANSFER_SCHEMA_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/model/schema.hpp>

#include <string>
#include <string_view>

namespace clientbook {

/// `known` with further fields: `[{"number": 40, "key": "shoe_notes", "type": "text", "list":
/// false, "redaction": "drop", "categories": ["preference"]}]`, of which `list` and
/// `redaction` may be left out; the version grows by one. `where`, if it fails, is the member.
/// Errors: those of the text, as schema::add().
result<schema> with_fields(std::string_view fields, const schema& known, std::string& where);

}  // namespace clientbook

#endif
