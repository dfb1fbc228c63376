// What the calls that pass data on share: what of a view goes into the ledger, and to whom.
#ifndef CLIENTBOOK_BOOK_DISCLOSING_HPP
#define CLIENTBOOK_BOOK_DISCLOSING_HPP

#include "session_state.hpp"

namespace clientbook {

// What of a decision goes into the ledger: fields, and the form they left in.
inline std::size_t fields_of(const view& content, const manifest& entry,
                             std::array<ledger::disclosed_field, max_fields>& out) noexcept {
  std::size_t count = 0;
  for (const field_value& one : content.record().fields()) {
    const bool masked = content.state(one.id) == field_state::redacted;
    out[count++] = {.field = one.id,
                    .version = entry.version,
                    .redaction = masked ? content.decision().operators[one.id.value]
                                        : redaction_operator::none};
  }
  return count;
}

// Until when a recipient may keep it, where the permit says for how long (obligation::expire).
inline std::optional<timestamp> kept_until(const record_decision& decision,
                                           timestamp now) noexcept {
  if (!decision.required.required.contains(obligation::expire)) return std::nullopt;
  return timestamp{now.seconds + std::int64_t{decision.required.expire_seconds}};
}

inline recipient_id class_of(const recipient_registry& registry, recipient_id id) {
  if (!is_party(id)) return id;
  const auto party = registry.find(id);
  return party ? party->party_class : recipient_id();
}

}  // namespace clientbook

#endif
