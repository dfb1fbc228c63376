// Whether portfolios are in force, and who belongs to which store: one sealed row, its version in
// the book row, so that no older one comes back and none goes missing. Whose a customer is stands
// in the customer's own row.
#ifndef CLIENTBOOK_BOOK_PORTFOLIO_STORE_HPP
#define CLIENTBOOK_BOOK_PORTFOLIO_STORE_HPP

#include <clientbook/book/portfolio.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <vector>

#include <clientbook/internal/vault/book_core.hpp>

namespace clientbook {

class portfolio_store {
 public:
  explicit portfolio_store(book_core& core) noexcept : core_(core) {}

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
  void forget() noexcept { read_ = unread; }

 private:
  static constexpr std::uint32_t unread = ~std::uint32_t{0};

  book_core::place place_of(std::uint32_t version) const noexcept;
  result<void> follow();

  book_core& core_;
  std::uint32_t read_ = unread;
  portfolio_rules rules_;
  private_bytes plain_;
};

/// Whether somebody is an associate of such a customer.
bool is_associate(const portfolio& whose, actor_id who) noexcept;

}  // namespace clientbook

#endif
