// What a consent would open: the same evaluator, asked with and without it.
//
// No rule of its own: the grant is compiled as if it had been said last, and the difference between
// two states is shown. So a preview can be no kinder than the decisions that follow.
#include <clientbook/consent/preview.hpp>
#include <clientbook/internal/model/cbor.hpp>

#include <algorithm>

#include "hypothesis.hpp"
#include "on_behalf.hpp"

namespace clientbook {
namespace {

// Classes that are somebody by themselves; of all others the parties are listed by name.
constexpr recipient_id themselves[] = {
    recipient::self,        recipient::store,        recipient::other_store,
    recipient::head_office, recipient::data_subject, recipient::representative_of_subject};

}  // namespace

result<directive> said_hypothetically(const directive& grant, const privacy_notice& notice,
                                      std::span<const directive> before, timestamp now) noexcept {
  if (grant.kind != directive_kind::grant && grant.kind != directive_kind::renew) {
    return error{errc::wrong_type, "only a grant opens something"};
  }
  directive out = grant;
  out.notice = {notice.id, notice.version, notice.hash};
  for (const directive& each : before) {
    out.sequence = std::max(out.sequence, each.sequence + 1);
  }
  out.event_at = now;
  out.recorded_at = now;
  // An id of nobody else: only what it supersedes matters here.
  for (std::uint8_t seed = 1; out.id == directive_id{} ||
                              std::any_of(before.begin(), before.end(),
                                          [&](const directive& each) { return each.id == out.id; });
       ++seed) {
    out.id.bytes.fill(std::byte{seed});
  }
  return out;
}

std::size_t preview_between(permitted_fields before, permitted_fields after, const directive& added,
                            const privacy_notice& notice, const recipient_registry* registry,
                            timestamp now, clock_confidence clock, preview_sink& sink) noexcept {
  const purpose_set purposes = covered_by_grant(added.scope.purposes);
  // The grant opens nothing outside what it covers, except to pass it to those who work for the
  // shop.
  const operation_set operations = covered_by_grant(added.scope.operations) | passed_on_by;
  std::size_t count = 0;
  const auto show = [&](recipient_id to, const country_code& country, obligation_set discharged) {
    purposes.for_each([&](purpose_id purpose) {
      operations.for_each([&](operation_id operation) {
        decision_request request;
        request.purpose = purpose;
        request.recipient = to;
        request.operation = operation;
        request.now = now;
        request.clock = clock;
        request.discharges = discharged;
        const field_set opened = after(request) & ~before(request);
        if (opened.empty()) return;
        ++count;
        sink.cell({.recipient = to,
                   .purpose = purpose,
                   .operation = operation,
                   .fields = opened,
                   .country = country,
                   .retention_days = notice.retention_days});
      });
    });
  };
  // What a book and its contracts discharge where the fields will be opened.
  for (const recipient_id each : themselves) show(each, {}, discharged_by_book);
  if (registry != nullptr) {
    for (const recipient_party& party : registry->parties()) {
      if (party.removed != 0) continue;
      show(party.id, party.country, discharged_by_book | discharged_by_contract(party));
    }
  }
  return count;
}

result<std::size_t> preview_consent(std::span<const directive> directives,
                                    const directive& hypothetical, const privacy_notice& notice,
                                    const consent_environment& environment,
                                    const subject_facts& subject, timestamp now,
                                    clock_confidence clock, preview_workspace& workspace,
                                    preview_sink& sink) noexcept {
  privacy_notice draft = notice;
  if (draft.hash == consent_hash{}) draft.hash.fill(std::byte{0xff});
  const auto added = said_hypothetically(hypothetical, draft, directives, now);
  if (!added) return added.error();

  const auto before_bytes =
      compile(directives, environment, subject, now, workspace.compiling, workspace.before);
  if (!before_bytes) return before_bytes.error();
  const auto after_bytes = compile_with(directives, {&*added, &draft}, environment, subject, now,
                                        workspace.compiling, workspace.after);
  if (!after_bytes) return after_bytes.error();
  const auto before = compiled_state_view::open(*before_bytes);
  const auto after = compiled_state_view::open(*after_bytes);
  if (!before) return before.error();
  if (!after) return after.error();
  const auto was = [&](const decision_request& asked) {
    return evaluate(*before, asked).permitted;
  };
  const auto is = [&](const decision_request& asked) { return evaluate(*after, asked).permitted; };
  return preview_between(was, is, *added, draft, environment.registry, now, clock, sink);
}

result<byte_view> encode_cell(const preview_cell& cell, const recipient_registry* registry,
                              byte_span out) noexcept {
  std::string_view name;
  recipient_party party;
  if (is_party(cell.recipient)) {
    if (registry == nullptr) return error{errc::not_found, "no such recipient"};
    const auto found = registry->find(cell.recipient);
    if (!found) return error{errc::not_found, "no such recipient", cell.recipient.value};
    party = *found;
    name = party.name.view();
  }
  cbor::writer to(out);
  to.array(7);
  to.unsigned_integer(cell.recipient.value);
  to.text(name);
  to.unsigned_integer(cell.purpose.value);
  to.unsigned_integer(cell.operation.value);
  to.unsigned_integer(cell.fields.bits());
  const bool abroad = cell.country != country_code{};
  to.text(abroad ? std::string_view(cell.country.data(), cell.country.size()) : std::string_view());
  to.unsigned_integer(cell.retention_days);
  return to.finish();
}

}  // namespace clientbook
