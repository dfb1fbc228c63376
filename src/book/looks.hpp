// What a session has looked at and not written down yet, and what it has drawn of its actor's
// budget. docs/actors.md tells the order in which what becomes durable.
#ifndef CLIENTBOOK_BOOK_LOOKS_HPP
#define CLIENTBOOK_BOOK_LOOKS_HPP

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "budget_store.hpp"
#include "canary_store.hpp"
#include "trace_store.hpp"

namespace clientbook {

// In memory alone, and lost with the process: so whatever must not be lost was durable before
// anything was shown (a block of the budget, an associate's or manager's first look on a day, a
// canary's alarm), and what is here only adds how often. session_looks.cpp fills it and writes
// it down; counts of an hour end with it.
struct looks {
  struct one {
    trace_store::added what;
    std::int64_t day = -1'000'000;
    std::int64_t counted_in = -1'000'000'000;  ///< The hour in which the customer was counted last.
    field_set shown{};                         ///< By the look that goes on.
    bool pins = false;                         ///< In it the pinned notes were read too.
  };
  /// By customer and purpose: what every read looks up, once.
  std::unordered_map<std::uint64_t, one> pending;
  /// Lists, and what was looked at on the day before.
  std::vector<trace_store::added> others;
  budget_store::drawn left{};  ///< Drawn and not used,
  timestamp drawn_at{};        ///< in this hour.
  std::int64_t hour = 0;
  std::unordered_set<std::uint64_t> counted{};  ///< Customers, in this hour.
  /// Notes, of which customer, in which a value of the record was found, in this hour.
  std::unordered_set<std::uint64_t> answering{};
  std::unordered_set<std::uint64_t> tripped{};  ///< Canaries, in this hour.
  std::vector<canary_store::alarm> alarms{};    ///< Not written down yet.
  std::uint32_t told_kinds = 0;                 ///< Of alarms that were raised in this hour: bits.
  /// By recipient: customers whom the change under way passes on.
  std::unordered_map<std::uint8_t, std::uint64_t> passed_on{};
  /// From here on customers were put in by the change under way.
  std::uint64_t made_from = ~std::uint64_t{0};
  budget_store::settled done{};  ///< Since the row of budgets was written last.

  bool empty() const noexcept {
    return pending.empty() && others.empty() && alarms.empty() && passed_on.empty();
  }
  one& of(customer_no number, purpose_id why) { return pending[number.value << 8U | why.value]; }
};

}  // namespace clientbook

#endif
