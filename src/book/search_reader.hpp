// What one purpose may search customers by, now: the one place that decides it, for the scan and
// for what lies in memory.
#ifndef CLIENTBOOK_BOOK_SEARCH_READER_HPP
#define CLIENTBOOK_BOOK_SEARCH_READER_HPP

#include <clientbook/consent/evaluate.hpp>

#include <optional>

#include "damage.hpp"
#include "search_text.hpp"
#include "session_state.hpp"

namespace clientbook {

// Keeps nothing. Asks the cases and the portfolio, then what the purpose may query and what it
// may read; who falls out at one of them has the same empty text as who was erased.
class search_reader {
 public:
  /// `whom`: where it is `named`, nobody else than an open case names. `how`: find or search, and
  /// then nobody who is not of the actor's portfolio; none: everybody, for what sessions share.
  search_reader(session_state& s, purpose_id purpose, reach whom,
                std::optional<action> how = std::nullopt);

  timestamp now() const noexcept { return query_.now; }
  /// The customer's findable text, at least its end; `until`: the decision holds until then.
  /// Somebody who was erased has an empty one. Errors: those of the store and of damage.
  result<void> read(customer_no number, search::text& out, timestamp& until);
  /// Of these fields those that the purpose may query as they are, opened; nothing of who was
  /// erased, or is not the actor's. Views live until the session opens the next record. Errors: as
  /// read().
  result<std::span<const opened_field>> open(customer_no number, field_set wanted,
                                             std::span<opened_field> room, timestamp& until,
                                             field_set* parts = nullptr);
  /// Whether the actor may find this customer so: by the portfolio, and read them then.
  result<bool> may_find(customer_no number);

 private:
  session_state& s_;
  decision_request query_;
  decision_request use_;
  reach whom_;
  std::optional<action> how_;
};

}  // namespace clientbook

#endif
