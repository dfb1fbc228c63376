// What needs an operating system: its randomness and its memory.
#include <sodium.h>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/internal/crypto/locked_memory.hpp>

namespace clientbook {

result<void> crypto::system_random::fill(byte_span out) noexcept {
  randombytes_buf(out.data(), out.size());  // Ends the program rather than fail.
  return {};
}

locked_memory::~locked_memory() { sodium_free(bytes_.data()); }

locked_memory& locked_memory::operator=(locked_memory&& other) noexcept {
  if (this != &other) {
    sodium_free(bytes_.data());
    bytes_ = std::exchange(other.bytes_, {});
  }
  return *this;
}

result<locked_memory> locked_memory::allocate(std::size_t size) noexcept {
  // sodium_malloc puts the end at a page's end, so a multiple of 64 begins at one.
  const std::size_t rounded = (size + 63) / 64 * 64;
  void* got = rounded < size ? nullptr : sodium_malloc(rounded);
  if (got == nullptr) {
    return error{errc::limit_exceeded, "the system gives no memory for keys: ask for less"};
  }
  const byte_span bytes(static_cast<std::byte*>(got), rounded);
  wipe(bytes);
  return locked_memory(bytes);
}

}  // namespace clientbook
