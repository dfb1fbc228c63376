// Reads a book's pages by pread, never through the map, and tells whether LMDB may be let
// loose on them: LMDB itself trusts every page, and dies of some that are damaged.
#ifndef CLIENTBOOK_ADAPTERS_LMDB_PAGE_CHECK_HPP
#define CLIENTBOOK_ADAPTERS_LMDB_PAGE_CHECK_HPP

#include "posix_file.hpp"

#include <clientbook/base/bytes.hpp>
#include <clientbook/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace clientbook::lmdb {

/// As it lies in the file: a tree of pages.
struct stored_tree {
  std::uint32_t pad;  ///< In the free list's tree: the page size.
  std::uint16_t flags;
  std::uint16_t depth;
  std::size_t branch_pages;
  std::size_t leaf_pages;
  std::size_t overflow_pages;
  std::size_t entries;
  std::size_t root;
};

/// As it lies in the first and the second page of the file, after their headers.
struct stored_meta {
  std::uint32_t magic;
  std::uint32_t version;
  void* address;
  std::size_t map_size;
  std::array<stored_tree, 2> trees;  ///< The free list, the rows.
  std::size_t last_page;
  std::size_t transaction;
};

struct book_pages {
  std::size_t page_size = 0;
  std::array<stored_meta, 2> metas{};
  std::uint64_t file_size = 0;
  /// The place of a header page that cannot be used as it lies there: a write of it failed or was
  /// cut short. What it is to say instead is among the two above.
  std::optional<std::size_t> broken{};

  const stored_meta& newest() const noexcept {
    return metas[metas[0].transaction < metas[1].transaction ? 1 : 0];
  }
};

/// The two header pages, of which LMDB writes one a commit, in turn: one that can be used is
/// enough. Errors: not_a_book, damaged, newer_format, unsupported, io_error.
result<book_pages> read_metas(const file& data) noexcept;

/// Writes the broken header page anew. Durable on return. Errors: disk_full, io_error.
result<void> write_header(const file& data, const book_pages& pages) noexcept;

enum class depth_of_check : std::uint8_t {
  header_row,  ///< The way from the root to the row that says what book this is.
  every_page,
};

/// Checks the state that `meta` names, which a read transaction must hold still, and that
/// its header row says a format that this library reads.
/// Errors: not_a_book, newer_format, damaged (at: the page's number), io_error.
result<void> check_pages(const file& data, const book_pages& pages, const stored_meta& meta,
                         depth_of_check depth) noexcept;

/// The row that makes an LMDB file a book: longer than any key of a caller, which cannot
/// collide with it, and before all that begin with another byte than 0.
inline constexpr std::size_t longest_key = 64;
byte_view header_key() noexcept;
byte_view header_value() noexcept;

}  // namespace clientbook::lmdb

#endif
