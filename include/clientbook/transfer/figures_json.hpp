// What a customer's receipts add up to (customer_figures.hpp), as JSON.
//
//   {"purchases": 2, "first_purchase": "2025-03-01", "last_purchase": "2026-05-04",
//    "last_visit": "2026-05-04", "returned_pieces": 1, "without_amount": 0,
//    "spend": [{"currency": "EUR", "spent": 17800, "returned": 4900}]}
//
// Amounts are in minor units of their currency; a day that there is not is absent.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_FIGURES_JSON_HPP
#define CLIENTBOOK_TRANSFER_FIGURES_JSON_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/book/customer_figures.hpp>
#include <clientbook/transfer/record_json.hpp>

namespace clientbook {

/// Errors: out_of_memory.
result<wiped_text> figures_to_json(const customer_figures& figures);

}  // namespace clientbook

#endif
