// What a book counts of itself, and what a check of it or of a copy found.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_FIGURES_HPP
#define CLIENTBOOK_BOOK_FIGURES_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/result.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/crypto/crypto.hpp>
#include <clientbook/vault/backend.hpp>

#include <cstdint>
#include <vector>

namespace clientbook {

struct verification {
  std::uint64_t customers = 0;
  std::uint64_t items = 0;
  std::uint64_t directives = 0;
  std::uint64_t ledger_entries = 0;
  std::uint64_t problems = 0;
  errc first = errc::none;        ///< What the first problem was,
  customer_id first_customer{};   ///< and whose, all zero if nobody's.
  std::uint32_t first_state = 0;  ///< The first compiled consent state that does not open; 0: none.
};

/// A time of which the book does not know what was done: nobody may take an empty list of it for
/// nothing.
struct book_gap {
  timestamp since{};  ///< When the backup was; of an older copy that was accepted, the
                      ///< day of its last entry.
  timestamp until{};  ///< When it was restored, or accepted.
};

struct book_figures {
  std::uint64_t customers = 0;
  std::uint64_t erased = 0;
  std::uint64_t lost = 0;   ///< Whom restores could not bring back: nobody has erased them.
  timestamp restored_at{};  ///< The last time; 0: never.
  timestamp
      restored_as_of{};  ///< Of when the backup was: of what was done in between nothing is there.
  std::vector<book_gap> gaps{};  ///< All of them, also older ones; oldest first.
  std::uint64_t purchase_lines = 0;
  std::uint64_t ledger_entries = 0;
  std::uint64_t ledger_pruned = 0;   ///< So many of them, the oldest, are not there any more.
  std::uint64_t consent_states = 0;  ///< Different ones.
  /// Customers whose state compile_consents() has not come to yet.
  std::uint64_t consents_outdated = 0;
  std::uint64_t epoch = 0;
  std::uint64_t bytes_used = 0;
  timestamp list_answered_at{};  ///< When a list of hashes was answered last; 0: never.
  crypto::suite suite{};
  book_id id{};
};

struct carving {
  std::uint64_t records = 0;  ///< In the other store.
  std::uint64_t opened = 0;   ///< With a key that exists today.
  std::vector<customer_id> unopened{};
  std::uint64_t index_buckets = 0;  ///< Of the index at rest (index.hpp), in the other store.
  std::uint64_t index_opened = 0;
  bool tree_opens = false;  ///< Whether its key tree opens with today's root key.
};

}  // namespace clientbook

#endif
