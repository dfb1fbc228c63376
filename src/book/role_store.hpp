// The table of roles that a book follows, and the one that somebody proposes: one sealed row, its
// version in the book row, so that no former one comes back.
#ifndef CLIENTBOOK_BOOK_ROLE_STORE_HPP
#define CLIENTBOOK_BOOK_ROLE_STORE_HPP

#include <clientbook/book/role_table.hpp>
#include <clientbook/crypto/crypto.hpp>

#include <optional>

#include "versioned_row.hpp"

namespace clientbook {

// Keeps the table in force and the one that waits. session_roles.cpp proposes and approves.
// Nothing is in force but what somebody else than its proposer approved (an owner alone: a day
// later), and a row that cannot be read permits nobody anything until it can.
class role_store {
 public:
  explicit role_store(book_core& core) noexcept
      : row_(core, {.table = storage::table::roles,
                    .version = &book_row::roles,
                    .key = "clientbook roles",
                    .gone = "the row of roles is gone: restore a copy"}) {}

  /// Takes notice of what the core sees now. Errors: those of the store, row_missing, newer_format,
  /// invalid_encoding; then nobody may do anything.
  result<void> follow();
  /// What followed last; before the first time the library's own.
  const role_table& table() const noexcept { return table_; }
  /// Another number whenever that is another table.
  std::uint32_t generation() const noexcept { return generation_; }
  std::uint32_t given() const noexcept { return given_; }  ///< Proposals that there ever were.
  const std::optional<role_proposal>& proposal() const noexcept { return proposal_; }

  /// Keeps a proposal, in place of the one before. Precondition of both: inside a change, follow().
  /// Errors: as check_role_table(), already_exists (the book follows it).
  result<std::uint32_t> propose(const role_table& next, const actor& by, timestamp at);
  /// Puts it in force; returns the digest of its bytes. Errors: not_found (no such proposal),
  /// second_person_required, invalid_state (it is too old).
  result<crypto::digest> approve(std::uint32_t number, const actor& by, timestamp at);
  void forget() noexcept { row_.forget(); }

 private:
  result<role_table> read(byte_view bytes);
  void take(const role_table& next) noexcept;
  result<void> write();

  versioned_row row_;
  std::uint32_t generation_ = 0;
  std::uint32_t given_ = 0;  ///< Proposals that there ever were.
  bool own_ = false;         ///< The book's own table, not the library's.
  role_table table_ = role_table::built_in();
  std::optional<role_proposal> proposal_;
};

}  // namespace clientbook

#endif
