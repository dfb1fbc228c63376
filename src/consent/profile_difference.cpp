// What another law changes: every purpose, recipient and operation decided under both.
//
// Asked with all obligations discharged, since the question is what a law opens and not what this
// program can fulfil. Relies on states that differ in their profile alone.
#include <clientbook/consent/evaluate.hpp>
#include <clientbook/consent/profile_difference.hpp>

namespace clientbook {

result<profile_difference> compare_profiles(std::span<const directive> directives,
                                            const consent_environment& environment,
                                            const law_profile& after, const subject_facts& subject,
                                            timestamp now, preview_workspace& workspace,
                                            profile_change_sink& sink) noexcept {
  consent_environment other = environment;
  other.profile = &after;
  const auto before_bytes =
      compile(directives, environment, subject, now, workspace.compiling, workspace.before);
  if (!before_bytes) return before_bytes.error();
  const auto after_bytes =
      compile(directives, other, subject, now, workspace.compiling, workspace.after);
  if (!after_bytes) return after_bytes.error();
  const auto old_state = compiled_state_view::open(*before_bytes);
  const auto new_state = compiled_state_view::open(*after_bytes);
  if (!old_state) return old_state.error();
  if (!new_state) return new_state.error();
  const auto was = [&](const decision_request& asked) {
    return evaluate(*old_state, asked).permitted;
  };
  const auto is = [&](const decision_request& asked) {
    return evaluate(*new_state, asked).permitted;
  };
  return compare_decisions(was, is, environment.registry, now, sink);
}

profile_difference compare_decisions(permitted_fields before, permitted_fields after,
                                     const recipient_registry* registry, timestamp now,
                                     profile_change_sink& sink) noexcept {
  profile_difference out;
  decision_request request;
  request.now = now;
  request.discharges = obligation_set::of_bits(0xffff);
  const auto compare = [&](recipient_id to) {
    request.recipient = to;
    all_purposes().for_each([&](purpose_id purpose) {
      request.purpose = purpose;
      all_operations.for_each([&](operation_id operation) {
        request.operation = operation;
        const field_set was = before(request);
        const field_set is = after(request);
        if (was == is) return;
        out.opened += (is & ~was) ? 1U : 0U;
        out.closed += (was & ~is) ? 1U : 0U;
        sink.change({to, purpose, operation, is & ~was, was & ~is});
      });
    });
  };
  all_recipient_classes().for_each(compare);
  if (registry != nullptr) {
    for (const recipient_party& party : registry->parties()) {
      if (party.removed == 0) compare(party.id);
    }
  }
  return out;
}

}  // namespace clientbook
