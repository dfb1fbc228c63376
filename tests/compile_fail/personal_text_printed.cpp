// room: model
// expect: deleted function|deleted operator
#include <clientbook/model/record.hpp>

#include <ostream>

void print(std::ostream& out, const clientbook::person_name& name) {
#if BAD
  out << name.family;
#else
  out << name.family.size();
#endif
}
