// Cases in the store: table 20. Row 0 says which are open and in which version, and its own
// version stands in the book row, so that no case comes back and none goes missing; a case that is
// closed stays as it was then.
#ifndef CLIENTBOOK_BOOK_CASE_STORE_HPP
#define CLIENTBOOK_BOOK_CASE_STORE_HPP

#include <clientbook/book/case.hpp>

#include <cstdint>
#include <vector>

#include "numbered_rows.hpp"

namespace clientbook {

// Keeps every case that was ever opened, and in memory those that are open. session_cases.cpp
// opens, confirms and closes them, the rights' requests open and close their own. A case opens
// nothing before it is in force and nothing after its end, in whatever order it was confirmed
// and closed; one that has ended is written once more at most, when the one customer whom it
// names is erased.
class case_store {
 public:
  explicit case_store(book_core& core) noexcept;

  /// Of a case that needs a second person and has none, before it counts as one that is in force
  /// by itself. `of` outlives this store.
  void ask_of_unconfirmed(bool (*ask)(const void* of, const case_record& one),
                          const void* of) noexcept {
    ask_ = ask;
    of_ = of;
  }
  /// Whether an open case of that kind, in force now, names the customer: one beside these. Errors:
  /// those of the store, row_missing, invalid_encoding.
  result<bool> covers(case_kind kind, const customer_id& whose, timestamp now,
                      std::span<const std::uint32_t> beside = {});
  /// Whether one of claims, tax or fraud that has not run out names the customer, confirmed or not.
  result<bool> holds(const customer_id& whose, timestamp now);
  /// Whether one of any kind but records, that has not run out, names the customer: somebody is at
  /// work on them.
  result<bool> needs(const customer_id& whose, timestamp now);
  /// Everybody whom one names, each once.
  result<std::vector<customer_id>> named(case_kind kind, timestamp now);

  /// All that there ever were, in their order. Errors: as covers().
  result<std::vector<case_record>> all();
  result<std::uint32_t> given();  ///< How many there ever were.
  /// Precondition of what writes: inside a change.
  result<std::uint32_t> open(case_record next);
  /// Errors: not_found (no open case of that number), second_person_required, already_exists.
  result<void> confirm(std::uint32_t number, actor_id by);
  /// Errors: not_found.
  result<void> close(std::uint32_t number, actor_id by, timestamp at);
  /// Ends a case that was opened for one customer alone, open or not, and forgets whom it named:
  /// they are erased. Errors: not_found.
  result<void> forget_customer(std::uint32_t number, actor_id by, timestamp at);
  /// What was read is not what holds any more.
  void forget() noexcept { rows_.forget(); }

 private:
  result<void> follow();
  bool counts(const case_record& one, timestamp now) const;
  result<case_record> read(std::uint32_t number);
  result<case_record*> find(std::uint32_t number);

  numbered_rows rows_;
  std::vector<case_record> open_;
  bool (*ask_)(const void*, const case_record&) = nullptr;
  const void* of_ = nullptr;
};

}  // namespace clientbook

#endif
