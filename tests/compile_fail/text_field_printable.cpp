// room: model
// expect: read a text as a personal_text
#include <clientbook/model/record.hpp>

#include <string_view>

bool known(const clientbook::record_view& record) {
#if BAD
  return record.get<std::string_view>(clientbook::field_id(32)).has_value();
#else
  return record.get<clientbook::personal_text>(clientbook::field_id(32)).has_value();
#endif
}
