// Names that people type, looked up in vocabulary, registry and schema (scope_words.hpp): who types
// one that there is not is told where the list is.
#ifndef CLIENTBOOK_CLI_TERMS_HPP
#define CLIENTBOOK_CLI_TERMS_HPP

#include <clientbook/book/session.hpp>
#include <clientbook/transfer/scope_words.hpp>

#include <boost/json/array.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clientbook::cli {

/// The word of a list that somebody likely meant; empty if none is near.
std::string nearest(std::string_view typed, const std::vector<std::string>& words);

// Each ends the command (program.hpp: fail) with unknown_field if there is no such name.
purpose_id purpose_from(std::string_view name);
/// What something is kept for; none: what the book was made for.
kept_purposes purposes_from(const std::vector<std::string>& names);
boost::json::array names_of(const purpose_set& purposes);
/// "a, b, c": texts of a list, to be printed.
std::string joined(const boost::json::array& words);
/// A member that is a text; "-" where it is none.
std::string text_at(const boost::json::value& of, std::string_view member);
/// A member that is a count.
unsigned long long number_at(const boost::json::value& of, std::string_view member);
/// A class of the vocabulary or a party of the registry.
recipient_id recipient_from(std::string_view name, const recipient_registry& registry);
country_code country_from(std::string_view code);
/// An e-mail address or a phone number of the customer as it is, or FIELD:VALUE.
contact_point contact_from(session& in, const customer_id& id, std::string value,
                           const char* option);
/// Fields by key; all fields if the list is empty.
field_set fields_from(const std::vector<std::string>& keys, const schema& fields);

/// `all` stands for every term there is; empty operations for collect, store, use and disclose.
consent_scope scope_from(const std::vector<std::string>& purposes,
                         const std::vector<std::string>& recipients,
                         const std::vector<std::string>& categories,
                         const std::vector<std::string>& operations,
                         const recipient_registry& registry);

}  // namespace clientbook::cli

#endif
