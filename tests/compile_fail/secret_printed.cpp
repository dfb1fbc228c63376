// room: base
// expect: no match for .operator<<|invalid operands to binary expression
#include <clientbook/base/secret.hpp>

#include <ostream>

void print(std::ostream& out, const clientbook::secret<32>& key) {
#if BAD
  out << key;
#else
  out << key.size;
#endif
}
