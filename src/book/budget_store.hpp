// What actors have drawn of their budgets: one sealed row for all of them, its version in the book
// row, so that nobody's is put back. Drawn before use: what a process had drawn when it ended is
// gone for that hour and day.
#ifndef CLIENTBOOK_BOOK_BUDGET_STORE_HPP
#define CLIENTBOOK_BOOK_BUDGET_STORE_HPP

#include <clientbook/book/actor.hpp>
#include <clientbook/book/trace.hpp>

#include <vector>

#include "versioned_row.hpp"

namespace clientbook {

// Keeps, of each actor, what is drawn in the hour, day and month that a clock showed last.
// session_looks.cpp draws a block before the first look that it pays for and settles what was
// not used; only whoever may set budgets raises one. In whatever order sessions draw and settle:
// a count falls by nothing but a settlement of its own hour or day, and begins anew only with a
// later one.
class budget_store {
 public:
  explicit budget_store(book_core& core) noexcept
      : row_(core, {.table = storage::table::budget,
                    .version = &book_row::budgets,
                    .key = "clientbook budgets",
                    .gone = "the row of budgets is gone: restore a copy"}) {}

  /// An hour and a day, counted from 1970. A clock that was set back begins no new one.
  struct place_in_time {
    std::int64_t hour = 0;
    std::int64_t day = 0;
  };
  struct drawn {
    std::uint32_t customers = 0;
    std::uint32_t look_ups = 0;
  };

  /// Draws at most so much for what is counted in the hour and, of it, in the day. Precondition of
  /// what writes: inside a change.
  result<drawn> draw(const actor& who, timestamp now, const drawn& wanted);
  /// What was drawn in that hour and not used, or used for customers who were counted already.
  struct settled {
    drawn unused{};
    std::int64_t named = 0;         ///< Whom traces name by now.
    std::uint32_t again_today = 0;  ///< Of those used: counted for the day before.
  };
  result<void> settle(const actor& who, timestamp drawn_at, const settled& what);
  /// One table more in this month; false: there was none left. Precondition: inside a change.
  result<bool> draw_table(const actor& who, timestamp now);
  /// More for the rest of the day.
  result<void> raise(actor_id whose, timestamp now, std::uint32_t customers);
  result<budget_left> left(const actor& who, timestamp now);
  /// Drawn today and neither named nor given back.
  result<std::uint32_t> unnamed(actor_id whose);
  void forget() noexcept { row_.forget(); }

 private:
  struct entry {
    actor_id who{};
    std::int64_t day = 0;
    std::int64_t hour = 0;
    std::uint32_t customers_today = 0;
    std::uint32_t customers_this_hour = 0;
    std::uint32_t look_ups_this_hour = 0;
    std::uint32_t more_today = 0;
    std::uint32_t unnamed = 0;
    std::int64_t month = 0;  ///< Since year 0.
    std::uint32_t tables_this_month = 0;
  };

  result<void> follow();
  result<void> read(byte_view bytes);
  result<void> write();
  entry& of(actor_id who, timestamp now);
  const entry* find(actor_id who) const noexcept;
  static budget_left left_of(const entry& one, const budget& most) noexcept;

  versioned_row row_;
  std::vector<entry> entries_;
};

}  // namespace clientbook

#endif
