// room: base
// expect: no match for .operator==|invalid operands to binary expression
#include <clientbook/base/secret.hpp>

bool same(const clientbook::secret<32>& a, const clientbook::secret<32>& b) {
#if BAD
  return a == b;
#else
  return &a == &b;
#endif
}
