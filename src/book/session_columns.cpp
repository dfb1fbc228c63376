// Values in tables of the host's own. They come out by the same decision, in the same forms and
// with the same traces as a record's: the opener reads the host's cells where it would read the
// row.
#include <clientbook/book/columns.hpp>
#include <clientbook/model/validate.hpp>

#include <array>

#include "session_state.hpp"

namespace clientbook {
namespace {

// While a call of this session reads, the row is the host's.
class beside_the_record {
 public:
  explicit beside_the_record(record_opener& opener) noexcept : opener_(opener) {}
  ~beside_the_record() { opener_.read_columns({}); }
  beside_the_record(const beside_the_record&) = delete;
  beside_the_record& operator=(const beside_the_record&) = delete;

 private:
  record_opener& opener_;
};

constexpr error not_ascending{errc::invalid_argument,
                              "columns are given once each, in the order of their fields"};

result<field_set> fields_of(std::span<const sealed_column> columns) {
  field_set out;
  int before = -1;
  for (const sealed_column& one : columns) {
    if (one.field.value >= max_fields || one.field.value <= before) return not_ascending;
    before = one.field.value;
    if (one.field == field::purchases || one.field == field::notes) {
      return error{errc::invalid_argument, "purchases and notes are no columns", one.field.value};
    }
    out.add(one.field);
  }
  if (out.empty()) return error{errc::invalid_argument, "no column is given"};
  return out;
}

}  // namespace

result<std::vector<std::byte>> session::seal_column(const customer_id& id, const field_value& value,
                                                    const kept_purposes& purposes) try {
  session_state& s = *state_;
  if (const auto keeps = s.keeps(); !keeps) return keeps.error();
  if (auto looked = s.look_again(); !looked) return looked.error();
  const auto asked = s.ask(action::keep, purposes, &id);
  if (!asked) return asked.error();
  const auto number = s.number(id);
  if (!number) return number.error();
  if (auto valid = validate(s.core->fields(), value.id, value.value); !valid) return valid.error();
  const auto found = s.entry(*number);
  if (!found) return found.error();
  const auto allowed = s.consent.may_keep(*number, **found, *asked, s.clock_now(), only(value.id));
  if (!allowed) return allowed.error();
  const auto again = s.entry(*number);  // the tree may have moved
  if (!again) return again.error();
  return s.opener.seal_column(*number, **again, value);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<view> session::read_columns(const customer_id& id, purpose_id purpose,
                                   std::span<const sealed_column> columns) try {
  const auto fields = fields_of(columns);
  if (!fields) return fields.error();
  const beside_the_record reading(state_->opener);
  state_->opener.read_columns(columns);
  return read(id, purpose, *fields);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<disclosure> session::disclose_columns(const customer_id& id, const disclosure_request& what,
                                             std::span<const sealed_column> columns) try {
  const auto fields = fields_of(columns);
  if (!fields) return fields.error();
  disclosure_request asked = what;
  if (asked.fields.empty()) asked.fields = *fields;
  if (!(asked.fields & ~*fields).empty()) {
    return error{errc::invalid_argument, "a field is to be disclosed of which there is no column"};
  }
  const beside_the_record reading(state_->opener);
  state_->opener.read_columns(columns);
  return disclose(id, asked);
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
