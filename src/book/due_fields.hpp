// Which fields of a customer have outlived every purpose that they are kept for.
//
// Customers of one state whose fields are kept for the same purposes have the same answer, which is
// looked up once: a book is gone through in the time that its rows take.
#ifndef CLIENTBOOK_BOOK_DUE_FIELDS_HPP
#define CLIENTBOOK_BOOK_DUE_FIELDS_HPP

#include <map>

#include "session_state.hpp"

namespace clientbook {

class due_fields {
 public:
  struct answer {
    field_set due{};
    field_set present{};  ///< Purchases and notes among them.
  };

  /// As of what the session sees now, a change under way included.
  explicit due_fields(session_state& s) : due_fields(s, s.now()) {}
  /// The same as of a time to come, if nobody says anything before.
  due_fields(session_state& s, timestamp at)
      : s_(s), at_(at), current_(s.consent.outdated() == 0) {}

  /// Errors: those of the store and of what is read.
  result<answer> of(customer_no number, const manifest& entry);

 private:
  // For a map alone: sets that differ have a least number that one of them has.
  struct less_purposes {
    bool operator()(const purpose_set& a, const purpose_set& b) const noexcept;
  };
  result<field_set> had_for(customer_no number, const manifest& entry, const purpose_set& purposes);

  session_state& s_;
  timestamp at_;
  bool current_;  // No state is out of date: two customers of one state are alike.
  std::map<std::uint32_t, std::map<purpose_set, field_set, less_purposes>> answers_;
};

}  // namespace clientbook

#endif
