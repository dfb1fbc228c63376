// Audit events as JSON, one line each: what a host's log takes. No value of a record stands in any.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_AUDIT_JSON_HPP
#define CLIENTBOOK_TRANSFER_AUDIT_JSON_HPP

#include <clientbook/book/audit.hpp>

#include <string>

namespace clientbook {

/// `{"kind": "look", "at", "actor", "role", "purpose", "customer", "look": "read", "fields":
/// [keys], "customers"}`, of an entry `"event", "ledger_index", "entry", "recipient_class"`, of an
/// alarm
/// `"alarm", "recipient"`; what an event does not have is left out. A field of the shop's own is
/// `#` and its number.
std::string event_to_json(const audit_event& what);

}  // namespace clientbook

#endif
