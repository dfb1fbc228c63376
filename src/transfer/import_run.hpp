// One import while it runs: the book, the map, what was asked for, and what was counted; the row
// that is being taken; and what is told of it to whoever listens.
//
// Its parts are files of their own: row_fields (what a row says of a customer), row_customer (whom
// it means), row_directives (what it says of consent), row_noes (for whom its noes close what),
// row_items (purchases and notes), household_links, remembered_people (who was erased or said no
// before they came), new_duplicates; customer_importer.cpp takes row after row through them.
//
// Thread safety: belongs to one import.
#ifndef CLIENTBOOK_TRANSFER_IMPORT_RUN_HPP
#define CLIENTBOOK_TRANSFER_IMPORT_RUN_HPP

#include <clientbook/book/customer.hpp>
#include <clientbook/book/session.hpp>
#include <clientbook/exchange/column_map.hpp>
#include <clientbook/transfer/import_customers.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "customer_source.hpp"
#include "people_index.hpp"

namespace clientbook {

inline constexpr field_set ways_to_reach{field::emails, field::phones};

/// What becomes of one row. Views live while the source gives it.
struct import_row {
  customer record;                    ///< What the book is to keep of the customer.
  std::vector<import_consent> said;   ///< What counts of what it says of consents,
  std::vector<directive> directives;  ///< that as directives, older first,
  std::string decisions;              ///< and all of it as one text, by which it is known again.
  std::optional<customer_id> whose;   ///< Whom it belongs to, once that is known.
  const note* writing = nullptr;      ///< Which is being kept.
  bool begun = false;                 ///< Something of the customer is written.
  bool erased = false;                ///< They are somebody whose erasure the book remembers.
  bool by_id = false;                 ///< They were found by their id.

  void clear();
  /// Addresses and numbers, as far as they are among `wanted`.
  std::vector<std::string_view> ways(field_set wanted) const;
};

struct import_run {
  session& into;
  const column_map& map;
  const customer_import_options& options;
  const customer_import_listener& listener;
  const customer_source& from;
  timestamp now{};
  std::vector<purpose_id> reading{};  ///< Under which the book is asked what it has.
  people_index people{};
  customer_import_counts counts{};
  import_row row{};
  import_step step = import_step::customer;
  import_place failed_at{};  ///< The row that was taken when something of the book failed.

  bool lenient() const { return options.on_missing_basis == missing_basis::leave_out; }
  /// Everybody of the book, once, when the first row needs them.
  result<void> read_people() {
    if (people.is_read()) return {};
    auto read = people.read(into, reading, map.system());
    if (read) people.expect(from.customers);
    return read;
  }
  /// How an e-mail address or a phone number is known to directives.
  result<contact_point> contact_named(std::string_view text) const;

  /// What was wrong with a row, or with all.
  void tell(import_step what_was_done, const error& what, import_place at, bool skipped) const;
  /// What may not be what somebody meant.
  void remark(const error& what, std::uint64_t line) const;
  void count_left_out(field_id field, decision_code why);
  /// What a row did to a customer whom the book had.
  void count(std::uint64_t line, const merged& told);
};

}  // namespace clientbook

#endif
