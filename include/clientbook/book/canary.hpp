// Canaries: customers whom nobody has a reason to look at, made up for that or chosen. Whoever
// reads one, finds it in a search, lists it or passes it on raises an alarm at once: it is durable
// before anything is shown, an entry of the ledger that names nobody, and told to the host. Within
// begin() ... commit() it is durable with the commit or the rollback: whoever ends the process
// before that has left no alarm but what the host was told.
//
// Thread safety: values.
#ifndef CLIENTBOOK_BOOK_CANARY_HPP
#define CLIENTBOOK_BOOK_CANARY_HPP

#include <clientbook/base/ids.hpp>
#include <clientbook/base/time.hpp>
#include <clientbook/book/actor.hpp>

#include <cstddef>

namespace clientbook {

struct canary_alarm {
  timestamp at{};
  actor who{};
  customer_id customer{};  ///< None once the customer is erased.
  purpose_id purpose{};    ///< 0: a call that has none.
};

/// Told in the call that trips, before it returns; `raised` must not call the book. Nobody: what
/// alarms there were tells session::alarms().
struct alarm_listener {
  void (*raised)(void* context, const canary_alarm& what) = nullptr;
  void* context = nullptr;  ///< Borrowed: it must live longer than every session of the book.
};

inline constexpr std::size_t max_canaries = 1000;
/// So many are kept by name, and beyond them the newest of whoever has raised most: nobody's are
/// pushed out by somebody else's. The ledger has an entry of each.
inline constexpr std::size_t max_alarms_kept = 1000;

}  // namespace clientbook

#endif
