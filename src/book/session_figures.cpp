// What a book says of itself in numbers.
#include "gaps.hpp"
#include "session_state.hpp"

namespace clientbook {

result<book_figures> session::figures() try {
  session_state& s = *state_;
  if (auto seen = s.core->look(); !seen) return seen.error();
  if (auto held = s.check_credential(); !held) return held.error();
  const auto store = s.core->store_figures();
  if (!store) return store.error();
  auto gaps = gaps_of(*s.core);
  if (!gaps) return gaps.error();
  const book_row& row = s.core->row();
  return book_figures{.customers = row.customers,
                      .erased = row.erased,
                      .lost = row.lost,
                      .restored_at = {row.restored_at},
                      .restored_as_of = {row.restored_as_of},
                      .gaps = std::move(*gaps),
                      .purchase_lines = row.purchase_lines,
                      .ledger_entries = row.ledger_size,
                      .ledger_pruned = row.ledger_pruned,
                      .consent_states = row.states,
                      .consents_outdated = s.consent.outdated(),
                      .epoch = s.core->header().epoch,
                      .bytes_used = store->bytes_used,
                      .list_answered_at = timestamp{row.list_answered_at},
                      .suite = s.core->header().suite,
                      .id = s.core->header().id};
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
