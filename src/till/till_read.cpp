// Reading: one decision, and of what it does not permit nothing is left in memory.
#include <algorithm>

#include "till_rows.hpp"

namespace clientbook {

// Values to the caller's room, as they are or in the form that the decision gives.
result<void> till::show(const head& of, const record_decision& decision, timestamp now,
                        byte_span room, till_view& out) noexcept {
  out = {};
  out.id = of.id;
  out.decision = decision;
  std::array<field_value, max_fields> fields;
  const auto all = decode_record(of.fields, fields);
  if (!all) return all.error();
  redaction_options options;
  options.text = policy_.texts;
  options.day.today = date_of(now);
  const byte_span whole = room;
  for (const field_value& one : *all) {
    if (!decision.permitted.has(one.id)) continue;
    const bool masked = decision.masked.has(one.id);
    byte_view value = one.value;
    if (masked) {
      const auto definition = policy_.fields->find(one.id);
      if (!definition) continue;
      const auto smaller =
          apply(decision.operators[one.id.value], definition->type, one.value, options, room);
      if (!smaller && smaller.error().code == errc::buffer_too_small) {
        wipe(whole);
        return error{errc::buffer_too_small, "the room for a view is too small",
                     whole.size() - room.size() + smaller.error().at};
      }
      if (!smaller || smaller->value.empty()) continue;  // On any doubt nothing is shown.
      value = smaller->value;
    } else if (value.size() > room.size()) {
      wipe(whole);
      return error{errc::buffer_too_small, "the room for a view is too small",
                   whole.size() - room.size() + of.fields.size()};
    } else {
      copy_bytes(room, value);
      value = byte_view(room).first(value.size());
    }
    (masked ? out.redacted : out.shown).add(one.id);
    out.fields[out.count++] = {one.id, value};
    room = room.subspan(value.size());
  }
  return {};
}

result<till_view> till::read(const customer_id& id, purpose_id purpose, timestamp now,
                             byte_span room, field_set fields) noexcept {
  const wiped_at_end afterwards(memory_);
  const auto known = find_customer(id);
  if (!known) return known.error();
  const auto state = state_of(*known, now);
  if (!state) return state.error();
  decision_request request = asking(purpose, now);
  request.fields = fields;
  till_view out;
  const auto shown = show(*known, decide(*state, request), now, room, out);
  if (!shown) return shown.error();
  return out;
}

result<void> till::purchases(
    const customer_id& id, purpose_id purpose, timestamp now,
    callback_ref<void(std::uint32_t sequence, byte_view value)> visit) noexcept {
  const wiped_at_end afterwards(memory_);
  const auto known = find_customer(id);
  if (!known) return known.error();
  const auto state = state_of(*known, now);
  if (!state) return state.error();
  decision_request request = asking(purpose, now);
  request.fields = only(field::purchases);
  const record_decision decision = decide(*state, request);
  const auto definition = policy_.fields->find(field::purchases);
  if (!decision.permitted.has(field::purchases) || !definition) {
    return error{errc::denied, "this purpose may not see purchases", field::purchases.value};
  }
  const bool masked = decision.masked.has(field::purchases);
  redaction_options options;
  options.text = policy_.texts;
  options.day.today = date_of(now);
  for (std::size_t i = 0; i < known->count(); ++i) {
    if (known->kind_of(i) != rows::kind::purchase) continue;
    const auto value = item_of(*known, i);
    if (!value) return value.error();
    const auto sequence = rows::get<std::uint32_t>(*value, 5);
    byte_view shown = value->subspan(rows::item_head);
    if (masked) {
      const auto smaller = apply(decision.operators[field::purchases.value], definition->type,
                                 shown, options, memory_.scratch);
      if (!smaller || smaller->value.empty()) continue;
      shown = smaller->value;
    }
    visit(sequence, shown);
  }
  return {};
}

result<explanation> till::explain(const customer_id& id, purpose_id purpose, field_id field,
                                  timestamp now) noexcept {
  const wiped_at_end afterwards(memory_);
  const auto known = find_customer(id);
  if (!known) return known.error();
  const auto state = state_of(*known, now);
  if (!state) return state.error();
  return clientbook::explain(*state, asking(purpose, now), field);
}

}  // namespace clientbook
