// Memory for what is searched: pages that no core dump and no child of fork() gets, wiped when they
// are given back. Too much to be locked, so they may be swapped (docs/threat_model.md).
//
// Thread safety: values; moving one is not synchronised.
#ifndef CLIENTBOOK_BOOK_PRIVATE_PAGES_HPP
#define CLIENTBOOK_BOOK_PRIVATE_PAGES_HPP

#include <clientbook/base/bytes.hpp>

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace clientbook {

// One mapping. Made only if the kernel promises both (no dump, nothing in a child); wiped before
// it is unmapped, whoever has moved it where.
class private_pages {
 public:
  private_pages() noexcept = default;
  /// Zeros. Throws std::bad_alloc.
  explicit private_pages(std::size_t size);
  ~private_pages();
  private_pages(private_pages&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  private_pages& operator=(private_pages&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }

  byte_span bytes() const noexcept { return bytes_; }

 private:
  byte_span bytes_;
};

/// Texts that end with a sign of their own, kept by their place; a place is never 0.
class private_texts {
 public:
  /// Throws std::bad_alloc, also beyond 4 GiB.
  std::uint32_t keep(std::string_view text);
  /// From the place to the end of its pages.
  std::string_view from(std::uint32_t place) const noexcept;
  /// Overwrites it; its room is not used again.
  void drop(std::uint32_t place, std::size_t size) noexcept;
  std::size_t dropped() const noexcept { return dropped_; }
  std::size_t kept() const noexcept { return kept_; }

 private:
  static constexpr unsigned place_bits = 20;
  static constexpr std::size_t pages_size = std::size_t{1} << place_bits;

  std::vector<private_pages> pages_;
  std::size_t used_ = pages_size;
  std::size_t kept_ = 0;
  std::size_t dropped_ = 0;
};

}  // namespace clientbook

#endif
