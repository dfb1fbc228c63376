// libsodium's view of our bytes.
#ifndef CLIENTBOOK_CRYPTO_SODIUM_BYTES_HPP
#define CLIENTBOOK_CRYPTO_SODIUM_BYTES_HPP

#include <cstddef>

namespace clientbook::crypto {

inline unsigned char* u8(std::byte* bytes) noexcept {
  return reinterpret_cast<unsigned char*>(bytes);
}
inline const unsigned char* u8(const std::byte* bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes);
}

}  // namespace clientbook::crypto

#endif
