// Secrets: key material that can be moved, not copied, and wipes itself.
//
// The bytes are reached only inside a call, so a search for `with_bytes` finds every place
// that touches plain key material. There is no ==, no <<, no conversion.
//
// Thread safety: a value; concurrent const use is safe.
#ifndef CLIENTBOOK_BASE_SECRET_HPP
#define CLIENTBOOK_BASE_SECRET_HPP

#include <clientbook/base/bytes.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace clientbook {

/// Overwrites with zeros in a way that the compiler may not drop.
void wipe(byte_span bytes) noexcept;

template <std::size_t Size>
class secret {
 public:
  static constexpr std::size_t size = Size;

  secret() noexcept = default;  ///< All zero until filled.
  ~secret() { wipe(bytes_); }
  secret(secret&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_); }
  secret& operator=(secret&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      wipe(other.bytes_);
    }
    return *this;
  }
  secret(const secret&) = delete;
  secret& operator=(const secret&) = delete;

  /// Calls `use` with a read-only view that must not outlive the call.
  template <class Use>
  decltype(auto) with_bytes(Use&& use) const {
    return std::forward<Use>(use)(std::span<const std::byte, Size>(bytes_));
  }
  /// Calls `fill` with a writable view that must not outlive the call.
  template <class Fill>
  decltype(auto) fill_bytes(Fill&& fill) {
    return std::forward<Fill>(fill)(std::span<std::byte, Size>(bytes_));
  }
  /// A second copy, made on purpose.
  secret duplicate() const noexcept {
    secret copy;
    copy.bytes_ = bytes_;
    return copy;
  }
  void clear() noexcept { wipe(bytes_); }

 private:
  std::array<std::byte, Size> bytes_{};
};

}  // namespace clientbook

#endif
