// What may be kept of a customer, and for which purposes.
#include "consent_store.hpp"

#include <clientbook/consent/shop_consent.hpp>

#include <bit>

namespace clientbook {
namespace {

// Of two answers to one question the one that says more: what the customer said, what the law
// forbids, that nobody has permitted it.
int tells(decision_code code) noexcept {
  switch (code) {
    case decision_code::restricted:
    case decision_code::objected:
    case decision_code::withdrawn:
    case decision_code::denied_by:
      return 3;
    case decision_code::no_basis:
      return 2;
    case decision_code::legal_prohibition:
      return 1;
    default:
      return 0;
  }
}

// The code of a denial by its stage, where that says it.
decision_code code_of(const record_decision& decision, field_id field) noexcept {
  constexpr std::pair<std::size_t, decision_code> stages[] = {{1, decision_code::legal_prohibition},
                                                              {3, decision_code::withdrawn},
                                                              {4, decision_code::denied_by},
                                                              {7, decision_code::no_basis}};
  for (const auto& [stage, code] : stages) {
    if (decision.decided[stage].has(field)) return code;
  }
  return decision_code::none;
}

}  // namespace

purpose_set consent_store::shop_purposes() const noexcept {
  purpose_set out;
  const auto& words = core_.row().purposes;
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (std::uint64_t left = words[i]; left != 0; left &= left - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(left));
      out.add(purpose_id(static_cast<std::uint8_t>(i * 64 + bit)));
    }
  }
  // A book from before it was asked at init.
  return out.empty() ? usual_collection() : out;
}

consent_store::keeping consent_store::keeping_under(const known_state& said,
                                                    const kept_purposes& purposes, operation_id how,
                                                    timestamp now, field_set asked) {
  const purpose_set each = purposes.named() ? purposes.all() : shop_purposes();
  decision_request as = reading(purpose_id(), now);
  as.operation = how;
  as = with_discharges(as);
  for (const judged& one : judged_) {
    if (one.asked == asked && one.as.now == as.now && one.as.operation == how &&
        one.as.clock == as.clock && one.as.discharges == as.discharges && one.purposes == each &&
        same_bytes(one.state, said.bytes())) {
      return one.answer;
    }
  }
  // Whole, or not at all: memory may run out in between.
  judged fresh{.state = {said.bytes().begin(), said.bytes().end()},
               .purposes = each,
               .as = as,
               .asked = asked,
               .answer = judge_keeping(said, each, as, asked)};
  return (judged_[next_judged_++ % judged_.size()] = std::move(fresh)).answer;
}

consent_store::keeping consent_store::judge_keeping(const known_state& said,
                                                    const purpose_set& purposes,
                                                    const decision_request& as,
                                                    field_set asked) const {
  keeping out;
  purposes.for_each([&](purpose_id purpose) {
    decision_request request = as;
    request.purpose = purpose;
    const record_decision decision = said.decide(request);
    out.permitted |= decision.permitted;
    if (!(decision.permitted & asked).empty()) {
      out.purposes.emplace_back(purpose, decision.permitted & asked);
    }
    for (const field_id field : asked & ~out.permitted) {
      decision_code code = code_of(decision, field);
      if (code == decision_code::none) code = said.explain(request, field).code;
      decision_code& told = out.why_not[field.value];
      if (told == decision_code::none || tells(code) > tells(told)) told = code;
    }
  });
  for (const field_id field : out.permitted) out.why_not[field.value] = decision_code::none;
  return out;
}

result<consent_store::keeping> consent_store::keeping_of(customer_no number, const manifest& entry,
                                                         const kept_purposes& purposes,
                                                         operation_id how, timestamp now,
                                                         field_set asked) {
  const auto known = state_of(number, entry, now);
  if (!known) return known.error();
  return keeping_under(**known, purposes, how, now, asked);
}

constexpr literal not_kept = "neither the customer nor the law permits to keep this field";

result<consent_store::keeping> consent_store::may_keep(customer_no number, const manifest& entry,
                                                       const kept_purposes& purposes, timestamp now,
                                                       field_set fields) {
  auto kept = keeping_of(number, entry, purposes, operation::collect, now, fields);
  if (!kept) return kept;
  const field_set refused = fields & ~kept->permitted;
  if (refused) return error{errc::no_basis, not_kept, (*refused.begin()).value};
  return kept;
}

// Whatever was withdrawn, a wrong value is corrected at the customer's wish (GDPR 16), for which no
// profile has a basis to collect. What was not there is completed where the shop has one.
result<consent_store::correction> consent_store::may_update(customer_no number,
                                                            const manifest& entry,
                                                            const kept_purposes& purposes,
                                                            timestamp now, field_set fields) {
  auto kept = keeping_of(number, entry, purposes, operation::collect, now, fields);
  if (!kept) return kept.error();
  correction out{.kept = std::move(*kept)};
  out.replaced = fields & ~out.kept.permitted;
  if (out.replaced.empty()) return out;
  const error collected{errc::no_basis, not_kept, (*out.replaced.begin()).value};
  const auto altered = keeping_of(number, entry, purposes, operation::alter, now, fields);
  if (!altered) return altered.error();
  if (fields & ~altered->permitted) return collected;
  if (!purposes.all().contains(purpose::rights_fulfilment)) return out;
  auto completed =
      keeping_of(number, entry, shop_purposes(), operation::collect, now, out.replaced);
  if (!completed) return completed.error();
  out.completed = std::move(*completed);
  return out;
}

}  // namespace clientbook
