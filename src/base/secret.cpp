// Wiping that a compiler cannot leave out, though nobody reads the zeros.
//
// Without libsodium, which has its home in crypto: secrets are a matter of the lowest room.
#include <clientbook/base/secret.hpp>

namespace clientbook {

void wipe(byte_span bytes) noexcept {
  if (bytes.empty()) return;
  std::memset(bytes.data(), 0, bytes.size());
  // The compiler must assume that somebody reads the zeros.
  __asm__ __volatile__("" : : "r"(bytes.data()) : "memory");
}

}  // namespace clientbook
