#include <clientbook/secret.hpp>

namespace clientbook {

void wipe(byte_span bytes) noexcept {
  if (bytes.empty()) return;
#ifndef CLIENTBOOK_SABOTAGE_WIPE_SKIPPED
  std::memset(bytes.data(), 0, bytes.size());
#endif
  // The compiler must assume that somebody reads the zeros.
  __asm__ __volatile__("" : : "r"(bytes.data()) : "memory");
}

}  // namespace clientbook
