// Canaries, alarms, and what raises them: one sealed row, its version in the book row.
#ifndef CLIENTBOOK_BOOK_CANARY_STORE_HPP
#define CLIENTBOOK_BOOK_CANARY_STORE_HPP

#include <clientbook/book/alarm.hpp>
#include <clientbook/book/canary.hpp>

#include <span>
#include <vector>

#include "versioned_row.hpp"

namespace clientbook {

// Keeps which customers are canaries, the last alarms, and from when on the others are raised.
// The numbers are set by whoever sets budgets, alarms noted by the sessions that raise them
// (session_alarms.cpp). An erasure takes the number out of both and leaves the alarm; an alarm
// goes only when there are too many, and then the oldest of whoever has raised most.
class canary_store {
 public:
  explicit canary_store(book_core& core) noexcept
      : row_(core, {.table = storage::table::canaries,
                    .version = &book_row::canaries,
                    .key = "clientbook canaries",
                    .gone = "the row of canaries is gone: restore a copy"}) {}

  struct alarm {
    customer_no customer{};
    actor who{};
    purpose_id purpose{};
    timestamp at{};
    alarm_kind kind = alarm_kind::canary;
    recipient_id recipient{};
  };

  /// Ascending; valid until the next call. Errors of all: those of the store, row_missing,
  /// newer_format, invalid_encoding.
  result<std::span<const std::uint64_t>> all();
  result<bool> has(customer_no number);
  result<std::span<const alarm>> alarms();
  result<alarm_settings> limits();
  /// As has() has just found them.
  const alarm_settings& limits_read() const noexcept { return limits_; }
  /// Whether that was raised within its hour; of a canary each one is another.
  result<bool> knows(const alarm& one);

  /// Precondition of both: inside a change.
  result<void> set(std::vector<std::uint64_t> numbers);
  result<void> note(std::span<const alarm> more);
  result<void> limit(const alarm_settings& next);
  /// Of one who is erased no number stays. Damage is none of an erasure's. Precondition: inside a
  /// change.
  result<void> forget_customer(customer_no number);
  void forget() noexcept { row_.forget(); }

 private:
  result<void> follow();
  result<void> read(byte_view bytes);
  result<void> write();
  void make_room();
  void read_alarm(cbor::reader& from);
  void write_alarm(cbor::writer& to, const alarm& one) const;

  versioned_row row_;
  std::vector<std::uint64_t> numbers_;
  std::vector<alarm> alarms_;
  alarm_settings limits_;
};

}  // namespace clientbook

#endif
