// Sealed rows numbered from 1 that are open or have ended: cases, requests. Row 0 says how many
// there ever were, and of the open ones in which version; what has ended stays as it was then.
#ifndef CLIENTBOOK_BOOK_NUMBERED_ROWS_HPP
#define CLIENTBOOK_BOOK_NUMBERED_ROWS_HPP

#include <cstdint>
#include <span>
#include <vector>

#include "versioned_row.hpp"

namespace clientbook {

// What case_store and request_store are built on; they alone write. A number is given once. The
// list of what is open moves on with every add, put and end of an open row, so that an older row
// of it does not open; what has ended is bound by its seal and its number alone.
class numbered_rows {
 public:
  struct listed {
    std::uint32_t number = 0;
    std::uint32_t version = 0;
  };

  /// `gone` is said of a row that is not there.
  numbered_rows(book_core& core, const row_kind& index, literal gone) noexcept
      : core_(core), index_(core, index), gone_(gone) {}

  /// Reads which are open, where that is not what was read before; whether it did. Before all that
  /// follows. Errors: those of the store, row_missing, invalid_encoding.
  result<bool> follow();
  std::uint32_t given() const noexcept { return given_; }
  std::span<const listed> open() const noexcept { return open_; }
  bool is_open(std::uint32_t number) const noexcept;

  /// Valid until the next call. Errors: not_found (no such number), row_missing, those of the
  /// store.
  result<byte_view> read(std::uint32_t number);
  /// A new one, of this number, given() + 1. Precondition of what writes: inside a change.
  result<void> add(std::uint32_t number, byte_view bytes);
  /// Errors: those of the store. An ended one is written as it is.
  result<void> put(std::uint32_t number, byte_view bytes);
  /// Ends one that is open.
  result<void> end(std::uint32_t number, byte_view bytes);
  /// What was read is not what holds any more.
  void forget() noexcept { index_.forget(); }

 private:
  result<void> take(byte_view index);
  result<void> write_index();
  book_core::place place_of(std::uint32_t number, std::uint32_t version) const noexcept;

  book_core& core_;
  versioned_row index_;
  literal gone_;
  std::uint32_t given_ = 0;
  std::vector<listed> open_;
  private_bytes plain_;
};

}  // namespace clientbook

#endif
