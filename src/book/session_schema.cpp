// The fields of a book, and how more of them are added.
#include "session_state.hpp"

namespace clientbook {

const schema& session::fields() const noexcept { return state_->core->fields(); }

namespace {

result<void> put_schema(session_state& s, const schema& fields) {
  if (auto replaced = s.core->replace_schema(fields); !replaced) return replaced;
  s.consent.fields_changed(s.clock_now());
  return {};
}

}  // namespace

result<void> session::extend_schema(const schema& fields) try {
  session_state& s = *state_;
  return s.change(action::administer, [&]() -> result<void> {
    const schema& now = s.core->fields();
    for (std::size_t i = 0; i < now.size(); ++i) {
      const field_definition before = now.at(i);
      const auto after = fields.find(before.number);
      if (!after || after->key != before.key || after->type != before.type ||
          after->count != before.count || after->categories != before.categories) {
        return error{errc::invalid_argument, "a field of the book's schema may not change or go",
                     before.number.value};
      }
    }
    if (fields.version <= now.version) {
      return error{errc::invalid_argument, "the schema needs a higher version", now.version.value};
    }
    return put_schema(s, fields);
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

result<field_set> session::add_built_in_fields() try {
  session_state& s = *state_;
  if (auto seen = s.look(action::administer); !seen) return seen.error();
  const auto whole = with_built_in(s.core->fields());
  if (!whole) return whole.error();
  if (whole->size() == s.core->fields().size()) return field_set{};
  return s.change(action::administer, [&]() -> result<field_set> {
    // Somebody else may have brought them in before this change began.
    const schema before = s.core->fields();
    auto wider = with_built_in(before);
    if (!wider) return wider.error();
    field_set added;
    for (std::size_t i = 0; i < wider->size(); ++i) {
      const field_id number = wider->at(i).number;
      if (!before.contains(number)) added.add(number);
    }
    if (added.empty()) return added;
    wider->version = schema_version(before.version.value + 1);
    if (auto put = put_schema(s, *wider); !put) return put.error();
    return added;
  });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
