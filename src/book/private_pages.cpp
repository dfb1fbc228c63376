// Anonymous mappings of their own, so that advice about them concerns nothing else.
#include "private_pages.hpp"

#include <clientbook/base/secret.hpp>

#include <cstring>
#include <new>

#include <sys/mman.h>

namespace clientbook {

private_pages::private_pages(std::size_t size) {
  if (size == 0) return;
  void* pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  // A child that cannot be kept away, or a dump that would hold it: then there is no index.
  if (::madvise(pages, size, MADV_DONTDUMP) != 0 || ::madvise(pages, size, MADV_WIPEONFORK) != 0) {
    ::munmap(pages, size);
    throw std::bad_alloc();
  }
  bytes_ = {static_cast<std::byte*>(pages), size};
}

private_pages::~private_pages() {
  if (bytes_.empty()) return;
  wipe(bytes_);
  ::munmap(bytes_.data(), bytes_.size());
}

std::uint32_t private_texts::keep(std::string_view text) {
  // The first byte of all is nobody's: a place is never 0.
  if (pages_.empty() || used_ + text.size() > pages_size) {
    if (pages_.size() == std::size_t{1} << (32 - place_bits)) throw std::bad_alloc();
    pages_.emplace_back(std::max(pages_size, text.size() + 1));
    used_ = 1;
  }
  std::memcpy(pages_.back().bytes().data() + used_, text.data(), text.size());
  const auto place = static_cast<std::uint32_t>((pages_.size() - 1) << place_bits | used_);
  used_ += text.size();
  kept_ += text.size();
  return place;
}

std::string_view private_texts::from(std::uint32_t place) const noexcept {
  const byte_span pages = pages_[place >> place_bits].bytes();
  const std::size_t at = place & (pages_size - 1);
  return as_text(byte_view(pages).subspan(at));
}

void private_texts::drop(std::uint32_t place, std::size_t size) noexcept {
  wipe(pages_[place >> place_bits].bytes().subspan(place & (pages_size - 1), size));
  kept_ -= size;
  dropped_ += size;
}

}  // namespace clientbook
