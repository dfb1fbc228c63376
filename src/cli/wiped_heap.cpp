// What the program gives back to the heap is wiped: names, notes and lines of output lie in strings
// of the standard library, of CLI11 and of Boost.JSON, which wipe nothing. A core dump of a shell
// that waits for the next command then holds nothing of the last one. Keys are elsewhere
// (locked_memory.hpp). The library itself replaces nothing: its heap is its host's.
#include <clientbook/base/secret.hpp>

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

void* taken(std::size_t size) {
  for (;;) {
    if (void* const got = std::malloc(size == 0 ? 1 : size)) return got;
    const std::new_handler more = std::get_new_handler();
    if (more == nullptr) throw std::bad_alloc();
    more();
  }
}

void* taken(std::size_t size, std::align_val_t align) {
  // Whoever asks for less than a pointer's alignment (as Boost.JSON does for text) gets that.
  const std::size_t wanted = std::max(static_cast<std::size_t>(align), sizeof(void*));
  void* got = nullptr;
  if (::posix_memalign(&got, wanted, size == 0 ? 1 : size) != 0) {
    throw std::bad_alloc();
  }
  return got;
}

// All that the block has, which may be more than was asked for.
void given_back(void* block) noexcept {
  if (block == nullptr) return;
  clientbook::wipe({static_cast<std::byte*>(block), ::malloc_usable_size(block)});
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) { return taken(size); }
void* operator new[](std::size_t size) { return taken(size); }
void* operator new(std::size_t size, std::align_val_t align) { return taken(size, align); }
void* operator new[](std::size_t size, std::align_val_t align) { return taken(size, align); }
void operator delete(void* block) noexcept { given_back(block); }
void operator delete[](void* block) noexcept { given_back(block); }
void operator delete(void* block, std::size_t) noexcept { given_back(block); }
void operator delete[](void* block, std::size_t) noexcept { given_back(block); }
void operator delete(void* block, std::align_val_t) noexcept { given_back(block); }
void operator delete[](void* block, std::align_val_t) noexcept { given_back(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { given_back(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { given_back(block); }
