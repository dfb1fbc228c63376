// JSON as this room reads it: strict, and an object may not hold one name twice (a reader
// that keeps the last of two would drop a rule or a purpose in silence).
#ifndef CLIENTBOOK_INTERNAL_EXCHANGE_JSON_HPP
#define CLIENTBOOK_INTERNAL_EXCHANGE_JSON_HPP

#include <clientbook/base/result.hpp>

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <string_view>

namespace clientbook::exchange {

/// Errors: invalid_encoding (`at` is the byte offset, from 0) for what is not JSON,
/// already_exists for a name given twice, limit_exceeded beyond 32 levels.
/// The value and what is needed to build it lie in `memory`.
result<boost::json::value> read_json(std::string_view text, boost::json::storage_ptr memory = {});

}  // namespace clientbook::exchange

#endif
