// JSON that somebody wrote into a file for a command.
#ifndef CLIENTBOOK_CLI_GIVEN_JSON_HPP
#define CLIENTBOOK_CLI_GIVEN_JSON_HPP

#include <boost/json/object.hpp>
#include <string>

namespace clientbook::cli {

/// The one object that a file, or standard input ("-"), holds. A name given twice is a fault: of
/// two values nobody knows which one was meant. `option` is named in errors.
boost::json::object object_of(const std::string& path, const char* option);

}  // namespace clientbook::cli

#endif
