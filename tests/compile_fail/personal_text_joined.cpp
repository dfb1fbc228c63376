// room: model
// expect: no match for .operator\+|invalid operands to binary expression
#include <clientbook/model/record.hpp>

#include <string>

std::string log_line(const clientbook::record_view& record) {
#if BAD
  return "from " + std::string("x") + record.employer().value();
#else
  return "from " + std::string(record.employer().value().reveal());
#endif
}
