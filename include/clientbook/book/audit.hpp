// Audit events: what happens in a book, as it happens, for the host's own log.
//
// The book keeps its own evidence, sealed and complete: the ledger (ledger/disclosure_entry.hpp),
// traces of who looked (trace.hpp), alarms (alarm.hpp). These events tell the same to whoever runs
// the book at once: numbers, ids and reasons, and nothing of what a field holds.
//
// A look is told before anything is shown; one that then fails was told all the same. An entry of
// the ledger is told once it is durable, an alarm when it is raised.
//
// Thread safety: values. A listener is called by every thread that has a session, in its call.
#ifndef CLIENTBOOK_BOOK_AUDIT_HPP
#define CLIENTBOOK_BOOK_AUDIT_HPP

#include <clientbook/base/field_set.hpp>
#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/actor.hpp>
#include <clientbook/book/alarm.hpp>
#include <clientbook/book/trace.hpp>
#include <clientbook/ledger/disclosure_entry.hpp>

#include <cstdint>
#include <string_view>

namespace clientbook {

/// Append, never renumber: hosts keep them in their logs.
enum class audit_kind : std::uint8_t { look = 1, entry = 2, alarm = 3 };
/// `look`, `entry`, `alarm`.
[[nodiscard]] std::string_view name_of(audit_kind kind) noexcept;

/// Members that an event of its kind does not have are empty.
struct audit_event {
  audit_kind kind = audit_kind::look;
  timestamp at{};
  actor who{};
  /// Zeros: nobody by name (a list is a range of customers; an entry about the book).
  customer_id customer{};
  purpose_id purpose{};  ///< 0: a call that has none.

  look_kind look = look_kind::read;  ///< Of a look,
  field_set fields{};                ///< what was asked for,
  std::uint64_t customers = 0;       ///< and of how many; 0: a look-up that found nobody.

  ledger_event event = ledger_event::disclosure;  ///< Of an entry,
  std::uint64_t ledger_index = 0;                 ///< its place,
  entry_id entry{};                               ///< its id;
  recipient_id recipient_class{};                 ///< 0: none.

  alarm_kind alarm = alarm_kind::canary;  ///< Of an alarm;
  recipient_id recipient{};               ///< of fan_out.
};

/// `heard` must not call the book, must not throw, and is quick: who reads waits for it. Nobody:
/// nothing is told. `context` is borrowed: it must live longer than every session of the book.
struct audit_listener {
  void (*heard)(void* context, const audit_event& what) = nullptr;
  void* context = nullptr;
};

}  // namespace clientbook

#endif
