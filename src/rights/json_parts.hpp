// What the room's JSON says in the same way everywhere: times, days, and fields by their keys.
#ifndef CLIENTBOOK_RIGHTS_JSON_PARTS_HPP
#define CLIENTBOOK_RIGHTS_JSON_PARTS_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/internal/transfer/wiped_json.hpp>
#include <clientbook/model/schema.hpp>
#include <clientbook/transfer/book_json.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <string>

namespace clientbook::rights {

inline std::string text_of(timestamp at) {
  char out[20];
  write_timestamp(at, out);
  return {out, sizeof out};
}
inline boost::json::value or_null(const date& day) {
  return day.month == 0 ? boost::json::value(nullptr)
                        : boost::json::value(clientbook::text_of(day));
}
inline boost::json::value or_null(timestamp at) {
  return at == timestamp{} ? boost::json::value(nullptr) : boost::json::value(text_of(at));
}

/// A field that the schema does not have by its number: "#45".
inline boost::json::array names_of(field_set fields, const schema& known) {
  boost::json::array out(transfer::wiped_memory());
  for (const field_id one : fields) {
    const auto definition = known.find(one);
    out.emplace_back(definition ? std::string(definition->key) : "#" + std::to_string(one.value));
  }
  return out;
}

}  // namespace clientbook::rights

#endif
