// What opens a root cell, as JSON; nothing secret.
//
// Thread safety: pure functions.
#ifndef CLIENTBOOK_TRANSFER_KEY_SLOTS_JSON_HPP
#define CLIENTBOOK_TRANSFER_KEY_SLOTS_JSON_HPP

#include <clientbook/adapters/key_slots.hpp>

#include <string>

namespace clientbook {

/// `{"sealed", "renewal_due", "slots": [{"number", "kind", "label", "added", "proven", "recipient",
/// "stretch_mib", "stretch_passes"}]}`; the recipient only of one, the last two of a passphrase.
result<std::string> key_slots_to_json(const cell_look& seen);

}  // namespace clientbook

#endif
