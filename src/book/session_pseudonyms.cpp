// Tokens back into values: for the privacy officer, who brings the key, and recorded before it
// answers.
#include "session_state.hpp"

namespace clientbook {

void session::set_token_reversal(const crypto::box_public_key& to) {
  state_->pseudonyms.set_reversal(to);
}

result<wiped_bytes> session::reverse_token(std::string_view token, field_id field,
                                           purpose_id purpose, const reversal_key& reversal) try {
  session_state& s = *state_;
  if (s.explicit_change) {
    return error{errc::invalid_state, "a reversal is a transaction of its own: commit first"};
  }
  if (auto seen = s.look(action::reverse, purpose); !seen) return seen.error();
  const auto definition = s.core->fields().find(field);
  if (!definition) return error{errc::unknown_field, "no such field", field.value};
  if (auto ready = s.pseudonyms.ready(*s.core); !ready) return ready.error();

  struct writing {
    session_state& state;
    purpose_id purpose;
  } context{s, purpose};
  const reversal_audit audit{
      .record = [](void* given, const pseudonym_scope&) noexcept -> result<void> {
        const writing& to = *static_cast<writing*>(given);
        return to.state.change(to.state.ask(action::reverse, to.purpose), [&]() -> result<void> {
          const auto entry = to.state.ledger.append(
              {.type = ledger_event::reversal, .purpose = to.purpose, .count = 1}, {},
              to.state.who.id, to.state.now(), std::nullopt);
          if (!entry) return entry.error();
          return {};
        });
      },
      .context = &context};
  wiped_bytes out(max_token_value);
  const auto value =
      clientbook::reverse_token(token, s.pseudonyms.key(), reversal,
                                s.pseudonyms.scope(definition->key, purpose), audit, out);
  if (!value) return value.error();
  out.resize(value->size());
  return out;
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
