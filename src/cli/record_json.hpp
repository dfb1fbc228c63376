// Values of a record as JSON, for people and other programs to read.
#ifndef CLIENTBOOK_CLI_RECORD_JSON_HPP
#define CLIENTBOOK_CLI_RECORD_JSON_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/model/schema.hpp>

#include <boost/json/value.hpp>
#include <string>

namespace clientbook::cli {

/// A field's value: members by name where the type has names, else as the CBOR is.
boost::json::value to_json(field_type type, byte_view value);

/// The same on one line, for a terminal.
std::string one_line(const boost::json::value& value);

}  // namespace clientbook::cli

#endif
