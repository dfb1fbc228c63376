// Traces in the store: table 21. A row for each customer, day, actor and purpose lies under the
// customer's key; its double, without the customer, under the key of its month, an entry of the key
// tree behind the customers. The month's own row counts both, so that one that goes missing, is put
// back or is added shows.
#ifndef CLIENTBOOK_BOOK_TRACE_STORE_HPP
#define CLIENTBOOK_BOOK_TRACE_STORE_HPP

#include <clientbook/book/trace.hpp>
#include <clientbook/crypto/key_tree.hpp>

#include <optional>
#include <utility>
#include <vector>

#include <clientbook/internal/vault/book_core.hpp>

namespace clientbook {

/// Customers [from, until) that a list has handed out, or was about to.
struct listed_range {
  std::uint64_t from = 0;
  std::uint64_t until = 0;
};

// Written by session_looks.cpp, and by a restore that mends it. Row, double and the month's
// counts change in one transaction, in whatever order looks come; an erasure takes the
// customer's rows off the counts with their key, and the doubles stay without saying whom.
class trace_store {
 public:
  explicit trace_store(book_core& core) noexcept : core_(core) {}

  /// What is to be added to a row.
  struct added {
    customer_no customer{};  ///< 0: nobody's.
    actor_id actor{};
    role_set roles{};
    purpose_id purpose{};
    look_counts times{};
    field_set fields{};
    timestamp first{};
    timestamp last{};
    std::uint32_t not_found = 0;
    std::uint32_t customers = 0;  ///< Of a double: new ones.
    std::optional<listed_range> range{};
    std::optional<table_look> table{};
  };
  /// Precondition of what writes: inside a change. A customer who was erased has no row any more;
  /// their double is written.
  result<void> add(std::span<const added> all);
  /// A list ended before its range did. Precondition: add() with that range, under the same
  /// purpose.
  result<void> shorten(actor_id actor, purpose_id purpose, timestamp then, const listed_range& was,
                       std::uint64_t until);
  /// Whether, and when last, the actor has looked at the customer on that day.
  result<std::optional<timestamp>> last_look(customer_no customer, const manifest& own,
                                             actor_id actor, std::int64_t day);
  /// How many people, associates and managers, have looked at the customer on that day beside one.
  result<std::size_t> people_on(customer_no customer, const manifest& own, std::int64_t day,
                                actor_id beside);
  /// Precondition: inside a change, before the customer's key goes.
  result<void> erase(customer_no customer, const manifest& own);

  /// Who looked at a customer, oldest first; lists that reached them among it.
  result<std::vector<look>> looks_at(customer_no customer, const manifest& own);
  /// What an actor did from one day to another, both included.
  result<actor_report> report(actor_id actor, std::int64_t since, std::int64_t until);
  /// The lists among it, each with the customers that it went over.
  result<std::vector<std::pair<look, listed_range>>> lists_of(actor_id actor, std::int64_t since,
                                                              std::int64_t until);
  /// Opens everything. Errors: row_missing, version_mismatch (other counts than the months say).
  result<void> verify();
  /// After a restore: rows of whom the book has not go, the months count what is there, and months
  /// whose rows are lost begin anew. Precondition: inside a change.
  result<void> mend(std::span<const customer_no> lost_months, timestamp now);
  /// What is known of the months is not what holds any more.
  void forget() noexcept { months_.clear(); }

 private:
  struct row {
    look_counts times{};
    field_set fields{};
    timestamp first{};
    timestamp last{};
    std::uint32_t customers = 0;
    std::uint32_t not_found = 0;
    std::vector<listed_range> ranges{};
    role_set roles{};
    std::vector<table_look> tables{};  ///< Of its purpose.
  };
  struct month {
    std::uint32_t number = 0;
    std::int64_t since = 0;   ///< Days since 1970-01-01.
    std::uint64_t rows = 0;   ///< Of customers who are in the book.
    std::uint64_t looks = 0;  ///< In these.
    std::uint64_t doubles = 0;
    std::uint64_t doubled = 0;  ///< Looks in these.
  };
  struct place_of_row {
    customer_no customer{};
    std::int64_t day = 0;
    actor_id actor{};
    purpose_id purpose{};
  };

  static std::vector<std::byte> encode(const row& one);
  static result<row> decode(byte_view bytes);
  static std::uint64_t sum(const row& one) noexcept;
  book_core::place place_of(const place_of_row& at, const manifest& own) const noexcept;
  book_core::place month_place(std::uint32_t number, const manifest& own) const noexcept;
  result<const manifest*> key_of(std::uint32_t number);
  result<std::optional<row>> read(const place_of_row& at, const manifest& own);
  result<void> write_month(const month& one);
  result<void> read_months();
  result<void> begin_lost_months(std::span<const customer_no> lost, timestamp now);
  result<month*> month_of(std::int64_t day, bool make);
  result<void> add_one(const added& one, added& doubled);
  result<void> add_double(const added& one);
  result<bool> add_to(const place_of_row& at, const manifest& own, const added& one, month& of);
  /// Rows of a prefix: where they are, and what they say.
  template <class Each>
  result<void> each_row(byte_view prefix, Each&& each);
  template <class Each>
  result<void> each_double(Each&& each);

  book_core& core_;
  std::vector<month> months_;
  std::uint64_t generation_ = 0;
  private_bytes plain_;
};

}  // namespace clientbook

#endif
