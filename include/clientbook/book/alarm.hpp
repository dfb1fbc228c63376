// Alarms: what whoever guards a book is told at once, because it may be a theft that uses rights
// which somebody has. The host is told first; then each is durable, with an entry of the ledger
// that names nobody, before anything is shown or handed over. Within begin() ... commit() it is
// durable with the commit or the rollback: whoever ends the process before that has left no alarm
// but what the host was told. But for canaries one alarm of an actor, kind, recipient and hour is
// enough: more are not raised, whatever the number of sessions and processes.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_ALARM_HPP
#define CLIENTBOOK_BOOK_ALARM_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/actor.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace clientbook {

enum class alarm_kind : std::uint8_t {
  canary = 1,      ///< Somebody looked at one (canary.hpp).
  budget_spent,    ///< Somebody asked for more customers or look-ups than their hour or day has.
  fan_out,         ///< More customers were passed on to one recipient within an hour than usual.
  quiet_hours,     ///< Somebody, no service, looked at customers while the shop is closed.
  limits_changed,  ///< Somebody has said anew from when on there is an alarm.
  wrong_proofs,    ///< Somebody has tried to prove a credential of an actor too often
                   ///< (credential.hpp).
};
/// `canary`, `budget_spent`, `fan_out`, `quiet_hours`, `limits_changed`, `wrong_proofs`.
std::string_view name_of(alarm_kind kind) noexcept;

struct security_alarm {
  timestamp at{};
  actor who{};
  customer_id customer{};  ///< Of a canary; none once it is erased.
  purpose_id purpose{};    ///< 0: a call that has none.
  alarm_kind kind = alarm_kind::canary;
  recipient_id recipient{};  ///< Of fan_out.
};

/// Minutes after midnight (UTC), below 1,440: from the one up to, not including, the other, over
/// midnight where it is later. Both equal: none.
struct quiet_time {
  std::uint16_t from = 0;
  std::uint16_t until = 0;

  friend bool operator==(const quiet_time&, const quiet_time&) = default;
};

/// From when on something is unusual. Set by who may set budgets.
struct alarm_settings {
  /// Customers passed on or exported to one recipient within an hour, whoever does it; each
  /// disclosure counts. 0: no such alarm, and nothing is counted. What customers are handed
  /// themselves counts for nothing.
  std::uint32_t customers_to_one_recipient = 20;
  quiet_time quiet{};

  friend bool operator==(const alarm_settings&, const alarm_settings&) = default;
};

/// What is to change of them, and what stays as it is.
struct alarm_changes {
  std::optional<std::uint32_t> customers_to_one_recipient{};
  std::optional<quiet_time> quiet{};
};

/// Told in the call that raises one, before it is written down; `raised` must not call the book.
/// Nobody: what alarms there were tells session::alarms().
struct alarm_listener {
  void (*raised)(void* context, const security_alarm& what) = nullptr;
  void* context = nullptr;  ///< Borrowed: it must live longer than every session of the book.
};

/// So many are kept by name, and beyond them the newest of whoever has raised most: nobody's are
/// pushed out by somebody else's. The ledger has an entry of each.
inline constexpr std::size_t max_alarms_kept = 1000;

}  // namespace clientbook

#endif
