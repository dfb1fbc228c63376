// What a row says of a customer, as the record that the book is to keep.
#ifndef CLIENTBOOK_TRANSFER_ROW_FIELDS_HPP
#define CLIENTBOOK_TRANSFER_ROW_FIELDS_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/customer.hpp>
#include <clientbook/exchange/column_map.hpp>

#include <span>
#include <string_view>

namespace clientbook {

result<void> set_lists(customer& record, const import_customer& one,
                       std::span<const external_id> ids);

/// All that is not consents, purchases or notes.
result<void> set_fields(customer& record, const import_customer& one,
                        std::span<const external_id> ids);

/// Somebody of whom nothing is known but an address or a number.
result<void> set_contact(customer& who, std::string_view text);

/// A purchase of a day that is still to come is invalid_value: a day that was read wrongly.
result<void> check_days(const import_customer& one, timestamp now);

}  // namespace clientbook

#endif
