// Whoever hands customers to the importer: a set that a column map read, or lines of JSON.
#ifndef CLIENTBOOK_TRANSFER_CUSTOMER_SOURCE_HPP
#define CLIENTBOOK_TRANSFER_CUSTOMER_SOURCE_HPP

#include <clientbook/base/callback_ref.hpp>
#include <clientbook/exchange/column_map.hpp>
#include <clientbook/model/record.hpp>
#include <clientbook/transfer/import_customers.hpp>

#include <cstddef>
#include <span>

namespace clientbook {

/// One customer, and of a source that has whole records all fields as the model encodes them. The
/// values of the customer then say who it is, and are among these.
using customer_taker =
    callback_ref<result<void>(const import_customer&, std::span<const field_value>)>;

struct customer_source {
  std::size_t customers = 0;
  callback_ref<result<void>(customer_taker)> for_each{};
  callback_ref<import_place(const note&)> place_of{};
};

/// A trial tells every fault, and so it goes on behind each.
inline customer_import_options as_trial(customer_import_options options) {
  if (options.dry_run) options.on_bad_row = bad_row::skip;
  return options;
}

/// Brings them into the book. Errors: as import_customers().
result<customer_import_counts> import_source_customers(session& into, const column_map& map,
                                                       const customer_source& from,
                                                       const customer_import_options& options,
                                                       const customer_import_listener& listener);

}  // namespace clientbook

#endif
