// What a law has the shop keep of somebody who was erased: a record of its own, with an id, a key
// and an end of its own, which no search, list, walk or export knows. docs/retention.md.
//
// That is what was kept for a purpose that is a legal obligation under a law of the book
// (session::kept_by_law()); of who has bought something also what their laws name for
// tax_record_keeping, under gdpr name, address and purchases; and what they had said.
//
// Thread safety: every type here is a value.
#ifndef CLIENTBOOK_BOOK_RETAINED_HPP
#define CLIENTBOOK_BOOK_RETAINED_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/customer.hpp>
#include <clientbook/book/view.hpp>
#include <clientbook/consent/directive.hpp>

#include <cstdint>
#include <vector>

namespace clientbook {

/// For how many years a law may have the shop keep something.
inline constexpr std::uint8_t most_law_kept_years = 30;

/// A retained record without its values.
struct retained_record {
  customer_id id{};  ///< Its own: no customer's.
  /// tax_record_keeping, ...: what it was kept for as a legal obligation; consent_record_keeping:
  /// the proof of what the customer had said.
  purpose_id purpose{};
  date since{};  ///< Of the erasure.
  date until{};  ///< The last day; the next retention run destroys its key.
  field_set fields{};
  std::uint32_t purchases = 0;
  std::uint32_t directives = 0;
  friend bool operator==(const retained_record&, const retained_record&) = default;
};

/// The same with its values.
struct retained_content {
  retained_record about{};
  customer record{};
  item_list purchases{};
  std::vector<directive> directives{};
  std::uint64_t ledger_index = 0;  ///< Of the entry that it was read.
};

}  // namespace clientbook

#endif
