// The index at rest: session::build_index(), drop_index(), index().
//
// What customers are found by (names, e-mails, phones, external ids) lies folded and sealed in the
// book, 16 customers together, under keys that go with the customer, so that the first question
// after opening reads it instead of every record. It changes no answer and no record, and no
// purpose learns more from it: what of it somebody may search by is decided as of records.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_INDEX_HPP
#define CLIENTBOOK_BOOK_INDEX_HPP

#include <cstdint>
#include <string_view>

namespace clientbook {

/// Stored: append, never renumber.
enum class index_at_rest : std::uint8_t {
  none = 0,    ///< Nothing at rest.
  sealed = 1,  ///< Buckets of folded texts, sealed.
};
/// `none`, `sealed`.
[[nodiscard]] std::string_view name_of(index_at_rest kind) noexcept;

/// What a call of build_index() did.
struct index_progress {
  std::uint64_t sealed = 0;  ///< Customers whose text was sealed anew.
  std::uint64_t left = 0;    ///< Customer numbers to go; 0: done.
};

/// What lies at rest.
struct index_state {
  index_at_rest kind = index_at_rest::none;
  std::uint64_t customers = 0;  ///< Live ones of the book.
  std::uint64_t current = 0;    ///< Of these, whom the index has as their records are now.
  std::uint64_t buckets = 0;    ///< Rows of the store,
  std::uint64_t bytes = 0;      ///< and bytes of them, without the store's own.
};

}  // namespace clientbook

#endif
