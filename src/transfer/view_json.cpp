// States and reasons around what write_value() makes of each value.
#include <clientbook/internal/base/out_of_memory.hpp>
#include <clientbook/internal/model/cbor.hpp>
#include <clientbook/model/validate.hpp>
#include <clientbook/transfer/view_json.hpp>

#include "value_text.hpp"

namespace clientbook {
namespace {

using transfer::json_text;
using transfer::value_form;

// The code of each stage that has only one; none for a stage of several (evaluate.hpp).
constexpr std::array<decision_code, consent_stages> codes_of_stages = {
    decision_code::none,
    decision_code::legal_prohibition,
    decision_code::none,
    decision_code::withdrawn,
    decision_code::denied_by,
    decision_code::granted_by,
    decision_code::basis,
    decision_code::no_basis,
    decision_code::obligation_unsupported};

decision_code code_of(const record_decision& decision, field_id field) noexcept {
  for (std::size_t stage = 0; stage < consent_stages; ++stage) {
    if (decision.decided[stage].has(field)) return codes_of_stages[stage];
  }
  return decision_code::none;
}

result<void> write_field(json_text& out, const view& seen, const field_definition& field,
                         decision_code why) {
  const field_state state = seen.state(field.number);
  out.name(field.key);
  out.begin_object();
  out.name("state");
  out.string(name_of(state));
  const byte_view value = seen.record().raw(field.number);
  if (!value.empty()) {
    if (!cbor::check(value)) {
      return error{errc::invalid_encoding, "a value is not as the format says", field.number.value};
    }
    out.name("value");
    write_value(out, field.type, value, value_form::shown);
  }
  if (const std::size_t left_out = seen.left_out(field.number); left_out != 0) {
    // E-mail addresses, numbers or addresses of which the customer spoke alone.
    out.name("left_out");
    out.integer(static_cast<std::int64_t>(left_out));
  }
  if (state == field_state::withheld) {
    out.name("why");
    out.string(name_of(why));
  }
  out.end_object();
  return {};
}

// `request` gives what the view was made for; it is seldom needed.
template <class Request>
result<view_reasons> reasons(session& from, const view& seen, Request&& request) {
  view_reasons out{};
  for (const field_id field : seen.asked()) {
    if (!from.fields().contains(field)) continue;
    decision_code& why = out[field.value];
    why = code_of(seen.decision(), field);
    if (why != decision_code::none) continue;
    const auto told = from.explain(seen.id(), request(), field);
    if (!told) return told.error();
    why = told->code;
  }
  return out;
}

}  // namespace

std::string_view name_of(field_state state) noexcept {
  switch (state) {
    case field_state::not_asked:
      return "not asked";
    case field_state::absent:
      return "absent";
    case field_state::shown:
      return "shown";
    case field_state::redacted:
      return "redacted";
    case field_state::withheld:
      return "withheld";
  }
  return {};
}

result<view_reasons> reasons_of(session& from, const view& seen, const decision_request& as) try {
  return reasons(from, seen, [&]() -> const decision_request& { return as; });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<view_reasons> reasons_of(session& from, const view& seen, purpose_id purpose) try {
  return reasons(from, seen, [&] { return from.request(purpose); });
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_text> view_to_json(const view& seen, const schema& fields,
                                const view_reasons& reasons) try {
  json_text out;
  out.begin_object();
  out.name("customer");
  out.hex(seen.id().bytes);
  out.name("fields");
  out.begin_object();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const field_definition field = fields.at(i);
    if (seen.state(field.number) == field_state::not_asked || is_item(field.type)) continue;
    if (auto done = write_field(out, seen, field, reasons[field.number.value]); !done) {
      return done.error();
    }
  }
  out.end_object();
  out.end_object();
  return out.take();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_text> items_to_json(const item_list& seen, field_type type) try {
  json_text out;
  out.begin_object();
  out.name("state");
  out.string(name_of(seen.state()));
  if (seen.state() != field_state::withheld) {
    out.name("value");
    out.begin_array();
    for (const item_list::item& one : seen.items()) {
      if (auto whole = cbor::check(one.value); !whole) return whole.error();
      write_value(out, type, one.value, value_form::shown);
    }
    out.end_array();
  }
  out.end_object();
  return out.take();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

result<wiped_text> shown_to_json(field_type type, byte_view value) try {
  if (auto whole = cbor::check(value); !whole) return whole.error();
  json_text out;
  write_value(out, type, value, value_form::shown);
  return out.take();
} catch (const std::bad_alloc&) {
  return not_enough_memory;
}

std::string amount_text(std::int64_t minor, std::string_view currency) {
  const unsigned places = minor_units(currency).value_or(0);
  const bool negative = minor < 0;
  std::string digits = std::to_string(negative ? 0U - static_cast<std::uint64_t>(minor)
                                               : static_cast<std::uint64_t>(minor));
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places != 0) digits.insert(digits.size() - places, 1, '.');
  return negative ? "-" + digits : digits;
}

}  // namespace clientbook
