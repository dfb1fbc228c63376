// What a customer's receipts add up to: computed from what a reader is shown, stored nowhere.
//
// Whoever may not see the purchases as they are has nothing to compute from: the figures stand on
// the same consent, and end with it.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_BOOK_CUSTOMER_FIGURES_HPP
#define CLIENTBOOK_BOOK_CUSTOMER_FIGURES_HPP

#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/view.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clientbook {

/// In minor units of a currency.
struct currency_figures {
  std::string currency{};
  /// Totals of receipts; of one without a total its lines that have a price, returns taken off.
  std::int64_t spent = 0;
  std::int64_t returned = 0;  ///< Prices of lines that came back: 0 or more.
};

struct customer_figures {
  std::uint64_t purchases = 0;  ///< Receipts.
  std::optional<date> first_purchase{};
  std::optional<date> last_purchase{};
  std::optional<date> last_visit{};       ///< Of receipts whose channel is `store`, or not known.
  std::uint64_t returned_pieces = 0;      ///< Of lines with a negative quantity.
  std::uint64_t without_amount = 0;       ///< Receipts that have neither total nor price.
  std::vector<currency_figures> spend{};  ///< By currency, ascending by its code.
};

/// `purchases`: all that session::purchases() shows. Errors: denied (they are withheld or
/// redacted), limit_exceeded (amounts beyond what can be added up), as decode_purchase().
result<customer_figures> figures_of(const item_list& purchases);

}  // namespace clientbook

#endif
