// How many customers went to whom within an hour: one sealed row, its version in the book row, so
// that sessions and processes count together and nobody begins anew.
#ifndef CLIENTBOOK_BOOK_OUTFLOW_STORE_HPP
#define CLIENTBOOK_BOOK_OUTFLOW_STORE_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>

#include <vector>

#include "versioned_row.hpp"

namespace clientbook {

// Keeps, by recipient, of a few hours how many customers went there. session_alarms.cpp adds to
// it inside the change that passes them on, so that what was handed out is counted and what was
// rolled back is not. Where there are too many hours of a recipient the one farthest from now
// goes.
class outflow_store {
 public:
  explicit outflow_store(book_core& core) noexcept
      : row_(core, {.table = storage::table::outflow,
                    .version = &book_row::outflow,
                    .key = "clientbook outflow",
                    .gone = "the row of what was passed on is gone: restore a copy"}) {}

  /// Counts so many customers more, and tells how many they are in that hour by now. Each hour that
  /// a clock shows has its own count: a clock that is set back begins none anew, and one that is
  /// ahead for a moment takes none away. Precondition: inside a change. Errors: those of the store,
  /// row_missing, newer_format, invalid_encoding.
  result<std::uint64_t> add(recipient_id to, timestamp now, std::uint64_t customers);
  result<void> verify() {
    forget();
    return follow();
  }
  void forget() noexcept { row_.forget(); }

 private:
  struct passed {
    recipient_id to{};
    std::int64_t hour = 0;  ///< Since 1970.
    std::uint64_t customers = 0;
  };

  result<void> follow();
  result<void> read(byte_view bytes);
  result<void> write();
  void make_room(recipient_id to, std::int64_t hour);

  versioned_row row_;
  std::vector<passed> passed_;
};

}  // namespace clientbook

#endif
