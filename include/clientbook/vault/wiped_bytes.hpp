// Bytes on the heap that are overwritten whenever they are given back, also on growth.
//
// Thread safety: as std::vector.
#ifndef CLIENTBOOK_VAULT_WIPED_BYTES_HPP
#define CLIENTBOOK_VAULT_WIPED_BYTES_HPP

#include <clientbook/base/secret.hpp>

#include <memory>
#include <vector>

namespace clientbook {

template <class T>
struct wiping_allocator {
  using value_type = T;
  wiping_allocator() noexcept = default;
  template <class U>
  wiping_allocator(const wiping_allocator<U>&) noexcept {}  // NOLINT(*-explicit-*)

  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* memory, std::size_t count) noexcept {
    wipe({reinterpret_cast<std::byte*>(memory), count * sizeof(T)});
    std::allocator<T>().deallocate(memory, count);
  }
  friend bool operator==(const wiping_allocator&, const wiping_allocator&) noexcept = default;
};

using wiped_bytes = std::vector<std::byte, wiping_allocator<std::byte>>;

}  // namespace clientbook

#endif
