// Parts of customers, for whoever reads the store: whose part somebody is, who is a part of whom.
//
// A part keeps number, key, ledger and traces; the manifest says that it is one, its row whose.
// docs/duplicates.md, docs/format/book.md.
#ifndef CLIENTBOOK_BOOK_PARTS_HPP
#define CLIENTBOOK_BOOK_PARTS_HPP

#include <clientbook/consent/directive.hpp>

#include <optional>
#include <span>
#include <vector>

#include <clientbook/internal/vault/book_core.hpp>
#include "customer_row.hpp"

namespace clientbook {

/// A customer's row; an empty one if there is none. Errors: row_missing, as decode_customer_row().
result<customer_row> read_customer_row(book_core& core, customer_no number, const manifest& entry);

/// Whose part they are, or they themselves. Precondition: core.look(), or inside a change. Errors:
/// of a part's row that does not open.
result<customer_no> whole_of(book_core& core, customer_no number);

/// Who is a part of the customer; nothing is read of those who have none.
result<std::vector<merged_part>> parts_in(book_core& core, customer_no number,
                                          const manifest& entry);

/// One of the histories that decide about a customer, all of which have to permit.
struct told_history {
  std::vector<directive> said{};
  std::optional<date> born{};
};

// Of a customer with parts the own one, what was said of the one who stayed, comes first; then each
// part's: what they had said, and what was said of the customer since. What one part had said is in
// no other's, so that neither a yes nor an end of a no of one opens anything for another.
std::vector<told_history> histories_of(std::span<const directive> chain,
                                       const std::optional<date>& born,
                                       std::span<const merged_part> parts);

/// Whose customer two are who become one: whoever served one of them serves both. `added`: who did
/// not serve the one who stays. Errors: limit_exceeded.
result<portfolio> joined_portfolio(const portfolio& stays, const portfolio& goes,
                                   std::uint32_t& added);

/// A manifest that outlives the next call on the tree.
manifest copy_of(const manifest& from);

/// As manifest::born.
std::optional<date> date_of_birth_fact(std::uint32_t born) noexcept;

}  // namespace clientbook

#endif
