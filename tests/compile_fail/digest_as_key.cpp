// room: crypto
// expect: could not convert|cannot convert|no known conversion|invalid initialization
#include <clientbook/crypto/crypto.hpp>

clientbook::result<void> check(const clientbook::crypto::signature& by,
                               const clientbook::crypto::verifying_key& key) {
  const clientbook::crypto::digest told = clientbook::crypto::hash({});
#if BAD
  return clientbook::crypto::verify(by, told, told);
#else
  return clientbook::crypto::verify(by, told, key);
#endif
}
