// What a word has opened and closed: the cells of a customer before it and after.
#include "session_state.hpp"

namespace clientbook {
namespace {

// What is open in a cell, and in which form.
struct open_cell : consent_cell {
  std::array<redaction_operator, max_fields> forms{};
  contact_limits contacts{};
};

// As a preview: classes that are somebody by themselves, and every party by name; and classes that
// what is said names, whether anybody is in them yet or not.
std::vector<recipient_id> asked_about(const recipient_registry& registry,
                                      const recipient_set& named) {
  recipient_set all{recipient::self,         recipient::store,
                    recipient::other_store,  recipient::head_office,
                    recipient::data_subject, recipient::representative_of_subject};
  named.for_each([&](recipient_id each) {
    if (!is_party(each) && each != recipient::any) all.add(each);
  });
  for (const recipient_party& party : registry.parties()) {
    if (party.removed == 0) all.add(party.id);
  }
  std::vector<recipient_id> out;
  all.for_each([&](recipient_id each) { out.push_back(each); });
  return out;
}

// Everything that those may do with this customer's fields now.
result<std::vector<open_cell>> open_cells(session_state& s, customer_no number,
                                          const manifest& entry, const recipient_set& classes) {
  const std::vector<recipient_id> recipients = asked_about(s.consent.registry(), classes);
  std::vector<open_cell> out;
  std::optional<error> failed;
  const auto named = s.consent.contacts_told_apart(number, entry, s.clock_now());
  if (!named) return named.error();
  all_purposes().for_each([&](purpose_id purpose) {
    decision_request request = s.consent.reading(purpose, s.clock_now());
    for (const recipient_id to : recipients) {
      request.recipient = to;
      all_operations.for_each([&](operation_id operation) {
        if (failed) return;
        request.operation = operation;
        const auto decided = s.consent.decide(number, entry, request, *named);
        if (!decided) {
          failed = decided.error();
        } else if (const record_decision& made = decided->decision; !made.permitted.empty()) {
          contact_limits contacts = decided->permit.contacts();
          if (contacts.empty()) contacts.others = made.permitted;
          out.push_back(
              {{to, purpose, operation, made.permitted}, made.operators, std::move(contacts)});
        }
      });
    }
  });
  if (failed) return *failed;
  return out;
}

// Whether one contact point of that field is open here and not there.
bool opens_beyond(const contact_limits& more, const contact_limits& less, field_id field) {
  if (more.others.has(field) && !less.others.has(field)) return true;
  for (const contact_limits* each : {&more, &less}) {
    for (const contact_limits::rule& one : each->named) {
      if (one.which.field == field && more.opens(one.which) && !less.opens(one.which)) return true;
    }
  }
  return false;
}

// Fields that `more` shows and `less` does not, or in a form that hides more.
field_set shown_beyond(const open_cell& more, const open_cell& less) noexcept {
  field_set out = more.fields & ~less.fields;
  for (const field_id each : more.fields& less.fields) {
    if (more.forms[each.value] < less.forms[each.value]) out.add(each);
  }
  for (const field_id each : more.fields& less.fields& with_contact_points) {
    if (opens_beyond(more.contacts, less.contacts, each)) out.add(each);
  }
  return out;
}

// What `more` shows beyond `less`, by cell. Both are in the order of open_cells().
std::vector<consent_cell> beyond(const std::vector<open_cell>& more,
                                 const std::vector<open_cell>& less) {
  std::vector<consent_cell> out;
  auto other = less.begin();
  const auto place = [](const consent_cell& cell) {
    return std::array{cell.purpose.value, cell.recipient.value, cell.operation.value};
  };
  for (const open_cell& cell : more) {
    while (other != less.end() && place(*other) < place(cell)) ++other;
    consent_cell rest = cell;
    if (other != less.end() && place(*other) == place(cell)) {
      rest.fields = shown_beyond(cell, *other);
    }
    if (!rest.fields.empty()) out.push_back(rest);
  }
  return out;
}

}  // namespace

result<consent_effect> session_state::append_and_tell(const customer_id& id,
                                                      const recipient_set& named,
                                                      callback_ref<result<recorded>()> append) {
  const auto cells = [&]() -> result<std::vector<open_cell>> {
    const auto whose = number(id);
    if (!whose) return whose.error();
    const auto found = entry(*whose);
    if (!found) return found.error();
    return open_cells(*this, *whose, **found, named);
  };
  const auto before = cells();
  if (!before) return before.error();
  const auto done = append();
  if (!done) return done.error();
  const auto after = cells();
  if (!after) {
    broken = true;
    return after.error();
  }
  return consent_effect{.sequence = done->sequence,
                        .repeated = done->repeated,
                        .opened = beyond(*after, *before),
                        .closed = beyond(*before, *after),
                        .waiting = done->waiting,
                        .provisional = done->provisional,
                        .until = done->until};
}

result<consent_effect> session::record_and_tell(const customer_id& id,
                                                const directive& decided) try {
  session_state& s = *state_;
  if (const auto asked = s.asked_to_record(decided); !asked) return asked.error();
  if (auto counted = s.count_contacts(decided); !counted) return counted.error();
  return s.change_asking(
      [&] { return s.asked_to_record(decided); },
      [&]() -> result<consent_effect> {
        if (auto theirs = s.record_of(id, decided, session_state::record_tells::more); !theirs) {
          return theirs.error();
        }
        return s.append_and_tell(id, decided.scope.recipients,
                                 [&] { return s.append_directive(id, decided); });
      });
} catch (const std::bad_alloc&) {
  return state_->out_of_memory();
}

}  // namespace clientbook
