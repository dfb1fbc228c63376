// What has outlived its purposes, and what goes at its end. docs/retention.md is the how-to.
//
// Thread safety: every type here is a value.
#ifndef CLIENTBOOK_BOOK_RETENTION_HPP
#define CLIENTBOOK_BOOK_RETENTION_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>

#include <cstddef>

namespace clientbook {

/// So many customers go in one transaction at most, so that it ends.
inline constexpr std::size_t max_erased_at_once = 1000;

/// Fields of a customer of which no purpose that they are kept for permits anything any more.
struct retention_due {
  customer_id customer{};
  field_set fields{};
};

}  // namespace clientbook

#endif
