// What one purpose may search customers by, now: the one place that decides it, for the scan and
// for what lies in memory.
#ifndef CLIENTBOOK_BOOK_SEARCH_READER_HPP
#define CLIENTBOOK_BOOK_SEARCH_READER_HPP

#include <clientbook/consent/evaluate.hpp>

#include "damage.hpp"
#include "search_text.hpp"
#include "session_state.hpp"

namespace clientbook {

class search_reader {
 public:
  /// `whom`: where it is `named`, nobody else than an open case names.
  search_reader(session_state& s, purpose_id purpose, reach whom);

  timestamp now() const noexcept { return query_.now; }
  /// The customer's findable text, at least its end; `until`: the decision holds until then.
  /// Somebody who was erased has an empty one. Errors: those of the store and of damage.
  result<void> read(customer_no number, search::text& out, timestamp& until);

 private:
  session_state& s_;
  decision_request query_;
  decision_request use_;
  reach whom_;
};

}  // namespace clientbook

#endif
