// A page of random bytes that a child of fork() does not inherit.
#include <clientbook/internal/vault/random_pool.hpp>

#include <clientbook/base/secret.hpp>

#include <sys/mman.h>

namespace clientbook {

random_pool::random_pool(random_source& source) noexcept : source_(source) {
  void* page =
      ::mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return;
  // Without wipe-on-fork a child would hand out its parent's salts again.
  if (::madvise(page, page_size, MADV_WIPEONFORK) != 0) {
    ::munmap(page, page_size);
    return;
  }
  ::madvise(page, page_size, MADV_DONTDUMP);
  page_ = static_cast<std::byte*>(page);
}

random_pool::~random_pool() {
  if (page_ == nullptr) return;
  wipe({page_, page_size});
  ::munmap(page_, page_size);
}

result<void> random_pool::fill(byte_span out) noexcept {
  if (page_ == nullptr || out.size() > page_size / 8) return source_.fill(out);
  if (page_[0] == std::byte{0} || page_size - used_ < out.size()) {
    if (auto filled = source_.fill({page_ + 1, page_size - 1}); !filled) {
      page_[0] = std::byte{0};
      return filled;
    }
    page_[0] = std::byte{1};
    used_ = 1;
  }
  const byte_span taken(page_ + used_, out.size());
  copy_bytes(out, taken);
  wipe(taken);
  used_ += out.size();
  return {};
}

}  // namespace clientbook
