// Whether portfolios are in force, and who belongs to which store: one sealed row, its version in
// the book row, so that no older one comes back and none goes missing. Whose a customer is stands
// in the customer's own row.
#ifndef CLIENTBOOK_BOOK_PORTFOLIO_STORE_HPP
#define CLIENTBOOK_BOOK_PORTFOLIO_STORE_HPP

#include <clientbook/book/portfolio.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <vector>

#include "versioned_row.hpp"

namespace clientbook {

// Keeps the rules alone, read anew when the book row says that they are others.
// session_portfolios.cpp writes them whole. Whom an actor reaches is decided by the rules of now
// and the customer's row of now: who has left a store reaches nobody there, whenever they were
// named an associate.
class portfolio_store {
 public:
  explicit portfolio_store(book_core& core) noexcept
      : row_(core, {.table = storage::table::portfolios,
                    .version = &book_row::portfolios,
                    .key = "clientbook portfolios",
                    .gone = "the row of portfolios is gone: restore a copy"}) {}

  /// Valid until the next call. Errors of all: those of the store, row_missing, newer_format,
  /// invalid_encoding.
  result<const portfolio_rules*> rules();
  result<bool> in_force();
  /// Empty: none. Valid until the next call.
  result<std::span<const store_id>> stores_of(actor_id who);
  /// Whether an actor reaches this customer: `everybody` always, `own` and `store` by the stores
  /// to which the actor belongs now.
  result<bool> reaches(actor_id who, const portfolio& whose, portfolio_reach how);

  /// Writes them; what a ledger entry commits to. Precondition: inside a change.
  result<crypto::digest> write(portfolio_rules next);
  void forget() noexcept { row_.forget(); }

 private:
  result<void> follow();

  versioned_row row_;
  portfolio_rules rules_;
};

/// Whether somebody is an associate of such a customer.
bool is_associate(const portfolio& whose, actor_id who) noexcept;

}  // namespace clientbook

#endif
