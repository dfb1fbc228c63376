// What a scope covers in one book, and the tables that rules share.
//
// A denial and a grant cover differently (vocabulary.hpp): a denial everything below its terms, and
// the parties that a class has today; a grant only what flows down to it without a barrier, and the
// parties that the class had when the customer was asked. Relies on take_registry() and
// take_bases() having run.
#include <clientbook/model/categories.hpp>
#include <clientbook/model/terms.hpp>

#include <algorithm>
#include <cstring>
#include <new>

#include "compiler.hpp"
#include "on_behalf.hpp"

namespace clientbook::compiling {
namespace {

bool is_empty(const field_masks& masks) noexcept {
  return (masks[0] | masks[1] | masks[2] | masks[3]) == 0;
}

state::stored_obligations stored(const obligations& from) noexcept {
  return {.required = from.required.bits(),
          .mask = static_cast<std::uint8_t>(from.mask),
          .encrypt_for = from.encrypt_for.value,
          .expire_seconds = from.expire_seconds,
          .attach_notice = from.attach_notice.value,
          .contract = from.contract,
          .rate_count = from.rate_count,
          .rate_seconds = from.rate_seconds};
}

bool same(const state::stored_obligations& a, const state::stored_obligations& b) noexcept {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

}  // namespace

field_masks compiler::denied_masks(const category_set& categories) const noexcept {
  // The root covers everything.
  if (categories.contains(category::personal_data)) return has_;
  const category_set covered = covered_by_denial(categories);
  return masks_where([&](category_id each) { return covered.contains(each); });
}

recipient_set compiler::denied_recipients(const recipient_set& recipients) const noexcept {
  if (recipients.contains(recipient::any)) return known_recipients_;
  recipient_set out = covered_by_denial(recipients);
  for (const recipient_party& party : parties()) {
    if (out.contains(party.party_class)) out.add(party.id);
  }
  return out & known_recipients_;
}

purpose_set compiler::denied_purposes(const purpose_set& purposes) const noexcept {
  if (purposes.includes(all_purposes())) return all_purposes();
  return covered_by_denial(purposes);
}

// The members that a class had in a version of the registry.
recipient_set compiler::granted_recipients(const recipient_set& recipients,
                                           std::uint32_t shown) const noexcept {
  recipient_set out = covered_by_grant(recipients);
  recipient_set members;
  for (const recipient_party& party : parties()) {
    if (!out.contains(party.party_class) && !recipients.contains(party.id)) continue;
    if (party.added > shown) continue;
    members.add(party.id);
  }
  out &= all_recipient_classes();
  return (out | members) & known_recipients_;
}

rule compiler::denial_of(const consent_scope& scope) const noexcept {
  rule out;
  out.purposes = denied_purposes(scope.purposes);
  out.recipients = denied_recipients(scope.recipients);
  out.operations = covered_by_denial(scope.operations);
  out.masks = denied_masks(scope.categories);
  return out;
}

// What a directive closes. What the shop may not, nobody may for the shop; and who may not use
// something for the shop is not handed it either, though the shop may hand it to others.
std::array<rule, 2> compiler::denials_of(const directive& said) const noexcept {
  std::array<rule, 2> out;
  rule& own = out[0];
  own = denial_of(said.scope);
  recipient_set working;
  const bool ours = own.recipients.contains(recipient::self);
  for (const recipient_party& party : parties()) {
    const bool meant = ours || own.recipients.contains(party.id);
    if (meant && works_for_the_shop(party.party_class)) working.add(party.id);
  }
  working &= known_recipients_;
  own.recipients |= working;
  if (is_worked_with(own.operations) && !own.operations.includes(passed_on_by)) {
    out[1] = own;
    out[1].recipients = working;
    out[1].operations |= passed_on_by;
  }
  return out;
}

// What opens for the shop opens for those who work for it under a contract, of the parties that
// were there, where the law says so (its on-behalf table): they stand on the shop's ground and have
// none of their own. They get what they are to work with, so it may be passed to them.
rule compiler::on_behalf(rule own, std::uint32_t shown) const noexcept {
  const recipient_set with_us = on_behalf_of_shop(profile_);
  const bool ours = own.recipients.contains(recipient::self);
  own.recipients = recipient_set();
  for (const recipient_party& party : parties()) {
    if (ours && with_us.contains(party.party_class) && !party.contract.view().empty() &&
        party.added <= shown) {
      own.recipients.add(party.id);
    }
  }
  own.recipients &= known_recipients_;
  if (is_worked_with(own.operations)) own.operations |= passed_on_by;
  return own;
}

const reach_rule* compiler::reach_of(directive_kind kind, indicated_by by) const noexcept {
  for (const reach_rule& row : profile_.reaches) {
    if (row.kind != kind) continue;
    if (row.by == 0 || ((row.by >> static_cast<unsigned>(by)) & 1U) != 0) return &row;
  }
  return nullptr;
}

// What an event of that kind reaches of these purposes. Direct marketing has forms that the
// vocabulary keeps elsewhere: whoever speaks of it speaks of them.
purpose_set compiler::reached_purposes(const reach_rule& row, purpose_set said) const noexcept {
  if (said.contains(purpose::direct_marketing)) said |= covered_by_denial(row.direct_marketing);
  purpose_set out;
  for (std::size_t i = 0; i < by_basis_.size(); ++i) {
    if (((row.bases >> i) & 1U) != 0) out |= by_basis_[i] | environment_.once_based[i];
  }
  out |= covered_by_denial(row.always);
  return (out - covered_by_denial(row.except_purposes)) & said;
}

void compiler::limit_to_reach(rule& denial, const directive& said) const noexcept {
  if (const reach_rule* row = reach_of(said.kind, said.by)) {
    denial.purposes = reached_purposes(*row, denial.purposes);
    denial.operations -= row->except_operations;
    if (row->only_categories.empty()) return;
    const field_masks reached = denied_masks(row->only_categories);
    for (std::size_t i = 0; i < max_planes; ++i) denial.masks[i] &= reached[i];
  }
}

// Kept whole, also of what has begun or is over by `as_of`: the clock that says so may be wrong,
// and a state that had forgotten when would open, or lose a denial, once it is right again.
std::uint8_t compiler::interval_of(const directive& said) noexcept {
  interval held;
  if (said.not_before) held.from = said.not_before->seconds;
  // Said in the future: it opens nothing before.
  if (widens(said.kind) && said.event_at > as_of_) {
    held.from = std::max(held.from, said.event_at.seconds);
  }
  if (said.not_after) held.until = said.not_after->seconds;
  return interval_number(held);
}

std::uint8_t compiler::interval_number(const interval& held) noexcept {
  for (std::size_t i = 0; i < intervals_; ++i) {
    if (scratch_.intervals[i] == held) return static_cast<std::uint8_t>(i);
  }
  if (intervals_ == max_tables) {
    full_ = true;
    return 0;
  }
  scratch_.intervals[intervals_] = held;
  return static_cast<std::uint8_t>(intervals_++);
}

std::uint8_t compiler::obligations_of(const obligations& conditions) noexcept {
  const state::stored_obligations wanted = stored(conditions);
  for (std::size_t i = 0; i < obligations_; ++i) {
    if (same(scratch_.obligations[i], wanted)) return static_cast<std::uint8_t>(i);
  }
  if (obligations_ == max_tables) {
    full_ = true;
    return 0;
  }
  scratch_.obligations[obligations_] = wanted;
  return static_cast<std::uint8_t>(obligations_++);
}

void compiler::push(const rule& added) noexcept {
  if (added.purposes.empty() || added.recipients.empty() || added.operations.empty() ||
      is_empty(added.masks)) {
    return;
  }
  if (count_ == max_lines) drop_dead();
  if (count_ == max_lines) {
    full_ = true;
    return;
  }
  ::new (static_cast<void*>(rules() + count_)) rule(added);
  ++count_;
}

void compiler::drop_dead() noexcept {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (!rules()[i].dead) rules()[kept++] = rules()[i];
  }
  count_ = kept;
}

}  // namespace clientbook::compiling
