// Salts and nonces from a pool: one system call for some hundred of them.
#ifndef CLIENTBOOK_INTERNAL_VAULT_RANDOM_POOL_HPP
#define CLIENTBOOK_INTERNAL_VAULT_RANDOM_POOL_HPP

#include <clientbook/base/random.hpp>

#include <cstddef>

namespace clientbook {

/// Draws 4 KiB at a time from `source`, wipes what it hands out, and begins anew in a child
/// of fork(), whose page the kernel has zeroed. For one thread.
class random_pool final : public random_source {
 public:
  explicit random_pool(random_source& source) noexcept;
  ~random_pool();
  random_pool(const random_pool&) = delete;
  random_pool& operator=(const random_pool&) = delete;

  result<void> fill(byte_span out) noexcept override;

 private:
  static constexpr std::size_t page_size = 4096;
  // The page's first byte says whether the rest is random; fork() makes it zero.
  random_source& source_;
  std::byte* page_ = nullptr;  // nullptr: no memory, every draw goes to the source
  std::size_t used_ = page_size;
};

}  // namespace clientbook

#endif
