// room: base
// expect: deleted
#include <clientbook/base/secret.hpp>

clientbook::secret<32> take(clientbook::secret<32>& key) {
#if BAD
  return key;
#else
  return key.duplicate();
#endif
}
