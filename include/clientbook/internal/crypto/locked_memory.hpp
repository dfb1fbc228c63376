// Locked memory: where keys lie in hosted builds. Not part of the firmware core.
//
// Pages between guards, kept out of swap as far as the system's limits allow and out of
// core dumps, wiped when given back.
//
// Thread safety: a value; moving it is not synchronised.
#ifndef CLIENTBOOK_INTERNAL_CRYPTO_LOCKED_MEMORY_HPP
#define CLIENTBOOK_INTERNAL_CRYPTO_LOCKED_MEMORY_HPP

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>

#include <cstddef>
#include <utility>

namespace clientbook {

class locked_memory {
 public:
  locked_memory() noexcept = default;
  ~locked_memory();
  locked_memory(locked_memory&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  locked_memory& operator=(locked_memory&& other) noexcept;

  /// At least `size` bytes, zero, aligned to 64. Precondition: crypto::init().
  /// Errors: limit_exceeded if the system gives no memory.
  static result<locked_memory> allocate(std::size_t size) noexcept;

  [[nodiscard]] byte_span bytes() const noexcept { return bytes_; }

 private:
  explicit locked_memory(byte_span bytes) noexcept : bytes_(bytes) {}
  byte_span bytes_;
};

}  // namespace clientbook

#endif
