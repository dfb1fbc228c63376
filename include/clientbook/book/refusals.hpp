// What is remembered of people who are no customers: that they were erased, or said no.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_REFUSALS_HPP
#define CLIENTBOOK_BOOK_REFUSALS_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/model/schema.hpp>

#include <cstdint>

namespace clientbook {

/// Why somebody is remembered who is no customer.
enum class refusal_kind : std::uint8_t {
  erased = 1,        ///< They were a customer, and were erased.
  unsubscribed = 2,  ///< Another system's file said so before the book knew them.
  no_marketing = 4,  ///< It said more than a no to e-mail: held as one to all marketing.
};

struct remembered_refusal {
  refusal_kind kind = refusal_kind::erased;
  field_id by{};  ///< What is the same: external_ids, emails or phones.
  date on{};
  date until{};  ///< The last day.
};

/// Refusals of one calendar month, under a key of their own.
struct refusal_period {
  std::uint32_t number = 0;
  date since{};
  date until{};  ///< The last day of any of them.
  std::uint64_t refusals = 0;
};

}  // namespace clientbook

#endif
