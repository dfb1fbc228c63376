// What the library gives as JSON, to be put into an answer or printed on a line.
#ifndef CLIENTBOOK_CLI_PRINTED_JSON_HPP
#define CLIENTBOOK_CLI_PRINTED_JSON_HPP

#include <clientbook/transfer/view_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string>

namespace clientbook::cli {

/// JSON text of the library, as a tree.
boost::json::value tree_of(std::string_view text);

/// A value as a reader is shown it.
boost::json::value shown(field_type type, byte_view value);

/// The fields of a view by key: state, value, and why one is withheld.
boost::json::object fields_of(session& in, const decision_request& as, const view& seen);

/// Times of which the book does not know what was done.
boost::json::array gaps_of(const book_figures& figures);

/// The pinned notes that items_to_json() told of, a line each.
void print_warnings(const boost::json::value& pinned);

/// A value on one line, for a terminal.
std::string one_line(const boost::json::value& value);

}  // namespace clientbook::cli

#endif
