// room: base
// expect: cannot convert|could not convert|conversion from .* requested|no viable conversion
#include <clientbook/base/secret.hpp>

std::span<const std::byte, 32> bytes_of(const clientbook::secret<32>& key) {
#if BAD
  return key;
#else
  static const std::array<std::byte, 32> other{};
  key.with_bytes([](std::span<const std::byte, 32>) {});
  return other;
#endif
}
