// Traces: what actors have looked at, and how much more they may.
//
// Each read, preview, look-up, list, change and removal leaves a trace, aggregated by actor,
// customer, purpose and day: how often, which fields, when first and last. It is sealed twice:
// under the customer's key, so that they can be told who looked, and without the customer under the
// key of a period, so that an erasure keeps the count and loses the name. A list is traced as a
// range of customers, a table by its columns and k. docs/actors.md tells when a trace becomes
// durable, and what a kill can lose of it.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_TRACE_HPP
#define CLIENTBOOK_BOOK_TRACE_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/actor.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace clientbook {

/// Stored: append, never renumber.
enum class look_kind : std::uint8_t {
  read = 0,
  preview = 1,
  find = 2,
  list = 3,
  change = 4,
  remove = 5,
  search = 6,    ///< Whether others' notes speak of them, or what their own say of somebody.
  tabulate = 7,  ///< Counts of groups: nobody by name.
  consents = 8,  ///< What was said, what fields are kept for, and why.
  ledger = 9,    ///< What left, and its evidence.
};
inline constexpr std::size_t look_kinds = 10;

/// How often, by look_kind.
using look_counts = std::array<std::uint32_t, look_kinds>;

/// What one actor did with one customer under one purpose on one day.
struct look {
  actor_id actor{};
  role_set roles{};  ///< Acted in on that day; none: a trace that an older program wrote.
  date on{};
  purpose_id purpose{};  ///< 0: a look-up, which has none.
  look_counts times{};
  field_set fields{};  ///< Asked for, all of them together.
  timestamp first{};
  timestamp last{};
};

/// The same, and whose.
struct look_at_customer : look {
  customer_id customer{};
};

/// What one actor did on one day under one purpose, with customers who were erased since among
/// them.
struct day_of_looks : look {
  std::uint32_t customers = 0;  ///< Looked at by name, each once for that day and purpose.
  std::uint64_t listed = 0;     ///< Handed out by lists.
  std::uint32_t not_found = 0;  ///< Look-ups that found nobody.
};

/// A table that an actor has asked for, whatever came of it.
struct table_look {
  timestamp at{};
  purpose_id purpose{};
  field_set columns{};
  std::uint32_t k = 0;  ///< As it was asked for.
  friend bool operator==(const table_look&, const table_look&) = default;
};

/// The answer to "what did this actor see?".
struct actor_report {
  std::vector<day_of_looks> days{};
  std::vector<table_look> tables{};
  std::vector<look_at_customer> customers{};  ///< Who are still in the book.
  /// Customers that a session had drawn when its process ended in the middle: at most so many more
  /// were seen whom no trace names. Of the newest day alone.
  std::uint32_t unnamed = 0;
};

/// How much an actor has left.
struct budget_left {
  std::uint32_t customers_this_hour = 0;
  std::uint32_t customers_today = 0;
  std::uint32_t look_ups_this_hour = 0;
  std::uint32_t tables_this_month = 0;
};

/// "read", "preview", "find", "list", "change", "remove", "search", "tabulate", "consents",
/// "ledger"
[[nodiscard]] std::string_view name_of(look_kind kind) noexcept;

}  // namespace clientbook

#endif
